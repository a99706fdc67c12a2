"""`closeloop run` as an operator runs it: a process of its own, to be killed at will."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.command import closeloop, environment
from tests.house.source import ROOT

PATIENCE_S = 180.0  # a lost replica keeps its leases for a minute, and then others retry
DEEDS = {  # of the whole story, each once
    "CaseStarted": 1,
    "TaskClaimed": 2,
    "ActionRecorded": 1,
    "TaskCompleted": 6,
    "Escalated": 1,
    "SurveyAnswered": 1,
}


NAMES = ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing", "lin.wei", "wang.fang")


def says(label: str, button: str) -> bool:
    """Whether a button is called this, perhaps with more words after it."""
    return label == button or label.startswith((f"{button}：", f"{button}: ", f"{button} "))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Later:
    """The wall clock of the whole test: later than it really is by the hours that were let pass."""

    hours: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.hours * 3600


class Running:
    """One deployment in a folder, and the process that serves it."""

    def __init__(self, folder: Path, later: Later) -> None:
        self.folder = folder
        self.later = later
        self.kills = 0
        self.address = ""
        self.said: list[str] = []
        self._may_die = folder / "may-die"
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    def deployed(
        cls,
        folder: Path,
        *,
        settings: Mapping[str, Mapping[str, Any]],
        people: Mapping[str, Any],
        later: Later,
    ) -> Running:
        """The sample company, all of it reading Chinese; `people` are their accounts, by id."""
        where = folder / "company"
        done = closeloop("init", "company", "--language", "zh", cwd=folder)
        assert done.code == 0, done.err
        config = (where / "config.toml").read_text(encoding="utf-8")
        config = re.sub(r"(?m)^quiet_hours = .*$", 'quiet_hours = ""', config)
        config = re.sub(r"(?m)^port = \d+", "port = 0", config)
        for section, values in settings.items():
            config = re.sub(rf"(?ms)^\[{section}\].*?(?=^\[|\Z)", "", config)
            config += f"\n[{section}]\n"
            config += "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())
        (where / "config.toml").write_text(config, encoding="utf-8")
        file = where / "people.toml"
        text = re.sub(r"(?m)^language *=.*\n", "", file.read_text(encoding="utf-8"))
        for person, accounts in people.items():
            lines = "".join(f"\n{name} = {_toml(value)}" for name, value in accounts.items())
            text = text.replace(f'id = "{person}"', f'id = "{person}"{lines}', 1)
        file.write_text(text, encoding="utf-8")
        done = closeloop("people", "import", "people.toml", cwd=where)
        assert done.code == 0, done.err
        return cls(where, later)

    async def moves_to(self, url: str) -> None:
        """To an empty database on PostgreSQL, as the how-to about growing says."""
        move = ("db", "move", "sqlite:///closeloop.db", url)
        done = await asyncio.to_thread(closeloop, *move, cwd=self.folder)
        assert done.code == 0, done.err
        file = self.folder / "config.toml"
        text = re.sub(r'(?m)^url = "sqlite.*$', f'url = "{url}"', file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")

    async def start(self, **environ: str) -> None:
        """Start it, as many hours later as were let pass; returns once it serves.

        With `CLOSELOOP_TEST_CRASH_AT` it dies there by itself: see `bot/system.py`.
        """
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.adapters.later",
            str(self.later.hours * 3600),
            "run",
            cwd=self.folder,
            env=environment(**environ) | {"PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        started = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, started))
        waiting = asyncio.ensure_future(started.wait())
        await asyncio.wait(
            {waiting, self._reading}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        assert started.is_set(), self.log()

    def dying(self, at: str) -> dict[str, str]:
        """The environment of a process that dies at this crash point, counted from `may_die`.

        How often a process commits while it starts and connects depends on the machine.
        """
        self._may_die.unlink(missing_ok=True)
        return {"CLOSELOOP_TEST_CRASH_AT": at, "CLOSELOOP_TEST_CRASH_SINCE": str(self._may_die)}

    def may_die(self) -> None:
        """From now on crash points count for a process that was started as `dying` says."""
        self._may_die.touch()

    async def _read(self, process: asyncio.subprocess.Process, started: asyncio.Event) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self.said.append(text)
            told = json.loads(text) if text.startswith("{") else {}
            if told.get("event") == "started":
                self.address = told["http"]
                started.set()

    async def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        await self._ended()
        self.kills += 1

    async def dies(self) -> None:
        """Until it has died by itself."""
        await self._ended()
        self.kills += 1

    async def stop(self) -> int:
        """As an operator stops it; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return await self._ended()

    async def _ended(self) -> int:
        assert self._process is not None
        assert self._reading is not None
        async with asyncio.timeout(PATIENCE_S):
            code = await self._process.wait()
            await self._reading
        self._process = None
        return code

    async def aclose(self) -> None:
        """End it, however it stands."""
        if self._process is not None:
            await self.kill()

    def log(self) -> str:
        """What it said last."""
        return "\n".join(self.said[-40:])

    async def run(self, *arguments: str) -> Any:
        """Another command beside it; its JSON."""
        done = await asyncio.to_thread(closeloop, *arguments, "--json", cwd=self.folder)
        assert done.code == 0, done.err
        return done.json


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
