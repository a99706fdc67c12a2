"""A process of the bot inside the test: its tasks and connections, so that a test can kill it.

A task of the bot belongs to the process that started it, directly or through other tasks: the
process is in their context. Tasks of libraries end with the task of the bot that waits for them.
Connections are recorded where the event loop opens them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any

from tests.house.source import ROOT

_BOT = str(ROOT / "bot")
_RUNNING: ContextVar[Process | None] = ContextVar("running", default=None)


class Process:
    """Tasks that end together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in this process, with all that it starts."""
        context = copy_context()
        context.run(_RUNNING.set, self)
        await asyncio.get_running_loop().create_task(work, context=context)

    async def kill(self) -> None:
        """End all that runs in it, wherever it is, as `kill -9` does."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def add(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Connections:
    """The connections that were opened in this event loop."""

    def __init__(self) -> None:
        self._open: list[asyncio.BaseTransport] = []

    def abort(self) -> None:
        """Cut them, as a system does with those of a process that has ended.

        The client library forgets one now and then when a call is cancelled.
        """
        for transport in self._open:
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        self._open.clear()

    def add(self, transport: asyncio.BaseTransport) -> None:
        self._open.append(transport)


def observe(loop: asyncio.AbstractEventLoop) -> Connections:
    """Have the loop tell which process starts a task, and which connections are opened."""
    connections = Connections()
    connect = loop.create_connection

    async def noted(*args: Any, **named: Any) -> Any:
        transport, protocol = await connect(*args, **named)
        connections.add(transport)
        return transport, protocol

    loop.create_connection = noted  # type: ignore[method-assign]
    loop.set_task_factory(_start)
    return connections


def _start(
    loop: asyncio.AbstractEventLoop, coro: Any, *, context: Context | None = None, **more: Any
) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, context=context, **more)
    process = _RUNNING.get() if context is None else context.get(_RUNNING)
    code = getattr(coro, "cr_code", None)
    if process is not None and code is not None and code.co_filename.startswith(_BOT):
        process.add(task)
    return task
