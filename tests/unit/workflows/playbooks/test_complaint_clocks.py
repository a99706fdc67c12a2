"""Three clocks on one complaint, their reminders and who hears of a missed one (P1.6, P1.7, T4)."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    answer,
    ask,
    claim,
    closed_on,
    complete,
    file,
    replan,
    respond,
    take_over,
)
from tests.unit.workflows.playbook import (
    after,
    downtime_until,
    fire,
    refused,
    then,
    until,
    whatever,
)
from tests.unit.workflows.playbooks.stages import claimed, closed, filed, graded, resolved


def test_an_urgent_grade_counts_from_filing(play):
    """P1.6, P1.8: two hours, not twenty-four, and they began when the complaint was filed."""
    claimed(play)
    play >> until("2026-03-02 09:30")

    play >> complete("liu.yang", grade="urgent", category="product")
    play << then.TaskCompleted() << then.ClockStopped(clock="task:t1")
    play << then.ClockPlanned(
        clock="first_response",
        why="regraded",
        limit="2h",
        started_at="2026-03-02 09:00",
        due_at="2026-03-02 11:00",
        rungs=[
            ["0", "2026-03-02 10:00"],
            ["1", "2026-03-02 11:00"],
            ["2", "2026-03-02 13:00"],
            ["3", "2026-03-02 15:00"],
        ],
    )
    play << whatever
    assert play.due("closing") == "2026-03-09 09:00"


def test_rungs_missed_by_regrading_collapse_into_the_highest(play):
    """P1.7: one message to the highest who should know, not three at once."""
    claimed(play)
    play >> until("2026-03-02 13:30") << whatever
    play >> complete("liu.yang", grade="urgent", category="product") << whatever

    play >> after("1m")
    play << then.RungsCollapsed(clock="first_response", rungs=["0", "1"])
    play << then.Escalated(clock="first_response", rung="2", level=1, to=["zhou.wei"])
    play >> until("2026-03-02 15:00")
    play << then.Escalated(clock="first_response", rung="3", level=2, to=["wang.fang"])


def test_the_answer_to_the_customer_stops_the_first_response_and_not_the_closing(play):
    """P1.6."""
    graded(play)
    play >> respond("li.na") << then.ActionRecorded() << then.ClockStopped(clock="first_response")

    assert dict(play.case.timers()).keys() == {"closing", "task:t2"}


def test_a_second_answer_to_the_customer_is_recorded_and_stops_nothing(play):
    graded(play)
    play >> respond("li.na") << whatever

    play >> respond("li.na") << then.ActionRecorded(action="answered")


def test_silence_of_the_desk_goes_up_the_ladder_once_each(play):
    """P1.7, T4: reminder at half time, two when overdue, then manager and head; the owner knows it
    from the first escalation, so the next above is told."""
    filed(play)

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Reminded", "at", "to", "overdue", clock="task:t1") == [
        ("2026-03-02 11:00", ["liu.yang", "sun.qi"], False),
        ("2026-03-02 13:00", ["liu.yang", "sun.qi"], True),
        ("2026-03-02 15:00", ["liu.yang", "sun.qi"], True),
    ]
    assert play.seen("Escalated", "at", "to", "level", clock="task:t1") == [
        ("2026-03-02 17:00", ["wang.fang"], 1),
        ("2026-03-03 18:00", ["zhou.wei"], 2),
        ("2026-03-04 18:00", ["chen.jing"], 3),
    ]
    assert set(play.seen("Escalated", "with_history")) == {True}


def test_a_missed_first_response_goes_up_the_ladder_by_the_wall(play):
    """P1.6, P1.7: to the handler's manager, the head of the department, the process owner."""
    graded(play)

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Reminded", "at", "to", clock="first_response") == [
        ("2026-03-02 21:00", ["li.na"])
    ]
    assert play.seen("Escalated", "at", "to", "may_take_over", clock="first_response") == [
        ("2026-03-03 09:00", ["he.jun"], True),
        ("2026-03-03 11:00", ["zhou.wei"], True),
        ("2026-03-03 13:00", ["wang.fang"], False),
    ]


def test_a_case_older_than_seven_days_goes_up_the_ladder(play):
    """P1.6, P1.7."""
    graded(play)

    play >> until("2026-03-20 09:00") << whatever

    assert play.seen("Reminded", "at", clock="closing") == ["2026-03-08 09:00"]
    assert play.seen("Escalated", "at", "to", clock="closing") == [
        ("2026-03-09 09:00", ["he.jun"]),
        ("2026-03-10 09:00", ["zhou.wei"]),
        ("2026-03-11 09:00", ["wang.fang"]),
    ]


