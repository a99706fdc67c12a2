"""The bot: `closeloop run`."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import structlog
from pydantic import BaseModel, SecretStr

from bot.app.assembly import Engine, assemble, surround
from bot.app.deployment import make_office, open_database
from bot.app.signals import stop_signals
from bot.config import Config
from bot.findings import finding, terminal_words
from bot.logs import set_up_logs
from bot.runtime.guard import ClockGuard
from bot.runtime.webserver import PortTaken, WebServer, bind
from handlers.i18n import Translator
from handlers.ports import ChatPort
from workflows.errors import ConfigError

if TYPE_CHECKING:
    import socket

log = structlog.stdlib.get_logger("closeloop")


def run_bot(config: Config, *, words: Translator | None = None) -> int:
    """Runs what is in force until a signal says stop; the exit code.

    Raises ConfigError or StorageError, before anything was started, when it cannot be started.
    """
    set_up_logs(secrets=_secrets(config))
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
    try:
        office = make_office(config.company)
        engine = assemble(
            database,
            surround(database, office),
            platforms=_platforms(config),
            gate=ClockGuard,
            owner=f"{platform.node()}:{config.http.port}",
        )
        database.on_commit = engine.service.committed
        return await _serve(engine, listening, enabled=bool(_platforms(config)))
    finally:
        await database.aclose()


async def _serve(engine: Engine, listening: socket.socket, *, enabled: bool) -> int:
    from starlette.applications import Starlette

    stopping = asyncio.Event()
    server = WebServer(Starlette(routes=[*engine.pages.routes()]), listening=listening)
    with stop_signals(stopping):
        server.start()
        await engine.service.start()
        log.info("started", http=server.address)
        if not enabled:
            log.warning(
                "no_platform_enabled",
                hint="enable [slack] or [telegram]: timers fire, messages wait",
            )
        stop, failed = asyncio.ensure_future(stopping.wait()), asyncio.ensure_future(server.ended())
        await asyncio.wait({stop, failed}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        await engine.service.stop()
        await server.stop()
        for task in (stop, failed):
            task.cancel()
        log.info("stopped")
    return 0 if stopping.is_set() else 70


def _platforms(config: Config) -> Mapping[str, ChatPort]:
    """The adapters that the configuration enables."""
    return {}


def _secrets(settings: BaseModel) -> Iterator[str]:
    """Every secret of a configuration, however deep."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _secrets(value)
