"""Comments, urging, copies, withdrawal, the survey and erasure (P1.9, T2, T5, T7)."""

from __future__ import annotations

from datetime import time

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    ask,
    comment,
    complete,
    copy_in,
    erase,
    score,
    send_back,
    unwatch,
    urge,
    watch,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, refused, then, until, whatever
from tests.unit.workflows.playbooks.stages import (
    archived,
    claimed,
    closed,
    filed,
    graded,
    resolved,
)
from workflows.calendar import CalendarData, WorkCalendar
from workflows.case.events import fold

# ---------------------------------------------------------------------------- comments


@pytest.mark.parametrize("person", ["wu.min", "liu.yang", "li.na", "wang.fang", "deng.tao"])
def test_whoever_may_read_a_case_may_comment(play, person):
    """T2: filer, past and present assignees, owner, administrator."""
    graded(play)

    play >> comment(person) << then.Commented(actor=person, task=None)


@pytest.mark.parametrize("person", ["ma.chao", "feng.lei", "chen.jing"])
def test_strangers_do_not_comment(play, person):
    """T2."""
    graded(play)

    play >> comment(person) << refused("not_your_case")


def test_a_deputy_comments_while_the_absence_lasts(play):
    """T4."""
    graded(play)
    play >> absent("li.na", "ma.chao", "2026-03-02 08:00", "2026-03-02 12:00")
    play >> comment("ma.chao", "t2") << then.Commented(task="t2")

    play >> until("2026-03-02 12:00")

    play >> comment("ma.chao") << refused("not_your_case")


def test_whom_it_was_escalated_to_may_comment(play):
    """P1.7."""
    graded(play)
    play >> comment("he.jun") << refused("not_your_case")
    play >> until("2026-03-03 09:00") << whatever

    play >> comment("he.jun") << whatever


def test_a_closed_case_is_commented_on_as_well(play):
    """T2: words do no harm, and it may still teach."""
    closed(play)

    play >> comment("li.na") << then.Commented(actor="li.na")


def test_a_comment_belongs_to_the_case_or_to_one_of_its_tasks(play):
    graded(play)

    play >> comment("li.na", "t1") << whatever
    play >> comment("li.na", "t9") << refused("task_unknown")


# ---------------------------------------------------------------------------- watching


@pytest.mark.parametrize("person", ["liu.yang", "li.na", "wang.fang", "deng.tao"])
def test_whoever_may_read_a_case_may_watch_it_and_stop(play, person):
    """Past and present assignees, owner, administrator."""
    graded(play)

    play >> watch(person) << then.WatchChanged(on=True, actor=person)
    play >> unwatch(person) << then.WatchChanged(on=False, actor=person)


def test_strangers_watch_nothing(play):
    graded(play)

    play >> watch("ma.chao") << refused("not_your_case")
    play >> unwatch("ma.chao") << refused("not_your_case")


def test_watching_twice_says_so_and_changes_nothing(play):
    graded(play)
    play >> unwatch("wang.fang") << refused("not_watching")
    play >> watch("wang.fang") << whatever

    play >> watch("wang.fang") << refused("already_watching")


def test_the_filer_watches_from_the_start(play):
    graded(play)
    play >> watch("wu.min") << refused("already_watching")
    play >> unwatch("wu.min") << whatever

    play >> unwatch("wu.min") << refused("not_watching")
    play >> watch("wu.min") << whatever


def test_whoever_comments_watches_again(play):
    graded(play)
    play >> comment("wang.fang") << whatever
    play >> unwatch("wang.fang") << whatever
    assert not play.case.watches(key("wang.fang"))

    play >> comment("wang.fang") << whatever

    assert play.case.watches(key("wang.fang"))
    assert play.case.unwatched == ()


def test_a_closed_case_is_only_left_alone(play):
    graded(play)
    play >> watch("wang.fang") << whatever
    play >> withdraw("wu.min") << whatever

    play >> watch("li.na") << refused("case_closed", status="withdrawn")
    play >> unwatch("wang.fang") << then.WatchChanged(on=False)


