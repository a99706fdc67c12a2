"""Work that nobody has begun follows the directory; what somebody took stays theirs (T3)."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    ask,
    claim,
    complete,
    file,
    follow_directory,
    replace_leavers,
    respond,
    send_back,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, roles, then, until, whatever
from tests.unit.workflows.playbooks.stages import claimed, filed, graded, resolved
from workflows.flow.authority import may_read

DESK = ("complaint-desk",)


def test_who_has_the_role_now_is_offered_what_nobody_claimed(play):
    """The new holder gets a card, and who had the role neither decides nor reads."""
    filed(play)
    play >> roles(sun_qi=(), ma_chao=DESK)

    play >> follow_directory
    play << then.TaskReoffered(task="t1", assignee=None, candidates=["liu.yang", "ma.chao"])
    assert play.posts("task") == ["liu.yang", "ma.chao"]
    assert key("sun.qi") not in play.case.participants
    assert not may_read(play.case, person=key("sun.qi"), world=play.world)
    play >> claim("sun.qi") << refused("not_your_task", owners=("liu.yang", "ma.chao"))
    play >> claim("ma.chao") << then.TaskClaimed(by="ma.chao")


def test_a_press_counts_by_the_directory_of_now(play):
    """Even before the case was looked through."""
    filed(play)
    play >> roles(sun_qi=(), ma_chao=DESK)

    play >> claim("sun.qi") << refused("not_your_task", owners=("liu.yang", "ma.chao"))
    play >> complete("sun.qi") << refused("not_your_task", owners=("liu.yang", "ma.chao"))
    play >> claim("ma.chao")
    play << then.TaskReoffered(candidates=["liu.yang", "ma.chao"])
    play << then.TaskClaimed(by="ma.chao", actor="ma.chao")


def test_who_alone_holds_the_role_now_has_the_task(play):
    filed(play)
    play >> roles(sun_qi=(), liu_yang=(), ma_chao=DESK)

    play >> claim("ma.chao") << then.TaskReoffered(assignee="ma.chao", candidates=[])
    play >> claim("ma.chao") << refused("already_yours")


def test_what_went_to_the_only_holder_follows_the_role_until_they_begin(play):
    play >> roles(sun_qi=())
    filed(play)
    play >> roles(liu_yang=(), ma_chao=DESK)

    play >> follow_directory << then.TaskReoffered(assignee="ma.chao")
    play >> complete("liu.yang") << refused("not_your_task", owners=("ma.chao",))
    assert play.case.task("t1").candidates == ()


@pytest.mark.parametrize("begin", [respond("liu.yang"), ask("liu.yang")])
def test_what_somebody_began_stays_with_them(play, begin):
    play >> roles(sun_qi=())
    filed(play)
    play >> begin << whatever
    play >> roles(liu_yang=(), ma_chao=DESK)

    play >> follow_directory << refused("nothing_to_change")
    play >> respond("liu.yang") << whatever


def test_what_somebody_claimed_stays_with_them(play):
    claimed(play)
    play >> roles(liu_yang=(), ma_chao=DESK)

    play >> follow_directory << refused("nothing_to_change")
    play >> complete("liu.yang", grade="normal", category="product") << whatever


def test_who_came_back_to_familiar_work_keeps_it(play):
    graded(play)
    play >> send_back("li.na", "triage") << whatever

    play >> follow_directory << refused("nothing_to_change")
    assert play.task.assignee == key("liu.yang")


def test_a_load_that_changed_moves_nothing(play):
    graded(play)
    play.loads = {key("li.na"): 9}

    play >> follow_directory << refused("nothing_to_change")


def test_what_fell_to_the_owner_comes_to_who_gets_the_role(play):
    play >> roles(sun_qi=(), liu_yang=())
    filed(play)
    assert play.seen("TaskOpened", "assignee", "fallback") == [("wang.fang", "process_owner")]
    play >> follow_directory << refused("nothing_to_change")
    play >> roles(ma_chao=DESK)

    play >> follow_directory << then.TaskReoffered(assignee="ma.chao", fallback="")


def test_where_nobody_has_the_role_any_more_the_owner_gets_the_task(play):
    filed(play)
    play >> roles(sun_qi=(), liu_yang=())

    play >> follow_directory
    play << then.TaskReoffered(assignee="wang.fang", fallback="process_owner")


def test_a_deputy_of_who_had_the_role_is_out_of_it(play):
    play >> absent("sun.qi", "xu.ke", "2026-03-02 08:00", "2026-03-06 18:00")
    filed(play)
    play >> roles(sun_qi=(), ma_chao=DESK)
    play >> follow_directory << whatever

    assert play.task.deputies == ()
    play >> claim("xu.ke") << refused("not_your_task")


def test_a_candidate_who_left_is_none_any_more(play):
    filed(play)
    play >> left("liu.yang")

    play >> follow_directory << then.TaskReoffered(assignee="sun.qi", candidates=[])


def test_what_all_its_candidates_left_is_left_to_their_manager(play):
    """As `replace_leavers` does: the directory means nobody else."""
    filed(play)
    play >> left("liu.yang", "sun.qi")

    play >> follow_directory << refused("nothing_to_change")


def test_what_its_owner_left_goes_to_who_has_the_role_before_their_manager(play):
    play >> roles(sun_qi=())
    filed(play)
    play >> left("liu.yang")
    play >> roles(ma_chao=DESK)

    play >> replace_leavers << then.TaskReoffered(assignee="ma.chao")


def test_a_step_that_is_meant_for_one_person_follows_no_role(play):
    resolved(play)
    play >> roles(liu_yang=(), sun_qi=(), ma_chao=DESK)

    play >> follow_directory << refused("nothing_to_change")


# ---------------------------------------------------------------------------- who is present


def test_the_least_busy_who_is_here_gets_the_work_before_who_is_away(play):
    """Whatever the load; and who is away only where nobody else is there."""
    play.loads = {key("ma.chao"): 9}
    play >> absent("li.na", "sun.qi", "2026-03-02 08:00", "2026-03-06 18:00")
    graded(play)
    assert play.task.assignee == key("ma.chao")

    play >> absent("ma.chao", "sun.qi", "2026-03-02 08:00", "2026-03-06 18:00")
    play >> send_back("ma.chao", "triage") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    assert play.task.assignee == key("li.na")


def test_of_several_whom_a_gateway_finds_somebody_present_is_fixed(playbook):
    several = "least_loaded(except(role:complaint-handler@customer-service, filer))"
    play = playbook(
        office.variant((several, "except(role:complaint-handler@customer-service, filer)"))
    )
    play >> absent("li.na", "sun.qi", "2026-03-02 08:00", "2026-03-06 18:00")
    graded(play)

    assert play.task.assignee == key("ma.chao")


# ---------------------------------------------------------------------------- who was asked


def test_who_left_is_not_asked(play):
    graded(play)
    play >> left("wu.min")

    play >> ask("li.na") << refused("filer_left")


def test_the_clock_does_not_wait_for_somebody_who_left(play):
    graded(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-03 09:00") << whatever
    play >> left("wu.min")

    play >> follow_directory << then.QuestionLapsed(task="t2", why="left") << whatever
    assert play.case.clock("task:t2").status == "running"


def test_plain_work_may_come_to_whoever_filed_the_case(play):
    play >> file("wu.min") << whatever
    play >> roles(wu_min=DESK)

    play >> follow_directory << then.TaskReoffered(candidates=["liu.yang", "sun.qi", "wu.min"])
