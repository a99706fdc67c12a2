"""A company with a factory: whose calendar is whose, and when due times have to be planned anew."""

from __future__ import annotations

from datetime import time

from workflows.calendar import CalendarData, WorkCalendar
from workflows.company_calendar import CompanyCalendar

OFFICE = CalendarData(zone="Asia/Shanghai")


def company(*, until: int = 22) -> CompanyCalendar:
    factory = CalendarData(zone="Asia/Shanghai", hours=((time(6), time(until)),))
    return CompanyCalendar(
        OFFICE,
        named={"factory": WorkCalendar(factory)},
        departments={"production": "factory", "quality": "factory"},
    )


def test_a_calendar_is_found_by_its_name_and_an_unknown_one_is_the_company_s():
    one = company()
    assert one.names == ("factory",)
    assert one.named("factory").data.hours == ((time(6), time(22)),)
    assert one.named("closed") is one
    assert one.named(None) is one


def test_people_of_departments_with_one_calendar_have_it():
    assert company().name_for({"production"}) == "factory"
    assert company().name_for({"production", "quality"}) == "factory"
    assert company().name_for({"production", "sales"}) is None
    assert company().name_for(()) is None


def test_the_fingerprint_changes_with_each_calendar():
    assert company().fingerprint == company().fingerprint
    assert company().fingerprint != company(until=21).fingerprint
    assert company().fingerprint != WorkCalendar(OFFICE).fingerprint


def test_a_company_with_one_calendar_has_no_names():
    only = WorkCalendar(OFFICE)
    assert only.names == ()
    assert only.named("factory") is only
    assert only.name_for({"production"}) is None
    assert only.fingerprint == OFFICE.fingerprint  # as earlier releases stored it