# ---------------------------------------------------------------------------- urging


def test_the_filer_urges_once_in_four_working_hours(play):
    """T5: and no deadline moves."""
    filed(play)
    due = play.due("task:t1")

    play >> urge("wu.min") << then.Urged(tasks=["t1"], actor="wu.min")
    play >> until("2026-03-02 12:59") << whatever
    play >> urge("wu.min") << refused("urged_too_soon", again="2026-03-02 13:00")
    play >> until("2026-03-02 13:00") << whatever
    play >> urge("wu.min") << whatever

    assert play.due("task:t1") == due


def test_nobody_is_urged_more_than_three_times_a_day(play):
    """T5: where they work around the clock."""
    play.calendar = WorkCalendar(
        CalendarData(zone="Asia/Shanghai", region="none", hours=((time(0), time(0)),))
    )
    filed(play)
    for hour in ("09", "13", "17"):
        play >> until(f"2026-03-02 {hour}:00")
        play.news.clear()
        play >> urge("wu.min") << whatever

    play >> until("2026-03-02 21:00") << whatever
    play >> urge("wu.min") << refused("urged_enough_today", most=3)
    play >> until("2026-03-03 09:00") << whatever
    play >> urge("wu.min") << whatever


def test_the_process_owner_urges_too_and_nobody_else(play):
    """T5."""
    filed(play)

    play >> urge("feng.lei") << refused("only_who_waits_may_urge")
    play >> urge("liu.yang") << refused("only_who_waits_may_urge")
    play >> urge("wang.fang") << then.Urged(actor="wang.fang")


def test_nobody_urges_themselves(play):
    """T5."""
    resolved(play)

    play >> urge("wu.min") << refused("nothing_to_urge")


def test_nobody_is_urged_in_quiet_hours_or_while_the_filer_is_asked(play):
    """T4, T5."""
    claimed(play)
    play.quiet = {office.key("liu.yang")}
    play >> urge("wu.min") << refused("urge_in_quiet_hours")
    play.quiet = set()
    play >> ask("liu.yang") << whatever

    play >> urge("wu.min") << refused("urge_while_paused")


def test_one_candidate_who_is_awake_is_enough(play):
    """T5."""
    filed(play)
    play.quiet = {office.key("liu.yang")}

    play >> urge("wu.min") << whatever


def test_a_closed_case_is_not_urged(play):
    closed(play)

    play >> urge("wu.min") << refused("case_closed", status="completed")


# ---------------------------------------------------------------------------- copies


def test_each_person_is_copied_in_once(play):
    """T5."""
    graded(play)

    play >> copy_in("wu.min", "feng.lei", "zheng.hao", "feng.lei")
    play << then.CopiedIn(people=["feng.lei", "zheng.hao"], actor="wu.min")
    play >> copy_in("li.na", "feng.lei", "gao.yu") << then.CopiedIn(people=["gao.yu"])
    play >> copy_in("li.na", "feng.lei") << refused("already_copied")
    play >> copy_in("li.na", "wu.min") << refused("already_copied")
    play >> comment("feng.lei") << whatever


def test_copies_go_to_people_who_work_here_from_people_who_may_read(play):
    """T5."""
    play.directory = office.directory(gone=("gao.yu",))
    graded(play)

    play >> copy_in("ma.chao", "xu.ke") << refused("not_your_case")
    play >> copy_in("wu.min", "gao.yu") << refused("person_unknown")
    play >> copy_in("wu.min", "xu.ke", "no.body") << refused("person_unknown")
    play >> copy_in("wu.min") << refused("person_unknown")


def test_a_rule_copies_each_person_once(play):
    """P1.8: a case that passes the gateway twice is told once."""
    graded(play, grade="urgent")
    play >> send_back("li.na", "triage") << whatever
    play >> complete("liu.yang", grade="urgent", category="product") << whatever

    assert play.seen("CopiedIn", "people") == [["zhou.wei"]]


