"""The bot: `closeloop run`."""

from __future__ import annotations

import asyncio
import contextlib
import platform
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import structlog
from pydantic import BaseModel, SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.app.assembly import (
    Engine,
    Step,
    assemble,
    for_people,
    keep_count,
    open_dashboard,
    open_forms,
    surround,
)
from bot.app.deployment import make_office, open_database, open_files, settle_key, survey_key
from bot.app.platforms import Platform, open_platforms
from bot.app.signals import stop_signals
from bot.config import CHATS, Config
from bot.findings import finding, terminal_words
from bot.logs import set_up_logs
from bot.renderer import Renderer
from bot.runtime.guard import ClockGuard, Gate
from bot.runtime.surroundings import Surroundings
from bot.runtime.watched import WatchedDatabase
from bot.runtime.webserver import PortTaken, WebServer, bind, granted
from bot.system import share_interpreter
from handlers.conversation.one_platform import Conversation
from handlers.i18n import Translator
from handlers.office import Office
from handlers.rendering.jobs import Render
from workflows.errors import ConfigError
from workflows.ports import Files

if TYPE_CHECKING:
    import socket

    from bot.directory_source import FoundPerson
    from bot.runtime.hook_client import HookClient
    from bot.runtime.mail_client import MailClient
    from storage.filesystem import FileFolder

log = structlog.stdlib.get_logger("closeloop")


def run_bot(config: Config, *, words: Translator | None = None) -> int:
    """Run the bot until a signal asks it to stop; return the exit code.

    Raises ConfigError or StorageError, before anything is started, when it cannot start.
    """
    set_up_logs(secrets=secrets_in(config))
    share_interpreter()
    listening = _listen(config, words or terminal_words())
    try:
        return asyncio.run(_run(config, listening))
    finally:
        listening.close()


def _listen(config: Config, words: Translator) -> socket.socket:
    try:
        return bind(config.http.host, config.http.port)
    except OSError as error:
        code = "port_taken" if isinstance(error, PortTaken) else "no_address"
        place = f"{config.http.host}:{config.http.port}"
        found = finding(code, words=words, file="[http]", where="port", place=place)
        raise ConfigError([found]) from error


async def _run(config: Config, listening: socket.socket) -> int:
    database = await open_database(config, exclusive=True)
    settle_key(config)
    renderer = Renderer()
    clients = _hook_clients(config)
    owner = f"{platform.node()}:{config.http.port}"
    try:
        around = surround(database, _office(config))
        files = open_files(config.storage.files)
        converse = partial(
            Conversation,
            db=for_people(database, around),
            files=files,
            office=around.office,
            render=renderer,
        )
        turned_away = keep_count(around).turned_away
        platforms = open_platforms(config, converse, owner=owner, turned_away=turned_away)
        engine = assemble(
            database,
            around,
            platforms={one.name: one.chat for one in platforms},
            gate=ClockGuard,
            owner=owner,
            folder=files,
            render=renderer,
            clients=clients,
            reading=_reading(config, around, owner=owner),
            mail_client=_mail_client(config),
        )
        engine.health.platforms = {one.name: one.connected for one in platforms}
        database.on_commit = engine.service.committed
        pages = [*engine.pages.routes(), *(route for one in platforms for route in one.routes())]
        for_pages = for_people(database, around)
        pages += _open_pages(config, around, db=for_pages, files=files, render=renderer)
        dashboard = open_dashboard(
            around, db=for_pages, office=around.office, proxied=config.http.proxy
        )
        server = WebServer(
            Starlette(routes=[*pages, *dashboard.routes()]),
            listening=listening,
            limits=granted(proxied=config.http.proxy),
            turned_away=turned_away,
        )
        async with contextlib.aclosing(dashboard):
            return await _serve(engine, server, platforms, renderer)
    finally:
        await renderer.aclose()
        await _each(client.aclose() for client in clients)
        await database.aclose()


def _office(config: Config) -> Office:
    """Return what the use cases need, with the clock of this machine."""
    return make_office(
        config.company,
        limits=config.storage.limits(),
        hooks=config.webhooks.hooks(),
        mails=config.smtp.way,
        public_url=config.http.public_url,
        survey_key=survey_key(config),
    )


def _hook_clients(config: Config) -> list[HookClient]:
    """Return a client for each system that gets webhooks."""
    targets = config.webhooks.addresses()
    if not targets:
        return []
    from bot.runtime.hook_client import HookClient  # its library takes long to load

    return [HookClient(target) for target in targets]


def _open_pages(
    config: Config, around: Surroundings, *, db: WatchedDatabase, files: FileFolder, render: Render
) -> Iterator[BaseRoute]:
    """Yield the routes for people and systems outside, as far as they are configured."""
    if config.api.tokens:
        yield open_api(config, around, db=db, files=files, render=render)
    if config.people.source == "scim":
        yield open_scim(config, around, db=db)
    if config.web_forms.keys:
        proxied, settings = config.http.proxy, config.web_forms
        yield open_forms(settings, around, db=db, files=files, render=render, proxied=proxied)


