"""The times of a case that is read: who had its steps, and how much of that was their own.

They are measured in `workflows.metrics.desk_time` (rules: fair time).
"""

from __future__ import annotations

from handlers.reading.case import Reading
from workflows.metrics.desk_time import CaseTime, Held, case_time, held_times
from workflows.moments import HOUR


def hours(length: int) -> str:
    """Return a length of time in hours, with one digit after the point."""
    return f"{length / HOUR:.1f}"


def times_of(reading: Reading) -> tuple[Held, ...]:
    """Return the times of a case, until now or until its end; none without its whole history."""
    if len(reading.events) != reading.case.seq:
        return ()
    return held_times(
        reading.events,
        calendar=reading.world.calendar,
        directory=reading.directory,
        now=reading.now,
        down=reading.load_downtimes(),
    )


def times_of_case(reading: Reading) -> CaseTime:
    """Return how long a case took, until now or until its end."""
    held = times_of(reading)
    return case_time(reading.case, held, calendar=reading.world.calendar, now=reading.now)
