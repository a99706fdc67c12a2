"""Which fields of a form are asked, and the limits of their values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.unit.workflows import certified, office
from workflows.case.world import World
from workflows.condition_words import ValueType
from workflows.conditions import compile_condition
from workflows.durations import parse_span
from workflows.field_rules import (
    Limits,
    expired_required,
    is_asked,
    is_required,
    limits,
    moved,
    sum_of,
    today,
    values_before,
)
from workflows.misfits import Misfit
from workflows.model.bounds import read_day_bound, read_number_bound
from workflows.model.fields import FormField

PROCESS = office.complaint()
WORLD = World(
    now=office.moment("2026-09-24 00:30"),  # a Thursday; in UTC it is Wednesday
    definition=PROCESS.definition,
    directory=office.directory(),
    calendar=office.calendar(),
    conditions=PROCESS.conditions,
)


def field(**keys: object) -> FormField:
    label = {"zh": "字段", "en": "Field"}
    return FormField.model_validate({"id": "it", "type": "date", "label": label, **keys})


def test_a_field_is_required_always_never_or_where_its_condition_holds() -> None:
    text = "amount > 5"
    conditions = {text: compile_condition(text, fields={"amount": ValueType.NUMBER})}

    assert is_required(field(required=True), {}, {})
    assert not is_required(field(), {}, {})
    for values, needed in (({"amount": 6}, True), ({"amount": 5}, False), ({}, False)):
        assert is_required(field(required_when=text), values, conditions) is needed


def test_the_expiry_of_a_certificate_is_required_if_it_expires_and_is_given() -> None:
    for keys, values, needed in (
        ({}, {"it": ["f"]}, False),
        ({"expires": True}, {"it": ["f"]}, True),
        ({"expires": True}, {}, False),
        ({"expires": True, "required": True}, {}, True),
    ):
        files, expiry = field(**{**keys, "type": "certificate"}).parts
        assert is_required(expiry, values, {}) is needed
        assert is_required(files, values, {}) is ("required" in keys)


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 0),
        ({"iso9001_expires": "2026-03-02"}, 0),  # valid on its last day
        ({"iso9001_expires": "2026-03-01"}, 1),
        ({"license": []}, 1),
        ({"license_expires": "2020-01-01", "iso9001": None}, 2),
        ({"goods": "part"}, 1),  # its permit is missing
        ({"agency": ["f"], "agency_expires": "2020-01-01"}, 0),  # nobody requires it
    ],
)
def test_required_certificates_that_expired_or_are_missing_are_counted(
    changed: dict[str, object], count: int
) -> None:
    found = certified.loaded()
    values = {**certified.GIVEN, **changed}

    lacking = expired_required(found.definition, values, found.conditions, day=date(2026, 3, 2))

    assert lacking == count


def test_a_field_without_a_condition_is_always_asked() -> None:
    assert is_asked(field(), {}, {})


def test_a_field_is_asked_where_its_condition_holds_and_not_where_a_value_is_missing() -> None:
    text = "amount > 5"
    conditions = {text: compile_condition(text, fields={"amount": ValueType.NUMBER})}

    assert is_asked(field(when=text), {"amount": "6"}, conditions)
    assert not is_asked(field(when=text), {"amount": "5"}, conditions)
    assert not is_asked(field(when=text), {}, conditions)


def test_the_sum_of_rows_is_exact_and_an_empty_cell_counts_as_nothing() -> None:
    rows = field(type="rows", sum="amount")

    assert rows.names == ("it", "it_sum")
    assert sum_of(rows, [{"amount": "0.1"}, {"amount": "0.2"}, {}]) == Decimal("0.3")
    assert sum_of(rows, []) == 0


def test_today_is_the_date_in_the_zone_of_the_company() -> None:
    assert today(WORLD) == date(2026, 9, 24)


def test_a_form_reads_no_earlier_values_of_its_own_fields() -> None:
    form = PROCESS.definition.forms[PROCESS.definition.start_form]
    own = form.fields[0].id

    assert values_before(form, replace(WORLD, values={own: "x", "else": "y"})) == {"else": "y"}


def test_a_form_also_reads_the_facts_of_the_case() -> None:
    form = PROCESS.definition.forms[PROCESS.definition.start_form]
    world = replace(WORLD, values={"else": "y"}, facts={"total": 7, "card.grade": "a"})

    assert values_before(form, world) == {"else": "y", "total": 7, "card.grade": "a"}


@pytest.mark.parametrize(
    ("keys", "values", "expected"),
    [
        ({}, {}, Limits()),
        ({"not_before": "today"}, {}, Limits(earliest=date(2026, 9, 24))),
        ({"not_after": "today + 3d"}, {}, Limits(latest=date(2026, 9, 27))),
        ({"not_before": "start"}, {"start": "2026-03-01"}, Limits(earliest=date(2026, 3, 1))),
        ({"not_before": "start"}, {}, Limits()),
        ({"not_after": "start - 30d"}, {"start": "2026-03-01"}, Limits(latest=date(2026, 1, 30))),
        ({"min": 3, "max": "most"}, {"most": "7.5"}, Limits(least=Decimal(3), most=Decimal("7.5"))),
        ({"min": "least"}, {}, Limits()),
    ],
)
def test_limits_are_known_as_far_as_the_values_are(
    keys: dict[str, object], values: dict[str, object], expected: Limits
) -> None:
    assert limits(field(**keys), values, WORLD) == expected


@pytest.mark.parametrize(
    ("day", "sign", "span", "expected"),
    [
        ("2026-09-24", 1, "1wd", "2026-09-28"),  # Friday 25 September is a public holiday
        ("2026-09-26", 1, "1wd", "2026-09-29"),  # counted from Monday, as a deadline is
        ("2026-09-28", 1, "5wd", "2026-10-10"),  # over the National Day; Saturday 10 is worked
        ("2026-09-28", -1, "1wd", "2026-09-24"),
        ("2026-09-27", -1, "1wd", "2026-09-23"),
        ("2026-12-31", 1, "1d", "2027-01-01"),
    ],
)
def test_working_days_are_those_of_the_calendar(
    day: str, sign: int, span: str, expected: str
) -> None:
    found = moved(date.fromisoformat(day), sign, parse_span(span), WORLD.calendar)  # type: ignore[arg-type]

    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "span"), [("9999-12-31", "1d"), ("2099-12-31", "9wd"), ("1850-01-01", "1wd")]
)
def test_a_day_outside_the_calendar_is_an_error(day: str, span: str) -> None:
    with pytest.raises(ValueError, match=r"day|calendar"):
        moved(date.fromisoformat(day), 1, parse_span(span), WORLD.calendar)


def test_a_limit_is_written_in_one_of_a_few_ways() -> None:
    bound = read_day_bound(" contract_start  -  30d ")

    assert (bound.field, bound.sign, str(bound.span)) == ("contract_start", -1, "30d")
    assert read_day_bound(bound) is bound
    assert read_day_bound("today").field is None
    for wrong in ("today + 4h", "today + 0d", "tomorrow!", "2026-03-01", "today 5d", 5, ""):
        with pytest.raises(Misfit, match="today"):
            read_day_bound(wrong)
    assert (read_number_bound("budget"), read_number_bound(-5)) == ("budget", -5)
    for number in ("Budget", "5", True, 1.5, 10**12 + 1, None):
        with pytest.raises(Misfit, match="whole number"):
            read_number_bound(number)


def test_a_limit_is_written_back_as_it_was_read() -> None:
    made = field(not_before="today + 20wd", min="budget").model_dump(mode="json")

    assert (made["not_before"], made["min"]) == ("today + 20wd", "budget")
