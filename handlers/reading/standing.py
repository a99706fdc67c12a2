"""Reads at which steps a case is and why, the day for which one waits, and who has the case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from handlers.i18n import dates
from handlers.limits import day_rule
from handlers.reading.case import Reading
from handlers.reading.periods import what_for
from workflows.case.scope import Reason
from workflows.case.spot import Spot
from workflows.flow import start_clocks
from workflows.flow.until import waiting
from workflows.model.bounds import DayBound
from workflows.model.nodes import ForkNode, WaitNode
from workflows.model.starts import Start


def filer(reading: Reading) -> str:
    """Return the name of the filer, with who has the case since they left."""
    first, now = reading.case.filer, reading.case.acting_filer
    if first == now:
        return reading.name(first)
    return reading.words.t("fact.filer.now", filer=reading.name(first), now=reading.name(now))


def steps(reading: Reading) -> str:
    """Return the names of the nodes at which the case is, or was last, with the day of a wait.

    Instead of a fork these are the steps of its branches.
    """
    days = {node.id: day for node, _, day in waits(reading)}
    nodes = (visit.node for visit in reading.case.visits)
    forks = {one.id for one in reading.definition.nodes if isinstance(one, ForkNode)}
    here = [one for one in nodes if one not in forks] or [reading.case.node]
    ahead = dict(rests(reading))
    return reading.listed(
        reading.words.t("step.until", node=reading.node(one), day=days[one])
        if one in days
        else ahead.get(one) or reading.node(one)
        for one in dict.fromkeys(here)
    )


def rests(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the nodes at which the case rests, each with what starts next there, and when."""
    calendar = reading.world.calendar
    for visit in reading.case.visits if reading.case.rests else ():
        clocks = sorted(start_clocks.running(reading.case, visit.id), key=lambda one: one.due_at)
        for clock in clocks[:1]:
            day = calendar.named(clock.calendar).day_of(clock.due_at)
            to = start_clocks.node_of_clock(reading.case, reading.definition, clock.key)
            subject = start_clocks.read_key(clock.key)[2]
            yield (
                visit.node,
                reading.words.t(
                    "step.rests",
                    node=reading.node(visit.node),
                    next=what_for(
                        reading,
                        reading.node(to),
                        clock.planned[-1].id,
                        about=reading.labels((subject,)) if subject else "",
                    ),
                    day=dates.near_day(
                        day, today=calendar.day_of(reading.now), language=reading.language
                    ),
                ),
            )


def reasons(reading: Reading, spot: Spot) -> Iterator[str]:
    """Yield why the branch of a wait node around a place was begun; nothing outside of one.

    Several starts may have come to one branch, each with its reason.
    """
    branch = reading.case.started(spot)
    if branch is None or branch.opened is None:
        return
    node = reading.definition.node(reading.case.scope(branch.parent).fork)
    starts = {one.id: one for one in node.starts} if isinstance(node, WaitNode) else {}
    for reason in branch.opened.reasons:
        if reason.start in starts:
            yield _reason(reading, starts[reason.start], reason)


def named(reading: Reading, spot: Spot, name: str) -> str:
    """Return the name of a step with the certificate or the period that its branch is about."""
    branch = reading.case.started(spot)
    if branch is None or branch.opened is None:
        return name
    about = reading.labels((branch.opened.subject,)) if branch.opened.subject else ""
    periods = (reason.period for reason in branch.opened.reasons if reason.period)
    return what_for(reading, name, next(periods, ""), about=about)


def _reason(reading: Reading, start: Start, reason: Reason) -> str:
    about = reading.labels((reason.subject,)) if reason.subject else ""
    if start.on_expiry_of is not None and reason.period:
        last = date.fromisoformat(reason.period) - timedelta(days=1)
        day = reading.day(last.isoformat())
        return reading.words.t("reason.expired", certificate=about, day=day)
    if start.label is not None:
        return what_for(reading, reading.text(start.label), "", about=about)
    if start.at is not None:
        rule = day_rule(start.at, reading.definition).in_words(reading.language)
        return what_for(reading, rule, reason.period)
    return what_for(reading, reading.node(start.to), reason.period, about=about)


def waits(reading: Reading) -> Iterator[tuple[WaitNode, DayBound, str]]:
    """Yield the nodes at which the case waits for a date that the reader may see, with the rule."""
    calendar = reading.world.calendar
    for visit, clock in waiting(reading.case):
        node = reading.definition.node(visit.node)
        if not isinstance(node, WaitNode) or node.until is None:
            continue
        if node.until.field not in reading.hidden:
            day = calendar.named(clock.calendar).day_of(clock.due_at)
            today = calendar.day_of(reading.now)
            yield node, node.until, dates.near_day(day, today=today, language=reading.language)
