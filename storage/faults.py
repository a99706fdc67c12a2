"""The faults that the audit can find, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The kinds of faults; their values are stable."""

    CASE_REMOVED = "case_removed"  # its events remain, or a checkpoint has it
    EVENTS_REMOVED = "events_removed"  # from the end: the snapshot or a checkpoint has more
    SEQUENCE = "sequence"  # an event is missing or extra
    LINK = "link"  # an event does not have the hash of the one before it
    CHANGED = "changed"  # the text of an event does not match its hash
    COLUMNS = "columns"  # the columns of an event differ from its text
    HEAD = "head"  # the snapshot belongs to other events
    CHECKPOINT = "checkpoint"  # a chain does not contain its head in the checkpoint
    CONTENT_REMOVED = "content_removed"
    CONTENT_CHANGED = "content_changed"
    CONTENT_EMPTIED = "content_emptied"  # without an event
    CONTENT_KEPT = "content_kept"  # although an event records its erasure
    UPLOAD_REMOVED = "upload_removed"  # the record of a file that a content names
    UPLOAD_CHANGED = "upload_changed"  # its record has another hash or another case
    PAGES = "pages"  # reported by the database's own check
    SCHEMA = "schema"  # an unknown trigger, view, table, index or column
    DEFINITION = "definition"  # its text does not match its hash
    ROW_CHANGED = "row_changed"  # a person, absence, department, version or setting
    ROW_ADDED = "row_added"  # without an event in the directory's chain
    ROW_REMOVED = "row_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProblem:
    """A fault and its place: `seq` of the event, `what` is the content, file or row.

    `case_id` is "" for a definition, and "directory" for rows covered by the directory's chain.
    """

    case_id: str
    fault: Fault
    seq: int | None = None
    what: str = ""

    def __str__(self) -> str:
        parts = (self.case_id, f"{self.seq or ''}", self.fault.value, self.what)
        return " ".join(part for part in parts if part)


class ProblemFound(Exception):
    """Raised to end a check at its first problem."""

    def __init__(self, problem: ChainProblem) -> None:
        super().__init__(problem.fault)
        self.problem = problem
