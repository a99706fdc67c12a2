"""One definition, rehearsed whole: every branch, every time-out, everybody who may start it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.calendar import WorkCalendar
from workflows.directory import Directory
from workflows.loading import Loaded
from workflows.publish_check import nobody_may_start, usual, who_gets_what
from workflows.rehearsal.explorer import MOST_STEPS, Graph, explore
from workflows.rehearsal.judge import judge, tallies
from workflows.rehearsal.kinds import kinds_of
from workflows.rehearsal.report import Found, Report
from workflows.rehearsal.stage import Stage


def rehearse(
    loaded: Loaded,
    *,
    directory: Directory,
    calendar: WorkCalendar,
    start: datetime,
    most: int = MOST_STEPS,
) -> Report:
    """Rehearse a definition with these people, from this moment on."""
    stage = Stage(loaded, directory=directory, calendar=calendar, start=start)
    kinds = kinds_of(loaded.definition, directory)
    if not kinds:
        return _report(stage, Graph(), findings=(nobody_may_start(loaded),))
    graph = explore(stage, filer=usual(kinds), most=most)
    checked = who_gets_what(stage, graph, kinds)
    report = _report(stage, graph, findings=(*judge(stage, graph), *checked.findings))
    return replace(report, groups=checked.groups)


def _report(stage: Stage, graph: Graph, *, findings: tuple[Found, ...]) -> Report:
    return Report(
        process=stage.definition.key,
        start=stage.start,
        situations=len(graph.visits),
        steps=len(graph.ways),
        complete=graph.complete,
        tallies=tallies(stage.definition, graph),
        groups=(),
        findings=tuple(sorted(findings, key=lambda one: (one.line or 0, one.where, one.code))),
    )
