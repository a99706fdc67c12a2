"""Every mistake in a fork is found at its place, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.lint import check

TEXT = (Path(__file__).parent / "playbooks" / "forking.toml").read_text(encoding="utf-8")
INSIDE = '"%s" is inside the fork "assess" and is only reached through it'
RETURN = '[nodes.outcomes.return]\nto = "draft"'
BRANCHES = 'branches = ["price", { to = "legal", when = "budget > 1000" }, "tests"]'
INNER = 'branches = ["lab", "field"]'
AMONG = "Perhaps you mean "
JOIN = 'A branch leads to "sum"'
GATE = """[[nodes]]
id = "draft"
kind = "gateway"
name = { zh = "分流", en = "Gate" }
routes = [
  { when = "budget < 5", to = "%s" },
  { to = "first" },
]

[[nodes]]
id = "first"
kind = "task\""""


def found(*changes):
    """(place, problem, hint) of what is wrong with a changed text."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    findings = check(text, file="forking.toml")
    assert all(one.line is not None for one in findings)
    return [(one.where, one.problem, one.hint) for one in findings]


def test_nothing_is_wrong_with_forks_in_forks():
    assert found() == []


ONE = {
    "no list": ((BRANCHES, "branches = 3"), "assess.branches", "a list is expected, not 3"),
    "empty": ((BRANCHES, "branches = []"), "assess.branches", "this is empty"),
    "a number": ((INNER, "branches = [3, 4]"), "tests.branches[0]", "a table is expected, not 3"),
    "no key": (
        (INNER, 'branches = ["lab", { when = "budget > 1" }]'),
        "tests.branches[1].to",
        '"to" is missing',
    ),
    "unknown key": (
        (INNER, 'branches = ["lab", { to = "field", wen = "budget > 1" }]'),
        "tests.branches[1].wen",
        '"wen" is not known here',
    ),
    "no join": (('join = "tested"\n', ""), "tests.join", '"join" is missing'),
    "unknown branch": (
        (INNER, 'branches = ["lap", "lab", "field"]'),
        "tests.branches[0]",
        'there is no node "lap"',
    ),
    "unknown join": (('join = "tested"', 'join = "test"'), "tests.join", 'there is no node "test"'),
    "one branch": (
        (BRANCHES, 'branches = ["tests"]'),
        "assess.branches",
        '"assess" has only one branch',
    ),
    "twice": (
        (INNER, 'branches = ["lab", "field", "lab"]'),
        "tests.branches[2]",
        '"lab" is a branch twice',
    ),
    "branch is join": (
        (INNER, 'branches = ["lab", "field", "tested"]'),
        "tests.branches[2]",
        'the branch "tested" is the join',
    ),
    "branch of itself": (
        (INNER, 'branches = ["lab", "field", "tests"]'),
        "tests.branches[2]",
        '"tests" is a branch of itself',
    ),
    "branch is an end": (
        (INNER, 'branches = ["lab", "field", "refused"]'),
        "tests.branches[2]",
        'the branch "refused" ends the case as soon as it comes to "tests"',
    ),
    "own join": (('join = "tested"', 'join = "tests"'), "tests.join", '"tests" is its own join'),
    "another branch": (
        ('ladder = "step"\nnext = "tested"\n\n', 'ladder = "step"\nnext = "field"\n\n'),
        "lab.next",
        '"field" belongs to the branch "field", not to "lab"',
    ),
    "another branch of the outer fork": (
        ('next = "finance"', 'next = "legal"'),
        "price.next",
        '"legal" belongs to the branch "legal", not to "price"',
    ),
    "past the join": (
        ('next = "finance"', 'next = "decide"'),
        "price.next",
        'this leads out of the branch "price" past its join',
    ),
    "an inner join out of the branch": (
        ('routes = [{ to = "sum" }]', 'routes = [{ to = "decide" }]'),
        "tested.routes[0].to",
        'this leads out of the branch "tests" past its join',
    ),
    "a reject into a branch": (
        (RETURN, f'[nodes.outcomes.reject]\nto = "finance"\n\n{RETURN}'),
        "decide.outcomes.reject.to",
        INSIDE % "finance",
    ),
    "a task after the join that sends back into a branch": (
        ('next = "done"', 'next = "done"\nreturn_to = ["price"]'),
        "rework.return_to[0]",
        INSIDE % "price",
    ),
    "a last return into a branch": (
        (
            'at_most = 2\n\n[[nodes]]\nid = "done"',
            'at_most = 2\nthen = "legal"\n\n[[nodes]]\nid = "done"',
        ),
        "decide.outcomes.return.then",
        INSIDE % "legal",
    ),
    "a return into a branch without a limit": (
        ('to = "draft"\nresume = "jump_back"\nat_most = 2', 'to = "finance"'),
        "decide.outcomes.return.to",
        "a case can go round for ever: finance → sum → decide → finance",
    ),
    "a return into a branch that the case has not been to": (
        ('to = "draft"\nresume', 'to = ["draft", "lap"]\nresume'),
        "decide.outcomes.return.to[1]",
        'there is no node "lap"',
    ),
    "a return into another branch": (
        ('return_to = ["draft"]', 'return_to = ["price"]'),
        "field.return_to[0]",
        '"price" belongs to the branch "price", not to "tests"',
    ),
    "a start in a branch": (
        ('start = "draft"', 'start = "price"'),
        "start",
        '"price" is inside the fork "assess" and is only reached through it',
    ),
    "a revocation into a branch": (
        ('start = "draft"', 'start = "draft"\nrevoke = { within = "9d", to = "legal" }'),
        "revoke.to",
        '"legal" is inside the fork "assess" and is only reached through it',
    ),
    "an unknown field": (
        ('when = "budget > 1000"', 'when = "budgt > 1000"'),
        "assess.branches[1].when",
        "there is no such field at character 1: budgt",
    ),
    "a field of a branch before it": (
        ('when = "budget > 1000"', 'when = "cost > 1000"'),
        "assess.branches[1].when",
        '"cost" may still be empty when the case comes to "assess"',
    ),
    "a field of a branch that may be left out": (
        ('["price", {', '[{ to = "price", when = "budget > 9" }, {'),
        "sum.routes[0].when",
        '"cost" may still be empty when the case comes to "sum"',
    ),
    "an action at a fork": (
        ('nodes = ["draft", "price"]', 'nodes = ["draft", "price", "assess"]'),
        "actions.called.nodes[2]",
        'nobody works in "assess", it is a node of kind fork',
    ),
    "separated from a fork": (
        ('candidates = "person:gao.yu"', 'candidates = "person:gao.yu"\nnot_same_as = ["tests"]'),
        "decide.not_same_as[0]",
        'nobody works in "tests", it is a node of kind fork',
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_a_mistake_is_found_at_its_place(name):
    change, where, problem = ONE[name]
    findings = found(change)
    place = where if where.split(".")[0] in ("start", "revoke", "actions") else f"nodes.{where}"
    assert (place, problem) in [(one, what) for one, what, _ in findings]
    assert all(hint for *_, hint in findings)


APPROVAL = """[[nodes]]
id = "%s"
kind = "approval"
name = { zh = "批", en = "Approval" }
candidates = "person:gao.yu"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "%s"

