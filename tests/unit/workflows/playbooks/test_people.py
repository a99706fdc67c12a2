"""Who has the work: claiming, handing over, deputies, people who leave (T2, T3, T4)."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    ask,
    claim,
    complete,
    dissatisfied,
    file,
    offer_to_deputies,
    replace_leavers,
    respond,
    send_back,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, then, until, whatever
from tests.unit.workflows.playbooks.stages import claimed, closed, filed, graded, resolved

AWAY = ("2026-03-02 08:00", "2026-03-06 18:00")


def only_li_na(play):
    """She alone handles complaints in customer service, so the work is hers, away or not."""
    staff = dict(play.directory.people)
    staff[key("ma.chao")] = replace(staff[key("ma.chao")], roles=())
    play.directory = replace(play.directory, people=staff)


# ---------------------------------------------------------------------------- claiming


def test_the_first_of_the_candidates_to_claim_has_the_task(play):
    """T2: claim from a group; the others learn who was faster."""
    filed(play)

    play >> claim("sun.qi") << then.TaskClaimed(by="sun.qi")
    play >> claim("liu.yang") << refused("already_claimed", by="sun.qi")
    play >> claim("sun.qi") << refused("already_yours")
    play >> complete("liu.yang") << refused("not_your_task", owners=("sun.qi",))


def test_a_task_is_claimed_before_it_is_worked_on(play):
    """T2."""
    filed(play)

    play >> complete("liu.yang", grade="normal", category="product") << refused("claim_first")
    play >> transfer("liu.yang", "wang.fang") << refused("claim_first")
    play >> complete("li.na") << refused("not_your_task", owners=("liu.yang", "sun.qi"))
    play >> claim("li.na") << refused("not_your_task", owners=("liu.yang", "sun.qi"))


# ---------------------------------------------------------------------------- handing over


def test_a_transfer_is_for_good_and_the_due_time_stays(play):
    """T2."""
    graded(play)
    due = play.due("task:t2")

    play >> transfer("li.na", "ma.chao")
    play << then.TaskTransferred(source="li.na", to="ma.chao", why="transfer", actor="li.na")

    assert play.due("task:t2") == due
    play >> respond("li.na") << refused("not_your_task", owners=("ma.chao",))
    play >> respond("ma.chao") << whatever


def test_a_task_is_not_handed_to_oneself_the_filer_or_nobody(play):
    """T2, T3."""
    play.directory = office.directory(gone=("gao.yu",))
    graded(play)

    play >> transfer("li.na", "li.na") << refused("transfer_to_self")
    play >> transfer("li.na", "wu.min") << refused("transfer_to_filer")
    play >> transfer("li.na", "gao.yu") << refused("person_unknown")
    play >> transfer("li.na", "no.body") << refused("person_unknown")
    play >> transfer("ma.chao", "li.na") << refused("not_your_task")


def test_a_task_is_handed_over_three_times_at_most(play):
    """T2: whoever has it then keeps it; somebody's leaving does not count."""
    graded(play)
    for giver, taker in (("li.na", "ma.chao"), ("ma.chao", "xu.ke")):
        play >> transfer(giver, taker) << whatever
    play >> left("xu.ke")
    play >> replace_leavers << then.TaskTransferred(to="feng.lei", why="left")
    play >> transfer("feng.lei", "gao.yu") << whatever

    play >> transfer("gao.yu", "li.na") << refused("too_many_transfers", most=3)


def test_nobody_is_handed_the_judgement_on_their_own_work(play):
    """T3: the filer may let somebody else ask the customer, but not the handler."""
    resolved(play)

    play >> transfer("wu.min", "li.na") << refused("transfer_to_own_work")
    play >> transfer("wu.min", "ma.chao") << then.TaskTransferred(to="ma.chao")


def test_what_was_offered_to_a_group_keeps_no_name_when_it_is_handed_over(play):
    claimed(play)

    play >> transfer("liu.yang", "sun.qi") << then.TaskTransferred(people=[])


# ---------------------------------------------------------------------------- absence


