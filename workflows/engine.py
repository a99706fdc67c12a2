"""The engine: a command on the state of a case, decided; the rules of `features.md` §5.

Every accepted command leaves at least one event; a command that would change nothing is refused,
so that the person who gave it hears why.
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
    """What came of a command: events, each with the state after it. There is at least one."""

    steps: tuple[tuple[Event, Case], ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        return tuple(event for event, _ in self.steps)

    @property
    def case(self) -> Case:
        """The state after all of it."""
        return self.steps[-1][1]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The messages that are owed because of it, each once."""
        return tuple(once(e for event, case in self.steps for e in event.body.effects(case, event)))


def decide(case: Case | None, command: Command, world: World) -> Decision:
    """What happens because of a command. Raises Refusal; never changes its arguments."""
    draft = Draft(case, actor=command.actor, via=command.via, values=command.values, world=world)
    command.decide(draft)
    assert draft.steps, f"{type(command).__name__} was accepted and left no event"
    return Decision(steps=tuple(draft.steps))


def once(effects: Iterable[Effect]) -> Iterator[Effect]:
    """These effects without those that say the same again; the one that is due soon stays."""
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
