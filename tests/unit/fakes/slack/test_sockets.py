"""Socket Mode: connections, envelopes, acknowledgements, and everything that comes again."""

import asyncio

import aiohttp
import pytest

from tests.fakes.slack import FakeSlack, Person, VirtualClock
from tests.fakes.slack.bricks import actions, button
from tests.fakes.slack.raw import RawClient, RawSocket
from tests.fakes.slack.sockets import MOST_LINKS


async def test_a_connection_says_hello_and_how_many_there_are(api: RawClient) -> None:
    first, second = await RawSocket.open(api), await RawSocket.open(api)

    assert (await first.receive())["num_connections"] == 1
    hello = await second.receive()
    assert (hello["type"], hello["num_connections"]) == ("hello", 2)
    assert set(hello) == {"type", "num_connections", "debug_info", "connection_info"}
    await api.slack.connected(2)


async def test_a_ticket_is_used_once_and_within_its_time(
    api: RawClient, clock: VirtualClock
) -> None:
    api.token = api.slack.app_token
    used, old = [(await api("apps.connections.open"))["url"] for _ in range(2)]
    await RawSocket.open(api, used)
    clock.advance(31)

    for url in (used, old, f"{api.slack.origin}/link/?ticket=none"):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await RawSocket.open(api, url)


async def test_an_upgrade_that_fails_has_used_its_ticket(api: RawClient) -> None:
    api.token = api.slack.app_token
    url = (await api("apps.connections.open"))["url"]
    api.slack.faults.refuse_upgrades = 1

    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await RawSocket.open(api, url)


async def test_the_eleventh_connection_is_one_too_many(api: RawClient) -> None:
    ten = [await RawSocket.open(api) for _ in range(MOST_LINKS)]
    assert {(await one.receive())["type"] for one in ten} == {"hello"}

    eleventh = await RawSocket.open(api)
    assert (await eleventh.receive())["reason"] == "too_many_websockets"
    with pytest.raises(ConnectionResetError):
        await eleventh.receive()


async def test_a_ping_is_answered_unless_the_fault_is_on(link: RawSocket, slack: FakeSlack) -> None:
    await link.socket.ping(b"sdk-ping-pong:1")
    message = await link.socket.receive()
    assert (message.type, message.data) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1")

    slack.faults.stop_ponging = True
    await link.socket.ping(b"sdk-ping-pong:2")
    await slack.changes.until(lambda: slack.sockets.links[0].pings == 2)


async def test_a_command_is_acknowledged_with_words_perhaps(
    link: RawSocket, slack: FakeSlack, ana: Person
) -> None:
    typed = asyncio.ensure_future(ana.slash("/complaint it broke"))
    envelope = await link.receive()
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert envelope["payload"]["text"] == "it broke"
    assert envelope["payload"]["is_enterprise_install"] == "false"

    await link.ack(envelope, {"text": "Filed"})
    assert (await typed).ok
    assert ana.last_message().text.strip() == "Filed"
    assert ana.last_message().is_ephemeral
    slack.assert_clean()


async def card(api: RawClient, ana: Person, **more: object) -> None:
    blocks = [actions(button(1, value="v", **more))]
    await api("chat.postMessage", channel=ana.id, text="Card", blocks=blocks)


async def test_what_is_acknowledged_wrongly_is_a_failure(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    slack = api.slack
    await card(api, ana)
    pressed = asyncio.ensure_future(ana.click("Go"))
    envelope = await next_interactive(link)
    assert envelope["accepts_response_payload"] is False
    await link.ack(envelope, {"text": "not here"})
    await pressed
    await link.ack(envelope)
    await link.ack({"envelope_id": "unknown"})
    await slack.changes.until(lambda: len(slack.failures) == 3)

    for part, failure in zip(
        ("a payload where none is taken", "acknowledged twice", "unknown envelope"),
        slack.failures,
        strict=True,
    ):
        assert part in failure


async def next_interactive(link: RawSocket) -> dict:
    """The next click; events on the way are acknowledged."""
    while (envelope := await link.receive())["type"] == "events_api":
        await link.ack(envelope)
    return envelope


async def test_after_three_seconds_a_person_sees_an_error(
    api: RawClient, link: RawSocket, ana: Person, clock: VirtualClock
) -> None:
    await card(api, ana)
    pressed = asyncio.ensure_future(ana.click("Go"))
    envelope = await next_interactive(link)
    clock.advance(3)
    await api.slack.tick()

    assert not (await pressed).ok
    (trouble,) = api.slack.troubles
    assert (trouble.user, trouble.reason) == (ana.id, "timeout")
    await link.ack(envelope)
    assert api.slack.failures == []


async def test_without_a_connection_a_person_sees_an_error_at_once(
    slack: FakeSlack, ana: Person
) -> None:
    assert (await ana.slash("/loop")).trouble == "connection_failed"
    with pytest.raises(AssertionError):
        slack.assert_clean()


async def test_an_event_comes_again_three_times(
    link: RawSocket, slack: FakeSlack, ana: Person, clock: VirtualClock
) -> None:
    await ana.says("Anyone?")
    seen = [await link.receive()]
    for wait in (0, 60, 300):
        clock.advance(3)
        await slack.tick()
        clock.advance(wait)
        await slack.tick()
        seen.append(await link.receive())
    clock.advance(1000)
    await slack.tick()

    assert [one["retry_attempt"] for one in seen] == [0, 1, 2, 3]
    assert {one["retry_reason"] for one in seen[1:]} == {"timeout"}
    assert len({one["payload"]["event_id"] for one in seen}) == 1
    assert len({one["envelope_id"] for one in seen}) == 4
    assert len(slack.outgoing.log) == 4


async def test_a_click_does_not_come_again(
    api: RawClient, link: RawSocket, ana: Person, clock: VirtualClock
) -> None:
    await card(api, ana)
    pressed = asyncio.ensure_future(ana.click("Go"))
    await next_interactive(link)
    clock.advance(400)
    await api.slack.tick()
    await pressed

    assert [one.kind for one in api.slack.outgoing.log].count("interactive") == 1


async def test_a_payload_can_arrive_twice_late_and_in_another_order(
    link: RawSocket, slack: FakeSlack, ana: Person
) -> None:
    slack.faults.duplicate = 1
    slack.faults.hold = True
    await ana.says("One")
    await ana.says("Two")
    await slack.changes.until(lambda: len(slack.outgoing.held) == 3)
    await slack.release("reversed")

    got = [await link.receive() for _ in range(3)]
    assert [one["payload"]["event"]["text"] for one in got] == ["Two", "One", "One"]
    assert got[1]["envelope_id"] != got[2]["envelope_id"]


async def test_every_payload_takes_one_connection_by_chance(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    other = await RawSocket.open(api)
    await other.receive()
    for number in range(12):
        await ana.says(str(number))
    await api.slack.changes.until(lambda: len(api.slack.sockets.sent) == 12)

    used = [sent.link for sent in api.slack.sockets.sent.values()]
    assert {used.count(one) > 0 for one in api.slack.sockets.links} == {True}
    assert len(used) == 12


async def test_slack_can_ask_to_come_back_or_vanish(api: RawClient, link: RawSocket) -> None:
    await api.slack.sockets.disconnect("refresh_requested")
    told = await link.receive()
    assert (told["type"], told["reason"]) == ("disconnect", "refresh_requested")

    other = await RawSocket.open(api)
    await other.receive()
    api.slack.sockets.abort()
    with pytest.raises(ConnectionResetError):
        await other.receive()
