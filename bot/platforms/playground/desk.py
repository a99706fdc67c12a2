"""The use cases that the page of the playground calls, implemented by `bot/playground_desk.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from handlers.intents import Intent
from handlers.pages import Answer
from handlers.playground.drafts_page import PageDraft, PageDraftLine, PageDraftSaved, PageDraftSeen
from handlers.playground.page import PageCase, PageChat, PageHidden, PageMoved, PageWorld
from handlers.playground.rehearsal_page import PageBegun, PageRehearsal
from workflows.moments import Moment
from workflows.records import StoredFile


class RehearsalDesk(Protocol):
    """The use cases about rehearsals."""

    def committed(self) -> int:
        """Return the revision of the last stored change; later ones belong to a rehearsal."""
        ...

    async def rehearse(self, *, process: str) -> bool:
        """Start to rehearse a process; return False if a rehearsal is running, which goes on."""
        ...

    async def rehearse_draft(self, *, text: str, file: str, language: str) -> PageBegun:
        """Start to rehearse a draft; `flaws` are what prevents its publication."""
        ...

    async def rehearsal(self, *, language: str, part: str) -> PageRehearsal | None:
        """Return the rehearsal that was begun last; `part` is what is shown in detail."""
        ...

    async def stop_rehearsal(self) -> None:
        """Stop the rehearsal."""
        ...


class DraftsPort(Protocol):
    """The use cases about drafts in a folder, implemented by `bot/draft_folder.py`."""

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of the processes that are in force from the folder."""
        ...

    async def drafts(self, *, language: str) -> tuple[PageDraftLine, ...]:
        """Return the drafts of the folder."""
        ...

    async def draft(self, *, file: str) -> PageDraft | None:
        """Return the text of a draft, or None if there is no such file."""
        ...

    async def check(self, *, file: str, text: str, language: str) -> PageDraftSeen:
        """Return what is wrong with a text, and its diagram, without saving it."""
        ...

    async def save(self, *, file: str, text: str, mark: str) -> PageDraftSaved | None:
        """Save a draft; None if the file is not as it was when the text with `mark` was read."""
        ...


class PlaygroundPort(RehearsalDesk, Protocol):
    """All use cases of the page.

    The views are JSON objects as described in docs/reference/playground-api.md.
    """

    async def handle(self, intent: Intent) -> Answer:
        """Handle an intent and return its answer; never raises for a mistake of a person."""
        ...

    async def refill(
        self, *, person: str, token: str, values: Mapping[str, object], language: str
    ) -> Answer:
        """Return a form with these answers and the questions that follow from them."""
        ...

    async def upload(self, *, person: str, name: str, content: bytes) -> StoredFile:
        """Store an upload until a form uses it. Raises Refusal for a wrong size or type."""
        ...

    async def open_file(self, *, person: str, file_id: str) -> tuple[StoredFile, bytes]:
        """Return a file that the person may read. Raises Refusal."""
        ...

    async def world(self, *, language: str) -> PageWorld: ...

    async def chat(self, *, person: str, language: str) -> PageChat: ...

    async def case(self, *, case_id: str, person: str, language: str) -> PageCase | PageHidden: ...

    async def mark_read(self, *, person: str, case_id: str | None) -> None: ...

    async def move_clock(self, *, move: str, language: str) -> PageMoved: ...

    async def reset(self) -> None: ...

    async def load_year(self) -> None:
        """Fill the playground with a year of work. Raises Refusal if it has cases."""
        ...

    async def changed(self, *, after: int) -> int:
        """Wait for a change after this revision and return the new one."""
        ...

    def now(self) -> Moment: ...
