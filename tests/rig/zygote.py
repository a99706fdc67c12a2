"""A process that has everything imported and makes children of itself, so that each starts at once.

Reads lines `<folder> <crash point or ->` from stdin and answers each with how the child ended: its
exit code, or minus the number of the signal that killed it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import traceback
from pathlib import Path

from bot.logs import set_up_logs
from tests.rig import scenario


def main() -> None:
    """Serve until stdin ends."""
    set_up_logs(level=logging.ERROR)
    scenario.warm()
    for line in sys.stdin:
        folder, crash_at = line.split()
        pid = os.fork()
        if pid == 0:
            os._exit(_child(Path(folder), crash_at.strip("-")))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _child(folder: Path, crash_at: str) -> int:
    try:
        if not (folder / "rig.db").exists():
            asyncio.run(scenario.prepare(folder))
            return 0
        return scenario.child(folder, crash_at)
    except BaseException:  # noqa: BLE001 - nothing may leave a forked child
        traceback.print_exc()
        return 1


if __name__ == "__main__":
    main()
