"""The engine: decides a command on the state of a case (rules: every command).

Every accepted command emits at least one event; a command that would change nothing is refused, so
that the person gets the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh
from workflows.case.events import Event
from workflows.case.state import Case
from workflows.case.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The result of a command: at least one event, each with the state after it."""

    steps: tuple[tuple[Event, Case], ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, in order."""
        return tuple(event for event, _ in self.steps)

    @property
    def case(self) -> Case:
        """The state after all events."""
        return self.steps[-1][1]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects of all events, without duplicates."""
        return tuple(once(e for event, case in self.steps for e in event.body.effects(case, event)))


def decide(case: Case | None, command: Command, world: World) -> Decision:
    """Return the decision on a command; `case` is None for the command that files a case.

    The arguments are not changed. Raises Refusal when a rule forbids the command.
    """
    draft = Draft(case, actor=command.actor, via=command.via, values=command.values, world=world)
    command.decide(draft)
    assert draft.steps, f"{type(command).__name__} was accepted and left no event"
    return Decision(steps=tuple(draft.steps))


def once(effects: Iterable[Effect]) -> Iterator[Effect]:
    """Yield the effects without duplicates; of equal refreshes one that is `soon` is kept."""
    found: dict[tuple[object, ...], Effect] = {}
    for effect in effects:
        if isinstance(effect, Refresh):
            key: tuple[object, ...] = ("refresh", effect.task, effect.slot)
            if effect.soon and key in found:
                found[key] = effect
        else:
            key = ("post", effect.to, effect.slot)
        found.setdefault(key, effect)
    yield from found.values()
