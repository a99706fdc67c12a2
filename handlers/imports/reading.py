"""Reads past cases from a table: its rows, grouped by case, whatever their order."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from handlers.imports.dates import YMD, fitting
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
from handlers.imports.rows import PastRow, RowReader, TimesSeen
from handlers.imports.sorting import Runs
from handlers.imports.tables import PastTable
from workflows.metrics.history import Ending
from workflows.metrics.imported import PastCase, PastStep
from workflows.moments import Moment

WORDS_MOST = 200  # different words of a column that a mapping lists
TOLD_EACH = 5_000  # rows between two reports of progress
_LIKELY = 0.5  # of the best format: others fit too seldom to be asked about


@dataclass(slots=True, kw_only=True)
class PastCases:
    """What a table has: its cases, and what is wrong with the rows of others."""

    table: PastTable
    mapping: ColumnMapping
    rows: int = 0
    cases: int = 0
    left_out: int = 0  # cases with a row that could not be read
    endings: Counter[Ending] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    first: Moment | None = None  # when the first and the last case were filed
    last: Moment | None = None
    known: int = 0
    unknown: int = 0
    passed_over: int = 0
    times: dict[Role, TimesSeen] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    sorted_rows: Runs[PastRow]

    def good(self) -> Iterator[PastCase]:
        """Yield the cases that could be read, sorted by number. May be called again."""
        yield from (one for one in _grouped(self.sorted_rows, self.mapping, Problems()) if one)

    def close(self) -> None:
        """Delete what was kept in a temporary file."""
        self.sorted_rows.close()


def completed(table: PastTable, mapping: ColumnMapping, names: KnownNames) -> ColumnMapping:
    """Return a mapping with the formats and words of its columns, which it reads all rows for.

    What it has already stays. A format that days before the 13th leave open is "?", and so is the
    meaning of a word that is not known.
    """
    counts = {role: Counter[str]() for role in mapping.columns}
    places = {role: table.columns.index(name) for role, name in mapping.columns.items()}
    words = [r for r in (Role.OUTCOME, Role.DECISION, Role.STEP) if r in places]
    open_ones = {
        role: places[role] for role in TIMES if role in places and role not in mapping.dates
    }
    for role, place in open_ones.items():
        for row in table.first:
            counts[role].update(fitting(row.cells[place]) if place < len(row.cells) else ())
    asked = {role: place for role, place in open_ones.items() if len(_best(counts[role])) > 1}
    with table.rows() as rows:
        for row in rows:
            for role in words:
                if places[role] < len(row.cells) and len(counts[role]) < WORDS_MOST:
                    counts[role][row.cells[places[role]]] += 1
            for role, place in asked.items():
                if place < len(row.cells):
                    counts[role].update(fitting(row.cells[place]))
    formats = {role: _best(counts[role]) for role in open_ones}
    return replace(
        mapping,
        dates={
            **mapping.dates,
            **{
                role: ASK if len(found) > 1 else (*found, YMD)[0] for role, found in formats.items()
            },
        },
        outcomes=_words(counts.get(Role.OUTCOME), mapping.outcomes, ending_of),
        decisions=_words(counts.get(Role.DECISION), mapping.decisions, decision_of),
        steps=_words(
            counts.get(Role.STEP),
            mapping.steps,
            lambda word: names.nodes.get(plain_word(word), word),
        ),
    )


def _best(counts: Counter[str]) -> tuple[str, ...]:
    """Return the formats that fit the most values."""
    most = max(counts.values(), default=0)
    return tuple(style for style, count in counts.items() if count == most)


def _words(
    found: Counter[str] | None, given: object, meaning: Callable[[str], str]
) -> dict[str, str]:
    said: dict[str, str] = dict(given) if isinstance(given, dict) else {}
    new = {word: meaning(word) for word in found or () if word and word not in said}
    return said | new


def read_cases(
    table: PastTable,
    mapping: ColumnMapping,
    names: KnownNames,
    *,
    now: Moment,
    progress: Callable[[int], None] | None = None,
) -> PastCases:
    """Read a table. `progress` is called with the number of rows read, each `TOLD_EACH`.

    The mapping has a column for each role that needs one, and a format for each column of times.
    """
    found = PastCases(
        table=table, mapping=mapping, sorted_rows=Runs(PastRow, lambda row: (row.case, row.line))
    )
    reader = RowReader(table.columns, mapping, names, now=now, problems=found.problems)
    with table.rows() as rows:
        for row in rows:
            found.rows += 1
            read = reader.read(row)
            if read is not None:
                found.sorted_rows.add(read)
            if progress is not None and found.rows % TOLD_EACH == 0:
                progress(found.rows)
    for case in _grouped(found.sorted_rows, mapping, found.problems):
        if case is None:
            found.left_out += 1
            continue
        found.cases += 1
        found.endings[case.ending] += 1
        found.steps.update(step.node for step in case.steps)
        found.first = case.filed if found.first is None else min(found.first, case.filed)
        found.last = case.filed if found.last is None else max(found.last, case.filed)
    found.known, found.unknown = len(reader.known), len(reader.unknown)
    found.passed_over, found.times = reader.passed_over, reader.times
    return found


def _grouped(
    rows: Runs[PastRow], mapping: ColumnMapping, problems: Problems
) -> Iterator[PastCase | None]:
    """Yield each case, None in place of one with a bad row."""
    make = _of_steps if mapping.shape == STEPS else _of_rows
    for number, group in groupby(rows.sorted(), key=lambda row: row.case):
        found = [*group]
        if not number:
            continue
        yield make(found, mapping, problems)


def _of_rows(rows: list[PastRow], mapping: ColumnMapping, problems: Problems) -> PastCase | None:
    first, *others = rows
    for other in others:
        column = mapping.columns[Role.CASE]
        problems.add(other.line, column, "number_twice", other.case, str(first.line))
    if others or any(row.bad for row in rows) or first.filed is None:
        return None
    ending = _ending(first.outcome, default=Ending.OPEN if first.ended is None else Ending.ENDED)
    ended = None if ending is Ending.OPEN else first.ended
    case = PastCase(
        number=first.case,
        filed=first.filed,
        ending=ending,
        ended=ended,
        department=first.department,
        grade=first.grade,
        filer=first.filer,
    )
    return _sound(case, first.line, mapping, problems)


def _ending(word: str, *, default: Ending) -> Ending:
    return Ending(word) if word else default


def _sound(
    case: PastCase, line: int, mapping: ColumnMapping, problems: Problems
) -> PastCase | None:
    """Return a case unless it ends before it began, or has ended without an end."""
    column = mapping.columns.get(Role.ENDED) or mapping.columns.get(Role.END, "")
    if case.ended is not None and case.ended < case.filed:
        problems.add(line, column, "case_ends_before_start", case.number)
        return None
    if case.ended is None and case.ending is not Ending.OPEN:
        problems.add(line, column, "end_missing", case.number)
        return None
    return case


def _of_steps(rows: list[PastRow], mapping: ColumnMapping, problems: Problems) -> PastCase | None:
    if any(row.bad for row in rows):
        return None
    steps = sorted(_paired(rows, mapping), key=_begins)
    filed = next((row.filed for row in rows if row.filed is not None), None)
    filed = _begins(steps[0]) if filed is None else filed
    said = next((row.outcome for row in reversed(rows) if row.outcome), "")
    ended = next((row.ended for row in rows if row.ended is not None), None)
    last = max(steps, key=lambda step: (step.end is None, step.end or 0))
    default = Ending.OPEN if ended is None and last.end is None else Ending.ENDED
    if last.decision == "reject":
        default = Ending.REJECTED
    ending = _ending(said, default=default)
    ended = None if ending is Ending.OPEN else ended or last.end
    case = PastCase(
        number=rows[0].case,
        filed=filed,
        ending=ending,
        ended=ended,
        department=_first(row.department for row in rows),
        grade=_first(row.grade for row in rows),
        filer=_first(row.filer for row in rows),
        steps=tuple(_with_waiting(steps, filed)),
        decided=Role.DECISION in mapping.columns,
    )
    return _sound(case, rows[-1].line, mapping, problems)


def _first(texts: Iterator[str]) -> str:
    return next(filter(None, texts), "")


def _begins(step: PastRow) -> Moment:
    """Return the first time of a step; it has one."""
    return next(at for at in (step.arrived, step.start, step.end) if at is not None)


def _paired(rows: list[PastRow], mapping: ColumnMapping) -> Iterator[PastRow]:
    """Yield steps: of events, each that completes one belongs to the first that started it."""
    if Role.LIFECYCLE not in mapping.columns:
        yield from rows
        return
    started: dict[str, deque[PastRow]] = {}
    for row in sorted(rows, key=lambda row: (_begins(row), row.end is not None, row.line)):
        if row.end is None:
            started.setdefault(row.step, deque()).append(row)
        elif waiting := started.get(row.step):
            row.start = waiting.popleft().start
            yield row
        else:
            yield row
    for left in started.values():
        yield from left


def _with_waiting(steps: list[PastRow], filed: Moment) -> Iterator[PastStep]:
    """Yield steps with when they could have begun: as they came, or when one before had ended."""
    ends: list[Moment] = sorted(step.end for step in steps if step.end is not None)
    before = filed
    for step in steps:
        since = step.arrived
        if since is None:
            since = filed if step.start is None else step.start
            if step.start is None:
                since = before
            elif place := bisect_right(ends, step.start):
                since = ends[place - 1]
            elif filed <= step.start:
                since = filed
        yield PastStep(
            node=step.step,
            since=min(since, _begins(step)),
            start=step.start,
            end=step.end,
            by=step.person,
            outcome=step.decision,
        )
        before = step.end or before
