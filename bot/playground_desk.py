"""The desk of the playground: the same use cases as on other platforms.

In addition it has what only its page needs: everybody's chat, the clock, the reset. What a persona
says and the answer are stored in the playground's chat, as a platform would show them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import structlog

from bot.platforms.playground.as_json import file_json
from bot.playground_clock import PlaygroundClock, TimeMachine
from bot.playground_rehearsals import Rehearsals
from bot.revisions import Revisions
from bot.sample import offers
from handlers.conversation.case_desk import CaseDesk
from handlers.digests import told_of_days
from handlers.history import tell
from handlers.intents import Intent, Said
from handlers.office import Office
from handlers.pages import Answer, Tone
from handlers.playground.case import case_view
from handlers.playground.chat import chat_view
from handlers.playground.page import PageCase, PageChat, PageHidden, PageMoved, PageWorld
from handlers.playground.rehearsal import flaws_view
from handlers.playground.rehearsal_page import PageBegun, PageRehearsal
from handlers.playground.world import world_view
from handlers.reading.case import open_unchecked
from handlers.rehearsing import Rehearsing, open_draft, open_rehearsal
from handlers.rendering.jobs import Render, render_here
from storage.unit import Database, Tx
from workflows.errors import CloseloopError
from workflows.moments import Moment, iso
from workflows.ports import Files
from workflows.records import CaseQuery, ChatMessage

log = structlog.stdlib.get_logger("closeloop.playground")

MOST_HAPPENED = 50
MOST_CASES = 200


class StoredChat:
    """Stores the playground's chat; implements `bot.platforms.playground.client.ChatStore`."""

    def __init__(self, db: Database, clock: PlaygroundClock) -> None:
        self._db = db
        self._clock = clock

    async def add(self, message: ChatMessage) -> None:
        """Append a message."""
        await self._db.run(lambda tx: tx.chat.add(message))

    async def change(self, message_id: str, *, body: Mapping[str, Any], unread: bool) -> bool:
        """Change a message; return False when it does not exist."""
        at = self._clock.now()
        return await self._db.run(
            lambda tx: tx.chat.change(message_id, body=body, at=at, unread=unread)
        )


