"""The nodes of a definition: tasks, approvals, gateways and ends, with what they lead to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from workflows.model.approvals import Repeated, SelfApproval
from workflows.model.bounds import UntilText
from workflows.model.facts import FactName, Note
from workflows.model.signers import ALL, Await, EachSigner, Sign, Signer, SignersOf, SignRule
from workflows.model.starts import Start, listed_form
from workflows.model.words import (
    ChannelName,
    Condition,
    FieldId,
    Key,
    Model,
    People,
    SpanText,
    Text,
)
from workflows.model.works import Found, Work
from workflows.toml_lines import Path


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


def _targets(value: Any) -> Any:
    """Convert one node to a list of nodes."""
    return (value,) if isinstance(value, str) else value


_KEY_SCHEMA = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"}

Targets = Annotated[
    tuple[Key, ...],
    Field(min_length=1, max_length=20),
    BeforeValidator(_targets),
    PlainSerializer(lambda nodes: nodes[0] if len(nodes) == 1 else list(nodes)),
    WithJsonSchema(
        {
            "oneOf": [
                _KEY_SCHEMA,
                {"type": "array", "items": _KEY_SCHEMA, "minItems": 1, "maxItems": 20},
            ]
        }
    ),
]


class Outcome(Model):
    """An outcome of an approval and the node that follows.

    A return may offer several nodes and can be limited; `resume` says how it comes back.
    """

    to: Targets
    label: Text | None = None
    at_most: int | None = Field(default=None, ge=1, le=20)
    then: Key | None = None  # after the last return; without it another return is refused
    resume: Literal["replay", "jump_back"] = "replay"
    note: Note = Field(default={})


class _Node(Model):
    id: Key
    name: Text
    cc: tuple[Copy, ...] = ()


Access = Literal["read", "edit", "hide"]


class _WorkNode(_Node):
    assignee: People | None = None
    candidates: People | None = None
    form: Key | None = None
    due: SpanText
    ladder: Key
    calendar: Key | None = None  # None: that of the department, or the company's
    low_risk: bool = False  # a rung of its ladder may decide it
    requires: tuple[Key, ...] = ()  # actions to be recorded before the task can be completed
    channel: ChannelName = ""  # a channel or group that sees a short card of each task here
    not_same_as: tuple[Key, ...] = ()  # nodes whose deciders may not have the task
    same_as: Key | None = None  # the node whose decider alone may have the task
    access: dict[FieldId, Access] = Field(default={})  # to fields of other forms
    shows: tuple[FactName, ...] = ()  # facts on its card, with their latest results

    @property
    def ladders(self) -> tuple[str, ...]:
        """The ladders of its deadlines."""
        return (self.ladder,)

    @property
    def hidden(self) -> frozenset[str]:
        """The fields that the people of this node do not see."""
        return frozenset(name for name, access in self.access.items() if access == "hide")

    @property
    def editable(self) -> tuple[str, ...]:
        """The fields of other forms that the people of this node change with its form."""
        return tuple(name for name, access in self.access.items() if access == "edit")

    @property
    def workers(self) -> tuple[tuple[Path, str], ...]:
        """Its people expressions, each with its place in the node."""
        asked = (("assignee", self.assignee), ("candidates", self.candidates))
        return tuple(((key,), text) for key, text in asked if text is not None)


class TaskNode(_WorkNode):
    """A node with a task: the assignee fills in its form, if any, and completes it."""

    kind: Literal["task"]
    next: Key
    only: Literal["subject"] | None = None  # of its form, the certificate of its branch
    return_to: tuple[Key, ...] = ()
    button: Text | None = None  # the label of "complete"; "Submit" or "Complete" without it
    note: Note = Field(default={})  # when it is completed


class ApprovalNode(_WorkNode):
    """A node with an approval; each outcome has its own next node."""

    kind: Literal["approval"]
    self_approval: SelfApproval | None = None  # None: as [approvals] says; so the next three
    nobody: People | None = None
    repeated: Repeated | None = None
    signers_may_be_added: bool | None = None
    material: tuple[FieldId, ...] = ()  # a change of one of these makes the approval void
    signers: SignersOf | None = None  # instead of assignee and candidates
    sign: SignRule | None = None  # with signers; "all" without it
    visit_due: SpanText | None = None  # with signers: until when they have decided
    visit_ladder: Key | None = None  # and the ladder of this deadline
    on_reject: Await = "at_once"
    on_return: Await = "at_once"
    for_each: str | None = None  # "certificates(form)": a verdict about each, in one task
    refuse_expired: bool = False  # an expired or missing certificate cannot be approved
    batch: bool = False  # several cases may be approved with one form
    outcomes: dict[Literal["approve", "reject", "return"], Outcome] = Field(min_length=1)

    @property
    def workers(self) -> tuple[tuple[Path, str], ...]:
        """Its people expressions, each with its place in the node."""
        places = (self._place(index) for index in range(len(self.seats)))
        seats = ((place, one.who) for place, one in zip(places, self.seats, strict=True))
        return (*super().workers, *seats)

    @property
    def ladders(self) -> tuple[str, ...]:
        """The ladders of its deadlines."""
        return tuple(key for key in (self.ladder, self.visit_ladder) if key is not None)

    @property
    def rule(self) -> Sign:
        """The rule by which the votes of its signers are counted."""
        return self.sign if self.sign is not None else ALL

    @property
    def seats(self) -> tuple[Signer, ...]:
        """The entries of `signers`; none without several signers."""
        return self.signers or ()

    @property
    def checked_form(self) -> str | None:
        """The form about each of whose certificates it decides; None without `for_each`."""
        return listed_form(self.for_each)

    @property
    def one_each(self) -> bool:
        """Whether each person that `signers` names has a seat, instead of each entry."""
        return isinstance(next(iter(self.seats), None), EachSigner)

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of this name, which it must have."""
        return next(way for key, way in self.outcomes.items() if key == name)

    def signer(self, seat: int) -> Signer:
        """Return the entry of a seat, which is numbered from 1."""
        return self.seats[0 if self.one_each else seat - 1]

    def _place(self, index: int) -> Path:
        return ("signers",) if self.one_each else ("signers", index)


