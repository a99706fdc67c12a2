"""`make simulate`: years of storms in minutes, or one seed again with its whole trace."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from tests.simulation.play import Report, Setting, play
from tests.simulation.years import years

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
DAYS, YEARS = "days", "years"  # complaints and launches in days; suppliers over years
REPLAY = "make simulate PLAY={play} SEED={seed}"


def main(arguments: list[str] | None = None) -> int:
    """0 when every promise was kept."""
    options = _options(arguments)
    keep = options.seed is not None
    settings = {
        DAYS: (Setting(days=options.days, keep_trace=keep), options.seeds),
        YEARS: (replace(years(options.years), keep_trace=keep), options.years_seeds),
    }
    broken = 0
    for name in [options.play] if options.play else settings:
        setting, count = settings[name]
        seeds = [options.seed] if keep else range(1, count + 1)
        broken += _played(name, seeds, setting, processes=options.processes)
    return 1 if broken else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--play", choices=(DAYS, YEARS), help="only this one")
    parser.add_argument("--seed", type=int, help="only this one, with its whole trace")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--days", type=float, default=Setting().days)
    parser.add_argument("--years-seeds", type=int, default=2)
    parser.add_argument("--years", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args(arguments)


def _played(name: str, seeds: Sequence[int], setting: Setting, *, processes: int) -> int:
    """Play these seeds and print the sums; how many promises were broken."""
    started = time.monotonic()
    total: Counter[str] = Counter()
    sums, days, broken = hashlib.sha256(), 0.0, 0
    for report in _reports(seeds, setting, processes=processes):
        total.update(report.figures)
        sums.update(report.hash.encode())
        days += report.days
        broken += len(report.violations)
        if setting.keep_trace or not report.ok:
            _show(name, report)
        else:
            print(f"{name}, seed {report.seed}: nothing is broken", file=sys.stderr, flush=True)
    print(f"{name:16} {', '.join(setting.processes)}")
    print(f"seeds            {len(seeds)}")
    print(f"simulated years  {days / 365.0:.2f}")
    for figure in (*FIGURES, *MORE):
        print(f"{figure:16} {total[figure]}")
    print(f"violations       {broken}")
    print(f"trace hash       {sums.hexdigest()[:16]}")
    print(f"took             {time.monotonic() - started:.0f} s\n")
    return broken


def _reports(seeds: Sequence[int], setting: Setting, *, processes: int) -> Iterator[Report]:
    if setting.keep_trace or processes == 1:
        yield from (play(seed, setting) for seed in seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(play, seeds, [setting] * len(seeds))


def _show(name: str, report: Report) -> None:
    """What happened on one seed, and how to see it again."""
    print("\n".join(report.whole or report.tail))
    for violation in report.violations:
        print(f"BROKEN {violation}")
    print(f"seed {report.seed}: {len(report.violations)} violations, trace {report.hash}")
    print(f"again: {REPLAY.format(play=name, seed=report.seed)}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
