"""Nobody decides on their own request or work, on whatever way they come near it (T3, T4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    claim,
    closed_on,
    complete,
    dissatisfied,
    file,
    follow_directory,
    take_over,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import key, local
from tests.unit.workflows.playbook import absent, left, refused, roles, then, until, whatever
from tests.unit.workflows.playbooks.judged import blocked, judging, opened, process
from workflows.case.status import Status
from workflows.flow.outlook import outlook

AWAY = ("2026-03-02 08:00", "2026-03-20 18:00")


@pytest.fixture
def play(playbook):
    """gao.yu and he.jun hold the role that judges."""
    play = playbook(office.judging())
    play >> roles(gao_yu=("judge", "complaint-handler"), he_jun=("judge",))
    return play


# ---------------------------------------------------------------------------- opened


def test_whoever_filed_the_case_is_not_offered_its_approval(play):
    judging(play, filer="he.jun")

    assert opened(play) == (["gao.yu"], "", [["he.jun", "filer"]])
    play >> approve("he.jun") << refused("not_your_task", owners=("gao.yu",))


def test_whoever_did_the_work_is_not_offered_its_approval(play):
    judging(play, worker="gao.yu")

    assert opened(play) == (["he.jun"], "", [["gao.yu", "own_work"]])


def test_neither_the_deputy_who_did_the_work_nor_whom_it_was_done_for_judges_it(play):
    play >> roles(li_na=("judge", "complaint-handler"))
    play >> absent("li.na", "he.jun", *AWAY)
    judging(play, worker="he.jun")

    assert opened(play) == (["gao.yu"], "", [["he.jun", "own_work"], ["li.na", "own_work"]])


def test_plain_work_may_be_done_by_whoever_filed_the_case(play):
    """Only an approval judges: what the definition gives to the filer as work is theirs."""
    judging(play, filer="li.na", worker="li.na")

    assert opened(play) == (["gao.yu", "he.jun"], "", [])


def test_an_earlier_approval_bars_nobody_from_the_next(play):
    """Its judge may judge again, since they judge the same work."""
    play >> roles(zhou_wei=("judge",), gao_yu=(), he_jun=())
    judging(play, filer="li.na", worker="ma.chao")

    play >> approve("zhou.wei") << whatever

    assert play.seen("TaskOpened", "assignee", node="again") == ["zhou.wei"]
    play >> approve("zhou.wei") << whatever
    assert play.case.status is Status.COMPLETED


def test_after_a_return_the_work_of_the_new_round_is_judged(play):
    judging(play, worker="gao.yu")
    play >> dissatisfied("he.jun") << whatever
    play >> transfer("gao.yu", "he.jun") << whatever

    play >> complete("he.jun") << whatever

    assert opened(play) == (["gao.yu"], "", [["he.jun", "own_work"]])


def test_a_filer_whom_the_definition_names_confirms(playbook):
    """The shipped complaint asks its filer whether the customer is satisfied."""
    play = playbook(process(('candidates = "role:judge"', 'assignee = "filer"')))
    judging(play)

    assert opened(play) == (["wu.min"], "", [])
    play >> approve("wu.min") << whatever


def test_a_filer_named_through_a_gateway_is_named(playbook):
    gateway = """
[[nodes]]
id = "sort"
kind = "gateway"
name = { zh = "分", en = "Sort" }
routes = [{ to = "judge", set = { chosen = "least_loaded(except(filer, head(it)))" } }]

