"""Rehearses one definition completely: every path, every time-out, everybody who may start it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar
from workflows.directory import Directory
from workflows.loading import Loaded
from workflows.moments import Moment, moment_of
from workflows.rehearsal.explorer import MOST_STEPS, Graph, Way, exploring
from workflows.rehearsal.judge import judge, shown_by, tallies
from workflows.rehearsal.kinds import kinds_of
from workflows.rehearsal.publish_check import nobody_may_start, usual, who_gets_what
from workflows.rehearsal.report import RehearsalFinding, Report
from workflows.rehearsal.scenario import START, local_time
from workflows.rehearsal.stage import Stage


def rehearse(
    loaded: Loaded,
    *,
    directory: Directory,
    calendar: WorkCalendar,
    start: Moment,
    most: int = MOST_STEPS,
) -> Report:
    """Rehearse a definition with these people, beginning at `start`.

    `most` is the largest number of commands.
    """
    rehearsal = Rehearsal(loaded, directory=directory, calendar=calendar, start=start, most=most)
    for _ in rehearsal.ways():
        pass  # run to the end
    return rehearsal.report()


def beginning(calendar: WorkCalendar) -> Moment:
    """Return the start time of a rehearsal: a fixed date, so that its result is reproducible."""
    at = local_time(START).replace(tzinfo=ZoneInfo(calendar.data.zone))
    return calendar.next_opening(moment_of(at))


class Rehearsal:
    """A rehearsal in progress: `graph` and `seen_wrong` grow while it is played."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        directory: Directory,
        calendar: WorkCalendar,
        start: Moment,
        most: int = MOST_STEPS,
    ) -> None:
        self.stage = Stage(loaded, directory=directory, calendar=calendar, start=start)
        self.graph = Graph()
        self._kinds = kinds_of(loaded.definition, directory)
        self._most = most
        self._wrong: dict[tuple[str, str], RehearsalFinding] = {}

    def ways(self) -> Iterator[Way]:
        """Explore the definition, once, and yield each way when it was tried."""
        if not self._kinds:
            return
        for way in exploring(self.stage, self.graph, filer=usual(self._kinds), most=self._most):
            for one in shown_by(self.stage, self.graph, since=len(self.graph.ways) - 1):
                self._wrong.setdefault((one.code, one.where), one)
            yield way

    @property
    def seen_wrong(self) -> tuple[RehearsalFinding, ...]:
        """The findings so far. More are found when all ways are known."""
        return tuple(self._wrong.values())

    def report(self) -> Report:
        """Return the report, after every way was played."""
        if not self._kinds:
            return self._report((nobody_may_start(self.stage.loaded),))
        checked = who_gets_what(self.stage, self.graph, self._kinds)
        found = (*judge(self.stage, self.graph), *checked.findings)
        return replace(self._report(found), groups=checked.groups)

    def _report(self, findings: tuple[RehearsalFinding, ...]) -> Report:
        return Report(
            process=self.stage.definition.key,
            start=self.stage.start,
            situations=len(self.graph.visits),
            steps=len(self.graph.ways),
            complete=self.graph.complete,
            tallies=tallies(self.stage.definition, self.graph),
            groups=(),
            findings=tuple(sorted(findings, key=lambda one: (one.line or 0, one.where, one.code))),
        )
