"""Replays a quarter unchanged and through a draft, many times each, and compares the two.

The draft is compared with the unchanged replay, never with the real cases, so that what a replay
leaves out is left out on both sides. Nothing is compared unless the unchanged replay is as near to
the real cases as one half of them is to the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from workflows.directory import Directory
from workflows.durations import Span
from workflows.loading import Loaded
from workflows.metrics.groups import Group, grouped
from workflows.metrics.history import History
from workflows.metrics.measuring import Ruler
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.what_if.chances import Chances
from workflows.what_if.distances import Course, Distances, Measure, course_of
from workflows.what_if.past import PastCase
from workflows.what_if.playing import Player, Replayed, unplayable

REPLAYS = 20
CASES_FROM = 20  # below it, halves of the cases say nothing

APPROVALS = "approvals"  # decisions of people at approvals, for each case
TASKS = "tasks"  # decided by people, for each case
P85 = "p85"  # before the name of a time: its 85th percentile
_SHARES = (
    Metric.STEPS_ON_TIME,
    Metric.FIRST_TIME_RIGHT,
    Metric.RETURNED,
    Metric.RETURNS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """The cases to replay, which ran on `loaded`, and what they are replayed with.

    The cut-off of `ruler` is the end of the observation, of the real cases and of the replayed.
    """

    cases: Sequence[PastCase]
    loaded: Loaded
    directory: Directory
    ruler: Ruler


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure of replays: the median of them, the least and the most; None where none has it."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def zero(self) -> bool:
        """Whether it is 0 in every replay."""
        return self.low == self.high == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure of the unchanged replays, of those of the draft, and the difference of each pair.

    `name` is a metric, with `P85` before it for its 85th percentile, or one of the names above. Of
    a step `node` has its id.
    """

    name: str
    node: str = ""
    unchanged: Estimate
    draft: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The distance of the unchanged replays from the real cases beside that of their halves."""

    measure: Measure
    replay: float  # the median of the replays
    halves: float

    @property
    def good(self) -> bool:
        """Whether the replay is near enough."""
        return self.replay <= self.halves


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a replay has shown.

    Without `rows` it was refused: there are too few cases (`cases`), or `checked` says in what
    the unchanged replay differs from the real cases. `assumed` are the steps of the draft without
    history that cases came to, with the time that they take, in working microseconds, unless the
    caller gave it. `stuck` counts the cases that could not go on in a replay of the draft, by node
    and reason, on average.
    """

    cases: int
    replays: int
    unplayable: tuple[str, ...] = ()
    checked: tuple[Checked, ...] = ()
    rows: tuple[Row, ...] = ()
    assumed: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, Span] = field(default_factory=dict)
    stuck: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def few(self) -> bool:
        """Whether there are too few cases."""
        return self.cases < CASES_FROM

    @property
    def shown(self) -> bool:
        """Whether the figures of the draft may be shown."""
        return bool(self.rows)


def what_if(
    quarter: Quarter,
    draft: Loaded,
    *,
    takes: Mapping[str, Span] | None = None,
    replays: int = REPLAYS,
) -> WhatIf:
    """Replay a quarter through a draft beside the unchanged version.

    `takes` has the time that is assumed of steps of the draft, in place of what is known.
    """
    return next(what_ifs(quarter, [draft], takes=takes, replays=replays))


def what_ifs(
    quarter: Quarter,
    drafts: Iterable[Loaded],
    *,
    takes: Mapping[str, Span] | None = None,
    replays: int = REPLAYS,
) -> Iterator[WhatIf]:
    """Yield what the replay of each draft shows; the unchanged version is replayed once."""
    n, unchanged = len(quarter.cases), None
    for draft in drafts:
        not_played = tuple(
            dict.fromkeys((*unplayable(quarter.loaded.definition), *unplayable(draft.definition)))
        )
        if not_played or n < CASES_FROM:
            yield WhatIf(cases=n, replays=0, unplayable=not_played)
            continue
        if unchanged is None:
            unchanged = _unchanged(quarter, replays)
            checked = _checked(quarter, unchanged)
        if not all(one.good for one in checked):
            yield WhatIf(cases=n, replays=replays, checked=checked)
            continue
        changed = _Side(quarter, draft, unchanged.chances, takes=takes)
        for seed in range(replays):
            changed.replay(seed)
        yield WhatIf(
            cases=n,
            replays=replays,
            checked=checked,
            rows=tuple(_rows(unchanged, changed)),
            assumed=_assumed(changed),
            taken=takes or {},
            stuck={key: count / replays for key, count in changed.stuck.items()},
        )


