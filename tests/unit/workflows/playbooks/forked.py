"""The definition of forking.toml, and how its branches are carried on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.unit.workflows.deeds import approve, complete, dissatisfied, file, record
from tests.unit.workflows.playbook import whatever
from workflows.flow.returning import targets
from workflows.loading import Loaded, load_definition

FILER = "wu.min"
REPLAY = ('resume = "jump_back"\n', "")
ALL = ("draft", "review", "price", "reprice", "finance", "legal", "lab", "field")
REVIEW = """[[nodes]]
id = "review"
kind = "approval"
name = { zh = "复核", en = "Review" }
candidates = "person:zheng.hao"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "decide"

[[nodes]]
id = "reprice" # only returns lead here
kind = "task"
name = { zh = "重新核价", en = "Price again" }
assignee = "person:ma.chao"
form = "costs"
due = "1wd"
ladder = "step"
next = "finance"

[[nodes]]
id = "decide\""""
INTO = (  # a return from after the join into branches
    ('{ to = "decide" },', '{ to = "review" },'),
    ('[[nodes]]\nid = "decide"', REVIEW),
    (
        'to = "draft"\nresume',
        'to = ["draft", "review", "price", "reprice", "finance", "legal", "lab", "field"]\nresume',
    ),
)


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


def reviewed(play):
    play >> approve("zheng.hao", open_at(play, "review")) << whatever


def at_decide(play, budget="2000"):
    begun(play, budget=budget)
    for branch in (priced, financed, *((legal,) if budget == "2000" else ()), lab, field, reviewed):
        branch(play)
    assert {*nodes(play)} == {"decide"}


def back(play, to):
    play >> dissatisfied("gao.yu", open_at(play, "decide"), to=to) << whatever


def void(play):
    return sorted(task.node for task in play.case.tasks if task.voided)


def open_branches(play):
    return {scope.fork: scope.open for scope in play.case.scopes if scope.open}


def offered(play):
    return targets(
        play.process.definition, play.case, play.case.known_task(open_at(play, "decide"))
    )


def priced_again(play):
    play >> complete("ma.chao", open_at(play, "price"), cost="10") << whatever
