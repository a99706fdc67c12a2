from datetime import date

import pytest

from handlers.answers import (
    RAW_MOST,
    clean_line,
    clean_text,
    plain_forms,
    read_form,
    read_text,
    required_word,
    required_words,
    take_form,
)
from tests.unit.handlers import travel
from tests.unit.handlers.purchase import request_form
from tests.unit.workflows import certified
from workflows.directory import Department, Directory, Person
from workflows.errors import FormInvalid

DIRECTORY = Directory(
    people={
        "p_1": Person(key="p_1", id="wang.fang", name="王芳"),
        "p_2": Person(key="p_2", id="he.left", name="走了", active=False),
    },
    departments={"sales": Department(id="sales", name_zh="销售部", name_en="Sales")},
)

WORLD = travel.world(DIRECTORY)


def read(**values):
    return read_form(request_form(), {"what": "打印机", **values}, world=WORLD)


def problem(**values) -> str:
    with pytest.raises(FormInvalid) as invalid:
        read(**values)
    (found,) = invalid.value.problems.values()
    return found.code


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a\r\nb\rc\t ", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\x00\x1b\x7fb", "ab"),
        ("\ud800a", "a"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),  # joiners belong to the words
        ("\u200b\u2060\ufeff \u200d", ""),  # nothing can be seen
        ("\U0001fae8", "\U0001fae8"),  # newer than our tables
        (12, "12"),
    ],
)
def test_a_text_is_cleaned_of_what_nobody_can_see(raw: object, clean: str) -> None:
    assert clean_text(raw) == clean


def test_a_name_is_one_line_without_hidden_characters() -> None:
    assert clean_line("a\u200bb\n\u200e c") == "ab c"


def test_full_width_typing_is_read_as_plain() -> None:
    assert plain_forms("／ｃａｓｅ Ｃ－２０２６") == "/case C-2026"


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("count", "12", "12"),
        ("count", 12, "12"),
        ("count", "１２", "12"),
        ("price", "－１２．５０", "-12.50"),
        ("price", "1,234,567.50", "1234567.50"),
        ("price", "12，000", "12000"),
        ("price", "1e3", "1000"),
        ("by", "2026-03-01", "2026-03-01"),
        ("by", "20260301", "2026-03-01"),
        ("by", "2026-3-1", "2026-03-01"),
        ("by", "2026/03/1", "2026-03-01"),
        ("by", "２０２６年３月１日", "2026-03-01"),
        ("at", "09:30", "09:30"),
        ("at", "9：30", "09:30"),
        ("at", "9点30分", "09:30"),
        ("at", "09:30:15", "09:30"),
        ("kind", "new", "new"),
        ("colours", ["red", "blue", "red"], ["red", "blue"]),
        ("colours", "red", ["red"]),  # one that came alone
        ("receiver", "p_1", "p_1"),
        ("receiver", "wang.fang", "p_1"),
        ("unit", "sales", "sales"),
        ("papers", ["f_1", "f_1", ""], ["f_1"]),
    ],
)
def test_an_answer_is_kept_in_one_form(field: str, raw: object, value: object) -> None:
    assert read(**{field: raw}) == {"what": "打印机", field: value}


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ("what", "", "field_required"),
        ("what", "很" * 21, "text_too_long"),
        ("what", ["a"], "not_readable"),
        ("what", "a" * (RAW_MOST + 1), "text_too_long"),
        ("why", "很" * 3001, "text_too_long"),
        ("count", "many", "not_a_number"),
        ("count", "0", "number_too_small"),
        ("count", "101", "number_too_large"),
        ("price", "1,5", "not_a_number"),
        ("price", "1e13", "not_a_number"),
        ("price", "1e-999999999", "not_a_number"),
        ("price", "0.1234567", "not_a_number"),
        ("price", "NaN", "not_a_number"),
        ("price", "1e400", "not_a_number"),
        ("price", "-Infinity", "not_a_number"),
        ("price", float("inf"), "not_a_number"),
        ("price", "1" * 400, "not_a_number"),
        ("price", {"amount": 1}, "not_readable"),
        ("by", "tomorrow", "not_a_date"),
        ("by", "2026-W10-1", "not_a_date"),
        ("by", "2026-2-30", "not_a_date"),
        ("by", "3/1/2026", "not_a_date"),
        ("at", "noon", "not_a_time"),
        ("at", "25:00", "not_a_time"),
        ("at", "09:30+08:00", "not_a_time"),
        ("kind", "green", "not_an_option"),
        ("colours", ["red", "green"], "not_an_option"),
        ("colours", [{"a": 1}], "not_readable"),
        ("receiver", "p_2", "person_unknown"),
        ("receiver", "nobody", "person_unknown"),
        ("unit", "moon", "department_unknown"),
        ("papers", ["a", "b", "c"], "too_many_files"),
    ],
)
def test_what_does_not_fit_is_to_be_mended(field: str, raw: object, code: str) -> None:
    assert problem(**{field: raw}) == code


@pytest.mark.parametrize(
    "field", ["count", "by", "at", "kind", "colours", "receiver", "unit", "papers"]
)
def test_an_empty_answer_is_none(field: str) -> None:
    assert read(**{field: ""}) == {"what": "打印机"}


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(FormInvalid) as invalid:
        read(what="", count="x", by="x")

    assert set(invalid.value.problems) == {"what", "count", "by"}


