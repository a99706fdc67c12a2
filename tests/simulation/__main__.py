"""`make simulate`: years of storms in minutes, or one seed again with its whole trace."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.play import Report, Setting, play

FIGURES = ("crashes", "interactions", "decisions", "events", "messages", "duplicates")
MORE = (
    "acknowledged",
    "redeliveries",
    "failed commits",
    "unknown commits",
    "stalls",
    "database outages",
    "platform outages",
    "clock jumps",
    "holds released",
    "leavers",
    "dead letters",
)
REPLAY = "make simulate SEED={seed}"


def main(arguments: list[str] | None = None) -> int:
    """0 when every promise was kept."""
    options = _options(arguments)
    setting = Setting(days=options.days, keep_trace=options.seed is not None)
    seeds = [options.seed] if options.seed is not None else range(1, options.seeds + 1)
    started = time.monotonic()
    total: Counter[str] = Counter()
    sums, days, broken = hashlib.sha256(), 0.0, 0
    for report in _reports(seeds, setting, processes=options.processes):
        total.update(report.figures)
        sums.update(report.hash.encode())
        days += report.days
        broken += len(report.violations)
        if options.seed is not None or not report.ok:
            _show(report)
        else:
            print(f"seed {report.seed}: nothing is broken", file=sys.stderr, flush=True)
    years = days / 365.0
    print(f"seeds            {len(seeds)}")
    print(f"simulated years  {years:.2f}")
    for name in (*FIGURES, *MORE):
        print(f"{name:16} {total[name]}")
    print(f"violations       {broken}")
    print(f"trace hash       {sums.hexdigest()[:16]}")
    print(f"took             {time.monotonic() - started:.0f} s")
    return 1 if broken else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--seed", type=int, help="only this one, with its whole trace")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--days", type=float, default=Setting().days)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args(arguments)


def _reports(seeds: Iterable[int], setting: Setting, *, processes: int) -> Iterator[Report]:
    if setting.keep_trace or processes == 1:
        yield from (play(seed, setting) for seed in seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(play, seeds, [setting] * len(list(seeds)))


def _show(report: Report) -> None:
    """What happened on one seed, and how to see it again."""
    print("\n".join(report.whole or report.tail))
    for violation in report.violations:
        print(f"BROKEN {violation}")
    print(f"seed {report.seed}: {len(report.violations)} violations, trace {report.hash}")
    print(f"again: {REPLAY.format(seed=report.seed)}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
