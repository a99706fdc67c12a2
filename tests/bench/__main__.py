"""`python -m tests.bench [NAME …]`: each measurement in a process of its own, on one ground."""

from __future__ import annotations

import importlib
import logging
import os
import platform
import subprocess
import sys
import time

from tests.bench import MODULES, ground
from tests.bench.tables import Measurement

_CHILD = "--child"


def main(arguments: list[str]) -> int:
    """Run what is asked for, or everything; 0 when every measurement came to its end."""
    if arguments[:1] == [_CHILD]:
        return _measure(arguments[1])
    known = {module: _load(module) for module in MODULES}
    asked = set(arguments)
    unknown = asked - {one.name for one in known.values()}
    if unknown:
        sys.stderr.write(f"{', '.join(sorted(unknown))}: there is {', '.join(_names(known))}\n")
        return 2
    failed = 0
    with ground.prepared() as (_, environment, missing):
        print(_machine(), *([f"Not as it should be: {missing}."] if missing else []), sep="\n")
        for module, one in known.items():
            if not asked or one.name in asked:
                started = time.monotonic()
                print(f"\n{one.name}: {one.about}", flush=True)
                command = [sys.executable, "-m", "tests.bench", _CHILD, module]
                failed += subprocess.run(command, env=environment, check=False).returncode != 0
                print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failed else 0


def _measure(module: str) -> int:
    logging.disable(logging.CRITICAL)
    for table in _load(module).measure(ground.given()):
        print(table, flush=True)
    return 0


def _load(module: str) -> Measurement:
    found: Measurement = importlib.import_module(f"tests.bench.{module}").MEASUREMENT
    return found


def _names(known: dict[str, Measurement]) -> list[str]:
    return [one.name for one in known.values()]


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"Python {platform.python_version()}. Ratios count; figures are context."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
