"""The cells of rows in a form that is asked question by question.

The step of a cell is `<question>.<row>.<column>`, all numbers from 0; the step of the question
itself lists the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from handlers.i18n import Translator
from handlers.i18n.dates import calendar_day
from handlers.pages import FormSheet, Question
from handlers.rows import cell_name, rows_in

_BETWEEN = "."
_NAMED = "/"
_DIGITS_MOST = 20  # of a sum that is shown; 1e999999999 would be written out


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStep:
    """The step at which a cell is asked."""

    question: int
    row: int
    column: int

    def __str__(self) -> str:
        return _BETWEEN.join(map(str, (self.question, self.row, self.column)))


def cell_step(sheet: FormSheet, step: str) -> CellStep | None:
    """Return the cell that a step asks for; None at any other step."""
    parts = step.split(_BETWEEN)
    if len(parts) != 3 or not all(map(str.isdecimal, parts)):  # noqa: PLR2004
        return None
    found = CellStep(question=int(parts[0]), row=int(parts[1]), column=int(parts[2]))
    questions = sheet.questions[found.question : found.question + 1]
    known = questions and found.column < len(questions[0].columns)
    return found if known and found.row < questions[0].max_rows else None


def number_of(step: str) -> int | None:
    """Return the number of the question of a step; None at the review."""
    first = step.split(_BETWEEN, maxsplit=1)[0]
    return int(first) if first.isdecimal() else None


def cell_question(question: Question, at: CellStep) -> Question:
    """Return the question for a cell, with the label of its row."""
    column, rows = question.columns[at.column], rows_in(question.value)
    value = rows[at.row].get(column.id) if at.row < len(rows) else None
    return replace(
        column,
        id=cell_name(question.id, at.row, column.id),
        label=f"{question.label} · {at.row + 1} · {column.label}",
        value=value,
    )


def with_cell(questions: tuple[Question, ...], cell: str, value: object) -> tuple[Question, ...]:
    """Return the questions with the value of a cell, which is given by its name."""
    name, row, column = cell.split(_NAMED)
    return tuple(
        replace(one, value=_set(rows_in(one.value), int(row), column, value))
        if one.id == name
        else one
        for one in questions
    )


def _set(
    rows: list[dict[str, object]], number: int, column: str, value: object
) -> list[dict[str, object]]:
    rows += [{} for _ in range(number + 1 - len(rows))]
    rows[number][column] = value
    return rows


def rows_of(question: Question) -> list[dict[str, object]]:
    """Return the rows that are filled in, by the column's id."""
    return rows_in(question.value)


def show_rows(question: Question, words: Translator) -> str:
    """Return the rows as they were typed, one a line; the last one is their sum if there is one."""
    rows = rows_in(question.value)
    lines = [
        words.t("rows.line", number=number, cells=words.t("rows.cells").join(cells))
        for number, row in enumerate(rows, start=1)
        if (
            cells := [
                _show(column, row, words) for column in question.columns if row.get(column.id)
            ]
        )
    ]
    if total := _total(question, rows):
        lines.append(words.t("rows.total", count=words.n("rows.count", len(rows)), total=total))
    return "\n".join(lines)


def first_cell(question: Question, row: Mapping[str, object], words: Translator) -> str:
    """Return the first filled cell of a row as text, by which people recognise it."""
    return next((_show(one, row, words) for one in question.columns if row.get(one.id)), "")


def _show(column: Question, row: Mapping[str, object], words: Translator) -> str:
    labels = {choice.id: choice.label for choice in column.choices}
    given = str(row.get(column.id))
    return typed_day(given, words) if column.type == "date" else labels.get(given, given)


def typed_day(text: str, words: Translator) -> str:
    """Return an ISO date as people read it, and any other text as it is."""
    try:
        return calendar_day(date.fromisoformat(text), language=words.language)
    except ValueError:
        return text


def _total(question: Question, rows: list[dict[str, object]]) -> str:
    cells = [str(row.get(question.sum) or "0").replace(",", "") for row in rows]
    try:
        total = sum(map(Decimal, cells), start=Decimal(0))
    except ArithmeticError:  # no number, or one beyond every limit
        return ""
    plain = total.is_finite() and abs(total.adjusted()) < _DIGITS_MOST
    return format(total, "f") if question.sum and plain else ""
