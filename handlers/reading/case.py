"""Reads a case for one reader; cards, tables, documents and the page are made from the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

from handlers.casework import find, world_of
from handlers.downtimes import downtimes
from handlers.office import Office
from handlers.reading.facts import fact_text, fact_title
from handlers.reading.filled import FilledField
from handlers.reading.formatter import Formatter
from handlers.reading.pilots import Pilots
from handlers.reading.policy import require_reader
from storage.unit import Tx
from workflows.actions.ask import QuestionAsked
from workflows.actions.wait_for import WaitingBegan
from workflows.case.clock import Clock, ClockKind, ClockStatus, about_of, kind_of
from workflows.case.events import Event
from workflows.case.fact import Fact
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.directory import Person
from workflows.flow import offer
from workflows.flow.ended import whole
from workflows.flow.start_clocks import node_of_clock, read_key
from workflows.flow.visibility import hidden_fields
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, FormField
from workflows.model.nodes import ApprovalNode
from workflows.moments import Moment
from workflows.records import FORM, Content


@dataclass(frozen=True, kw_only=True)
class Reading(Formatter):
    """A case as one reader may see it at one time; formats its values for that reader."""

    case: Case
    world: World
    contents: Mapping[str, Content]
    load_events: Callable[[], tuple[Event, ...]]
    load_event: Callable[[int], Event]
    load_downtimes: Callable[[], tuple[tuple[Moment, Moment], ...]]
    pilots: Pilots
    version: int
    reader: Person
    company: str

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The names of the values that the reader may not see."""
        key = self.reader.key
        return hidden_fields(self.case, person=key, world=self.world) if key else frozenset()

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events, read on first access. Only valid inside the transaction."""
        return self.load_events()

    def event(self, seq: int) -> Event:
        """Return one event, without reading the others. Only valid inside the transaction."""
        return self.events[seq - 1] if "events" in vars(self) else self.load_event(seq)

    @property
    def definition(self) -> Definition:
        """The definition with which the case was started."""
        return self.world.definition

    @cached_property
    def whole(self) -> Reading:
        """This reading, with the tasks that have left the state of a case of many years."""
        return replace(self, case=whole(self.events)) if self.case.gone else self

    def actor(self, event: Event) -> str:
        """Return the name of an event's actor: "B", or "B (for A)" if a deputy acted."""
        return self.performer(event.actor, on_behalf_of=event.on_behalf_of)

    def node(self, node_id: str) -> str:
        """Return the name of a node."""
        return self.text(self.definition.node(node_id).name)

    def node_of(self, task_id: str) -> str:
        """Return the name of a task's node; "" if there is no such task."""
        task = self.case.task(task_id)
        return self.node(task.node) if task is not None else ""

    @property
    def title(self) -> str:
        """The name of the process."""
        return self.text(self.definition.name)

    @property
    def subject(self) -> str:
        """The subject of the case: the value of `subject_field` of its definition."""
        field = self.definition.subject_field
        return self.shown(field) if field is not None else ""

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """All clocks: first those of the whole case, in the order of the definition."""
        found = (self.case.clock(key) for key in self.definition.clocks)
        whole = tuple(clock for clock in found if clock is not None)
        return (*whole, *(clock for clock in self.case.clocks if clock.kind is not ClockKind.CASE))

    def clock_name(self, key: str) -> str:
        """Return the name of a clock: its name in the definition, or that of its step."""
        kind, about = kind_of(key), about_of(key)
        if kind is ClockKind.CASE:
            return self.text(self.definition.clocks[key].name)
        variant = f"wait.{self._waits_for(about)}" if kind is ClockKind.WAIT else str(kind)
        signed = (one.id for one in self.case.tasks if one.visit == about)
        node = self.node_of(next(signed) if kind is ClockKind.VISIT else about)
        if kind is ClockKind.BEGIN and (subject := read_key(key)[2]):
            return self.words.t("clock.expiry", certificate=self.labels((subject,)))
        if kind in (ClockKind.UNTIL, ClockKind.BEGIN, ClockKind.WORK):
            node = self.node(node_of_clock(self.case, self.definition, key))
        return self.words.t(f"clock.{variant}", node=node)

    def _waits_for(self, task_id: str) -> str:
        """Return for whom a task waits, or waited last if it goes on."""
        if (task := self.case.task(task_id)) is not None and task.question is not None:
            return task.question.on
        pauses = [e.body for e in self.events if isinstance(e.body, QuestionAsked | WaitingBegan)]
        last = [one for one in pauses if one.task == task_id][-1:]
        return last[0].on if last and isinstance(last[0], WaitingBegan) else "filer"

    def fact_name(self, name: str) -> str:
        """Return the name of a fact; its key if the definition has none with this key."""
        return fact_title(name, self.definition, self)

    def fact_value(self, fact: Fact) -> str:
        """Return the value of a fact as text."""
        return fact_text(fact, self.definition, self)

    @cached_property
    def facts(self) -> tuple[tuple[str, str, str], ...]:
        """The latest facts of the definition as (key, name, value), in its order."""
        found = ((key, self.case.fact(key)) for key in self.definition.kept)
        return tuple(
            (key, self.fact_name(key), self.fact_value(fact))
            for key, fact in found
            if fact is not None and not self.hides_fact(key)
        )

    def hides_fact(self, key: str) -> bool:
        """Return whether a fact is calculated from what the reader may not see."""
        formula = self.world.formulas.get(key)
        return formula is not None and not formula.behind.isdisjoint(self.hidden)

    def outcome(self, task: Task, *, in_a_column: bool = False) -> str:
        """Return the outcome of a task, with the definition's label for it if there is one.

        The text also says which rule decided, and that a decision is void.

        Args:
            task: a completed task; without an outcome it is "complete".
            in_a_column: whether the text is for a table instead of a sentence.
        """
        text = self.outcome_at(task.node, task.outcome or "complete", in_a_column=in_a_column)
        if task.returns_to:
            nodes = self.listed(self.node(to) for to in task.returns_to)
            text = self.words.t("outcome.returned_to", outcome=text, nodes=nodes)
        if task.rule:
            text = self.words.t("outcome.by_rule", outcome=text, rule=self.rule(task))
        if task.taken_back:
            return self.words.t("outcome.taken_back", outcome=text)
        if task.voided:
            return self.words.t("outcome.void", outcome=text)
        return text

    def outcome_at(self, node_id: str, outcome: str, *, in_a_column: bool = False) -> str:
        """Return an outcome of a node as text; the arguments are those of `outcome`."""
        node = self.definition.node(node_id)
        text = self.words.t(f"document.outcome.{outcome}" if in_a_column else f"outcome.{outcome}")
        if isinstance(node, ApprovalNode):
            labels = (own.label for name, own in node.outcomes.items() if name == outcome)
            return next((self.text(label) for label in labels if label is not None), text)
        return text

    def rule(self, task: Task) -> str:
        """Return the rule by which the system decided a task, as a reason."""
        original = self.case.task(task.original)
        who = original.decided_by if original is not None else None
        node = self.node_of(task.original)
        return self.words.t(f"rule.{task.rule}", who=self.name(who), node=node)

    def labels(self, field_ids: Iterable[str]) -> str:
        """Return the labels of these fields, in a list."""
        found = (self.definition.field(field_id) for field_id in field_ids)
        return self.listed(self.text(field.label) for field in found if field is not None)

    @property
    def status(self) -> str:
        """The status of the case in the reader's language; one that was undone is revoked."""
        undone = self.case.first_closed_at is not None and self.case.status is Status.WITHDRAWN
        return self.words.t("status.revoked" if undone else f"status.{self.case.status.value}")

    @property
    def due_at(self) -> Moment | None:
        """The earliest due time of the running clocks that have a ladder, or None."""
        running = (c for c in self.case.clocks if c.status is ClockStatus.RUNNING and c.ladder)
        return min((clock.due_at for clock in running), default=None)

    def in_full(self, one: FilledField) -> str:
        """Return a value as text; rows with all their cells."""
        rows = one.field.type is FieldType.ROWS and one.value
        return self.rows_in_full(one.field, one.value) if rows else one.text

    @cached_property
    def fields(self) -> tuple[FilledField, ...]:
        """Every field of the definition's forms once, in the order of the definition."""
        return tuple(map(self.latest, self.definition.every_field()))

    @cached_property
    def _asked(self) -> Mapping[str, Content]:
        """The latest content whose form has the field, by the field's id."""
        last: dict[str, Content] = {}
        for what, ref in self.case.forms:
            if (content := self.contents.get(ref.id)) is not None:
                asked = self.definition.asked_in(what, content.kind.removeprefix(FORM))
                last.update((field.id, content) for field in asked)
        return last

    def latest(self, field: FormField) -> FilledField:
        """Return a field of the definition with its latest value."""
        content = None if field.id in self.hidden else self._asked.get(field.id)
        erased = content is not None and content.body is None
        hidden = erased or field.id in self.hidden
        value = None if hidden else self.world.values.get(field.id)
        return FilledField(
            field=field,
            label=self.text(field.label),
            value=value,
            text=self.value(field, value),
            files=self.links(value) if field.type is FieldType.FILES else (),
            asked=content is not None,
            erased=erased,
        )

    def shown(self, field: FormField) -> str:
        """Return the latest value of a field as text; a notice if that value was erased."""
        one = self.latest(field)
        return self.words.t("content.erased") if one.erased else one.text

    def is_erased(self, ref: ContentRef) -> bool:
        """Return whether a piece of content was erased."""
        content = self.contents.get(ref.id)
        return content is None or content.body is None

    def written(self, ref: ContentRef | None) -> str:
        """Return a form's fields as lines, and the text; a notice if the content was erased."""
        return "\n".join(filter(None, (self.filled(ref), self.body_text(ref))))

    def body_text(self, ref: ContentRef | None) -> str:
        """Return the text of a comment, a reason or a question.

        Returns "" for None, and a notice if the content was erased.
        """
        if ref is not None and self.is_erased(ref):
            return self.words.t("content.erased")
        return str(self.body(ref).get("text") or "")

    def body(self, ref: ContentRef | None) -> Mapping[str, Any]:
        """Return a piece of content as stored; empty for None and if it was erased."""
        content = self.contents.get(ref.id) if ref is not None else None
        return {} if content is None or content.body is None else content.body

    def body_values(self, ref: ContentRef | None) -> Mapping[str, object]:
        """Return the values of a submitted form that the reader may see; none if it was erased."""
        values = self.body(ref).get("values", {})
        assert isinstance(values, Mapping), "forms are stored as objects"
        return {name: value for name, value in values.items() if name not in self.hidden}

    def filled(self, ref: ContentRef | None, *, skip: tuple[FieldType, ...] = ()) -> str:
        """Return a submitted form as lines of "label: value", in the order of the definition.

        Fields of the types in `skip` are left out.
        """
        values = self.body_values(ref)
        lines = []
        for field in self.definition.every_field():
            given = values.get(field.id)
            shown = "" if field.type in skip else self.value(field, given)
            if shown and field.type is FieldType.ROWS:
                shown = self.rows_in_full(field, given)
            if shown:
                lines.append(self.words.t("fact.line", label=self.text(field.label), value=shown))
        return "\n".join(lines)

    def may_act(self, task: Task) -> bool:
        """Return whether the reader may act on a task now, as one of its owners or as a deputy."""
        standing = offer.standing(self.case, task, actor=self.reader.key, world=self.world)
        return standing is not None

    def task_clock(self, task: Task) -> Clock | None:
        """Return the clock of a task, or None; an added task has that of the task above it."""
        return self.case.clock(ClockKind.TASK.of(task.item))

    def visit_clock(self, task: Task) -> Clock | None:
        """Return the running or paused clock of all signers of a task's visit, or None."""
        clock = self.case.clock(ClockKind.VISIT.of(task.visit))
        return clock if clock is not None and clock.status is not ClockStatus.STOPPED else None


