"""When a company is open, worked out one day at a time from its settings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar
from workflows.moments import Moment, moment_of


def open_spans(calendar: WorkCalendar, day: date) -> tuple[tuple[Moment, Moment], ...]:
    """The open intervals that begin on a local date, in UTC; none on a closed day."""
    if not calendar.is_working_day(day):
        return ()
    zone, closed = ZoneInfo(calendar.data.zone), 0
    found = []
    for start, stop in calendar.data.hours_of(day):
        end = day if stop > start else day + timedelta(days=1)
        opened = max(moment_of(datetime.combine(day, start, tzinfo=zone)), closed)
        closed = moment_of(datetime.combine(end, stop, tzinfo=zone))
        if opened < closed:
            found.append((opened, closed))
    return tuple(found)
