"""How long a rehearsal takes, by the number of nodes, and that of the complaint."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sample import PROCESSES
from storage.connect import open_database
from tests.bench import decisions
from tests.bench.ground import Ground
from tests.bench.pictures import Panel
from tests.bench.plain import APPROVERS
from tests.bench.tables import Line, Table, at_most, take_turns
from tests.rig.programs import done
from workflows.loading import load_definition
from workflows.rehearsal.rehearse import beginning, rehearse

if TYPE_CHECKING:
    from workflows.directory import Directory

ROUNDS = 3
STEPS = (5, 10, 20, 40)
AIM_S = 2
COMMAND = "closeloop rehearse complaint"
_HEAD = Path(__file__).with_name("approvals.toml").read_text(encoding="utf-8").split("[[nodes]]")[0]
_STEP = """
[[nodes]]
id = "step{number}"
kind = "approval"
name = {{ zh = "第 {number} 级", en = "Step {number}" }}
assignee = "person:{person}"
due = "3d"
ladder = "late"
outcomes.approve.to = "{to}"
outcomes.reject.to = "refused"
"""
_ENDS = """
[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }

[[nodes]]
id = "refused"
kind = "end"
name = { zh = "不批准", en = "Refused" }
status = "rejected"
"""


def steps(count: int) -> str:
    """A definition with so many approvals in a row, each of which may refuse."""
    following = [f"step{number}" for number in range(2, count + 1)] + ["done"]
    parts = [
        _STEP.format(number=number, person=APPROVERS[number % len(APPROVERS)], to=to)
        for number, to in enumerate(following, start=1)
    ]
    return _HEAD.replace('start = "first"', 'start = "step1"') + "".join(parts) + _ENDS


def tables(ground: Ground, panels: list[Panel]) -> Iterator[Table]:
    """Approvals in a row, and the complaint."""
    directory = asyncio.run(_sample(ground.place("rehearsals") / "live.db"))
    texts = {f"{count + 2} nodes in a row": steps(count) for count in STEPS}
    texts["the complaint"] = (PROCESSES / "complaint.toml").read_text(encoding="utf-8")
    variants = {name: partial(_played, text, directory) for name, text in texts.items()}
    home = ground.place("rehearsed")
    assert done("init", "bot", folder=home).returncode == 0
    found = take_turns({**variants, COMMAND: partial(_called, home / "bot")}, rounds=ROUNDS)
    aims = dict.fromkeys(("the complaint", COMMAND), at_most(AIM_S, " s"))
    lines = [Line(name, figures, aim=aims.get(name)) for name, figures in found.items()]
    yield Table("a rehearsal, processor time", "s", lines)
    points = [(count + 2, line.figure) for count, line in zip(STEPS, lines, strict=False)]
    shown = {"approvals in a row": points}
    panels.append(Panel(title="A rehearsal", across="nodes", up="s", lines=shown))


def _played(text: str, directory: Directory) -> float:
    """Seconds of processor time."""
    loaded = load_definition(text, file="bench.toml")
    calendar = decisions.new_office().calendar
    started = time.process_time()
    report = rehearse(loaded, directory=directory, calendar=calendar, start=beginning(calendar))
    took = time.process_time() - started
    assert not any(one.kind.value == "too_large" for one in report.findings), report.findings
    return took


def _called(folder: Path) -> float:
    """Seconds of processor time of the whole command."""
    before = sum(os.times()[2:4])
    assert done("rehearse", "complaint", folder=folder).returncode == 0
    return sum(os.times()[2:4]) - before


async def _sample(path: Path) -> Directory:
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    await decisions.furnish(database)
    found = await database.read(decisions.new_office().directory)
    await database.aclose()
    return found
