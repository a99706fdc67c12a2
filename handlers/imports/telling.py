"""Describes a table of past cases to a person: how it is read, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.i18n import Translator
from handlers.imports.dates import YMD
from handlers.imports.headings import Role
from handlers.imports.known import KnownNames
from handlers.imports.mapping import ASK, TIMES, ColumnMapping
from handlers.imports.problems import Problems, RowProblem
from handlers.imports.reading import PastCases
from handlers.imports.rows import RowReader
from handlers.imports.tables import PastTable
from workflows.metrics.history import Ending
from workflows.moments import Moment, in_zone

SHOWN = 5  # rows
_STEPS_MOST = 8  # steps that are named
_SEPARATORS = {"\t": "tab"}


def facts_of(table: PastTable, mapping: ColumnMapping, *, words: Translator) -> dict[str, str]:
    """Return what a table is: its encoding, its separator, and what its rows are."""
    found = {words.t("past.fact.file"): table.name}
    if table.encoding:
        separator = _SEPARATORS.get(table.separator, table.separator)
        found[words.t("past.fact.encoding")] = table.encoding
        found[words.t("past.fact.separator")] = separator
    found[words.t("past.fact.shape")] = words.t(f"past.shape.{mapping.shape}")
    found[words.t("past.fact.zone")] = mapping.zone
    return found


def columns_of(mapping: ColumnMapping, *, words: Translator) -> Iterator[tuple[str, str, str]]:
    """Yield each role with its column and, of a column of times, how they are written."""
    for role in mapping.roles:
        name = mapping.columns.get(role, "")
        style = mapping.dates.get(role, "")
        written = words.t(f"past.format.{_format(style)}") if name and style else ""
        yield words.t(f"past.role.{role}"), name or words.t("past.no_column"), written


def _format(style: str) -> str:
    return "ask" if style == ASK else style.replace("-", "_")


def sample_of(
    table: PastTable, mapping: ColumnMapping, names: KnownNames, *, now: Moment, words: Translator
) -> tuple[list[str], list[list[str]]]:
    """Return headings and the first rows as they are read; what cannot be read as it is there."""
    roles = [role for role in mapping.roles if role in mapping.columns]
    reader = RowReader(table.columns, mapping, names, now=now, problems=Problems())
    zone = ZoneInfo(mapping.zone)
    rows = []
    for row in table.first[:SHOWN]:
        read = reader.read(row)
        shown = [str(row.line)]
        for role in roles:
            place = table.columns.index(mapping.columns[role])
            text = row.cells[place] if place < len(row.cells) else ""
            value = getattr(read, role, None) if read is not None else None
            if role is Role.END and read is not None and value is None:
                value = read.start  # an event that starts a step
            if role in TIMES and value is not None:
                text = f"{in_zone(value, zone):%Y-%m-%d %H:%M}"
            elif role is Role.OUTCOME and value in set(Ending):
                text = words.t(f"past.ending.{value}")
            elif role is Role.STEP and value:
                text = str(value)
            shown.append(text)
        rows.append(shown)
    return [words.t("past.row"), *(words.t(f"past.role.{role}") for role in roles)], rows


def lacking(mapping: ColumnMapping, *, words: Translator) -> Iterator[str]:
    """Yield what the person has to say before the table can be imported."""
    for role in mapping.missing:
        facts = {"role": words.t(f"past.role.{role}"), "key": f"columns.{role}"}
        if role in TIMES:
            yield words.t("past.lacks.times", **facts)
        else:
            yield words.t("past.lacks.column", **facts)
    for role in mapping.asks:
        yield words.t("past.lacks.format", column=mapping.columns[role], key=f"dates.{role}")
    for table, values in (("outcomes", mapping.outcomes), ("decisions", mapping.decisions)):
        unknown = [word for word, meaning in values.items() if meaning == ASK]
        if unknown:
            listed = words.t("name.separator").join(unknown)
            yield words.n("past.lacks.words", len(unknown), words=listed, key=table)


def lacking_in_chat(mapping: ColumnMapping, *, words: Translator) -> Iterator[str]:
    """Yield the same for a chat, where days that may be months are asked by buttons."""
    for role in mapping.asks:
        yield words.t("past.ask", column=mapping.columns[role])
    known = dict.fromkeys(mapping.asks, YMD)
    others = [*lacking(replace(mapping, dates={**mapping.dates, **known}), words=words)]
    if others:
        yield from (*others, words.t("past.elsewhere"))


def counts_of(found: PastCases, *, words: Translator) -> dict[str, str]:
    """Return what a table has, as labels with numbers."""
    zone = ZoneInfo(found.mapping.zone)
    shown = {
        words.t("past.count.rows"): f"{found.rows:,}",
        words.t("past.count.cases"): f"{found.cases:,}",
    }
    for ending in Ending:
        if count := found.endings[ending]:
            shown[words.t(f"past.ending.{ending}")] = f"{count:,}"
    if found.first is not None and found.last is not None:
        first, last = (f"{in_zone(at, zone):%Y-%m-%d}" for at in (found.first, found.last))
        shown[words.t("past.count.filed")] = f"{first} – {last}"
    if found.known or found.unknown:
        shown[words.t("past.count.people")] = words.t(
            "past.people", known=f"{found.known:,}", unknown=f"{found.unknown:,}"
        )
    if found.steps:
        listed = [f"{step} ({count:,})" for step, count in found.steps.most_common(_STEPS_MOST)] + (
            ["…"] if len(found.steps) > _STEPS_MOST else []
        )
        shown[words.t("past.count.steps")] = words.t("name.separator").join(listed)
    return shown


def notes_of(found: PastCases, *, words: Translator) -> Iterator[str]:
    """Yield what is no error but good to know about how a table was read."""
    for role, seen in found.times.items():
        column, offsets = found.mapping.columns[role], seen.offsets
        without = offsets.get("", 0)
        if len(offsets) > 1:
            zones = [f"{name} ({count:,})" for name, count in offsets.most_common() if name]
            yield words.t(
                "past.note.zones",
                column=column,
                zones=words.t("name.separator").join(zones),
                without=f"{without:,}",
                zone=found.mapping.zone,
            )
        if seen.days_only and seen.days_only == offsets.total():
            yield words.t("past.note.days_only", column=column)
    if Role.DECISION not in found.mapping.columns:
        yield words.t("past.note.no_decisions")
    if Role.OUTCOME not in found.mapping.columns and Role.ENDED not in found.mapping.columns:
        yield words.t("past.note.all_ended")
    if found.passed_over:
        yield words.n("past.note.passed_over", found.passed_over)


def problems_of(found: PastCases, *, words: Translator) -> Iterator[str]:
    """Yield the problems by row, and how many there are of each kind if not all are named."""
    shown = found.problems.first
    for one in shown:
        yield problem_text(one, words=words)
    if len(shown) < found.problems.total:
        yield words.t(
            "past.more_problems", shown=f"{len(shown):,}", all=f"{found.problems.total:,}"
        )
        for code, count in found.problems.counts.most_common():
            yield f"  {count:,} × {words.t(f'past.kind.{code}')}"


def problem_text(one: RowProblem, *, words: Translator) -> str:
    """Return a problem as a sentence with row and column."""
    facts = {"value": one.value, "other": one.other}
    said = words.t(f"past.problem.{one.code}", **facts)
    return words.t("past.at", line=f"{one.line}", column=one.column or "–", problem=said)


def roles_shown(columns: Sequence[str], mapping: ColumnMapping) -> list[str]:
    """Return the headings that no role uses."""
    used = set(mapping.columns.values())
    return [name for name in columns if name and name not in used]
