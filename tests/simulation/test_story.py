"""The second statement of the rules finds what it is there for, in ballots and added signers."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from msgspec.structs import replace

from tests.simulation.approvals import Approvals
from tests.unit.workflows.deeds import add_signers, approve, claim, file
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks import test_points
from tests.unit.workflows.playbooks.seated import filed, vote
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided
from workflows.flow.entering import TaskCompleted


@pytest.fixture
def play() -> Playbook:
    """Two of four have approved, the third rejected, the fourth is superseded."""
    play: Playbook = filed(Playbook, "all")
    for person, outcome in (("gao.yu", "approve"), ("li.na", "approve"), ("ma.chao", "reject")):
        play >> vote(person, outcome)
        play.news.clear()
    return play


@pytest.fixture
def added() -> Playbook:
    """Of two who sign after the owner one is enough; the owner approves, one of them signs."""
    play = Playbook(test_points.process())
    play >> file("wu.min") << whatever
    play >> claim("li.na") << whatever
    play >> add_signers("li.na", "after", "ma.chao", "gao.yu", sign="any") << whatever
    play >> approve("li.na", "t1") << whatever
    play >> approve("ma.chao", "t2") << whatever
    return play


def told(play: Playbook, **changed: Any) -> list[str]:
    """What is found when the decision of the signers, or the last vote, were another."""
    found: list[str] = []
    nodes = {node["id"]: node for node in tomllib.loads(play.process.text)["nodes"]}
    story = Approvals(wrong=lambda promise, _event, why: found.append(f"{promise}: {why}"))
    story.nodes = nodes
    for event in play.history:
        body = event.body
        decided = isinstance(body, BallotDecided | AddedSignersDecided)
        if decided and "actor" not in changed:
            body = replace(body, **changed)
        last = isinstance(body, TaskCompleted) and body.outcome == "reject"
        one = replace(event, actor=changed["actor"]) if last and "actor" in changed else event
        story.tell(replace(one, body=body))
    return found


def test_a_ballot_that_was_counted_right_breaks_nothing(play: Playbook) -> None:
    assert told(play) == []


def test_a_step_that_ends_with_an_open_seat_is_found(play: Playbook) -> None:
    assert told(play, rest=())[0] == "open seat: a seat is left open, or was closed twice"


def test_an_outcome_that_the_votes_do_not_say_is_found(play: Playbook) -> None:
    assert told(play, outcome="approve")[0].startswith("tally: the votes say reject")


def test_a_second_seat_of_one_person_is_found(play: Playbook) -> None:
    first = next(e.actor for e in play.history if isinstance(e.body, TaskCompleted))

    assert "two seats: a second seat of one person" in told(play, actor=first)


def test_a_filer_who_judges_their_own_request_is_found(play: Playbook) -> None:
    assert "own request: the filer judges" in told(play, actor=play.case.filer)


def test_added_signers_who_were_counted_right_break_nothing(added: Playbook) -> None:
    assert any(isinstance(event.body, AddedSignersDecided) for event in added.history)
    assert told(added) == []


def test_an_added_signer_who_is_left_open_is_found(added: Playbook) -> None:
    assert told(added, rest=())[0].startswith("open seat: an added signer is left open")


@pytest.mark.parametrize("outcome", ["reject", "removed"])
def test_an_outcome_that_the_added_signers_do_not_say_is_found(
    added: Playbook, outcome: str
) -> None:
    assert "tally: the added signers say approve" in told(added, outcome=outcome)


def test_added_signers_who_were_not_counted_are_found(added: Playbook) -> None:
    added.history = tuple(
        event for event in added.history if not isinstance(event.body, AddedSignersDecided)
    )

    assert any("of added signers were not counted" in one for one in told(added))
    assert any(one.startswith("open seat") for one in told(added))
