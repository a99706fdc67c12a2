"""A decision being made: events so far and the state they already add up to.

One command can cascade (complete → route → enter → open → plan), and each step looks at the state
that the one before left. A Draft lives inside one call of `decide` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.case.events import SYSTEM, Body, Event, evolve
from workflows.case.people import find_people
from workflows.case.state import Case, Task
from workflows.case.world import World
from workflows.errors import Refusal


class Draft:
    """Collects the events of one decision: `emit` what the actor did, `cause` all the rest."""

    def __init__(
        self,
        case: Case | None,
        *,
        actor: str,
        via: str,
        values: Mapping[str, object],
        world: World,
    ) -> None:
        """`values` are those of the form that was sent with the command, by field id."""
        self._case = case
        self.actor = actor
        self.via = via
        self.world = world
        self.values: Mapping[str, object] = {**world.values, **values}
        self.steps: list[tuple[Event, Case]] = []  # each event with the state after it

    @property
    def case(self) -> Case:
        """The state after the events so far."""
        assert self._case is not None, "no event yet"
        return self._case

    def emit(self, body: Body, *, on_behalf_of: str | None = None) -> None:
        """Add what the command's actor did."""
        self._add(body, self.actor, self.via, on_behalf_of)

    def cause(self, body: Body) -> None:
        """Add what follows from it by a rule of the definition."""
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

    # ------------------------------------------------------------------ looking

    def task(self, task_id: str) -> Task:
        """The task with this id; Refusal when the case has none."""
        task = self.case.task(task_id)
        if task is None:
            raise Refusal("task_unknown")
        return task

    def holds(self, condition: str | None) -> bool:
        """Whether a condition of the definition holds now; no condition always holds."""
        return condition is None or self.world.conditions[condition].evaluate(self.values)

    def people(self, expression: str, *, assignees: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Who is meant by an expression of the definition, now."""
        return find_people(
            expression, case=self.case, world=self.world, values=self.values, assignees=assignees
        )
