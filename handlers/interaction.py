"""The context of an interaction that is being handled: person, language, transaction and case.

A use case that only shows something gets a `Looking`; one that acts gets an `Interaction`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from handlers import casework
from handlers.contents import keep
from handlers.i18n import Translator, Typed, translator
from handlers.office import Office
from handlers.pages import Answer, Tone
from handlers.reading import policy
from handlers.reading.formatter import name_of
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.directory import Directory, Person
from workflows.engine import decide
from workflows.flow import authority
from workflows.flow.ended import whole
from workflows.model.definition import Definition
from workflows.model.nodes import WorkNode

Some = TypeVar("Some", bound="Looking")
UNWRITTEN = ContentRef(id="unwritten", digest="")  # a placeholder for a text not yet typed


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The person of an interaction, their language, and the transaction."""

    tx: Tx
    office: Office
    directory: Directory
    person: Person
    via: str
    language: str
    typed: Typed | None = None  # how commands are typed on the platform of the answer

    def looking(self, token: Token) -> Looking:
        """Return the context for showing a case. Raises Refusal if they may not read it."""
        return self._opened(Looking, token)

    def acting(self, token: Token) -> Interaction:
        """Return the context for acting on a case. Raises Refusal if they may not read it."""
        return self._opened(Interaction, token)

    def _opened(self, kind: type[Some], token: Token) -> Some:
        it = kind(
            tx=self.tx,
            office=self.office,
            directory=self.directory,
            person=self.person.key,
            via=self.via,
            language=self.language,
            token=token,
        )
        it.require_reader()
        return it


@dataclass(frozen=True, kw_only=True)
class Looking:
    """The context of a use case. Valid inside one unit of work, which may be read-only."""

    tx: Tx
    office: Office
    directory: Directory
    person: str  # key
    via: str
    language: str
    token: Token

    @cached_property
    def stored(self) -> Case:
        """The case of the token at the beginning of the unit. Raises Refusal if there is none."""
        return casework.find(self.tx, self.token.case_id)

    @cached_property
    def case(self) -> Case:
        """The case of the token, whole if its task has left the stored state."""
        if not self.stored.has_left(self.token.task):
            return self.stored
        return whole(chained.event for chained in self.tx.cases.events(self.stored.id))

    @cached_property
    def world(self) -> World:
        """The world of the case, see `workflows/case/world.py`."""
        loaded = self.office.shelf.of(self.tx, self.case)
        return casework.world_of(self.tx, self.office, self.case, loaded)

    @property
    def definition(self) -> Definition:
        """The version of the definition by which the case runs."""
        return self.world.definition

    def require_reader(self) -> None:
        """Raise Refusal if the person may not read the case."""
        policy.require_reader(self.tx, self.case, person=self.person, world=self.world)

    @property
    def words(self) -> Translator:
        """The texts in the language of the person."""
        return translator(self.language)

    def own_task(self) -> tuple[Task, WorkNode]:
        """Return the task of the token and its node. Raises Refusal if they may not decide it.

        The engine checks the same when the form is submitted; here it is checked before it opens.
        """
        draft = Draft(self.case, actor=self.person, via=self.via, values={}, world=self.world)
        task, _ = authority.require_owner(draft, self.token.task)
        return task, self.definition.work_node(task.node)

    def would(self, command: Command) -> None:
        """Raise what the engine would raise for a command, before its form is filled in."""
        decide(self.case, command, self.world)

    def name(self, key: str) -> str:
        """Return a person's name in the reader's language."""
        return name_of(self.directory.get(key), self.language)

    def names(self, keys: Iterable[str]) -> str:
        """Return names in one line."""
        return translator(self.language).t("name.separator").join(map(self.name, keys))

    def node_name(self, case: Case) -> str:
        """Return the name of a case's newest node in the reader's language."""
        return self.definition.node(case.node).name.of(self.language)

    def step_name(self, case: Case) -> str:
        """Return the name of the node of the task of the token, which may not be the newest one."""
        task = case.task(self.token.task)
        node = case.node if task is None else task.node
        return self.definition.node(node).name.of(self.language)


@dataclass(frozen=True, kw_only=True)
class Interaction(Looking):
    """The context of a use case that carries out one command."""

    def change(self, command: Command) -> Case:
        """Carry out a command on the token's case and return its new state."""
        if self.case is not self.stored:
            self.would(command)  # which says what became of a task that has left the state
        return casework.carry_out(self.tx, self.office, self.stored, command, self.world)

    def decided(self, case: Case) -> Answer:
        """Return the answer to a decision: where it has led, or only that its own step is done.

        A branch may wait for another one, and one that ends leads nowhere.
        """
        entered = case.entered > self.stored.entered
        if entered and any(visit.node == case.node for visit in case.visits):
            return self.done("answer.decided", next=self.node_name(case))
        return self.done("answer.step_done", node=self.step_name(case))

    def ended(self, case: Case) -> Answer:
        """Return the answer to a decision that ended the case, with the status that it got."""
        if case.status is Status.COMPLETED:
            return self.done("answer.closed", case=case.id)
        undone = case.first_closed_at is not None and case.status is Status.WITHDRAWN
        msgid = "status.revoked" if undone else f"status.{case.status.value}"
        status = translator(self.language).t(msgid)
        return self.done("answer.ended", case=case.id, status=status)

    def keep_text(self, kind: str, text: str, **more: object) -> ContentRef:
        """Store a text of the person as content of the token's case."""
        return self.keep(kind, {"text": text, **more})

    def keep(self, kind: str, body: dict[str, object]) -> ContentRef:
        """Store what the person filled in as content of the token's case."""
        content = keep(
            self.tx,
            self.office,
            case_id=self.case.id,
            kind=kind,
            author=self.person,
            body=body,
        )
        return content.ref

    def done(self, msgid: str, **facts: object) -> Answer:
        """Return the answer that it was done. `facts` are the placeholders of the message."""
        text = translator(self.language).t(msgid, **facts)
        return Answer(text=text, tone=Tone.GOOD, case_id=self.token.case_id)
