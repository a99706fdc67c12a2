"""The fake in a thread of its own, for tests that drive a separate process without a loop.

with SlackThread() as slack:
    ana = slack.do(lambda: slack.fake.person("Ana"))
    ... start the process with slack.fake.api_url ...
    slack.run(slack.fake.connected())
    slack.run(ana.slash("/complaint"))
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from tests.fakes.slack.fake import FakeSlack

T = TypeVar("T")
LONGEST = 120.0


class SlackThread:
    """Everything that touches the fake goes through `run` or `do`."""

    fake: FakeSlack

    def __init__(self, make: Callable[[], FakeSlack] = FakeSlack) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="fake-slack", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.fake = self.do(self._make)
        self.run(self.fake.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.fake.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONGEST)
        self._loop.close()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """Does it in the fake's thread and waits for the result."""
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(LONGEST)

    def do(self, deed: Callable[[], T]) -> T:
        """As `run`, for what is not awaited."""

        async def done() -> T:
            return deed()

        return self.run(done())
