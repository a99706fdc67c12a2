"""Several signers are rehearsed completely, and seats that are alike are tried once."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.playbooks.seated import process
from workflows.rehearsal.items import items
from workflows.rehearsal.rehearse import beginning, rehearse

DESK = ("", "started_by", '"role:complaint-desk"')


def report(*changes, started_by=DESK):
    calendar = office.calendar()
    return rehearse(
        process(started_by, *changes),
        directory=office.directory(),
        calendar=calendar,
        start=beginning(calendar),
    )


def test_every_rule_rehearses_clean_and_everything_is_covered():
    rehearsed = report()

    assert rehearsed.findings == ()
    assert rehearsed.complete
    assert [tally.missing for tally in rehearsed.tallies if tally.missing] == []
    ballots = {(i.of, i.name) for i in items(process(DESK).definition) if i.kind == "ballot"}
    assert {("all", "return"), ("votes", "reject"), ("turn", "turn")} <= ballots
    assert len(ballots) == 16


def test_a_seat_that_falls_back_is_reported_with_its_entry():
    nobody = ("votes", "signers", '["role:nobody", "head(sales)"]')
    rehearsed = report(nobody, ("votes", "sign", "{ need = 2 }"))

    assert [(one.code, one.where) for one in rehearsed.findings] == [
        ("nobody", "nodes.votes.signers[0]")
    ]


def test_votes_that_nobody_found_can_give_are_reported():
    alone = ("votes", "signers", '"head(sales)"')
    rehearsed = report(alone, ("votes", "sign", "{ need = 2 }"))

    assert [(one.code, one.where) for one in rehearsed.findings] == [
        ("nobody", "nodes.votes.signers")
    ]


def test_who_files_plays_to_the_end_whether_they_would_sign_or_not():
    """One seat less for a signer who files; what follows the ballot is looked at for everybody."""
    head = ("", "started_by", '"role:complaint-handler"')
    on = ("all", "approve", '{ to = "turn" }')
    most = ("", "started_by", '"except(members(customer-service), person:ma.chao)"')
    for starters in (head, most, ("", "started_by", '"members(customer-service)"')):
        rehearsed = report(on, started_by=starters)
        got = {got.node for group in rehearsed.groups for got in group.gets}
        assert all({"all", "turn"} <= {g.node for g in group.gets} for group in rehearsed.groups)
        assert got == {"all", "any", "approval", "turn", "share", "votes", "revise"}
        assert {one.people for one in rehearsed.findings} <= {(office.key("zhou.wei"),)}
