"""Watch: be notified of the comments on a case and of its end, or stop being notified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, every_card
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.errors import Refusal
from workflows.flow import authority


class WatchChanged(Body, frozen=True, kw_only=True):
    """The actor began (`on`) or stopped watching the case."""

    stored = "WatchChanged"

    on: bool

    def apply(self, case: Case, event: Event) -> Case:
        """Add the actor to those who watch, or to those who opted out."""
        if self.on:
            return case.with_watcher(event.actor)
        return case.without_watcher(event.actor)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the actor's cards, which have another button now."""
        yield from every_card(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Command):
    """Begin (`on`) or stop watching. A closed case cannot be watched anew."""

    on: bool

    def decide(self, draft: Draft) -> None:
        """Refuse a change that changes nothing, and an actor who may not read the case."""
        authority.require_reader(draft)
        if draft.case.watches(self.actor) == self.on:
            raise Refusal("already_watching" if self.on else "not_watching")
        if self.on:
            authority.require_running(draft)
        draft.emit(WatchChanged(on=self.on))


def _watch(deed: Deed) -> Command:
    return Watch(actor=deed.actor, via=VIA, on=deed.does == "watch")


ACTION = ActionType(
    name="watch",
    command=Watch,
    events=(WatchChanged,),
    does={"watch": _watch, "unwatch": _watch},
    rehearsal=Untried(why="it changes who is told, never the way of the case"),
)