def test_a_missed_step_may_be_taken_over_by_those_it_was_escalated_to(play):
    """P1.7: and by nobody else."""
    graded(play)
    play >> respond("li.na") << whatever
    play >> until("2026-03-06 13:00") << whatever

    play >> take_over("wang.fang") << refused("not_escalated_to_you")
    play >> take_over("ma.chao") << refused("not_escalated_to_you")
    play >> take_over("he.jun")
    play << then.TaskTransferred(source="li.na", to="he.jun", why="take_over", actor="he.jun")
    play >> take_over("he.jun") << refused("already_yours")
    play >> complete("li.na") << refused("not_your_task", owners=("he.jun",))
    play >> complete("he.jun", root_cause="?", resolution="!") << then.TaskCompleted() << whatever


def test_nobody_takes_over_their_own_complaint(play):
    """P1.7: a manager who filed it hears of it, and that is all."""
    play >> file("he.jun") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    play >> until("2026-03-06 13:00") << whatever

    assert ["he.jun"] in play.seen("Escalated", "to", clock="task:t2")
    play >> take_over("he.jun") << refused("not_escalated_to_you")


def test_due_times_and_rungs_pass_over_the_spring_festival(playbook):
    """P2.6, T4: 15 to 23 February 2026 are holidays, Saturday the 14th is worked."""
    play = playbook(start="2026-02-13 10:00")
    graded(play)
    play >> respond("li.na") << whatever

    assert play.due("task:t2") == "2026-02-25 18:00"
    play >> until("2026-03-10 09:00") << whatever
    assert play.seen("Reminded", "at", clock="task:t2") == [
        "2026-02-24 09:30",
        "2026-02-25 18:00",
        "2026-02-26 11:00",
    ]
    assert play.seen("Escalated", "at", clock="task:t2") == [
        "2026-02-26 13:00",
        "2026-02-26 18:00",
        "2026-02-27 18:00",
    ]


def test_a_complaint_filed_on_a_holiday_begins_with_the_next_working_day(playbook):
    """T4: the step waits for the office; the first response to the customer does not."""
    play = playbook(start="2026-02-19 10:00")
    filed(play)

    assert play.due("task:t1") == "2026-02-24 13:00"
    assert play.due("first_response") == "2026-02-20 10:00"


def test_a_day_off_that_is_announced_later_moves_due_times(play):
    """T4: with the old rungs gone and the fired ones still fired."""
    graded(play)
    play >> respond("li.na") << whatever
    play >> until("2026-03-04 12:00") << then.Reminded(rung="0")

    play >> closed_on("2026-03-05")
    play << then.ClockPlanned(
        clock="task:t2",
        why="calendar",
        due_at="2026-03-06 18:00",
        rungs=[
            ["1", "2026-03-06 18:00"],
            ["1.1", "2026-03-09 11:00"],
            ["2", "2026-03-09 13:00"],
            ["3", "2026-03-09 18:00"],
            ["4", "2026-03-10 18:00"],
        ],
    )
    play >> replan << refused("nothing_to_change")


def test_a_day_off_moves_nothing_on_a_closed_case(play):
    closed(play)

    play >> closed_on("2026-03-05") << refused("case_closed", status="completed")


def test_late_timers_collapse_after_downtime(play):
    """T4: whoever should know by now is told once."""
    filed(play)

    play >> downtime_until("2026-03-03 19:00")
    play << then.RungsCollapsed(clock="task:t1", rungs=["0", "1", "1.1", "2"])
    play << then.Escalated(clock="task:t1", rung="3", level=1, to=["zhou.wei"])
    play << then.RungsCollapsed(clock="first_response", rungs=["0", "1", "2"])
    play << then.Escalated(clock="first_response", rung="3", level=1, to=["wang.fang"])


def test_late_reminders_collapse_into_the_last(play):
    """T4."""
    filed(play)

    play >> downtime_until("2026-03-02 16:00")
    play << then.RungsCollapsed(clock="task:t1", rungs=["0", "1"])
    play << then.Reminded(clock="task:t1", rung="1.1", overdue=True)


def test_of_two_escalations_at_one_moment_the_higher_is_made(playbook):
    play = playbook(
        office.variant(
            (
                '{ at = "due + 1d", escalate = "head(department(assignee))", with_history = true }',
                '{ at = "due", escalate = "head(department(assignee))", with_history = true }',
            )
        )
    )
    filed(play)
    play >> claim("liu.yang") << whatever

    play >> until("2026-03-09 09:00") << whatever

    assert play.seen("RungsCollapsed", "rungs", clock="closing") == [["1"]]
    assert play.seen("Escalated", "rung", "to", clock="closing") == [("2", ["zhou.wei"])]


