"""The real playground on a free loopback port, in a thread of its own, with a clock of the test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from bot.app.playground import HOST, opened_playground
from bot.runtime.webserver import bind
from bot.system import pause
from handlers.i18n import translator
from tests.fakes.ports import HandClock
from tests.office import moment
from workflows.moments import Moment

MORNING = moment("2026-03-09 09:20")  # a Monday; the office is open
LIMIT_S = 30.0


class Rests:
    """The rests of a rehearsal between two bits: as usual, or until a test lets it go on."""

    def __init__(self) -> None:
        self._going_on = threading.Event()
        self.end()

    def hold(self) -> None:
        """The rest after the next bit does not end by itself."""
        self._going_on.clear()

    def end(self) -> None:
        """It ends, and the following ones as usual."""
        self._going_on.set()

    async def __call__(self, seconds: float) -> None:
        await pause(seconds)
        await asyncio.to_thread(self._going_on.wait)


@contextmanager
def served(
    data: Path,
    *,
    machine_time: Moment = MORNING,
    rests: Rests | None = None,
    processes: Path | None = None,
) -> Iterator[str]:
    """The address of a playground over this folder of data; stopped as by a signal.

    The machine's clock stands still: time passes only as the page moves it.
    """
    data.mkdir(parents=True, exist_ok=True)
    address: Future[str] = Future()
    stop: Future[None] = Future()
    rest = rests or Rests()

    async def serve() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.add_done_callback(lambda _: loop.call_soon_threadsafe(stopping.set))
        words, clock = translator("en"), HandClock(machine_time)
        opening = opened_playground(data, words=words, clock=clock, rest=rest, processes=processes)
        async with opening as playground:
            listening = bind(HOST, 0)
            code = await playground.serve(listening, stopping=stopping, ready=address.set_result)
        assert code == 0

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if address.done():
                raise
            address.set_exception(error)

    thread = threading.Thread(target=run, name="playground")
    thread.start()
    try:
        place = address.result(LIMIT_S)
    except BaseException:
        thread.join(LIMIT_S)
        raise
    try:
        yield place
    finally:
        rest.end()
        stop.set_result(None)
        thread.join(LIMIT_S)
        assert not thread.is_alive(), "the server did not end"
