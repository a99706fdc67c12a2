"""A case at rest moves to a newer version by itself, and its starts go on (rules: versions)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import begin, complete, decide, file, withdraw
from tests.unit.workflows.office import moment
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks import test_resting_certificates as certified
from tests.unit.workflows.playbooks.moved import NEW, hindered, moves
from tests.unit.workflows.playbooks.test_resting import nodes, planned, resting, signed, targets
from workflows.case.status import Status
from workflows.flow.facts import FactVoided
from workflows.flow.moving import at_rest

QUARTERLY = (
    '  { id = "quarterly", every = "quarter", first = "full", after = "5wd", to = "assess" },\n'
)
YEARLY = '  { id = "yearly", every = "year", to = "evaluate" },\n'
ENDING = '  { id = "ending", at = "ends + 1d", to = "renew" },\n'
AGAIN = QUARTERLY.replace("quarterly", "again").replace(', first = "full"', "")
ANEW = YEARLY.replace("yearly", "anew")
AGENCY = (
    '  { id = "agency", type = "certificate", label = { zh = "授权书", en = "Authorisation" } },\n'
)
UNTIL = ('exclusive = ["end"]', 'exclusive = ["end"]\nuntil = "ends + 90d"\nnext = "ended"')


@pytest.fixture
def play(playbook):
    """Signed on Wednesday 4 March 2026, and at rest since."""
    return signed(playbook(resting()), ends="2027-03-31")


def test_a_case_at_rest_goes_on_by_the_new_version_and_keeps_its_clocks(play):
    before = play.case
    play >> moves(resting(("考核", "季度考核")), by_itself=True)
    play << then.MovedToDefinition(definition=NEW, version=2, why="rest", nodes=[], via="rule")

    assert (play.case.definition, play.case.earlier) == (
        NEW,
        ((before.definition, before.seq + 1),),
    )
    assert (play.case.clocks, play.case.node) == (before.clocks, "active")
    assert at_rest(play.case)


def test_starts_that_changed_are_planned_anew_and_new_ones_get_their_clock(play):
    play >> until("2026-05-06 10:00")
    new = resting(
        (QUARTERLY, QUARTERLY.replace("5wd", "10wd") + AGAIN + ANEW), ("ends + 1d", "ends - 9d")
    )
    play >> moves(new, by_itself=True) << whatever

    assert planned(play) == [
        ("again", "2026-Q2", "2026-07-07 09:00"),
        ("anew", "2027", "2027-05-06 09:00"),
        ("ending", "2027-03-22", "2027-03-22 09:00"),
        ("quarterly", "2026-Q2", "2026-07-14 09:00"),
        ("yearly", "2027", "2027-03-04 09:00"),
    ]


def test_a_start_whose_day_is_past_in_the_new_version_is_due_at_once(play):
    play >> until("2026-07-03 10:00")
    play >> moves(resting((', after = "5wd"', "")), by_itself=True) << whatever
    play >> until("2026-07-03 10:01")
    play << then.BranchStarted(start="quarterly", period="2026-Q2") << whatever
    assert ("quarterly", "2026-Q3", "2026-10-08 09:00") in planned(play)


def test_a_period_that_was_due_is_not_due_again_when_its_start_comes_back(play):
    before = QUARTERLY.replace('after = "5wd"', 'before = "10d"').replace(', first = "full"', "")
    play >> moves(resting((QUARTERLY, before)), by_itself=True) << whatever
    play >> until("2026-06-24 10:00") << whatever
    assert play.case.scopes[1].rest.last("quarterly") == "2026-Q2"
    play >> complete("li.na", play.case.open_tasks[-1].id, bad="no") << whatever
    without = moves(resting((QUARTERLY, "")), hash="3" * 64)
    play >> without << then.MovedToDefinition(why="asked") << then.ClockStopped()
    play >> moves(resting((QUARTERLY, before)), by_itself=True) << whatever
    assert planned(play)[1][:2] == ("quarterly", "2026-Q3")


def test_a_start_that_comes_back_later_begins_with_the_period_of_then(play):
    play >> moves(resting((QUARTERLY, "")), hash="3" * 64) << whatever
    play >> until("2026-08-05 10:00")
    plain = QUARTERLY.replace(', first = "full"', "")
    play >> moves(resting((QUARTERLY, plain)), by_itself=True) << whatever
    assert planned(play)[1] == ("quarterly", "2026-Q3", "2026-10-13 09:00")


def test_a_case_moves_by_itself_only_at_rest_and_once(play):
    new = resting(("考核", "季度考核"))
    play >> moves(new, by_itself=True, hash=play.case.definition) << refused("nothing_to_change")
    play >> begin("wang.fang", "part") << whatever
    play >> moves(new, by_itself=True) << refused("nothing_to_change")
    play >> decide("gao.yu", "reject", play.case.open_tasks[-1].id) << whatever
    play >> moves(new, by_itself=True) << then.MovedToDefinition()
    play >> moves(new, by_itself=True) << refused("nothing_to_change")


def test_a_case_that_waits_for_no_start_or_has_ended_is_not_at_rest(playbook):
    play = playbook(resting())
    play >> file("feng.lei") << whatever
    assert not at_rest(play.case)
    play >> withdraw("feng.lei") << whatever
    assert play.case.status is Status.WITHDRAWN
    assert not at_rest(play.case)
    play >> moves(resting(("考核", "季度考核"))) << refused("case_closed")


def test_a_start_that_runs_must_be_there_if_nobody_asked_for_the_move(play):
    new = resting((YEARLY, ""))
    assert hindered(play, new, by_itself=True) == [("start_gone", "yearly")]
    play >> moves(new) << then.MovedToDefinition(why="asked") << then.ClockStopped(why="cancelled")
    assert [start for start, *_ in planned(play)] == ["ending", "quarterly"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((QUARTERLY, QUARTERLY.replace('"quarter", first = "full"', '"year"')), "start_differs"),
        ((ENDING, ENDING.replace('at = "ends + 1d"', 'every = "year"')), "start_differs"),
        (UNTIL, "other_kind"),
    ],
)
def test_a_start_that_means_something_else_keeps_the_case_where_it_is(play, change, why):
    assert why in {one for one, _ in hindered(play, resting(change))}


def test_the_fields_that_its_starts_read_must_be_there(play):
    field = '  { id = "ends", type = "date", label = { zh = "到期日", en = "Ends" } },\n'
    other = (
        '{ id = "ends", type = "date", required = true',
        '{ id = "due", type = "date", required = true',
    )
    gone = resting((field, ""), other, (ENDING, ""))
    assert hindered(play, gone, by_itself=True) == [
        ("start_gone", "ending"),
        ("field_gone", "ends"),
    ]
    text = field.replace("date", "text")
    kind = resting((field, text), other, (ENDING, ENDING.replace("ends +", "due +")))
    assert hindered(play, kind, by_itself=True) == [("field_differs", "ends")]


def test_a_branch_that_is_open_goes_on_in_the_new_version_if_it_is_there(play):
    play >> begin("wang.fang", "part") << whatever
    elsewhere = resting(
        ('"Propose to end it" }, to = "end" }', '"Propose to end it" }, to = "assess" }')
    )
    assert ("node_gone", "end") in hindered(play, elsewhere)
    play >> moves(resting(("提出终止", "终止"))) << then.MovedToDefinition()
    assert (nodes(play), targets(play)) == (["active", "end"], ["end"])
    stop = resting(
        ('["end"]', '["stop"]'),
        ('id = "end"\nkind', 'id = "stop"\nkind'),
        *(
            (old, old.replace('"end"', '"stop"'))
            for old in (
                'it" }, to = "end" }',
                '"yes"\', to = "end" }',
                'outcomes.reject]\nto = "end"',
            )
        ),
    )
    play >> moves(stop, hash="3" * 64, end="stop") << then.MovedToDefinition()
    assert (nodes(play), targets(play)) == (["active", "stop"], ["stop"])
    play >> decide("gao.yu", "reject", play.case.open_tasks[-1].id) << whatever
    assert at_rest(play.case)


def test_a_start_that_is_due_and_waits_must_be_there(play):
    play >> begin("wang.fang", "part") << whatever
    play >> until("2026-07-08 10:00") << whatever
    assert ("start_gone", "quarterly") in hindered(play, resting((QUARTERLY, "")))


def test_while_it_leaves_its_starts_are_left_alone(playbook):
    play = signed(playbook(resting(UNTIL)), ends="2026-03-31")
    play >> until("2026-06-29 10:00") << whatever  # the branch that the end of March opened goes on
    assert play.case.scopes[1].rest.closing
    new = resting(UNTIL, ("ends + 90d", "ends + 95d"))
    play >> moves(new) << then.MovedToDefinition()


# ---------------------------------------------------------------------------- certificates


def test_warnings_of_certificates_go_on_and_late_ones_are_not_made_up_for(playbook):
    play = certified.admitted(playbook(certified.expiring()))
    play >> until("2026-06-10 10:00") << whatever  # others had warnings, this one had none
    rungs = "certificate]\nrungs = [\n"
    more = (
        rungs
        + '  { at = "due - 90d", remind = "person:li.na" },\n'
        + '  { at = "due - 8d", remind = "person:li.na" },\n'
    )
    play >> moves(certified.expiring((rungs, more)), by_itself=True) << whatever
    clock = play.case.clock("begin:v2:out:agency")
    assert [rung.id for rung in clock.planned] == ["2", "1", "3", "4", "2026-09-01"]
    assert clock.planned[0].at > moment("2026-06-10 10:00")


def test_a_certificate_that_the_case_has_must_be_there(playbook):
    play = certified.admitted(playbook(certified.expiring()))
    found = hindered(play, certified.expiring((AGENCY, "")), by_itself=True)
    assert found == [("field_gone", "agency"), ("field_gone", "agency_expires")]


def test_a_certificate_that_the_case_never_had_may_be_gone(playbook):
    play = certified.admitted(playbook(certified.expiring()), agency=[], agency_expires=None)
    assert play.case.clock("begin:v2:out:agency") is None
    play.values = {name: value for name, value in play.values.items() if value}
    play >> moves(certified.expiring((AGENCY, "")), by_itself=True) << then.MovedToDefinition()


def test_a_fact_that_was_noted_must_be_there_with_its_option(playbook):
    play = certified.admitted(playbook(certified.expiring()))
    renamed = (
        ('first = "applicant"', 'first = "new"'),
        ('{ id = "applicant", zh', '{ id = "new", zh'),
    )
    assert hindered(play, certified.expiring(*renamed)) == [("fact_gone", "standing")]


def test_a_fact_that_was_voided_need_not_be_there(playbook):
    play = certified.admitted(playbook(certified.expiring()))
    found = [fact.seq for fact in play.case.facts if fact.option == "applicant"]
    play.happened(FactVoided(facts=tuple(found), why="again"))
    renamed = (
        ('first = "applicant"', 'first = "new"'),
        ('{ id = "applicant", zh', '{ id = "new", zh'),
    )
    play >> moves(certified.expiring(*renamed), by_itself=True) << then.MovedToDefinition()
