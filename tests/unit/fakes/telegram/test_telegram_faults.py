"""Planted faults, the pace, what must hold in every suite, and a fake in its own thread."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.fakes.telegram import TelegramFake, checks
from tests.unit.fakes.telegram.conftest import Clock

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


# -------------------------------------------------------------------- faults
async def test_a_fault_before_the_effect_leaves_nothing_behind(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    fake.faults.fails("sendMessage", code=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(li.id, "x")
    fake.faults.cuts("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(li.id, "x")

    assert li.messages() == []
    await bot.send_message(li.id, "x")
    assert [(call.status, call.effect) for call in fake.calls("sendMessage")] == [
        (502, False),
        (0, False),
        (200, True),
    ]


async def test_a_fault_after_the_effect_leaves_the_message(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    fake.faults.fails("sendMessage", code=500, when="after")
    with pytest.raises(NetworkError):
        await bot.send_message(li.id, "one")
    fake.faults.cuts("sendMessage", when="after")
    with pytest.raises(NetworkError):
        await bot.send_message(li.id, "two")
    gate = fake.faults.hangs("sendMessage", when="after")
    with pytest.raises(TimedOut):
        await bot.send_message(li.id, "three", read_timeout=0.05)

    assert [message.text for message in li.messages()] == ["one", "two", "three"]
    assert gate.held == 1


async def test_a_slow_call_is_answered_when_the_gate_opens(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    gate = fake.faults.slow("sendMessage")
    sending = asyncio.create_task(bot.send_message(li.id, "x"))
    await li.waits_for("x")
    assert not sending.done()
    gate.open()

    assert (await sending).text == "x"


async def test_who_is_told_to_wait_and_does_not_is_told_again(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    li, wang = fake.person("Li"), fake.person("Wang")
    fake.faults.too_many(30, chat=li.id)
    with pytest.raises(RetryAfter):
        await bot.send_message(li.id, "x")
    await bot.send_message(wang.id, "x")
    checks.no_flood(fake)
    clock.pass_by(10)
    with pytest.raises(RetryAfter, match="Retry in 0:00:20"):
        await bot.send_message(li.id, "x")
    with pytest.raises(AssertionError, match="parked chat"):
        checks.no_flood(fake)
    clock.pass_by(20)
    await bot.send_message(li.id, "x")


async def test_other_faults_have_their_classes(fake: TelegramFake, clock: Clock, bot: Bot) -> None:
    li = fake.person("Li")
    fake.faults.forbids(li.id)
    with pytest.raises(Forbidden):
        await bot.send_message(li.id, "x")
    fake.faults.not_found("getUpdates", until=clock.at + 5)
    for _ in range(2):
        with pytest.raises(InvalidToken):
            await bot.get_updates()
    clock.pass_by(5)
    await bot.get_updates(timeout=0)
    fake.faults.unauthorised(times=2)
    for _ in range(2):
        with pytest.raises(InvalidToken):
            await bot.get_me()
    fake.faults.unauthorised(times=9)
    fake.faults.heal()
    await bot.get_me()


# -------------------------------------------------------------------- pace
async def test_the_pace_is_watched_and_when_strict_enforced(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    li = fake.person("Li")
    team = fake.group("Team", li)
    fake.flood.strict = True
    for _ in range(4):
        await bot.send_message(li.id, "x")
    with pytest.raises(RetryAfter, match="Retry in 0:00:01"):
        await bot.send_message(li.id, "x")
    clock.pass_by(1)
    await bot.send_message(li.id, "x")
    for _ in range(20):
        await bot.send_message(team.id, "x")
    with pytest.raises(RetryAfter, match="Retry in 0:01:00"):
        await bot.send_message(team.id, "x")
    assert [breach.limit for breach in fake.flood.breaches] == [
        f"chat {li.id}",
        f"group {team.id}",
    ]


async def test_thirty_messages_a_second_are_the_most_there_are(
    fake: TelegramFake, bot: Bot
) -> None:
    people = [fake.person(f"P{number}") for number in range(31)]
    for person in people:
        await bot.send_message(person.id, "x")

    assert [breach.limit for breach in fake.flood.breaches] == ["everywhere"]


# -------------------------------------------------------------------- checks
async def test_every_check_finds_what_it_is_for(fake: TelegramFake, clock: Clock, bot: Bot) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Case 7", reply_markup=BUTTON)
    checks.sound(fake)
    click = li.presses("Yes")
    with pytest.raises(AssertionError, match="not confirmed"):
        checks.nothing_lost(fake)
    await bot.get_updates()
    with pytest.raises(AssertionError, match="Li pressed 'yes'"):
        checks.every_click_answered(fake)
    await bot.answer_callback_query(click.id)
    checks.every_click_answered(fake)
    with pytest.raises(AssertionError, match="Case 7"):
        checks.no_orphan_keyboards(fake, "Case 7")
    await bot.edit_message_reply_markup(li.id, li.last().id)
    checks.no_orphan_keyboards(fake, "Case 7")
    with pytest.raises(AssertionError, match="token"):
        checks.no_token(fake, f"POST /bot{fake.token}/getMe")
    with pytest.raises(NetworkError):
        await bot.send_message(12, "x")
    with pytest.raises(AssertionError, match="chat not found"):
        checks.no_bad_request(fake)
    checks.no_bad_request(fake, allow=["chat not found"])
    checks.one_poller(fake)


async def test_a_test_that_waits_for_what_never_comes_is_told_what_there_is(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Case 7", reply_markup=BUTTON)

    with pytest.raises(AssertionError, match=r"'Case 7' \['Yes'\]"):
        await li.waits_for("Case 8", within=0.01)
    with pytest.raises(AssertionError, match="was not answered"):
        await li.taps("Yes", within=0.01)
