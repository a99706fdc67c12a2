"""Real processes of `closeloop`, as a person would start them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tests.house.source import ROOT

START_LIMIT_S = 60
STOP_LIMIT_S = 10


class Program:
    """A running `closeloop`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self._out: IO[str] = process.stdout
        self._said: list[str] = []
        self._more = threading.Condition()
        self._listener = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._listener.start()

    def line(self) -> str:
        """The next line of stdout."""
        return self._out.readline().strip()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code. It has ten seconds."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=STOP_LIMIT_S)
        self._listener.join()
        return code

    def rest(self) -> str:
        """What is left of stdout, once it has ended."""
        return self._out.read()

    def said(self) -> str:
        """Everything on stderr so far."""
        return "".join(self._said)

    def says(self, word: str) -> None:
        """Waits until a line of stderr has this word."""
        with self._more:
            found = self._more.wait_for(
                lambda: word in self.said() or not self._listener.is_alive(), timeout=START_LIMIT_S
            )
        assert found, self.said()
        assert word in self.said(), self.said()

    def records(self) -> list[dict[str, Any]]:
        """The log: every line is one object; what was told to a person before it is none."""
        return [json.loads(line) for line in self._said if line.startswith("{")]

    def _listen(self, stderr: IO[str]) -> None:
        for line in stderr:
            with self._more:
                self._said.append(line)
                self._more.notify_all()
        with self._more:
            self._more.notify_all()


def _environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CLOSELOOP_")}
    return {**kept, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", "LC_ALL": "", **more}


@contextlib.contextmanager
def closeloop(*arguments: str, folder: Path, **environment: str) -> Iterator[Program]:
    """A program that runs until it is told to stop; killed at the end if it is not gone."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=_environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Program(process)
        finally:
            if process.poll() is None:
                process.kill()


def done(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
