"""The company that is simulated: its people and their habits, its processes, its database."""

from __future__ import annotations

import asyncio
import functools
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from bot import sample
from bot.app.deployment import make_office
from bot.company_settings import CompanySettings
from handlers.office import Office
from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests import office as tests_office
from tests.fakes.ports import CountedIds, HandClock
from tests.simulation.approvals import owner_of
from tests.simulation.chat import Platform
from tests.simulation.people import Habits, Somebody
from tests.simulation.scene import Scene
from tests.simulation.storm import HOUR_S
from tests.simulation.trading import Trader
from tests.simulation.wire import Wire
from workflows.directory import Absence, Directory, Person
from workflows.loading import load_definition
from workflows.moments import Moment, moment_of

YEAR = moment_of(datetime(2026, 1, 5, tzinfo=UTC))
COMPLAINT, LAUNCH, SUPPLIER = "complaint", "launch", "supplier"
BOTH = (COMPLAINT, LAUNCH)
DEALING = ("deng.kai", "xie.ting", "pan.rui", "yu.jia")  # with suppliers
BESIDE = {"xie.ting": "wu.di", "yu.jia": "hu.die"}  # a second buyer, a second inspector
PREFIXES = ("C-", "L-", "S-")  # of their cases
ADMINS = ("lin.wei",)  # of the company, by the configuration of the sample
REPAIRS = 0.08  # how likely an administrator who looks at their chat repairs a case
THIRD = "tang.yi"  # an executive beside the two of the sample
APPLICANTS = {"fang.hao": 0.25, "guo.xin": 0.06, "lin.wei": 0.06, "xu.ning": 0.06}
# Who may be away, and for whom: another signer, and somebody who reviewed before.
AWAY = (("lin.wei", "gao.feng"), ("qian.li", "xu.ning"), ("gao.feng", "qian.li"))


def people(
    scene: Scene,
    wire: Wire,
    platform: Platform,
    directory: Directory,
    *,
    processes: tuple[str, ...],
) -> list[Somebody]:
    """Those who have to do with the processes, each with habits of their own."""
    found: dict[str, Habits] = {}
    near = sorted(directory.people.values(), key=lambda one: one.id)
    if COMPLAINT in processes:
        found.update(_of_complaints(scene, near))
    if LAUNCH in processes:
        found.update(_of_launches(scene, near))
    mending = _administrators(directory)
    keys = {person.id: person.key for person in near}
    kind = Somebody
    if SUPPLIER in processes:
        kind = Trader
        found.update(_of_suppliers(scene))
    return [
        kind(
            scene=scene,
            wire=wire,
            platform=platform,
            key=keys[one],
            id=one,
            habits=replace(habits, repairs=REPAIRS if mending.get(one) and kind is Somebody else 0),
            administers=mending.get(one, ()),
        )
        for one, habits in found.items()
    ]


