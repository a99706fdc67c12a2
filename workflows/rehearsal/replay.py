"""Replays a scenario on the engine and reports where the case took another course.

Timers that are due before a step fire before it. A step that is refused unexpectedly, or that waits
for something that never happens, ends the replay, because later steps would be meaningless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from workflows.actions.fire_timers import Escalated, Reminded
from workflows.actions.judge import WORDS as SUBJECTS
from workflows.case.action_type import Deed
from workflows.case.command import Command
from workflows.case.task import Task
from workflows.flow.pauses import QuestionLapsed
from workflows.mentions import Flaw
from workflows.model.fields import FieldType
from workflows.moments import Moment, moment_of
from workflows.rehearsal.happenings import Facts, happenings, standing
from workflows.rehearsal.samples import OTHER, plain_value
from workflows.rehearsal.scenario import (
    Expectation,
    Scenario,
    ScenarioStep,
    local_time,
    span_of,
    written,
)
from workflows.rehearsal.scenario_reading import ReadScenario, form_of
from workflows.rehearsal.stage import Play, Stage, Turn, fire, next_timer
from workflows.toml_lines import Path

MOST_FIRINGS = 1_000  # of one step
MOST_SHOWN = 10  # of what happened instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A deviation from the scenario. `code` is its kind, `wanted` and `instead` are TOML."""

    code: str  # "missing", "refused", "broken", "past", "never"
    file: str
    line: int | None
    where: str
    wanted: str
    instead: tuple[str, ...]
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The result of a replay."""

    steps: int  # that were made
    of: int
    mismatches: tuple[Mismatch, ...]
    play: Play

    @property
    def good(self) -> bool:
        """Whether everything happened as the scenario expects."""
        return not self.mismatches


def replay(told: ReadScenario, stage: Stage) -> Replayed:
    """Replay a scenario to its end, or until it cannot go on.

    The start time is that of the scenario, not that of the stage.
    """
    return _Replay(told, stage).play()


@dataclass(slots=True)
class _Replay:
    told: ReadScenario
    stage: Stage
    now: Play = field(init=False)
    news: list[Facts] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)

    def play(self) -> Replayed:
        scenario: Scenario = self.told.scenario
        filer = self._key(scenario.steps[0].who or "")
        self.now = Play(now=self._instant(scenario.start), filer=filer)
        made = 0
        for index, step in enumerate(scenario.steps):
            self.news.clear()
            path: Path = ("steps", index)
            went = self._pass(step, path) if step.passes is not None else self._do(step, path)
            if not went:
                break
            made += 1
            for number, expectation in enumerate(step.expect):
                self._expect(expectation, (*path, "expect", number))
        return Replayed(
            steps=made,
            of=len(scenario.steps),
            mismatches=tuple(self.mismatches),
            play=self.now,
        )

    # ------------------------------------------------------------ time

    def _instant(self, text: str) -> Moment:
        return moment_of(local_time(text).replace(tzinfo=ZoneInfo(self.stage.calendar.data.zone)))

    def _later(self, text: str) -> Moment:
        return self.stage.calendar.add(self.now.now, span_of(text))

    def _wake(self, until: Moment) -> None:
        """Fire everything that is due up to a moment, each at its time."""
        for _ in range(MOST_FIRINGS):
            timer = next_timer(self.now.case) if self.now.case is not None else None
            if timer is None or timer[1] > until:
                break
            self._take(fire(self.stage, self.now))
        self.now = replace(self.now, now=max(self.now.now, until))

    def _pass(self, step: ScenarioStep, path: Path) -> bool:
        assert step.passes is not None, "time passes"
        word, _, rest = step.passes.partition(" ")
        if word != "until":
            self._wake(self._later(step.passes))
        elif rest in _WAITS:
            return self._wait_for(_WAITS[rest], path)
        elif rest != "silence":
            return self._on_time(self._instant(rest), path)
        else:
            return self._wait_for(None, path)
        return True

    def _on_time(self, at: Moment, path: Path) -> bool:
        if at < self.now.now:
            self._miss("past", path, "", ())
            return False
        self._wake(at)
        return True

    def _wait_for(self, kind: type | None, path: Path) -> bool:
        """Fire rungs until an event of this type; without one, until no rung is ahead.

        Returns whether it happened.
        """
        for _ in range(MOST_FIRINGS):
            if next_timer(self.now.running) is None:
                break
            turn = fire(self.stage, self.now)
            self._take(turn)
            if kind is not None and any(isinstance(s.event.body, kind) for s in turn.seen):
                return True
        if kind is not None:
            self._miss("never", path, "", self.news)
        return kind is None

    # ------------------------------------------------------------ deeds

    def _do(self, step: ScenarioStep, path: Path) -> bool:
        if step.at is not None:
            relative = step.at.startswith("+")
            at = self._later(step.at) if relative else self._instant(step.at)
            if not self._on_time(at, path):
                return False
        turn = self.stage.give(self.now, self._command(step))
        self._take(turn)
        if turn.done:
            return True
        expected = any(one.refused is not None for one in step.expect)
        if expected and turn.refusal is not None and (self.now.case is not None or self._alone):
            return True
        self._miss("refused" if turn.refusal is not None else "broken", path, "", self.news)
        return False

    @property
    def _alone(self) -> bool:
        """Whether the scenario has only one step, which may expect a refused filing."""
        return len(self.told.scenario.steps) == 1

    def _command(self, step: ScenarioStep) -> Command:
        does = "send_back" if step.does == "return" and step.to else step.does or ""
        to = tuple(step.to or ())
        deed = Deed(
            does=does,
            actor=self._key(step.who or ""),
            task=self._task(step) if self.now.case is not None else "",
            to=to if does in ("send_back", "begin", *SUBJECTS) else self._keys(to),
            action=step.action or "",
            score=step.score or 0,
            values=self._values(step),
        )
        return self.stage.command(deed)

    def _task(self, step: ScenarioStep) -> str:
        """Return the task of the node, or else the open or the last task.

        Of several tasks the one that the person of the step has is meant, or else the latest.
        """
        case = self.now.running
        several: tuple[Task, ...] = case.open_tasks or case.tasks
        if step.node is not None:
            several = tuple(task for task in case.tasks if task.node == step.node)
        who = self._key(step.who) if step.who else ""
        own = [one for one in several if one.unfinished and who in (*one.owners, *one.rescuers)]
        return (own or several)[-1].id if several else ""

    def _values(self, step: ScenarioStep) -> Mapping[str, object]:
        """Return the values of the step, with plain values for other required fields."""
        definition = self.stage.definition
        if step.node is None and self.now.case is not None:
            step = step.model_copy(update={"node": self.now.running.node})
        form = form_of(definition, step)
        values: dict[str, object] = {}
        for one in form.fields if form is not None else ():
            if one.id in step.fills:
                values[one.id] = self._filled(one.type, step.fills[one.id])
            elif one.required:
                plain = plain_value(one)
                values[one.id] = self.now.filer if plain == OTHER else plain
        return values

    def _filled(self, kind: FieldType, value: object) -> object:
        if kind is FieldType.PERSON:
            return self._key(str(value))
        return value.isoformat() if isinstance(value, date) else value

    def _keys(self, people: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._key, people))

    def _key(self, person_id: str) -> str:
        person = self.stage.directory.by_id(person_id)
        assert person is not None, "reading found everybody"
        return person.key

    # ------------------------------------------------------------ what followed

    def _take(self, turn: Turn) -> None:
        self.now = turn.play
        self.news.extend(happenings(self.stage, turn))

    def _expect(self, expectation: Expectation, path: Path) -> None:
        subject = expectation.subject
        there = [*standing(self.stage, self.now)] if subject in _STANDING else self.news
        facts = [one for one in there if subject in one]
        if not any(_fits(expectation, one) for one in facts):
            self._miss("missing", path, expectation.written(), facts or self.news)

    def _miss(self, code: str, path: Path, wanted: str, instead: Sequence[Facts]) -> None:
        place = self.told.source.finding(Flaw(path=path, problem="", hint=""))
        self.mismatches.append(
            Mismatch(
                code=code,
                file=place.file,
                line=place.line,
                where=place.where,
                wanted=wanted,
                instead=tuple(map(written, instead[:MOST_SHOWN])),
                at=self.now.now,
            )
        )


_STANDING = frozenset({"node", "status", "clock"})  # subjects of the present state, not of an event
_WAITS: Mapping[str, type] = {
    "escalation": Escalated,
    "reminder": Reminded,
    "lapse": QuestionLapsed,
}


def _fits(expectation: Expectation, facts: Facts) -> bool:
    """Return whether facts match an expectation.

    The owners of a task have to match exactly; the recipients of a message may be more.
    """
    wanted = expectation.model_dump(by_alias=True, exclude_none=True)
    for name, value in wanted.items():
        there = facts.get(name)
        if isinstance(value, tuple) and isinstance(there, tuple):
            same = set(value) == set(there) if name == "with" else set(value) <= set(there)
        else:
            same = value == there
        if not same:
            return False
    return True
