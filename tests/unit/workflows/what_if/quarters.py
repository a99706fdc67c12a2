"""Quarters of a small process to be replayed, and their cases, which really ran on the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.rehearsal.rehearsed import whole
from workflows.loading import Loaded, load_definition
from workflows.metrics.history import History
from workflows.metrics.measuring import Ruler
from workflows.moments import HOUR, Moment
from workflows.what_if.chances import Chances
from workflows.what_if.comparing import Quarter
from workflows.what_if.past import PastCase, PastTask
from workflows.what_if.playing import Player

MONDAY = office.moment("2026-03-02 09:00")
CUT_OFF = office.moment("2026-04-30 18:00")
RULER = Ruler(calendar=office.calendar(), zone=ZoneInfo("Asia/Shanghai"), cut_off=CUT_OFF)

CHECK = """
#: start = "check"
[actions.called]
name = { zh = "电话", en = "Called" }
form = "request"
nodes = ["check"]

[[nodes]]
id = "check"
kind = "approval"
name = { zh = "检查", en = "Check" }
candidates = "role:complaint-desk"
due = "4wh"
ladder = "step"

[nodes.outcomes.approve]
to = "do"

[nodes.outcomes.reject]
to = "done"

[nodes.outcomes.return]
to = "fix"
at_most = 2

[[nodes]]
id = "fix"
kind = "task"
name = { zh = "修改", en = "Fix" }
assignee = "filer"
form = "request"
due = "1wd"
ladder = "step"
next = "check"

[[nodes]]
id = "do"
kind = "task"
name = { zh = "办理", en = "Do" }
assignee = "owner"
due = "1wd"
ladder = "step"
next = "done"
return_to = ["check"]
"""


def process(middle: str = CHECK) -> Loaded:
    """A small process, by its middle."""
    return load_definition(whole(middle), file="sample.toml")


def task(node: str, hours: float, outcome: str = "complete", **fields: object) -> PastTask:
    """What happened at a task that took so many working hours."""
    again = bool(fields.pop("again", False))
    return PastTask(node=node, again=again, time=int(hours * HOUR), outcome=outcome, **fields)  # type: ignore[arg-type]


def past(
    *tasks: PastTask,
    number: int = 1,
    filed: Moment = MONDAY,
    filer: str = "wu.min",
    values: Mapping[str, object] | None = None,
) -> PastCase:
    """A past case with these tasks; its history says only who filed it and when."""
    history = History(
        case=f"S-{number}", process="sample", version="1", filed=filed, filer=key(filer)
    )
    return PastCase(
        history=history, tasks=tasks, values={"what": "It"} if values is None else values
    )


def player(cases: Sequence[PastCase], loaded: Loaded, **more: object) -> Player:
    """A player of a process that draws from these cases."""
    given: dict[str, object] = {"directory": office.directory(), "cut_off": CUT_OFF, **more}
    before = given.pop("before", loaded)
    assert isinstance(before, Loaded)
    chances = Chances(cases, before.definition)
    return Player(loaded, chances, calendar=office.calendar(), **given)  # type: ignore[arg-type]


def quarter(cases: Sequence[PastCase], loaded: Loaded) -> Quarter:
    """These cases, with which drafts are compared."""
    return Quarter(cases=cases, loaded=loaded, directory=office.directory(), ruler=RULER)


def usual() -> list[PastCase]:
    """Cases of which a few were returned or rejected."""
    votes = [(1, "approve"), (2, "approve"), (3, "approve"), (5, "return"), (8, "reject")]
    return [
        past(
            task("check", hours, outcome),
            task("fix", 2 * hours),
            task("check", hours / 2, "approve", again=True),
            task("do", 3 * hours),
            number=100 + index,
        )
        for index, (hours, outcome) in enumerate(votes * 4)
    ]


def really(
    loaded: Loaded, number: int = 40, like: Sequence[PastCase] | None = None
) -> list[PastCase]:
    """Cases that ran on the engine, their steps like those of other cases."""
    one = player(usual() if like is None else like, loaded)
    found = []
    for index in range(number):
        case = past(number=index, filed=MONDAY + index * 5 * HOUR)
        history = one.play(case, seed=77).history
        tasks = tuple(
            PastTask(
                node=stay.node,
                again=stay.again,
                time=RULER.working(stay.since, stay.until or CUT_OFF),
                outcome=stay.outcome,
            )
            for stay in history.stays
        )
        found.append(PastCase(history=history, tasks=tasks, values=case.values))
    return found
