"""What happens to the workspace is told to the app, as far as it subscribed."""

import asyncio
import time

from tests.fakes.slack import FakeSlack, Person
from tests.fakes.slack.clock import Agenda
from tests.fakes.slack.raw import RawClient, RawSocket


async def event(link: RawSocket) -> dict:
    envelope = await link.receive()
    await link.ack(envelope)
    told: dict = envelope["payload"]["event"]
    return told


async def test_people_who_come_change_and_go_are_told(link: RawSocket, slack: FakeSlack) -> None:
    ben = slack.person("Ben")
    assert (await event(link))["type"] == "team_join"
    slack.change_person(ben, tz="Asia/Tokyo", tz_offset=32400)
    told = await event(link)
    assert (told["type"], told["user"]["tz"]) == ("user_change", "Asia/Tokyo")
    ben.deactivate()
    told = await event(link)
    assert told["user"]["deleted"] is True
    assert "tz" not in told["user"]
    await slack.settled()


async def test_the_bot_comes_into_channels_and_leaves_them(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    slack = api.slack
    channel = slack.channel("office", [ana], private=True, bot=False)
    args = {"channel": channel.id, "text": "Hello"}

    assert (await api("chat.postMessage", **args))["error"] == "channel_not_found"
    slack.invite(channel)
    assert (await event(link))["type"] == "member_joined_channel"
    assert (await api("chat.postMessage", **args))["ok"]
    slack.remove_member(channel)
    assert (await api("chat.postMessage", **args))["error"] == "channel_not_found"
    ana.leave_channel(channel)
    assert not ana.sees("Hello")


async def test_an_archived_channel_and_a_revoked_token_are_told(
    link: RawSocket, slack: FakeSlack, ana: Person
) -> None:
    slack.archive(slack.channel("office", [ana]))
    assert (await event(link))["type"] == "channel_archive"
    slack.revoke()
    assert (await event(link))["type"] == "tokens_revoked"
    slack.uninstall()
    assert (await event(link))["type"] == "app_uninstalled"
    await ana.says("Anyone?")
    await slack.settled()
    assert len(slack.outgoing.log) == 3


async def test_what_the_app_did_not_subscribe_to_is_not_told(
    link: RawSocket, slack: FakeSlack, ana: Person
) -> None:
    await ana.says("Only among us", slack.channel("office", [ana]))
    await slack.settled()

    assert slack.outgoing.log == []


async def test_the_machines_clock_wakes_what_is_due() -> None:
    agenda, happened = Agenda(time.time), asyncio.Event()

    agenda.later(0.01, happened.set)

    await asyncio.wait_for(happened.wait(), 5)
