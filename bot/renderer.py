"""Renders documents and pictures in a child process, one job at a time.

The child is started again after a number of jobs, when its memory has grown, when it has died, and
when a job takes too long, so a bad job harms only itself. Its limits are in `render_child.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from handlers.rendering.jobs import RenderFailed

log = structlog.stdlib.get_logger("closeloop.renderer")

WALL_S = 30.0  # seconds for one job, from its start in the child
JOBS_MOST = 100  # of one process
WAITING_MOST = 24  # jobs that may wait; further ones are refused
_CHUNK = 256 * 1024
# The environment variables that the child gets; none contains a secret.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "XDG_DATA_HOME", "XDG_DATA_DIRS")
_ONE_OF_EACH = {"MALLOC_ARENA_MAX": "1", "RAYON_NUM_THREADS": "1"}  # address space is limited
COMMAND = (sys.executable, "-P", "-m", "bot.render_child")


class Renderer:
    """Implements `handlers.rendering.jobs.Render`. Close it with `aclose`."""

    def __init__(self, *, command: Sequence[str] = COMMAND, wall_s: float = WALL_S) -> None:
        self._command = command
        self._wall_s = wall_s
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._done = 0  # jobs of this child
        self._asked = 0  # jobs that wait or run
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process id of the child, or None."""
        return None if self._child is None else self._child.pid

    async def __call__(self, job: str, content: bytes) -> bytes:
        """Run a job of `jobs.JOBS`. Raises RenderFailed when it does not succeed."""
        if self._asked >= WAITING_MOST:
            raise RenderFailed("too many jobs are waiting", later=True)
        self._asked += 1
        try:
            async with self._turn:
                return await self._run(job, content)
        finally:
            self._asked -= 1

    async def aclose(self) -> None:
        """End the child at once; waiting and new jobs fail."""
        self._closed = True
        if self._child is not None:
            self._kill(self._child)
        async with self._turn:
            await self._drop()

    async def _run(self, job: str, content: bytes) -> bytes:
        finished = False
        try:
            async with asyncio.timeout(self._wall_s):
                child = await self._ready()
                told, answer = await _exchange(child, job, content)
            finished = True
        except TimeoutError as error:
            raise self._failed(job, f"took longer than {self._wall_s:g} s") from error
        except (OSError, EOFError) as error:
            code = await self._ended()
            raise self._failed(job, f"its process ended with {code}") from error
        finally:
            if not finished:
                await self._drop()
        self._done += 1
        if told["last"] or self._done >= JOBS_MOST:
            await self._drop()
        if not told["good"]:
            raise self._failed(job, answer.decode(errors="replace"))
        return answer

    def _failed(self, job: str, why: str) -> RenderFailed:
        if not self._closed:
            log.warning("render_failed", job=job, why=why)
        return RenderFailed(why, later=self._closed)

    async def _ready(self) -> Process:
        """Return the child for the next job, started if necessary."""
        if self._closed:
            raise EOFError
        if self._child is None:
            self._folder = TemporaryDirectory(
                prefix="closeloop-render-", ignore_cleanup_errors=True
            )
            self._done = 0
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=_surroundings(self._folder.name),
                start_new_session=True,  # Ctrl-C goes to the parent only
            )
        return self._child

    async def _ended(self) -> int | None:
        if self._child is None:
            return None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._child.wait(), timeout=1)
        return self._child.returncode

    async def _drop(self) -> None:
        """End the child; the next job starts a new one."""
        child, self._child = self._child, None
        folder, self._folder = self._folder, None
        if child is not None:
            self._kill(child)
            await child.wait()
        if folder is not None:
            folder.cleanup()

    @staticmethod
    def _kill(child: Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()


async def _exchange(child: Process, job: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps({"job": job, "size": len(content)}).encode() + b"\n")
    view = memoryview(content)
    for start in range(0, len(content), _CHUNK):
        child.stdin.write(view[start : start + _CHUNK])
        await child.stdin.drain()  # so that the content is not buffered a second time
    line = await child.stdout.readline()
    if not line:
        raise EOFError
    told = json.loads(line)
    return told, await child.stdout.readexactly(told["size"])


def _surroundings(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109
    return {**kept, **_ONE_OF_EACH, "PYTHONPATH": path, "TMPDIR": folder, "TEMP": folder}