def test_an_escalation_is_above_a_later_reminder(playbook):
    """P1.7: what was missed together is told to those who should know most."""
    play = playbook(
        office.variant(
            (
                '{ at = "due + 2d", escalate = "owner", with_history = true }',
                '{ at = "due + 2d", remind = "assignee" }',
            )
        )
    )
    graded(play)
    play >> respond("li.na") << whatever

    play >> downtime_until("2026-03-12 08:00") << whatever

    assert play.seen("RungsCollapsed", "rungs", clock="closing") == [["0", "1", "3"]]
    assert play.seen("Escalated", "to", clock="closing") == [["zhou.wei"]]


def test_a_timer_fires_once(play):
    """T4: a second firing finds nothing due; so does one before its time, or of no clock."""
    filed(play)
    play >> fire("task:t1") << refused("nothing_due")
    play >> until("2026-03-02 11:00") << then.Reminded(clock="task:t1", rung="0")

    play >> fire("task:t1") << refused("nothing_due")
    play >> fire("task:t9") << refused("nothing_due")


def test_no_timer_fires_after_the_end(play):
    closed(play)

    assert not list(play.case.timers())
    play >> fire("closing") << refused("nothing_due")
    play >> until("2027-01-01 09:00")


def test_the_filer_is_reminded_and_escalated_as_everybody_else(play):
    """P1.7: the confirmation is a step too."""
    resolved(play)

    play >> until("2026-03-06 19:00") << whatever

    assert play.seen("Reminded", "to", clock="task:t3")[0] == ["wu.min"]
    assert play.seen("Escalated", "to", clock="task:t3") == [
        ["feng.lei"],
        ["zheng.hao"],
        ["wang.fang"],
    ]


def test_a_manager_who_left_is_passed_over(play):
    """P1.7, T3: the next one up is told."""
    play.directory = office.directory(gone=("he.jun",))
    graded(play)

    play >> until("2026-03-03 09:00") << whatever

    assert play.seen("Escalated", "to", "fallback", clock="first_response") == [(["zhou.wei"], "")]


def test_where_the_line_of_managers_ends_the_owner_is_told(play):
    """P1.7, T3."""
    play.directory = office.directory(gone=("he.jun", "zhou.wei", "chen.jing"))
    graded(play)

    play >> until("2026-03-03 09:00") << whatever

    assert play.seen("Escalated", "to", "fallback") == [(["wang.fang"], "process_owner")]


def test_an_answer_in_time_is_told_from_a_late_one(playbook):
    """L5.1: whether a limit was kept is recorded when the clock stops."""
    early, just, late = playbook(), playbook(), playbook()
    for play in (early, just, late):
        graded(play)
    just >> until("2026-03-03 09:00") << whatever
    late >> until("2026-03-03 09:01") << whatever
    for play in (early, just, late):
        play >> respond("li.na") << whatever

    assert just.case.clock("first_response").met is True
    assert early.case.clock("first_response").met is True
    assert late.case.clock("first_response").met is False
    assert early.case.clock("closing").met is None


def test_a_due_time_in_a_year_without_a_calendar_is_provisional(playbook):
    """T4: rules: calendar data."""
    play = playbook(start="2026-12-31 17:00")
    graded(play)

    assert play.seen("ClockPlanned", "provisional", clock="task:t1") == [True]
    assert play.seen("ClockPlanned", "provisional", clock="closing") == [False]  # days by the wall


def test_a_limit_that_shrinks_keeps_the_pauses_so_far(playbook):
    """T4: a clock that stood still for a question stays that much later when it is graded anew."""
    play = playbook(
        office.variant(
            ('ladder = "response"\n', 'ladder = "response"\npauses = true\n'),
        )
    )
    claimed(play)
    play >> until("2026-03-02 09:30")
    play >> ask("liu.yang") << whatever
    play >> until("2026-03-02 10:30")
    play >> answer("wu.min") << whatever
    assert play.due("first_response") == "2026-03-03 10:00"

    play >> complete("liu.yang", grade="urgent", category="product") << whatever
    assert play.due("first_response") == "2026-03-02 12:00"
    assert play.seen("ClockPlanned", "rungs", clock="first_response", why="regraded") == [
        [
            ["0", "2026-03-02 11:00"],
            ["1", "2026-03-02 12:00"],
            ["2", "2026-03-02 14:00"],
            ["3", "2026-03-02 16:00"],
        ]
    ]
    play >> closed_on("2026-03-05") << then.ClockPlanned(clock="task:t2")
    assert play.due("first_response") == "2026-03-02 12:00"