def _administrators(directory: Directory) -> dict[str, tuple[str, ...]]:
    """The prefixes of the cases that somebody may administer, by their id."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(ADMINS, PREFIXES)
    for process, prefix in zip((COMPLAINT, LAUNCH, SUPPLIER), PREFIXES, strict=True):
        role = owner_of(process).removeprefix("role:")
        for one in directory.people.values():
            if role in one.roles and one.id not in ADMINS:
                found[one.id] = (*found.get(one.id, ()), prefix)
    return found


def _of_suppliers(scene: Scene) -> Iterator[tuple[str, Habits]]:
    for person in (*DEALING, *BESIDE.values()):
        pace = scene.chance.choice((18 * HOUR_S, 30 * HOUR_S, 60 * HOUR_S))
        files = 0.2 if person in ("xie.ting", BESIDE["xie.ting"]) else 0.0
        yield person, Habits(every_s=pace, files=files, ignores=0.1, naughty=0.03, away=0.004)


def _of_complaints(scene: Scene, people: list[Person]) -> Iterator[tuple[str, Habits]]:
    chance = scene.chance
    desk, filers = {"liu.yang", "chen.jing"}, {"emma.clark", "wang.fang"}
    for person in people:
        near = person.department in ("customer-service", "sales") or person.id == "lin.wei"
        if not near:
            continue
        pace = chance.choice((0.5 * HOUR_S, 1.5 * HOUR_S, 3 * HOUR_S, 8 * HOUR_S, 40 * HOUR_S))
        habits = Habits(
            every_s=min(pace, 3 * HOUR_S) if person.id in desk | filers else pace,
            files=0.06 if person.id in filers else chance.choice((0.0, 0.0, 0.04)),
            ignores=chance.choice((0.1, 0.3, 0.8)),
        )
        yield person.id, habits


def _of_launches(scene: Scene, people: list[Person]) -> Iterator[tuple[str, Habits]]:
    for person in people:
        if person.department in ("rnd", "marketing", "finance", "management"):
            pace = scene.chance.choice((0.3 * HOUR_S, 0.6 * HOUR_S, 1.0 * HOUR_S))
            files = APPLICANTS.get(person.id, 0.0)
            yield person.id, Habits(every_s=pace, launches=files, ignores=0.1)


def absences(scene: Scene, directory: Directory, *, until: Moment) -> Iterator[Absence]:
    """Those who are away from the beginning, with a deputy who may be barred."""
    for number, (person, deputy) in enumerate(AWAY):
        if scene.happens(0.5):
            away, instead = directory.by_id(person), directory.by_id(deputy)
            assert away is not None
            assert instead is not None
            yield Absence(
                id=f"absence_{number}",
                person=away.key,
                deputy=instead.key,
                starts_at=scene.start,
                ends_at=until,
            )


def leave_for(tx: Tx, away: list[Absence]) -> None:
    """Note these absences."""
    for one in away:
        tx.people.add_absence(one)


# ---------------------------------------------------------------------------- its deployment


@functools.cache
def template(processes: tuple[str, ...]) -> bytes:
    """The database of a new deployment, made once for each process that runs this."""
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="closeloop-", dir=memory()) as folder:
        path = Path(folder) / "template.db"
        try:
            loop.run_until_complete(tests_office.prepare(path))
            if LAUNCH in processes:
                loop.run_until_complete(_launches(path))
            if SUPPLIER in processes:
                loop.run_until_complete(_suppliers(path))
        finally:
            loop.close()
        return path.read_bytes()


async def _launches(path: Path) -> None:
    """Put the process in force, with reviews that are due within a play of a few days."""
    text = files("workflows.processes").joinpath("launch.toml").read_text(encoding="utf-8")
    loaded = load_definition(text.replace('due = "3wd"', 'due = "4wh"'), file="launch.toml")
    database = SqliteDatabase(path, inline=True)

    def unit(tx: Tx) -> None:
        tx.definitions.publish(key=LAUNCH, hash=loaded.hash, text=loaded.text, at=YEAR, by="system")
        directory = tx.people.directory()
        staff = [
            replace(one, roles=(*one.roles, "executive")) if one.id == THIRD else one
            for one in directory.people.values()
        ]
        tx.people.replace(staff, list(directory.departments.values()))

    await database.run(unit)
    await database.aclose()


async def _suppliers(path: Path) -> None:
    """Put the process in force, with a second buyer and a second inspector."""
    text = files("workflows.processes").joinpath("supplier.toml").read_text(encoding="utf-8")
    loaded = load_definition(text, file="supplier.toml")
    database = SqliteDatabase(path, inline=True)

    def unit(tx: Tx) -> None:
        tx.definitions.publish(
            key=SUPPLIER, hash=loaded.hash, text=loaded.text, at=YEAR, by="system"
        )
        directory = tx.people.directory()
        staff = list(directory.people.values())
        for person, second in BESIDE.items():
            one = directory.by_id(person)
            assert one is not None
            staff.append(replace(one, key=f"p_{second.replace('.', '')}", id=second, name=second))
        tx.people.replace(staff, list(directory.departments.values()))

    await database.run(unit)
    await database.aclose()


@functools.cache
def office(zone: str) -> Office:
    """The company in a time zone."""
    with sample.CONFIG.open("rb") as file:
        company = {**tomllib.load(file)["company"], "timezone": zone}
    settings = CompanySettings.model_validate(company)
    return make_office(settings, clock=HandClock(YEAR), ids=CountedIds())


def ids() -> CountedIds:
    """The ids of one play."""
    found = CountedIds()
    for _ in range(1000):  # people have the first of them
        found.new("used")
    return found


def memory() -> str | None:
    """The folder of files that need not survive, if the machine has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
