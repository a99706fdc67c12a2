"""Start: file a new case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import CASE, Effect, Lane, Post
from workflows.case.events import Body, Event, FirstBody
from workflows.case.state import Case, Parent
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import clocks, entering, facts


class CaseStarted(FirstBody, frozen=True, kw_only=True, omit_defaults=True):
    """A case was filed; `case` is its number, `again_of` that of the ended case that it copies.

    `department` is that of the filer then, "" in events of earlier releases.
    """

    stored = "CaseStarted"

    case: str
    process: str
    definition: str  # the hash of the definition of the case
    filer: str
    content: ContentRef
    again_of: str = ""
    department: str = ""

    def begin(self, event: Event) -> Case:
        """Return the state of a new case."""
        return Case(
            id=self.case,
            process=self.process,
            definition=self.definition,
            filer=self.filer,
            status=Status.RUNNING,
            created_at=event.at,
            seq=event.seq,
            node="",
            again_of=self.again_of,
            forms=(("start", self.content),),
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the filer a card about the case."""
        yield Post(to=self.filer, slot=CASE, kind="case", lane=Lane.ANSWER)


class StartedFor(Body, frozen=True, kw_only=True):
    """The case was started by another one, whose visit waits for its end."""

    stored = "StartedFor"

    case: str
    visit: str

    def apply(self, case: Case, event: Event) -> Case:
        """Record the other case."""
        return replace(case, parent=Parent(case=self.case, visit=self.visit))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCase(Command):
    """File a new case.

    Raises Refusal `may_not_start` when `started_by` of the definition does not name the actor.
    """

    case_id: str
    definition: str
    content: ContentRef
    parent: Parent | None = None  # the case that starts it
    again_of: str = ""

    def decide(self, draft: Draft) -> None:
        """Begin the case, start its clocks and enter the first node."""
        definition = draft.world.definition
        filer = draft.world.directory.get(self.actor)
        draft.emit(
            CaseStarted(
                case=self.case_id,
                process=definition.key,
                definition=self.definition,
                filer=self.actor,
                content=self.content,
                again_of=self.again_of,
                department=filer.department if filer is not None else "",
            )
        )
        if self.parent is not None:
            draft.cause(StartedFor(case=self.parent.case, visit=self.parent.visit))
        starters = definition.started_by
        if starters is not None and self.actor not in draft.people(starters):
            raise Refusal("may_not_start")
        facts.begin(draft)
        facts.note(draft, self.values)
        clocks.start_case_clocks(draft)
        entering.enter(draft, definition.start)


def _file(deed: Deed) -> Command:
    return StartCase(
        actor=deed.actor,
        via=VIA,
        case_id=deed.case_id,
        definition=deed.definition,
        content=CONTENT,
        values=deed.values,
    )


ACTION = ActionType(
    name="start",
    command=StartCase,
    events=(CaseStarted, StartedFor),
    does={"file": _file},
    rehearsal=Untried(why="every rehearsal begins with it"),
)
