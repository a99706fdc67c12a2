"""Threads for the blocking calls of SQLite: one that writes and a few that read.

The writing thread takes the waiting units in groups that are committed together, those of people
first and workers' units after, including those that arrive while it works. It resolves their
futures after the commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from storage.errors import StorageError
from storage.sqlite_writer import SqliteWriter, Unit, UnitOutcome

READERS = 4
GROUP = 64  # units that are committed together
BEHIND = 2  # places of a group reserved for the second priority


@dataclass(slots=True, eq=False)
class _Job:
    """A unit, or a call to make between two groups; `last` ends the thread."""

    unit: Unit | None
    behind: bool = False
    between: Callable[[], Any] | None = None
    last: bool = False
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    answer: asyncio.Future[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.answer = self.loop.create_future()


class _Lanes:
    """A queue with two priorities.

    A group takes units of the first priority while there are any, and reserves `BEHIND` places for
    the second. So a person waits for at most that many units of workers, and the workers make
    progress in every group.
    """

    def __init__(self) -> None:
        self._first: deque[_Job] = deque()
        self._behind: deque[_Job] = deque()
        self._taken = 0
        self._left = GROUP

    def __bool__(self) -> bool:
        return bool(self._first or self._behind)

    def add(self, one: _Job, *, behind: bool) -> None:
        """Enqueue a unit; `behind` for the second priority."""
        (self._behind if behind else self._first).append(one)

    def begin(self) -> None:
        """Begin a new group."""
        self._taken, self._left = 0, GROUP

    def next(self) -> _Job | None:
        """Dequeue the next unit of the group; None when none waits or the group is full."""
        kept = min(len(self._behind), self._left, BEHIND)
        if self._first and self._taken + kept < GROUP:
            self._left = min(self._left, BEHIND)
            self._taken += 1
            return self._first.popleft()
        if self._behind and self._left > 0 and self._taken < GROUP:
            self._left -= 1
            self._taken += 1
            return self._behind.popleft()
        return None


class WriterThread:
    """Runs units by priority, commits them in groups, and resolves their futures afterwards."""

    def __init__(self, writer: SqliteWriter, *, committed: Callable[[], None]) -> None:
        self._writer = writer
        self._committed = committed
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._lanes = _Lanes()
        self._between: deque[_Job] = deque()
        self._last: _Job | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="closeloop-writer", daemon=True)
        self._thread.start()

    def run(self, unit: Unit, *, behind: bool = False) -> asyncio.Future[Any]:
        """Submit a unit; the future has its result once it is committed.

        Units with `behind` have lower priority.
        """
        return self._submit(_Job(unit, behind=behind))

    def between(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """Submit a call to be made in the writing thread between two groups."""
        return self._submit(_Job(None, between=call))

    async def aclose(self) -> None:
        """Finish the submitted units, then end the thread."""
        if not self._closed:
            last = self._submit(_Job(None, between=self._writer.close, last=True))
            self._closed = True
            await last
            self._thread.join()

    def _submit(self, job: _Job) -> asyncio.Future[Any]:
        if self._closed:
            raise StorageError("database_closed")
        self._jobs.put(job)
        return job.answer

    def _work(self) -> None:
        while self._something():
            while self._between:
                self._do_between(self._between.popleft())
            if self._lanes:
                self._write_group()
        if self._last is not None:
            self._do_between(self._last)

    def _something(self) -> bool:
        """Wait for work; return False when all work is done and the thread is to end."""
        if not (self._lanes or self._between or self._last):
            self._arrived(self._jobs.get())
        self._collect()
        return bool(self._lanes or self._between)

    def _collect(self) -> None:
        """Move newly submitted jobs to their lanes."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._arrived(self._jobs.get_nowait())

    def _arrived(self, job: _Job) -> None:
        if job.last:
            self._last = job
        elif job.between is not None:
            self._between.append(job)
        else:
            self._lanes.add(job, behind=job.behind)

    def _do_between(self, job: _Job) -> None:
        assert job.between is not None
        self._answer([job], [_outcome(job.between)])

    def _write_group(self) -> None:
        self._lanes.begin()
        first = self._lanes.next()
        assert first is not None, "something waits"
        group = [first]
        try:
            outcomes = self._writer.run(self._units(group))
        except BaseException as death:  # noqa: BLE001 - a simulated crash, for those who wait
            outcomes = [UnitOutcome(error=death)] * len(group)
        self._answer(group, outcomes)

    def _units(self, group: list[_Job]) -> Iterator[Unit]:
        """Yield the units of a group; units that arrive meanwhile join it."""
        for job in group:
            assert job.unit is not None
            yield job.unit
            self._collect()
            joining = self._lanes.next()
            if joining is not None:
                group.append(joining)

    def _answer(self, jobs: Sequence[_Job], outcomes: Sequence[UnitOutcome]) -> None:
        pairs = list(zip(jobs, outcomes, strict=True))
        wrote = jobs[0].unit is not None and self._writer.wrote
        loops = {id(job.loop): job.loop for job in jobs}
        for loop in loops.values():
            mine = [pair for pair in pairs if pair[0].loop is loop]
            with contextlib.suppress(RuntimeError):  # that loop has ended
                loop.call_soon_threadsafe(_resolve, mine, self._committed if wrote else None)
                wrote = False  # one notification is enough


class ReaderThreads:
    """A few threads that run reading units."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="closeloop-reader")

    def run(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """Make a call in one of the threads; the future has its result."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, _awaitable(call))

    def close(self) -> None:
        """Wait for the running calls, then end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)


async def in_thread(call: Callable[[], Any]) -> Any:
    """Make a blocking call in a worker thread and return its result."""
    return await asyncio.to_thread(_awaitable(call))


def _awaitable(call: Callable[[], Any]) -> Callable[[], Any]:
    """Return the call with its errors as a future can have them."""

    def calling() -> Any:
        try:
            return call()
        except StopIteration as error:
            raise _carried(error) from error

    return calling


def _carried(error: BaseException) -> BaseException:
    """Return an error as a future can have it: no future has a StopIteration, it would not end."""
    if not isinstance(error, StopIteration):
        return error
    carried = RuntimeError("a unit of work raised StopIteration")
    carried.__cause__ = error
    return carried


def _outcome(call: Callable[[], Any]) -> UnitOutcome:
    try:
        return UnitOutcome(value=call())
    except Exception as error:  # noqa: BLE001 - it is the answer
        return UnitOutcome(error=error)


def _resolve(
    pairs: Sequence[tuple[_Job, UnitOutcome]], committed: Callable[[], None] | None
) -> None:
    for job, outcome in pairs:
        if job.answer.done():  # cancelled by the caller
            continue
        if outcome.error is None:
            job.answer.set_result(outcome.value)
        else:
            job.answer.set_exception(_carried(outcome.error))
    if committed is not None:
        committed()
