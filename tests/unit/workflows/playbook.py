"""Scripts in which people act and time passes, on the real engine.

::

    play >> claim("liu.yang") << then.TaskClaimed(by="liu.yang")
    play >> complete("li.na") << refused("action_missing", action="answered")
    play >> until("2026-03-02 17:00") << then.Escalated(to=["he.jun"]) << whatever

`>>` makes something happen, `<<` says what is expected of it, event by event and in order; only the
named fields are compared. An event that nobody expected fails the script at the next `>>` or at its
`end`. After every step the laws of `laws.py` are checked. Times are local, people are readable ids.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import ndiff
from typing import Any

from tests.unit.workflows import office
from tests.unit.workflows.laws import lawful_decide
from tests.unit.workflows.office import key, local, moment
from workflows.actions.fire_timers import FireTimers
from workflows.actions.take_back import TakeBack
from workflows.case.clock import PlannedRung
from workflows.case.command import Command
from workflows.case.effects import Effect, Post
from workflows.case.events import SYSTEM, Body, Event, evolve
from workflows.case.passed_over import PassedOver
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.directory import Absence, Directory
from workflows.durations import Budget, Span, parse_span
from workflows.errors import Refusal
from workflows.loading import Loaded
from workflows.moments import Moment
from workflows.registry import EVENTS
from workflows.tables import TableValue

Step = Callable[["Playbook"], None]
MAX_FIRINGS = 1000  # of one step; more is a timer that never ends

LONGEST = 10**14  # microseconds, three years: a greater number in an event is a moment


class Playbook:
    """A case under test, its world, and what has happened that nobody asked about yet."""

    def __init__(
        self,
        process: Loaded | None = None,
        *,
        start: str = "2026-03-02 09:00",
        directory: Directory | None = None,
    ) -> None:
        self.process = process or office.complaint()
        self.now = moment(start)
        self.directory = directory or office.directory()
        self.calendar = office.calendar()
        self.values: dict[str, object] = {}
        self.forms: dict[str, Mapping[str, object]] = {}  # what was submitted, by its content
        self.loads: dict[str, int] = {}
        self.tables: dict[str, tuple[TableValue, ...]] = {}
        self.quiet: set[str] = set()
        self.state: Case | None = None
        self.history: tuple[Event, ...] = ()
        self.effects: tuple[Effect, ...] = ()
        self.news: list[Event | Refusal] = []
        self._contents = 0

    # ------------------------------------------------------------ the script

    def __rshift__(self, step: Step) -> Playbook:
        """Make something happen."""
        self.end()
        self.effects = ()
        step(self)
        return self

    def __lshift__(self, expected: Expected) -> Playbook:
        """Expect the next thing that happened."""
        expected.check(self)
        return self

    def end(self) -> None:
        """Fail if something happened that nobody expected."""
        assert not self.news, "nobody expected:\n" + "\n".join(map(self.said, self.news))

    # ------------------------------------------------------------ what steps do

    def give(self, command: Command) -> None:
        """Let the engine decide; what comes of it is news."""
        try:
            events, case, effects = lawful_decide(self.history, self.state, command, self.world)
        except Refusal as refusal:
            self.news.append(refusal)
            return
        self.state, self.history = case, (*self.history, *events)
        self.effects = (*self.effects, *effects)
        self.values.update(command.values)
        content = getattr(command, "content", None)
        if content is not None:
            self.forms[content.id] = command.values
        if isinstance(command, TakeBack):
            self.values = self.values_in(case)
        self.news.extend(events)

    def sleep_until(self, at: Moment) -> None:
        """Move the clock; timers stay where they are."""
        assert at >= self.now, "time does not run backwards"
        self.now = at

    def wake(self, until: Moment) -> None:
        """Fire what is due up to a moment, in order, each at its time or now when that is later."""
        for _ in range(MAX_FIRINGS):
            due = sorted((at, clock) for clock, at in self.case.timers() if at <= until)
            if not due:
                self.now = max(self.now, until)
                return
            at, clock = due[0]
            self.now = max(self.now, at)
            self.give(FireTimers(actor=SYSTEM, via="timer", clock=clock))
        raise AssertionError("timers fire without end")

    def content(self) -> ContentRef:
        """A reference to new content."""
        self._contents += 1
        return ContentRef(id=f"c{self._contents}", digest=f"{self._contents:064x}")

    def happened(self, body: Body, *, actor: str = SYSTEM) -> None:
        """Something that an older version decided; the laws of now are not asked."""
        event = Event(
            seq=self.case.seq + 1,
            at=self.now,
            actor=actor,
            on_behalf_of=None,
            via="rule",
            body=body,
        )
        self.state, self.history = evolve(self.case, event), (*self.history, event)

    # ------------------------------------------------------------ looking

    def values_in(self, case: Case) -> dict[str, object]:
        """The latest values of the forms of a state of the case."""
        found: dict[str, object] = {}
        for _, ref in case.forms:
            found.update(self.forms.get(ref.id, {}))
        return found

    @property
    def world(self) -> World:
        """The world as it is now."""
        return World(
            now=self.now,
            definition=self.process.definition,
            directory=self.directory,
            calendar=self.calendar,
            conditions=self.process.conditions,
            formulas=self.process.formulas,
            tables=dict(self.tables),
            values=dict(self.values),
            values_in=self.values_in,
            loads=dict(self.loads),
            quiet=dict.fromkeys(self.quiet, True),
        )

    @property
    def case(self) -> Case:
        """The case, which must have been filed."""
        assert self.state is not None, "nothing was filed yet"
        return self.state

    @property
    def task(self) -> Task:
        """The task that is open, or was last."""
        return (self.case.open_tasks or self.case.tasks)[-1]

    def seen(self, kind: str, *fields: str, **where: object) -> list[Any]:
        """What the history says: these fields of every event of a kind that fits `where`."""
        rows = [self.plain_event(event) for event in self.history if event.body.stored == kind]
        fitting = [row for row in rows if all(row[name] == where[name] for name in where)]
        if len(fields) == 1:
            return [row[fields[0]] for row in fitting]
        return [tuple(row[name] for name in fields) for row in fitting]

    def posts(self, kind: str) -> list[str]:
        """Who is owed a message of this kind because of the last step."""
        found = [e.to for e in self.effects if isinstance(e, Post) and e.kind == kind]
        return [str(self.plain(person)) for person in found]

    def due(self, clock: str) -> str:
        """When a clock is due, in local time."""
        found = self.case.clock(clock)
        assert found is not None, f"no clock {clock}"
        return local(found.due_at)

    def said(self, news: Event | Refusal) -> str:
        """One line about something that happened."""
        if isinstance(news, Refusal):
            return f"refused {news.code} {self.plain(news.facts)}"
        row = self.plain_event(news)
        fields = ", ".join(f"{name}={value!r}" for name, value in row.items() if value is not None)
        return f"{news.body.stored}({fields})"

    def plain_event(self, event: Event) -> dict[str, Any]:
        """The fields of an event and its envelope as readable values."""
        fields = event.body.__struct_fields__
        row = {name: self.plain(getattr(event.body, name)) for name in fields}
        row |= {name: self.plain(getattr(event, name)) for name in ("actor", "on_behalf_of")}
        return row | {"via": event.via, "at": local(event.at)}

    def plain(self, value: object) -> object:
        """A value as a test writes it."""
        match value:
            case str() if (person := self.directory.get(value)) is not None:
                return person.id
            case int() if value > LONGEST:
                return local(value)
            case Span():
                return str(value)
            case Budget():
                return f"{timedelta(microseconds=value.microseconds)} {value.kind}"
            case ContentRef():
                return value.id
            case PlannedRung():
                return [value.id, local(value.at)]
            case PassedOver():
                where = (value.task,) if value.task else ()
                return [self.plain(value.person), value.why, *where]
            case Mapping():
                return {name: self.plain(item) for name, item in value.items()}
            case tuple():
                return [self.plain(item) for item in value]
            case _:
                return value


# ---------------------------------------------------------------------------- what is expected


class Expected:
    """Something that `<<` can check."""

    def check(self, play: Playbook) -> None:
        """Take what is expected from the news, or fail."""
        raise NotImplementedError

    @staticmethod
    def compare(play: Playbook, wanted: Mapping[str, object], row: Mapping[str, object]) -> None:
        """Fail with a difference unless all wanted fields are as wanted."""
        got = {name: row.get(name, "(nothing)") for name in wanted}
        plain = {name: play.plain(value) for name, value in wanted.items()}
        a, b = ([f"{n} = {v!r}" for n, v in side.items()] for side in (plain, got))
        assert got == plain, "expected -, happened +\n" + "\n".join(ndiff(a, b))


class _Event(Expected):
    def __init__(self, kind: type[Any], fields: Mapping[str, object]) -> None:
        known = {"at", "actor", "on_behalf_of", "via", *kind.__struct_fields__}
        assert fields.keys() <= known, f"{kind.__name__} has no {sorted(fields.keys() - known)}"
        self._kind, self._fields = kind, fields

    def check(self, play: Playbook) -> None:
        assert play.news, f"{self._kind.__name__} was expected, and nothing else happened"
        news = play.news.pop(0)
        fits = isinstance(news, Event) and type(news.body) is self._kind
        assert fits, f"{self._kind.__name__} was expected, this happened: {play.said(news)}"
        assert isinstance(news, Event)
        self.compare(play, self._fields, play.plain_event(news))


class _Then:
    """`then.TaskClaimed(by=…)` expects an event; a name that no event has is an error."""

    def __getattr__(self, name: str) -> Callable[..., Expected]:
        kind = EVENTS[name]
        return lambda **fields: _Event(kind, fields)


class _Refused(Expected):
    def __init__(self, code: str, facts: Mapping[str, object]) -> None:
        self._wanted = {"code": code, **facts}

    def check(self, play: Playbook) -> None:
        assert play.news, f"a refusal was expected ({self._wanted}), and nothing else happened"
        news = play.news.pop(0)
        assert isinstance(news, Refusal), f"a refusal was expected: {play.said(news)}"
        row = {"code": news.code, **{name: play.plain(fact) for name, fact in news.facts.items()}}
        self.compare(play, self._wanted, row)


class _Whatever(Expected):
    def check(self, play: Playbook) -> None:
        assert play.news, "something was expected, and nothing happened"
        refusals = [play.said(news) for news in play.news if isinstance(news, Refusal)]
        assert not refusals, f"whatever was expected, but no refusal: {refusals}"
        play.news.clear()


class _Nothing(Expected):
    def check(self, play: Playbook) -> None:
        play.end()


then = _Then()
whatever = _Whatever()  # any events, but no refusal
nothing = _Nothing()


def refused(code: str, **facts: object) -> Expected:
    """Expect a refusal with this code and, among others, these facts."""
    return _Refused(code, facts)


# ---------------------------------------------------------------------------- time passes


def until(text: str) -> Step:
    """Let time pass; timers fire when they are due."""
    return lambda play: play.wake(moment(text))


def after(text: str) -> Step:
    """Let so much time pass by the wall."""
    span = parse_span(text).microseconds
    return lambda play: play.wake(play.now + span)


def downtime_until(text: str) -> Step:
    """Let time pass while the product does not run, and start it again."""

    def sleep_and_wake(play: Playbook) -> None:
        play.sleep_until(moment(text))
        play.wake(play.now)

    return sleep_and_wake


def fire(clock: str) -> Step:
    """Let the timer of one clock fire, due or not."""
    return lambda play: play.give(FireTimers(actor=SYSTEM, via="timer", clock=clock))


def absent(person: str, deputy: str, start: str, end: str, *, process: str = "") -> Step:
    """Note an absence; nobody is told."""

    def note(play: Playbook) -> None:
        absence = Absence(
            id=f"a{len(play.directory.absences)}",
            person=key(person),
            deputy=key(deputy),
            starts_at=moment(start),
            ends_at=moment(end),
            process=process,
        )
        absences = (*play.directory.absences, absence)
        play.directory = dataclasses.replace(play.directory, absences=absences)

    return note


def roles(**held: tuple[str, ...]) -> Step:
    """From now on these people hold just these roles: `roles(li_na=("judge",))`."""

    def give(play: Playbook) -> None:
        staff = dict(play.directory.people)
        for name, given in held.items():
            person = key(name.replace("_", "."))
            staff[person] = dataclasses.replace(staff[person], roles=given)
        play.directory = dataclasses.replace(play.directory, people=staff)

    return give


def left(*people: str) -> Step:
    """Let people leave the company."""

    def leave(play: Playbook) -> None:
        staff = dict(play.directory.people)
        for person in map(key, people):
            staff[person] = dataclasses.replace(staff[person], active=False)
        play.directory = dataclasses.replace(play.directory, people=staff)

    return leave
