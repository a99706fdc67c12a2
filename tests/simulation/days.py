"""A second reckoning of the days on which a supplier's certificates and contract run out.

Each day is to be seen: its warnings come before, unless it was known too late or has moved, and
once it is over, what it starts has begun or waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.simulation.forms import EXPIRES, Forms
from workflows.calendar import WorkCalendar
from workflows.case.events import Event
from workflows.moments import DAY, HOUR, MINUTE, Moment

DOWN = 3 * DAY  # what was due so short a time before people acted may have met a downtime or a hold
UNSURE = 2 * HOUR  # a warning so soon after its day was known may have been left out
EARLY = 6 * MINUTE

Wrong = Callable[[str, Event, str], None]
_Key = tuple[str, str]  # of a start: its id, and its certificate or ""


@dataclass(slots=True, kw_only=True)
class _Watched:
    """A day that is known: since when, its warnings by rung, and what has come of it."""

    last: date  # the last day on which it is valid
    due: Moment  # when what it starts begins
    since: Moment
    known: Event  # what made it known
    warnings: Mapping[str, Moment]  # by the number of the rung
    seen: set[str] = field(default_factory=set)  # rungs that fired, or were left out by name
    began: list[Event] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Days:
    """The days of one supplier, while it rests."""

    wrong: Wrong
    definition: Mapping[str, Any]
    calendar: WorkCalendar
    watched: dict[_Key, _Watched] = field(default_factory=dict)
    past: dict[_Key, date] = field(default_factory=dict)  # the day that each start saw last

    def look(self, event: Event, forms: Forms) -> None:
        """The forms say this now: days that are new or have moved are watched from now on."""
        now = {("certificate_out", one): day for one, day in self._certificates(forms)}
        end = forms.day("contract_end")
        if end is not None:
            now["contract_out", ""] = end
        for key in [one for one in self.watched if self.watched[one].last != now.get(one)]:
            self._unseen(self.watched.pop(key), key, until=event.at - DOWN)
        for key, last in now.items():
            if key not in self.watched and self.past.get(key) != last:
                self.watched[key] = self._new(event, key, last)

    @staticmethod
    def _certificates(forms: Forms) -> Iterator[tuple[str, date]]:
        for one in forms.certificates:
            day = forms.day(f"{one['id']}{EXPIRES}")
            if day is not None:
                yield one["id"], day

    def _new(self, event: Event, key: _Key, last: date) -> _Watched:
        due = self.calendar.opening_of(last + timedelta(days=1))
        warnings: dict[str, Moment] = {}
        for number, rung in enumerate(self._rungs() if key[1] else ()):
            ahead = str(rung["at"]).removeprefix("due").removeprefix(" - ").removesuffix("d")
            at = due - int(ahead or 0) * DAY
            if at > event.at + UNSURE:
                warnings[str(number)] = at
        return _Watched(last=last, due=due, since=event.at, known=event, warnings=warnings)

    def _rungs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.definition["ladders"]["certificate"]["rungs"]
        return found

    # ------------------------------------------------------------------ what is seen

    def warned(self, clock: str, rungs: tuple[str, ...]) -> None:
        """Warnings fired, or were left out because a higher one came or nobody is new."""
        kind, _, about = clock.partition(":")
        if kind == "begin" and len(parts := about.split(":")) > 1:
            key = (parts[1], next(iter(parts[2:]), ""))
            if key in self.watched:
                self.watched[key].seen.update(rungs)

    def began(self, at: Moment, event: Event, body: Any, *, waited: bool) -> None:
        """A start by a day began, or is due and waits; `waited` if it was due before."""
        key = (body.start, body.subject)
        day = self.watched.get(key)
        if waited:
            return
        if day is None or body.period != (day.last + timedelta(days=1)).isoformat():
            self.wrong("expiry", event, f"for no day that is known: {day and day.last}")
            return
        if day.began:
            self.wrong("expiry", event, "a second time for one day")
        if at < day.due - EARLY:
            self.wrong("expiry", event, "before the day was over")
        day.began.append(event)
        self.past[key] = day.last

    def ends(self, until: Moment) -> None:
        """Nothing is watched any more: what was due until then was seen."""
        for key, day in self.watched.items():
            self._unseen(day, key, until=until)
        self.watched = {}

    def _unseen(self, day: _Watched, key: _Key, *, until: Moment) -> None:
        """A day is watched no longer: what was to be seen of it until then was."""
        for rung, at in day.warnings.items():
            if at < until and rung not in day.seen:
                self.wrong("expiry", day.known, f"{key} {day.last}: no warning {rung}")
        if day.due < until and not day.began:
            self.wrong("expiry", day.known, f"{key} {day.last}: it ran out unseen")
