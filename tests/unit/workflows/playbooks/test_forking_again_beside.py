"""A return into branches beside what else happens: taken back, other forks, duties."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    dissatisfied,
    send_back,
    take_back,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, whatever
from tests.unit.workflows.playbooks.forked import (
    ALL,
    INTO,
    REPLAY,
    at_decide,
    back,
    begun,
    field,
    financed,
    forking,
    lab,
    nodes,
    offered,
    open_at,
    open_branches,
    priced,
    priced_again,
    reviewed,
    void,
)
from workflows.flow.preview import from_here
from workflows.lint import check
from workflows.rehearsal.rehearse import rehearse


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


@pytest.mark.parametrize("to", ["price", "lab field", "price lab", "review", "draft"])
def test_it_is_taken_back_while_nothing_was_decided(play, to):
    """features.md §5, take back."""
    before = play.case
    back(play, to)
    task = next(task for task in play.case.tasks if task.outcome == "return")
    play >> take_back("gao.yu", task.id) << whatever

    assert nodes(play) == ["decide"]
    assert [visit.node for visit in play.case.visits] == ["decide"]
    assert [one.joined for one in play.case.scopes] == [one.joined for one in before.scopes]
    assert open_branches(play) == {}
    assert offered(play) == ALL
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def test_taking_it_back_lets_void_approvals_count_again(replay):
    back(replay, "price")
    task = next(task for task in replay.case.tasks if task.outcome == "return")
    replay >> take_back("gao.yu", task.id) << whatever

    assert void(replay) == ["decide"]
    back(replay, "legal")
    assert nodes(replay) == ["legal"]


def test_it_is_not_taken_back_once_a_branch_went_on(play):
    back(play, "price lab")
    task = next(task for task in play.case.tasks if task.outcome == "return")
    lab(play)
    play >> take_back("gao.yu", task.id) << refused("take_back_followed")


def test_a_step_of_the_branch_is_taken_back_after_the_join_with_its_way_back(play):
    back(play, "price")
    priced_again(play)
    task = next(task for task in reversed(play.case.tasks) if task.node == "price")
    play >> take_back("ma.chao", task.id) << whatever

    assert nodes(play) == ["price"]
    priced_again(play)
    assert nodes(play) == ["decide"]  # the review still holds and is skipped


def test_a_decision_of_another_branch_is_not_taken_back_any_more(play):
    task = next(task for task in play.case.tasks if task.node == "legal")
    back(play, "price")
    play >> take_back("li.na", task.id) << refused("take_back_followed")


def test_who_decided_in_the_other_branches_is_known_in_the_one_that_is_open_again(playbook):
    """Rulings, who may: separation of duties in the scope and those around it."""
    duties = ('candidates = "person:xu.ke"', 'candidates = "person:xu.ke"\nnot_same_as = ["legal"]')
    same = ('candidates = "person:li.na"', 'candidates = "person:xu.ke"')
    play = playbook(forking(*INTO, duties, same))
    begun(play, budget="2000")
    priced(play)
    financed(play)
    play >> approve("xu.ke", open_at(play, "legal")) << whatever
    for branch in (lab, field, reviewed):
        branch(play)
    back(play, "finance")

    assert key("xu.ke") not in play.case.known_task(open_at(play, "finance")).owners


def test_copies_and_actions_of_the_fork_are_not_repeated(playbook):
    name = 'name = { zh = "核价", en = "Price" }'
    copied = (name, f'{name}\ncc = [{{ to = "person:he.jun" }}]')
    play = playbook(forking(*INTO, copied))
    at_decide(play)
    back(play, "price")

    assert len(play.seen("CopiedIn", "people")) == 1
    priced_again(play)  # the customer was called in this fork
    assert nodes(play) == ["decide"]


SECOND = """[[nodes]]
id = "again"
kind = "fork"
name = { zh = "再会办", en = "Again" }
branches = ["decide", "other"]
join = "closing"

[[nodes]]
id = "other"
kind = "task"
name = { zh = "其他", en = "Other" }
assignee = "person:liu.yang"
due = "1wd"
ladder = "step"
next = "closing"

[[nodes]]
id = "closing"
kind = "gateway"
name = { zh = "收尾", en = "Closing" }
routes = [{ to = "done" }]

[[nodes]]
id = "decide\""""
TWO_FORKS = (
    ('[nodes.outcomes.approve]\nto = "decide"', '[nodes.outcomes.approve]\nto = "again"'),
    ('[[nodes]]\nid = "decide"', SECOND),
    ('[nodes.outcomes.approve]\nto = "done"', '[nodes.outcomes.approve]\nto = "closing"'),
)


