"""The pilot and the batches of a roll-out, each beside the departments that got the version later.

A roll-out gives a version to more departments step by step. The effect of a step is that of a
pilot: its departments beside others, before and during. The others are only departments that had
no version of their own from the beginning of the comparison until its end.
docs/explanation/pilots.md has the reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from workflows.metrics.history import History
from workflows.metrics.piloting import GUARDS, without_gap
from workflows.metrics.pilots import (
    BEFORE,
    MONTH,
    MONTHS,
    Assessment,
    Boxes,
    Groups,
    Watched,
    Window,
    assess,
    boxes,
    window,
)
from workflows.model.measures import Metric
from workflows.moments import DAY, Moment
from workflows.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The departments that began with a version together: those of a pilot, or of a batch.

    `batch` is 0 for the pilot. `first` is when one of them began with an earlier draft of the same
    change, else `since`. `until` is None while a release is open.
    """

    batch: int
    departments: tuple[str, ...]
    first: Moment
    since: Moment
    until: Moment | None


def stages_of(own: Sequence[Release]) -> tuple[Stage, ...]:
    """Return the stages of a change, of the version that it released last, the first one first.

    `own` are all its releases to departments, in the order in which they were opened.
    """
    found: dict[str, list[Release]] = {}
    for one in own:
        if one.version == own[-1].version:
            found.setdefault(one.opening, []).append(one)
    return tuple(_stage(several, own) for several in found.values())


def _stage(several: Sequence[Release], own: Iterable[Release]) -> Stage:
    departments = tuple(dict.fromkeys(one.department for one in several))
    ends = [one.ended_at for one in several if one.ended_at is not None]
    return Stage(
        batch=several[0].batch,
        departments=departments,
        first=min(one.opened_at for one in own if one.department in departments),
        since=several[0].opened_at,
        until=max(ends) if len(ends) == len(several) else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RollOut:
    """The stages of a change, all releases of the process, and when the observation ends."""

    stages: tuple[Stage, ...]
    releases: tuple[Release, ...]
    cut_off: Moment

    @property
    def earliest(self) -> Moment:
        """Since when cases are compared, those of ordinary months included."""
        first = min(one.first for one in self.stages)
        return first - BEFORE - (MONTHS - 1) * MONTH - (self.cut_off - first)

    @property
    def version_before(self) -> int:
        """The version that was in force when the first stage began; 0 if there was none."""
        since = self.stages[0].since
        before = [
            one.version
            for one in self.releases
            if not one.department and _overlaps(one, since, since + 1)
        ]
        return before[0] if before else 0

    def ends(self, stage: Stage) -> list[Moment]:
        """Return when the comparison of a stage may end, the best choice first.

        It ends when the next stage begins, but after no less than 30 days, and at the latest when
        it ended itself or a version was released to all. If no department is left without a version
        of its own by then, it ends when the last one of them got it.
        """
        everybody = (
            one.opened_at
            for one in self.releases
            if not one.department and one.opened_at > stage.since
        )
        end = min([self.cut_off, *everybody, *([] if stage.until is None else [stage.until])])
        later = [one.since for one in self.stages if one.since > stage.since]
        wanted = min(end, max(min(later), stage.since + MONTH) if later else end)
        begins = {one.opened_at for one in self.releases if one.department}
        return [
            wanted,
            *sorted((one for one in begins if stage.since < one < wanted), reverse=True),
        ]

    def groups(self, stage: Stage, known: Collection[str], until: Moment) -> Groups:
        """Return the departments of a stage, and those without a version of their own until then.

        Their time begins three months before the stage, or before its first draft.
        """
        since = stage.first - BEFORE
        having = {one.department for one in self.releases if _overlaps(one, since, until)}
        pilot = frozenset(stage.departments)
        return Groups(pilot=pilot, others=frozenset(known) - pilot - having - {""})


def _overlaps(release: Release, since: Moment, until: Moment) -> bool:
    return release.opened_at < until and (release.ended_at is None or release.ended_at > since)


def apart(
    histories: Iterable[History], rollout: RollOut, *, version: int
) -> tuple[list[History], int]:
    """Return the cases that departments filed with a version that they started, and how many else.

    A case of the version that its department did not start was moved to it while it ran, or its
    filer is in another department by now. Those filed before anybody started it are kept.
    """
    given = [one for one in rollout.releases if one.version == version]
    begin = min(one.opened_at for one in given)
    kept, left_out = [], 0
    for history in histories:
        strange = history.version == str(version) and history.filed >= begin
        if strange and not any(_starts(one, history) for one in given):
            left_out += 1
        else:
            kept.append(history)
    return kept, left_out


def _starts(release: Release, history: History) -> bool:
    at = history.filed
    return release.department in ("", history.department) and _overlaps(release, at, at + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A stage with the departments that are its control, the time that counts, and the cases.

    There is no assessment of fewer than 30 days, or if a box has too few cases.
    """

    stage: Stage
    times: Window
    groups: Groups
    boxes: Boxes
    assessment: Assessment | None

    @property
    def days(self) -> int:
        """How many days were compared."""
        return round((self.times.until - self.times.since) / DAY)

    @property
    def young(self) -> bool:
        """Whether that is too short to say anything."""
        return self.days * DAY < MONTH


def compared(cases: Sequence[Watched], rollout: RollOut, metric: Metric) -> tuple[Compared, ...]:
    """Return each stage with its own effect on a metric. They have cases in common.

    So there is no effect of all stages together: their ranges are not independent.
    """
    known = frozenset(one.department for one in cases)
    return tuple(_compared(cases, rollout, stage, metric, known) for stage in rollout.stages)


def _compared(
    cases: Sequence[Watched],
    rollout: RollOut,
    stage: Stage,
    metric: Metric,
    known: Collection[str],
) -> Compared:
    ends = rollout.ends(stage)
    choices = [(end, rollout.groups(stage, known, end)) for end in ends]
    until, groups = next((one for one in choices if one[1].others), choices[0])
    times = window(stage.since, max(until, stage.since + 1))
    own = without_gap(cases, first=stage.first, since=stage.since)
    found = Compared(
        stage=stage,
        times=times,
        groups=groups,
        boxes=boxes(own, groups, times),
        assessment=None,
    )
    if found.young or not found.boxes.enough:
        return found
    return replace(found, assessment=assess(own, groups, times, metric, guards=GUARDS))
