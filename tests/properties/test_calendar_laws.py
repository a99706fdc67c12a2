"""Laws of working time, over zones with and without clock changes, odd hours and overrides."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workflows.open_spans import open_spans
from workflows.calendar import CalendarData, QuietHours, WorkCalendar
from workflows.durations import Span, Unit, parse_span
from workflows.moments import HOUR, Moment, moment_of, utc

SPLIT = ((time(9), time(12)), (time(13), time(18)))
NIGHT = ((time(0), time(2, 30)), (time(3), time(5)), (time(22), time(0)))
SETTINGS = (
    CalendarData(zone="Asia/Shanghai", hours=SPLIT),
    CalendarData(zone="Europe/Berlin", region="DE-BY", hours=SPLIT),
    CalendarData(
        zone="America/New_York",
        region="US",
        extra_on=frozenset({date(2026, 3, 8), date(2026, 11, 1)}),  # the nights of the changes
        hours=NIGHT,
    ),
    CalendarData(
        zone="Europe/Berlin",
        region="none",
        extra_on=frozenset({date(2026, 3, 29), date(2026, 10, 25)}),
        extra_off=frozenset({date(2026, 3, 30)}),
        short_days={date(2026, 10, 26): ((time(7, 15), time(11, 45)),)},
        hours=NIGHT,
    ),
    CalendarData(zone="Australia/Lord_Howe", region="none", hours=((time(0), time(0)),)),
    CalendarData(  # night shifts, a weekend of Friday and Saturday, a short Sunday
        zone="Asia/Dubai",
        region="none",
        hours=((time(13), time(18)), (time(22), time(6))),
        weekday_hours={6: ((time(7), time(11)),)},
        weekend=frozenset({4, 5}),
        extra_on=frozenset({date(2025, 12, 31), date(2026, 12, 31)}),
    ),
)


@cache
def calendar_of(data: CalendarData) -> WorkCalendar:
    return WorkCalendar(data)


MOMENT = st.datetimes(
    min_value=datetime(2025, 10, 1),  # noqa: DTZ001 — the strategy adds the zone
    max_value=datetime(2027, 4, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
# Whole minutes make boundaries likely.
moments = MOMENT.map(moment_of) | MOMENT.map(lambda at: moment_of(at) // HOUR * HOUR)
calendars = st.sampled_from(SETTINGS).map(calendar_of)


def spans_in(*units: Unit) -> st.SearchStrategy[Span]:
    return st.builds(
        Span, amount=st.integers(min_value=1, max_value=200), unit=st.sampled_from(units)
    )


elapsing = spans_in(Unit.WORKING_MINUTES, Unit.WORKING_HOURS)
working_days = spans_in(Unit.WORKING_DAYS)
spans = spans_in(*Unit)
TICK = 1


def length(span: Span) -> int:
    return span.microseconds


@given(calendars, moments, elapsing)
def test_a_span_in_working_time_ends_after_exactly_so_much_of_it(calendar, at, span):
    end = calendar.add(at, span)
    assert calendar.working_between(at, end) == length(span)
    assert calendar.working_between(at, end - TICK) == length(span) - TICK


@given(calendars, moments, spans)
def test_time_only_moves_forward(calendar, at, span):
    assert calendar.subtract(at, span) < at < calendar.add(at, span)


@given(calendars, moments, moments, spans)
def test_who_starts_later_is_never_due_earlier(calendar, a, b, span):
    early, late = min(a, b), max(a, b)
    assert calendar.add(early, span) <= calendar.add(late, span)
    assert calendar.subtract(early, span) <= calendar.subtract(late, span)
    assert calendar.next_opening(early) <= calendar.next_opening(late)


@given(calendars, moments, spans)
def test_subtract_is_the_latest_start_that_is_in_time(calendar, at, span):
    start = calendar.subtract(at, span)
    assert calendar.add(start, span) <= at
    assert calendar.add(start + TICK, span) > at


@given(calendars, moments, spans)
def test_subtracting_what_was_added_gives_a_start_with_the_same_end(calendar, at, span):
    end = calendar.add(at, span)
    start = calendar.subtract(end, span)
    assert start >= at
    assert calendar.add(start, span) == end


@given(calendars, moments, working_days, working_days)
def test_working_days_add_up(calendar, at, first, second):
    both = Span(amount=first.amount + second.amount, unit=Unit.WORKING_DAYS)
    assert calendar.add(calendar.add(at, first), second) == calendar.add(at, both)


@given(calendars, moments, working_days)
def test_working_days_end_at_a_close_and_are_counted_by_closes(calendar, at, span):
    end = calendar.add(at, span)
    assert calendar.is_open(end - TICK)
    closes: list[Moment] = []
    day = utc(at).date() - timedelta(days=2)
    while len(closes) <= span.amount:
        closes += [last for _, last in open_spans(calendar, day)[-1:] if last >= at]
        day += timedelta(days=1)
    assert end == closes[span.amount]


@given(calendars, moments, moments, moments)
def test_working_time_adds_up_in_any_order(calendar, a, b, c):
    between = calendar.working_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)
    assert abs(between(a, b)) <= abs(b - a)


@given(calendars, st.dates(date(2025, 10, 1), date(2027, 3, 1)), st.integers(0, 40))
def test_working_time_is_the_sum_of_the_open_intervals(calendar, first, days):
    found = [
        span for n in range(days + 1) for span in open_spans(calendar, first + timedelta(days=n))
    ]
    for (_, closed), (opened, _) in pairwise(found):
        assert closed <= opened
    if found:
        total = sum((closed - opened for opened, closed in found), 0)
        assert calendar.working_between(found[0][0], found[-1][1]) == total


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(calendar, at):
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening)
    assert calendar.working_between(at, opening) == 0
    assert calendar.is_open(at) is (opening == at)


@given(calendars, moments, moments, spans)
def test_pausing_and_resuming_at_once_changes_nothing(calendar, now, start, span):
    """Early, late, or long overdue: every end of a span is normalised."""
    due = calendar.add(start, span)
    assert calendar.resume(now, calendar.remaining(now, due, span.unit)) == due


@given(calendars, moments, moments, moments)
def test_a_due_time_outside_working_time_is_normalised_by_a_pause(calendar, now, due, later):
    back = calendar.resume(now, calendar.remaining(now, due, Unit.WORKING_HOURS))
    assert back <= due
    assert calendar.working_between(back, due) == 0
    again = calendar.resume(later, calendar.remaining(later, back, Unit.WORKING_HOURS))
    assert again == back


@given(calendars, moments, moments, spans_in(Unit.WORKING_HOURS, Unit.WORKING_DAYS), st.data())
def test_a_pause_that_takes_no_working_time_is_harmless(calendar, start, at, span, data):
    due = calendar.add(start, span)
    paused = calendar.add(at, parse_span("1wd"))  # at a close
    opening = calendar.next_opening(paused)
    resumed = data.draw(st.integers(paused, opening))
    left = calendar.remaining(paused, due, span.unit)
    assert calendar.resume(resumed, left) == due


@given(calendars, moments, moments, moments, spans)
def test_a_pause_moves_the_due_time_by_what_it_took(calendar, start, a, b, span):
    due, paused, resumed = calendar.add(start, span), min(a, b), max(a, b)
    moved = calendar.resume(resumed, calendar.remaining(paused, due, span.unit))
    if span.is_working:
        took = calendar.working_between(paused, resumed)
        assert calendar.working_between(due, moved) == took
    else:
        assert moved - due == resumed - paused


@given(calendars, moments, spans, st.fractions(min_value=Fraction(1, 100), max_value=2))
def test_shares_of_a_span_grow_to_its_end(calendar, start, span, share):
    moment, end = calendar.scale(start, span, share), calendar.add(start, span)
    assert start < moment
    assert calendar.scale(start, span, Fraction(1)) == end
    assert (moment <= end) if share <= 1 else (moment >= end)


people = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
quiet = st.sampled_from(
    [
        QuietHours(start=time(22), end=time(8)),
        QuietHours(start=time(0), end=time(6, 30)),
        QuietHours(start=time(12), end=time(13)),
        QuietHours(start=time(21), end=time(2, 30)),
    ]
)


@given(quiet, moments, people)
def test_a_released_message_is_late_by_less_than_a_night_and_then_free(hours, at, zone):
    released = hours.release(at, zone)
    assert at <= released <= at + 12 * HOUR
    assert hours.release(released, zone) == released
