"""A process that has everything imported and makes children of itself, so that each starts at once.

Reads JSON lines from stdin: an order is answered with the id of the child that obeys it, an id with
how that child ended: its exit code, or minus the number of the signal that killed or stopped it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import traceback

from bot.logs import set_up_logs
from tests.rig import scenario
from tests.rig.scenario import Order


def main() -> None:
    """Serve until stdin ends."""
    set_up_logs(level=logging.CRITICAL)
    scenario.warm()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _started(Order(**asked)) if isinstance(asked, dict) else _ended(asked)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _started(order: Order) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(_child(order))
    return pid


def _ended(pid: int) -> int:
    _, status = os.waitpid(pid, os.WUNTRACED)
    return -os.WSTOPSIG(status) if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status)


def _child(order: Order) -> int:
    try:
        asyncio.run(scenario.obey(order))
    except BaseException:  # noqa: BLE001 - nothing may leave a forked child
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
