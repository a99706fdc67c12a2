"""Proposals about a process, computed from what its cases did; each with its evidence and its n.

A proposal says what was seen and what it would save at most. Whether to follow it is a decision of
people, so it also names what the step or the limit protects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import pow as power

from msgspec import Struct
from msgspec.structs import replace

from workflows.mentions import read_texts
from workflows.metrics.estimates import quantile, wilson
from workflows.metrics.groups import Group
from workflows.metrics.habits import Answers, Habits
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, FormField
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode, GatewayNode

SLOW_FROM = 30  # visits
SLOW_SHARE = 0.25  # of the time of all steps
APPROVED_FROM = 100  # decisions
APPROVED_BELOW = 0.03  # the limit of the true rate of rejections
FIELD_FROM = 30  # forms
LOOP_FROM = 30  # cases
LOOP_SHARE = 0.05  # the least end of the range of their share
INSTANT_FROM = 30  # decisions
INSTANT_SHARE = 1 / 3
LIMIT_FROM = 20  # limits
LIMIT_MET = 0.5  # the greatest end of the range of the share that was met
LIMIT_QUANTILE = 0.15  # a limit is out of reach if the fastest of them are late, too
MOST = 6  # proposals of a review; more are not read


class ProposalKind(StrEnum):
    """What a proposal is about, the more telling first."""

    SLOWEST = "slowest"
    ALWAYS_APPROVED = "always_approved"
    PING_PONG = "ping_pong"
    LIMIT = "limit"
    FIELD_EMPTY = "field_empty"
    FIELD_SAME = "field_same"
    INSTANT = "instant"


class Forecast(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a replay of the period's cases says of a draft that follows a proposal.

    `metric` is the figure, with its value in the unchanged replay and in that of the draft, of
    which `low` and `high` are the least and the most; `n` counts the cases. `limit` is the new
    limit, of a clock its last one, and `limits` has all, with which the draft is made again.
    """

    metric: str
    before: float
    after: float
    low: float
    high: float
    n: int
    limit: str = ""
    limits: tuple[str, ...] = ()


