"""Planted defects of the years of a supplier, each with the script that meets it.

A script is played with the defect and without; see `scripted.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import registers
from tests.office import moment
from tests.person import Colleague
from tests.simulation.scripted import Stage
from tests.simulation.scripts import Planted
from tests.stories import supplying as s
from workflows.actions import fire_timers
from workflows.case.draft import Draft
from workflows.case.state import Case, Visit
from workflows.flow import ending, facts, scores, start_clocks, starts
from workflows.flow.branch_events import BranchStarted, rest_of
from workflows.flow.clocks import stop
from workflows.model.nodes import EndNode, WaitNode
from workflows.model.starts import Start
from workflows.moments import DAY

ISO = "iso9001"

# ---------------------------------------------------------------------------- scripts


async def down_for_months(stage: Stage) -> None:
    """Nothing runs from June to January: three quarters are due, and assessed one by one."""
    work = stage.work
    await s.admitted(work)
    await work.until("2026-06-20 12:00")
    work.clock.set(moment("2027-01-15 12:00"))
    await work.settle()
    for number in (92, 85, 78):
        await s.scores(work, number)
    await work.until("2027-04-30 12:00")
    await s.scores(work, 88)


async def warned(stage: Stage) -> None:
    """The first warning of a certificate falls into a downtime; nobody renews it."""
    work = stage.work
    await s.admitted(work, iso_until="2026-06-30")
    await work.until("2026-04-30 12:00")
    work.clock.set(moment("2026-05-08 12:00"))
    await work.settle()
    await work.until("2026-07-02 12:00")


async def renewed(stage: Stage) -> None:
    """A required certificate runs out while it is being renewed, and is renewed."""
    work = stage.work
    await s.admitted(work, iso_until="2026-06-30")
    buyer = work.person(s.BUYER)
    await work.until("2026-06-25 12:00")
    await buyer.presses("更新证书", kind="case")
    await buyer.fills(subject=ISO)
    await work.until("2026-07-01 12:00")
    await _hands_in(buyer, until="2027-06-30")
    await s.approves(work.person(s.INSPECTOR), "同意", finding="有效")


async def taken_back(stage: Stage) -> None:
    """A second bad quarter was a slip of the pen, and is taken back and scored again."""
    work = stage.work
    await s.admitted(work)
    await work.until("2026-07-08 10:00")
    await s.scores(work, 60)
    await work.until("2026-10-20 10:00")
    await s.scores(work, 50)
    buyer = work.person(s.BUYER)
    await buyer.presses("拿回", kind="task")
    await buyer.fills(text="写错了一位")
    assert buyer.answer.tone == "good", buyer.answer


async def proposed(stage: Stage) -> None:
    """A quarter is over while an elimination is decided, which one rejects."""
    await _during_an_elimination(stage, "继续合作", s.SUPERVISOR)
    await s.scores(stage.work, 90)


async def eliminated(stage: Stage) -> None:
    """A quarter is over while an elimination is decided, which both confirm; years pass."""
    await _during_an_elimination(stage, "同意淘汰", s.SUPERVISOR, s.QUALITY)
    await stage.work.until("2028-01-01 10:00")


async def _during_an_elimination(stage: Stage, verdict: str, *people: str) -> None:
    work = stage.work
    await s.admitted(work)
    await work.until("2026-07-06 10:00")
    supervisor = work.person(s.SUPERVISOR)
    await supervisor.says(f"/case {s.CASE}")
    await supervisor.presses("提出淘汰")
    await work.until("2026-07-09 10:00")
    for person in people:
        await s.approves(work.person(person), verdict, opinion="已核实")


async def _hands_in(buyer: Colleague, *, until: str) -> None:
    await buyer.presses("提交", kind="task")
    paper = await buyer.uploads("新证书.pdf", s.PDF)
    await buyer.fills(**{ISO: [paper], f"{ISO}_expires": until})


# ---------------------------------------------------------------------------- defects

_begin_clock = fire_timers._begin  # noqa: SLF001 - the defects are planted around them
_each, _plan, _first = start_clocks._each, start_clocks._plan, start_clocks._first_day  # noqa: SLF001
_follow_up, _work_out, _end = start_clocks.follow_up, scores.work_out, ending.end


def _from_today(draft: Draft, node: WaitNode, visit: Visit, start: Start, clock: Any) -> None:
    """The next quarter is the first whole one after today, whatever was missed."""
    if start.every != "quarter":
        _follow_up(draft, node, visit, start, clock)
        return
    first = _first(draft, start, draft.world.calendar.day_of(draft.world.now))
    _plan(draft, _each(draft, node, visit, start, first=first, why="started"))


def _once_late_never(draft: Draft, clock: Any, due: Any) -> None:
    """A ladder of which a rung is late by days is over."""
    if draft.world.now - due[0].at > DAY:
        stop(draft, clock.key, why="cancelled")
    else:
        _begin_clock(draft, clock, due)


def _with_void_ones(case: Case) -> Any:
    """The rows of a register keep a fact that does not count any more."""
    latest = {fact.name: fact for fact in case.facts if not fact.subject}
    for name, fact in latest.items():
        row: dict[str, Any] = {"case_id": case.id, "name": name, "process": case.process}
        yield {**row, "option": fact.option, "number": fact.number}


def _twice(draft: Draft, key: str, spot: Any) -> None:
    """A quarter gets two results."""
    _work_out(draft, key, spot)
    score = facts.history(draft.case, f"{key}.score")[-1]
    draft.cause(
        facts.ResultNoted(
            fact=score.name, number=score.number, period=score.period, scope=score.scope
        )
    )


def _begins_at_the_end(draft: Draft, node: EndNode) -> None:
    """What waited for the end of an elimination begins, although it ended everything."""
    due = [(one.id, rest_of(one).due) for one in draft.case.scopes if one.rest is not None]
    _end(draft, node)
    for visit, waiting in due:
        for one in waiting:
            scope = f"v{draft.case.entered + 1}"
            draft.cause(
                BranchStarted(
                    node="active",
                    visit=visit,
                    start=one.reason.start,
                    to="assess",
                    scope=scope,
                    period=one.reason.period,
                )
            )


PLANTED: Mapping[str, Planted] = {
    "a quarter is planned from today": Planted(
        promise="quarters",
        script=down_for_months,
        processes=(),
        where=start_clocks,
        name="follow_up",
        other=_from_today,
    ),
    "a late ladder is over": Planted(
        promise="expiry",
        script=warned,
        processes=(),
        where=fire_timers,
        name="_begin",
        other=_once_late_never,
    ),
    "a register keeps what is void": Planted(
        promise="register",
        script=taken_back,
        processes=(),
        where=registers,
        name="rows_of",
        other=_with_void_ones,
    ),
    "a second branch for the same": Planted(
        promise="one branch",
        script=renewed,
        processes=(),
        where=starts,
        name="_running",
        other=lambda *_, **__: None,
    ),
    "an elimination bars nothing": Planted(
        promise="one branch",
        script=proposed,
        processes=(),
        where=starts,
        name="_excludes",
        other=lambda *_: False,
    ),
    "what runs out suspends nobody": Planted(
        promise="standing",
        script=renewed,
        processes=(),
        where=starts,
        name="_is_required",
        other=lambda *_: False,
    ),
    "a quarter has two results": Planted(
        promise="quarters",
        script=down_for_months,
        processes=(),
        where=scores,
        name="work_out",
        other=_twice,
    ),
    "what waited begins at the end": Planted(
        promise="eliminated",
        script=eliminated,
        processes=(),
        where=ending,
        name="end",
        other=_begins_at_the_end,
    ),
}