[[nodes]]
id = "judge"
"""
    play = playbook(
        process(
            ('next = "judge"', 'next = "sort"'),
            ('\n[[nodes]]\nid = "judge"\n', gateway),
            ('candidates = "role:judge"', 'assignee = "chosen"'),
        )
    )
    judging(play)

    assert opened(play) == (["wu.min"], "", [])


def test_a_named_filer_who_did_the_work_does_not_judge_it(playbook):
    """Unless the definition names them for the work as well."""
    named = ('candidates = "role:judge"', 'assignee = "filer"')
    play = playbook(process(named))
    judging(play, filer="li.na")
    assert opened(play) == (["wang.fang"], "process_owner", [["li.na", "own_work"]])

    both = playbook(process(named, ('candidates = "role:complaint-handler"', 'assignee = "filer"')))
    both >> file("li.na") << whatever
    both >> complete("li.na") << whatever
    assert opened(both) == (["li.na"], "", [])


# ---------------------------------------------------------------------------- falling back


def test_where_only_the_worker_judges_the_owner_does(play):
    play >> roles(he_jun=())
    judging(play, worker="gao.yu")

    assert opened(play) == (["wang.fang"], "process_owner", [["gao.yu", "own_work"]])


def test_where_the_owner_filed_the_case_their_manager_judges(play):
    play >> roles(he_jun=(), gao_yu=())
    judging(play, filer="wang.fang")

    assert opened(play) == (["zhou.wei"], "owners_manager", [["wang.fang", "filer"]])


def test_where_the_line_of_the_owner_ends_an_administrator_judges(playbook):
    """The boss owns the process and filed the case."""
    play = playbook(process(('owner = "role:complaint-manager"', 'owner = "person:chen.jing"')))
    judging(play, filer="chen.jing")

    assert opened(play) == (["deng.tao"], "admin", [["chen.jing", "filer"]])


def test_what_the_definition_excludes_is_excluded_from_the_fallback_too(playbook):
    """The head of the department filed it, owns the process, and is excluded by name."""
    play = playbook(process(('owner = "role:complaint-manager"', 'owner = "person:zhou.wei"')))
    play >> roles(gao_yu=("judge",))
    judging(play, filer="zhou.wei")

    play >> approve("gao.yu") << whatever

    assert play.seen("TaskOpened", "assignee", "fallback", node="again") == [
        ("chen.jing", "owners_manager")
    ]


def test_an_exclusion_holds_for_plain_work_that_falls_back(playbook):
    """The handler is anybody but the filer: nobody else is there, and the owner filed it."""
    play = playbook()
    play >> roles(li_na=(), ma_chao=())
    play >> file("wang.fang") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert play.seen("RouteTaken", "people", "passed_over", node="dispatch") == [
        ([["handler", "zhou.wei"]], [["wang.fang", "excepted"]])
    ]


def test_a_name_that_can_mean_nobody_means_nobody(playbook):
    """Then the step that uses it is blocked, and does not come to whom it meant before."""
    play = playbook(
        office.variant(('owner = "role:complaint-manager"', 'owner = "person:chen.jing"'))
    )
    play.directory = replace(play.directory, admins=frozenset({key("chen.jing")}))
    play >> file("chen.jing") << whatever
    play >> claim("liu.yang") << whatever
    play >> roles(li_na=(), ma_chao=())

    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert play.seen("RouteTaken", "people", node="dispatch") == [[["handler", ""]]]
    assert play.task.blocked
    assert play.seen("TaskBlocked", "to") == [["chen.jing"]]


# ---------------------------------------------------------------------------- blocked


def test_where_nobody_may_act_the_task_waits_and_nothing_passes(playbook):
    play = blocked(playbook)

    assert opened(play) == ([], "", [["chen.jing", "filer"]])
    assert play.task.blocked
    assert play.posts("blocked") == ["chen.jing"]
    play >> claim("chen.jing") << refused("task_blocked")
    play >> approve("chen.jing") << refused("task_blocked")
    play >> approve("li.na") << refused("task_blocked")


def test_that_nobody_may_act_is_told_every_day(playbook):
    play = blocked(playbook)

    play >> until("2026-03-05 10:00") << whatever

    assert play.seen("TaskBlocked", "at", "to") == [
        (f"2026-03-0{day} 09:00", ["chen.jing"]) for day in (2, 3, 4, 5)
    ]
    assert play.seen("Reminded", clock="task:t2") == []


def test_who_gets_the_role_gets_what_was_blocked(playbook):
    play = blocked(playbook)
    play >> roles(gao_yu=("judge",))

    play >> follow_directory << then.TaskReoffered(assignee="gao.yu", fallback="")
    play << then.ClockStopped(clock="blocked:t2", why="done")
    play >> until("2026-03-04 10:00") << whatever
    assert len(play.seen("TaskBlocked")) == 1
    play >> approve("gao.yu") << whatever


def test_once_a_day_a_blocked_task_looks_for_somebody_by_itself(playbook):
    play = blocked(playbook)
    play >> roles(gao_yu=("judge",))

    play >> until("2026-03-03 09:00") << whatever

    assert play.seen("TaskReoffered", "at", "assignee") == [("2026-03-03 09:00", "gao.yu")]


def test_a_blocked_task_may_be_taken_over_by_whom_it_is_escalated_to(playbook):
    """The manager of the owner hears of it and is not barred."""
    play = playbook(process(('escalate = "manager(assignee)"', 'escalate = "head(sales)"')))
    play >> left("deng.tao", "chen.jing", "zhou.wei")
    judging(play, filer="wang.fang")
    assert play.task.blocked

    play >> until("2026-03-02 13:00") << whatever

    play >> take_over("zheng.hao") << then.TaskTransferred(source=None, to="zheng.hao")
    play << then.ClockStopped(clock="blocked:t2")
    play >> approve("zheng.hao") << whatever


def test_a_blocked_task_ends_with_its_case(playbook):
    play = blocked(playbook)

    play >> withdraw("chen.jing") << whatever

    assert play.case.status is Status.WITHDRAWN
    assert not list(play.case.timers())


def test_without_anybody_to_tell_the_decision_that_led_there_is_refused(playbook):
    play = playbook(process(('owner = "role:complaint-manager"', 'owner = "person:chen.jing"')))
    play.directory = replace(play.directory, admins=frozenset())
    play >> file("chen.jing") << whatever
    play >> claim("li.na") << whatever
    play >> left("chen.jing")

    play >> complete("li.na") << refused("nobody_to_act")


def test_that_a_task_is_blocked_is_told_by_the_wall_whatever_the_calendar_says(playbook):
    play = blocked(playbook)
    before = play.case.clock("blocked:t2")

    play >> closed_on("2026-03-03") << whatever

    assert play.case.clock("blocked:t2") == before


def test_that_it_is_told_again_is_ahead(playbook):
    play = blocked(playbook)
    ahead = [one for one in outlook(play.case, play.world) if one.kind == "blocked"]

    assert [(local(one.at), play.plain(one.to)) for one in ahead] == [
        ("2026-03-03 09:00", ["chen.jing"])
    ]