class Route(Model):
    """One route out of a gateway, with the people that it sets for later nodes."""

    when: Condition | None = None
    to: Key
    set: dict[FieldId, People] = Field(default={})
    note: Note = Field(default={})


class GatewayNode(_Node):
    """A node that takes the first route whose condition is true."""

    kind: Literal["gateway"]
    score: FieldId | None = None  # the scorecard that is worked out before the route is chosen
    routes: tuple[Route, ...] = Field(min_length=1, max_length=20)


class Branch(Model):
    """A branch of a fork: its first node, and when it is taken; without a condition always."""

    to: Key
    when: Condition | None = None


def _branches(value: Any) -> Any:
    """Convert the entries of a list that only name a node."""
    if not isinstance(value, list | tuple):
        return value
    return [{"to": entry} if isinstance(entry, str) else entry for entry in value]


def _written(branches: tuple[Branch, ...]) -> Any:
    return [one.model_dump(exclude_unset=True) if one.when else one.to for one in branches]


_BRANCH_SCHEMA = {
    "type": "object",
    "properties": {"to": _KEY_SCHEMA, "when": {"type": "string", "minLength": 1}},
    "required": ["to"],
    "additionalProperties": False,
}

Branches = Annotated[
    tuple[Branch, ...],
    Field(min_length=1, max_length=20),
    BeforeValidator(_branches),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"oneOf": [_KEY_SCHEMA, _BRANCH_SCHEMA]},
            "minItems": 1,
            "maxItems": 20,
            "examples": [["finance", {"to": "legal", "when": "amount > 10000"}]],
        }
    ),
]


class ForkNode(_Node):
    """A node whose branches run side by side; its join is entered when all have come there."""

    kind: Literal["fork"]
    branches: Branches
    join: Key

    @property
    def may_be_passed(self) -> bool:
        """Whether no branch may be taken, because each has a condition."""
        return all(branch.when is not None for branch in self.branches)


class WaitNode(_Node):
    """A node that the case leaves when the day of a date field opens, or days before or after.

    With `starts` the case rests there, and each start opens branches; `until` and `next` are
    optional then.
    """

    kind: Literal["wait"]
    until: UntilText | None = None
    next: Key | None = None
    calendar: Key | None = None  # None: the company's
    starts: tuple[Start, ...] = Field(default=(), max_length=20)
    exclusive: tuple[Key, ...] = ()  # no branch starts while one is open that came to these

    def start(self, start_id: str) -> Start | None:
        """Return the start with this id, or None."""
        return next((one for one in self.starts if one.id == start_id), None)

    @property
    def dates(self) -> tuple[str, ...]:
        """The fields with the days for which it waits, its own day first."""
        bounds = (self.until, *(one.at for one in self.starts))
        return tuple(bound.field for bound in bounds if bound is not None and bound.field)

    @property
    def targets(self) -> frozenset[str]:
        """The nodes with which branches begin."""
        return frozenset(one.to for one in self.starts)


class EndNode(_Node):
    """A node at which the case ends."""

    kind: Literal["end"]
    status: Literal["completed", "rejected", "withdrawn"] = "completed"
    note: Note = Field(default={})


Ending = Literal["completed", "rejected", "withdrawn"]


class ProcessNode(_Node):
    """A node that starts a case of another process and waits for its end."""

    kind: Literal["process"]
    process: Key
    filed_by: People = "filer"  # the first of these people files the other case
    values: dict[FieldId, FieldId] = Field(default={})  # of its start form, by the name of here
    outcomes: dict[Ending, Key] = Field(min_length=1)


class ServiceNode(_Node):
    """A node in which the product itself does a named piece of work, and that its result leaves.

    `values` are what the work is given: the name of a field or fact of the case for each name.
    """

    kind: Literal["service"]
    work: Work
    values: dict[FieldId, FieldId] = Field(default={})
    outcomes: dict[Found, Key] = Field(min_length=1)


Node = Annotated[
    TaskNode
    | ApprovalNode
    | GatewayNode
    | ForkNode
    | WaitNode
    | ProcessNode
    | ServiceNode
    | EndNode,
    Field(discriminator="kind"),
]
WorkNode = TaskNode | ApprovalNode
