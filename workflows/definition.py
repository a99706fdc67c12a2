"""The model of a process definition, as it is written in `processes/*.toml`.

A definition is read by `loading.py` and checked by `lint.py`. A case refers to it by the hash of
its text; once published it never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

from workflows.durations import Span, parse_span
from workflows.misfits import GIVE_ONE, RUNG_AT, RUNG_PURPOSE, SHARE, Misfit

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
ChannelName = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{0,30})?$")]
FileKind = Literal["image", "pdf", "document", "sheet", "slides", "text", "mail", "video"]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
People = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def read_span(value: Any) -> Span:
    """Convert a text to a Span and return a Span as it is; ValueError says what is allowed."""
    if isinstance(value, Span):
        return value
    return parse_span(value if isinstance(value, str) else repr(value))


_SPAN = "[1-9][0-9]{0,7}(m|h|d|wm|wh|wd)"  # for the JSON Schema; `parse_span` decides

SpanText = Annotated[
    Span,
    BeforeValidator(read_span),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_SPAN}$",
            "examples": ["30m", "2h", "7d", "4wh", "1wd"],
        }
    ),
]


class Model(BaseModel):
    """Base class of all parts of a definition: frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Model):
    """A text in both languages of the product."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=400)]

    def of(self, language: str) -> str:
        """Return the text in a language ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Option(Text):
    """One option of a choice field: a stable id and its label in both languages."""

    id: FieldId


