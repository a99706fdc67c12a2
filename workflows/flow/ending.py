"""The end of a case: its open tasks, its clocks, its status, and the survey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from workflows.case.clock import ClockStatus
from workflows.case.draft import Draft
from workflows.case.effects import (
    CLOSED,
    SURVEY,
    Effect,
    Lane,
    Post,
    Refresh,
    case_cards,
    progress,
    standing,
)
from workflows.case.events import SYSTEM, Body, Event
from workflows.case.state import Case, SurveyState
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.flow import clocks, facts, offering
from workflows.model.nodes import EndNode


class TaskCancelled(Body, frozen=True, kw_only=True):
    """The task was cancelled because it is not needed any more."""

    stored = "TaskCancelled"

    task: str
    reason: Literal["withdrawn", "returned", "ended", "taken_back", "decided", "jumped"]

    def apply(self, case: Case, event: Event) -> Case:
        """Set the status of the task; nobody can act on it any more."""
        task = case.known_task(self.task)
        case = case.with_task(
            self.task, status=TaskStatus.CANCELLED, decided_at=event.at, question=None
        )
        others = any(one.unfinished for one in case.ballot(task.visit))
        return case if others or task.parent else case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which lose their buttons."""
        yield from progress(self.task, soon=True)


class CaseClosed(Body, frozen=True, kw_only=True):
    """The case ended, with this status."""

    stored = "CaseClosed"

    status: Literal["completed", "rejected", "withdrawn", "terminated"]
    content: ContentRef | None = None
    told: tuple[str, ...] | UnsetType = UNSET  # besides, if an administrator ended it

    def apply(self, case: Case, event: Event) -> Case:
        """Set the status and the time of the end, and close all visits."""
        return replace(case, status=Status(self.status), closed_at=event.at, visits=())

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update every card and notify the people who had a part in the case."""
        yield from case_cards(soon=True)
        for task in case.tasks:  # also those about clocks of the whole case
            yield Refresh(task=task.id, soon=True)
        for person in self._told(case, event):
            yield Post(
                to=person, slot=CLOSED, kind="closed", lane=Lane.TASK, args=standing(case, person)
            )

    def _told(self, case: Case, event: Event) -> Iterator[str]:
        """Yield the people to be notified of the end.

        These are the filer, the people who had a part in the case and did not unwatch it, and those
        who watch it. A withdrawal notifies only those who watch; others see it on their cards,
        unless they were notified of an earlier end.
        """
        if self.status == "withdrawn" and case.first_closed_at is None:
            yield from (person for person in case.following if person != event.actor)
            return
        yield case.acting_filer
        workers = (task.decided_by for task in case.tasks if task.decided_by)
        before = (person for one in case.left for person in one.doers)
        others = (*case.copied, *case.escalated_to, *case.following)
        for person in dict.fromkeys((*before, *workers, *others, *(self.told or ()))):
            if person not in (case.acting_filer, SYSTEM, *case.unwatched):
                yield person


class SurveyAsked(Body, frozen=True, kw_only=True):
    """The filer was sent the survey."""

    stored = "SurveyAsked"

    to: str

    def apply(self, case: Case, event: Event) -> Case:
        """Add the survey, which has no answer yet; an earlier one counts until there is."""
        before = case.survey or SurveyState(to=self.to)
        return replace(case, survey=replace(before, to=self.to))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the question to the filer."""
        yield Post(to=self.to, slot=SURVEY, kind="survey", lane=Lane.TASK)


def end(draft: Draft, node: EndNode) -> None:
    """Close the case at an end node: cancel tasks, stop clocks, send the survey, once."""
    cancel_others(draft, reason="ended")
    for key, clock in draft.world.definition.clocks.items():
        clocks.stop(draft, key, why="done" if clock.until == "end" else "cancelled")
    stop_all_clocks(draft, why="cancelled")
    facts.note_options(draft, node.note)
    draft.cause(CaseClosed(status=node.status))
    survey = draft.world.definition.survey
    if survey is not None and node.status == "completed" and _asks(draft.case):
        for person in draft.people(survey.to)[:1]:
            draft.cause(SurveyAsked(to=person))


def _asks(case: Case) -> bool:
    """Return whether the survey is asked now: once, and again after a case was opened again."""
    return case.survey is None or case.survey.again


def cancel_others(draft: Draft, *, reason: Literal["withdrawn", "ended"]) -> None:
    """Cancel every task that is open or waits for its turn, with its clocks."""
    cancel(draft, (one for one in draft.case.tasks if one.unfinished), reason=reason)


def cancel(
    draft: Draft,
    tasks: Iterable[Task],
    *,
    reason: Literal["withdrawn", "returned", "ended", "jumped"],
) -> None:
    """Cancel these tasks with their clocks."""
    for task in tasks:
        draft.cause(TaskCancelled(task=task.id, reason=reason))
        offering.close_task_clocks(draft, task, why="cancelled")


def stop_all_clocks(draft: Draft, *, why: Literal["done", "cancelled"]) -> None:
    """Stop every clock that runs or is paused."""
    for clock in draft.case.clocks:
        if clock.status is not ClockStatus.STOPPED:
            clocks.stop(draft, clock.key, why=why)
