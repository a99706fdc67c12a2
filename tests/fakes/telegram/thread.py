"""The fake in a thread of its own, for tests that start programs and wait for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.fakes.telegram.fake import TelegramFake

Result = TypeVar("Result")
PATIENCE = 60


class TelegramThread:
    """`with TelegramThread() as telegram: telegram.run(li.says("hello"))`."""

    def __init__(self, fake: TelegramFake | None = None) -> None:
        self.fake = fake or TelegramFake()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self.fake.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.run(self.fake.stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def run(self, work: Coroutine[Any, Any, Result], *, within: float = PATIENCE) -> Result:
        """What a person does, or waits for."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within)

    def do(self, act: Callable[[], Result]) -> Result:
        """Something that does not wait, such as pressing without looking or planting a fault."""

        async def acted() -> Result:
            return act()

        return self.run(acted())