def open_case(
    tx: Tx,
    office: Office,
    *,
    case_id: str,
    reader: Person,
    language: str,
    on_paper: bool = False,
    row: bool = False,
) -> Reading:
    """Read a case for a person, after checking that the person may read it.

    Args:
        language: "zh" or "en".
        on_paper: whether every time has its year, for a document that may be read years later.
        row: whether it is for a row of a list, which needs neither the files nor the version.

    Raises:
        Refusal: `not_your_case` if the reader may not read it, `case_unknown` if there is none.
    """
    reading = open_unchecked(
        tx, office, case_id=case_id, reader=reader, language=language, on_paper=on_paper, row=row
    )
    require_reader(tx, reading.case, person=reader.key, world=reading.world)
    return reading


_OUTSIDE = Person(key="", id="", name="")  # the time zone is the company's


def open_unchecked(
    tx: Tx,
    office: Office,
    *,
    case_id: str,
    language: str,
    reader: Person = _OUTSIDE,
    lasting: bool = False,
    on_paper: bool = False,
    row: bool = False,
) -> Reading:
    """Read a case without checking whether the reader may read it.

    For messages of the case to their recipients, and for the command line and exports, whose user
    has access to the database; these have no reader. A test lists the callers.

    Args:
        lasting: whether the text is read on other days too, so that it has no "today".
        on_paper, row: as for `open_case`.

    Raises:
        Refusal: `case_unknown`.
    """
    case = find(tx, case_id, lock=False)
    stored = None if row else tx.definitions.get(case.definition)
    contents = tx.contents.of_case(case_id)
    loaded = office.shelf.of(tx, case)
    world = world_of(tx, office, case, loaded, contents=contents)
    return Reading(
        case=case,
        world=world,
        directory=world.directory,
        now=world.now,
        contents=contents,
        files={} if row else {file.id: file for file in tx.files.of_case(case_id)},
        load_events=cache(lambda: tuple(chained.event for chained in tx.cases.events(case_id))),
        load_event=partial(_event, tx, case_id),
        load_downtimes=partial(downtimes, tx),
        pilots=Pilots(tx=tx, office=office, case=case),
        version=stored.version if stored is not None else 0,
        reader=reader,
        language=language,
        zone=office.company.zone_of(reader),
        company=office.company.name_in(language),
        lasting=lasting,
        on_paper=on_paper,
    )


def _event(tx: Tx, case_id: str, seq: int) -> Event:
    chained = tx.cases.event(case_id, seq)
    assert chained is not None, f"{case_id} has no event {seq}"
    return chained.event
