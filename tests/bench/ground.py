"""The ground under a measurement: a folder in RAM, and flushes that take a millisecond."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FLUSH_US = 1000
RAM = Path("/dev/shm")
_SOURCE = Path(__file__).with_name("slow_flush.c")
_LIBRARY = "slow_flush.so"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a measurement works. `slow` says whether flushes can be made to take time."""

    folder: Path
    slow: bool

    @contextlib.contextmanager
    def flush(self, microseconds: int) -> Iterator[None]:
        """Every flush of this process takes so much more, where that can be done."""
        if not self.slow:
            yield
            return
        delay = ctypes.c_long.in_dll(ctypes.CDLL(None), "flush_delay_us")
        before, delay.value = delay.value, microseconds
        try:
            yield
        finally:
            delay.value = before

    def place(self, name: str) -> Path:
        """An empty folder."""
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return place


@contextlib.contextmanager
def prepared() -> Iterator[tuple[Path, dict[str, str], str]]:
    """A folder, the environment that a measuring process gets, and what is missing, if anything."""
    ram = RAM.is_dir() and os.access(RAM, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="closeloop-bench-", dir=RAM if ram else None))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else
    try:
        missing = [] if ram else ["no RAM disk: the real disk is measured, too"]
        environment = {**os.environ, "TMPDIR": str(folder)}
        if _compiled(folder):
            environment |= {"LD_PRELOAD": str(folder / _LIBRARY), "FLUSH_DELAY_US": "0"}
        else:
            missing.append("no C compiler, or not Linux: flushes are as fast as they are")
        yield folder, environment, "; ".join(missing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def given() -> Ground:
    """The ground that this process was started on."""
    folder = Path(os.environ["TMPDIR"])
    return Ground(folder=folder, slow=(folder / _LIBRARY).exists())


def _compiled(folder: Path) -> bool:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return False
    library = folder / _LIBRARY
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
    done = subprocess.run(command, check=False, capture_output=True)
    return done.returncode == 0
