"""What one case contributes to each metric, from its history.

Times are in microseconds of working time, unless a metric says otherwise. The definitions are those
of `docs/explanation/figures.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar
from workflows.metrics.desk_time import Span
from workflows.metrics.history import Act, Deadline, Ending, History, Stay
from workflows.model.measures import Metric
from workflows.moments import MINUTE, Moment

INSTANT = MINUTE  # a decision made sooner after it was asked for is instant
SATISFIED = 4  # the least score, of 5, of a satisfied customer
VOTES = ("approve", "reject", "return")


class State(StrEnum):
    """Whether a time has ended, and if not, why it is not known."""

    ENDED = "ended"
    OPEN = "open"
    DROPPED = "dropped"


class Measured(NamedTuple):
    """A value of one metric. Of a share it is 1 or 0, decided `at` a time; `state` is of times."""

    metric: str
    value: float
    node: str = ""
    person: str = ""
    state: State = State.ENDED
    at: Moment = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """What cases are measured with: the company's calendar and zone, the end of the observation."""

    calendar: WorkCalendar
    zone: ZoneInfo
    cut_off: Moment

    def working(self, since: Moment, until: Moment) -> int:
        """Return the working time between two moments; none if they are in the wrong order."""
        return self.calendar.working_between(since, until) if until > since else 0


def measured(history: History, ruler: Ruler) -> Iterator[Measured]:
    """Yield what a case contributes to the metrics."""
    yield from _times(history, ruler)
    yield from _deadlines(history.deadlines, ruler)
    yield from _quality(history)
    yield from _acts(history)
    yield from _stays(history, ruler)
    yield from _held(history)


def _times(history: History, ruler: Ruler) -> Iterator[Measured]:
    since = history.filed
    until = history.ended if history.ended is not None else ruler.cut_off
    state = _STATES[history.ending]
    working = ruler.working(since, until)

    def time(metric: Metric, value: float) -> Measured:
        return Measured(metric, value, state=state)

    yield time(Metric.HANDLING, working)
    yield time(Metric.GROSS, max(until - since, 0))
    yield time(Metric.NET, working - _covered(history.pauses, since, until, ruler))
    if history.held:
        yield time(Metric.DESK, sum(one.own for one in history.held))
    claimed = _claimed(history)
    if claimed is not None:
        yield time(Metric.IDLE, working - _covered(claimed, since, until, ruler))
    if history.ending is Ending.OPEN:
        yield Measured(Metric.BACKLOG, working)


_STATES = {
    Ending.OPEN: State.OPEN,
    Ending.DROPPED: State.DROPPED,
    Ending.ENDED: State.ENDED,
    Ending.REJECTED: State.ENDED,
}


def _claimed(history: History) -> list[Span] | None:
    """Return when somebody had claimed a task; None unless each of its tasks is claimed."""
    unclaimed = {one.task for one in history.held if not one.person}
    if not history.held or any(one.task not in unclaimed for one in history.held):
        return None
    return [(one.since, one.until) for one in history.held if one.person]


def _covered(spans: Iterable[Span], since: Moment, until: Moment, ruler: Ruler) -> int:
    """Return the working time in at least one of these spans, between two moments."""
    total, reached = 0, since
    for start, end in sorted(spans):
        begin, stop = max(start, reached), min(end, until)
        if stop > begin:
            total += ruler.working(begin, stop)
            reached = stop
    return total


def counts(one: Deadline, cut_off: Moment) -> bool:
    """Return whether a limit says something: it was before the cut-off.

    One that ended before its limit without being met, because the case was withdrawn, says nothing.
    """
    unmet = one.met is None and one.stopped is not None and one.stopped <= one.due
    return one.due <= cut_off and not unmet


def _deadlines(deadlines: Iterable[Deadline], ruler: Ruler) -> Iterator[Measured]:
    """Yield whether each limit was kept that counts. An open one that is overdue was not."""
    for one in deadlines:
        if not counts(one, ruler.cut_off):
            continue
        value = float(one.met is True)
        if one.name:
            yield Measured(f"{Metric.ON_TIME}:{one.name}", value, at=one.due)
        else:
            yield Measured(Metric.STEPS_ON_TIME, value, at=one.due)
            yield Measured(Metric.STEPS_ON_TIME, value, one.node)


