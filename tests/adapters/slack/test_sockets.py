"""Connections that end, in every way they can, while people go on working."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from tests.adapters.slack.deeds import files
from tests.adapters.slack.workspace import IMPATIENT, Workspace, workspace
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Over Socket Mode, in English; a dead connection is noticed soon."""
    async with workspace(tmp_path, language="en", times=IMPATIENT) as made:
        yield made


@pytest.fixture
async def place(strict: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same, but no connection ends because a pong is late.

    With pings so often a pong is late when the machine is busy for a tenth of a second; then the
    connections end that a test counts on.
    """

    async def never(_: SocketModeClient) -> bool:
        return False

    monkeypatch.setattr(SocketModeClient, "is_ping_pong_failing", never)
    monkeypatch.setattr(aiohttp.ClientWebSocketResponse, "_pong_not_received", lambda _: None)
    return strict


async def both(slack: FakeSlack, before: int) -> None:
    """Until two connections stand that were opened after so many."""
    await slack.changes.until(
        lambda: len(slack.sockets.live) == 2 and len(slack.calls("apps.connections.open")) > before
    )


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_connection_that_slack_renews_costs_nothing(place: Workspace, reason: str) -> None:
    emma = await place.person("emma.clark")
    before = len(place.slack.calls("apps.connections.open"))
    await place.slack.sockets.disconnect(reason, number=0)

    for _ in range(10):
        assert (await emma.slash("/loop tasks")).ok
    await both(place.slack, before)
    place.slack.assert_clean()


async def test_one_that_ends_without_a_word_is_opened_again(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    before = len(place.slack.calls("apps.connections.open"))
    place.slack.sockets.abort(0)

    for _ in range(10):
        assert (await emma.slash("/loop tasks")).ok
    await both(place.slack, before)
    assert place.platform.connected()
    place.slack.assert_clean()


async def test_all_that_end_at_once_come_back(place: Workspace) -> None:
    before = len(place.slack.calls("apps.connections.open"))
    place.slack.sockets.abort()

    await place.slack.changes.until(lambda: not place.slack.sockets.live)
    await both(place.slack, before + 1)
    assert (await (await place.person("emma.clark")).slash("/loop")).ok


async def test_a_used_up_address_is_not_tried_for_ever(place: Workspace) -> None:
    place.slack.faults.refuse_upgrades = 2
    before = len(place.slack.calls("apps.connections.open"))
    place.slack.sockets.abort()

    await both(place.slack, before + 2)


async def test_one_that_answers_no_ping_is_replaced(strict: Workspace) -> None:
    before = len(strict.slack.calls("apps.connections.open"))
    strict.slack.faults.stop_ponging = True
    await strict.slack.changes.until(
        lambda: len(strict.slack.calls("apps.connections.open")) > before
    )
    strict.slack.faults.stop_ponging = False
    await strict.slack.changes.until(lambda: len(strict.slack.sockets.live) >= 2)


async def test_a_socket_that_dies_during_a_click_loses_no_decision(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu = await place.person("liu.yang")
    card = liu.last_card()
    begun, go_on = asyncio.Event(), asyncio.Event()
    handle = place.desk.handle

    async def slow(intent: object) -> object:
        begun.set()
        await go_on.wait()
        return await handle(intent)  # type: ignore[arg-type]

    place.desk.handle = slow  # type: ignore[method-assign,assignment]
    click = asyncio.ensure_future(liu.click("Claim", card))
    await begun.wait()
    sent = next(one for one in place.slack.sockets.sent.values() if not one.acks)
    place.slack.sockets.abort(place.slack.sockets.live.index(sent.link))
    go_on.set()

    assert (await click).ok  # acknowledged over the other connection
    place.desk.handle = handle  # type: ignore[method-assign]
    await place.settle()
    assert "Claim" not in card.now().buttons
    assert place.slack.failures == []


async def test_what_is_being_handled_is_acknowledged_before_we_stop(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    begun, go_on = asyncio.Event(), asyncio.Event()
    handle = place.desk.handle

    async def slow(intent: object) -> object:
        begun.set()
        await go_on.wait()
        return await handle(intent)  # type: ignore[arg-type]

    place.desk.handle = slow  # type: ignore[method-assign,assignment]
    typed = asyncio.ensure_future(emma.slash("/loop tasks"))
    await begun.wait()
    stopping = asyncio.ensure_future(place.platform.stop())
    await asyncio.sleep(0)
    go_on.set()

    await stopping
    assert (await typed).ok
    assert not place.platform.connected()


async def test_a_slack_that_says_nothing_more_holds_no_stop_up(place: Workspace) -> None:
    """Ten seconds are promised for everything; each connection would wait for ten."""
    for link in place.slack.sockets.live:
        transport = link.socket._req.transport  # type: ignore[union-attr] # noqa: SLF001 - aiohttp shows no other
        assert transport is not None
        transport.pause_reading()
    loop = asyncio.get_running_loop()
    before = loop.time()
    await place.platform.stop()

    assert loop.time() - before < 4.5
    assert not place.platform.connected()
