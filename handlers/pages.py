"""Card, Button, Form: what a message is before any platform draws it.

All texts are plain: no mark-up of any platform. A platform escapes what it must, and renders all of
a card or names its fallback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal


class Tone(StrEnum):
    """What a text says about the state of things; never shown by colour alone."""

    NEUTRAL = "neutral"
    INFO = "info"
    WARN = "warn"
    DANGER = "danger"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A word or two about the state of a card, such as "Overdue"."""

    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One labelled value. A time also stands in `at` (ISO 8601): platforms may say what is left."""

    label: str
    value: str
    tone: Tone = Tone.NEUTRAL
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something the reader can do. `token` comes back when it is pressed, and is judged then."""

    verb: str
    label: str
    token: str
    style: Literal["primary", "danger", "default"] = "default"
    confirm: str = ""  # a question to be answered before it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A file that the reader may open."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a history or a list: when, what, and what a person wrote about it."""

    when: str
    text: str
    quote: str = ""
    case_id: str = ""  # set when the line stands for a case that can be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message. Only `title` is always there."""

    kind: str
    title: str
    case_id: str | None = None
    badge: Badge | None = None
    text: str = ""
    facts: tuple[Fact, ...] = ()
    quote: str = ""  # words that a person typed
    lines: tuple[Line, ...] = ()
    lines_title: str = ""
    files: tuple[FileLink, ...] = ()
    buttons: tuple[Button, ...] = ()
    more: tuple[Button, ...] = ()  # rarer verbs, under 更多/More
    note: str = ""  # who did what, when

    @property
    def summary(self) -> str:
        """One line for notifications and for platforms that show no cards."""
        badge = f"[{self.badge.text}] " if self.badge else ""
        return f"{badge}{self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a question."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a form. `type` is one of workflows.definition.FieldType."""

    id: str
    type: str
    label: str
    hint: str = ""
    required: bool = False
    max: int | None = None
    min: int | None = None
    choices: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()  # media types
    endings: tuple[str, ...] = ()  # of the names of such files, without the dot
    accept_text: str = ""  # the same in words
    max_files: int = 5
    value: object = None
    files: tuple[FileLink, ...] = ()  # those that `value` names


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """A form to be filled. `token` comes back with the values; `starts` when they start a case."""

    token: str
    title: str
    submit: str
    questions: tuple[Question, ...]
    intro: str = ""
    starts: bool = False

    def filled(self, values: Mapping[str, object]) -> FormSheet:
        """The same with these answers, by question; a question that has none keeps its own."""
        questions = (replace(one, value=values.get(one.id, one.value)) for one in self.questions)
        return replace(self, questions=tuple(questions))

    def named(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Problems by question, each after the question's label."""
        labels = {one.id: f"{one.label}: " for one in self.questions}
        return {name: f"{labels.get(name, '')}{text}" for name, text in problems.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person gets back for an interaction, at once and privately.

    Any part may be there: a short text, a form to fill, problems of a submitted form by field, and
    cards to look at.
    """

    text: str = ""
    tone: Tone = Tone.NEUTRAL
    form: FormSheet | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    owed: bool = False  # it is kept until the platform reports that it was told
    case_id: str = ""  # the case that was acted on
    stays: bool = False  # the text is needed for a while: it is shown until it is put away
    again: str = ""  # what a repeated delivery is told, where the text must not be kept

    @property
    def words(self) -> str:
        """The text and the problems, in one line."""
        return " ".join([self.text, *self.problems.values()]).strip()