class PlaygroundDesk(CaseDesk):
    """Implements `bot.platforms.playground.desk.PlaygroundPort`."""

    def __init__(
        self,
        *,
        db: Database,
        files: Files,
        office: Office,
        clock: PlaygroundClock,
        machine: TimeMachine,
        revisions: Revisions,
        rehearsals: Rehearsals,
        begin_again: Callable[[], Awaitable[None]],
        load_year: Callable[[], Awaitable[None]],
        render: Render = render_here,
    ) -> None:
        super().__init__(db=db, files=files, office=office, render=render)
        self._clock = clock
        self._machine = machine
        self._revisions = revisions
        self._rehearsals = rehearsals
        self._begin_again = begin_again
        self._load_year = load_year

    # ------------------------------------------------------------------ what every platform asks

    async def handle(self, intent: Intent) -> Answer:
        """Handle an intent of a persona, and store what they said and saw in the chat.

        If the chat cannot be written, the answer is returned all the same.
        """
        answer = await super().handle(intent)
        if not isinstance(intent, Said) or answer.form is not None or answer.tone is Tone.WARN:
            return answer
        language = intent.language or "zh"
        said, *cards = self._conversation(intent, answer, language)
        try:
            await self._db.run(lambda tx: _keep(tx, [_with_files(tx, said, intent.files), *cards]))
        except CloseloopError as error:
            log.warning("chat_not_kept", exc_info=error)
            return answer
        return replace(answer, cards=())

    async def refill(
        self, *, person: str, token: str, values: Mapping[str, object], language: str
    ) -> Answer:
        """Return a form with these answers and the questions that follow from them."""
        return await self.refilled(
            person=person, via="playground", token=token, values=values, language=language
        )

    # ------------------------------------------------------------------ seeing everything

    async def world(self, *, language: str) -> PageWorld:
        """Return the simulated world: its time, its people, the next timer."""
        revision = self._revisions.current
        return await self._db.read(
            lambda tx: world_view(
                tx, self._office, language=language, revision=revision, offers=offers()
            )
        )

    async def chat(self, *, person: str, language: str) -> PageChat:
        """Return the chat of a persona."""
        return await self._db.read(
            lambda tx: chat_view(tx, self._office, person=person, language=language), by=person
        )

    async def case(self, *, case_id: str, person: str, language: str) -> PageCase | PageHidden:
        """Return a case as this persona may see it."""
        return await self._db.read(
            lambda tx: case_view(
                tx, self._office, case_id=case_id, person=person, language=language
            ),
            by=person,
        )

    async def mark_read(self, *, person: str, case_id: str | None) -> None:
        """Mark the persona's messages as read: all, or those of one case."""
        await self._db.run(lambda tx: tx.chat.read(person, case_id=case_id))

    async def changed(self, *, after: int) -> int:
        """Wait for a change after this revision and return the new one."""
        return await self._revisions.after(after)

    def committed(self) -> int:
        """Return the revision of the last stored change."""
        return self._revisions.committed

    # ------------------------------------------------------------------ rehearsals

    async def rehearse(self, *, process: str) -> bool:
        """Start to rehearse a process; return False if a rehearsal is running, which goes on."""
        if self._rehearsals.running:
            return False
        return self._rehearsals.begin(
            await self._db.read(lambda tx: open_rehearsal(tx, self._office, process=process))
        )

    async def rehearse_draft(self, *, text: str, file: str, language: str) -> PageBegun:
        """Start to rehearse a draft; `flaws` are the findings that prevent its publication."""
        opened = await self._db.read(lambda tx: open_draft(tx, self._office, text=text, file=file))
        if isinstance(opened, Rehearsing):
            return PageBegun(begun=self._rehearsals.begin(opened))
        return PageBegun(begun=False, flaws=flaws_view(opened, language=language))

    async def rehearsal(self, *, language: str, part: str) -> PageRehearsal | None:
        """Return the rehearsal that was begun last; `part` is what is shown in detail."""
        return await self._rehearsals.view(language=language, part=part)

    async def stop_rehearsal(self) -> None:
        """Stop the rehearsal."""
        await self._rehearsals.stop()

    # ------------------------------------------------------------------ time

    def now(self) -> Moment:
        """Return the current time in the playground."""
        return self._clock.now()

    async def move_clock(self, *, move: str, language: str) -> PageMoved:
        """Move the clock forward through everything that is due; return what happened."""
        before = self._clock.now()
        await self._machine.move(move)
        happened = await self._db.read(
            lambda tx: _happened(tx, self._office, since=before, language=language)
        )
        return PageMoved(now=iso(self._clock.now()), happened=tuple(happened))

    async def reset(self) -> None:
        """Delete all cases and reset the clock."""
        await self._begin_again()

    async def load_year(self) -> None:
        """Fill the playground with a year of work. Raises Refusal `sample_not_empty`."""
        await self._load_year()

    # ------------------------------------------------------------------ the chat

    def _conversation(self, said: Said, answer: Answer, language: str) -> Sequence[ChatMessage]:
        """Return what was said and the resulting cards, as messages that are read already."""
        name = hashlib.sha256(f"{said.person}\n{said.key}".encode()).hexdigest()[:30]
        now = self._clock.now()
        words = ChatMessage(
            id=f"s_{name}",
            person=said.person,
            author=said.person,
            case_id=said.case_id,
            body={"text": said.text},
            at=now,
            read=True,
        )
        cards = [
            ChatMessage(
                id=f"a_{name}_{number}",
                person=said.person,
                author="bot",
                case_id=card.case_id or said.case_id,
                body={"cards": {language: asdict(card)}},
                at=now,
                read=True,
            )
            for number, card in enumerate(answer.cards)
        ]
        return (words, *cards)


def _with_files(tx: Tx, message: ChatMessage, file_ids: Sequence[str]) -> ChatMessage:
    """Return the message with the public facts about its files."""
    known = [file for file in map(tx.files.get, file_ids) if file is not None]
    shown = [file_json(file) for file in known]
    return replace(message, body={**message.body, "files": shown}) if shown else message


def _keep(tx: Tx, messages: Sequence[ChatMessage]) -> None:
    """Append messages; those of a repeated delivery exist already."""
    for message in messages:
        if not tx.chat.change(message.id, body=message.body, at=message.at, unread=False):
            tx.chat.add(message)


def _happened(tx: Tx, office: Office, *, since: Moment, language: str) -> list[str]:
    """Return what timers did to the cases since the clock was moved, in order."""
    found = []
    for row in tx.cases.find(CaseQuery(limit=MOST_CASES)):
        reading = open_unchecked(tx, office, case_id=row.id, language=language)
        found += [(told.at, f"{row.id} {told.text}") for told in tell(reading) if told.at > since]
    found += told_of_days(tx, office, since=since, language=language)
    return [text for _, text in sorted(found)[:MOST_HAPPENED]]
