"""From a tap in Telegram to its answer, beside bare python-telegram-bot and beside nobody.

The fake and its people live in this process; who answers lives in another one: `closeloop run`
with everything that runs in it, an application with one handler that only answers, or calls by
hand, which show the fake's own share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bot.platforms.telegram import cards, keyboards
from handlers.i18n import translator
from tests.bench import desks
from tests.bench.desks import LANGUAGE, Desks
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.paces import HELD, Click, Pace, Round, lines, played, turns
from tests.bench.tables import Measurement, Table, at_most
from tests.fakes.telegram import Message, Person, TelegramFake

PACE = Pace(warm=10, paced=50, at_once=200)
P99_MS = 150
PROGRAMS = {"bare python-telegram-bot": "telegram", "nobody": "calls"}


def measure(ground: Ground) -> Iterator[Table]:
    """Taps on complaints that can be claimed; in every round they are new."""
    folder = ground.place("telegram")
    made = asyncio.run(desks.filled(folder, platform="telegram", cases=PACE.clicks))
    home = desks.deployment(folder)
    flush = FLUSH_US if ground.slow else 0

    def once(name: str) -> Round:
        return asyncio.run(one_round(name, made, home, flush, PACE))

    found = turns(once, bare="bare python-telegram-bot")
    yield from lines(found, what="its answer", p99=at_most(P99_MS, " ms"), share=None)


async def one_round(name: str, made: Desks, home: Path, flush: int, pace: Pace) -> Round:
    """Taps in a new Telegram on a new copy."""
    async with TelegramFake() as fake:
        messages = _laid_out(fake, made)
        refs = [f"{message.chat.id}/{message.id}" for message in messages]
        url = await desks.laid_out(made, refs, held=name == HELD)
        by_account = {person.id: person for person in fake.people.values()}
        taps = [_tap(by_account, messages[n], made.cards[n].claim) for n in made.presses]
        async with desks.beside(_program(name, fake, home, url, flush)):
            await fake.updates.polled(within=30)
            found = await played(taps, pace)
        assert not fake.broken
        return found


def _laid_out(fake: TelegramFake, made: Desks) -> list[Message]:
    """Every card where its reader finds it."""
    people: dict[str, Person] = {}
    words = translator(LANGUAGE)
    found = []
    for posted in made.cards:
        if posted.account not in people:
            number = int(posted.account)
            people[posted.account] = fake.person(
                f"Desk {number}", id=number, language_code="zh-hans"
            )
        page = cards.page_of(posted.card, words)
        board = keyboards.markup(keyboards.of_card(posted.card, words, shown=False))
        markup = board.to_dict() if board is not None else None
        body = {"text": page.plain}
        chat = people[posted.account].chat
        found.append(fake.world.post(chat, body, fake.bot, markup=markup))
    return found


def _tap(people: dict[int, Person], message: Message, label: str) -> Click:
    return lambda: people[message.chat.id].taps(label, in_message=message, within=30)


def _program(
    name: str, fake: TelegramFake, home: Path, url: str, flush: int
) -> AbstractContextManager[Any]:
    if name in PROGRAMS:
        return desks.bare(PROGRAMS[name], fake.url, fake.token)
    return desks.bot(home, database=url, flush=flush, **settings(fake))


def settings(fake: TelegramFake) -> dict[str, str]:
    """What the bot is told to find this fake."""
    return {
        "CLOSELOOP_TELEGRAM__ENABLED": "true",
        "CLOSELOOP_TELEGRAM__API_URL": fake.url,
        "CLOSELOOP_TELEGRAM__TOKEN": fake.token,
    }


MEASUREMENT = Measurement(
    name="telegram",
    about="from a tap in Telegram to its answer, beside bare python-telegram-bot",
    measure=measure,
)
