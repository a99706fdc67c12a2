"""When a company is open, worked out one day at a time from its settings."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar


def open_spans(calendar: WorkCalendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The open intervals that begin on a local date, in UTC; none on a closed day."""
    if not calendar.is_working_day(day):
        return ()
    zone, closed = ZoneInfo(calendar.data.zone), datetime.min.replace(tzinfo=UTC)
    found = []
    for start, stop in calendar.data.hours_of(day):
        end = day if stop > start else day + timedelta(days=1)
        opened = max(datetime.combine(day, start, tzinfo=zone).astimezone(UTC), closed)
        closed = datetime.combine(end, stop, tzinfo=zone).astimezone(UTC)
        if opened < closed:
            found.append((opened, closed))
    return tuple(found)
