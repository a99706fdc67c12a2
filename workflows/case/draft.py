"""A decision in progress: the events so far and the state that results from them.

One command can cause a cascade of events (complete, take a route, enter a node, open a task, plan
its clock), and each step depends on the state after the one before. A Draft exists only within one
call of `engine.decide`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import cast

from workflows.case.events import SYSTEM, Body, Event, evolve
from workflows.case.people import find_people
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.case.world import Deferred, World
from workflows.errors import Refusal


def readable(case: Case, values: Mapping[str, object]) -> Mapping[str, object]:
    """Return what conditions read: form values, and the facts of the case.

    A condition that reads only facts reads no form.
    """
    facts: dict[str, object] = {
        fact.name: fact.value for fact in case.facts if not fact.subject and not fact.voided
    }
    return ChainMap(facts, cast("dict[str, object]", values)) if facts else values


class Draft:
    """Collects the events of one decision.

    `emit` adds what the actor did, `cause` what follows from it by a rule.
    """

    def __init__(
        self,
        case: Case | None,
        *,
        actor: str,
        via: str,
        values: Mapping[str, object],
        world: World,
    ) -> None:
        """Begin a decision on a case, or on no case for the command that files one.

        `values` are the values of the form that was submitted with the command, by field id; they
        take precedence over those of the world.
        """
        self._case = case
        self.actor = actor
        self.via = via
        self.world = world
        self.values: Mapping[str, object] = world.values
        if values:
            self.values = Deferred(lambda: {**world.values, **values})
        self.steps: list[tuple[Event, Case]] = []  # each event with the state after it

    @property
    def case(self) -> Case:
        """The state after the events so far."""
        assert self._case is not None, "no event yet"
        return self._case

    def emit(self, body: Body, *, on_behalf_of: str | None = None) -> None:
        """Add an event with the command's actor as its actor.

        `on_behalf_of` is the key of the principal when the actor is a deputy.
        """
        self._add(body, self.actor, self.via, on_behalf_of)

    def cause(self, body: Body) -> None:
        """Add an event that follows by a rule of the definition.

        Its actor is the system, `via` is "timer" if a timer fired and "rule" otherwise.
        """
        via = "timer" if self.via == "timer" else "rule"
        self._add(body, SYSTEM, via, None)

    def _add(self, body: Body, actor: str, via: str, on_behalf_of: str | None) -> None:
        event = Event(
            seq=(self._case.seq if self._case else 0) + 1,
            at=self.world.now,
            actor=actor,
            on_behalf_of=on_behalf_of,
            via=via,
            body=body,
        )
        self._case = evolve(self._case, event)
        self.steps.append((event, self._case))

    # ------------------------------------------------------------------ queries

    def task(self, task_id: str) -> Task:
        """Return the task with this id.

        Raises Refusal `task_unknown` when the case has none.
        """
        task = self.case.task(task_id)
        if task is None:
            raise Refusal("task_unknown")
        return task

    def people(self, expression: str, *, assignees: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the keys of the people that an expression of the definition names now.

        `assignees` are the people that `assignee` means in it.
        """
        return find_people(
            expression, case=self.case, world=self.world, values=self.values, assignees=assignees
        )
