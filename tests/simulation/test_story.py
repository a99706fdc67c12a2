"""The second statement of the rules finds what it is there for, in the history of a ballot."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.simulation.story import _Story
from tests.unit.workflows.playbook import Playbook
from tests.unit.workflows.playbooks.seated import filed, vote
from workflows.actions.decide import TaskCompleted
from workflows.flow.ballots import BallotDecided


class Scene:
    """Notes what is wrong."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def wrong(self, promise: str, why: str) -> None:
        self.found.append(f"{promise} {why.split(':', maxsplit=1)[0]}")


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
    scene: Any = Scene()
    story = _Story(scene=scene, case_id="S-1", absences=())
    for event in play.history:
        body = event.body
        if isinstance(body, BallotDecided) and "actor" not in changed:
            body = replace(body, **changed)
        last = isinstance(body, TaskCompleted) and body.outcome == "reject"
        one = replace(event, actor=changed["actor"]) if last and "actor" in changed else event
        story.tell(event.at, replace(one, body=body))
    found: list[str] = scene.found
    return found


def test_a_ballot_that_was_counted_right_breaks_nothing(play: Playbook) -> None:
    assert told(play) == []


def test_a_step_that_ends_with_an_open_seat_is_found(play: Playbook) -> None:
    assert told(play, rest=())[0].endswith("a seat is left open, or was closed twice")


def test_an_outcome_that_no_vote_says_is_found(play: Playbook) -> None:
    assert told(play, outcome="return")[0].endswith("no vote says so")


def test_a_second_seat_of_one_person_is_found(play: Playbook) -> None:
    first = next(e.actor for e in play.history if isinstance(e.body, TaskCompleted))

    assert any(one.endswith("a second seat of one person") for one in told(play, actor=first))
