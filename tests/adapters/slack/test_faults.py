"""Clicks that come twice, late, from the wrong hand or forged, and answers that go astray."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from handlers.conversation.ports import KnownPerson
from storage.errors import StorageError
from tests.adapters.slack.deeds import FILLED, files, opens, presses
from tests.adapters.slack.workspace import IMPATIENT, Workspace, workspace
from tests.fakes.slack import Person, Seen


async def claimable(place: Workspace) -> tuple[Person, Person, Seen]:
    """Two people who may claim a case, and the card of the first."""
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu, chen = await place.person("liu.yang"), await place.person("chen.jing")
    return liu, chen, liu.last_card()


async def count(place: Workspace, event: str) -> int:
    return (await place.office.event_types()).count(event)


async def test_a_click_delivered_twice_has_one_effect(either: Workspace) -> None:
    liu, _, card = await claimable(either)
    either.slack.faults.duplicate = 1

    await presses(either, liu, "认领", "Claim", card)

    assert await count(either, "TaskClaimed") == 1
    said = [m.text for m in liu.messages() if m.is_ephemeral]
    assert len(said) == 2
    assert said[0] == said[1]
    either.slack.assert_clean()


async def test_a_command_delivered_twice_opens_one_form(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    either.slack.faults.duplicate = 1
    modal = await opens(emma, either)

    assert await modal.submit(FILLED) == {}
    await either.settle()
    assert (await either.office.case()).id == "C-2026-0001"
    assert await either.office.dead() == ()


async def test_clicks_that_arrive_late_and_in_any_order_are_judged_then(
    place: Workspace,
) -> None:
    liu, chen, card = await claimable(place)
    other = chen.last_card()
    place.slack.faults.hold = True
    clicks = [
        asyncio.ensure_future(liu.click("Claim", card)),
        asyncio.ensure_future(chen.click("Claim", other)),
    ]
    await place.slack.changes.until(lambda: len(place.slack.outgoing.held) == 2)
    await place.slack.release("reversed")
    assert all(reply.ok for reply in await asyncio.gather(*clicks))
    await place.settle()

    assert await count(place, "TaskClaimed") == 1
    told = [m.text for p in (liu, chen) for m in p.messages() if m.is_ephemeral]
    assert len(told) == 2
    assert told[0] != told[1]
    place.slack.assert_clean()


async def test_two_at_once_are_one_decision(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en", inline=False) as place:
        liu, chen, card = await claimable(place)
        clicks = [liu.click("Claim", card), chen.click("Claim", chen.last_card())]
        assert all(reply.ok for reply in await asyncio.gather(*clicks))
        await place.settle()

        assert await count(place, "TaskClaimed") == 1
        for person in (liu, chen):
            assert "Claim" not in person.last_card("Classify").buttons
        place.slack.assert_clean()


async def test_a_click_on_what_was_done_says_who_did_it(either: Workspace) -> None:
    liu, chen, card = await claimable(either)
    stale = chen.last_card()
    await presses(either, liu, "认领", "Claim", card)

    assert (await chen.click("Claim", stale, stale=True)).ok
    await either.settle()

    assert "Liu Yang" in chen.last_message().text
    assert chen.last_message().is_ephemeral
    either.slack.assert_clean()


async def test_a_click_by_someone_else_changes_nothing(either: Workspace) -> None:
    liu, _, card = await claimable(either)
    outsider = await either.person("wang.fang")
    forged = {**card.around(), "type": "block_actions"}
    button = card.find("Claim")
    before = await either.office.event_types()

    for person in (outsider, either.slack.person("Guest", is_restricted=True)):
        payload = {
            **person.envelope("block_actions"),
            **forged,
            "actions": [
                {
                    "type": "button",
                    "action_id": button.action_id,
                    "block_id": button.block_id,
                    "value": button.element["value"],
                    "action_ts": "1.1",
                }
            ],
        }
        assert (await person.send(payload, "forged")).ok
        await either.settle()

    assert await either.office.event_types() == before
    assert liu.last_card().buttons == card.buttons


async def test_forged_and_unreadable_values_do_no_harm(either: Workspace) -> None:
    liu, _, card = await claimable(either)
    before = await either.office.event_types()
    button = {"type": "button", "action_id": "cl:press:0", "block_id": "b", "action_ts": "1.2"}

    for value in ("", "claim|C-2026-9999|t1|", "x" * 3000, "approve|../../etc||", "{}"):
        payload = {
            **liu.envelope("block_actions"),
            **card.around(),
            "actions": [{**button, "value": value}],
        }
        assert (await liu.send(payload, "forged")).ok
        await either.settle()
        assert liu.last_message().is_ephemeral
    unreadable: tuple[dict[str, Any], ...] = (
        {"actions": []},
        {"actions": [{**button, "type": 5}]},
        {"actions": "x"},
    )
    for broken in unreadable:
        payload = {**liu.envelope("block_actions"), **card.around(), **broken}
        await liu.send(payload, "forged")
    await either.settle()

    assert await either.office.event_types() == before
    assert await either.office.dead()
    buried = str(await either.office.dead())
    assert "trigger" not in buried
    assert "/response/" not in buried


async def test_a_sheet_of_a_task_that_is_not_mine_cannot_be_sent(place: Workspace) -> None:
    liu, _, card = await claimable(place)
    await presses(place, liu, "认领", "Claim", card)
    await presses(place, liu, "分类分级", "Classify and grade")
    modal = liu.modal
    await modal.fill({"q:grade": "urgent", "q:category": "product"})
    outsider = await place.person("wang.fang")
    before = await place.office.event_types()
    payload = {
        **outsider.envelope("view_submission"),
        "view": modal.view.as_json(),
        "response_urls": [],
    }

    reply = await outsider.send(payload, "forged", takes=True)
    await place.settle()

    assert reply.ok
    assert await place.office.event_types() == before


async def test_a_card_a_year_old_still_answers(place: Workspace) -> None:
    liu, _, card = await claimable(place)
    await presses(place, liu, "认领", "Claim", card)
    await place.passes(days=1)

    assert (await liu.click("Claim", card, stale=True)).ok
    await place.settle()
    assert liu.last_message().text


async def test_unknown_kinds_are_acknowledged(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    for action in ("other:thing", "cl:nobody:1", ""):
        payload = {
            **emma.envelope("block_actions"),
            "container": {"type": "view", "view_id": "V0X"},
            "actions": [{"type": "button", "action_id": action, "block_id": "b"}],
        }
        assert (await emma.send(payload, "stray")).ok
    assert (await emma.send({**emma.envelope("view_closed"), "view": {"id": "V1"}}, "x")).ok
    place.slack.outgoing.emit({"type": "channel_archive", "channel": "C1", "user": emma.id})
    await place.calm()
    assert place.slack.troubles == []


async def test_when_the_database_is_away_people_are_told(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    known = place.desk.known
    errors = list[Exception]()

    async def away(account: str) -> KnownPerson | None:
        raise errors[-1]

    place.desk.known = away  # type: ignore[method-assign]
    for error, told in (
        (StorageError("database_unreachable", why="x"), "cannot be reached"),
        (StorageError("disk_full", why="x"), "disk is full"),
        (OSError("a defect"), "something is wrong"),
    ):
        errors.append(error)
        assert (await emma.slash("/loop tasks")).ok
        assert told in emma.last_message().text
        await emma.says(f"hello {told}")
        await place.calm()
        assert told in emma.last_message().text
        assert not emma.last_message().is_ephemeral
    place.desk.known = known  # type: ignore[method-assign]
    place.slack.assert_clean()


async def test_a_newcomer_who_cannot_be_looked_up_now_is_asked_to_try_again(
    place: Workspace,
) -> None:
    newcomer = place.slack.person("Some One", email="zhao.lei@example.org")
    place.slack.faults.fail("users.info")

    assert (await newcomer.slash("/loop tasks")).ok
    assert "try again" in newcomer.last_message().text
    assert (await newcomer.slash("/loop tasks")).ok
    assert "do not know you" in newcomer.last_message().text


async def test_no_secret_and_no_ticket_is_ever_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="closeloop")
    async with workspace(tmp_path, language="en", times=IMPATIENT) as place:
        emma = await place.person("emma.clark")
        place.slack.faults.refuse_upgrades = 1
        place.slack.sockets.abort(0)
        place.slack.faults.html("conversations.open")
        await place.slack.called("apps.connections.open", 4)
        place.slack.faults.drop_reply("views.open")
        await emma.slash("/complaint Acme secretly")
        await place.calm()
        secrets = [place.slack.bot_token, place.slack.app_token, place.slack.signing_secret]
        assert repr(place.platform.interact.settings).count("xox") == 0

    for secret in (*secrets, "ticket-", "secretly", "/response/"):
        assert secret not in caplog.text
