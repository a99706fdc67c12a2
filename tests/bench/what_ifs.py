"""What one what-if costs, beside the engine alone, and whether its unchanged replay is shown.

A quarter of 1,000 complaints is made by replaying the shipped process with lognormal times and the
seed 1. Each what-if replays it 20 times unchanged and 20 times through a draft without the
customer's confirmation. The time is that of the processor, as the machine is never quiet.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import exp
from random import Random

from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most
from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.what_if.quarters import player
from workflows.loading import Loaded, load_definition
from workflows.metrics.history import History
from workflows.metrics.measuring import Ruler
from workflows.moments import DAY, HOUR
from workflows.what_if.comparing import REPLAYS, Quarter, what_if
from workflows.what_if.past import PastCase, PastTask

CASES = 1_000
LENGTH = 91 * DAY
AIM_S = 60
RETURNED = 0.15
MIDDLES = {"triage": 2, "resolve": 12, "confirm": 6, "archive": 4}  # working hours
SINCE = office.moment("2026-03-02 09:00")


def _made(draw: Random, node: str, *, again: bool) -> PastTask:
    outcome = "complete"
    if node == "confirm":
        outcome = "return" if draw.random() < RETURNED else "approve"
    hours = MIDDLES[node] * exp(draw.gauss(0, 1))
    recorded = (("answered", int(hours * HOUR / 2)),) if node == "resolve" else ()
    return PastTask(
        node=node, again=again, time=int(hours * HOUR), outcome=outcome, recorded=recorded
    )


def _filed(draw: Random, number: int) -> PastCase:
    history = History(
        case=f"C-{number}",
        process="complaint",
        version="1",
        filed=SINCE + int(draw.random() * LENGTH),
        filer=key("wu.min"),
        grade=draw.choice(["urgent", "normal", "normal"]),
    )
    values = {"grade": history.grade, "category": draw.choice(["product", "delivery"])}
    again = (False, True)
    tasks = tuple(_made(draw, node, again=one) for node in MIDDLES for one in again)
    return PastCase(history=history, tasks=tasks, values=values)


def quarter() -> Quarter:
    """A quarter of complaints that ran on the engine."""
    loaded, draw = office.complaint(), Random(1)
    ruler = Ruler(calendar=office.calendar(), zone=office.ZONE, cut_off=SINCE + LENGTH + 30 * DAY)
    filed = [_filed(draw, number) for number in range(CASES)]
    one = player(filed, loaded, cut_off=ruler.cut_off)
    cases = [
        PastCase(history=one.play(case, seed=0).history, tasks=case.tasks, values=case.values)
        for case in filed
    ]
    return Quarter(cases=cases, loaded=loaded, directory=office.directory(), ruler=ruler)


def draft() -> Loaded:
    """The complaint without the customer's confirmation."""
    before, _, rest = office.complaint().text.partition('[[nodes]]\nid = "confirm"')
    after = '[[nodes]]\nid = "archive"' + rest.partition('[[nodes]]\nid = "archive"')[2]
    return load_definition((before + after).replace('"confirm"', '"archive"'), file="draft.toml")


def measure(_: Ground) -> Iterator[Table]:
    """One what-if, and its engine alone."""
    cases, changed = quarter(), draft()
    started = time.process_time()
    found = what_if(cases, changed)
    whole = time.process_time() - started
    started = time.process_time()
    for loaded in (cases.loaded, changed):
        one = player(cases.cases, loaded, before=cases.loaded, cut_off=cases.ruler.cut_off)
        for past in cases.cases:
            one.play(past, seed=REPLAYS)
    alone = REPLAYS * (time.process_time() - started)
    ratio = Line("beside its replays alone", [whole / alone], aim=at_most(2))
    yield Table(f"a what-if over {CASES:,} cases", "times", [ratio])
    took = Line("processor time", [whole], aim=at_most(AIM_S, " s"))
    yield Table("one what-if", "s", [took])
    lines = [Line(one.measure.value, [one.replay], [one.halves]) for one in found.checked]
    yield Table("distance of the unchanged replay, beside that of halves", "of the mean", lines)


MEASUREMENT = Measurement(
    name="what_ifs",
    about="one what-if over a quarter, and how near its unchanged replay is",
    measure=measure,
)
