"""What closeloop costs, beside what the machine could do at best, in one run.

`make bench` runs every measurement; `make bench ONLY="sweep startup"` some of them. The machine is
never quiet, so only ratios count: the variants of a measurement take turns, round by round, and a
ratio is made inside a round and then the median over the rounds. Absolute numbers are printed
beside them as context. docs/performance.md explains the method, docs/measurements.md has results.

**Ground.** The databases lie in RAM, and a preloaded library (`slow_flush.c`) makes every fsync and
fdatasync take one millisecond more, as on a plain cloud disk: a real disk shared with others moves
by a factor of fifty within an hour. Where no C compiler is, flushes are free, and that is said.

**A measurement** is a module here that has a `MEASUREMENT` and is named in `MODULES` below:

    MEASUREMENT = Measurement(
        name="acknowledge",                       # ONLY=acknowledge
        about="Event to acknowledgement, beside bare bolt",
        measure=measure,                          # (Ground) -> Iterator[Table]
    )

    def measure(ground: Ground) -> Iterator[Table]:
        bare, ours = take_turns({"bare bolt": bare_round, "closeloop": our_round}, rounds=5)
        ...
        yield Table("1 caller", "events/s", [Line("bare bolt", bare), Line("closeloop", ours,
                    beside=bare, aim=at_least(0.5))])

Each runs in a process of its own, with the ground prepared in its environment. A variant is a
function that makes one round and returns its figure (a rate, or seconds); `take_turns` runs them.
Warm up inside the variant, and keep a measurement under a minute or so.
"""

from __future__ import annotations

MODULES = (
    "beside_peer",
    "growth",
    "year",
    "on_sqlite",
    "on_postgresql",
    "replicas",
    "sweep",
    "startup",
    "reads",
    "lists",
    "report",
    "playground",
    "slack",
    "telegram",
    "floods",
    "forms",
    "imports",
    "storm",
    "pilots",
    "what_ifs",
)
