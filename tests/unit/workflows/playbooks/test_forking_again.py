"""A return from after the join into branches of a fork (rules: forks, return)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    approve,
    complete,
    dissatisfied,
    record,
    reject,
)
from tests.unit.workflows.playbook import refused, whatever
from tests.unit.workflows.playbooks.forked import (
    ALL,
    FILER,
    INTO,
    REPLAY,
    at_decide,
    back,
    begun,
    field,
    financed,
    forking,
    lab,
    legal,
    nodes,
    offered,
    open_at,
    open_branches,
    priced,
    priced_again,
    reviewed,
    void,
)


@pytest.fixture
def play(playbook):
    one = playbook(forking(*INTO))
    at_decide(one)
    return one


@pytest.fixture
def replay(playbook):
    one = playbook(forking(*INTO, REPLAY))
    at_decide(one)
    return one


def test_only_the_branch_is_open_into_which_it_leads(play):
    """features.md §5, return: other branches stay. Issue 12: return into forks."""
    back(play, "price")

    assert nodes(play) == ["price"]
    assert play.case.task(open_at(play, "price")).round == 2
    assert [visit.node for visit in play.case.visits] == ["assess", "price"]
    assert open_branches(play) == {"assess": ("price",)}
    assert play.seen("BranchesReopened", "node", "branches", "resume_to") == [
        ("assess", ["price"], "decide")
    ]
    assert void(play) == []  # a jump back asks for nothing that a change did not touch


def test_the_join_is_entered_again_and_what_holds_is_skipped(play):
    back(play, "price")
    play >> complete("ma.chao", open_at(play, "price"), cost="10") << whatever

    assert nodes(play) == ["decide"]
    assert play.task.round == 2
    assert play.seen("RouteTaken", "node", because="holds") == ["finance", "review"]
    assert play.seen("NodeEntered", "node").count("sum") == 2
    assert all(scope.joined for scope in play.case.scopes if scope.id)
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def test_an_approval_in_a_branch_that_is_returned_to_is_given_again(play):
    back(play, "finance")
    assert (nodes(play), void(play)) == (["finance"], ["finance"])
    financed(play)

    assert nodes(play) == ["decide"]


def test_the_way_back_never_passes_over_the_gateway_after_the_join(play):
    back(play, "price")
    play >> complete("ma.chao", open_at(play, "price"), cost="200000") << whatever

    assert play.case.status == "rejected"


def test_with_replay_the_branch_and_what_follows_the_join_are_taken_again(replay):
    back(replay, "price")
    assert void(replay) == ["finance", "review"]  # not the legal approval
    assert open_branches(replay) == {"assess": ("price",)}
    priced_again(replay)
    assert nodes(replay) == ["finance"]
    financed(replay)
    assert nodes(replay) == ["review"]
    reviewed(replay)
    assert nodes(replay) == ["decide"]


def test_with_replay_what_was_decided_before_the_target_holds(replay):
    """The approval before the inner fork is no part of what is taken again."""
    back(replay, "lab")
    assert void(replay) == ["review"]
    assert open_branches(replay) == {"assess": ("tests",), "tests": ("lab",)}


@pytest.mark.parametrize("to", ["price lab", "lab price"])
def test_steps_in_several_branches_are_all_opened(play, to):
    """features.md §5, return: several allowed."""
    back(play, to)

    assert nodes(play) == ["lab", "price"]
    assert open_branches(play) == {"assess": ("price", "tests"), "tests": ("lab",)}
    lab(play)
    assert nodes(play) == ["price"]
    play >> complete("ma.chao", open_at(play, "price"), cost="10") << whatever
    assert nodes(play) == ["decide"]


def test_two_branches_of_an_inner_fork_are_opened_together(play):
    back(play, "field lab")

    assert nodes(play) == ["field", "lab"]
    assert open_branches(play) == {"assess": ("tests",), "tests": ("lab", "field")}
    assert [visit.node for visit in play.case.visits] == ["assess", "tests", "lab", "field"]
    field(play)
    lab(play)
    assert nodes(play) == ["decide"]


def test_of_two_steps_of_one_branch_the_earlier_is_opened(play):
    back(play, "finance price")

    assert nodes(play) == ["price"]
    assert void(play) == ["finance"]
    priced_again(play)
    assert nodes(play) == ["finance"]
    financed(play)
    assert nodes(play) == ["decide"]


def test_a_step_after_the_join_that_is_named_too_is_asked_again_on_the_way_back(play):
    back(play, "review price")
    assert (nodes(play), void(play)) == (["price"], ["review"])
    priced_again(play)
    assert nodes(play) == ["review"]
    reviewed(play)
    assert nodes(play) == ["decide"]


def test_with_a_step_before_the_fork_the_fork_begins_anew(play):
    back(play, "legal draft")

    assert (nodes(play), void(play)) == (["draft"], ["legal"])
    play >> complete(FILER, budget="2000", note="a") << whatever
    assert nodes(play) == ["field", "lab", "legal", "price"]


def test_a_step_of_a_branch_to_which_only_returns_lead_is_opened_there(play):
    back(play, "reprice")
    task = play.case.known_task(open_at(play, "reprice"))
    assert (task.branch, task.round) == ("price", 1)
    play >> complete("ma.chao", task.id, cost="20") << whatever

    assert nodes(play) == ["decide"]
    assert play.seen("RouteTaken", "node", because="holds") == ["finance", "review"]


def test_with_replay_a_step_to_which_only_returns_lead_voids_what_follows_it(replay):
    back(replay, "reprice")

    assert void(replay) == ["finance", "review"]


def test_a_branch_that_a_change_made_stale_is_opened_again_before_the_join(playbook):
    """Rulings, return: jump back first runs again what a change made stale."""
    stale = ('material = ["note"]', 'material = ["note", "cost"]')
    play = playbook(forking(*INTO, stale))
    at_decide(play)
    back(play, "price")
    play >> complete("ma.chao", open_at(play, "price"), cost="30") << whatever

    assert nodes(play) == ["legal"]
    assert open_branches(play) == {"assess": ("legal",)}
    legal(play)
    assert nodes(play) == ["decide"]


def test_a_stale_approval_after_the_join_is_asked_again(playbook):
    who = 'candidates = "person:zheng.hao"'
    stale = (who, f'{who}\nmaterial = ["cost"]')
    play = playbook(forking(*INTO, stale))
    at_decide(play)
    back(play, "price")
    play >> complete("ma.chao", open_at(play, "price"), cost="30") << whatever

    assert nodes(play) == ["review"]
    reviewed(play)
    assert nodes(play) == ["decide"]


def test_a_branch_that_was_not_taken_is_not_offered_and_refused(playbook):
    play = playbook(forking(*INTO))
    at_decide(play, budget="500")

    assert offered(play) == tuple(to for to in ALL if to != "legal")
    said = refused("return_branch_not_taken", node=play.process.definition.node("legal").name)
    play >> dissatisfied("gao.yu", to="legal") << said
    play >> dissatisfied("gao.yu", to="price legal") << said


def test_the_only_target_is_refused_where_its_branch_was_not_taken(playbook):
    play = playbook(forking(('to = "draft"\nresume', 'to = "legal"\nresume')))
    begun(play)
    for branch in (priced, financed, lab, field):
        branch(play)

    assert offered(play) == ()
    play >> dissatisfied("gao.yu") << refused("return_branch_not_taken")

    other = playbook(forking(('to = "draft"\nresume', 'to = "legal"\nresume')))
    begun(other, budget="2000")
    for branch in (priced, financed, legal, lab, field):
        branch(other)
    assert offered(other) == ("legal",)
    other >> dissatisfied("gao.yu") << whatever
    assert nodes(other) == ["legal"]


def test_a_branch_counts_as_taken_only_in_the_last_run_of_the_fork(play):
    back(play, "draft")
    play >> complete(FILER, budget="500", note="a") << whatever
    for branch in (lab, field):
        branch(play)
    task = open_at(play, "price")
    play >> record("ma.chao", "called", task, said="yes") << whatever
    play >> complete("ma.chao", task, cost="10") << whatever

    assert nodes(play) == ["decide"]
    assert "legal" not in offered(play)


GATE = """[[nodes]]
id = "assess0"
kind = "gateway"
name = { zh = "分流", en = "Gate" }
routes = [
  { when = "budget < 5", to = "%s" },
  { to = "assess" },
]

