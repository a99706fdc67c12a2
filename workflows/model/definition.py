"""A process definition as a whole, and what is found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PrivateAttr, StringConstraints

from workflows.model.alerts import Alert
from workflows.model.approvals import UNWRITTEN, Approvals
from workflows.model.clocks import CaseClock, Ladder, Pause, Penalties
from workflows.model.employee_survey import EmployeeSurvey
from workflows.model.facts import FactRule, Kept, Scorecard, Table
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.mails import Mail
from workflows.model.nodes import (
    Action,
    ApprovalNode,
    Node,
    TaskNode,
    WorkNode,
)
from workflows.model.register import Register
from workflows.model.review import Review
from workflows.model.schedules import Schedule
from workflows.model.training import Training
from workflows.model.web_form import WebForm
from workflows.model.words import FieldId, Key, Model, People, SpanText, Text


class Revocation(Model):
    """How long after closing the filer may revoke a completed case, and where it is confirmed."""

    within: SpanText
    to: Key  # a task or an approval


class Survey(Model):
    """The survey after the end of a case: a score from 1 to 5 and a comment."""

    to: People = "filer"
    question: Text
    hint: Text | None = None


class Section(Model):
    """One section of the document: fields of forms, facts, or one of the built-in lists."""

    title: Text
    fields: tuple[FieldId, ...] = ()
    facts: tuple[FieldId, ...] = ()
    list: (
        Literal[
            "people",
            "clocks",
            "actions",
            "answers",
            "survey",
            "decisions",
            "rounds",
            "verdict",
            "certificates",
            "scores",
            "mails",
        ]
        | None
    ) = None


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

    model_config = ConfigDict(populate_by_name=True)

    key: Key
    name: Text
    purpose: Text
    departments: tuple[Key, ...] = Field(min_length=1)
    owner: People
    admins: tuple[People, ...] = Field(default=(), max_length=20)  # besides the owner
    command: Key
    case_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}$")]
    start_form: Key
    start: Key  # the first node
    started_by: People | None = None  # None: everybody
    schedules: tuple[Schedule, ...] = Field(default=(), max_length=20)
    web_form: WebForm | None = None  # None: customers cannot file
    withdraw_until: str = "end"  # "first_decision", "end" or a node id
    revoke: Revocation | None = None  # None: a completed case stays completed
    targets: tuple[Target, ...] = ()
    business_end: Key | None = None  # the node whose entry ends the handling; None: the end
    grouped_by: FieldId | None = None  # the choice by which figures are grouped, such as a grade
    approvals: Approvals | None = None
    forms: dict[Key, Form]
    tables: dict[FieldId, Table] = Field(default={})
    facts: dict[FieldId, FactRule] = Field(default={})
    scorecards: dict[FieldId, Scorecard] = Field(default={})
    actions: dict[Key, Action] = Field(default={})
    clocks: dict[Key, CaseClock] = Field(default={})
    ladders: dict[Key, Ladder] = Field(default={})
    penalties: Penalties | None = None
    pause: Pause | None = None
    nodes: tuple[Node, ...] = Field(min_length=2, max_length=200)
    survey: Survey | None = None
    employee_survey: EmployeeSurvey | None = None
    review: Review | None = None
    training: Training | None = None
    document: Document | None = None
    mails: tuple[Mail, ...] = Field(default=(), max_length=20)
    alerts: tuple[Alert, ...] = Field(default=(), max_length=20)
    listing: Register | None = Field(default=None, alias="register")
    roles: dict[Key, Text] = Field(default={})  # their names, by role
    _before: tuple[Definition, ...] = PrivateAttr(default=())  # earlier versions, the newest first

    def node(self, node_id: str) -> Node:
        """Return the node with this id, of an earlier version if this one has it no more.

        KeyError without one, which lint rules out.
        """
        for node in self.nodes:
            if node.id == node_id:
                return node
        earlier = (node for one in self._before for node in one.nodes if node.id == node_id)
        for node in earlier:
            return node
        raise KeyError(node_id)

    def has_node(self, node_id: str) -> bool:
        """Return whether this version itself has a node."""
        return any(node.id == node_id for node in self.nodes)

    @property
    def before(self) -> tuple[Definition, ...]:
        """The earlier versions of a case that was moved on from them, the newest first."""
        return self._before

    def follow(self, earlier: Iterable[Definition]) -> Self:
        """Return it, which from now on finds nodes of these versions too, the newest first."""
        self._before = tuple(earlier)
        return self

    def work_node(self, node_id: str) -> WorkNode:
        """Return the task or approval node with this id."""
        node = self.node(node_id)
        assert isinstance(node, TaskNode | ApprovalNode)
        return node

    def rules_of(self, node: ApprovalNode) -> Approvals:
        """Return the rules by which it is decided who may decide this approval."""
        own = {key: getattr(node, key) for key in Approvals.model_fields}
        given = {key: value for key, value in own.items() if value is not None}
        rules = self.approvals or UNWRITTEN
        return rules.model_copy(update=given) if given else rules

    @property
    def kept(self) -> Mapping[str, Kept]:
        """How its facts are named and written, by the names by which conditions read them."""
        found: dict[str, Kept] = {}
        for key, card in self.scorecards.items():
            found[f"{key}.score"] = Kept(name=card.name)
            found[f"{key}.grade"] = Kept(name=card.name, options=card.grades)
        for key, rule in self.facts.items():
            found[key] = Kept(name=rule.name, currency=rule.currency, options=rule.options)
        return found

    @property
    def subject_field(self) -> FormField | None:
        """The field that identifies a case in a list: the first text of the start form."""
        fields = self.forms[self.start_form].fields
        return next((field for field in fields if field.type is FieldType.TEXT), None)

    def asked_in(self, what: str, form_key: str) -> tuple[FormField, ...]:
        """Return the fields of a form that were asked where it was taken.

        `what` is the key of the taken form, see `workflows.case.task.form_key`; none if the
        definition has no such form.
        """
        form = self.forms.get(form_key)
        if form is None:
            return ()
        kind, _, place = what.partition(":")
        node_id, _, subject = place.partition(":")
        if kind != "task" or not subject:
            return form.fields
        node = self.work_node(node_id)
        alone = isinstance(node, TaskNode) and node.only is not None
        return form.about(subject) if alone else form.fields

    @property
    def unique(self) -> tuple[str, ...]:
        """The ids of the fields whose value no other open case has."""
        return tuple(dict.fromkeys(field.id for _, field in self.all_fields() if field.unique))

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

    def asked_as(self, field_id: str) -> tuple[FormField, ...]:
        """Return the fields that are asked for this one: two for a certificate, one for others."""
        field = self.field(field_id)
        if field is None:
            return ()
        whole = field.certificate
        return (field,) if whole is None or whole.id != field_id else whole.parts

    def with_expiries(self, ids: Iterable[str]) -> frozenset[str]:
        """Return these ids of fields; with a certificate also that of its expiry."""
        named = frozenset(ids)
        return named | {part.id for field_id in named for part in self.asked_as(field_id)}

    def mail(self, mail_id: str) -> Mail | None:
        """Return the mail with this id, or None."""
        return next((mail for mail in self.mails if mail.id == mail_id), None)

    def named(self, name: str) -> FormField | None:
        """Return the first field that fills the value of this name: its own, or that of its sum."""
        return next((field for _, field in self.all_fields() if name in field.names), None)
