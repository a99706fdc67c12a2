"""The auditor: checks by reading whether everything that is due has been done.

Lateness is read from the tables; the expected timers come from the engine (`case.timers()`), so the
rules exist once. It repairs nothing: it raises alarms, sets the gauges of the metrics, and records
when it last ran.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.runtime.health import Health
from bot.runtime.levels import Levels, read_levels, show_levels
from bot.runtime.surroundings import Surroundings
from storage.unit import Tx
from workflows.case.events import Event, fold
from workflows.moments import MINUTE, SECOND, Moment

EVERY = 5 * MINUTE
TIMER_LATE = 5 * MINUTE
MESSAGE_LATE = 10 * MINUTE
SAMPLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    alarm: str
    case_id: str


class Auditor:
    """Checks the queues, and a few cases at a time, round robin over all open cases."""

    def __init__(self, around: Surroundings, *, health: Health) -> None:
        self._db = around.db
        self._clock = around.clock
        self._alarms = around.alarms
        self._metrics = around.metrics
        self._health = health
        self._after = ""  # the last case that was looked at
        self._next: Moment | None = None

    async def step(self) -> Moment | None:
        """Run a self-check, every five minutes, and return when the next one is due."""
        now = self._clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        levels = await self._db.read(lambda tx: read_levels(tx, now=now))
        show_levels(levels, self._metrics)
        self._judge(levels)
        page, findings = await self._db.read(lambda tx: _sample(tx, after=self._after))
        for finding in findings:
            self._alarms.raise_(finding.alarm, case=finding.case_id)
        self._after = page[-1] if len(page) == SAMPLE else ""
        self._health.audited()
        self._next = now + EVERY
        return self._next

    def _judge(self, levels: Levels) -> None:
        if levels.held:
            return
        if levels.timer_late > TIMER_LATE:
            seconds = round(levels.timer_late / SECOND)
            self._alarms.raise_("timers_late", seconds=seconds)
        if levels.message_late > MESSAGE_LATE:
            seconds = round(levels.message_late / SECOND)
            self._alarms.raise_("messages_late", seconds=seconds)


def _sample(tx: Tx, *, after: str) -> tuple[Sequence[str], Sequence[_Finding]]:
    page = tx.cases.open_ids(after=after, limit=SAMPLE)
    return page, [finding for case_id in page for finding in _examine(tx, case_id)]


def _examine(tx: Tx, case_id: str) -> list[_Finding]:
    """Compare a case's snapshot with its events, and its timers with those the engine expects."""
    case = tx.cases.load(case_id, lock=False)
    if case is None:
        return []
    events: list[Event] = [chained.event for chained in tx.cases.events(case_id)]
    folded = fold(events)
    found = []
    if folded != case:
        found.append(_Finding(alarm="case_differs_from_events", case_id=case_id))
    kept = {timer.clock: timer.due_at for timer in tx.timers.of_case(case_id)}
    if kept != dict(case.timers()):
        found.append(_Finding(alarm="timers_differ_from_case", case_id=case_id))
    return found
