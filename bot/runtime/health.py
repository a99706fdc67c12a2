"""The state that `/healthz` and `/readyz` report.

It is computed by the request, not by a worker, so a worker that hangs is reported without the help
of another worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.runtime import hold
from bot.system import Steady

FRESH_S = 15 * 60.0
STEP_LIMIT_S = 15 * 60.0  # a step that takes longer counts as hanging
MOST_FAILURES = 3  # of a worker in a row before it counts as failing


@dataclass(slots=True, kw_only=True)
class Health:
    """The state of this process."""

    steady: Steady
    platforms: Mapping[str, Callable[[], bool]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)  # of each worker, in a row
    busy_since: dict[str, float] = field(default_factory=dict)  # of workers whose step is running
    stopping: bool = False
    _audited: float | None = None

    def audited(self) -> None:
        """Record that a self-check has finished."""
        self._audited = self.steady.seconds()

    @property
    def self_check_age(self) -> float | None:
        """Return the seconds since the last finished self-check, or None before the first."""
        return None if self._audited is None else self.steady.seconds() - self._audited

    def checks(self, *, held: str | None) -> Mapping[str, str]:
        """Return the result of every check: "ok", or what is wrong.

        `held` is the reason of the hold in the database, None when the database does not answer. A
        hold after a restore is intended and no fault; a hold after a clock jump is one.
        """
        age = self.self_check_age
        stale = "none yet" if age is None else f"{age:.0f} s old"
        found = {
            "self_check": "ok" if age is not None and age < FRESH_S else stale,
            "database": "ok" if held is not None else "no answer",
            "clock": "held" if held == hold.CLOCK else "ok",
        }
        for name, count in sorted(self.failures.items()):
            found[f"worker {name}"] = self._worker(name, count)
        for name, connected in sorted(self.platforms.items()):
            found[f"platform {name}"] = "ok" if connected() else "not connected"
        if self.stopping:
            found["process"] = "stopping"
        return found

    def _worker(self, name: str, failures: int) -> str:
        busy = self.steady.seconds() - self.busy_since.get(name, self.steady.seconds())
        if failures >= MOST_FAILURES:
            return f"failed {failures} times"
        return "ok" if busy < STEP_LIMIT_S else f"busy for {busy:.0f} s"