def _reading(config: Config, around: Surroundings, *, owner: str) -> Callable[[Gate], Step] | None:
    """Return what reads people from LDAP at intervals, where the configuration says so."""
    if config.people.source != "ldap" or not config.ldap.every:
        return None
    from bot.directory_sync import source_of
    from bot.ldap_people import found_people
    from bot.ldap_reading import read_directory
    from bot.runtime.directory_reading import DirectoryReading

    async def read() -> Sequence[FoundPerson]:
        return found_people(await read_directory(config.ldap), config.ldap)

    def step(gate: Gate) -> Step:
        reading = DirectoryReading(
            around,
            gate=gate,
            source=source_of(config),
            read=read,
            every=config.ldap.interval,
            owner=owner,
        )
        return reading.step

    return step


def open_scim(config: Config, around: Surroundings, *, db: WatchedDatabase) -> BaseRoute:
    """Return the route by which a system provisions people."""
    from bot.directory_sync import source_of
    from bot.web.access import Access
    from bot.web.scim import ScimApi
    from handlers.systems import System

    token = config.scim.token
    assert token is not None, "the configuration was checked"
    access = Access(
        {token.get_secret_value(): System(name="scim", audiences=())},
        requests_a_minute=config.scim.requests_a_minute,
        seconds=around.steady.seconds,
        turned_away=keep_count(around).turned_away,
        by_address=not config.http.proxy,
    )
    api = ScimApi(access=access, db=db, office=around.office, source=source_of(config))
    return api.route()


def _mail_client(config: Config) -> MailClient | None:
    """Return the client of the mail server, if there is one."""
    if not config.smtp.host:
        return None
    from bot.runtime.mail_client import MailClient  # its library takes long to load

    return MailClient(config.smtp)


def open_api(
    config: Config, around: Surroundings, *, db: WatchedDatabase, files: Files, render: Render
) -> BaseRoute:
    """Return the route of the HTTP API for the systems of a configuration."""
    from bot.web.access import Access
    from bot.web.api import Api

    access = Access(
        {one.token.get_secret_value(): one.system() for one in config.api.tokens},
        requests_a_minute=config.api.requests_a_minute,
        seconds=around.steady.seconds,
        turned_away=keep_count(around).turned_away,
        by_address=not config.http.proxy,
    )
    return Api(access=access, db=db, files=files, office=around.office, render=render).route()


async def _serve(
    engine: Engine, server: WebServer, platforms: Sequence[Platform], renderer: Renderer
) -> int:
    stopping = asyncio.Event()
    with stop_signals(stopping):
        server.start()
        starting = asyncio.ensure_future(_start(engine, server, platforms))
        stop = asyncio.ensure_future(stopping.wait())
        failed = asyncio.ensure_future(server.ended())
        try:
            await asyncio.wait({starting, stop, failed}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting  # raises the error of the start
                await asyncio.wait({stop, failed}, return_when=asyncio.FIRST_COMPLETED)
            log.info("stopping")
        finally:
            await renderer.aclose()  # does not wait for a document that is being rendered
            for task in (
                starting,
                stop,
                failed,
            ):  # does not wait for a platform that does not answer
                task.cancel()
            await asyncio.gather(starting, stop, failed, return_exceptions=True)
            await _stop(engine, server, platforms)
        log.info("stopped")
    return 0 if stopping.is_set() else 70


async def _start(engine: Engine, server: WebServer, platforms: Sequence[Platform]) -> None:
    for one in platforms:
        await one.start()
    await engine.service.start()
    _say_what_runs(server, platforms)


async def _stop(engine: Engine, server: WebServer, platforms: Sequence[Platform]) -> None:
    """Stop everything in order, within ten seconds.

    The limits are 4 s for interactions, 3.5 s for messages, 0.5 s for connections, 1.5 s for web
    pages.
    """
    await _each(one.stop() for one in platforms)
    await engine.service.stop()
    await _each(one.aclose() for one in platforms)
    await server.stop()


async def _each(ends: Iterable[Awaitable[None]]) -> None:
    for error in await asyncio.gather(*ends, return_exceptions=True):
        if isinstance(error, BaseException):
            log.error("shutdown_failed", exc_info=error)


def _say_what_runs(server: WebServer, platforms: Sequence[Platform]) -> None:
    log.info("started", http=server.address, platforms=[one.name for one in platforms])
    if not platforms:
        sections = " or ".join(f"[{name}]" for name in CHATS)
        hint = f"enable {sections}: timers fire, messages wait"
        log.warning("no_platform_enabled", hint=hint)


def secrets_in(settings: BaseModel) -> Iterator[str]:
    """Yield every secret of a configuration, at any depth."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from secrets_in(value)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, SecretStr):
                    yield one.get_secret_value()
                elif isinstance(one, BaseModel):
                    yield from secrets_in(one)
