"""Small definitions with one thing wrong, and how to rehearse them.

The files in `rehearsals/` are the middle of a definition. What they share stands here; a line
``#: key = value`` adds a key, and ``#! code`` marks the line that a finding names. After a code may
stand whom it concerns: one person, ``*`` for everybody, or ``!`` and the person whom it does not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tests.unit.workflows import office
from workflows.directory import Directory
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.rehearse import rehearse
from workflows.rehearsal.report import Report
from workflows.rehearsal.stage import Stage

FOLDER = Path(__file__).parents[1] / "rehearsals"
START = office.moment("2026-03-02 09:00")

HEAD = {
    "key": '"sample"',
    "name": '{ zh = "样例", en = "Sample" }',
    "purpose": '{ zh = "演练", en = "To be rehearsed" }',
    "departments": '["sales"]',
    "owner": '"role:complaint-manager"',
    "command": '"sample"',
    "case_prefix": '"S"',
    "start_form": '"request"',
    "start": '"first"',
}
FORM = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [{ id = "what", type = "text", required = true, label = { zh = "事", en = "What" } }]
"""
LADDER = """
[ladders.step]
rungs = [
  { at = "50%", remind = "assignee" },
  { at = "due + 4wh", escalate = "owner", may_take_over = true },
]
"""
DONE = """
[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""


def whole(middle: str) -> str:
    """A whole definition around its middle."""
    own = dict(re.findall(r"^#: (\w+) = (.*)$", middle, re.MULTILINE))
    head = "".join(f"{name} = {value}\n" for name, value in {**HEAD, **own}.items())
    form = "" if "[forms.request]" in middle else FORM
    done = "" if 'id = "done"' in middle else DONE
    return head + middle + form + LADDER + done


def definition(middle: str) -> Loaded:
    return load_definition(whole(middle), file="sample.toml")


@cache
def text_of(name: str) -> str:
    return whole((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def loaded(name: str) -> Loaded:
    return load_definition(text_of(name), file=f"{name}.toml")


def stage(process: Loaded, *, directory: Directory | None = None, favoured: str = "") -> Stage:
    return Stage(
        process,
        directory=directory or office.directory(),
        calendar=office.calendar(),
        start=START,
        favoured=favoured,
    )


def rehearsed(process: Loaded, *, directory: Directory | None = None, **more: int) -> Report:
    return rehearse(
        process,
        directory=directory or office.directory(),
        calendar=office.calendar(),
        start=START,
        **more,
    )