def _unchanged(quarter: Quarter, replays: int) -> _Side:
    chances = Chances(quarter.cases, quarter.loaded.definition)
    side = _Side(quarter, quarter.loaded, chances)
    for seed in range(replays):
        side.replay(seed)
    return side


class _Side:
    """The replays through one definition."""

    def __init__(
        self,
        quarter: Quarter,
        loaded: Loaded,
        chances: Chances,
        *,
        takes: Mapping[str, Span] | None = None,
    ) -> None:
        self.quarter = quarter
        self.definition: Definition = loaded.definition
        self.chances = chances
        self.takes = takes or {}
        self.courses: list[list[Course]] = []
        self.figures: list[dict[tuple[str, str], float]] = []
        self.stuck: Counter[tuple[str, str]] = Counter()
        self.nodes: set[str] = set()
        self._player = Player(
            loaded,
            chances,
            directory=quarter.directory,
            calendar=quarter.ruler.calendar,
            cut_off=quarter.ruler.cut_off,
            takes=takes,
        )

    def replay(self, seed: int) -> None:
        """Replay all cases once."""
        played = [self._player.play(past, seed=seed) for past in self.quarter.cases]
        self.stuck.update((one.stuck, one.stuck_by) for one in played if one.stuck)
        self._measure(played)

    def _measure(self, played: Sequence[Replayed]) -> None:
        histories = [one.history for one in played]
        self.nodes.update(stay.node for one in histories for stay in one.stays)
        self.courses.append([course_of(one, self.quarter.ruler) for one in histories])
        self.figures.append(dict(_figures(histories, self.definition, self.quarter.ruler)))


def _figures(
    histories: Sequence[History], definition: Definition, ruler: Ruler
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield the figures of one replay that are known, by name and node."""
    group = grouped(histories, ruler).all
    yield from _times(group)
    for name in (*_SHARES, *group.names(Metric.ON_TIME)):
        figure = group.figure(name)
        if figure is not None and figure.value is not None:
            yield (name, ""), figure.value
    decided = Counter(act.node for one in histories for act in one.acts if act.outcome)
    n = len(histories)
    approvals = [node.id for node in definition.nodes if isinstance(node, ApprovalNode)]
    yield (APPROVALS, ""), sum(decided[node] for node in approvals) / n
    for node in definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode):
            yield (TASKS, node.id), decided[node.id] / n


def _times(group: Group) -> Iterator[tuple[tuple[str, str], float]]:
    figure = group.figure(Metric.HANDLING)
    assert figure is not None, "every case has lasted for some time"
    for name, value in ((Metric.HANDLING, figure.value), (P85 + Metric.HANDLING, figure.high)):
        if value is not None:
            yield (name, ""), value


def _checked(quarter: Quarter, unchanged: _Side) -> tuple[Checked, ...]:
    real = Distances([course_of(one.history, quarter.ruler) for one in quarter.cases])
    replays = [real.of(courses) for courses in unchanged.courses]
    halves = real.halves()
    return tuple(
        Checked(measure=one, replay=median(each[one] for each in replays), halves=halves[one])
        for one in Measure
    )


def _rows(unchanged: _Side, changed: _Side) -> Iterator[Row]:
    """Yield the figures that either side has, those of whole cases first."""
    names = dict.fromkeys(key for one in (*unchanged.figures, *changed.figures) for key in one)
    for key in sorted(names, key=lambda key: key[0] == TASKS):
        before = [_value(one, key) for one in unchanged.figures]
        after = [_value(one, key) for one in changed.figures]
        pairs = zip(before, after, strict=True)
        yield Row(
            name=key[0],
            node=key[1],
            unchanged=_estimate(before),
            draft=_estimate(after),
            difference=_estimate(
                [None if a is None or b is None else b - a for a, b in pairs],
            ),
        )


def _value(figures: Mapping[tuple[str, str], float], key: tuple[str, str]) -> float | None:
    """Return a figure of one replay; nobody has tasks at a step that there is not."""
    return figures.get(key, 0.0 if key[0] == TASKS else None)


def _estimate(values: Sequence[float | None]) -> Estimate:
    """Return what replays show; a figure that most of them do not have is not known."""
    known = [value for value in values if value is not None]
    if len(known) <= len(values) / 2:
        return Estimate(value=None, low=None, high=None)
    return Estimate(value=median(known), low=min(known), high=max(known))


def _assumed(changed: _Side) -> Mapping[str, int]:
    """Return the steps without history that cases came to, with the time that was assumed."""
    return {
        node.id: changed.chances.usual(type(node))
        for node in changed.definition.nodes
        if isinstance(node, TaskNode | ApprovalNode)
        and node.id in changed.nodes
        and node.id not in changed.takes
        and not changed.chances.knows(node.id)
    }
