"""What the state of a case keeps of branches that have ended, and what it still answers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.unit.workflows.deeds import (
    begin,
    claim,
    comment,
    complete,
    copy_in,
    decide_without_reason,
    erase,
    file,
    take_back,
    transfer,
)
from tests.unit.workflows.office import directory, key
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks.moved import moves
from tests.unit.workflows.playbooks.test_handing_over import hand_over_case
from tests.unit.workflows.playbooks.test_resting import resting, signed
from workflows.actions.withdraw import too_late
from workflows.case.effects import Refresh
from workflows.flow.ended import whole
from workflows.flow.visibility import hidden_fields

QUARTERS = ("07-31", "10-31", "01-31", "04-30")

NO_YEAR = ('  { id = "yearly", every = "year", to = "evaluate" },\n', "")


def quarters(play, number, *, by="li.na"):
    """Assess this many quarters, from the second of 2026 or after those that were."""
    begun = len(play.seen("BranchStarted", "period"))
    for count in range(begun, begun + number):
        play >> until(f"{2026 + (count + 2) // 4}-{QUARTERS[count % 4]} 12:00") << whatever
        play >> complete(by, bad="no") << whatever


@pytest.fixture
def play(playbook):
    """A contract that has been assessed three times."""
    play = signed(playbook(resting(NO_YEAR)))
    quarters(play, 3)
    return play


def test_the_state_keeps_the_last_branches_only(play):
    """The first left with the third; of the second the form was the latest until then."""
    assert [task.id for task in play.case.tasks] == ["t1", "t3", "t4"]
    assert play.case.gone == 1
    assert [task.id for task in whole(play.history).tasks] == ["t1", "t2", "t3", "t4"]


def test_it_does_not_grow_with_the_years(playbook):
    play = signed(playbook(resting(NO_YEAR)))
    quarters(play, 4)
    before = play.case
    quarters(play, 8)
    now = play.case
    assert [len(now.tasks), len(now.scopes), len(now.clocks)] == [
        len(before.tasks),
        len(before.scopes),
        len(before.clocks),
    ]


def test_the_facts_of_people_stay(play):
    assert play.case.participants >= {key("li.na"), key("feng.lei")}
    assert play.case.times_at("assess") == 1
    assert "assess" in play.case.trail


def test_a_task_that_has_left_is_decided_no_more_and_can_be_commented_on(play):
    assert play.case.has_left("t2")
    assert not play.case.has_left("t3")
    assert not play.case.has_left("t5")
    assert not play.case.has_left("nothing")
    play >> comment("li.na", "t2") << then.Commented(task="t2")
    play >> comment("li.na", "t5") << refused("task_unknown")
    play >> complete("li.na", "t2", bad="no") << refused("task_unknown")


def test_erased_words_leave_the_cards_of_tasks_that_have_left(play):
    play >> erase("c2") << whatever
    assert Refresh(task="t2", soon=True) in play.effects


def test_taking_back_gives_the_form_of_the_branch_before(play):
    play >> until("2027-04-30 12:00") << whatever
    before = dict(play.case.forms)
    play >> complete("li.na", bad="yes") << whatever
    play >> take_back("li.na", task_of(play, "assess")) << whatever
    assert dict(play.case.forms) == before


def task_of(play, node):
    return next(task.id for task in reversed(play.case.tasks) if task.node == node)


def test_who_was_copied_in_is_known(playbook):
    play = signed(playbook(resting(NO_YEAR)))
    play >> until("2026-07-31 12:00") << whatever
    play >> copy_in("li.na", "he.jun") << whatever
    play >> complete("li.na", bad="no") << whatever
    quarters(play, 3)
    assert key("he.jun") in play.case.copied


def test_what_a_step_hides_stays_hidden_from_who_worked_there(playbook):
    hide = (
        'assignee = "person:li.na"\nform = "result"',
        'assignee = "person:xu.ke"\nform = "result"\naccess = { ends = "hide" }',
    )
    play = signed(playbook(resting(NO_YEAR, hide)))
    quarters(play, 4, by="xu.ke")
    assert play.case.gone
    assert hidden_fields(left_only(play.case), person=key("xu.ke"), world=play.world) == {"ends"}


def left_only(case):
    """The case without the tasks of branches that are still there."""
    return replace(case, tasks=tuple(task for task in case.tasks if not task.scope))


SOME = (
    'assignee = "person:li.na"\nform = "result"',
    'candidates = "role:complaint-handler"\nform = "result"',
)


def test_work_goes_to_whoever_did_it_last(playbook):
    play = signed(playbook(resting(NO_YEAR, SOME)))
    for day, person in (("2026-07-31", "xu.ke"), ("2026-10-31", "li.na"), ("2027-01-31", "li.na")):
        play >> until(f"{day} 12:00") << whatever
        if play.task.assignee is None:
            play >> claim(person) << whatever
        elif play.task.assignee != key(person):
            play >> transfer("xu.ke", person) << whatever
        play >> complete(person, bad="no") << whatever
    assert all(task.assignee != key("xu.ke") for task in play.case.tasks)
    play.directory = directory(gone=("li.na",))
    play >> until("2027-04-30 12:00") << whatever
    assert play.task.assignee == key("xu.ke")


OF_ALL = (
    'assignee = "person:li.na"\nform = "result"',
    'assignee = "role:complaint-handler"\nform = "result"',
)
ON = [
    ('exclusive = ["end"]', 'until = "ends"\nnext = "close"'),
    ('  { id = "ending", at = "ends + 1d", to = "renew" },\n', ""),
    (
        '[[nodes]]\nid = "ended"',
        """
