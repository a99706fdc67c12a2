"""Checks uploads against their records, in pages, for the commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.cli.deployment import Deployment
from workflows.moments import HOUR

if TYPE_CHECKING:
    from storage.filesystem import FoundFile
    from storage.fsck import DifferencePage, RecordedFile

_NEW = HOUR  # what is being sent right now has no record yet
_PAGE = 500


async def check_bytes(it: Deployment, counts: dict[str, int]) -> AsyncIterator[DifferencePage]:
    """Yield the findings about every recorded upload and its bytes."""
    from bot.app.deployment import open_files
    from storage import fsck as kept

    folder, after = open_files(it.config.storage.files), ""
    while records := await _recorded(it, after):
        findings = []
        for record in records:
            try:
                found = await folder.digest(record.id)
            except FileNotFoundError:
                found = None
            finding = kept.check_file(record, found)
            if finding is not None and await _is_recorded(it, record):
                findings.append(finding)
        counts["files"] += len(records)
        yield kept.DifferencePage(findings=tuple(findings), after=None)
        after = records[-1].id


async def check_strays(it: Deployment) -> AsyncIterator[DifferencePage]:
    """Yield findings about files without a record and unfinished writes."""
    from bot.app.deployment import open_files
    from storage import fsck as kept

    before = it.office.clock.now() - _NEW
    listed = await open_files(it.config.storage.files).listed()
    old = [found for found in listed if found.written < before]
    for start in range(0, len(old), _PAGE):
        page = old[start : start + _PAGE]
        known = await _known(it, page)
        yield kept.DifferencePage(findings=tuple(kept.check_strays(page, known=known)), after=None)


async def _known(it: Deployment, page: list[FoundFile]) -> frozenset[str]:
    ids = [found.id for found in page if found.id]
    return await it.database.read(lambda tx: tx.files.known(ids))


async def _recorded(it: Deployment, after: str) -> tuple[RecordedFile, ...]:
    from storage.fsck import recorded_files

    return await it.database.with_connection(
        lambda connection: recorded_files(connection, after=after)
    )


async def _is_recorded(it: Deployment, record: RecordedFile) -> bool:
    """Return whether the record still exists; it may have been erased meanwhile."""
    return await it.database.read(lambda tx: tx.files.get(record.id) is not None)
