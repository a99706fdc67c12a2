"""The history of a case, read from the events of the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from msgspec import structs

from tests.unit.workflows.deeds import (
    answer,
    approve,
    ask,
    claim,
    complete,
    dissatisfied,
    file,
    reopen,
    report_problem,
    respond,
    score,
    skip,
    terminate,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import local, moment
from tests.unit.workflows.playbook import Playbook, Step, until
from tests.unit.workflows.playbooks.seated import filed
from workflows.actions.problem import ProblemReported
from workflows.actions.start import CaseStarted
from workflows.loading import load_definition
from workflows.metrics.desk_time import Measure
from workflows.metrics.following import About, history_of
from workflows.metrics.history import Ending, History

ABOUT = About(version="1", department="sales", grade="urgent", business_end="archive")


def played(*steps: Step) -> Playbook:
    """A complaint of Monday at nine, and what followed."""
    play = Playbook()
    for step in (file("wu.min"), *steps):
        play >> step
        play.news.clear()
    return play


def history(play: Playbook, about: About = ABOUT, at: str = "") -> History:
    found = history_of(
        play.history,
        about=about,
        measure=Measure(calendar=play.calendar, directory=play.directory),
        cut_off=moment(at) if at else play.now,
    )
    assert found is not None
    return found


TO_RESOLVE = (
    until("2026-03-02 10:00"),
    claim("liu.yang"),
    until("2026-03-02 11:00"),
    complete("liu.yang", grade="normal", category="product"),
)
TO_CONFIRM = (
    *TO_RESOLVE,
    until("2026-03-02 15:00"),
    respond("li.na"),
    until("2026-03-03 10:00"),
    complete("li.na", root_cause="x", resolution="y"),
)
TO_ARCHIVE = (
    *TO_CONFIRM,
    until("2026-03-03 12:00"),
    dissatisfied("wu.min"),
    until("2026-03-03 15:00"),
    complete("li.na", root_cause="x", resolution="z"),
    until("2026-03-03 16:00"),
    approve("wu.min", customer_answer="ok"),
)
CLOSED = (
    *TO_ARCHIVE,
    until("2026-03-04 09:30"),
    claim("liu.yang"),
    complete("liu.yang", outcome="solved", lessons="l"),
)


def stays(found: History, play: Playbook) -> list[tuple[object, ...]]:
    return [
        (
            one.node,
            one.again,
            local(one.since)[5:],
            local(one.until)[5:] if one.until is not None else "",
            local(one.first_act)[5:] if one.first_act is not None else "",
            one.outcome,
            play.plain(one.by),
        )
        for one in found.stays
    ]


def test_each_visit_has_its_first_act_its_outcome_and_who_decided() -> None:
    play = played(*TO_ARCHIVE)
    assert stays(history(play), play) == [
        ("triage", False, "03-02 09:00", "03-02 11:00", "03-02 10:00", "complete", "liu.yang"),
        ("resolve", False, "03-02 11:00", "03-03 10:00", "03-02 15:00", "complete", "li.na"),
        ("confirm", False, "03-03 10:00", "03-03 12:00", "03-03 12:00", "return", "wu.min"),
        ("resolve", True, "03-03 12:00", "03-03 15:00", "03-03 15:00", "complete", "li.na"),
        ("confirm", True, "03-03 15:00", "03-03 16:00", "03-03 16:00", "approve", "wu.min"),
        ("archive", False, "03-03 16:00", "", "", "", ""),
    ]


def test_acts_are_what_people_did_with_their_tasks() -> None:
    play = played(*TO_CONFIRM)
    found = history(play)
    assert [(play.plain(one.person), one.node, one.outcome) for one in found.acts] == [
        ("liu.yang", "triage", ""),
        ("liu.yang", "triage", "complete"),
        ("li.na", "resolve", ""),
        ("li.na", "resolve", "complete"),
    ]
    claimed, decided = found.acts[:2]
    assert decided.had_since == claimed.at


def test_the_handling_ends_where_the_definition_says_and_not_with_the_archive() -> None:
    play = played(*CLOSED)
    found = history(play)
    assert (found.ending, local(found.ended or 0)) == (Ending.ENDED, "2026-03-03 16:00")
    whole = history(play, replace(ABOUT, business_end=""))
    assert local(whole.ended or 0) == "2026-03-04 09:30"
    assert (found.version, found.department, found.grade) == ("1", "sales", "urgent")


def test_the_department_is_that_of_the_filer_when_it_was_filed() -> None:
    """An event of an earlier release does not say it; then it is the one given."""
    play = played(*CLOSED)
    moved = replace(ABOUT, department="elsewhere")
    assert history(play, moved).department == "sales"
    first, *rest = play.history
    assert isinstance(first.body, CaseStarted)
    older = structs.replace(first, body=structs.replace(first.body, department=""))
    measure = Measure(calendar=play.calendar, directory=play.directory)
    found = history_of((older, *rest), about=moved, measure=measure, cut_off=play.now)
    assert found is not None
    assert found.department == "elsewhere"


def test_a_case_that_comes_back_has_not_ended() -> None:
    """The node that ends it was entered before, and the case left it to an earlier step."""
    about = replace(ABOUT, business_end="confirm")
    play = played(*TO_CONFIRM)
    assert history(play, about).ending is Ending.ENDED
    play >> dissatisfied("wu.min")
    play.news.clear()
    assert history(play, about).ending is Ending.OPEN


def test_what_happened_after_the_cut_off_is_not_known() -> None:
    play = played(*CLOSED)
    found = history(play, at="2026-03-02 12:00")
    assert found.ending is Ending.OPEN
    assert [one.node for one in found.stays] == ["triage", "resolve"]
    nothing = history_of(
        play.history,
        about=ABOUT,
        measure=Measure(calendar=play.calendar, directory=play.directory),
        cut_off=moment("2026-03-01 09:00"),
    )
    assert nothing is None


def test_deadlines_are_those_of_the_case_and_of_its_steps() -> None:
    found = history(played(*TO_CONFIRM))
    assert [(one.name, one.node, one.met) for one in found.deadlines] == [
        ("", "triage", True),
        ("first_response", "", True),
        ("", "resolve", True),
        ("closing", "", None),
        ("", "confirm", None),
    ]


def test_a_withdrawn_case_was_dropped_and_what_it_waited_for_is_not_missed() -> None:
    found = history(played(until("2026-03-02 10:00"), withdraw("wu.min")))
    assert (found.ending, local(found.ended or 0)) == (Ending.DROPPED, "2026-03-02 10:00")
    assert {one.met for one in found.deadlines} == {None}


def test_a_terminated_case_was_dropped() -> None:
    assert history(played(terminate("deng.tao"))).ending is Ending.DROPPED


def test_pauses_are_those_of_any_task() -> None:
    play = played(*TO_RESOLVE, ask("li.na"), until("2026-03-02 15:00"), answer("wu.min"))
    (pause,) = history(play).pauses
    assert [local(at) for at in pause] == ["2026-03-02 11:00", "2026-03-02 15:00"]


def test_what_an_administrator_skipped_was_decided_by_nobody() -> None:
    play = played(*TO_RESOLVE, skip("deng.tao", "complete"))
    found = history(play)
    assert stays(found, play)[1][4:] == ("", "complete", "")
    assert [play.plain(one.person) for one in found.acts] == ["liu.yang", "liu.yang"]


def test_the_time_of_a_transferred_task_begins_with_the_transfer() -> None:
    play = played(
        *TO_RESOLVE,
        transfer("li.na", "gao.yu"),
        until("2026-03-02 14:00"),
        respond("gao.yu"),
        complete("gao.yu", root_cause="x", resolution="y"),
    )
    decided = history(play).acts[-1]
    assert local(decided.had_since or 0) == "2026-03-02 11:00"
    assert play.plain(decided.person) == "gao.yu"


def test_the_answer_of_the_customer_is_known() -> None:
    asked = history(played(*CLOSED))
    assert (asked.asked, asked.score) == (True, None)
    assert history(played(*CLOSED, score("wu.min", 4))).score == 4


def test_a_case_that_was_opened_again_is_known_as_such() -> None:
    play = played(terminate("deng.tao"), until("2026-03-02 15:00"), reopen("deng.tao", "resolve"))
    found = history(play)
    assert (found.reopened, found.ending, found.ended) == (True, Ending.OPEN, None)
    assert not history(play, at="2026-03-02 14:00").reopened


def test_a_branch_that_begins_each_quarter_is_no_rework() -> None:
    path = Path(__file__).parents[1] / "playbooks" / "resting.toml"
    play = Playbook(load_definition(path.read_text(encoding="utf-8"), file=path.name))
    steps = (
        file("feng.lei"),
        complete("li.na"),
        until("2026-07-07 09:00"),
        complete("li.na", bad="no"),
        until("2026-10-13 09:00"),
        complete("li.na", bad="no"),
    )
    for step in steps:
        play >> step
        play.news.clear()
    assessed = [one.again for one in history(play).stays if one.node == "assess"]
    assert assessed == [False, False]


def test_the_limit_of_a_whole_ballot_is_one_of_its_step() -> None:
    limit = (("all", "visit_due", '"2wd"'), ("all", "visit_ladder", '"step"'))
    play = filed(Playbook, "all", *limit)
    play.news.clear()
    found = history(play)
    (ballot,) = [one for one in found.deadlines if one.due == moment("2026-03-04 18:00")]
    assert (ballot.node, ballot.name, ballot.met) == ("all", "", None)


def test_reported_problems_have_their_step_and_kind_and_no_person():
    """L4.1."""
    play = played(report_problem("wu.min", node="resolve"))
    reported = play.history[-1]
    assert isinstance(reported.body, ProblemReported)

    [problem] = history(play).problems

    assert (problem.node, problem.kind) == ("resolve", "slow")
    assert (problem.at, problem.content) == (reported.at, reported.body.content.id)


def test_a_ladder_that_was_climbed_to_the_end_has_its_step_or_its_deadline():
    """L2.1: nobody acts for ten days, so every rung fires."""
    late = played(until("2026-03-12 18:00"))
    in_time = played(claim("liu.yang"), complete("liu.yang", grade="normal"))

    assert sorted(history(late, at="2026-03-12 18:00").ladder_ends) == [
        "closing",
        "first_response",
        "triage",
    ]
    assert history(in_time).ladder_ends == ()
