"""Votes that become void: rejects beside a return, and signatures after a change of the request."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.deeds import record, take_back
from tests.unit.workflows.playbook import whatever
from tests.unit.workflows.playbooks.seated import filed, process, seat, states, vote
from workflows.rehearsal.rehearse import rehearse

BOTH = (("share", "on_reject", '"after_all"'), ("share", "sign", '"all"'))
EDITED = (("all", "access", '{ what = "edit" }'), ("all", "material", '["what"]'))
TURNS = ("turn", "signers", '["person:li.na", "person:ma.chao", "person:xu.ke"]')


def voted(playbook, *changes):
    """gao.yu rejected, li.na returned it, the others approved."""
    play = filed(playbook, "share", *BOTH, *changes)
    for who, outcome in (("gao.yu", "reject"), ("li.na", "return"), ("ma.chao", "approve")):
        play >> vote(who, outcome) << whatever
    assert play.case.visits[-1].node == "share", "all are waited for"
    play >> vote("xu.ke", "approve") << whatever
    return play


def test_with_both_after_all_a_return_makes_the_rejects_void_and_tells_their_authors(playbook):
    """approvals.md, rulings: with both after_all, one return voids the rejects."""
    play = voted(playbook)

    assert play.seen("BallotDecided", "outcome") == ["return"]
    assert play.seen("DecisionVoided", "task", "fields") == [("t1", [])]
    assert {post.to for post in play.effects if getattr(post, "kind", "") == "voided"} == {
        "p_gaoyu"
    }
    assert play.task.node == "revise"


def test_without_both_a_reject_beside_a_return_stays(playbook):
    play = filed(playbook, "share", ("share", "sign", '"all"'))
    play >> vote("gao.yu", "approve") << whatever
    play >> vote("li.na", "return") << whatever
    play >> vote("ma.chao", "reject") << whatever
    play >> vote("xu.ke", "approve") << whatever

    assert play.seen("DecisionVoided") == []


def test_a_vote_that_is_taken_back_lets_the_rejects_count_again(playbook):
    for who in ("li.na", "xu.ke"):
        play = voted(playbook)
        play >> take_back(who, seat(play, who)) << whatever

        assert (["gao.yu"], "done", "reject") in states(play)
        assert not play.case.known_task("t1").voided


def test_a_signature_that_a_change_makes_void_is_asked_for_again_at_once(playbook):
    """features.md §5, stale approval, among several signers."""
    play = filed(playbook, "all", *EDITED)
    play >> vote("gao.yu", "approve", what="X") << whatever
    assert play.seen("DecisionVoided") == []
    play >> vote("li.na", "approve", what="Y") << whatever

    assert play.seen("DecisionVoided", "task", "fields") == [("t1", ["what"])]
    assert states(play)[0] == (["gao.yu"], "open", None)
    for who in ("ma.chao", "xu.ke"):
        play >> vote(who, "approve", what="Y") << whatever
    assert play.case.status == "running"
    play >> vote("gao.yu", "approve", what="Y") << whatever
    assert play.case.status == "completed"


def test_in_turn_a_void_signature_has_its_turn_again_next(playbook):
    changes = (("turn", "access", '{ what = "edit" }'), ("turn", "material", '["what"]'))
    play = filed(playbook, "turn", TURNS, *changes)
    play >> vote("li.na", "approve", what="X") << whatever
    play >> vote("ma.chao", "approve", what="Y") << whatever

    assert states(play) == [
        (["li.na"], "open", None),
        (["ma.chao"], "done", "approve"),
        (["xu.ke"], "waiting", None),
    ]


def test_an_action_that_changes_it_asks_those_again_who_signed(playbook):
    change = (
        "",
        "actions",
        '{ fix = { name = { zh = "改", en = "Fix" }, nodes = ["all"], form = "request" } }',
    )
    play = filed(playbook, "all", EDITED[1], change)
    play >> vote("gao.yu", "approve") << whatever
    play >> record("li.na", "fix", seat(play, "li.na"), what="Y") << whatever

    assert states(play)[0] == (["gao.yu"], "open", None)


def test_a_rehearsal_of_signers_who_change_what_they_sign_comes_to_an_end():
    report = rehearse(
        process(*EDITED),
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )

    assert report.complete
