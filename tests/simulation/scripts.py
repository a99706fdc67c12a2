"""Planted defects of the rules of approvals, each with the script of a launch that meets it.

A script is played with the defect and without; see `scripted.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.office import moment
from tests.simulation.company import LAUNCH
from tests.simulation.mutants import swapped
from tests.simulation.scripted import Script, Stage
from tests.stories.deeds import leave
from workflows.case.draft import Draft
from workflows.case.effects import watched
from workflows.case.spot import Spot
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.flow import (
    adding,
    authority,
    ballots,
    duties,
    entering,
    offer,
    opening,
    points,
    returning,
)
from workflows.model.nodes import ApprovalNode, GatewayNode
from workflows.moments import Moment

LARGE, LARGEST = "800000", "1200000"  # budgets that one executive, or all, have to approve
REVIEWERS = ("xu.ning", "guo.xin", "qian.li")
EXECUTIVES = ("lin.wei", "gao.feng", "tang.yi")
ALL_WEEK = (moment("2026-03-02 08:00"), moment("2026-03-09 08:00"))
TUESDAY = (moment("2026-03-03 08:00"), moment("2026-03-04 08:00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A planted defect, the promise that it breaks, and the script in which it does."""

    promise: str
    script: Script
    where: Any
    name: str
    other: Callable[..., Any]
    processes: tuple[str, ...] = (LAUNCH,)  # that are in force before it

    def planted(self) -> AbstractContextManager[None]:
        return swapped(self.where, self.name, self.other)


# ---------------------------------------------------------------------------- scripts


async def grown(stage: Stage) -> None:
    """An executive returns a launch, and its budget grows: finance and all executives decide."""
    await stage.files("fang.hao", budget=LARGE)
    await stage.approve(*REVIEWERS)
    await stage.decides("lin.wei", "退回", **{"return-to": "revise", "opinion": "请算上认证费"})
    await stage.decides("fang.hao", "提交", budget=LARGEST)
    await stage.approve("qian.li", *EXECUTIVES)


async def countersigned(stage: Stage) -> None:
    """One of three executives returns it for all, then one rejects and two approve."""
    await stage.files("fang.hao", budget=LARGEST)
    await stage.approve(*REVIEWERS)
    await stage.decides("gao.feng", "退回", **{"return-to": "revise", "opinion": "请算上认证费"})
    await stage.decides("fang.hao", "提交")
    await stage.decides("lin.wei", "驳回")
    await stage.approve("gao.feng", "tang.yi")


async def handed_over(stage: Stage) -> None:
    """An executive would give their seat to another one who has a seat."""
    await stage.files("fang.hao", budget=LARGEST)
    await stage.approve(*REVIEWERS)
    await stage.hands_over("gao.feng", "lin.wei")
    await stage.approve(*EXECUTIVES)


async def filed_by_a_signer(stage: Stage) -> None:
    """An executive asks for a launch that all executives approve."""
    await stage.files("lin.wei", budget=LARGEST)
    await stage.approve(*REVIEWERS, *EXECUTIVES)


async def deputised(stage: Stage) -> None:
    """An executive is away; their deputy is who reviews the finances."""
    since, until = ALL_WEEK
    await stage.leaves("gao.feng", "qian.li", since=since, until=until)
    await stage.files("fang.hao", budget=LARGEST)
    await stage.approve(*REVIEWERS)
    await stage.approve(*EXECUTIVES)


async def signed_after(stage: Stage) -> None:
    """A reviewer adds somebody who signs after them."""
    await stage.files("fang.hao")
    await stage.approve("xu.ning")
    zhou = [await stage.work.person("zhou.min").key()]
    await stage.decides("guo.xin", "加签", where="after", people=zhou)
    await stage.decides("guo.xin")
    await stage.approve("zhou.min", "qian.li")


async def late(stage: Stage) -> None:
    """The review is due on Monday and decided on Thursday; its reviewer is away on Tuesday."""
    since, until = TUESDAY
    await stage.leaves("xu.ning", "fang.hao", since=since, until=until)
    await stage.files("guo.xin")
    await stage.work.until("2026-03-05 09:00")
    await stage.approve("xu.ning")


async def pressed_by_another(stage: Stage) -> None:
    """Whoever reviewed first decides with the button of the next reviewer."""
    await stage.files("fang.hao")
    await stage.approve("xu.ning")
    await stage.presses_as("xu.ning", "guo.xin")
    await stage.approve(*REVIEWERS)


async def late_with_others(stage: Stage) -> None:
    """Two sign before the reviewer, one after, and each of them, and who advises, is late."""
    await stage.files("fang.hao")
    first, second, third, advisor = [
        await stage.work.person(one).key() for one in ("zhou.min", "sun.yue", "he.jun", "ma.chao")
    ]
    await stage.decides("xu.ning", "加签", where="before", people=[first, second])
    await stage.work.until("2026-03-04 09:00")  # both are charged for Tuesday
    await stage.approve("zhou.min")
    await stage.work.until("2026-03-05 09:00")  # and the other for Wednesday
    await stage.approve("sun.yue")
    await stage.decides("xu.ning", "委派", person=advisor)
    await stage.work.until("2026-03-06 09:00")  # the advisor for Thursday
    await stage.decides("ma.chao", "填写意见")
    await stage.decides("xu.ning", "加签", where="after", people=[third])
    await stage.decides("xu.ning")
    await stage.work.until("2026-03-10 09:00")  # who signs after for Friday; then it is enough
    await stage.approve("he.jun", *REVIEWERS)