def test_a_free_text_may_be_missing_only_where_it_may() -> None:
    assert read_text(None, required=False) == ""
    for bad, code in ((" ", "field_required"), ("a" * 11, "text_too_long"), ([], "not_readable")):
        with pytest.raises(FormInvalid) as invalid:
            read_text(bad, most=10)
        assert invalid.value.problems["text"].code == code


def test_a_question_of_our_own_sheets_is_answered_or_asked_again() -> None:
    assert required_word("p_1", "person") == "p_1"
    assert required_words(["p_1", "p_2"], "people") == ("p_1", "p_2")
    for raw, code in ((None, "choice_required"), ({}, "not_readable")):
        with pytest.raises(FormInvalid) as invalid:
            required_words(raw, "people")
        assert invalid.value.problems["people"].code == code


def trip(**values):
    return take_form(travel.trip_form(), {**travel.TRIP, **values}, world=WORLD)


def test_a_field_is_asked_only_where_its_condition_holds() -> None:
    at_home, abroad = trip(country="FR"), trip(kind="abroad", visa="needed")

    assert "country" not in [field.id for field in at_home.asked]
    assert "country" not in at_home.values  # what was typed before is not stored
    assert set(abroad.missing) == {"country", "visa_by"}
    assert set(trip(kind="abroad", visa="none").missing) == {"country"}


def test_a_hidden_field_decides_nothing_itself() -> None:
    taken = trip(kind="home", visa="needed", visa_by="2026-03-09")

    assert set(taken.values) == set(travel.TRIP)


def test_an_answer_that_is_not_valid_decides_nothing() -> None:
    taken = trip(budget="x", nights="3")

    assert set(taken.problems) == {"budget"}
    assert "nights" not in taken.values


@pytest.mark.parametrize(
    ("values", "field", "code", "facts"),
    [
        ({"leaves": "2026-03-06"}, "leaves", "date_too_early", {"limit": date(2026, 3, 9)}),
        ({"leaves": "2020-01-01"}, "leaves", "date_too_early", {"limit": date(2026, 3, 9)}),
        ({"returns": "2026-03-19"}, "returns", "date_too_early", {"limit": date(2026, 3, 20)}),
        ({"returns": "2026-04-20"}, "returns", "date_too_late", {"limit": date(2026, 4, 19)}),
        ({"leaves": "9999-12-31"}, "returns", "date_beyond_calendar", {"last": 2099}),
        ({"budget": "-1"}, "budget", "number_too_small", {"least": "0"}),
        ({"advance": "900.01"}, "advance", "number_too_large_by_field", {"most": "900"}),
        ({"budget": "2000", "nights": "61"}, "nights", "number_too_large", {"most": "60"}),
    ],
)
def test_a_value_outside_its_limits_is_refused_with_the_limit(
    values: dict[str, str], field: str, code: str, facts: dict[str, object]
) -> None:
    refusal = trip(**values).problems[field]

    assert refusal.code == code
    assert refusal.facts.items() >= facts.items()


def test_a_limit_that_names_an_empty_field_does_not_apply() -> None:
    form = travel.loaded().definition.forms["decision"]

    assert read_form(form, {"granted": "7"}, world=WORLD) == {"granted": "7"}
    earlier = travel.world(DIRECTORY, budget="5", advance="3", leaves="2026-03-20")
    taken = take_form(form, {"granted": "7", "book_by": "2026-03-19"}, world=earlier)
    assert {name: one.code for name, one in taken.problems.items()} == {
        "granted": "number_too_large_by_field",
        "book_by": "date_too_late",
    }


def certificates(**values):
    """What becomes of the supplier form with these values; None leaves one out."""
    raw = {name: value for name, value in {**certified.GIVEN, **values}.items() if value}
    taken = take_form(certified.supplier_form(), raw, world=certified.world())
    return taken, {name: one.code for name, one in {**taken.problems, **taken.missing}.items()}


def test_a_certificate_is_taken_with_its_files_and_its_expiry():
    taken, wrong = certificates()

    assert wrong == {}
    assert taken.values == certified.GIVEN


def test_a_certificate_that_expired_is_refused_and_one_that_expires_today_is_not():
    taken, wrong = certificates(iso9001_expires="2026-03-01")

    assert wrong == {"iso9001_expires": "certificate_expired"}
    assert taken.problems["iso9001_expires"].facts == {"day": date(2026, 3, 1)}
    assert certificates(iso9001_expires="2026-03-02")[1] == {}
    assert certificates(license_expires="2026-03-01")[1] == {
        "license_expires": "certificate_expired"
    }


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"license": None}, {"license": "files_required"}),
        ({"iso9001_expires": None}, {"iso9001_expires": "field_required"}),
        ({"agency": ["f3"]}, {"agency_expires": "field_required"}),
        ({"agency_expires": "2027-01-01"}, {"agency": "certificate_without_files"}),
        ({"agency": ["f3"], "agency_expires": "2027-01-01"}, {}),
        ({"license_expires": "2040-01-01"}, {}),
        ({"goods": "part"}, {"safety": "files_required", "safety_expires": "field_required"}),
        ({"goods": "part", "safety": ["f4"]}, {"safety_expires": "field_required"}),
        ({"goods": "part", "safety": ["f4"], "safety_expires": "2027-01-01"}, {}),
        ({"goods": None}, {"goods": "choice_required"}),  # a condition without a value is false
        ({"iso9001": ["a", "b", "c"]}, {"iso9001": "too_many_files"}),
        ({"visit": "2027-06-01"}, {"visit": "date_too_late"}),  # 30 days before it expires
    ],
)
def test_files_and_expiry_of_a_certificate_belong_together(values, wrong):
    assert certificates(**values)[1] == wrong
