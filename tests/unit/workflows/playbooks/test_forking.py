"""Branches that run side by side until all have come to the join (rules: forks)."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    dissatisfied,
    file,
    record,
    reject,
    send_back,
)
from tests.unit.workflows.playbook import refused, whatever
from tests.unit.workflows.playbooks.forked import (
    FILER,
    begun,
    field,
    financed,
    forking,
    lab,
    legal,
    nodes,
    open_at,
    priced,
)


@pytest.fixture
def play(playbook):
    one = playbook(forking())
    begun(one)
    return one


def test_all_branches_are_open_at_once(play):
    """features.md §6, control flow 2: parallel split."""
    assert nodes(play) == ["field", "lab", "price"]
    assert play.seen("BranchesOpened", "node", "branches") == [
        ("assess", ["price", "tests"]),
        ("tests", ["lab", "field"]),
    ]
    assert [visit.node for visit in play.case.visits] == [
        "assess",
        "price",
        "tests",
        "lab",
        "field",
    ]


def test_the_join_is_entered_once_when_all_have_come(play):
    """features.md §6, control flow 3: synchronisation."""
    lab(play)
    priced(play)
    financed(play)
    assert nodes(play) == ["field"]
    field(play)

    assert nodes(play) == ["decide"]
    assert play.seen("BranchArrived", "node", "branch") == [
        ("tests", "lab"),
        ("assess", "price"),
        ("tests", "field"),
        ("assess", "tests"),
    ]
    assert play.seen("NodeEntered", "node").count("sum") == 1
    assert all(visit.scope == "" for visit in play.case.visits)
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def test_only_branches_whose_condition_holds_are_opened(playbook):
    """features.md §6, control flow 6: multi-choice."""
    play = playbook(forking())
    begun(play, budget="2000")

    assert nodes(play) == ["field", "lab", "legal", "price"]


def test_where_no_condition_holds_the_case_goes_straight_to_the_join(playbook):
    play = playbook(
        forking(
            ('["price", {', '[{ to = "price", when = "budget > 9000" }, {'),
            (', "tests"]', "]"),
            ("cost > 100000", "budget > 100000"),
        )
    )
    begun(play)

    assert nodes(play) == ["decide"]
    assert play.seen("BranchesOpened", "branches") == [[]]


def test_an_end_in_a_branch_ends_the_case_and_its_other_branches(play):
    priced(play)
    play >> reject("xu.ke", open_at(play, "finance")) << whatever

    assert play.case.status == "rejected"
    assert play.seen("TaskCancelled", "reason") == ["ended", "ended"]
    assert play.case.visits == ()


def test_an_end_that_a_first_branch_comes_to_opens_no_other(playbook):
    play = playbook(
        forking(
            ('branches = ["price"', 'branches = ["early", "price"'),
            (
                '[[nodes]]\nid = "tests"',
                """[[nodes]]
id = "early"
kind = "gateway"
name = { zh = "预判", en = "Early" }
routes = [{ when = "budget < 10", to = "refused" }, { to = "sum" }]

[[nodes]]
id = "tests\"""",
            ),
        )
    )
    begun(play, budget="5")

    assert play.case.status == "rejected"
    assert play.seen("NodeEntered", "node") == ["draft", "assess", "early", "refused"]


def test_a_return_inside_a_branch_leaves_the_others_alone(play):
    """features.md §5, return: other branches stay."""
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="price") << whatever

    assert nodes(play) == ["field", "lab", "price"]
    assert play.seen("TaskCancelled") == []
    again = play.case.task(open_at(play, "price"))
    assert (again.round, again.scope, again.branch) == (2, "v2", "price")


def test_a_return_to_before_the_fork_cancels_all_branches_and_begins_them_anew(playbook):
    """Rulings, return: the whole fork scope is cancelled and voided, and opens anew."""
    play = playbook(forking())
    begun(play, budget="2000")
    legal(play)
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="draft") << whatever

    assert nodes(play) == ["draft"]
    cancelled = play.seen("TaskCancelled", "task", "reason")
    assert [why for _, why in cancelled] == ["returned", "returned"]
    assert play.seen("DecisionVoided", "task") == [
        task.id for task in play.case.tasks if task.node == "legal"
    ]
    assert play.seen("BranchesCancelled", "node") == ["tests", "assess"]
    assert [visit.node for visit in play.case.visits] == ["draft"]

    play >> complete(FILER, budget="2000", note="a") << whatever
    assert nodes(play) == ["field", "lab", "legal", "price"]
    assert {task.round for task in play.case.open_tasks} == {2}
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="draft") << whatever
    play >> complete(FILER, budget="2000", note="a") << whatever
    priced(play)
    task = open_at(play, "finance")
    play >> dissatisfied("xu.ke", task, to="draft") << refused("returns_used_up", most=2)


