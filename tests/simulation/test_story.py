"""The second statement of the rules finds what it is there for, in the history of a ballot."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from msgspec.structs import replace

from tests.simulation.approvals import Approvals
from tests.unit.workflows.playbook import Playbook
from tests.unit.workflows.playbooks.seated import filed, process, vote
from workflows.actions.decide import TaskCompleted
from workflows.flow.ballots import BallotDecided


@pytest.fixture
def play() -> Playbook:
    """Two of four have approved, the third rejected, the fourth is superseded."""
    play: Playbook = filed(Playbook, "all")
    for person, outcome in (("gao.yu", "approve"), ("li.na", "approve"), ("ma.chao", "reject")):
        play >> vote(person, outcome)
        play.news.clear()
    return play


def told(play: Playbook, **changed: Any) -> list[str]:
    """What is found when the decision of the ballot, or the last vote, were another."""
    found: list[str] = []
    nodes = {node["id"]: node for node in tomllib.loads(process().text)["nodes"]}
    story = Approvals(told_wrong=lambda promise, _event, why: found.append(f"{promise}: {why}"))
    story.nodes = nodes
    for event in play.history:
        body = event.body
        if isinstance(body, BallotDecided) and "actor" not in changed:
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
