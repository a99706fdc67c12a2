"""What ten thousand forms in progress cost: their drafts lie in the database, and nowhere else.

The bot runs over a database with so many people, of whom nobody or everybody has begun a complaint
on Telegram. Some of them go on with it, or begin one. Then its memory is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from handlers.conversation.dialogue.place import FormPlace
from storage.connect import open_database
from storage.unit import Tx
from tests.bench import desks
from tests.bench.decisions import COMPLAINT
from tests.bench.desks import Desks
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.startup import memory_of
from tests.bench.tables import LEAST_ROUNDS, Line, Measurement, Table, at_most, take_turns
from tests.bench.telegram import settings
from tests.fakes.telegram import TelegramFake
from workflows.records import FormDraft

FORMS = 10_000
TYPING = 20
FORM = "start|||complaint"
AFTERWARDS_S = 1.5


def measure(ground: Ground) -> Iterator[Table]:
    """As many people each time; without forms, and with one for each of them."""
    folder = ground.place("forms")
    made = asyncio.run(_made(folder))
    home = desks.deployment(folder)
    flush = FLUSH_US if ground.slow else 0

    def memory(forms: int) -> Callable[[], float]:
        return lambda: asyncio.run(_round(made, home, flush, forms))

    found = take_turns({"none": memory(0), "many": memory(FORMS)}, rounds=LEAST_ROUNDS)
    more = [many - none for many, none in zip(found["many"], found["none"], strict=True)]
    yield Table(
        "memory (RSS) of the bot",
        "MB",
        [
            Line("no form in progress", found["none"]),
            Line(f"{FORMS:,} forms in progress", found["many"], found["none"], at_most(1.02)),
            Line("  more than without", more, aim=at_most(2, " MB")),
        ],
    )


async def _made(folder: Path) -> Desks:
    """A company with so many more people."""
    made = await desks.filled(folder, platform="telegram", cases=desks.DESK)
    database = await open_database(f"sqlite:///{made.template}")

    def hire(tx: Tx) -> None:
        directory = tx.people.directory()
        people = list(directory.people.values())
        pattern = next(one for one in people if one.id == "wang.fang")
        people += [
            replace(
                pattern,
                key=_key(number),
                id=f"staff.{number}",
                email=f"staff.{number}@example.com",
                accounts={"telegram": str(_account(number))},
            )
            for number in range(FORMS)
        ]
        tx.people.replace(people, list(directory.departments.values()))

    await database.run(hire)
    await database.aclose()
    return made


async def _round(made: Desks, home: Path, flush: int, forms: int) -> float:
    """The megabytes of the bot after some people have typed."""
    url = await desks.laid_out(made, [card.ref for card in made.cards], held=True)
    await _begin(url, forms)
    async with TelegramFake() as fake:
        people = [
            fake.person(f"Staff {number}", id=_account(number), language_code="zh-hans")
            for number in range(0, FORMS, FORMS // TYPING)
        ]
        async with desks.beside(
            desks.bot(home, database=url, flush=flush, **settings(fake))
        ) as bot:
            await fake.updates.polled(within=30)
            for person in people:
                await person.says(COMPLAINT["customer"] if forms else "/complaint")
                await person.waits_for("", within=30)
            await fake.confirmed(within=30)
            await asyncio.sleep(AFTERWARDS_S)
            return memory_of(bot.process.pid)


async def _begin(url: str, forms: int) -> None:
    """Every draft as it is kept after the first question was shown."""
    database = await open_database(url)
    now = make_office(CompanySettings()).clock.now()

    def keep(tx: Tx) -> None:
        for number in range(forms):
            place = FormPlace(chat=_account(number), message=number + 1)
            draft = FormDraft(
                person=_key(number),
                form=FORM,
                values={},
                place=place.kept(at="telegram"),
                via="telegram",
                at=now,
            )
            tx.drafts.put(draft)

    await database.run(keep)
    await database.aclose()


def _key(number: int) -> str:
    return f"p_staff{number:05d}"


def _account(number: int) -> int:
    return 6_000_000_001 + number


MEASUREMENT = Measurement(
    name="forms",
    about="the memory that forms in progress cost on Telegram",
    measure=measure,
)