[[nodes]]
id = "assess\""""
PASSED = (
    ('next = "assess"', 'next = "assess0"'),
    ('[[nodes]]\nid = "assess"', GATE % "sum"),
    ("cost > 100000", "budget > 100000"),
)


def test_a_case_that_came_past_the_fork_is_not_returned_into_it(playbook):
    play = playbook(forking(*INTO, *PASSED))
    begun(play, budget="3")
    reviewed(play)

    assert offered(play) == ("draft", "review")
    play >> dissatisfied("gao.yu", to="lab") << refused("return_branch_not_taken")


def test_its_returns_are_counted_with_the_others(play):
    """The button goes away, and an old one is refused with the reason."""
    for to in ("price", "lab"):
        back(play, to)
        (lab if to == "lab" else priced_again)(play)
    assert offered(play) == ()
    play >> dissatisfied("gao.yu", to="price") << refused("returns_used_up", most=2)


def test_after_the_last_return_it_takes_the_way_that_then_names(playbook):
    resume = 'resume = "jump_back"\nat_most = '
    play = playbook(forking(*INTO, (f"{resume}2", f'{resume}1\nthen = "refused"')))
    at_decide(play)
    back(play, "price")
    priced_again(play)
    back(play, "price")

    assert play.case.status == "rejected"


def test_a_return_inside_the_branch_comes_back_through_the_join(play):
    back(play, "finance")
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="price") << whatever
    assert open_branches(play) == {"assess": ("price",)}
    priced_again(play)
    financed(play)

    assert nodes(play) == ["decide"]


def test_a_return_out_of_the_fork_cancels_it_with_all_its_approvals(play):
    back(play, "finance")
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="draft") << whatever

    assert nodes(play) == ["draft"]
    assert void(play) == ["finance", "legal", "review"]
    assert play.seen("BranchesCancelled", "node") == ["assess"]
    play >> complete(FILER, budget="2000", note="a") << whatever
    assert nodes(play) == ["field", "lab", "legal", "price"]


def test_a_reject_out_of_the_fork_cancels_it(play):
    back(play, "legal price")
    play >> reject("li.na", open_at(play, "legal")) << whatever

    assert nodes(play) == ["rework"]
    assert [visit.node for visit in play.case.visits] == ["rework"]


def test_an_end_in_the_branch_ends_the_case(play):
    back(play, "finance lab")
    play >> reject("xu.ke", open_at(play, "finance")) << whatever

    assert play.case.status == "rejected"
    assert play.case.visits == ()
