"""Reads the rows of a table of past cases by its mapping: times, words and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from msgspec import Struct

from handlers.imports.dates import Read, read_time
from handlers.imports.headings import Role
from handlers.imports.known import KnownNames
from handlers.imports.mapping import (
    ASK,
    STEPS,
    TIMES,
    ColumnMapping,
    decision_of,
    ending_of,
    plain_word,
)
from handlers.imports.problems import Problems
from handlers.table_reader import Row
from workflows.moments import DAY, Moment

TEXT_MOST = 200  # characters of a number, a name or a group
_TIME_MOST = 80  # characters of a time
_STARTS = {"start", "开始", "begin", "started"}
_ENDS = {"complete", "完成", "结束", "end", "completed"}


class PastRow(Struct, array_like=True):
    """A row as it was read. A `bad` one is kept so that its case is left out as a whole."""

    case: str
    line: int
    bad: bool = False
    filed: Moment | None = None
    ended: Moment | None = None
    outcome: str = ""
    department: str = ""
    grade: str = ""
    filer: str = ""
    step: str = ""
    arrived: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None
    person: str = ""
    decision: str = ""


@dataclass(slots=True)
class TimesSeen:
    """What was seen of the times of a column: with which offsets, and whether with a time."""

    offsets: Counter[str] = field(default_factory=Counter)  # "" for none
    days_only: int = 0


class RowReader:
    """Reads rows, counts what is worth telling, and keeps what is wrong."""

    def __init__(
        self,
        columns: Sequence[str],
        mapping: ColumnMapping,
        names: KnownNames,
        *,
        now: Moment,
        problems: Problems,
    ) -> None:
        self._mapping = mapping
        self._names = names
        self._latest = now + DAY
        self._problems = problems
        self._zone = ZoneInfo(mapping.zone)
        self._places = {role: columns.index(name) for role, name in mapping.columns.items()}
        self._times = [role for role in TIMES if role in self._places]
        self.times = {role: TimesSeen() for role in self._times}
        self.unknown: dict[str, str] = {}  # who is not in the directory
        self.known: set[str] = set()  # keys of people
        self.passed_over = 0  # events that neither start nor complete a step

    def read(self, row: Row) -> PastRow | None:
        """Return what a row says; None if it says nothing that counts."""
        texts = {
            role: row.cells[place] if place < len(row.cells) else ""
            for role, place in self._places.items()
        }
        found = PastRow(case=texts[Role.CASE][:TEXT_MOST], line=row.line)
        if not found.case:
            self._wrong(found, Role.CASE, "number_empty")
        for role in self._times:
            if text := texts[role]:
                self._time(found, role, text)
        self._case_words(found, texts)
        if self._mapping.shape == STEPS:
            return self._step(found, texts)
        if found.filed is None and not found.bad:
            self._wrong(found, Role.FILED, "time_empty")
        return found

    def _wrong(self, row: PastRow, role: Role, code: str, value: str = "", other: str = "") -> None:
        row.bad = True
        self._problems.add(row.line, self._mapping.columns.get(role, ""), code, value, other)

    def _time(self, row: PastRow, role: Role, text: str) -> None:
        try:
            found = read_time(text[:_TIME_MOST], self._mapping.dates[role])
            at = found.moment(self._zone)
        except (ValueError, OverflowError):
            self._wrong(row, role, "time_unreadable", text, self._mapping.dates[role])
            return
        if at > self._latest:
            self._wrong(row, role, "time_in_future", text)
        self._seen(role, found)
        setattr(row, role, at)

    def _seen(self, role: Role, found: Read) -> None:
        seen = self.times[role]
        seen.offsets["" if found.offset is None else str(found.offset)] += 1
        seen.days_only += not found.timed

    def _case_words(self, row: PastRow, texts: dict[Role, str]) -> None:
        if text := texts.get(Role.OUTCOME, ""):
            row.outcome = self._mapping.outcomes.get(text) or ending_of(text)
            if row.outcome == ASK:
                self._wrong(row, Role.OUTCOME, "outcome_unknown", text)
        if text := texts.get(Role.DEPARTMENT, "")[:TEXT_MOST]:
            row.department = self._names.departments.get(plain_word(text), text)
        if text := texts.get(Role.GRADE, "")[:TEXT_MOST]:
            row.grade = self._names.grades.get(plain_word(text), text)
        if text := texts.get(Role.FILER, ""):
            row.filer = self._person(text)
            row.department = row.department or self._names.department_of.get(row.filer, "")

    def _step(self, row: PastRow, texts: dict[Role, str]) -> PastRow | None:
        name = texts[Role.STEP][:TEXT_MOST]
        if not name:
            self._wrong(row, Role.STEP, "step_empty")
        row.step = self._mapping.steps.get(name, self._names.nodes.get(plain_word(name), name))
        if not row.step and name:
            return None  # a step that the mapping leaves out
        if not row.bad and row.arrived is row.start is row.end is None:
            self._wrong(row, Role.END, "time_empty")
        if text := texts.get(Role.LIFECYCLE, ""):
            word = text.strip().casefold()
            if word in _STARTS:
                row.start, row.end = row.end, None
            elif word not in _ENDS:
                self.passed_over += 1
                return None
        if text := texts.get(Role.PERSON, ""):
            row.person = self._person(text)
        if text := texts.get(Role.DECISION, ""):
            row.decision = self._mapping.decisions.get(text) or decision_of(text)
            if row.decision == ASK:
                self._wrong(row, Role.DECISION, "decision_unknown", text)
        self._order(row, Role.START if row.start is not None else Role.ARRIVED, Role.END, texts)
        return row

    def _order(self, row: PastRow, first: Role, last: Role, texts: dict[Role, str]) -> None:
        since, until = getattr(row, first), getattr(row, last)
        if since is not None and until is not None and until < since and not row.bad:
            self._wrong(row, last, "ends_before_start", texts.get(last, ""), texts.get(first, ""))

    def _person(self, text: str) -> str:
        """Return the key of a person, or a number for somebody who is not in the directory.

        Figures only need to know who is the same person, so the name itself is not kept.
        """
        plain = plain_word(text)
        key = self._names.people.get(plain)
        if key is not None:
            self.known.add(key)
            return key
        return self.unknown.setdefault(plain, f"?{len(self.unknown) + 1}")