def test_from_a_branch_of_a_later_fork_it_leads_out_of_that_one_and_into_the_earlier(playbook):
    play = playbook(forking(*INTO, *TWO_FORKS))
    begun(play)
    for branch in (priced, financed, lab, field, reviewed):
        branch(play)
    assert nodes(play) == ["decide", "other"]
    back(play, "price")

    assert nodes(play) == ["price"]
    assert play.seen("BranchesCancelled", "node") == ["again"]
    priced_again(play)
    assert nodes(play) == ["decide", "other"]


TESTED = """[[nodes]]
id = "tested"
kind = "gateway"
name = { zh = "试验结果", en = "Result of the tests" }
routes = [{ to = "sum" }]
"""
INNER = """[[nodes]]
id = "tested"
kind = "approval"
name = { zh = "试验结论", en = "Tested" }
candidates = "person:zheng.hao"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "sum"

[nodes.outcomes.return]
to = ["lab", "field"]
at_most = 2
"""


def test_an_approval_after_an_inner_join_returns_into_the_inner_fork(playbook):
    play = playbook(forking((TESTED, INNER)))
    begun(play)
    priced(play)
    lab(play)
    field(play)
    play >> dissatisfied("zheng.hao", open_at(play, "tested"), to="lab") << whatever

    assert nodes(play) == ["finance", "lab"]
    assert open_branches(play) == {"assess": ("price", "tests"), "tests": ("lab",)}
    lab(play)
    assert nodes(play) == ["finance", "tested"]
    play >> dissatisfied("zheng.hao", open_at(play, "tested"), to="field") << whatever
    financed(play)
    field(play)
    play >> approve("zheng.hao", open_at(play, "tested")) << whatever
    assert nodes(play) == ["decide"]


def test_a_task_in_the_branch_sends_the_case_back_to_before_the_fork(play):
    back(play, "field")
    play >> send_back("he.jun", "draft", open_at(play, "field")) << whatever

    assert nodes(play) == ["draft"]
    assert play.seen("BranchesCancelled", "node") == ["tests", "assess"]


def test_what_follows_is_foreseen_from_the_branch(play):
    """features.md §2: preview. What still holds is not shown as coming."""
    back(play, "price")

    steps = [one.node for one in from_here(play.case, play.world) if one.kind == "step"]
    assert steps == ["price", "decide"]


def test_a_rehearsal_covers_the_returns_into_branches_and_stays_finite():
    report = rehearse(
        forking(*INTO),
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )

    assert [one.missing for one in report.tallies if one.missing] == []
    returns = next(tally for tally in report.tallies if tally.kind == "return")
    assert {f"decide.{to}" for to in ALL} <= {str(item) for item in returns.all}
    assert report.situations < 2000


def test_lint_finds_nothing_in_such_a_definition():
    for changes in (INTO, (*INTO, *TWO_FORKS), ((TESTED, INNER),)):
        assert check(forking(*changes).text, file="forking.toml") == ()


SIGNERS = ('candidates = "person:gao.yu"', 'signers = ["person:gao.yu", "person:wang.fang"]')


def of(play, person):
    """The open task of a person."""
    found = (task for task in play.case.open_tasks if key(person) in task.owners)
    return next(found).id


def test_one_of_several_signers_returns_it_for_all(playbook):
    """Rulings, return: one seat returns at once, other open seats are cancelled."""
    play = playbook(forking(*INTO, SIGNERS))
    at_decide(play)
    play >> dissatisfied("wang.fang", of(play, "wang.fang"), to="price lab") << whatever

    assert nodes(play) == ["lab", "price"]
    seats = [task.status.value for task in play.case.tasks if task.node == "decide"]
    assert sorted(seats) == ["cancelled", "done"]
    lab(play)
    priced_again(play)
    assert nodes(play) == ["decide", "decide"]
    assert {task.round for task in play.case.open_tasks} == {2}


def test_what_several_signers_name_is_returned_to_together(playbook):
    after = ('resume = "jump_back"\n', "")
    late = (SIGNERS[0], f'{SIGNERS[1]}\non_return = "after_all"')
    play = playbook(forking(*INTO, late, after))
    at_decide(play)
    play >> dissatisfied("gao.yu", of(play, "gao.yu"), to="lab") << whatever
    assert nodes(play) == ["decide"]
    play >> dissatisfied("wang.fang", of(play, "wang.fang"), to="finance") << whatever

    assert nodes(play) == ["finance", "lab"]
    assert open_branches(play) == {"assess": ("price", "tests"), "tests": ("lab",)}
    assert void(play) == ["finance", "review"]


def test_a_signer_takes_the_return_back_and_the_seats_are_open_again(playbook):
    play = playbook(forking(*INTO, SIGNERS))
    at_decide(play)
    task = of(play, "wang.fang")
    play >> dissatisfied("wang.fang", task, to="price") << whatever
    play >> take_back("wang.fang", task) << whatever

    assert nodes(play) == ["decide", "decide"]
    assert open_branches(play) == {}
    assert [visit.node for visit in play.case.visits] == ["decide"]
