"""Asking the filer: the step's clock stands still, the filer is watched instead (T2, T4)."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    answer,
    ask,
    closed_on,
    complete,
    respond,
    send_back,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import (
    absent,
    downtime_until,
    left,
    refused,
    then,
    until,
    whatever,
)
from tests.unit.workflows.playbooks.stages import claimed, graded, resolved
from workflows.actions.answer import AnswerQuestion


def answered(play) -> None:
    """t2 (resolve) is li.na's, due on Thursday at six; customer answered; Tuesday at ten."""
    graded(play)
    play >> respond("li.na") << whatever
    play >> until("2026-03-03 10:00")


def test_a_question_stops_the_clock_and_the_answer_starts_it_with_what_was_left(play):
    """T2: the remaining working time counts, not the hours of the night."""
    answered(play)

    play >> ask("li.na") << then.QuestionAsked(task="t2", to="wu.min", actor="li.na")
    play << then.ClockPaused(clock="task:t2", left="1 day, 2:00:00 working")
    play << then.ClockPlanned(
        clock="wait:t2",
        limit="8wh",
        due_at="2026-03-03 18:00",
        rungs=[
            ["0", "2026-03-03 14:00"],
            ["1", "2026-03-03 18:00"],
            ["1.1", "2026-03-04 18:00"],
            ["1.2", "2026-03-05 18:00"],
        ],
    )
    play << then.ClockPlanned(
        clock="cap:t2", due_at="2026-03-10 18:00", rungs=[["lapse", "2026-03-10 18:00"]]
    )

    play >> until("2026-03-04 10:00") << whatever
    play >> answer("wu.min") << then.QuestionAnswered(paused=9 * 3600 * 10**6, actor="wu.min")
    play << then.ClockStopped(clock="wait:t2", why="done")
    play << then.ClockStopped(clock="cap:t2", why="done")
    play << then.ClockPlanned(
        clock="task:t2",
        why="resumed",
        started_at="2026-03-02 09:00",
        due_at="2026-03-06 18:00",
        rungs=[
            ["0", "2026-03-04 18:00"],
            ["1", "2026-03-06 18:00"],
            ["1.1", "2026-03-09 11:00"],
            ["2", "2026-03-09 13:00"],
            ["3", "2026-03-09 18:00"],
            ["4", "2026-03-10 18:00"],
        ],
    )


def test_the_assignee_is_left_alone_and_the_filer_is_reminded_while_a_question_is_open(play):
    """T4."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> until("2026-03-06 09:00") << whatever

    assert play.seen("Reminded", "at", "to", "overdue", clock="wait:t2") == [
        ("2026-03-03 14:00", ["wu.min"], False),
        ("2026-03-03 18:00", ["wu.min"], True),
        ("2026-03-04 18:00", ["wu.min"], True),
        ("2026-03-05 18:00", ["wu.min"], True),
    ]
    assert play.seen("Reminded", clock="task:t2") == []


def test_a_second_question_reminds_the_filer_again(play):
    """T4: rungs that fired for the first question do not silence the second."""
    answered(play)
    for number in (1, 2):
        play >> ask("li.na") << whatever
        play >> until(f"2026-03-0{2 + 2 * number} 10:00") << whatever
        play >> answer("wu.min") << whatever

    assert play.seen("Reminded", "at", clock="wait:t2") == [
        "2026-03-03 14:00",
        "2026-03-03 18:00",
        "2026-03-04 14:00",
        "2026-03-04 18:00",
        "2026-03-05 18:00",
    ]


def test_a_question_that_is_not_answered_lapses_at_the_cap(play):
    """T4: after five working days the clocks go on; the handler is told."""
    answered(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-10 17:59") << whatever

    play >> until("2026-03-10 18:00")
    play << then.QuestionLapsed(task="t2", paused=53 * 3600 * 10**6, actor="system")
    play << then.ClockStopped(clock="wait:t2") << then.ClockStopped(clock="cap:t2")
    play << then.ClockPlanned(clock="task:t2", why="resumed", due_at="2026-03-13 17:00")
    assert play.posts("lapsed") == ["li.na"]
    play >> answer("wu.min") << refused("nothing_asked")
    play >> ask("li.na") << refused("pause_used_up", cap="5wd")


def test_all_questions_of_a_task_share_one_cap(play):
    """T4: nine hours of the first question are gone when the second is asked."""
    answered(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-04 10:00") << whatever
    play >> answer("wu.min") << whatever
    play >> until("2026-03-05 10:00") << whatever

    play >> ask("li.na") << then.QuestionAsked() << then.ClockPaused() << then.ClockPlanned()
    play << then.ClockPlanned(clock="cap:t2", due_at="2026-03-11 18:00")


def test_the_cap_is_the_same_whatever_the_time_of_day(play):
    """T4: five working days from late in the day are shorter; a lapse uses all of them up."""
    answered(play)
    play >> until("2026-03-03 17:00")
    play >> ask("li.na") << whatever
    play >> until("2026-03-11 09:00") << whatever
    assert play.seen("QuestionLapsed", "at") == ["2026-03-10 18:00"]

    play >> ask("li.na") << refused("pause_used_up")


def test_a_day_off_moves_the_cap_too(play):
    """T4."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> closed_on("2026-03-06")
    play << then.ClockPlanned(clock="cap:t2", why="calendar", due_at="2026-03-11 18:00")


