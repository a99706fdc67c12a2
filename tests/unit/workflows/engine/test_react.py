"""Who is owed which message because of what happened."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.unit.workflows.deeds import (
    answer,
    approve,
    ask,
    comment,
    complete,
    copy_in,
    erase,
    respond,
    score,
    send_back,
    transfer,
    urge,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, absent, left, until, whatever
from tests.unit.workflows.playbooks.stages import (
    archived,
    claimed,
    closed,
    filed,
    graded,
    resolved,
)
from workflows.actions.comment import Commented
from workflows.actions.fire_timers import RungsCollapsed
from workflows.actions.mail import MailLeft, MailOwed
from workflows.actions.start import StartedFor
from workflows.case.effects import Lane, Post, Refresh, instead_slot
from workflows.case.events import Body
from workflows.flow.ballots import BallotOpened
from workflows.flow.branch_events import BranchTurned, RestBegan
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.entering import NodeEntered, RouteTaken
from workflows.flow.forks import (
    BranchArrived,
    BranchesCancelled,
    BranchesOpened,
    BranchesReopened,
)
from workflows.flow.opening import TaskOpened
from workflows.flow.points import DaySpared
from workflows.flow.verdicts import SubjectsListed
from workflows.registry import EVENTS

SILENT = {
    DaySpared,
    StartedFor,  # the case that started it says so
    NodeEntered,  # the task that it opens says so
    BallotOpened,  # the seats that it opens say so
    SubjectsListed,  # the task that it belongs to says so
    RouteTaken,  # as above
    BranchesOpened,  # as above
    BranchArrived,  # the decision by which it came says so
    BranchesCancelled,  # the cancelled tasks say so
    BranchesReopened,  # the tasks that it opens say so
    RestBegan,  # the decision by which it came says so
    BranchTurned,  # the task that is opened next says so
    ClockPaused,  # the question says so
    ClockStopped,  # what stopped it says so
    RungsCollapsed,  # the rung that is left says so
    MailOwed,  # whether it was sent says so
    MailLeft,  # whoever did what it was to be sent on saw it before
}


@pytest.fixture
def play():
    return Playbook()


def owed_by(case, event):
    return tuple(event.body.effects(case, event))


def owed(play):
    """The posts of the last step as (kind, whom, slot), in order."""
    posts = [effect for effect in play.effects if isinstance(effect, Post)]
    return [(post.kind, play.plain(post.to), post.slot) for post in posts]


def refreshed(play):
    """The tasks and slots that are brought up to date, each once, sorted."""
    return sorted({e.task or e.slot for e in play.effects if isinstance(e, Refresh)})


def test_every_event_has_its_messages_or_is_silent_on_purpose():
    assert {kind for kind in EVENTS.values() if kind.effects is Body.effects} == SILENT


def test_what_is_told_to_somebody_else_has_a_slot_of_its_own():
    assert instead_slot("p_1", "task:t1") == "instead:p_1:task:t1"


def test_a_silent_event_owes_nothing(play):
    filed(play)

    for event in play.history:
        if type(event.body) in SILENT:
            assert owed_by(play.case, event) == ()


def test_filing_answers_the_filer_and_offers_the_task_to_every_candidate(play):
    filed(play)

    assert owed(play) == [
        ("case", "wu.min", "case"),
        ("task", "liu.yang", "task:t1"),
        ("task", "sun.qi", "task:t1"),
    ]
    assert [e.lane for e in play.effects if isinstance(e, Post)] == [
        Lane.ANSWER,
        Lane.TASK,
        Lane.TASK,
    ]


def test_a_step_with_a_channel_tells_it_too(play):
    filed(play)
    opened = next(event for event in play.history if isinstance(event.body, TaskOpened))
    told = replace(opened, body=replace(opened.body, channel="complaints"))

    posts = [e for e in owed_by(play.case, told) if isinstance(e, Post)]

    assert [(post.to, post.kind, post.slot) for post in posts][-1] == (
        "#complaints",
        "channel",
        "task:t1",
    )


def test_claiming_brings_every_card_up_to_date(play):
    """T2, T6: the buttons go away in every place."""
    claimed(play)

    assert owed(play) == []
    assert refreshed(play) == ["case", "copy", "t1"]


def test_completing_closes_the_old_cards_and_posts_the_next_task(play):
    graded(play)

    assert owed(play) == [("task", "li.na", "task:t2")]
    assert refreshed(play) == ["case", "copy", "t1"]


def test_a_rule_that_copies_tells_who_is_copied(play):
    graded(play, grade="urgent")

    assert ("copied", "zhou.wei", "copy") in owed(play)


def test_a_deputy_gets_a_card_of_the_task(play):
    play >> absent("xu.ke", "ma.chao", "2026-03-02 08:00", "2026-03-06 18:00")
    play >> left("gao.yu")
    graded(play, category="price")

    assert owed(play) == [("task", "xu.ke", "task:t2"), ("task", "ma.chao", "task:t2")]


def test_a_transfer_gives_the_new_owner_a_card_and_the_old_one_the_news(play):
    graded(play)
    play >> transfer("li.na", "ma.chao") << whatever

    assert owed(play) == [("task", "ma.chao", "task:t2")]
    assert refreshed(play) == ["case", "copy", "t2"]


@pytest.mark.parametrize("step", [respond("li.na"), send_back("li.na", "triage")])
def test_a_step_of_the_handler_brings_the_cards_up_to_date(play, step):
    graded(play)
    play >> step << whatever

    assert {"case", "copy", "t2"} <= set(refreshed(play))


def test_urging_changes_the_card_instead_of_sending_another(play):
    """T5: rules: urging."""
    graded(play)
    play >> urge("wu.min") << whatever

    assert owed(play) == []
    assert refreshed(play) == ["case", "copy", "t2"]


def test_a_clock_that_starts_is_on_the_card_of_the_task_already(play):
    filed(play)
    planned = next(e for e in play.history if isinstance(e.body, ClockPlanned))

    assert owed_by(play.case, planned) == ()


def test_a_due_time_that_moves_brings_the_cards_up_to_date(play):
    graded(play)
    planned = next(e for e in play.history if isinstance(e.body, ClockPlanned))
    moved = replace(planned, body=replace(planned.body, why="calendar"))

    assert owed_by(play.case, moved) == (
        Refresh(task="t2"),
        Refresh(slot="case"),
        Refresh(slot="copy"),
    )


def test_a_reminder_goes_to_those_at_work_and_waits_for_the_morning(play):
    """T4: quiet hours."""
    filed(play)
    play >> until("2026-03-02 11:00") << whatever
    posts = [effect for effect in play.effects if isinstance(effect, Post)]

    assert owed(play) == [
        ("reminder", "liu.yang", f"remind:{play.case.seq}"),
        ("reminder", "sun.qi", f"remind:{play.case.seq}"),
    ]
    assert {(post.quiet, post.lane, post.task) for post in posts} == {(True, Lane.REMINDER, "t1")}
    assert posts[0].args == {"clock": "task:t1", "rung": "0"}
    assert refreshed(play) == ["t1"]


def test_a_reminder_of_a_case_clock_is_about_the_work_that_is_open(play):
    graded(play)
    play >> until("2026-03-02 21:00") << whatever
    posts = [effect for effect in play.effects if isinstance(effect, Post)]

    assert [(post.task, post.args["clock"]) for post in posts] == [("t2", "first_response")]


def test_an_escalation_goes_before_other_messages_and_waits_for_nothing(play):
    """P1.7."""
    graded(play)
    play >> until("2026-03-03 08:59") << whatever
    play >> until("2026-03-03 09:00") << whatever
    post = next(effect for effect in play.effects if isinstance(effect, Post))

    assert owed(play) == [("escalation", "he.jun", "escalate:t2")]
    assert (post.lane, post.quiet, post.task) == (Lane.ESCALATION, False, "t2")
    assert post.args == {"seq": str(play.case.seq)}
    assert refreshed(play) == ["case", "copy", "t2"]


def test_each_reminder_of_a_second_question_is_a_message_of_its_own(play):
    """T4."""
    graded(play)
    slots = []
    for day in ("02", "03"):
        play >> ask("li.na") << whatever
        play >> until(f"2026-03-{day} 23:00") << whatever
        slots += [slot for kind, whom, slot in owed(play) if whom == "wu.min"]
        play >> answer("wu.min") << whatever

    assert len(slots) == len(set(slots)) >= 2


def test_a_question_is_put_to_the_filer_and_its_answer_to_the_handler(play):
    """T2."""
    graded(play)
    play >> ask("li.na") << whatever
    assert owed(play) == [("question", "wu.min", "ask:15")]

    play >> answer("wu.min") << whatever
    assert [row[:2] for row in owed(play)] == [("answered", "li.na")]


def test_a_lapsed_question_is_told_to_the_handler(play):
    """T4."""
    graded(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-10 18:00") << whatever

    assert ("lapsed", "li.na") in [row[:2] for row in owed(play)]


def test_a_comment_is_told_to_the_filer_and_those_at_work_but_not_to_its_author(play):
    """T2."""
    graded(play)
    play >> comment("wu.min") << whatever
    assert [row[:2] for row in owed(play)] == [("comment", "li.na")]

    play >> comment("wang.fang") << whatever
    assert [row[:2] for row in owed(play)] == [("comment", "wu.min"), ("comment", "li.na")]


def test_whoever_wrote_on_a_case_hears_what_is_answered(play):
    """A reader who was copied in asks, the handler answers: the reader hears it."""
    graded(play)
    play >> copy_in("wu.min", "feng.lei") << whatever
    play >> comment("feng.lei") << whatever

    play >> comment("li.na") << whatever

    assert [row[:2] for row in owed(play)] == [("comment", "wu.min"), ("comment", "feng.lei")]


def test_a_comment_of_an_older_version_makes_nobody_follow(play):
    """What it did not say then is not read into it now, so that stored snapshots stay right."""
    graded(play)
    play.happened(Commented(content=play.content()), actor=key("feng.lei"))

    play >> comment("li.na") << whatever

    assert [row[:2] for row in owed(play)] == [("comment", "wu.min")]


def test_copies_are_told_to_each_who_is_copied(play):
    """T5."""
    graded(play)
    play >> copy_in("wu.min", "feng.lei", "zheng.hao") << whatever

    assert owed(play) == [("copied", "feng.lei", "copy"), ("copied", "zheng.hao", "copy")]


def test_the_end_is_told_to_all_who_had_a_part_and_the_filer_is_asked(play):
    """P1.9."""
    archived(play)
    play >> copy_in("wu.min", "feng.lei") << whatever
    play >> complete("liu.yang", outcome="solved", lessons="-") << whatever

    told = [whom for kind, whom, _ in owed(play) if kind == "closed"]
    assert told == ["wu.min", "liu.yang", "li.na", "feng.lei"]
    assert owed(play)[-1] == ("survey", "wu.min", "survey")

    play >> score("wu.min", 4) << whatever
    assert (owed(play), refreshed(play)) == ([], ["survey"])


def test_a_withdrawal_brings_every_card_up_to_date_and_tells_nobody_else(play):
    """T5."""
    graded(play)
    play >> withdraw("wu.min") << whatever

    assert owed(play) == []
    assert refreshed(play) == ["case", "copy", "t1", "t2"]


def test_erasure_brings_every_card_up_to_date(play):
    """T7: what was erased does not stay in a chat."""
    closed(play)
    play >> erase("c1") << whatever

    assert refreshed(play) == ["case", "closed", "copy", "survey", "t1", "t2", "t3", "t4"]


def test_a_comment_hangs_on_a_task_so_that_erasure_finds_it(play):
    """T7."""
    graded(play)
    tasks = []
    for about in ("t1", None):
        play >> comment("wu.min", about) << whatever
        tasks += [effect.task for effect in play.effects if isinstance(effect, Post)]

    assert tasks == ["t1", "t2"]


def test_approval_is_told_like_any_other_decision(play):
    resolved(play)
    play >> approve("wu.min") << whatever

    assert refreshed(play) == ["case", "copy", "t2", "t3"]  # t2 cannot be taken back any more
    assert [row[:2] for row in owed(play)] == [("task", "liu.yang"), ("task", "sun.qi")]
