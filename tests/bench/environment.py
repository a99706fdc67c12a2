"""An environment for what only the bench uses: the peer, and the library that draws its pictures.

It is not a dependency of closeloop, so it may fail to be built: without a way to a package index,
or for a Python without a wheel. Then `NotBuilt` says why in one line, and the rest is measured.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("environment.lock")
CACHE = Path(__file__).parents[2] / "build" / "bench"
_LIMIT_S = 300
_PIP = ("install", "--quiet", "--no-input", "--disable-pip-version-check", "--retries=1")
_HASHED = ("--timeout=20", "--require-hashes", "--no-deps", "--only-binary=:all:", "-r")


class NotBuilt(Exception):
    """The environment cannot be used; the text says why, in one line."""


def built(cache: Path = CACHE, lock: Path = LOCK) -> Path:
    """The environment's Python. Builds it unless it is there and made of this lock."""
    python, stamp = cache / "bin" / "python", cache / "built-of"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return python
    done([sys.executable, "-m", "venv", "--clear", "--without-pip", str(cache)])
    done([sys.executable, "-m", "pip", "--python", str(python), *_PIP, *_HASHED, str(lock)])
    stamp.write_text(wanted)
    return python


def done(command: list[str], *, given: str = "") -> None:
    """Run a program to its end, with this on its input. Raises NotBuilt when it fails."""
    try:
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, input=given, timeout=_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise NotBuilt(f"not done within {_LIMIT_S} s") from None
    if ended.returncode:
        raise NotBuilt(last_line(ended.stderr or ended.stdout))


def last_line(said: str) -> str:
    """What a program said last, before pip's advice, in one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it said nothing"])[-1]
