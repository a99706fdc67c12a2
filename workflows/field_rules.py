"""Which fields of a form are asked, and the limits of their values.

Both may depend on what was answered before: in the same form, or in earlier forms of the case. A
field that is not asked is neither required nor stored, and a rule about it does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar
from workflows.case.world import World
from workflows.conditions import Condition
from workflows.durations import Span, Unit
from workflows.model.bounds import DayBound
from workflows.model.definition import Definition
from workflows.model.fields import Form, FormField
from workflows.moments import in_zone

Values = Mapping[str, object]

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a value, as far as they are known; None where there is none."""

    earliest: date | None = None
    latest: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None


def values_before(form: Form, world: World) -> dict[str, object]:
    """Return what the rules of a form may read of the case: facts, and values of other forms."""
    own = {name for field in form.fields for name in field.names}
    values = {name: value for name, value in world.values.items() if name not in own}
    return {**values, **world.facts}


def sum_of(field: FormField, rows: Iterable[Mapping[str, object]]) -> Decimal:
    """Return the sum of a column of clean rows, see `FormField.sum`; an empty cell counts as 0."""
    given = (row.get(field.sum or "") for row in rows)
    return sum((Decimal(str(one)) for one in given if one is not None), start=Decimal(0))


def is_asked(field: FormField, values: Values, conditions: Mapping[str, Condition]) -> bool:
    """Return whether a field is asked, given the values before it and the compiled conditions."""
    return field.when is None or conditions[field.when].evaluate(values)


def is_required(field: FormField, values: Values, conditions: Mapping[str, Condition]) -> bool:
    """Return whether a field that is asked must be filled, given the values before it.

    The expiry of a certificate must be given wherever its files are, if it expires.
    """
    whole = field.certificate
    if whole is not None and field.is_expiry:
        files = bool(values.get(whole.id)) or is_required(whole, values, conditions)
        return whole.expires and files
    needed = field.required_when
    return field.required or (needed is not None and conditions[needed].evaluate(values))


def expired_required(
    definition: Definition, values: Values, conditions: Mapping[str, Condition], *, day: date
) -> int:
    """Return how many required certificates have expired on a day, or were not handed in."""
    found = {field.id: field for form in definition.forms.values() for field in form.certificates}
    return sum(
        not values.get(field.id)
        or date.fromisoformat(str(values.get(field.expires_name) or day)) < day
        for field in found.values()
        if is_asked(field, values, conditions) and is_required(field, values, conditions)
    )


def limits(field: FormField, values: Values, world: World) -> Limits:
    """Return the limits of a field, given the values that it is compared with.

    Raises:
        ValueError: a day is outside the calendar, see `workflows.working_days`.
    """
    return Limits(
        earliest=_day(field.not_before, values, world),
        latest=_day(field.not_after, values, world),
        least=_number(field.min, values),
        most=_number(field.max, values),
    )


def today(world: World) -> date:
    """Return the date in the time zone of the company's calendar."""
    return in_zone(world.now, ZoneInfo(world.calendar.data.zone)).date()


def _day(bound: DayBound | None, values: Values, world: World) -> date | None:
    if bound is None:
        return None
    if bound.field is None:
        start = today(world)
    elif (given := values.get(bound.field)) is not None:
        start = date.fromisoformat(str(given))
    else:
        return None
    return start if bound.span is None else moved(start, bound.sign, bound.span, world.calendar)


def moved(day: date, sign: Literal[1, -1], span: Span, calendar: WorkCalendar) -> date:
    """Return the day that lies `span` after a day, before it with a `sign` of -1.

    As for deadlines, working days that begin on a day off are counted from the next working day,
    or backwards from the last one. Raises ValueError outside the calendar.
    """
    try:
        if span.unit is Unit.DAYS:
            return day + sign * span.amount * _ONE
        left = span.amount
        while not calendar.is_working_day(day):
            day += sign * _ONE
        while left:
            day += sign * _ONE
            left -= calendar.is_working_day(day)
    except OverflowError as error:
        raise ValueError(f"no day {span} from {day}") from error
    return day


def _number(bound: int | str | None, values: Values) -> Decimal | None:
    given = values.get(bound) if isinstance(bound, str) else bound
    return None if given is None else Decimal(str(given))
