"""The peer's own environment: built where it is missing, from a lock of its own, and its program.

It is not a dependency of closeloop, so it may fail to be built: without a way to a package index,
or for a Python without a wheel. Then `NoPeer` says why in one line, and the rest is measured.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).with_name("peer.lock")
CACHE = Path(__file__).parents[2] / "build" / "bench-peer"
_PROGRAM = Path(__file__).with_name("peer.py")
_BUILD_LIMIT_S = 300
_PIP = ("install", "--quiet", "--no-input", "--disable-pip-version-check", "--retries=1")
_HASHED = ("--timeout=20", "--require-hashes", "--no-deps", "--only-binary=:all:", "-r")


class NoPeer(Exception):
    """The peer cannot be measured; the text says why, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a round of the peer found."""

    rate: float  # decisions a second
    cpu: float  # seconds of processor time for a decision
    size: float  # bytes of a stored instance


@dataclass(frozen=True, slots=True)
class Peer:
    """The running program."""

    process: subprocess.Popen[bytes]

    def measured(
        self, database: str, *, timers: bool, warm: int, instances: int, flush_us: int
    ) -> Found:
        """One round on an empty database: a path for SQLite, or the URL of a PostgreSQL."""
        asked = {"database": database, "timers": timers, "warm": warm}
        answer = self._ask({**asked, "instances": instances, "flush_us": flush_us})
        return Found(**answer)

    def _ask(self, asked: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        line = self.process.stdout.readline()
        if not line:
            assert self.process.stderr is not None
            raise NoPeer(_last_line(self.process.stderr.read().decode(errors="replace")))
        return json.loads(line)


@contextlib.contextmanager
def running(scratch: Path, *, cache: Path = CACHE, lock: Path = LOCK) -> Iterator[Peer]:
    """The program, after one instance that shows that it works; ended at the end.

    Raises NoPeer when its environment cannot be built or the program does not work there.
    """
    command = [str(built(cache, lock)), "-I", str(_PROGRAM)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0) as process:
        peer = Peer(process)
        try:
            shown = str(scratch / "shown.db")
            peer.measured(shown, timers=True, warm=0, instances=1, flush_us=0)
            yield peer
        finally:
            process.kill()


def built(cache: Path, lock: Path) -> Path:
    """The environment's Python. Builds it unless it is there and made of this lock."""
    python, stamp = cache / "bin" / "python", cache / "built-of"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return python
    _done([sys.executable, "-m", "venv", "--clear", str(cache)])
    _done([str(python), "-m", "pip", *_PIP, *_HASHED, str(lock)])
    stamp.write_text(wanted)
    return python


def _done(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_BUILD_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise NoPeer(f"not built within {_BUILD_LIMIT_S} s") from None
    if done.returncode:
        raise NoPeer(_last_line(done.stderr or done.stdout))


def _last_line(said: str) -> str:
    """What a program said last, before pip's advice, in one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it said nothing"])[-1]
