"""Planted defects of administration, each with the script that meets it.

A script is played with the defect and without; see `scripted.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.simulation.company import COMPLAINT
from tests.simulation.scripted import CASE, Stage
from tests.simulation.scripts import LARGE, REVIEWERS, Planted
from tests.stories.deeds import file_complaint
from workflows.actions import reopen
from workflows.flow import administering, leading

OWNER = "tang.yi"  # of launches, and one of the executives
COMPLAINTS = "C-2026-0001"


async def repairs(stage: Stage, who: str, verb: str, case: str = CASE, **values: object) -> None:
    """Open a form of an administrator, whether or not it was shown to them, and send it."""
    person = stage.work.person(who)
    await person.forges(f"{verb}|{case}||")
    if person.sheet is not None:
        await person.fills(text="必须如此", **values)
    await stage.work.settle()


async def led_back(stage: Stage) -> None:
    """The owner leads a launch back that an executive has, and all review it again."""
    await stage.files("fang.hao", budget=LARGE)
    await stage.approve(*REVIEWERS)
    await repairs(stage, OWNER, "jump", node="rnd_review")
    await stage.approve(*REVIEWERS)


async def skipped(stage: Stage) -> None:
    """The owner skips the first review, then the others decide."""
    await stage.files("fang.hao")
    await repairs(stage, OWNER, "skipstep", step="t1", outcome="approve")
    await stage.approve("guo.xin", "qian.li")


async def by_anybody(stage: Stage) -> None:
    """Whoever has the first review would rather go on elsewhere."""
    await stage.files("fang.hao")
    await repairs(stage, "xu.ning", "jump", node="finance_review")


async def of_their_own(stage: Stage) -> None:
    """The owner would let a launch pass that they filed."""
    await stage.files(OWNER)
    await repairs(stage, OWNER, "jump", node="approved")


async def reopened(stage: Stage) -> None:
    """A complaint is terminated, and goes on hours later."""
    await file_complaint(stage.work.person("emma.clark"))
    await repairs(stage, "chen.jing", "terminate", COMPLAINTS)
    await stage.work.until("2026-03-02 15:00")
    await repairs(stage, "chen.jing", "reopen", COMPLAINTS, node="triage")


# ---------------------------------------------------------------------------- defects


def _nobody(*_: object, **__: object) -> tuple[str, ...]:
    return ()


def _nothing(*_: object, **__: object) -> None:
    pass


def _never(*_: object, **__: object) -> bool:
    return False


PLANTED: Mapping[str, Planted] = {
    "approvals that a jump keeps": Planted(
        promise="void", script=led_back, where=leading, name="void_decisions", other=_nothing
    ),
    "a repair of which nobody hears": Planted(
        promise="told", script=skipped, where=administering, name="concerned", other=_nobody
    ),
    "everybody administers": Planted(
        promise="R8",
        script=by_anybody,
        where=administering,
        name="require_administrator",
        other=_nothing,
    ),
    "one's own case past an approval": Planted(
        promise="own request",
        script=of_their_own,
        where=administering,
        name="require_outsider",
        other=_nothing,
    ),
    "a reopened case without its limits": Planted(
        promise="clocks",
        script=reopened,
        where=reopen,
        name="_ran_until_the_end",
        other=_never,
        processes=(COMPLAINT,),
    ),
}
