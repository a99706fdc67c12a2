"""The peer as a running program, in the bench's own environment; it answers one line for each."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.environment import NotBuilt, built, last_line

_PROGRAM = Path(__file__).with_name("peer.py")


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
            raise NotBuilt(last_line(self.process.stderr.read().decode(errors="replace")))
        return json.loads(line)


@contextlib.contextmanager
def running(scratch: Path, *, cache: Path) -> Iterator[Peer]:
    """The program, after one instance that shows that it works; ended at the end.

    Raises NotBuilt when its environment cannot be built or the program does not work there.
    """
    command = [str(built(cache)), "-I", str(_PROGRAM)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0) as process:
        peer = Peer(process)
        try:
            shown = str(scratch / "shown.db")
            peer.measured(shown, timers=True, warm=0, instances=1, flush_us=0)
            yield peer
        finally:
            process.kill()
