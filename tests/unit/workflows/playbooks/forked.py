"""The definition of forking.toml, and how its branches are carried on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.unit.workflows.deeds import approve, complete, file, record
from tests.unit.workflows.playbook import whatever
from workflows.loading import Loaded, load_definition

FILER = "wu.min"


@cache
def forking(*changes: tuple[str, str]) -> Loaded:
    text = (Path(__file__).parent / "forking.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_definition(text, file="forking.toml")


def open_at(play, node):
    """The id of the open task of a node."""
    return next(task.id for task in play.case.open_tasks if task.node == node)


def nodes(play):
    return sorted(task.node for task in play.case.open_tasks)


def begun(play, budget="500"):
    play >> file(FILER, budget=budget, note="a") << whatever
    play >> complete(FILER, budget=budget, note="a") << whatever


def priced(play, cost="10"):
    task = open_at(play, "price")
    play >> record("ma.chao", "called", task, said="yes") << whatever
    play >> complete("ma.chao", task, cost=cost) << whatever


def financed(play):
    play >> approve("xu.ke", open_at(play, "finance")) << whatever


def legal(play):
    play >> approve("li.na", open_at(play, "legal")) << whatever


def lab(play):
    play >> complete("liu.yang", open_at(play, "lab")) << whatever


def field(play):
    play >> complete("he.jun", open_at(play, "field")) << whatever
