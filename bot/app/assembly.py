"""Puts the workers of a process together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app.deployment import outage
from bot.runtime.alarms import Alarms
from bot.runtime.audit import Auditor
from bot.runtime.guard import Gate
from bot.runtime.health import Health
from bot.runtime.housekeeping import Housekeeping
from bot.runtime.metrics import Metrics
from bot.runtime.pump import Pump
from bot.runtime.rounds import Rounds
from bot.runtime.sending import Sender
from bot.runtime.service import Service, Worker
from bot.runtime.status_pages import StatusPages
from bot.runtime.sweep import Sweep
from bot.runtime.wakeups import (
    LOOK_ELSEWHERE_S,
    LOOK_ELSEWHERE_SERVER_S,
    SchedulerTicker,
    Wakeups,
)
from bot.runtime.watched import WatchedDatabase
from bot.system import SystemClock, SystemSteady, chance, pause
from handlers.office import Office
from handlers.ports import ChatPort
from storage.database_sqlite import SqliteDatabase

if TYPE_CHECKING:
    from storage.connect import Database

GateMaker = Callable[[WatchedDatabase, Alarms], Gate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything that runs in a process, and the handles to it."""

    db: WatchedDatabase
    office: Office
    service: Service
    sweep: Sweep
    pump: Pump
    rounds: Rounds
    pages: StatusPages


def watched(database: Database, metrics: Metrics) -> WatchedDatabase:
    """The database as everybody gets it."""
    return WatchedDatabase(database, metrics=metrics, steady=SystemSteady())


def assemble(
    *,
    database: Database,
    db: WatchedDatabase,
    metrics: Metrics,
    office: Office,
    platforms: Mapping[str, ChatPort],
    gate: GateMaker,
    owner: str,
) -> Engine:
    """The engine over an open database, ready to be started.

    Without a platform there is no pump: what people are owed waits until there is one.
    """
    steady = SystemSteady()
    alarms = Alarms(metrics)
    health = Health(steady=steady)
    gated = gate(db, alarms)
    sender = Sender(
        db=db,
        office=office,
        platforms=platforms,
        chance=chance,
        pause=pause,
        steady=steady,
        alarms=alarms,
        metrics=metrics,
        outage=outage,
    )
    pump = Pump(db=db, sender=sender, gate=gated, owner=owner)
    sweep = Sweep(
        db=db,
        office=office,
        gate=gated,
        chance=chance,
        alarms=alarms,
        metrics=metrics,
        outage=outage,
    )
    rounds = Rounds(db=db, office=office, gate=gated, alarms=alarms, outage=outage)
    house = Housekeeping(db=db, office=office, alarms=alarms, outage=outage)
    auditor = Auditor(db=db, clock=office.clock, alarms=alarms, metrics=metrics, health=health)
    ticker = SchedulerTicker(clock=SystemClock())
    wakeups = Wakeups(clock=office.clock, ticker=ticker)
    steps = {
        "sweep": sweep.step,
        "rounds": rounds.step,
        **({"pump": pump.step} if platforms else {}),
        "housekeeping": house.step,
        "auditor": auditor.step,
    }
    service = Service(
        workers=[Worker(name=name, step=step, bell=wakeups.bell()) for name, step in steps.items()],
        pump=pump,
        wakeups=wakeups,
        ticker=ticker,
        health=health,
        metrics=metrics,
        alarms=alarms,
        pause=pause,
        chance=chance,
    )
    local = isinstance(database, SqliteDatabase)
    wakeups.look_elsewhere(
        database.changed_elsewhere,
        every=LOOK_ELSEWHERE_S if local else LOOK_ELSEWHERE_SERVER_S,
    )
    return Engine(
        db=db,
        office=office,
        service=service,
        sweep=sweep,
        pump=pump,
        rounds=rounds,
        pages=StatusPages(health=health, metrics=metrics, db=db),
    )
