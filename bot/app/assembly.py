"""Creates the workers of a process and connects them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.app.deployment import outage
from bot.runtime.alarms import Alarms
from bot.runtime.audit import Auditor
from bot.runtime.guard import ClockWatch, Gate
from bot.runtime.health import Health
from bot.runtime.housekeeping import Housekeeping
from bot.runtime.indexing import Indexing
from bot.runtime.metrics import Metrics
from bot.runtime.outsiders import Outsiders
from bot.runtime.pump import Pump
from bot.runtime.rounds import Rounds
from bot.runtime.sending import Sender
from bot.runtime.service import Service, Worker
from bot.runtime.status_pages import StatusPages
from bot.runtime.surroundings import Surroundings
from bot.runtime.sweep import Sweep
from bot.runtime.tidying import Tidying
from bot.runtime.wakeups import (
    LOOK_ELSEWHERE_S,
    LOOK_ELSEWHERE_SERVER_S,
    SchedulerTicker,
    Wakeups,
)
from bot.runtime.watched import SecurityLog, WatchedDatabase
from bot.runtime.writing import Writing
from bot.system import SystemClock, SystemSteady, chance, pause
from handlers.conversation.ports import ChatPort
from handlers.office import Office
from storage.database_sqlite import SqliteDatabase
from storage.filesystem import FileFolder
from workflows.moments import Moment

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.runtime.hook_client import HookClient
    from bot.runtime.mail_client import MailClient
    from bot.runtime.works import Works
    from bot.systems_settings import WebForms
    from bot.web.dashboard import Dashboard
    from handlers.rendering.jobs import Render
    from storage.connect import Database


Step = Callable[[], Coroutine[Any, Any, Moment | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything that runs in a process, and the handles to it."""

    around: Surroundings
    service: Service
    sweep: Sweep
    rounds: Rounds
    works: Works | None
    pump: Pump
    pages: StatusPages
    health: Health


def surround(database: Database, office: Office) -> Surroundings:
    """Return the dependencies of the workers on this machine."""
    metrics, steady = Metrics(), SystemSteady()
    office = replace(office, watch=SecurityLog(metrics))
    return Surroundings(
        db=WatchedDatabase(database.behind(), metrics=metrics, steady=steady),
        office=office,
        chance=chance,
        pause=pause,
        steady=steady,
        alarms=Alarms(metrics),
        metrics=metrics,
        apart=asyncio.to_thread,
        outage=outage,
    )


def keep_count(around: Surroundings) -> Outsiders:
    """Return the counter of refused requests, which logs and counts them in the metrics."""
    return Outsiders(count=around.metrics.turned_away, seconds=around.steady.seconds)


def for_people(database: Database, around: Surroundings) -> WatchedDatabase:
    """Return the database for desks: people's units have priority over those of workers."""
    return WatchedDatabase(database, metrics=around.metrics, steady=around.steady)


def open_forms(
    settings: WebForms,
    around: Surroundings,
    *,
    db: WatchedDatabase,
    files: FileFolder,
    render: Render,
    proxied: bool = False,
    makes_links: bool = False,
) -> BaseRoute:
    """Return the route of the web forms, see `WebFormRoutes`."""
    from bot.web.forms import WebFormRoutes

    forms = WebFormRoutes(
        settings,
        db=db,
        files=files,
        office=around.office,
        render=render,
        seconds=around.steady.seconds,
        turned_away=keep_count(around).turned_away,
        proxied=proxied,
        makes_links=makes_links,
    )
    return forms.route()


def open_dashboard(
    around: Surroundings,
    *,
    db: WatchedDatabase,
    office: Office,
    proxied: bool = False,
    as_anybody: bool = False,
) -> Dashboard:
    """Return the dashboard, see `Dashboard`; `office` has the public address."""
    from bot.web.dashboard import Dashboard
    from bot.web.figures import FigureKeeper

    return Dashboard(
        db=db,
        office=office,
        figures=FigureKeeper(db=around.db, office=office),
        seconds=around.steady.seconds,
        turned_away=keep_count(around).turned_away,
        proxied=proxied,
        as_anybody=as_anybody,
    )


