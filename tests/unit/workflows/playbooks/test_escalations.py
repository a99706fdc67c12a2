"""An escalation reaches somebody who is not late themselves and does not know it yet (P1.7)."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.deeds import file
from tests.unit.workflows.playbook import absent, downtime_until, left, roles, until, whatever
from tests.unit.workflows.playbooks.stages import filed, graded


def told(play, clock="task:t1"):
    """Who heard of a missed clock, in order, and which rungs told nobody."""
    return play.seen("Escalated", "to", clock=clock), play.seen(
        "RungsCollapsed", "rungs", clock=clock, why="merged"
    )


def test_who_has_the_work_is_not_told_that_they_are_late(play):
    """The only candidate leads the department and owns the process: the boss is told, once."""
    play >> roles(zhou_wei=("complaint-desk", "complaint-manager"), liu_yang=(), sun_qi=())
    play >> roles(wang_fang=())
    play >> file("wu.min") << whatever

    play >> until("2026-03-20 09:00") << whatever

    assert told(play) == ([["chen.jing"]], [["3"], ["4"]])
    assert told(play, "first_response") == ([["chen.jing"]], [["2"], ["3"]])
    assert told(play, "closing") == ([["chen.jing"]], [["2"], ["3"]])
    cards = [
        who for body in ("Reminded", "Escalated") for to in play.seen(body, "to") for who in to
    ]
    assert cards.count("zhou.wei") == 5


def test_who_was_passed_over_by_an_escalation_is_on_record(play):
    play >> roles(zhou_wei=("complaint-desk",), liu_yang=(), sun_qi=())
    play >> file("wu.min") << whatever

    play >> until("2026-03-05 09:00") << whatever

    assert play.seen("Escalated", "to", "passed_over", clock="task:t1") == [
        (["chen.jing"], []),
        (["wang.fang"], []),
    ]
    assert play.seen("RungsCollapsed", "rungs", clock="task:t1") == [["3"]]


def test_a_rung_whose_people_know_already_tells_the_next_above(play):
    """One manager up, so that each rung reaches somebody new."""
    filed(play)

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Escalated", "to", "passed_over", clock="task:t1")[2] == (
        ["chen.jing"],
        [["wang.fang", "told"], ["zhou.wei", "told"]],
    )


def test_a_line_that_ends_with_who_is_late_goes_on_to_the_owner(play):
    """The boss herself has the work: her late step does not end with herself."""
    play >> roles(chen_jing=("complaint-desk",), liu_yang=(), sun_qi=())
    play >> file("wu.min") << whatever

    play >> until("2026-03-02 17:00") << whatever

    assert play.seen("Escalated", "to", "fallback") == [(["wang.fang"], "process_owner")]


def test_where_the_owner_is_late_and_has_no_manager_an_administrator_is_told(play):
    play >> roles(chen_jing=("complaint-desk", "complaint-manager"), liu_yang=(), sun_qi=())
    play >> roles(wang_fang=())
    play >> file("wu.min") << whatever

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Escalated", "to", "fallback", clock="task:t1") == [(["deng.tao"], "admin")]


def test_who_is_late_is_told_where_nobody_else_is_there(play):
    """Better than silence."""
    play >> roles(chen_jing=("complaint-desk", "complaint-manager"), liu_yang=(), sun_qi=())
    play >> roles(wang_fang=())
    play >> left("deng.tao")
    play >> file("wu.min") << whatever

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Escalated", "to", clock="task:t1") == [["chen.jing"]]


def test_a_deputy_who_is_late_is_not_told_in_place_of_the_absent_manager(play):
    play >> absent("he.jun", "li.na", "2026-03-02 08:00", "2026-03-20 18:00")
    graded(play)

    play >> until("2026-03-03 09:00") << whatever

    assert play.seen("Escalated", "to") == [["he.jun"]]


def test_an_escalation_that_was_missed_and_reaches_nobody_new_gives_way_to_the_reminder(playbook):
    """After downtime what is left to say is said."""
    once = '{ at = "due", escalate = "head(department(assignee))", with_history = true }'
    play = playbook(
        office.variant(
            ('{ at = "due", escalate = "manager(assignee)", with_history = true }', once),
            (
                '{ at = "due + 1d", escalate = "head(department(assignee))", with_history = true }',
                '{ at = "due + 1d", remind = "assignee" }',
            ),
            (
                '{ at = "due + 2d", escalate = "owner", with_history = true }',
                '{ at = "due + 2d", escalate = "person:chen.jing" }',
            ),
        )
    )
    play >> roles(zhou_wei=("complaint-desk",), liu_yang=(), sun_qi=())
    play >> file("wu.min") << whatever
    play >> until("2026-03-09 09:00") << whatever
    assert play.seen("Escalated", "to", clock="closing") == [["chen.jing"]]

    play >> downtime_until("2026-03-11 10:00") << whatever

    assert play.seen("RungsCollapsed", "rungs", "why", clock="closing") == [(["3"], "merged")]
    assert play.seen("Reminded", "rung", clock="closing") == ["0", "2"]


def test_where_all_who_heard_have_left_the_next_rung_tells_somebody_who_is_there(play):
    """Who was told and is gone keeps nobody else from being told."""
    play >> roles(zhou_wei=("complaint-desk", "complaint-manager"), liu_yang=(), sun_qi=())
    play >> roles(wang_fang=())
    play >> file("wu.min") << whatever
    play >> until("2026-03-03 09:00") << whatever
    assert play.seen("Escalated", "to", clock="task:t1") == [["chen.jing"]]

    play >> left("chen.jing")
    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Escalated", "to", clock="task:t1")[1:] == [["deng.tao"]]
