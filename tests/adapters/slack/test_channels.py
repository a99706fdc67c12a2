"""Tasks in channels: posted where the bot was invited, answered for the eyes of whoever presses."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from bot.published import publish
from storage.unit import Tx
from tests.adapters.slack.deeds import files
from tests.adapters.slack.workspace import Workspace, workspace
from workflows.loading import load_definition
from workflows.records import DeadLetter

CHANNEL = "C0COMPLAINTS"
SETTINGS: dict[str, Any] = {"channels": {"complaints": CHANNEL}}


async def shown_in_a_channel(place: Workspace) -> None:
    """The first step of the process is shown in the channel that is called `complaints`."""

    def unit(tx: Tx) -> None:
        stored = next(one for one in tx.definitions.current() if one.key == "complaint")
        text = stored.text.replace('id = "triage"', 'id = "triage"\nchannel = "complaints"', 1)
        loaded = load_definition(text, file="complaint.toml")
        publish(tx, loaded, at=place.office.clock.now())

    await place.office.database.run(unit)


def channel_of(place: Workspace, *, bot: bool = True) -> None:
    """The workspace has the channel whose id the configuration names."""
    made = place.slack.channel("complaints", bot=bot)
    place.slack.world.channels.pop(made.id)
    made.id = CHANNEL
    place.slack.world.channels[CHANNEL] = made


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_task_is_shown_in_its_channel_until_it_is_done(
    tmp_path: Path, language: str
) -> None:
    async with workspace(tmp_path, language=language, **SETTINGS) as place:
        await shown_in_a_channel(place)
        channel_of(place)
        emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
        place.slack.invite(place.slack.world.channels[CHANNEL], liu)
        await files(place, emma)

        shown = liu.messages(CHANNEL)[-1]
        assert "C-2026-0001" in shown.text
        claim = place.says("认领", "Claim")
        assert (await shown.click(claim)).ok
        await place.settle()

        assert claim not in shown.now().buttons
        assert place.says("刘洋", "Liu Yang") in shown.now().text
        opened = [one.args for one in place.slack.calls("conversations.open")]
        assert CHANNEL not in str(opened)
        place.slack.assert_clean()


async def test_a_press_in_a_channel_is_answered_for_one_person_alone(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en", **SETTINGS) as place:
        await shown_in_a_channel(place)
        channel_of(place)
        emma, other = await place.person("emma.clark"), await place.person("xu.hao")
        channel = place.slack.world.channels[CHANNEL]
        for person in (emma, other):
            place.slack.invite(channel, person)
        await place.person("liu.yang")
        await files(place, emma)
        shown = other.messages(CHANNEL)[-1]
        before = len(channel.messages)

        assert shown.buttons
        assert (await shown.click(shown.buttons[0])).ok
        await place.settle()

        told = channel.messages[before:]
        assert all(message.only_for == other.id for message in told)
        assert told or other.modal_or_none
        assert not any("C-2026-0001" in m.text for m in emma.messages(CHANNEL)[1:])


@pytest.mark.parametrize("trouble", ["outside", "gone", "archived"])
async def test_a_channel_that_cannot_be_posted_in_is_logged_with_its_cure(
    tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with workspace(tmp_path, language="en", **SETTINGS) as place:
        await shown_in_a_channel(place)
        if trouble != "gone":
            channel_of(place, bot=trouble != "outside")
            place.slack.world.channels[CHANNEL].archived = trouble == "archived"
        await place.everybody()
        emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
        with caplog.at_level(logging.ERROR):
            await files(place, emma)

        assert "slack_channel_refused" in caplog.text
        assert "/invite" in caplog.text
        assert liu.sees("C-2026-0001")
        assert await dead(place) == []


async def dead(place: Workspace) -> list[DeadLetter]:
    """What could not be handled."""
    return list(await place.office.database.read(lambda tx: tx.dead.all()))


async def test_a_lost_reply_does_not_post_in_a_channel_twice(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en", **SETTINGS) as place:
        await shown_in_a_channel(place)
        channel_of(place)
        emma = await place.person("emma.clark")
        place.slack.faults.drop_reply("chat.postMessage", times=3)
        await files(place, emma)
        await place.passes(minutes=10)

        channel = place.slack.world.channels[CHANNEL]
        assert len([m for m in channel.messages if "C-2026-0001" in m.text]) == 1