def assemble(
    database: Database,
    around: Surroundings,
    *,
    platforms: Mapping[str, ChatPort],
    gate: Callable[[Surroundings], Gate],
    owner: str,
    folder: FileFolder | None = None,
    clients: Sequence[HookClient] = (),
    reading: Callable[[Gate], Step] | None = None,
    mail_client: MailClient | None = None,
    render: Render | None = None,
) -> Engine:
    """Return the engine over an open database, not started.

    Without a platform messages wait. With the folder of uploads, unused files in it are deleted;
    with `render`, too, works are done. `clients` send webhooks; `reading` returns the step of LDAP.
    """
    gated, alone = gate(around), isinstance(database, SqliteDatabase)  # one bot for each file
    health, writing = Health(steady=around.steady), Writing(around)
    sweep, rounds = Sweep(around, gate=gated), Rounds(around, gate=gated)
    works = _works(around, gated, folder, render)
    pump = Pump(Sender(around=around, platforms=platforms), gate=gated, owner=owner, alone=alone)
    steps = {
        "sweep": sweep.step,
        "rounds": rounds.step,
        **({"pump": pump.step} if platforms else {}),
        **({"works": works.step} if works is not None else {}),
        **_watches(around, gated, health, writing),
        **_chores(around, database, folder),
        **_other_systems(around, gated, clients, reading, mail_client),
    }
    wakeups = _wakeups(database, around, alone=alone)
    service = Service(
        workers=[Worker(name=one, step=step, bell=wakeups.bell()) for one, step in steps.items()],
        pump=pump,
        wakeups=wakeups,
        health=health,
        around=around,
    )
    return Engine(
        around=around,
        service=service,
        sweep=sweep,
        rounds=rounds,
        works=works,
        pump=pump,
        pages=_pages(around, health, writing),
        health=health,
    )


def _watches(
    around: Surroundings, gate: Gate, health: Health, writing: Writing
) -> Mapping[str, Step]:
    """Return the steps of the workers that watch the clock, the proof and the database."""
    return {
        "clock": ClockWatch(around, gate=gate).step,
        "auditor": Auditor(around, health=health).step,
        "writing": writing.step,
    }


def _chores(
    around: Surroundings, database: Database, folder: FileFolder | None
) -> Mapping[str, Step]:
    """Return the steps of the workers that keep the database and the uploads in order."""
    steps = {"housekeeping": Housekeeping(around).step, "indexing": Indexing(around).step}
    if folder is not None:
        steps["tidying"] = Tidying(around, folder=folder, scrubbed=database).step
    return steps


def _works(
    around: Surroundings, gate: Gate, folder: FileFolder | None, render: Render | None
) -> Works | None:
    """Return the worker that does what the product does itself in cases."""
    if folder is None or render is None:
        return None
    from bot.runtime.works import Works  # what rehearses takes long to load

    return Works(around, gate=gate, files=folder, render=render, apart=asyncio.to_thread)


def _other_systems(
    around: Surroundings,
    gate: Gate,
    clients: Sequence[HookClient],
    reading: Callable[[Gate], Step] | None,
    mail_client: MailClient | None,
) -> Mapping[str, Step]:
    """Return the step of a worker for each system that gets webhooks, for LDAP, and for mails."""
    steps = {} if reading is None else {"directory": reading(gate)}
    steps |= _mail_sender(around, gate, mail_client)
    if not clients:
        return steps
    from bot.runtime.webhooks import HookSender  # its library takes long to load

    return steps | {
        f"webhooks {number} {client.target.name}": HookSender(around, gate=gate, client=client).step
        for number, client in enumerate(clients, start=1)
    }


def _mail_sender(around: Surroundings, gate: Gate, client: MailClient | None) -> Mapping[str, Step]:
    """Return the step of the worker that sends mails, where there is a mail server."""
    if client is None:
        return {}
    from bot.runtime.mails import MailSender  # its library takes long to load

    return {"mails": MailSender(around, gate=gate, client=client).step}


def _pages(around: Surroundings, health: Health, writing: Writing) -> StatusPages:
    return StatusPages(
        health=health,
        metrics=around.metrics,
        db=around.db,
        clock=around.clock,
        writing=writing,
    )


def _wakeups(database: Database, around: Surroundings, *, alone: bool) -> Wakeups:
    wakeups = Wakeups(clock=around.clock, ticker=SchedulerTicker(clock=SystemClock()))
    look_every = LOOK_ELSEWHERE_S if alone else LOOK_ELSEWHERE_SERVER_S
    wakeups.look_elsewhere(database.changed_elsewhere, every=look_every)
    return wakeups
