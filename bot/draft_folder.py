"""The drafts of `closeloop playground --processes DIR`: played, followed and edited.

Each `.toml` file in the folder is a draft. Those without errors are put in force, again whenever a
file changes; the errors of the others are printed and shown on the page. The page saves into this
folder only.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING

import structlog

from bot.findings import shown
from bot.published import definition_files, publish
from bot.whole_files import write_whole
from handlers.i18n import Translator
from handlers.i18n.sayings import told
from handlers.playground.drafts import draft_view
from handlers.playground.drafts_page import (
    PageDraft,
    PageDraftLine,
    PageDraftSaved,
    PageDraftSeen,
)
from workflows.errors import DefinitionError, Finding
from workflows.lint import check
from workflows.loading import load_definition

if TYPE_CHECKING:
    from bot.system import Pause
    from handlers.office import Office
    from storage.unit import Database, Tx

LOOK_S = 1.0  # seconds between two looks at the folder
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}\.toml")

log = structlog.stdlib.get_logger("closeloop.playground")

Signature = tuple[tuple[str, int, int], ...]  # name, time of change, size of each file


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it was read last."""

    file: str
    key: str
    name: Mapping[str, str]
    flaws: tuple[Finding, ...]
    version: int | None


class DraftFolder:
    """A folder of drafts; implements `bot.platforms.playground.desk.DraftsPort`."""

    def __init__(
        self,
        folder: Path,
        *,
        db: Database,
        office: Office,
        words: Translator,
        tell: Callable[[], None],
        say: Callable[[str], object] = sys.stderr.write,
    ) -> None:
        """Make it without having read anything.

        `tell` is called when there is something new to show, `say` with lines for the terminal.
        """
        self._folder = folder
        self._db = db
        self._office = office
        self._words = words
        self._tell = tell
        self._say = say
        self._drafts: dict[str, Draft] = {}
        self._known: Signature | None = None
        self._said: dict[str, tuple[tuple[Finding, ...], int | None]] = {}
        self._in_force: dict[str, tuple[int, str]] = {}  # the version and command of each file
        self._lock = asyncio.Lock()

    # ------------------------------------------------------------------ following

    async def follow(self, pause: Pause) -> None:
        """Look at the folder for ever, and take up what has changed."""
        while True:
            await pause(LOOK_S)
            await self.look()

    async def look(self) -> None:
        """Read the drafts if a file was changed, added or removed; put good ones in force."""
        async with self._lock:
            found = await asyncio.to_thread(self._signature)
            if found == self._known:
                return
            self._known = found
            texts = await asyncio.to_thread(self._texts)
            self._drafts = {name: await self._take(name, text) for name, text in texts.items()}
            self._report()
        self._tell()

    def _signature(self) -> Signature:
        found = []
        for path in definition_files(self._folder):
            try:
                stat = path.stat()
            except OSError:  # removed meanwhile
                continue
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def _texts(self) -> dict[str, str]:
        return {path.name: _read(path) for path in definition_files(self._folder)}

    async def _take(self, name: str, text: str) -> Draft:
        """Put a draft in force if nothing is wrong with it."""
        flaws = await self._flaws(name, text)
        version = None
        if not flaws:
            # Each save is put in force, so the version in force is always that of the file.
            loaded = replace(load_definition(text, file=self._shown(name)), based_on="")
            now = self._office.clock.now()
            try:
                done = await self._db.run(lambda tx: publish(tx, loaded, at=now))
                version = done.stored.version
            except DefinitionError as error:
                flaws = error.findings
            else:
                self._in_force[name] = (version, loaded.definition.command)
            names = loaded.definition.name
            return Draft(
                file=name,
                key=loaded.definition.key,
                name={"zh": names.zh, "en": names.en},
                flaws=flaws,
                version=version,
            )
        return Draft(file=name, key="", name={}, flaws=flaws, version=None)

    async def _flaws(self, name: str, text: str) -> tuple[Finding, ...]:
        def unit(tx: Tx) -> tuple[Finding, ...]:
            return check(
                text,
                file=self._shown(name),
                directory=self._office.directory(tx),
                calendars=self._office.calendar.names,
            )

        return await self._db.read(unit)

    def _shown(self, name: str) -> str:
        return shown(self._folder / name)

    def _report(self) -> None:
        """Print what is new: the errors of each draft, or that it is in force."""
        for name, one in self._drafts.items():
            if self._said.get(name) == (one.flaws, one.version):
                continue
            for flaw in one.flaws:
                problem, hint = (
                    told(text, words=self._words) for text in (flaw.problem, flaw.hint)
                )
                self._say(f"{replace(flaw, problem=problem, hint=hint)}\n")
            if one.flaws and name in self._in_force:
                version, _ = self._in_force[name]
                text = self._words.t(
                    "cli.playground.stays", file=self._shown(name), version=version
                )
                self._say(f"{text}\n")
            if not one.flaws:
                text = self._words.t(
                    "cli.playground.in_force", file=self._shown(name), version=one.version
                )
                self._say(f"{text}\n")
        self._said = {name: (one.flaws, one.version) for name, one in self._drafts.items()}

    # ------------------------------------------------------------------ the page

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of the processes that are in force from the folder."""
        return tuple(self._in_force[name][1] for name in self._drafts if name in self._in_force)

    async def drafts(self, *, language: str) -> tuple[PageDraftLine, ...]:
        """Return the drafts of the folder."""
        await self.look()
        return tuple(
            PageDraftLine(
                file=one.file,
                name=one.name.get(language, ""),
                flaws=len(one.flaws),
                version=one.version,
            )
            for one in self._drafts.values()
        )

    async def draft(self, *, file: str) -> PageDraft | None:
        """Return the text of a draft, or None if there is no such file."""
        path = self._path(file)
        if path is None or not path.is_file():
            return None
        text = await asyncio.to_thread(_read, path)
        return PageDraft(file=file, text=text, mark=_mark(text))

    async def check(self, *, file: str, text: str, language: str) -> PageDraftSeen:
        """Return what is wrong with a text, and its diagram, without saving it."""
        flaws = await self._flaws(file, text)
        return await asyncio.to_thread(
            lambda: draft_view(text, flaws, file=self._shown(file), language=language)
        )

    async def save(self, *, file: str, text: str, mark: str) -> PageDraftSaved | None:
        """Save a draft; None if the file is not as it was when the text with `mark` was read."""
        path = self._path(file)
        if path is None:
            return None
        async with self._lock:
            if not await asyncio.to_thread(_replace, path, text, mark):
                return None
        await self.look()
        one = self._drafts.get(file)
        flaws, version = (len(one.flaws), one.version) if one is not None else (0, None)
        return PageDraftSaved(mark=_mark(text), flaws=flaws, version=version)

    def _path(self, file: str) -> Path | None:
        """Return the path of a draft, or None for a name that leads elsewhere."""
        path = self._folder / file
        inside = path.resolve().parent == self._folder.resolve()
        return path if _NAME.fullmatch(file) and inside else None


def _read(path: Path) -> str:
    """Return the text of a file; what is not UTF-8 or cannot be read is found by the check."""
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        log.warning("draft_unreadable", file=path.name, why=error.strerror)
        return ""


def _replace(path: Path, text: str, mark: str) -> bool:
    """Write a file with its permissions; return False if it is not the one with this mark."""
    if not path.is_file() or _mark(_read(path)) != mark:
        return False
    write_whole(path, text.encode("utf-8"), mode=S_IMODE(path.stat().st_mode))
    return True


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
