"""Killed anywhere, nothing that was accepted is lost and nothing happens twice.

Every run is a real process on a real SQLite file, killed by SIGKILL at one crash point and started
again. `CLOSELOOP_TEST_RIG=all` tries every point; otherwise some of each kind are tried.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from bot.system import CRASH_POINTS
from tests.house.source import ROOT

SOME = 18
MOST = 1000


class Zygote:
    """Starts processes that play the story."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout

    def run(self, folder: Path, crash_at: str = "-") -> int:
        """One process, and how it ended."""
        self._in.write(f"{folder} {crash_at}\n")
        self._in.flush()
        return int(self._out.readline())


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rig.zygote"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def fresh(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample company in force, to be copied."""
    folder = tmp_path_factory.mktemp("fresh")
    assert zygote.run(folder) == 0
    return folder


@pytest.fixture(scope="module")
def unharmed(zygote: Zygote, fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is there after a run that nobody killed."""
    folder = tmp_path_factory.mktemp("unharmed") / "data"
    shutil.copytree(fresh, folder)
    assert zygote.run(folder) == 0
    seen = _seen(folder)
    events = seen["cases"]["C-2026-0001"]
    assert events.count("TaskCompleted") == 2
    assert events.count("Escalated") >= 1
    assert seen["owed"] == 0
    assert seen["dead"] == []
    return seen


def _seen(folder: Path) -> Any:
    return json.loads((folder / "seen.json").read_text())


def _try(zygote: Zygote, folder: Path, fresh: Path, crash_at: str) -> int:
    """A run that is killed at a point, then one that is not; how the first ended."""
    shutil.copytree(fresh, folder)
    ended = zygote.run(folder, crash_at)
    if ended == -signal.SIGKILL:
        assert zygote.run(folder) == 0, f"not well again after {crash_at}"
    return ended


def test_a_kill_anywhere_loses_nothing_and_repeats_nothing(
    zygote: Zygote, fresh: Path, unharmed: Any, tmp_path: Path
) -> None:
    """R1, R5, R7."""
    every = os.environ.get("CLOSELOOP_TEST_RIG") == "all"
    tried, different = 0, {}
    for name in CRASH_POINTS:
        number = 1
        for step in range(MOST):
            crash_at = f"{name}:{number}"
            folder = tmp_path / crash_at
            ended = _try(zygote, folder, fresh, crash_at)
            if ended == 0:
                break  # there is no such point any more: the story ended before it
            assert ended == -signal.SIGKILL
            tried += 1
            if _seen(folder) != unharmed:
                different[crash_at] = _seen(folder)
            shutil.rmtree(folder)
            number += 1 if every else 1 + step * 3
    assert different == {}
    assert tried >= SOME
