"""Cards, buttons and forms: messages before a platform renders them.

All texts are plain text, without the mark-up of a platform. A platform escapes them as it must and
renders every part of a card, or declares what it renders instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

FILE_MOST = 10 * 1024 * 1024  # bytes of a file that a person may send, on every platform


class Tone(StrEnum):
    """The severity of a text; platforms never express it by colour alone."""

    NEUTRAL = "neutral"
    INFO = "info"
    WARN = "warn"
    DANGER = "danger"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A short label for the state of a card, such as "Overdue"."""

    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled value of a card.

    If the value is a time, `at` is the same time in ISO 8601, from which a platform may show the
    time left.
    """

    label: str
    value: str
    tone: Tone = Tone.NEUTRAL
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An action that a card offers its reader.

    A press sends back `token`; whether the reader may do this is checked at that time.
    """

    verb: str
    label: str
    token: str
    style: Literal["primary", "danger", "default"] = "default"
    confirm: str = ""  # a question that is asked first; the press counts when it is confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A link to a file that the reader may open; `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a history or a list: the time, the text, and what a person wrote (`quote`)."""

    when: str
    text: str
    quote: str = ""
    case_id: str = ""  # if not empty, the line opens this case


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a list with a state, such as the verdict of a check, and a button."""

    text: str
    detail: str
    quote: str = ""  # text that a person typed
    button: Button | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message. Only `kind` and `title` are required."""

    kind: str
    title: str
    case_id: str | None = None
    badge: Badge | None = None
    text: str = ""
    facts: tuple[Fact, ...] = ()
    quote: str = ""  # text that a person typed
    items: tuple[Item, ...] = ()
    items_title: str = ""
    lines: tuple[Line, ...] = ()
    lines_title: str = ""
    files: tuple[FileLink, ...] = ()
    buttons: tuple[Button, ...] = ()
    more: tuple[Button, ...] = ()  # actions that are used less often, in the menu 更多/More
    note: str = ""  # who did what, when

    @property
    def summary(self) -> str:
        """The card in one line, for notifications and for platforms without cards."""
        badge = f"[{self.badge.text}] " if self.badge else ""
        return f"{badge}{self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a question in a form."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a form. `type` is a value of `workflows.model.fields.FieldType`."""

    id: str
    type: str
    label: str
    hint: str = ""
    required: bool = False
    max: int | None = None
    min: int | None = None
    decides: bool = False  # whether the answer decides which other questions are asked
    follows: bool = False  # whether it is asked because of other answers
    choices: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()  # media types
    endings: tuple[str, ...] = ()  # file name extensions of these types, without the dot
    accept_text: str = ""  # the accepted types as a text for people
    max_files: int = 5
    value: object = None
    files: tuple[FileLink, ...] = ()  # the files whose ids are in `value`
    columns: tuple[Question, ...] = ()  # of rows; `value` is a list of objects by their ids
    min_rows: int = 0
    max_rows: int = 0
    sum: str = ""  # the column whose sum is shown
    of: str = ""  # the question for files whose expiry this is


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """A form that the reader fills in.

    A submission sends back `token` with the values. `starts` is set if submitting it starts a case.
    `kept` are answers to questions that are not asked now, by the question's id: they are filled in
    when such a question is asked again. `problems` are those of the answers that are filled in, by
    the question's id, without missing answers. `route` are the steps that follow if it is submitted
    as it is filled in now.
    """

    token: str
    title: str
    submit: str
    questions: tuple[Question, ...]
    intro: str = ""
    starts: bool = False
    kept: Mapping[str, object] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    route: tuple[Line, ...] = ()

    @property
    def values(self) -> dict[str, object]:
        """The answers by the question's id, with those that are kept."""
        return {**self.kept, **{one.id: one.value for one in self.questions}}

    def filled(self, values: Mapping[str, object]) -> FormSheet:
        """Return the form with these values filled in.

        `values` are by the question's id; a question without one keeps the value that it has.
        """
        questions = (replace(one, value=values.get(one.id, one.value)) for one in self.questions)
        return replace(self, questions=tuple(questions))

    def named(self, problems: Mapping[str, str]) -> dict[str, str]:
        """Return the problems, by the question's id, each with the question's label before it."""
        labels = {one.id: f"{one.label}: " for one in self.questions}
        return {name: f"{labels.get(name, '')}{text}" for name, text in problems.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to an interaction, which only the person who acted sees.

    It may have a short text, a form to fill in, the problems of a submitted form by field, and
    cards.
    """

    text: str = ""
    tone: Tone = Tone.NEUTRAL
    form: FormSheet | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    owed: bool = False  # it is kept until the platform reports its delivery
    case_id: str = ""  # the case that was acted on
    link: str = ""  # an address of ours at which this person goes on, shown below the text
    stays: bool = False  # the text is shown until the person dismisses it
    again: str = ""  # the text for a repeated delivery, if `text` must not be stored

    @property
    def words(self) -> str:
        """The text and the problems, in one line."""
        return " ".join([self.text, *self.problems.values()]).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A person's own page: what waits for them, what they filed, what they can start."""

    tasks: Card
    cases: Card
    starts: tuple[Button, ...]
    away: Card
