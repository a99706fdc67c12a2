"""Complaints that wait for people at a chat platform: each has its card, and each may be claimed.

A round works on a copy. It lays the cards out in a fake of the platform, has the copy know where
they lie, and lets people press: every press is a claim, the lightest decision that is durable.
Forty people have the desks of twenty processes, two of them for each complaint, as in the sample
company.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text

from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from bot.published import publish, put_first_in_force, sample_drafts
from bot.runtime import hold
from bot.sample import PROCESSES
from bot.system import SystemIds
from handlers import deliver, start
from handlers.conversation.ports import Addressee
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Card
from storage.connect import open_database
from storage.unit import Tx
from tests.bench.decisions import COMPLAINT
from tests.rig.programs import Program, closeloop, done
from workflows.directory import Person
from workflows.loading import load_definition

T = TypeVar("T")

DESK = 40
DESKS = DESK // 2
FIRST_ACCOUNT = 5_000_000_001
ROLE = "complaint-desk"
LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Posted:
    """A card as it lies in somebody's chat; `ref` is its name in the template."""

    ref: str
    account: str
    card: Card
    case_id: str

    @property
    def claim(self) -> str:
        """The label of the button that claims it, "" without one."""
        return next((b.label for b in self.card.buttons if b.verb == "claim"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """A database in which every complaint waits to be claimed."""

    platform: str
    template: Path
    cards: Sequence[Posted]

    @property
    def presses(self) -> list[int]:
        """One card of each case that may be claimed there, by number; the people take turns."""
        found: dict[str, list[int]] = {}
        for number, card in enumerate(self.cards):
            if card.claim:
                found.setdefault(card.case_id, []).append(number)
        return [numbers[turn % len(numbers)] for turn, numbers in enumerate(found.values())]


@dataclass(slots=True)
class Nowhere:
    """A platform on which everybody has an account and nothing is sent."""

    name: str

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """The reader's."""
        return (to.language,)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Theirs."""
        return accounts.get(self.name, "")


def account_of(platform: str, number: int) -> str:
    """An account as the platform names them."""
    return f"U0DESK{number:05d}" if platform == "slack" else str(FIRST_ACCOUNT + number)


async def filled(folder: Path, *, platform: str, cases: int, waiting: int = 0) -> Desks:
    """File so many complaints, with every card posted; and more whose messages are all waiting."""
    path, office = folder / "template.db", make_office(CompanySettings())
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    drafts = sample_drafts(words=translator("en"))
    now = office.clock.now()
    await database.run(lambda tx: put_first_in_force(tx, drafts, ids=SystemIds(), at=now))
    await database.run(lambda tx: _staff(tx, platform))
    for desk in range(DESKS):  # two people have each
        count = cases // DESKS + (desk < cases % DESKS)
        await database.run(partial(_file, office=office, desk=desk, cases=count))
    cards: list[Posted] = []
    while sent := await database.run(lambda tx: _send(tx, office, platform)):
        cards += sent
    first = f"complaint-{DESKS - 1}"
    await database.run(partial(_file_more, office=office, process=first, cases=waiting))
    await database.aclose()
    return Desks(platform=platform, template=path, cards=cards)


def _file(tx: Tx, *, office: Office, desk: int, cases: int) -> None:
    """So many complaints of a process whose desk these two have: an unclaimed task follows it."""
    key, prefix = f"complaint-{desk}", f"C{chr(ord('A') + desk)}"
    text = (PROCESSES / "complaint.toml").read_text(encoding="utf-8")
    for old, new in {
        'key = "complaint"': f'key = "{key}"',
        'command = "complaint"': f'command = "{key}"',
        'case_prefix = "C"': f'case_prefix = "{prefix}"',
        f"role:{ROLE}": f"role:{ROLE}-{desk}",
    }.items():
        text = text.replace(old, new)
    publish(tx, load_definition(text, file=key), at=office.clock.now())
    _file_more(tx, office=office, process=key, cases=cases)


def _file_more(tx: Tx, *, office: Office, process: str, cases: int) -> None:
    people = tx.people.directory().people.values()
    filer = next(person for person in people if person.id == "wang.fang").key
    for _ in range(cases):
        start.start_case(tx, office, process=process, person=filer, via="bench", raw=COMPLAINT)


def _staff(tx: Tx, platform: str) -> None:
    """Everybody has an account; two people have each desk."""
    before = tx.people.directory()
    found: list[Person] = []
    for number, person in enumerate(before.people.values()):
        accounts = {platform: account_of(platform, 1000 + number)}
        found.append(replace(person, accounts=accounts))
    pattern = next(person for person in before.people.values() if person.id == "liu.yang")
    found += [
        replace(
            pattern,
            key=f"{pattern.key[:-4]}{number:04d}",
            id=f"desk.{number}",
            email=f"desk.{number}@example.com",
            roles=(f"{ROLE}-{number // 2}",),
            accounts={platform: account_of(platform, number)},
        )
        for number in range(DESK)
    ]
    tx.people.replace(found, list(before.departments.values()))


def _send(tx: Tx, office: Office, platform: str) -> list[Posted]:
    now = office.clock.now()
    posted: list[Posted] = []
    nowhere: Any = Nowhere(platform)  # it is only asked for names
    rows = tx.outbox.claim(now=now, limit=500, owner="bench", lease_until=now)
    for row in rows:
        for sending in deliver.prepare(tx, office, row, platforms={platform: nowhere}).sendings:
            ref, to = f"bench/{row.id}", sending.delivery.to
            tx.outbox.posted(row, sent=deliver.receipt(row, sending, ref=ref, at=now))
            card = sending.delivery.cards[to.language]
            posted.append(Posted(ref, to.account, card, row.case_id or ""))
        tx.outbox.done(row, sent=None)
    return posted


# ---------------------------------------------------------------------------- a round


async def laid_out(desks: Desks, refs: Sequence[str], *, held: bool) -> str:
    """The URL of a copy that knows where its cards lie; `held`: nothing is sent there."""
    path = desks.template.with_name("round.db")
    for old in path.parent.glob("round.db*"):
        old.unlink()
    shutil.copyfile(desks.template, path)
    url = f"sqlite:///{path}"
    database = await open_database(url)
    places = [{"old": card.ref, "new": ref} for card, ref in zip(desks.cards, refs, strict=True)]
    statement = text("UPDATE messages SET ref = :new WHERE ref = :old")
    await database.with_connection(lambda to: to.execute(statement, places), write=True)
    if held:
        await database.run(lambda tx: hold.hold(tx, why="bench"))
    await database.aclose()
    return url


def deployment(folder: Path) -> Path:
    """A folder as `closeloop init` makes it."""
    made = done("init", "bot", folder=folder)
    assert made.returncode == 0, made.stderr
    return folder / "bot"


@contextmanager
def bot(folder: Path, *, database: str, flush: int, **settings: str) -> Iterator[Program]:
    """`closeloop run`, whole, over this database; ended at the end."""
    environment = {
        "CLOSELOOP_HTTP__PORT": str(_free_port()),
        "CLOSELOOP_STORAGE__URL": database,
        "FLUSH_DELAY_US": str(flush),
        **settings,
    }
    with closeloop("run", folder=folder, **environment) as program:
        program.says('"started"')
        yield program
        program.stop()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@asynccontextmanager
async def beside(program: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Start it and end it while this event loop goes on."""
    started = await asyncio.to_thread(program.__enter__)
    try:
        yield started
    finally:
        await asyncio.to_thread(program.__exit__, None, None, None)


@contextmanager
def bare(kind: str, *arguments: str) -> Iterator[None]:
    """What answers beside us, in a process of its own; killed at the end."""
    command = [sys.executable, "-m", "tests.bench.bare", kind, *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()