[nodes.outcomes.return]
to = "finance"
at_most = 2

[[nodes]]
id = "assess\""""


@pytest.mark.parametrize(
    "leading",
    [
        [('next = "assess"', 'next = "early"'), ("early", "assess")],
        [('to = "rework"', 'to = "board"'), ("board", "rework")],
    ],
    ids=["before the fork", "after a reject that leads out of it"],
)
def test_only_after_the_join_an_approval_returns_into_a_branch(leading):
    change, (node, to) = leading
    findings = found(change, ('[[nodes]]\nid = "assess"', APPROVAL % (node, to)))

    places = [(where, problem) for where, problem, _ in findings]
    assert (f"nodes.{node}.outcomes.return.to", INSIDE % "finance") in places


def test_an_approval_after_the_join_returns_into_branches_and_inner_forks():
    names = '"draft", "price", "finance", "legal", "tests", "lab", "field", "tested"'
    assert found(('to = "draft"\nresume', f"to = [{names}]\nresume")) == []


REPRICE = """[[nodes]]
id = "reprice"
kind = "task"
name = { zh = "重新核价", en = "Price again" }
assignee = "person:ma.chao"
due = "1wd"
ladder = "step"
next = "%s"

[[nodes]]
id = "done\""""


def test_a_step_to_which_only_returns_lead_belongs_to_the_branch_into_which_it_leads():
    back = ('to = "draft"\nresume', 'to = "reprice"\nresume')
    done = '[[nodes]]\nid = "done"'
    assert found(back, (done, REPRICE % "finance")) == []
    assert found(back, (done, REPRICE % "sum")) == []  # it is outside, and comes to the join
    inner = found(back, (done, REPRICE % "finance"), ('next = "tested"', 'next = "reprice"'))
    places = [(where, problem) for where, problem, _ in inner]
    other = '"finance" belongs to the branch "price", not to "tests"'
    assert ("nodes.reprice.next", other) in places


def test_a_branch_comes_to_the_join():
    change = ('next = "tested"', 'next = "refused"')
    places = {(where, problem) for where, problem, _ in found(change)}
    assert (
        "nodes.lab",
        'the branch "lab" never comes to "tested", where "tests" waits for it',
    ) in places


def test_a_way_into_a_branch_past_the_fork_is_found():
    gate = ('[[nodes]]\nid = "draft"\nkind = "task"', GATE % "finance")
    problem = '"finance" is inside the fork "assess" and is only reached through it'
    assert (
        "nodes.draft.routes[0].to",
        problem,
        'Lead to "assess", or to a step before it',
    ) in found(gate)


def test_a_case_may_come_to_the_join_without_the_fork():
    gate = ('[[nodes]]\nid = "draft"\nkind = "task"', GATE % "sum")
    called = ('nodes = ["draft", "price"]', 'nodes = ["first", "price"]')
    assert found(gate, called, ("cost > 100000", "budget > 100000")) == []