def test_a_task_of_an_inner_fork_is_returned_to_before_the_outer_one(play):
    lab(play)
    play >> send_back("he.jun", "draft", open_at(play, "field")) << whatever

    assert nodes(play) == ["draft"]
    assert play.seen("BranchesCancelled", "node") == ["tests", "assess"]


def test_a_reject_that_leads_out_of_a_fork_cancels_it(playbook):
    """features.md §5, reject: routed."""
    play = playbook(forking())
    begun(play, budget="2000")
    play >> reject("li.na", open_at(play, "legal")) << whatever

    assert nodes(play) == ["rework"]
    assert play.case.visits[0].scope == ""
    play >> complete(FILER, open_at(play, "rework")) << whatever
    assert play.case.status == "completed"


EXPLAIN = (
    ('to = "rework"', 'to = "explain"'),
    (
        '[[nodes]]\nid = "rework" # outside of the fork: only a reject leads here',
        '[[nodes]]\nid = "explain"',
    ),
    ('next = "done"', 'next = "sum"'),
)


def test_a_reject_to_a_step_of_the_branch_leaves_the_others_alone(playbook):
    """A step to which only a reject leads is inside the branch if it leads on to the join."""
    play = playbook(forking(*EXPLAIN))
    begun(play, budget="2000")
    play >> reject("li.na", open_at(play, "legal")) << whatever
    assert nodes(play) == ["explain", "field", "lab", "price"]

    play >> complete(FILER, open_at(play, "explain")) << whatever
    for branch in (lab, field, priced, financed):
        branch(play)
    assert nodes(play) == ["decide"]


def test_the_approver_before_is_the_one_of_the_same_branch(playbook):
    """features.md §5, repeated approver: consecutive."""
    second = """

[[nodes]]
id = "second"
kind = "approval"
name = { zh = "复核", en = "Second" }
candidates = "person:xu.ke"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "sum"

[[nodes]]
id = "legal\""""
    play = playbook(
        forking(
            ('start = "draft"', 'start = "draft"\n\n[approvals]\nrepeated = "consecutive"'),
            ('[nodes.outcomes.approve]\nto = "sum"', '[nodes.outcomes.approve]\nto = "second"'),
            ('\n\n[[nodes]]\nid = "legal"', second),
            ('candidates = "person:li.na"', 'candidates = "person:xu.ke"'),
        )
    )
    begun(play, budget="2000")
    priced(play)
    lab(play)
    play >> approve("xu.ke", open_at(play, "finance")) << whatever
    assert play.seen("DecidedByRule", "node", "rule") == [("second", "same_approver")]
    assert nodes(play) == ["field", "legal"]


def test_a_jump_back_over_a_fork_enters_it_and_skips_what_still_holds(playbook):
    """Rulings, return: it never jumps over a gateway."""
    play = playbook(forking())
    begun(play, budget="2000")
    for branch in (priced, financed, legal, lab, field):
        branch(play)
    play >> dissatisfied("gao.yu") << whatever
    play >> complete(FILER, budget="2000", note="a") << whatever

    assert nodes(play) == ["field", "lab", "price"]  # the legal approval holds
    assert "legal" in play.seen("RouteTaken", "node", because="holds")
    priced(play)
    assert "finance" in play.seen("RouteTaken", "node", because="holds")
    lab(play)
    field(play)
    assert nodes(play) == ["decide"]


def test_a_jump_back_asks_again_in_a_branch_for_what_a_change_made_stale(playbook):
    play = playbook(forking())
    begun(play, budget="2000")
    for branch in (priced, financed, legal, lab, field):
        branch(play)
    play >> dissatisfied("gao.yu") << whatever
    play >> complete(FILER, budget="2000", note="b") << whatever

    assert nodes(play) == ["field", "lab", "legal", "price"]


