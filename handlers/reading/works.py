"""What the works of a case have found, in the reader's language: one record for each result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.pages import FileLink
from handlers.reading.case import Reading
from workflows.flow.opening import TaskOpened
from workflows.flow.services import WorkDone
from workflows.model.nodes import ServiceNode


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkResult:
    """The result of a work.

    Args:
        seq: the number of its event.
        node: the id of its service node.
        lines: what it found; a notice if that was erased.
        files: the ids of the files of its documents.
        recent: whether no task that is done by now was opened since.
    """

    seq: int
    node: str
    lines: tuple[str, ...]
    files: tuple[str, ...]
    recent: bool = False


def work_results(reading: Reading) -> tuple[WorkResult, ...]:
    """Return the results of all works of a case, the oldest first."""
    if not any(isinstance(node, ServiceNode) for node in reading.definition.nodes):
        return ()
    found: list[WorkResult] = []
    first, opened = 0, False  # the first of those since the last task but the present ones
    for event in reading.events:
        if isinstance(event.body, WorkDone):
            first, opened = len(found) if opened else first, False
            found.append(_result(reading, event.seq, event.body))
        elif isinstance(event.body, TaskOpened):
            opened = True
    return tuple(replace(one, recent=place >= first) for place, one in enumerate(found))


def _result(reading: Reading, seq: int, done: WorkDone) -> WorkResult:
    body, language = reading.body(done.content), reading.language
    return WorkResult(
        seq=seq,
        node=done.node,
        lines=tuple(body.get("lines", {}).get(language, ()))
        if body
        else (reading.words.t("content.erased"),),
        files=tuple(one["id"] for one in body.get("files", ()) if one["language"] == language),
    )


def latest_results(reading: Reading) -> tuple[WorkResult, ...]:
    """Return the latest result of each service node, the newest first."""
    latest: dict[str, WorkResult] = {}
    for one in reversed(work_results(reading)):
        latest.setdefault(one.node, one)
    return tuple(latest.values())


def documents_of(reading: Reading, results: Iterable[WorkResult]) -> tuple[FileLink, ...]:
    """Return the documents that works made, in the order of their results.

    The same in other formats come after them. Of a document that was made again there is the first.
    """
    formats: list[list[str]] = []
    for one in results:
        for place, file in enumerate(one.files):
            formats[place:] = formats[place:] or [[]]
            formats[place].append(file)
    ids = [file for same in formats for file in same]
    first: dict[str, FileLink] = {}
    for link in reading.links(ids) if ids else ():
        first.setdefault(link.name, link)
    return tuple(first.values())
