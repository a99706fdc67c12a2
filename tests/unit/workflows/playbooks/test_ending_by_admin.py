"""Administrators end a case, open it again, merge a duplicate, and add a signer."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    add_signers,
    approve,
    ask,
    claim,
    complete,
    file,
    reject,
    reopen,
    score,
    skip,
    terminate,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks.signed import entered, signing, staffed
from workflows.actions.merge import Merge
from workflows.actions.take_in import TakeIn
from workflows.case.effects import Post
from workflows.case.status import Status

OWNER, ADMIN = "wang.fang", "deng.tao"


def told(play):
    """Whom the last step was told."""
    posts = (one for one in play.effects if isinstance(one, Post) and one.kind == "administered")
    return sorted(play.plain(one.to) for one in posts)


def nodes(play):
    return [visit.node for visit in play.case.visits]


@pytest.fixture
def request_(playbook):
    play = staffed(playbook, signing())
    entered(play)
    return play


# ---------------------------------------------------------------------------- ending, reopening


def test_a_terminated_case_tells_who_had_work(request_):
    play = request_
    play >> terminate(OWNER) << whatever
    closed = [e for e in play.effects if isinstance(e, Post) and e.kind == "closed"]
    assert {play.plain(one.to) for one in closed} >= {"li.na", "wu.min"}
    play >> terminate(ADMIN) << refused("case_closed")


def test_a_duplicate_is_told_to_those_whose_turn_has_not_come(request_):
    play = request_
    play >> add_signers("li.na", "before", "sun.qi") << whatever
    play >> take_in(OWNER, "S-2") << whatever
    assert told(play) == ["li.na", "sun.qi", "wu.min"]


def test_an_end_tells_those_whose_turn_had_not_come(request_):
    play = request_
    play >> add_signers("li.na", "before", "sun.qi") << whatever
    play >> terminate(OWNER) << whatever
    closed = [e for e in play.effects if isinstance(e, Post) and e.kind == "closed"]
    assert {play.plain(one.to) for one in closed} >= {"li.na", "sun.qi"}


@pytest.mark.parametrize("how", ["terminated", "withdrawn", "rejected"])
def test_an_ended_case_is_opened_again_at_a_step(request_, how):
    play = request_
    step = {"terminated": terminate(OWNER), "withdrawn": withdraw("wu.min")}
    play >> step.get(how, reject("li.na")) << whatever
    play >> reopen(ADMIN, "nowhere") << refused("node_unknown")
    play >> reopen(ADMIN, "done") << refused("node_is_an_end")
    play >> reopen(ADMIN, "first") << then.CaseReopenedAt(node="first", actor=ADMIN) << whatever
    assert (nodes(play), play.case.status) == (["first"], Status.RUNNING)
    play >> reopen(OWNER, "first") << refused("case_running")
    play >> approve("li.na") << whatever
    play >> transfer("ma.chao", "gao.yu") << whatever


def resolved(play):
    play >> file("wu.min") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    if play.task.assignee is None:
        play >> claim(play.plain(play.task.owners[0])) << whatever


def test_clocks_go_on_with_what_was_left_and_the_survey_is_asked_again(play):
    resolved(play)
    left_before = play.case.clock("closing").due_at
    play >> skip(ADMIN, "complete") << whatever
    play >> until("2026-03-02 15:00")
    play.news.clear()
    play >> approve("wu.min") << whatever
    play >> skip(ADMIN, "complete") << whatever
    assert play.case.status is Status.COMPLETED
    play >> score("wu.min", 2) << whatever
    play >> until("2026-03-09 15:00")
    play.news.clear()
    play >> reopen(ADMIN, "resolve") << whatever
    clock = play.case.clock("closing")
    assert clock.status.value == "running"
    assert clock.due_at > left_before
    assert play.case.survey.score == 2
    play >> skip(ADMIN, "complete") << whatever
    play >> approve("wu.min") << whatever
    play >> skip(ADMIN, "complete") << whatever
    assert (play.case.survey.score, play.case.survey.answered) == (2, False)
    play >> score("wu.min", 5) << whatever
    assert play.case.survey.score == 5
    play >> score("wu.min", 4) << refused("survey_answered", score=5)


def test_a_clock_that_was_paused_at_the_end_has_the_time_that_it_had_left(playbook):
    process = office.variant(
        ('within = [ { limit = "7d" } ]', 'within = [ { limit = "7d" } ]\npauses = true')
    )
    play = playbook(process)
    resolved(play)
    play >> ask(play.plain(play.task.owners[0])) << whatever
    play >> until("2026-03-02 10:00")
    clock = next(one for one in play.case.clocks if one.status.value == "paused" and not one.about)
    play >> withdraw("wu.min") << whatever
    play >> reopen(ADMIN, "resolve") << whatever
    assert play.case.clock(clock.key).left == clock.left


# ---------------------------------------------------------------------------- merging


def merge(person, into):
    return lambda play: play.give(
        Merge(actor=key(person), via="cli", into=into, content=play.content())
    )


def take_in(person, case, copied=""):
    return lambda play: play.give(
        TakeIn(
            actor=key(person),
            via="cli",
            case=case,
            copied=copied and key(copied),
            content=play.content(),
        )
    )


def test_a_duplicate_ends_and_keeps_what_was_decided(request_):
    play = request_
    play >> merge("li.na", "S-2") << refused("not_an_administrator")
    play >> merge(OWNER, play.case.id) << refused("merged_into_itself")
    play >> merge(OWNER, "S-2") << then.CaseMerged(into="S-2", actor=OWNER) << whatever
    assert (play.case.status, play.case.merged_into) == (Status.TERMINATED, "S-2")
    assert told(play) == ["li.na", "wu.min"]
    assert play.case.known_task("t1").outcome == "complete"
    for step in (merge(ADMIN, "S-3"), reopen(ADMIN, "first"), take_in(ADMIN, "S-4")):
        play >> step << refused("case_merged", into="S-2")


def test_the_filer_of_a_duplicate_is_copied_in_if_the_owner_wants_it(request_):
    play = request_
    play >> take_in("li.na", "S-2") << refused("not_an_administrator")
    play >> take_in(OWNER, "S-2", "gao.yu") << then.DuplicateTakenIn(case="S-2") << whatever
    assert (play.case.merged, play.case.copied) == (("S-2",), (key("gao.yu"),))
    play >> take_in(ADMIN, "S-2", "gao.yu") << refused("nothing_to_change")
    play >> take_in(OWNER, "S-3", "gao.yu") << then.DuplicateTakenIn(case="S-3")
    play >> take_in(OWNER, "S-4") << then.DuplicateTakenIn(case="S-4")


# ---------------------------------------------------------------------------- adding a person


def test_an_administrator_adds_a_signer_beside_whoever_has_the_step(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> add_signers(OWNER, "before", "gao.yu") << refused("not_your_task", owners=("p_lina",))
    play >> add_signers(OWNER, "beside", "wu.min") << refused("added_filer", person="p_wumin")
    play >> add_signers(OWNER, "beside", "gao.yu") << whatever
    assert told(play) == ["li.na", "wu.min"]
    play >> approve("li.na", "t2") << whatever
    assert nodes(play) == ["first"]
    play >> approve("gao.yu") << whatever
    assert nodes(play) == ["second"]


def test_an_administrator_who_has_the_step_adds_signers_as_its_owner(playbook):
    play = staffed(playbook, signing(), li_na=(), wang_fang=("complaint-manager", "first"))
    entered(play)
    play >> add_signers(OWNER, "beside", "gao.yu") << whatever
    assert (len(play.case.open_tasks), told(play)) == (2, [])
