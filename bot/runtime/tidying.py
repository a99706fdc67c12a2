"""Deletes unused uploads, and files that no record names.

Every replica does this at its start and once an hour; doing it twice is harmless. Nothing is
deleted during a hold, because after a restore the files of the last hours may still be wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from bot.runtime import hold
from bot.runtime.surroundings import Surroundings
from handlers import personal, uploads
from storage.unit import Database, Tx
from workflows.moments import DAY, HOUR, Moment
from workflows.ports import Files

log = structlog.stdlib.get_logger("closeloop.tidying")

EVERY = HOUR
STRAY_KEPT = DAY  # longer than any upload takes
_PAGE = 500


class UploadFound(Protocol):
    """A file in the folder of uploads."""

    @property
    def id(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def written(self) -> Moment: ...
    @property
    def part(self) -> bool: ...


class Folder(Files, Protocol):
    """The folder of uploads, as far as this module needs it."""

    async def listed(self) -> Sequence[UploadFound]: ...

    async def remove_part(self, place: str) -> None: ...


class Scrubbed(Protocol):
    """A database that can rewrite its files without erased content."""

    async def scrub(self) -> bool: ...


class Tidying:
    """Deletes unused uploads and unrecorded files."""

    def __init__(self, around: Surroundings, *, folder: Folder, scrubbed: Scrubbed) -> None:
        self._around = around
        self._folder = folder
        self._scrubbed = scrubbed
        self._next: Moment | None = None

    async def step(self) -> Moment | None:
        """Clean up if it is due and return when it is due again."""
        now = self._around.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        self._next = now + EVERY
        db = self._around.db
        if await db.read(hold.held):
            return self._next
        unused = await db.run(lambda tx: uploads.doom_unused(tx, now=now))
        removed = await uploads.remove_doomed(db, self._folder)
        strays = await self._remove_strays(now - STRAY_KEPT)
        if removed or strays:
            log.info("cleaned_up", uploads_unused=unused, files_removed=removed, strays=strays)
        if await db.read(personal.is_scrub_due):
            await scrub(db, self._scrubbed)
        return self._next

    async def _remove_strays(self, before: Moment) -> int:
        """Delete files without a record, and unfinished writes, that are older than `before`."""
        old = [found for found in await self._folder.listed() if found.written < before]
        parts = [found for found in old if found.part]
        for found in parts:
            await self._folder.remove_part(found.place)
        count, ids = len(parts), [found.id for found in old if found.id]
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            for file_id in await self._around.db.read(_unrecorded(page)):
                await self._folder.remove(file_id)
                count += 1
        return count


def _unrecorded(file_ids: Sequence[str]) -> Callable[[Tx], list[str]]:
    return lambda tx: sorted(set(file_ids) - tx.files.known(file_ids))


async def scrub(db: Database, scrubbed: Scrubbed) -> bool:
    """Rewrite the files of the database without erased content; return whether it could be done."""
    done = await scrubbed.scrub()
    if done:
        await db.run(personal.scrubbed)
    else:
        log.warning("scrub_postponed", hint="the database was busy: it is tried again in an hour")
    return done
