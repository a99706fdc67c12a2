"""Background work after an acknowledgement: it is tracked, and awaited at shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.stdlib.get_logger("closeloop.slack")


class Inflight:
    """The payloads that are being handled, and the background tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._once: set[str] = set()
        self._handling = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def spawn(self, work: Coroutine[Any, Any, Any], *, what: str) -> asyncio.Task[Any]:
        """Run a coroutine in the background; an exception is logged as `what`."""
        return self.adopt(asyncio.ensure_future(work), what=what)

    def once(self, name: str, work: Callable[[], Coroutine[Any, Any, None]], *, what: str) -> None:
        """Run `work` in the background, unless work with this name is running already."""
        if name in self._once:
            return
        self._once.add(name)

        async def guarded() -> None:
            try:
                await work()
            finally:
                self._once.discard(name)

        self.spawn(guarded(), what=what)

    def adopt(self, task: asyncio.Task[Any], *, what: str) -> asyncio.Task[Any]:
        """Track a task that is running; an exception is logged as `what`."""
        self._tasks.add(task)

        def ended(done: asyncio.Task[Any]) -> None:
            self._tasks.discard(done)
            if not done.cancelled() and (error := done.exception()) is not None:
                log.error("slack_work_failed", what=what, exc_info=error)

        task.add_done_callback(ended)
        return task

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Count a payload that was received and is not acknowledged yet."""
        self._handling += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._handling -= 1
            if not self._handling:
                self._quiet.set()

    async def quiet(self, *, within: float) -> None:
        """Wait until all payloads are acknowledged, at most `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("slack_handling_cut_off", count=self._handling)

    async def idle(self) -> None:
        """Wait until no background task is left."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def drained(self, *, within: float) -> None:
        """Wait until no background task is left; after `within` seconds cancel the others."""
        deadline = asyncio.get_running_loop().time() + within
        while self._tasks:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await asyncio.wait(set(self._tasks), timeout=left)
        late = set(self._tasks)
        for task in late:
            task.cancel()
        if late:
            log.warning("slack_work_cut_off", count=len(late))
            await asyncio.gather(*late, return_exceptions=True)
