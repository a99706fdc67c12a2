"""The playground: `closeloop playground`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.app.assembly import (
    Engine,
    assemble,
    for_people,
    keep_count,
    open_dashboard,
    open_forms,
    surround,
)
from bot.app.browser import show_page
from bot.app.deployment import (
    KIND,
    default_data,
    open_files,
    open_kind,
    playground_config,
    playground_office,
)
from bot.app.previews import PREVIEWS
from bot.app.signals import stop_signals
from bot.draft_folder import DraftFolder
from bot.findings import finding, terminal_words
from bot.logs import set_up_logs
from bot.platforms.playground.client import PlaygroundChat
from bot.platforms.playground.web import playground_app
from bot.playground_clock import (
    PlaygroundClock,
    TimeMachine,
    begin_at_opening,
    stored_offset,
)
from bot.playground_desk import PlaygroundDesk, StoredChat
from bot.playground_rehearsals import Rehearsals
from bot.published import put_first_in_force, sample_drafts
from bot.renderer import Renderer
from bot.revisions import Revisions
from bot.runtime.guard import HoldGate
from bot.runtime.webserver import PortTaken, WebServer, address_of, bind
from bot.sample.year.play import LENGTH, play_year
from bot.system import Pause, SystemClock, pause, share_interpreter
from bot.systems_settings import WebForms
from handlers.dashboard.login import DASHBOARD
from handlers.form_links import VIA as FORMS
from handlers.i18n import Translator, translator
from handlers.playground.sample import sample_of
from storage.errors import StorageError
from storage.reset import forget_cases
from workflows.errors import ConfigError
from workflows.moments import SECOND

if TYPE_CHECKING:
    import socket

    from starlette.routing import BaseRoute

    from handlers.office import Office
    from storage.database_sqlite import SqliteDatabase
    from storage.filesystem import FileFolder
    from storage.unit import Tx
    from workflows.ports import TimeSource

log = structlog.stdlib.get_logger("closeloop")

HOST = "127.0.0.1"
PORT = 8765
OWNER = "playground"
# The file with the page's address, and the folder of drafts it follows, beside the database.
ADDRESS = "address"
SETTINGS_KEPT = {KIND}


def run_playground(
    *,
    port: int | None = None,
    data: Path | None = None,
    open_browser: bool = True,
    processes: Path | None = None,
    year: bool = False,
    words: Translator | None = None,
) -> int:
    """Serve the playground until a signal asks it to stop; return the exit code.

    With `processes` it plays the drafts of that folder and follows their changes. With `year` it
    is filled with a year of the sample company's work, unless it was already; Refusal
    `sample_not_empty` if it has other cases.

    Without a port it uses 8765, or any free port. Raises ConfigError when the requested port is in
    use, and StorageError when the data belongs to a running process or to a deployment
    (with the `address` of a playground that has it: `playground_running`, or
    `playground_elsewhere` if it does not follow the folder `processes`).
    """
    words, data = words or terminal_words(), data or default_data()
    set_up_logs(level=logging.WARNING)
    share_interpreter()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    listening = _listen(port, words)
    try:
        return asyncio.run(
            _run(data, listening, words, open_browser=open_browser, processes=processes, year=year)
        )
    finally:
        listening.close()


def _listen(port: int | None, words: Translator) -> socket.socket:
    try:
        return bind(HOST, PORT if port is None else port)
    except PortTaken as error:
        if port is None:
            return bind(HOST, 0)
        found = finding("port_taken", words=words, file="--port", place=str(port))
        raise ConfigError([found]) from error


async def _run(
    data: Path,
    listening: socket.socket,
    words: Translator,
    *,
    open_browser: bool,
    processes: Path | None,
    year: bool,
) -> int:
    def ready(address: str) -> None:
        folder = "" if processes is None else processes.resolve()
        (data / ADDRESS).write_text(f"{address}\n{folder}", encoding="utf-8")
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        if open_browser:
            show_page(address)

    stopping = asyncio.Event()
    opened = opened_playground(
        data, words=words, clock=SystemClock(), processes=processes, year=year
    )
    async with opened as playground:
        with stop_signals(stopping):
            return await playground.serve(listening, stopping=stopping, ready=ready)


@contextlib.asynccontextmanager
async def opened_playground(
    data: Path,
    *,
    words: Translator,
    clock: TimeSource,
    rest: Pause = pause,
    processes: Path | None = None,
    year: bool = False,
) -> AsyncIterator[Playground]:
    """Open the playground over a folder of data, and close it at the end of the context.

    `clock` is the machine's; `rest` waits between two steps of a rehearsal; `processes` is a folder
    of drafts to play; `year` fills the playground as `run_playground` says. Raises StorageError
    when the data belongs to a running process or to a deployment.
    """
    url = playground_config(data).storage.url
    try:
        database = await open_kind(url, kind="playground", exclusive=True)
    except StorageError as error:
        raise _running(error, data, processes) from error
    address = data / ADDRESS
    address.unlink(missing_ok=True)  # of a playground that was killed
    try:
        opened = await Playground.opened(database, data, words, machine_clock=clock, rest=rest)
        if year and not await database.read(sample_of):
            sys.stderr.write(f"{words.t('cli.playground.loading')}\n")
            await opened.load_year()
        if processes is not None:
            await opened.play_drafts(processes)
        yield opened
    finally:
        address.unlink(missing_ok=True)
        await database.aclose()


def _running(error: StorageError, data: Path, processes: Path | None) -> StorageError:
    """Return the error that names the address of the playground that has the data.

    It is another one where the folder of drafts is not that which this playground follows. Any
    other error, and that of a playground without a page, is returned unchanged.
    """
    with contextlib.suppress(OSError):
        if error.code == "database_in_use":
            kept = (data / ADDRESS).read_text(encoding="utf-8")
            address, _, follows = kept.partition("\n")
            other = processes is not None and follows != str(processes.resolve())
            code = "playground_elsewhere" if other else "playground_running"
            facts = {**error.facts, "folder": str(processes or "")}
            return StorageError(code, address=address, **facts)
    return error


class Playground:
    """The parts of a running playground."""

    def __init__(
        self,
        *,
        database: SqliteDatabase,
        files: FileFolder,
        engine: Engine,
        renderer: Renderer,
        clock: PlaygroundClock,
        revisions: Revisions,
        words: Translator,
        rest: Pause,
    ) -> None:
        self._database = database
        self._files = files
        self._engine = engine
        self._renderer = renderer
        self._clock = clock
        self._revisions = revisions
        self._words = words
        self._rest = rest
        self._drafts: DraftFolder | None = None

    @classmethod
    async def opened(
        cls, database: Any, data: Path, words: Translator, *, machine_clock: TimeSource, rest: Pause
    ) -> Playground:
        """Open the playground; at the first start it gets the sample company."""
        config = playground_config(data)
        clock = PlaygroundClock(machine_clock, offset=await database.read(stored_offset))
        office = playground_office(config, clock=clock)
        around = surround(database, office)
        chat = PlaygroundChat(StoredChat(around.db, clock), now=clock.now)
        files, renderer = open_files(config.storage.files), Renderer()
        engine = assemble(
            database,
            around,
            platforms={chat.name: chat},
            gate=HoldGate,
            owner=OWNER,
            folder=files,
            render=renderer,
        )
        revisions = Revisions(first=SystemClock().now() // SECOND, pause=pause)

        def committed() -> None:
            revisions.advance()
            engine.service.committed()

        database.on_commit = committed
        playground = cls(
            database=database,
            files=files,
            engine=engine,
            renderer=renderer,
            clock=clock,
            revisions=revisions,
            words=words,
            rest=rest,
        )
        await playground.furnish()
        return playground

    async def furnish(self) -> None:
        """Publish company and processes, a year ago, where nothing is published yet."""
        if await self._database.read(lambda tx: bool(tx.definitions.current())):
            return
        drafts = sample_drafts(words=self._words)
        office = self._engine.around.office

        def first(tx: Tx) -> None:
            begin_at_opening(tx, self._clock, office.calendar)
            put_first_in_force(tx, drafts, ids=office.ids, at=office.clock.now() - LENGTH)

        await self._database.run(first)

    async def load_year(self) -> None:
        """Fill the playground with the year of the sample company that ends now.

        No worker runs a step meanwhile. Raises Refusal `sample_not_empty` if it has cases.
        """
        now, office, write = self._clock.now(), self._engine.around.office, self._files.write_here
        async with self._engine.service.standing_still():
            await self._database.run(lambda tx: play_year(tx, office, until=now, write_file=write))
            self._engine.rounds.restart()

    async def play_drafts(self, folder: Path) -> None:
        """Put the drafts of a folder in force, now and whenever they change."""
        self._drafts = DraftFolder(
            folder,
            db=self._engine.around.db,
            office=self._engine.around.office,
            words=self._words,
            tell=self._revisions.advance,
        )
        await self._drafts.look()

    async def begin_again(self) -> None:
        """Delete all cases and reset the clock, while no worker runs a step."""
        async with self._engine.service.standing_still():
            await self._database.run(lambda tx: forget_cases(tx, settings=SETTINGS_KEPT))
            await asyncio.to_thread(shutil.rmtree, self._files.folder, ignore_errors=True)
            self._clock.put_back()
            office = self._engine.around.office
            await self._database.run(lambda tx: begin_at_opening(tx, self._clock, office.calendar))
            self._engine.rounds.restart()

    def _desk(self, rehearsals: Rehearsals, *, office: Office) -> PlaygroundDesk:
        engine = self._engine
        return PlaygroundDesk(
            db=for_people(self._database, engine.around),
            files=self._files,
            office=office,
            clock=self._clock,
            machine=TimeMachine(
                db=engine.around.db,
                clock=self._clock,
                office=engine.around.office,
                service=engine.service,
                sweep=engine.sweep,
                rounds=engine.rounds,
                works=engine.works,
                pump=engine.pump,
            ),
            revisions=self._revisions,
            rehearsals=rehearsals,
            begin_again=self.begin_again,
            load_year=self.load_year,
            render=self._renderer,
        )

    def _forms(self) -> BaseRoute:
        """Return the route of the web forms, whose addresses are signed with a key of this run."""
        return open_forms(
            WebForms.model_validate({"keys": (secrets.token_urlsafe(32),)}),
            self._engine.around,
            db=for_people(self._database, self._engine.around),
            files=self._files,
            render=self._renderer,
            makes_links=True,
        )

    async def serve(
        self, listening: socket.socket, *, stopping: asyncio.Event, ready: Callable[[str], None]
    ) -> int:
        """Serve the page until `stopping` is set; return the exit code.

        `ready` is called with the address.
        """
        engine = self._engine
        rehearsals = Rehearsals(pause=self._rest, tell=self._revisions.turn)
        office = replace(engine.around.office, public_url=address_of(listening))
        desk = self._desk(rehearsals, office=office)
        dashboard = open_dashboard(
            engine.around,
            db=for_people(self._database, engine.around),
            office=office,
            as_anybody=True,
        )
        app = playground_app(
            desk,
            texts=lambda language: translator(language).texts(""),
            stopping=stopping,
            previews=PREVIEWS,
            drafts=self._drafts,
            extra=[*engine.pages.routes(), self._forms(), *dashboard.routes()],
            signed=(f"/{FORMS}/", f"/{DASHBOARD}/"),
        )
        count = keep_count(engine.around).turned_away
        server = WebServer(app, listening=listening, turned_away=count)
        server.start()
        await engine.service.start()
        ready(server.address)
        drafts = () if self._drafts is None else (self._drafts.follow(pause),)
        following = [asyncio.ensure_future(one) for one in drafts]
        ended = asyncio.ensure_future(server.ended())
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        stopping.set()
        await self._renderer.aclose()
        await rehearsals.aclose()
        await dashboard.aclose()
        await engine.service.stop()
        await server.stop()
        code = 70 if ended.done() and not stop.done() else 0
        for task in (ended, stop, *following):
            task.cancel()
        return code
