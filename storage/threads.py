"""Threads for calls that block, as SQLite's do: one that writes, a few that read.

The writing thread takes what waits, up to `GROUP` units, also what arrives while it works, and
answers all of them after their common commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from storage.errors import StorageError
from storage.sqlite_writer import Outcome, SqliteWriter, Unit

GROUP = 64
READERS = 4


@dataclass(slots=True, eq=False)
class _Job:
    """A unit, or something to do between the units."""

    unit: Unit | None
    between: Callable[[], Any] | None = None
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    answer: asyncio.Future[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.answer = self.loop.create_future()


class WriterThread:
    """Runs units one after the other, commits them in groups, answers after the commit."""

    def __init__(self, writer: SqliteWriter, *, committed: Callable[[], None]) -> None:
        self._writer = writer
        self._committed = committed
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._next: _Job | None = None  # taken from the queue, but not for this group
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="closeloop-writer", daemon=True)
        self._thread.start()

    def run(self, unit: Unit) -> asyncio.Future[Any]:
        """The unit's value, once it is committed."""
        return self._submit(_Job(unit))

    def between(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """The value of a call that the writing thread makes between two groups."""
        return self._submit(_Job(None, between=call))

    async def aclose(self) -> None:
        """Finish what was handed in, then end."""
        if not self._closed:
            last = self.between(self._writer.close)
            self._closed = True
            self._jobs.put(None)
            await last
            self._thread.join()

    def _submit(self, job: _Job) -> asyncio.Future[Any]:
        if self._closed:
            raise StorageError("database_closed")
        self._jobs.put(job)
        return job.answer

    def _work(self) -> None:
        while (job := self._take()) is not None:
            if job.between is not None:
                self._answer([job], [_outcome(job.between)])
                continue
            group = [job]
            try:
                outcomes = self._writer.run(self._units(group))
            except BaseException as death:  # noqa: BLE001 - a simulated crash, for those who wait
                outcomes = [Outcome(error=death)] * len(group)
            self._answer(group, outcomes)

    def _take(self) -> _Job | None:
        job, self._next = self._next, None
        return job if job is not None else self._jobs.get()

    def _units(self, group: list[_Job]) -> Iterator[Unit]:
        """The units of a group; what arrives meanwhile joins it."""
        for job in group:
            assert job.unit is not None
            yield job.unit
            if len(group) < GROUP and self._next is None:
                self._join(group)

    def _join(self, group: list[_Job]) -> None:
        with contextlib.suppress(queue.Empty):
            job = self._jobs.get_nowait()
            if job is not None and job.unit is not None:
                group.append(job)
            elif job is not None:
                self._next = job
            else:
                self._jobs.put(None)  # the end: after this group

    def _answer(self, jobs: Sequence[_Job], outcomes: Sequence[Outcome]) -> None:
        pairs = list(zip(jobs, outcomes, strict=True))
        wrote = jobs[0].unit is not None and self._writer.wrote
        loops = {id(job.loop): job.loop for job in jobs}
        for loop in loops.values():
            mine = [pair for pair in pairs if pair[0].loop is loop]
            with contextlib.suppress(RuntimeError):  # that loop has ended: nobody waits
                loop.call_soon_threadsafe(_resolve, mine, self._committed if wrote else None)
                wrote = False  # one nudge is enough


class ReaderThreads:
    """A few threads in which reading units run."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="closeloop-reader")

    def run(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """The value of a call made in one of the threads."""
        return asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """Wait for the running calls, then end."""
        self._threads.shutdown(wait=True, cancel_futures=True)


async def in_thread(call: Callable[[], Any]) -> Any:
    """The value of a blocking call, made beside the event loop."""
    return await asyncio.to_thread(call)


def _outcome(call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(value=call())
    except Exception as error:  # noqa: BLE001 - it is the answer
        return Outcome(error=error)


def _resolve(pairs: Sequence[tuple[_Job, Outcome]], committed: Callable[[], None] | None) -> None:
    for job, outcome in pairs:
        if job.answer.done():  # the caller has stopped waiting
            continue
        if outcome.error is None:
            job.answer.set_result(outcome.value)
        else:
            job.answer.set_exception(outcome.error)
    if committed is not None:
        committed()