async def left(stage: Stage) -> None:
    """A reviewer leaves; their manager hands over what they had, and once more."""
    await stage.files("fang.hao")
    await leave(stage.work, "xu.ning")
    await stage.work.settle()
    manager = stage.work.person("lin.wei")
    for successor in ("pan.rui", "yu.jia"):
        await manager.presses("交接", kind="handover")
        await manager.fills(person=successor)
        assert manager.answer.tone == "good", manager.answer
    await stage.approve("yu.jia", *REVIEWERS[1:])


# ---------------------------------------------------------------------------- defects

_BallotDecided, _charge = ballots.BallotDecided, points.charge
_route = entering._route  # noqa: SLF001 - the defects are planted around them
_spared = points._spared  # noqa: SLF001


def _with_an_open_seat(**body: Any) -> Any:
    """A ballot that forgets one of the seats that are left."""
    return _BallotDecided(**{**body, "rest": body["rest"][1:]})


def _first_vote(_rule: Any, votes: Any) -> Any:
    """A tally that takes the first vote for the outcome."""
    return next((vote.choice for vote in votes if vote.choice), "")


def _holds_although_void(draft: Draft, node: ApprovalNode, _spot: Spot) -> bool:
    """An approval holds as it was given, whatever happened to it since."""
    tasks = [one for one in draft.case.tasks if one.node == node.id]
    return bool(tasks) and tasks[-1].outcome == "approve"


def _over_the_gateway(draft: Draft, node: GatewayNode) -> str:
    """On the way back, a case goes from a gateway to whoever returned it, whatever holds now."""
    back = draft.case.newest_at(node.id).resume_to
    if not back:
        return _route(draft, node)
    draft.cause(entering.RouteTaken(node=node.id, to=back, because="default"))
    return back


def _without_those_after(draft: Draft, task: Task, outcome: str) -> str:
    """The approval of an item counts at once, although others sign after it."""
    return adding.settle(draft, task) if task.parent else opening.vote(draft, task, outcome)


def _charged_twice(draft: Draft, clock: Any, planned: Any, rung: Any) -> None:
    _charge(draft, clock, planned, rung)
    _charge(draft, clock, planned, rung)


def _spared_unless_away(draft: Draft, task: Task, day: Moment) -> Any:
    """A day on which they were away charges them."""
    why = _spared(draft, task, day)
    return None if why == "away" else why


def _for_anybody(draft: Draft, task: str) -> tuple[Task, None]:
    """Whoever presses a button of an open task has it."""
    return authority.require_open(draft, task), None


def _the_item_alone(case: Case, clock: str) -> tuple[Task, ...]:
    """The points of an item go to its owner, whoever has it."""
    return (case.known_task(clock.partition(":")[2]),)


def _one_of_several(case: Case, clock: str) -> tuple[Task, ...]:
    """Of several added signers the first is charged."""
    return watched(case, clock)[:1]


PLANTED: Mapping[str, Planted] = {
    "authority not checked": Planted(
        promise="R8",
        script=pressed_by_another,
        where=authority,
        name="require_owner",
        other=_for_anybody,
    ),
    "a ballot leaves a seat open": Planted(
        promise="open seat",
        script=countersigned,
        where=ballots,
        name="BallotDecided",
        other=_with_an_open_seat,
    ),
    "the first vote decides": Planted(
        promise="tally", script=countersigned, where=ballots, name="tally", other=_first_vote
    ),
    "a void approval is skipped": Planted(
        promise="void",
        script=grown,
        where=returning,
        name="holds",
        other=_holds_although_void,
    ),
    "a jump back over a gateway": Planted(
        promise="authority", script=grown, where=entering, name="_route", other=_over_the_gateway
    ),
    "after-signers are not waited for": Planted(
        promise="open seat",
        script=signed_after,
        where=adding,
        name="vote",
        other=_without_those_after,
    ),
    "membership not checked": Planted(
        promise="two seats",
        script=handed_over,
        where=duties,
        name="members",
        other=lambda _case, _task: frozenset(),
    ),
    "self-approval not checked": Planted(
        promise="own request",
        script=filed_by_a_signer,
        where=offer,
        name="_filer_may",
        other=lambda _place: True,
    ),
    "own work not checked": Planted(
        promise="own work",
        script=deputised,
        where=duties,
        name="separated",
        other=lambda *_, **__: iter(()),
    ),
    "points charged twice": Planted(
        promise="points", script=late, where=points, name="charge", other=_charged_twice
    ),
    "points go to the owner of an item that others have": Planted(
        promise="points",
        script=late_with_others,
        where=points,
        name="watched",
        other=_the_item_alone,
    ),
    "one of several added signers is charged": Planted(
        promise="points",
        script=late_with_others,
        where=points,
        name="watched",
        other=_one_of_several,
    ),
    "points on a day away": Planted(
        promise="points", script=late, where=points, name="_spared", other=_spared_unless_away
    ),
}
