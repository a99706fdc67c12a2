"""A fake in a thread of its own, for tests that start programs and wait for them without a loop.

with Threaded(FakeSlack) as slack:
    ana = slack.do(lambda: slack.fake.person("Ana"))
    ... start the process with slack.fake.api_url ...
    slack.run(slack.fake.connected())
    slack.run(ana.slash("/complaint"))
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, Self, TypeVar

T = TypeVar("T")
LONGEST_S = 120.0


class Fake(Protocol):
    """What serves from `start` to `stop`."""

    async def start(self) -> object: ...

    async def stop(self) -> object: ...


F = TypeVar("F", bound=Fake)


class Threaded(Generic[F]):
    """Everything that touches the fake goes through `run` or `do`."""

    fake: F

    def __init__(self, make: Callable[[], F]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="fake", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.fake = self.do(self._make)
        self.run(self.fake.start())
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.run(self.fake.stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(LONGEST_S)
            self._loop.close()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """Does it in the fake's thread and waits for the result."""
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(LONGEST_S)

    def do(self, deed: Callable[[], T]) -> T:
        """As `run`, for what is not awaited."""

        async def done() -> T:
            return deed()

        return self.run(done())