class Proposal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A proposal with its evidence: `count` of `n`, and times in microseconds of working time.

    `below` is the upper limit of the true rate at 95 %, where nothing was seen among `n`. `gain` is
    what it would save in a case, of the median; None if it saves no time.
    """

    kind: ProposalKind
    node: str = ""
    other: str = ""  # the second node of a ping-pong; the same one if it is between two people
    between_people: bool = False
    field: str = ""
    option: str = ""  # the option that is always chosen
    clock: str = ""
    n: int
    count: int = 0
    share: float = 0.0
    below: float = 0.0
    waits: float | None = None
    takes: float | None = None
    gain: float | None = None
    protects: tuple[str, ...] = ()  # fields and facts that the step looks at
    rank: int = 0
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    definition: Definition
    group: Group
    habits: Habits

    def median(self, metric: Metric, node: str) -> float | None:
        figure = self.group.figure(metric, node)
        return figure.value if figure is not None else None


def true_rate_below(n: int) -> float:
    """Return the upper limit of a true rate at 95 % where nothing was seen among `n` (n > 0)."""
    return 1 - power(0.05, 1 / n)


def proposals_of(definition: Definition, group: Group, habits: Habits) -> tuple[Proposal, ...]:
    """Return what the cases of a period suggest, ranked by the time that it would save in all.

    `group` are all cases, with the figures of steps. Steps and fields that the definition has no
    more are left out.
    """
    seen = _Seen(definition=definition, group=group, habits=habits)
    found = (
        *_slowest(seen),
        *_always_approved(seen),
        *_ping_pong(seen),
        *_limits(seen),
        *_fields(seen),
        *_instant(seen),
    )
    ranked = sorted(found, key=_order)[:MOST]
    return tuple(replace(one, rank=rank) for rank, one in enumerate(ranked, start=1))


def _order(one: Proposal) -> tuple[float, int, str, str]:
    times = one.count if one.kind is ProposalKind.PING_PONG else one.n
    return -(one.gain or 0) * times, [*ProposalKind].index(one.kind), one.node, one.field


def _slowest(seen: _Seen) -> Iterator[Proposal]:
    """Yield the step that has most of the time of all steps."""
    nodes = [node for metric, node in seen.group.samples if metric == Metric.STEP_TIME]
    totals = {node: seen.group.total(Metric.STEP_TIME, node) for node in nodes if node}
    whole = sum(totals.values())
    if len(totals) < 2 or not whole:  # noqa: PLR2004
        return
    node = min(totals, key=lambda one: (-totals[one], one))
    figure = seen.group.figure(Metric.STEP_TIME, node)
    if figure is None or figure.n < SLOW_FROM or not seen.definition.has_node(node):
        return
    share = totals[node] / whole
    if share < SLOW_SHARE:
        return
    waits = seen.median(Metric.STEP_WAITING, node)
    yield Proposal(
        kind=ProposalKind.SLOWEST,
        node=node,
        n=figure.n,
        share=share,
        waits=waits,
        takes=figure.value,
        gain=waits or None,
    )


def _always_approved(seen: _Seen) -> Iterator[Proposal]:
    for node in seen.definition.nodes:
        votes = seen.habits.votes.get(node.id)
        if not isinstance(node, ApprovalNode) or votes is None or votes.against:
            continue
        if votes.n < APPROVED_FROM or true_rate_below(votes.n) >= APPROVED_BELOW:
            continue
        takes = seen.median(Metric.STEP_TIME, node.id)
        yield Proposal(
            kind=ProposalKind.ALWAYS_APPROVED,
            node=node.id,
            n=votes.n,
            below=true_rate_below(votes.n),
            takes=takes,
            gain=takes,
            protects=protected(seen.definition, node),
        )


def protected(definition: Definition, node: ApprovalNode) -> tuple[str, ...]:
    """Return what an approval looks at: what makes it void, what it is shown, why a case is there.

    If it says none of these: the amounts that it sees.
    """
    conditions = read_texts(definition).conditions
    led = {
        name
        for one in definition.nodes
        if isinstance(one, GatewayNode)
        for route in one.routes
        if route.to == node.id and route.when is not None
        for name in conditions[route.when].fields
    }
    named = dict.fromkeys((*node.material, *node.shows, *sorted(led)))
    amounts = (
        one.id
        for one in definition.every_field()
        if one.type is FieldType.MONEY and one.id not in node.hidden
    )
    return tuple(named) or tuple(amounts)


def _ping_pong(seen: _Seen) -> Iterator[Proposal]:
    for (people, (node, other)), loops in sorted(seen.habits.loops.items()):
        n = max(seen.habits.at_node[node], loops.cases)
        share = wilson(loops.cases, n)
        if share is None or n < LOOP_FROM or (share.range.low or 0) <= LOOP_SHARE:
            continue
        if not (seen.definition.has_node(node) and seen.definition.has_node(other)):
            continue
        times = sorted(loops.times)
        yield Proposal(
            kind=ProposalKind.PING_PONG,
            node=node,
            other=other,
            between_people=people,
            n=n,
            count=loops.cases,
            share=share.value,
            takes=quantile(times, 0.5),
            gain=quantile(times, 0.5),
        )


def _limits(seen: _Seen) -> Iterator[Proposal]:
    """Yield the limits that even the fastest miss: the limit is below what 85 of 100 take."""
    for (name, node), found in sorted(seen.habits.lateness.items()):
        late = sorted(found)
        met = sum(not one for one in late)
        share = wilson(met, len(late))
        if share is None or len(late) < LIMIT_FROM or (share.range.high or 1) >= LIMIT_MET:
            continue
        known = name in seen.definition.clocks if name else seen.definition.has_node(node)
        if known and quantile(late, LIMIT_QUANTILE) > 0:
            yield Proposal(
                kind=ProposalKind.LIMIT,
                node=node,
                clock=name,
                n=len(late),
                count=met,
                share=share.value,
                takes=quantile(late, 0.5),
            )


def _fields(seen: _Seen) -> Iterator[Proposal]:
    for one in seen.definition.every_field():
        answers = seen.habits.answers.get(one.id)
        if answers is None:
            continue
        always = one.when is None and one.required_when is None
        if always and not one.required and answers.asked >= FIELD_FROM and not answers.given:
            n = answers.asked
            yield Proposal(
                kind=ProposalKind.FIELD_EMPTY, field=one.id, n=n, below=true_rate_below(n)
            )
        if one.required and answers.given >= FIELD_FROM and answers.alike:
            n, option = answers.given, _option(one, answers)
            yield Proposal(
                kind=ProposalKind.FIELD_SAME,
                field=one.id,
                option=option,
                n=n,
                count=n,
                below=true_rate_below(n),
            )


def _option(one: FormField, answers: Answers) -> str:
    """Return the option that is always chosen; "" for other values, which are contents."""
    return str(json.loads(answers.first)) if one.type is FieldType.CHOICE else ""


def _instant(seen: _Seen) -> Iterator[Proposal]:
    for node in seen.definition.nodes:
        votes = seen.habits.votes.get(node.id)
        if votes is None or not isinstance(node, ApprovalNode):
            continue
        share = wilson(votes.instant, votes.timed)
        if share is None or votes.timed < INSTANT_FROM or (share.range.low or 0) <= INSTANT_SHARE:
            continue
        yield Proposal(
            kind=ProposalKind.INSTANT,
            node=node.id,
            n=votes.timed,
            count=votes.instant,
            share=share.value,
            protects=protected(seen.definition, node),
        )