def test_the_deputy_of_an_absent_person_gets_the_task_too(play):
    """T4: both may act, the first decision wins, and it says for whom it was made."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    claimed(play)
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    assert play.seen("DeputyOffered", "principal", "deputy") == [("li.na", "ma.chao")]

    play >> respond("ma.chao") << then.ActionRecorded(actor="ma.chao", on_behalf_of="li.na")
    play << then.ClockStopped()
    play >> complete("ma.chao", root_cause="?", resolution="!")
    play << then.TaskCompleted(actor="ma.chao", on_behalf_of="li.na") << whatever
    play >> complete("li.na", "t2") << refused("task_done", by="ma.chao")
    assert play.case.task("t2").on_behalf_of == office.key("li.na")


def test_the_principal_may_still_act(play):
    """T4."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    graded(play)
    play >> respond("li.na") << then.ActionRecorded(on_behalf_of=None) << whatever

    play >> complete("li.na", root_cause="?", resolution="!") << whatever

    play >> complete("ma.chao", "t2") << refused("task_done", by="li.na")


def test_an_absence_that_begins_later_offers_open_tasks_once(play):
    """T4."""
    graded(play)
    play >> absent("li.na", "ma.chao", "2026-03-03 09:00", "2026-03-06 18:00")
    play >> offer_to_deputies << refused("nothing_to_change")
    play >> respond("ma.chao") << refused("not_your_task")
    play >> until("2026-03-03 09:00") << whatever

    play >> offer_to_deputies << then.DeputyOffered(task="t2", principal="li.na", deputy="ma.chao")
    play >> offer_to_deputies << refused("nothing_to_change")
    play >> respond("ma.chao") << whatever


def test_the_end_of_an_absence_ends_the_deputy(play):
    """T4: nothing has to be undone."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    graded(play)

    play >> until("2026-03-06 18:00") << whatever

    play >> respond("ma.chao") << refused("not_your_task")


def test_a_deputy_claims_for_the_principal(play):
    """T4: the task is the principal's then."""
    play >> absent("sun.qi", "ma.chao", *AWAY)
    filed(play)

    play >> claim("ma.chao")
    play << then.TaskClaimed(by="sun.qi", actor="ma.chao", on_behalf_of="sun.qi")
    play >> complete("ma.chao", grade="normal", category="product")
    play << then.TaskCompleted(actor="ma.chao", on_behalf_of="sun.qi") << whatever


def test_a_deputy_who_has_not_claimed_is_told_to(play):
    play >> absent("sun.qi", "ma.chao", *AWAY)
    filed(play)

    play >> complete("ma.chao", grade="normal", category="product") << refused("claim_first")


def test_a_deputy_who_is_a_candidate_already_is_not_offered_the_task_again(play):
    play >> absent("sun.qi", "liu.yang", *AWAY)
    filed(play)

    assert play.seen("DeputyOffered") == []
    play >> claim("liu.yang") << then.TaskClaimed(by="liu.yang", on_behalf_of=None)


def test_deputies_do_not_cascade(play):
    """T4: the deputy of a deputy may not act."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    play >> absent("ma.chao", "sun.qi", *AWAY)
    graded(play)

    assert play.seen("DeputyOffered", "deputy") == ["ma.chao"]
    play >> respond("sun.qi") << refused("not_your_task")
    play >> respond("ma.chao") << whatever


def test_a_deputy_who_filed_the_case_stays_out_of_it(play):
    """T4: nobody decides on their own case by standing in."""
    only_li_na(play)
    play >> absent("li.na", "wu.min", *AWAY)
    graded(play)

    assert play.seen("DeputyOffered") == []
    play >> respond("wu.min") << refused("not_your_task")


def test_the_deputy_of_the_filer_stays_out_of_it(play):
    """T4: no access to cases that the principal filed."""
    play >> absent("wu.min", "xu.ke", *AWAY)
    resolved(play)

    assert play.seen("DeputyOffered") == []
    play >> approve("xu.ke") << refused("not_your_task")
    play >> withdraw("xu.ke") << refused("only_the_filer")


def test_a_transfer_to_somebody_absent_is_offered_to_the_deputy(play):
    """T4."""
    play >> absent("ma.chao", "sun.qi", *AWAY)
    graded(play)

    play >> transfer("li.na", "ma.chao") << then.TaskTransferred(to="ma.chao")
    play << then.DeputyOffered(principal="ma.chao", deputy="sun.qi")


def test_a_deputy_hands_over_for_the_principal_and_not_to_either(play):
    """T2, T4."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    graded(play)

    play >> transfer("ma.chao", "ma.chao") << refused("transfer_to_self")
    play >> transfer("ma.chao", "li.na") << refused("transfer_to_self")
    play >> transfer("ma.chao", "xu.ke")
    play << then.TaskTransferred(source="li.na", to="xu.ke", on_behalf_of="li.na")


