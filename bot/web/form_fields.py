"""The fields of a web form in HTML: a label, a hint, the input, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.web.form_request import FIELD, MORE
from bot.web.markup import Html, Inside, Value, lines, tag
from handlers.answers import TEXT_MOST
from handlers.i18n import Translator
from handlers.pages import Choice, Question
from handlers.rows import cell_name, rows_in
from workflows.model.fields import FieldType

_RADIOS_MOST = 6  # options; more are a list that opens
_LETTERS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL)
_INPUTS: Mapping[str, Mapping[str, str]] = {
    FieldType.EMAIL: {"type": "email", "autocomplete": "email"},
    FieldType.NUMBER: {"type": "text", "inputmode": "decimal", "autocomplete": "off"},
    FieldType.MONEY: {"type": "text", "inputmode": "decimal", "autocomplete": "off"},
    FieldType.DATE: {"type": "date"},
    FieldType.TIME: {"type": "time"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWriter:
    """Writes questions in a language. `problems` are texts by field's id and by cell's name."""

    words: Translator
    problems: Mapping[str, str]

    def write(self, question: Question) -> Html:
        """Return a question."""
        match question.type:
            case FieldType.CHOICE if len(question.choices) <= _RADIOS_MOST:
                return self._options(question, "radio")
            case FieldType.CHOICES:
                return self._options(question, "checkbox")
            case FieldType.FILES:
                return self._files(question)
            case FieldType.ROWS:
                return self._rows(question)
            case _:
                return self._line(question, self._control(question))

    def fixed(self, question: Question) -> Html:
        """Return a question whose answer the link has, as text."""
        value = _text(question.value)
        shown = next((one.label for one in question.choices if one.id == value), value)
        label = tag("span", question.label, class_="label")
        return tag("div", label, tag("p", lines(shown), class_="fixed"), class_="field")

    # ------------------------------------------------------------------ one input

    def _control(self, question: Question) -> Html:
        attributes = self._attributes(question)
        value = _text(question.value)
        if question.type == FieldType.LONG_TEXT:
            return tag("textarea", "\n" + value if value else "", rows=6, **attributes)
        if question.type == FieldType.CHOICE:
            none = tag("option", self.words.t("web_form.choose"), value="")
            options = (_option(one, value) for one in question.choices)
            return tag("select", none, options, **attributes)
        return tag("input", value=value or None, **attributes)

    def _attributes(self, question: Question) -> dict[str, Value]:
        most = question.max or TEXT_MOST if question.type in _LETTERS else None
        kind = _INPUTS.get(question.type, {"type": "text"})
        several = question.type in (FieldType.LONG_TEXT, FieldType.CHOICE)
        return {
            "id": anchor(question.id),
            "name": FIELD + question.id,
            "required": question.required,
            "maxlength": most,
            "aria_describedby": self._described(question),
            "aria_invalid": "true" if question.id in self.problems else None,
            **({} if several else kind),
        }

    def _line(self, question: Question, control: Inside) -> Html:
        label = tag("label", self._label(question), for_=anchor(question.id), class_="label")
        around = (label, self._hint(question), self._wrong(question))
        return tag("div", *around, control, class_="field")

    def _group(self, question: Question, *inside: Inside) -> Html:
        legend = tag("legend", self._label(question), class_="label")
        return tag(
            "fieldset",
            *(legend, self._hint(question), self._wrong(question), *inside),
            id=anchor(question.id),
            class_="field",
            tabindex=-1,
            aria_describedby=self._described(question),
        )

    # ------------------------------------------------------------------ several inputs

    def _options(self, question: Question, kind: str) -> Html:
        value = question.value
        chosen = {_text(one) for one in value} if isinstance(value, list) else {_text(value)}
        return self._group(
            question,
            (
                tag(
                    "label",
                    tag(
                        "input",
                        type=kind,
                        name=FIELD + question.id,
                        value=one.id,
                        checked=one.id in chosen,
                        required=question.required and kind == "radio",
                    ),
                    tag("span", one.label),
                    class_="option",
                )
                for one in question.choices
            ),
        )

    def _files(self, question: Question) -> Html:
        kept = (
            tag(
                "label",
                tag("input", type="checkbox", name=FIELD + question.id, value=one.id, checked=True),
                tag("span", self.words.t("web_form.kept", name=one.name)),
                class_="option",
            )
            for one in question.files
        )
        endings = [f".{one}" for one in question.endings]
        attributes = self._attributes(replace(question, required=False))
        attributes |= {
            "type": "file",
            "required": question.required and not question.files,
            "multiple": question.max_files > 1,
            "accept": ",".join([*question.accept, *endings]) or None,
        }
        return self._line(question, [*kept, tag("input", **attributes)])

    def _rows(self, question: Question) -> Html:
        given = rows_in(question.value)
        count = min(max(len(given), question.min_rows, 1), question.max_rows)
        rows = [*given, *({} for _ in range(count - len(given)))]
        more = tag(
            "button",
            self.words.t("web_form.more"),
            type="submit",
            name=MORE,
            value=question.id,
            formnovalidate=True,
            class_="second",
        )
        written = (self._row(question, number, row) for number, row in enumerate(rows))
        return self._group(question, written, more if count < question.max_rows else None)

    def _row(self, question: Question, number: int, row: Mapping[str, object]) -> Html:
        cells = (
            replace(
                column,
                id=cell_name(question.id, number, column.id),
                required=False,
                value=row.get(column.id),
            )
            for column in question.columns
        )
        legend = tag("legend", self.words.t("web_form.row", number=number + 1))
        written = [self._line(one, self._control(one)) for one in cells]
        return tag("fieldset", legend, tag("div", written, class_="cells"), class_="row")

    # ------------------------------------------------------------------ around an input

    def _label(self, question: Question) -> Inside:
        in_row = "/" in question.id
        if question.required or in_row:
            return question.label
        return [question.label, " ", tag("span", self.words.t("web_form.optional"), class_="fine")]

    def _hint(self, question: Question) -> Html | None:
        hint = question.hint
        if not hint:
            return None
        return tag("p", lines(hint), id=f"{anchor(question.id)}-hint", class_="hint")

    def _wrong(self, question: Question) -> Html | None:
        problem = self.problems.get(question.id)
        if problem is None:
            return None
        return tag("p", problem, id=f"{anchor(question.id)}-wrong", class_="wrong")

    def _described(self, question: Question) -> str | None:
        parts = {"hint": bool(question.hint), "wrong": question.id in self.problems}
        return (
            " ".join(f"{anchor(question.id)}-{one}" for one, there in parts.items() if there)
            or None
        )


def anchor(field: str) -> str:
    """Return the id of the element of a field, by its id, or of a cell, by its name."""
    return "f-" + field.replace("/", "-")


def _option(choice: Choice, value: str) -> Html:
    return tag("option", choice.label, value=choice.id, selected=choice.id == value)


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)