class FieldType(StrEnum):
    """The types of fields of a form."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DEPARTMENT = "department"
    FILES = "files"


class FormField(Model):
    """One field of a form. `main` marks the field that the text after a start command fills."""

    id: FieldId
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = False
    main: bool = False
    min: int | None = Field(default=None, ge=-(10**12), le=10**12)  # number, money: least value
    # text: characters; number, money: greatest value
    max: int | None = Field(default=None, ge=1, le=10**12)
    options: tuple[Option, ...] = ()
    accept: tuple[FileKind, ...] = ()
    max_files: int = Field(default=5, ge=1, le=10)

    def option(self, option_id: str) -> Option | None:
        """Return the option with this id, or None."""
        return next((option for option in self.options if option.id == option_id), None)


class Form(Model):
    """A named list of fields."""

    name: Text
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=50)

    @property
    def main_field(self) -> FormField | None:
        """The field that the text after a start command fills, or None."""
        return next((field for field in self.fields if field.main), None)


class Limit(Model):
    """A time limit with its condition; the last of several has none."""

    when: Condition | None = None
    limit: SpanText


class CaseClock(Model):
    """A clock of the whole case, from filing until an action is recorded or the case ends."""

    name: Text
    until: str = "end"  # an action id, or "end"
    within: tuple[Limit, ...] = Field(min_length=1)
    pauses: bool = False  # paused while a question to the filer is open
    ladder: Key


_AT = re.compile(
    r"^(?:(?P<pct>\d{1,3})%|(?P<base>start|due)(?:\s*(?P<sign>[+-])\s*(?P<span>\w+))?)$"
)


class RungTime(Model):
    """The time of a rung: a share of the limit, or an offset from the start or the due time."""

    text: str
    percent: int | None = None
    base: Literal["start", "due"] = "due"
    sign: Literal[1, -1] = 1
    span: SpanText | None = None


def parse_rung_time(text: Any) -> Any:
    """Parse `50%`, `due`, `due + 2wh` or `start - 1h`; ValueError says what is allowed."""
    if isinstance(text, RungTime):
        return text
    match = _AT.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Misfit(RUNG_AT)
    if match["pct"]:
        if not 1 <= int(match["pct"]) <= 99:  # noqa: PLR2004 - 0% is the start, 100% is "due"
            raise Misfit(SHARE)
        return RungTime(text=text, percent=int(match["pct"]))
    span = parse_span(match["span"]) if match["span"] else None
    base: Literal["start", "due"] = "start" if match["base"] == "start" else "due"
    return RungTime(text=text, base=base, sign=-1 if match["sign"] == "-" else 1, span=span)


class Rung(Model):
    """One rung of a ladder: a reminder to the people at work, or an escalation to others."""

    at: Annotated[
        RungTime,
        BeforeValidator(parse_rung_time),
        PlainSerializer(lambda at: at.text),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": rf"^\s*([1-9][0-9]?%|(start|due)(\s*[+-]\s*{_SPAN})?)\s*$",
                "examples": ["50%", "due", "due + 2wh", "due - 1h", "start + 30m"],
            }
        ),
    ]
    remind: People | None = None
    escalate: People | None = Field(default=None, validate_default=True)
    every: SpanText | None = None  # a reminder that repeats
    times: int = Field(default=1, ge=1, le=10)
    with_history: bool = False
    may_take_over: bool = False

    @field_validator("escalate")
    @classmethod
    def _one_purpose(cls, escalate: str | None, info: Any) -> str | None:
        if "remind" in info.data and (escalate is None) == (info.data["remind"] is None):
            raise Misfit(GIVE_ONE, problem=RUNG_PURPOSE)
        return escalate


class Ladder(Model):
    """A ladder: its rungs, in the order in which they fire."""

    rungs: tuple[Rung, ...] = Field(min_length=1, max_length=10)


class Copy(Model):
    """Who is copied in (抄送), and under which condition."""

    when: Condition | None = None
    to: People


class Action(Model):
    """An action that is recorded inside a task without completing it."""

    name: Text
    button: Text | None = None  # the label of its button; the name without it
    form: Key
    nodes: tuple[Key, ...] = Field(min_length=1)

    @property
    def called(self) -> Text:
        """The label of its button."""
        return self.button or self.name


class Outcome(Model):
    """An outcome of an approval and the node that follows; a return can be limited."""

    to: Key
    label: Text | None = None
    at_most: int | None = Field(default=None, ge=1, le=20)
    then: Key | None = None


class _Node(Model):
    id: Key
    name: Text
    cc: tuple[Copy, ...] = ()


class _WorkNode(_Node):
    assignee: People | None = None
    candidates: People | None = None
    form: Key | None = None
    due: SpanText
    ladder: Key
    requires: tuple[Key, ...] = ()  # actions to be recorded before the task can be completed
    channel: ChannelName = ""  # a channel or group that sees a short card of each task here


class TaskNode(_WorkNode):
    """A node with a task: the assignee fills in its form, if any, and completes it."""

    kind: Literal["task"]
    next: Key
    return_to: tuple[Key, ...] = ()
    button: Text | None = None  # the label of "complete"; "Submit" or "Complete" without it


class ApprovalNode(_WorkNode):
    """A node with an approval; each outcome has its own next node."""

    kind: Literal["approval"]
    outcomes: dict[Literal["approve", "reject", "return"], Outcome] = Field(min_length=1)


class Route(Model):
    """One route out of a gateway, with the people that it sets for later nodes."""

    when: Condition | None = None
    to: Key
    set: dict[FieldId, People] = {}


class GatewayNode(_Node):
    """A node that takes the first route whose condition is true."""

    kind: Literal["gateway"]
    routes: tuple[Route, ...] = Field(min_length=1, max_length=20)


class EndNode(_Node):
    """A node at which the case ends."""

    kind: Literal["end"]
    status: Literal["completed", "rejected"] = "completed"


Node = Annotated[TaskNode | ApprovalNode | GatewayNode | EndNode, Field(discriminator="kind")]
WorkNode = TaskNode | ApprovalNode


class Pause(Model):
    """The rules while a question to the filer is open: due time, ladder, and cap of the pause."""

    due: SpanText
    ladder: Key
    cap: SpanText


class Survey(Model):
    """The survey after the end of a case: a score from 1 to 5 and a comment."""

    to: People = "filer"
    question: Text
    hint: Text | None = None


class Section(Model):
    """One section of the document: fields of forms, or one of the built-in lists."""

    title: Text
    fields: tuple[FieldId, ...] = ()
    list: Literal["people", "clocks", "actions", "answers", "survey"] | None = None


class Document(Model):
    """The document of a finished case."""

    name: Text
    sections: tuple[Section, ...] = Field(min_length=1)


class Target(Model):
    """A measurable goal of the process, with its baseline."""

    measure: Key
    name: Text
    baseline: str
    goal: str


class Definition(Model):
    """A process definition. `processes/complaint.toml` is an example."""

    key: Key
    name: Text
    purpose: Text
    departments: tuple[Key, ...] = Field(min_length=1)
    owner: People
    command: Key
    case_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}$")]
    start_form: Key
    start: Key  # the first node
    started_by: People | None = None  # None: everybody
    withdraw_until: str = "end"  # "first_decision", "end" or a node id
    targets: tuple[Target, ...] = ()
    forms: dict[Key, Form]
    actions: dict[Key, Action] = {}
    clocks: dict[Key, CaseClock] = {}
    ladders: dict[Key, Ladder] = {}
    pause: Pause | None = None
    nodes: tuple[Node, ...] = Field(min_length=2, max_length=200)
    survey: Survey | None = None
    document: Document | None = None

    def node(self, node_id: str) -> TaskNode | ApprovalNode | GatewayNode | EndNode:
        """Return the node with this id; KeyError without one, which lint rules out."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def work_node(self, node_id: str) -> WorkNode:
        """Return the task or approval node with this id."""
        node = self.node(node_id)
        assert isinstance(node, TaskNode | ApprovalNode)
        return node

    @property
    def subject_field(self) -> FormField | None:
        """The field that identifies a case in a list: the first text of the start form."""
        fields = self.forms[self.start_form].fields
        return next((field for field in fields if field.type is FieldType.TEXT), None)

    def all_fields(self) -> Iterator[tuple[str, FormField]]:
        """Yield every field of every form, with the key of the form."""
        for key, form in self.forms.items():
            for field in form.fields:
                yield key, field

    def every_field(self) -> tuple[FormField, ...]:
        """Return all fields in the order of the definition, each id once."""
        return tuple({field.id: field for _, field in self.all_fields()}.values())

    def field(self, field_id: str) -> FormField | None:
        """Return the first field with this id in any form, or None."""
        return next((field for _, field in self.all_fields() if field.id == field_id), None)