def test_deputies_return_and_ask_for_the_principal(play):
    """T2, T4."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    graded(play)

    play >> ask("ma.chao") << then.QuestionAsked(on_behalf_of="li.na") << whatever
    play >> send_back("ma.chao", "triage") << then.TaskReturned(on_behalf_of="li.na") << whatever


def test_reminders_and_escalations_reach_deputies_too(play):
    """P1.7, T4: nobody's silence is waited for."""
    only_li_na(play)
    play >> absent("li.na", "ma.chao", *AWAY)
    play >> absent("he.jun", "sun.qi", *AWAY)
    graded(play)

    play >> until("2026-03-03 09:00") << whatever

    assert play.seen("Reminded", "to", clock="first_response") == [["li.na", "ma.chao"]]
    assert play.seen("Escalated", "to", clock="first_response") == [["he.jun", "sun.qi"]]


def test_work_that_a_deputy_did_comes_back_to_the_principal(play):
    """P1.8, T4: the deputy of the first time may not be one any more."""
    play >> absent("liu.yang", "ma.chao", *AWAY)
    filed(play)
    play >> claim("ma.chao") << whatever
    play >> complete("ma.chao", grade="normal", category="product") << whatever

    play >> send_back("li.na", "triage") << whatever

    assert play.seen("TaskOpened", "assignee", node="triage") == [None, "liu.yang"]


# ---------------------------------------------------------------------------- leavers


def test_the_tasks_of_somebody_who_left_go_to_their_manager(play):
    """T3, T4: with the reason on record; nothing else to do the second time."""
    graded(play)
    play >> replace_leavers << refused("nothing_to_change")
    play >> left("li.na")

    play >> replace_leavers
    play << then.TaskTransferred(
        source="li.na", to="he.jun", why="left", actor="system", people=[["handler", "he.jun"]]
    )
    play >> replace_leavers << refused("nothing_to_change")
    play >> respond("he.jun") << whatever


def test_one_candidate_who_left_leaves_the_task_to_the_others(play):
    """T4."""
    filed(play)
    play >> left("liu.yang")
    play >> replace_leavers << refused("nothing_to_change")

    play >> left("sun.qi")
    play >> replace_leavers << then.TaskTransferred(source=None, to="wang.fang", why="left")


def test_a_task_of_somebody_who_left_does_not_go_to_the_filer(play):
    """T3: not even where the filer is the manager."""
    play >> file("he.jun") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    play >> left("li.na")

    play >> replace_leavers << then.TaskTransferred(to="wang.fang", why="left")


def test_a_confirmation_of_a_filer_who_left_goes_to_the_owner(play):
    """T3: the filer's role in the process has a rule as well."""
    graded(play)
    play >> respond("li.na") << whatever
    play >> left("wu.min")

    play >> complete("li.na", root_cause="?", resolution="!") << whatever

    opened = play.seen("TaskOpened", "assignee", "fallback", node="confirm")
    assert opened == [("wang.fang", "process_owner")]


def test_nobody_is_asked_for_a_score_when_the_filer_left(play):
    """P1.9."""
    resolved(play)
    play >> approve("wu.min") << whatever
    play >> claim("liu.yang") << whatever
    play >> left("wu.min")

    play >> complete("liu.yang", outcome="solved", lessons="-") << whatever

    assert play.case.survey is None


def test_nothing_moves_on_a_closed_case(play):
    closed(play)

    play >> replace_leavers << refused("case_closed", status="completed")
    play >> offer_to_deputies << refused("case_closed", status="completed")


def test_a_late_click_says_who_decided_and_when(play):
    """T2: and on a case that was withdrawn, that it was."""
    graded(play)
    play >> complete("liu.yang", "t1") << refused("task_done", by="liu.yang", at="2026-03-02 09:00")
    play >> claim("sun.qi", "t1") << refused("task_done", by="liu.yang")
    play >> complete("li.na", "t9") << refused("task_unknown")

    play >> withdraw("wu.min") << whatever

    play >> respond("li.na", "t2") << refused("case_closed", status="withdrawn")
    play >> dissatisfied("wu.min", "t1") << refused("task_done")