[[nodes]]
id = "close"
kind = "task"
name = { zh = "归档", en = "Close" }
candidates = "role:complaint-handler"
BARS
due = "5wd"
ladder = "step"
next = "ended"

[[nodes]]
id = "ended"
""",
    ),
]


@pytest.fixture
def closing(playbook):
    """A contract at its end, assessed first and evaluated by Xu Ke, then by Ma Chao."""

    def begin_it(bars):
        on = [(old, new.replace("BARS", bars)) for old, new in ON]
        by = ('assignee = "person:he.jun"', 'assignee = "person:xu.ke"')
        play = signed(playbook(resting(SOME, by, *on)), ends="2027-09-01")
        play >> until("2026-07-31 12:00") << whatever
        play >> claim("xu.ke") << whatever
        play >> complete("xu.ke", bad="no") << whatever
        play >> until("2026-10-31 12:00") << whatever
        play >> transfer("xu.ke", "ma.chao") << whatever
        play >> complete("ma.chao", bad="no") << whatever
        quarters(play, 1, by="ma.chao")
        play >> until("2027-03-31 12:00") << whatever
        play >> decide_without_reason("xu.ke", "approve") << whatever
        play >> complete("li.na", ends="2027-09-01") << whatever
        for day in ("2027-04-30", "2027-07-31"):
            play >> until(f"{day} 12:00") << whatever
            play >> complete("ma.chao", bad="no") << whatever
        play >> until("2027-09-02 12:00") << whatever
        assert play.task.node == "close"
        assert all(task.assignee != key("xu.ke") for task in play.case.tasks[:-1])
        return play

    return begin_it


def test_after_the_wait_who_decided_in_an_ended_branch_is_barred(closing):
    play = closing('not_same_as = ["assess"]')
    assert play.task.owners == (key("gao.yu"), key("li.na"))


def test_after_the_wait_only_whoever_decided_last_in_an_ended_branch_may(closing):
    play = closing('same_as = "evaluate"')
    assert play.task.owners == (key("xu.ke"),)


def test_a_case_is_withdrawn_before_the_first_decision_only(playbook):
    """The decision has left the state, and was one all the same."""
    early = ('start = "sign"', 'start = "active"\nwithdraw_until = "first_decision"')
    play = playbook(resting(NO_YEAR, early))
    play >> file("feng.lei") << whatever
    play >> until("2026-07-31 12:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    quarters(play, 3)
    play.state = replace(play.case, tasks=())
    play.history = ()
    assert too_late(play.process.definition, play.case)


def test_the_people_of_ended_branches_are_told_of_the_end(closing):
    play = closing("")
    play >> claim("li.na") << whatever
    play >> complete("li.na") << whatever
    assert {"xu.ke", "ma.chao", "li.na"} <= {*play.posts("closed")}


def test_whoever_approved_in_an_ended_branch_does_not_become_the_filer(closing):
    play = closing("")
    play.directory = directory(gone=("feng.lei",), admins=("deng.tao",))
    play >> hand_over_case("deng.tao", "xu.ke", leaver="feng.lei") << refused("judges_the_case")
    play >> hand_over_case("deng.tao", "ma.chao", leaver="feng.lei") << whatever


def test_what_has_left_goes_by_the_new_names_of_its_nodes(play):
    names = (('id = "assess"', 'id = "review"'), ('to = "assess"', 'to = "review"'))
    play >> moves(resting(NO_YEAR, *names), assess="review") << whatever
    assert [one.node for one in play.case.left] == ["review", "assessed"]
    assert {task.node for task in whole(play.history).tasks} == {"sign", "review"}
    quarters(play, 2)
    assert {task.node for task in whole(play.history).tasks} == {"sign", "review"}


def test_branches_that_leave_together_leave_in_the_order_in_which_they_began(playbook):
    """Otherwise the state would depend on the process that folds it."""
    count = 9
    buttons = "".join(
        f'  {{ id = "b{number}", started_by = "owner", '
        f'label = {{ zh = "看{number}", en = "Look {number}" }}, to = "look{number}" }},\n'
        for number in range(count)
    )
    looks = "".join(
        f"""
[[nodes]]
id = "look{number}"
kind = "task"
name = {{ zh = "看{number}", en = "Look {number}" }}
assignee = "person:li.na"
due = "5wd"
ladder = "step"
next = "active"
"""
        for number in range(count)
    )
    part = '  { id = "part", started_by'
    node = '[[nodes]]\nid = "ended"'
    play = signed(playbook(resting(NO_YEAR, (part, buttons + part), (node, looks + "\n" + node))))
    for number in range(count):
        play >> begin("wang.fang", f"b{number}") << whatever
    for _ in range(count):
        play >> decide_without_reason("li.na", "complete") << whatever
    play >> until("2026-03-05 12:00")
    play >> begin("wang.fang", "b0") << whatever
    assert [one.node for one in play.case.left] == [f"look{number}" for number in range(count)]
