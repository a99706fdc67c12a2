"""The faults that the audit can find, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The kinds of faults; their values are stable."""

    CASE_REMOVED = "case_removed"  # its events are left, or the checkpoint knows it
    EVENTS_REMOVED = "events_removed"  # of the end: the snapshot or the checkpoint knows more
    SEQUENCE = "sequence"  # an event is missing, or one is too many
    LINK = "link"  # an event is not bound to the one before it
    CHANGED = "changed"  # an event's text does not have its hash
    COLUMNS = "columns"  # an event's columns do not say what its text says
    HEAD = "head"  # the snapshot belongs to other events
    CHECKPOINT = "checkpoint"  # the past is not what it was when the checkpoint was made
    CONTENT_REMOVED = "content_removed"
    CONTENT_CHANGED = "content_changed"
    CONTENT_EMPTIED = "content_emptied"  # and no event says so
    CONTENT_KEPT = "content_kept"  # although an event says that it was erased
    UPLOAD_REMOVED = "upload_removed"  # the record of a file that a content names
    UPLOAD_CHANGED = "upload_changed"  # its record is of other bytes, or of another case
    PAGES = "pages"  # the database's own check says so
    SCHEMA = "schema"  # a trigger, view, table, index or column that is not ours
    DEFINITION = "definition"  # its text does not have its hash
    ROW_CHANGED = "row_changed"  # a person, absence, department, version or setting
    ROW_ADDED = "row_added"  # and no event of the directory says so
    ROW_REMOVED = "row_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault and its place: `seq` of the event, `what` is the content, file or row.

    `case_id` is "" for a definition, and "directory" for rows covered by the directory's chain.
    """

    case_id: str
    fault: Fault
    seq: int | None = None
    what: str = ""


class Found(Exception):
    """Raised to end a check at its first problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.fault)
        self.problem = problem