def test_an_approval_in_a_branch_comes_back_to_itself(playbook):
    """The way back ends in the branch; what follows the join is asked as always."""
    play = playbook(
        forking(
            (
                'at_most = 2\n\n[[nodes]]\nid = "legal"',
                'at_most = 2\nresume = "jump_back"\n\n[[nodes]]\nid = "legal"',
            )
        )
    )
    begun(play)
    lab(play)
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="draft") << whatever
    play >> complete(FILER, budget="500", note="a") << whatever
    for branch in (priced, financed, lab, field):
        branch(play)

    assert nodes(play) == ["decide"]
    assert play.task.resume_to == ""


def test_a_return_from_after_the_join_takes_the_fork_again(playbook):
    play = playbook(forking(('resume = "jump_back"\n', "")))
    begun(play)
    for branch in (priced, financed, lab, field):
        branch(play)
    play >> dissatisfied("gao.yu") << whatever
    finance = [task.id for task in play.case.tasks if task.node == "finance"]
    assert play.seen("DecisionVoided", "task") == finance
    play >> complete(FILER, budget="500", note="a") << whatever

    assert nodes(play) == ["field", "lab", "price"]
    assert {task.round for task in play.case.open_tasks} == {2}


def test_an_action_counts_in_its_branch_and_one_before_the_fork_in_all(playbook):
    """Rulings, scopes: `requires` looks at enclosing scopes too."""
    play = playbook(forking())
    play >> file(FILER, budget="500", note="a") << whatever
    play >> record(FILER, "called", said="yes") << whatever
    play >> complete(FILER, budget="500", note="a") << whatever
    play >> complete("ma.chao", open_at(play, "price"), cost="10") << whatever
    assert "finance" in nodes(play)

    other = playbook(forking())
    begun(other)
    task = open_at(other, "price")
    other >> complete("ma.chao", task, cost="10") << refused("action_missing", action="called")


def test_a_fork_that_begins_anew_requires_its_actions_again(play):
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="draft") << whatever
    play >> complete(FILER, budget="500", note="a") << whatever

    task = open_at(play, "price")
    play >> complete("ma.chao", task, cost="1") << refused("action_missing", action="called")


def test_people_are_copied_in_once_in_each_scope(playbook):
    """Rulings, scopes: copies count in their own scope."""
    cc = '\ncc = [{ to = "person:sun.qi" }]'
    play = playbook(
        forking(
            ('en = "Draft" }', f'en = "Draft" }}{cc}'),
            ('en = "Price" }', f'en = "Price" }}{cc}'),
            ('en = "Finance" }', f'en = "Finance" }}{cc}'),
        )
    )
    begun(play)
    priced(play)

    assert play.seen("CopiedIn", "people") == [["sun.qi"], ["sun.qi"]]


def test_nobody_judges_their_own_work_in_a_branch_and_after_the_join(playbook):
    """features.md §5, SoD: the branch beside is another work."""
    play = playbook(
        forking(
            ('candidates = "person:xu.ke"', 'candidates = "role:complaint-handler"'),
            ('candidates = "person:gao.yu"', 'candidates = "role:complaint-handler"'),
            ('assignee = "person:liu.yang"', 'assignee = "person:li.na"'),
        )
    )
    begun(play)
    play >> complete("li.na", open_at(play, "lab")) << whatever
    priced(play)
    finance = play.case.task(open_at(play, "finance"))
    assert [play.plain(one) for one in finance.candidates] == ["gao.yu", "li.na", "xu.ke"]

    play >> claim("xu.ke", finance.id) << whatever
    financed(play)
    field(play)
    decide = play.case.task(open_at(play, "decide"))
    assert [play.plain(one) for one in decide.candidates] == ["gao.yu", "xu.ke"]


def test_the_order_of_the_branches_changes_nothing_for_the_join(playbook):
    ends = set()
    for order in permutations((lab, field, lambda play: (priced(play), financed(play)))):
        play = playbook(forking())
        begun(play)
        for branch in order:
            branch(play)
        case = play.case
        ends.add(
            (
                tuple((visit.node, visit.round, visit.scope) for visit in case.visits),
                tuple(sorted((task.node, task.round, str(task.outcome)) for task in case.tasks)),
                tuple((scope.fork, scope.joined, scope.open) for scope in case.scopes),
                tuple(sorted(case.trail)),
            )
        )
    assert len(ends) == 1
