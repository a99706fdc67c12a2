"""An answer that could not be told is told later, and one that was told is not."""

from __future__ import annotations

import asyncio

import pytest

from tests.adapters.owed import owed_next, until_nothing_is_owed
from tests.adapters.slack.deeds import files, presses
from tests.adapters.slack.workspace import Workspace, restarted
from tests.fakes.slack import Person

ANSWERS = ("response_url", "views.open", "chat.postMessage", "chat.postEphemeral")


def plant(place: Workspace, fault: str) -> None:
    """Slack takes no answer to anything."""
    faults = place.slack.faults
    for method in ANSWERS:
        if fault == "flooded":
            faults.storm(method, times=1000, retry_after=30)
        elif fault == "cut":
            faults.abort(method, times=1000)
        else:
            faults.fail(method, times=1000)


def heard(person: Person) -> list[str]:
    """The answers to their claim."""
    return [m.text for m in person.messages() if "is yours now" in m.text]


async def later(place: Workspace) -> None:
    """A while later, what is owed is told."""
    place.slack.faults.calls.clear()
    await place.passes(seconds=90)
    await place.platform.replies.owing.look()
    await until_nothing_is_owed(place.office.database, "slack")
    await place.settle()


@pytest.fixture
async def desk_head(place: Workspace) -> Person:
    """Somebody who has the card of a new case."""
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    return await place.person("liu.yang")


@pytest.mark.parametrize("fault", ["flooded", "cut", "failing"])
async def test_the_answer_to_a_press_survives_a_fault(
    place: Workspace, desk_head: Person, fault: str
) -> None:
    plant(place, fault)
    assert (await desk_head.click("Claim", desk_head.last_card())).ok
    await place.calm()
    assert heard(desk_head) == []
    assert await owed_next(place.office.database, "slack") is not None

    await later(place)

    assert len(heard(desk_head)) == 1
    assert (await place.office.event_types()).count("TaskClaimed") == 1
    await later(place)
    assert len(heard(desk_head)) == 1


async def test_a_refusal_that_slack_did_not_take_is_told_later(
    place: Workspace, desk_head: Person
) -> None:
    other = await place.person("chen.jing")
    stale = other.last_card()
    place.slack.faults.hold = True
    plant(place, "failing")
    clicks = [
        asyncio.ensure_future(desk_head.click("Claim", desk_head.last_card())),
        asyncio.ensure_future(other.click("Claim", stale)),
    ]
    await place.slack.changes.until(lambda: len(place.slack.outgoing.held) == len(clicks))
    await place.slack.release()
    await asyncio.gather(*clicks)
    await place.calm()
    before = len(other.messages())

    await later(place)

    (told,) = other.messages()[before:]
    assert told.text == "Liu Yang has claimed it already.\n"


async def test_the_answer_to_a_press_survives_a_kill(place: Workspace, desk_head: Person) -> None:
    plant(place, "cut")
    assert (await desk_head.click("Claim", desk_head.last_card())).ok
    await place.calm()

    await restarted(place)
    await later(place)

    assert len(heard(desk_head)) == 1


async def test_what_was_told_is_not_told_again(place: Workspace, desk_head: Person) -> None:
    await presses(place, desk_head, "认领", "Claim", desk_head.last_card())
    await until_nothing_is_owed(place.office.database, "slack")
    told = len(desk_head.messages())

    await later(place)

    assert len(desk_head.messages()) == told
