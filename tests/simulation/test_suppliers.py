"""The second statement about suppliers finds what it is there for."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from tests.office import CALENDAR, moment
from tests.simulation import quarters
from tests.simulation.suppliers import Supplier
from workflows.actions.fire_timers import Reminded
from workflows.actions.start import CaseStarted
from workflows.case.events import SYSTEM, Body, Event
from workflows.case.task import ContentRef
from workflows.flow.branch_events import BranchEnded, BranchStarted, RestBegan, StartDue
from workflows.flow.ending import CaseClosed

Told = tuple[str, Body]
ISO = "iso9001"
FORM = {"goods": "service", "license": ["f1"], "iso9001": ["f2"], "iso9001_expires": "2027-08-31"}
FILED: Told = (
    "2026-03-02 09:00",
    CaseStarted(
        case="S-2026-0001",
        process="supplier",
        definition="0" * 64,
        filer="p_1",
        content=ContentRef(id="k_1", digest=""),
    ),
)
RESTS: Told = ("2026-03-02 09:00", RestBegan(node="active", visit="v1"))
CLOSED: Told = ("2026-07-08 09:00", CaseClosed(status="completed"))
DUE = "2026-07-07 09:00"  # five working days after the second quarter


def begins(start: str, *, to: str, period: str = "", subject: str = "", scope: str) -> Body:
    return BranchStarted(
        node="active",
        visit="v1",
        start=start,
        to=to,
        scope=scope,
        subject=subject,
        period=period,
    )


def quarter(scope: str = "v2", period: str = "2026-Q2") -> Body:
    return begins("quarterly", to="assess", period=period, scope=scope)


def ended(scope: str, target: str) -> Body:
    return BranchEnded(node="active", visit="v1", scope=scope, target=target)


def warning(rung: str) -> Body:
    return Reminded(clock="begin:v1:certificate_out:iso9001", rung=rung, to=("p_1",), overdue=False)


def found(*told: Told, until: str, **form: str) -> set[str]:
    """The promises that are broken by these events, but for what the facts say."""
    wrong: list[str] = []
    supplier = Supplier(
        told_wrong=lambda promise, _event, why: wrong.append(f"{promise}: {why}"),
        calendar=CALENDAR,
        bodies={"k_1": SimpleNamespace(body={"values": {**FORM, **form}})},
    )
    for seq, (at, body) in enumerate((FILED, RESTS, *told), start=1):
        actor = "p_1" if getattr(body, "start", "") in ("part", "certificate_new") else SYSTEM
        event = Event(seq=seq, at=moment(at), actor=actor, on_behalf_of=None, via="", body=body)
        supplier.tell(moment(at), event)
    supplier.ends(moment(until))
    return {one.partition(":")[0] for one in wrong} - {"standing"}


@pytest.mark.parametrize(
    ("day", "number", "name", "due"),
    [
        (date(2026, 3, 2), 0, "2026-Q2", "2026-07-07 09:00"),
        (date(2026, 4, 1), 0, "2026-Q2", "2026-07-07 09:00"),
        (date(2026, 4, 2), 1, "2026-Q4", "2027-01-08 09:00"),
    ],
)
def test_a_quarter_is_the_first_whole_one_and_due_five_working_days_after_it(
    day: date, number: int, name: str, due: str
) -> None:
    assert quarters.quarter(CALENDAR, day, number) == (name, moment(due))


def test_a_year_from_a_leap_day_ends_on_the_last_day_of_february() -> None:
    name, due = quarters.year(CALENDAR, date(2028, 2, 29), 0)

    assert name == "2029"
    assert due == moment("2029-01-02 09:00")  # the first to be worked on, sixty days before


def test_a_quarter_that_was_assessed_breaks_nothing_but_that_it_has_no_result() -> None:
    assert found((DUE, quarter()), until="2026-07-10 09:00") == set()
    told = ((DUE, quarter()), ("2026-07-08 09:00", ended("v2", "assess")))
    assert found(*told, until="2026-07-10 09:00") == {"quarters"}


def test_a_quarter_that_is_missed_early_or_repeated_is_found() -> None:
    assert found(until="2026-07-10 09:00") == {"quarters"}
    assert "quarters" in found(("2026-07-06 09:00", quarter()), until="2026-07-06 10:00")
    again = StartDue(node="active", visit="v1", start="quarterly", to="assess", period="2026-Q2")
    assert "quarters" in found((DUE, quarter()), (DUE, again), until="2026-07-10 09:00")


def test_a_second_branch_for_the_same_and_one_beside_an_elimination_are_found() -> None:
    other = quarter("v3", "2026-Q3")
    assert "one branch" in found((DUE, quarter()), (DUE, other), until="2026-07-10 09:00")
    part = begins("part", to="elimination", scope="v2")
    told = (("2026-07-06 09:00", part), (DUE, quarter("v3")))
    assert found(*told, until="2026-07-10 09:00") == {"one branch"}


def test_what_waits_for_no_reason_is_found() -> None:
    waits = StartDue(node="active", visit="v1", start="quarterly", to="assess", period="2026-Q2")

    assert found((DUE, waits), until="2026-07-10 09:00") == {"starts"}


def test_a_start_after_the_end_is_found() -> None:
    assert found((DUE, quarter()), CLOSED, until="2026-07-10 09:00") == set()
    late = ("2026-10-20 09:00", quarter("v3", "2026-Q3"))
    assert "eliminated" in found((DUE, quarter()), CLOSED, late, until="2026-10-21 09:00")


def test_a_certificate_whose_warning_or_end_is_not_seen_is_found() -> None:
    seen = (
        ("2026-07-03 09:00", warning("0")),
        (DUE, quarter()),
        ("2026-08-02 09:00", warning("1")),
        ("2026-08-25 09:00", warning("2")),
        ("2026-09-01 09:00", warning("3")),
    )
    day = "2026-09-01"
    expired = (
        f"{day} 09:00",
        begins("certificate_out", to="renew_certificate", period=day, subject=ISO, scope="v3"),
    )

    def says(*told: Told) -> set[str]:
        return found(*told, until="2026-09-10 09:00", iso9001_expires="2026-08-31")

    assert says(*seen, expired) == set()
    assert says(*seen[1:], expired) == {"expiry"}
    assert says(*seen) == {"expiry"}
    assert says(*seen, expired, expired) >= {"expiry", "one branch"}
