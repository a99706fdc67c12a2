"""Shows answers as text, and reads typed texts as answers.

Only what cannot be an answer to this type of question is rejected here, so that the person learns
it at once. The form is validated when it is submitted (`handlers/answers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.conversation.dialogue import cells
from handlers.i18n import Translator
from handlers.i18n.typed_dates import read_day, read_time
from handlers.pages import Choice, Question

TYPED = ("text", "long_text", "number", "money")
PICKED = ("choice", "person", "department")


@dataclass(frozen=True)
class Taken:
    """The result of reading a text: a value, a search in the choices, or a problem."""

    value: object = None
    find: str = ""
    problem: str = ""


def several(value: object) -> list[str]:
    """Return a value as a list of text; empty if there is none."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value)] if value not in (None, "") else []


def is_empty(value: object) -> bool:
    """Whether a value is no answer."""
    return value is None or value in ("", [], ())


def show(question: Question, words: Translator, names: Mapping[str, str]) -> str:
    """Return an answer as text; "" if there is none.

    Args:
        names: names of the files that were uploaded in this chat, by id.
    """
    if is_empty(question.value):
        return ""
    if question.type == "rows":
        return cells.show_rows(question, words)
    chosen = several(question.value)
    if question.type == "files":
        count = words.n("dialogue.files", len(chosen))
        return f"{count} {', '.join(file_names(question, names))}".strip()
    if question.choices:
        labels = {choice.id: choice.label for choice in question.choices}
        return words.t("dialogue.comma").join(labels.get(one, one) for one in chosen)
    if question.type == "date":
        return cells.typed_day(str(question.value), words)
    return str(question.value)


def file_names(question: Question, names: Mapping[str, str]) -> list[str]:
    """Return the names of the files of an answer; "…" for an unknown one."""
    known = {**names, **{file.id: file.name for file in question.files}}
    return [known.get(one, "…") for one in several(question.value)]


def found(question: Question, find: str) -> Sequence[Choice]:
    """Return the choices that contain all words of a search."""
    wanted = find.casefold().split()
    return [
        choice
        for choice in question.choices
        if all(word in f"{choice.label} {choice.id}".casefold() for word in wanted)
    ]


def take(question: Question, text: str, words: Translator) -> Taken:
    """Read a text as the answer to a question."""
    if question.type in TYPED:
        most = question.max if question.type in ("text", "long_text") else None
        if most is not None and len(text) > most:
            too_long = words.t("refusal.text_too_long", most=most, length=len(text))
            return Taken(problem=too_long)
        return Taken(value=text)
    if question.type == "date":
        try:
            return Taken(value=read_day(text).isoformat())
        except ValueError:
            return Taken(problem=words.t("refusal.not_a_date"))
    if question.type == "time":
        try:
            return Taken(value=read_time(text).isoformat(timespec="minutes"))
        except ValueError:
            return Taken(problem=words.t("refusal.not_a_time"))
    if question.type == "files":
        return Taken(problem=words.t("dialogue.wants_file"))
    if question.type == "rows":
        return Taken(problem=words.t("dialogue.wants_row"))
    return _pick(question, text, words)


def _pick(question: Question, text: str, words: Translator) -> Taken:
    typed = text.strip().casefold()
    same = [c for c in question.choices if typed in (c.label.casefold(), c.id.casefold())]
    if len(same) == 1 and question.type in PICKED:
        return Taken(value=same[0].id)
    if not found(question, text):
        return Taken(problem=words.t("dialogue.nothing_found", text=text[:40]))
    return Taken(find=text[:60])