def test_a_day_off_moves_a_clock_that_went_on_after_a_pause(play):
    """T4: the pause stays counted."""
    answered(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-04 10:00") << whatever
    play >> answer("wu.min") << whatever

    play >> closed_on("2026-03-05")
    play << then.ClockPlanned(clock="task:t2", why="calendar", due_at="2026-03-09 18:00")


def test_a_pause_outside_working_hours_is_harmless(play):
    """T4: nothing was lost, nothing is won."""
    answered(play)
    play >> until("2026-03-03 20:00") << whatever
    play >> ask("li.na") << whatever
    play >> until("2026-03-03 22:00")
    play >> answer("wu.min") << whatever

    assert play.due("task:t2") == "2026-03-05 18:00"


def test_a_step_that_was_overdue_when_it_asked_is_overdue_afterwards(play):
    """T4, L5.1: and if it is done during the pause, it was not in time."""
    answered(play)
    play >> until("2026-03-06 10:00") << whatever
    play >> ask("li.na") << whatever
    play >> until("2026-03-06 11:00")
    play >> complete("li.na", root_cause="?", resolution="!") << whatever

    assert play.case.clock("task:t2").met is False


def test_a_step_done_during_its_question_was_in_time_if_time_was_left(play):
    """L5.1: the question is off, and so is the watch over the filer."""
    answered(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-09 08:00") << whatever

    play >> complete("li.na", root_cause="?", resolution="!") << then.TaskCompleted()
    play << then.ClockStopped(clock="wait:t2", why="cancelled")
    play << then.ClockStopped(clock="cap:t2", why="cancelled")
    play << then.ClockStopped(clock="task:t2", why="done") << whatever

    assert play.case.clock("task:t2").met is True
    assert play.case.clock("wait:t2").met is None


def test_who_may_ask_and_who_may_answer(play):
    """T2."""
    graded(play)

    play >> answer("wu.min") << refused("nothing_asked")
    play >> ask("ma.chao") << refused("not_your_task")
    play >> ask("li.na") << whatever
    play >> ask("li.na") << refused("already_asked")
    play >> answer("li.na") << refused("question_not_yours")
    play >> answer("feng.lei") << refused("question_not_yours")
    play >> answer("wu.min") << then.QuestionAnswered() << whatever


def test_the_filer_asks_nobody(play):
    """T2: whoever confirms is the one who could answer."""
    resolved(play)

    play >> ask("wu.min") << refused("you_are_the_filer")


def test_a_process_may_offer_no_questions(playbook):
    toml = office.complaint().text
    start = toml.index("[pause]")
    pause = toml[start : toml.index("\n\n", start)]
    play = playbook(office.variant((pause, "")))
    graded(play)

    play >> ask("li.na") << refused("questions_not_offered")


def test_a_question_stays_with_the_task_when_it_is_handed_over(play):
    """T2: the answer reaches who has the task by then."""
    answered(play)
    play >> ask("li.na") << whatever
    play >> transfer("li.na", "ma.chao") << whatever

    play >> answer("wu.min") << whatever

    assert play.posts("answered") == ["ma.chao"]


def test_a_return_takes_the_question_back(play):
    """T2."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> send_back("li.na", "triage") << whatever

    play >> answer("wu.min", "t2") << refused("task_done", by="li.na")
    assert dict(play.case.timers()).keys() == {"closing", "task:t3"}


def test_a_withdrawal_takes_the_question_back(play):
    """T5."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> withdraw("wu.min") << then.CaseClosed(status="withdrawn")
    play << then.ClockStopped(clock="closing", why="cancelled")
    play << then.ClockStopped(clock="task:t2", why="cancelled")
    play << then.ClockStopped(clock="wait:t2", why="cancelled")
    play << then.ClockStopped(clock="cap:t2", why="cancelled")
    play << then.TaskCancelled(task="t2", reason="withdrawn")


def test_a_clock_of_the_case_stands_still_where_the_definition_says(playbook):
    """P1.6, T4: the closing clock of this variant pauses, the first response never does."""
    play = playbook(
        office.variant(
            ('within = [ { limit = "7d" } ]', 'within = [ { limit = "7d" } ]\npauses = true')
        )
    )
    claimed(play)

    play >> ask("liu.yang") << then.QuestionAsked() << then.ClockPaused(clock="task:t1")
    play << then.ClockPaused(clock="closing", left="7 days, 0:00:00 wall") << whatever
    play >> until("2026-03-02 12:00")
    play >> answer("wu.min") << whatever
    assert play.due("closing") == "2026-03-09 12:00"
    assert play.due("first_response") == "2026-03-03 09:00"

    play >> ask("liu.yang") << whatever
    play >> until("2026-03-02 15:00")
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    assert play.due("closing") == "2026-03-09 15:00"


def test_a_clock_that_was_graded_anew_while_it_stood_still_has_the_new_limit_afterwards(playbook):
    """P1.8, T4: form values that came in during the question count when it goes on."""
    play = playbook(
        office.variant(('ladder = "response"\n', 'ladder = "response"\npauses = true\n'))
    )
    claimed(play)
    play >> ask("liu.yang") << whatever
    play.values["grade"] = "urgent"
    play >> until("2026-03-02 10:00")

    play >> answer("wu.min") << whatever

    assert play.due("first_response") == "2026-03-02 12:00"


def test_a_rung_after_the_start_waits_as_long_as_the_clock_did(playbook):
    """T4: it counts what the clock counts."""
    play = playbook(
        office.variant(
            (
                '{ at = "due", remind = "assignee", every = "2wh", times = 2 }',
                '{ at = "start + 6wh", remind = "assignee" }',
            )
        )
    )
    graded(play)
    play >> until("2026-03-02 12:00")
    play >> ask("li.na") << whatever
    play >> until("2026-03-03 12:00") << whatever

    play >> answer("wu.min") << whatever

    rungs = dict(play.seen("ClockPlanned", "rungs", clock="task:t2")[-1])
    assert rungs["1"] == "2026-03-03 15:00"


def test_a_question_lapses_late_after_downtime(play):
    """T4."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> downtime_until("2026-03-16 10:00") << whatever

    assert play.seen("QuestionLapsed", "at") == ["2026-03-16 10:00"]
    assert play.due("task:t2") == "2026-03-18 18:00"


def test_a_silent_filers_deputy_is_not_asked(play):
    """T4: a deputy has no part in the cases of the principal's own."""
    answered(play)
    play >> absent("wu.min", "xu.ke", "2026-03-03 09:00", "2026-03-20 09:00")
    play >> ask("li.na") << whatever

    play >> until("2026-03-03 14:00") << then.Reminded(clock="wait:t2", to=["wu.min"])


# ---------------------------------------------------------------------------- in place of the filer


def diverted(person):
    """Answer a question that was put to somebody because its filer cannot be reached."""
    return lambda play: play.give(
        AnswerQuestion(
            actor=key(person), via="web", task="t2", content=play.content(), diverted=True
        )
    )


def test_the_owner_who_got_the_question_answers_in_place_of_the_filer(play):
    """T4: a clock does not stand still for somebody who cannot answer."""
    answered(play)
    play >> ask("li.na") << whatever

    play >> answer("wang.fang") << refused("question_not_yours")
    play >> diverted("ma.chao") << refused("question_not_yours")
    play >> diverted("wang.fang")
    play << then.QuestionAnswered(actor="wang.fang", instead_of="wu.min") << whatever
    assert play.case.clock("task:t2").status == "running"


def test_the_owner_answers_for_a_filer_who_left(play):
    answered(play)
    play >> ask("li.na") << whatever
    play >> left("wu.min")

    play >> answer("wang.fang") << then.QuestionAnswered(instead_of="wu.min") << whatever