def _quality(history: History) -> Iterator[Measured]:
    returns = sum(act.outcome == "return" for act in history.acts)
    decided = [act.at for act in history.acts if act.outcome]
    if history.decided and decided:
        yield Measured(Metric.RETURNED, float(returns > 0), at=decided[-1])
        yield Measured(Metric.RETURNS, returns)
    if history.decided and history.ending in (Ending.ENDED, Ending.REJECTED):
        rejected = any(act.outcome == "reject" for act in history.acts)
        right = not (returns or rejected or history.reopened)
        yield Measured(Metric.FIRST_TIME_RIGHT, float(right), at=history.ended or 0)
    if history.asked:
        yield Measured(Metric.ANSWERED, float(history.score is not None), at=history.ended or 0)
    if history.score is not None:
        satisfied = float(history.score >= SATISFIED)
        yield Measured(Metric.SATISFIED, satisfied, at=history.ended or 0)


def _acts(history: History) -> Iterator[Measured]:
    for act in history.acts:
        if act.outcome in VOTES:
            yield Measured(Metric.REJECTED, float(act.outcome == "reject"), at=act.at)
            yield Measured(Metric.REJECTED, float(act.outcome == "reject"), act.node)
        if act.outcome and act.had_since is not None:
            yield Measured(Metric.INSTANT, float(act.at - act.had_since < INSTANT), act.node)
    if history.acts:
        changes = sum(a.person != b.person for a, b in pairwise(history.acts))
        yield Measured(Metric.HANDOVERS, changes)
        yield Measured(Metric.PING_PONG, float(_ping_pong(history.acts)), at=history.acts[-1].at)


def _ping_pong(acts: tuple[Act, ...]) -> bool:
    """Return whether work went from one person to another and back without a decision."""
    people: list[str] = []
    for act in acts:
        if act.outcome:
            people = []
        elif not people or people[-1] != act.person:
            people.append(act.person)
            if people[-3:-2] == [act.person]:
                return True
    return False


def _stays(history: History, ruler: Ruler) -> Iterator[Measured]:
    gone = history.ended if history.ending is Ending.DROPPED else None
    last: dict[str, Stay] = {}
    for stay in history.stays:
        until = stay.until or gone or ruler.cut_off
        left = State.OPEN if stay.until is gone is None else State.DROPPED
        time = ruler.working(stay.since, until)
        yield Measured(Metric.STEP_TIME, time, stay.node, state=_ended(stay.outcome, left))
        waited = ruler.working(stay.since, stay.first_act or until)
        yield Measured(Metric.STEP_WAITING, waited, stay.node, state=_ended(stay.first_act, left))
        yield Measured(Metric.REWORK, float(stay.again), at=stay.since)
        yield Measured(Metric.REWORK, float(stay.again), stay.node)
        if stay.again and stay.node in last:
            same = bool(stay.by) and stay.by == last[stay.node].by
            yield Measured(Metric.REPEATED, float(same), stay.node)
        last[stay.node] = stay


def _ended(known: object, otherwise: State) -> State:
    return State.ENDED if known else otherwise


def _held(history: History) -> Iterator[Measured]:
    """Yield who had which step for how long; where it is claimed, also until that, and from then.

    Otherwise nobody knows when the work began, so there is desk time only.
    """
    unclaimed = {one.task for one in history.held if not one.person}
    for one in history.held:
        state = State.ENDED if one.ended else State.OPEN
        if not one.person:
            yield Measured(Metric.STEP_UNCLAIMED, one.working, one.node, state=state)
            continue
        yield Measured(Metric.STEP_DESK, one.own, one.node, one.person, state)
        if one.task in unclaimed:
            yield Measured(Metric.STEP_CLAIMED, one.working - one.waiting, one.node, state=state)
