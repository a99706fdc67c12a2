"""The outbox over Slack: once, as fast as allowed, and what each trouble means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.platforms.slack.errors import SlackProblem, Trouble, kind_of
from handlers.conversation.ports import Addressee, Delivery
from handlers.pages import Card
from tests.adapters.slack.deeds import FILLED, files, opens, presses
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Person
from workflows.errors import Permanent, Retryable, Unknown
from workflows.moments import SECOND

CARD = Card(kind="task", title="Classify · C-2026-0001", case_id="C-2026-0001")


def delivery(person: Person, **more: object) -> Delivery:
    to = Addressee(person="p_1", account=person.id, language="en")
    made = Delivery(to=to, kind=CARD.kind, cards={"en": CARD}, token="m_1", notify=True)
    return replace(made, **more)  # type: ignore[arg-type]


async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(
    place: Workspace,
) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    place.slack.dedupes = False
    place.slack.faults.drop_reply("chat.postMessage")
    first = delivery(emma, since=place.desk.now())

    with pytest.raises(Unknown):
        await chat.post(first)
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)
    ref = await chat.post(replace(first, attempt=2))

    assert ref == f"{emma.dm.id}/{emma.last_message().ts}"
    assert len(emma.messages()) == 1
    assert len(place.slack.calls("chat.postMessage")) == 1


async def test_a_lost_answer_in_a_thread_is_found_there(place: Workspace) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    place.slack.dedupes = False
    above = await chat.post(delivery(emma))
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)
    place.slack.faults.drop_reply("chat.postMessage")
    news = delivery(emma, token="m_2", under=above)

    with pytest.raises(Unknown):
        await chat.post(news)
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)
    await chat.post(replace(news, attempt=2))

    assert len(emma.messages()[0].thread()) == 1


async def test_what_only_waited_is_not_looked_up(place: Workspace) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    assert chat.wait(delivery(emma), ref=None) == 0
    await chat.post(delivery(emma))
    second = delivery(emma, token="m_2")
    assert chat.wait(second, ref=None) > 0

    place.office.clock.set(place.office.clock.now() + 3 * SECOND)
    again = replace(second, attempt=2)
    assert chat.wait(again, ref=None) == 0
    await chat.post(again)

    assert place.slack.calls("conversations.history") == []
    place.slack.assert_clean()


async def test_a_storm_of_429_loses_and_doubles_nothing(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    either.slack.faults.storm("chat.postMessage", times=6, retry_after=3)

    await files(either, emma)
    await either.passes(minutes=5)

    assert len([m for m in liu.messages() if m.controls()]) == 1
    assert len([m for m in emma.messages() if m.controls()]) == 1
    either.slack.assert_clean()


@pytest.mark.parametrize("fault", ["status", "html", "drop", "abort"])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.open"])
async def test_trouble_at_slack_loses_and_doubles_nothing(
    place: Workspace, method: str, fault: str
) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    chen = await place.person("chen.jing")
    faults = place.slack.faults
    spoil = {
        "status": faults.fail,
        "html": faults.html,
        "drop": faults.drop_reply,
        "abort": faults.abort,
    }[fault]
    spoil(method, times=2)

    await files(place, emma)
    await place.passes(minutes=10)
    await presses(place, liu, "认领", "Claim")
    await place.passes(minutes=10)

    for person in (liu, chen):
        cards = [m for m in person.messages() if "C-2026-0001" in m.text and not m.is_ephemeral]
        assert len(cards) == 1, person.describe()
        assert "Claim" not in cards[0].buttons
    assert len([m for m in emma.messages() if "C-2026-0001" in m.text]) == 1


async def test_a_burst_keeps_inside_the_limits(place: Workspace) -> None:
    """Forty people are told at once; Slack never has to refuse."""
    people = [place.slack.person(f"Reader {n}") for n in range(40)]
    chat, sent = place.platform.chat, 0
    waiting = [delivery(p, token=f"m_{n}") for n, p in enumerate(people)]
    while waiting:
        one = waiting.pop(0)
        wait = chat.wait(one, ref=None)
        if wait:
            place.office.clock.set(place.office.clock.now() + round(wait * SECOND))
            waiting.append(replace(one, attempt=one.attempt + 1))
        else:
            await chat.post(one)
            sent += 1

    assert sent == 40
    place.slack.assert_clean()


async def test_updates_keep_inside_the_limits(place: Workspace) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    ref = await chat.post(delivery(emma))
    for n in range(120):
        cards = {"en": replace(CARD, note=f"Change {n}")}
        change = delivery(emma, cards=cards, notify=False)
        while wait := chat.wait(change, ref=ref):
            place.office.clock.set(place.office.clock.now() + round(wait * SECOND))
        await chat.update(ref, change)

    assert "Change 119" in emma.last_message().text
    place.slack.assert_clean()


async def test_a_click_lends_its_hook_to_the_change_that_follows(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu = await place.person("liu.yang")
    card = liu.last_card()
    before = len(place.slack.calls("chat.update"))

    await presses(place, liu, "认领", "Claim", card)

    changed = place.slack.calls("chat.update")[before:]
    assert card.ts not in [call.args["ts"] for call in changed]
    assert any(call.args.get("replace_original") for call in place.slack.calls("response_url"))
    assert "Claim" not in card.now().buttons
    assert card.now().message.metadata


async def test_a_hook_that_fails_is_replaced_by_the_call(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu = await place.person("liu.yang")
    card = liu.last_card()
    place.slack.faults.fail("response_url", times=5)

    await presses(place, liu, "认领", "Claim", card)

    assert "Claim" not in card.now().buttons


async def test_a_deleted_card_is_posted_anew(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu, chen = await place.person("liu.yang"), await place.person("chen.jing")
    gone = chen.last_card()
    place.slack.remove(gone.message)

    await presses(place, liu, "认领", "Claim")
    await presses(place, liu, "分类分级", "Classify and grade")

    assert gone.message.deleted
    await place.passes(minutes=1)


async def test_news_is_said_under_its_card_or_beside_when_the_card_is_gone(
    place: Workspace,
) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    above = await chat.post(delivery(emma))
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)
    reminder = replace(CARD, kind="reminder", title="Reminder · C-2026-0001")
    await chat.post(delivery(emma, token="m_2", under=above, cards={"en": reminder}))
    told = emma.last_message("Reminder")
    assert told.message.thread_ts == above.partition("/")[2]
    assert told.message.reply_broadcast

    place.slack.remove(emma.messages()[0].message)
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)
    await chat.post(delivery(emma, token="m_3", under=above))
    assert emma.last_message().message.thread_ts is None


async def test_somebody_who_left_is_reached_another_way(place: Workspace) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    await chat.post(delivery(emma))
    place.slack.deactivate(emma)
    place.office.clock.set(place.office.clock.now() + 5 * SECOND)

    with pytest.raises(Permanent):
        await chat.post(delivery(emma, token="m_2"))
    with pytest.raises(Permanent, match="user_disabled"):
        await chat.post(delivery(emma, token="m_3"))


async def test_a_task_of_somebody_deactivated_reaches_the_process_owner(
    place: Workspace,
) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    chen = await place.person("chen.jing")
    place.slack.deactivate(liu)

    await files(place, emma)
    await place.passes(minutes=2)

    assert "Liu Yang" in "".join(m.text for m in chen.messages())


async def test_a_revoked_token_stops_everything_and_loses_nothing(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    modal = await opens(emma, place)
    for token in place.slack.bot_tokens:
        place.slack.bad_tokens[token] = "token_revoked"
    assert await modal.submit(FILLED) == {}
    await place.calm()
    await place.crew.settle()

    assert not place.platform.connected()
    assert not liu.messages()
    calls = len(place.slack.records)
    await place.crew.settle()
    assert len(place.slack.records) - calls <= 1
    place.slack.reinstall()
    await place.passes(minutes=10)
    assert place.platform.connected()
    assert len([m for m in liu.messages() if m.controls()]) == 1


def test_every_code_has_its_meaning() -> None:
    assert kind_of("ratelimited") is Trouble.LIMITED
    assert kind_of("", status=429) is Trouble.LIMITED
    assert kind_of("", status=502) is Trouble.AMBIGUOUS
    assert kind_of("token_revoked") is Trouble.TOKEN
    assert kind_of("channel_not_found") is Trouble.TARGET
    assert kind_of("cant_update_message") is Trouble.MESSAGE
    assert kind_of("invalid_blocks") is Trouble.DEFECT
    assert kind_of("something_new") is Trouble.DEFECT

    def told(code: str, status: int = 200) -> Exception:
        kind = kind_of(code, status=status)
        return SlackProblem(kind, code, method="chat.postMessage").delivery_error()

    assert isinstance(told("ratelimited"), Retryable)
    assert isinstance(told("invalid_auth"), Retryable)
    assert isinstance(told("internal_error"), Unknown)
    assert isinstance(told("not_in_channel"), Permanent)
    assert str(told("message_not_found")).startswith("message_gone")
    with pytest.raises(SlackProblem):
        told("invalid_blocks")


async def test_a_defect_of_ours_is_no_delivery_error(place: Workspace) -> None:
    emma, chat = await place.person("emma.clark"), place.platform.chat
    place.slack.faults.refuse("chat.postMessage", "invalid_blocks")
    with pytest.raises(SlackProblem, match="invalid_blocks"):
        await chat.post(delivery(emma))