# ---------------------------------------------------------------------------- withdrawing


@pytest.mark.parametrize("stage", [filed, claimed, graded])
def test_the_filer_withdraws_before_the_solution_is_shown(play, stage):
    """T5."""
    stage(play)
    task = play.task.id

    play >> withdraw("wu.min") << then.CaseClosed(status="withdrawn", actor="wu.min") << whatever

    assert play.seen("TaskCancelled", "task", "reason") == [(task, "withdrawn")]
    assert play.case.clock("first_response").met is None
    play >> withdraw("wu.min") << refused("case_closed", status="withdrawn")


@pytest.mark.parametrize("stage", [resolved, archived])
def test_it_is_too_late_to_withdraw_after_the_milestone(play, stage):
    """T5."""
    stage(play)

    play >> withdraw("wu.min") << refused("too_late_to_withdraw")


def test_nobody_but_the_filer_withdraws(play):
    """T5."""
    graded(play)

    play >> withdraw("wang.fang") << refused("only_the_filer")


def test_a_process_may_allow_withdrawal_until_the_first_decision_or_the_end(playbook):
    """T5: rules: withdrawing."""
    milestone = 'withdraw_until = "confirm" '
    strict = playbook(office.variant((milestone, 'withdraw_until = "first_decision" ')))
    lenient = playbook(office.variant((milestone, 'withdraw_until = "end" ')))

    graded(strict)
    strict >> withdraw("wu.min") << refused("too_late_to_withdraw")
    archived(lenient)
    lenient >> withdraw("wu.min") << then.CaseClosed() << whatever


def test_a_case_may_be_withdrawn_before_the_first_decision(playbook):
    play = playbook(
        office.variant(('withdraw_until = "confirm" ', 'withdraw_until = "first_decision" '))
    )
    filed(play)

    play >> withdraw("wu.min") << then.CaseClosed() << whatever


# ---------------------------------------------------------------------------- survey


def test_the_filer_scores_once_from_one_to_five(play):
    """P1.9."""
    closed(play)

    for points in (0, 6):
        play >> score("wu.min", points) << refused("score_out_of_range")
    play >> score("li.na", 5) << refused("survey_not_yours")
    play >> score("wu.min", 1) << then.SurveyAnswered(score=1, actor="wu.min")
    play >> score("wu.min", 5) << refused("survey_answered", score=1)


def test_there_is_nothing_to_score_before_the_end(play):
    """P1.9: nor when the case was withdrawn."""
    graded(play)
    play >> score("wu.min", 5) << refused("survey_not_yours")

    play >> withdraw("wu.min") << whatever

    play >> score("wu.min", 5) << refused("survey_not_yours")


def test_a_process_may_end_without_a_survey_or_with_a_rejection(playbook):
    """P1.9: only what was completed is scored."""
    rejecting = playbook(
        office.variant(
            ('id = "closed"\nkind = "end"', 'id = "closed"\nkind = "end"\nstatus = "rejected"')
        )
    )
    closed(rejecting)

    assert rejecting.seen("CaseClosed", "status") == ["rejected"]
    assert rejecting.seen("SurveyAsked") == []


# ---------------------------------------------------------------------------- erasure


def test_erasure_is_on_record_and_replay_is_the_same(play):
    """T7: events hold no content, so nothing that was decided changes."""
    closed(play)
    before = play.case

    play >> erase("c1", "c2") << then.ContentErased(contents=["c1", "c2"], actor="deng.tao")
    play >> erase() << refused("nothing_to_change")

    assert fold(play.history[:-1]) == before
    assert fold(play.history).forms == before.forms


def test_every_event_says_who_when_and_from_where(play):
    """T7: what people did is theirs, what followed by a rule is the system's."""
    resolved(play)
    play >> approve("wu.min") << whatever
    play >> until("2026-03-09 09:00") << whatever

    by = {(event.actor == "system", event.via) for event in play.history}
    assert by == {(False, "web"), (True, "rule"), (True, "timer")}
