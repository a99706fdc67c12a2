"""Everybody, their lines, their departments and who stands in for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflows.directory import Absence, Department, Directory, Person
from workflows.moments import HOUR, moment_of

NOON = moment_of(datetime(2026, 3, 2, 12, tzinfo=UTC))


def person(key, *, manager="", department="sales", roles=(), active=True):
    return Person(
        key=key,
        id=f"id-{key}",
        name=key,
        manager=manager,
        department=department,
        roles=roles,
        active=active,
    )


def directory(*people, departments=(), absences=()):
    return Directory(
        people={one.key: one for one in people},
        departments={one.id: one for one in departments},
        absences=absences,
    )


def away(person_key, deputy, *, starts=NOON - HOUR, ends=NOON + HOUR):
    return Absence(
        id=f"{person_key}-{deputy}",
        person=person_key,
        deputy=deputy,
        starts_at=starts,
        ends_at=ends,
    )


LINE = directory(
    person("boss"),
    person("left", manager="boss", active=False),
    person("lead", manager="left", roles=("lead",)),
    person("ann", manager="lead", roles=("buyer",)),
    person("bob", manager="lead", roles=("buyer",), department="quality"),
    person("eve", manager="lead", roles=("buyer",), active=False),
    departments=(
        Department(id="sales", name_zh="销售", name_en="Sales", head="lead"),
        Department(id="quality", name_zh="质量", name_en="Quality", head="left"),
        Department(id="board", name_zh="董事会", name_en="Board"),
    ),
)


def test_an_account_is_found_on_its_own_platform_only():
    linked = replace(person("ann"), accounts={"slack": "U1"})
    everybody = directory(person("bob"), linked)

    assert everybody.by_account("slack", "U1") is linked
    assert everybody.by_account("telegram", "U1") is None
    assert everybody.by_account("slack", "U2") is None


def test_people_are_found_by_key_and_by_readable_id():
    assert LINE.get("ann") is LINE.by_id("id-ann") is LINE.people["ann"]
    assert LINE.get("nobody") is None
    assert LINE.by_id("ann") is None


def test_whoever_left_or_never_came_is_not_active():
    assert LINE.active("ann")
    assert not LINE.active("eve")
    assert not LINE.active("nobody")


def test_roles_and_departments_hold_active_people_in_a_stable_order():
    assert [one.key for one in LINE.with_role("buyer")] == ["ann", "bob"]
    assert [one.key for one in LINE.with_role("buyer", department="quality")] == ["bob"]
    assert [one.key for one in LINE.in_department("sales")] == ["ann", "boss", "lead"]
    assert list(LINE.in_department("nowhere")) == []


@pytest.mark.parametrize(
    ("key", "levels", "manager"),
    [
        ("ann", 1, "lead"),
        ("ann", 2, "boss"),  # over the one who has left
        ("ann", 3, ""),
        ("boss", 1, ""),
        ("eve", 1, "lead"),  # who left still has a manager
        ("nobody", 1, ""),
    ],
)
def test_managers_are_found_up_the_line(key, levels, manager):
    assert LINE.manager_of(key, levels=levels) == manager


def test_a_line_that_runs_in_a_circle_ends():
    circle = directory(person("a", manager="b"), person("b", manager="a"))

    assert circle.manager_of("a") == "b"
    assert circle.manager_of("a", levels=2) == ""


def test_a_line_into_nowhere_ends():
    assert directory(person("a", manager="gone")).manager_of("a") == ""


def test_below_somebody_are_the_active_people_whose_own_manager_they_are():
    assert LINE.below("lead") == ("ann", "bob")
    assert LINE.below("boss") == ()


def test_a_head_is_somebody_at_work():
    assert LINE.head_of("sales") == "lead"
    assert LINE.head_of("quality") == ""
    assert LINE.head_of("board") == ""
    assert LINE.head_of("nowhere") == ""


def test_an_absence_covers_its_beginning_and_not_its_end():
    absence = away("a", "b")

    assert absence.covers(NOON - HOUR)
    assert not absence.covers(NOON - HOUR - 1)
    assert not absence.covers(NOON + HOUR)


def test_a_deputy_stands_in_while_the_absence_lasts():
    office = directory(person("a"), person("b"), absences=(away("a", "b"),))

    assert office.deputy_of("a", at=NOON) == "b"
    assert office.principals_of("b", at=NOON) == ("a",)
    assert office.deputy_of("a", at=NOON + HOUR) == ""
    assert office.principals_of("b", at=NOON + HOUR) == ()
    assert office.deputy_of("b", at=NOON) == ""


def test_deputies_do_not_cascade():
    """T4: a deputy who is away too is still the only deputy."""
    office = directory(
        person("a"), person("b"), person("c"), absences=(away("a", "b"), away("b", "c"))
    )

    assert office.deputy_of("a", at=NOON) == "b"
    assert office.principals_of("c", at=NOON) == ("b",)


def test_a_deputy_who_left_stands_in_for_nobody():
    office = directory(
        person("a"),
        person("b", active=False),
        person("c"),
        absences=(away("a", "b"), away("a", "c")),
    )

    assert office.deputy_of("a", at=NOON) == "c"
    assert office.principals_of("b", at=NOON) == ()


def test_an_absence_may_be_without_a_deputy():
    alone = directory(person("ann"), absences=(away("ann", ""),))
    assert alone.away("ann", at=NOON)
    assert alone.deputies_named("ann", at=NOON) == ()


def test_of_two_deputies_at_a_time_the_first_stands_in_and_each_principal_is_named_once():
    office = directory(
        person("a"),
        person("b"),
        person("c"),
        absences=(away("a", "b"), away("a", "c"), away("a", "b", starts=NOON)),
    )

    assert office.deputy_of("a", at=NOON) == "b"
    assert office.principals_of("b", at=NOON) == ("a",)
    assert office.principals_of("c", at=NOON) == ()


def test_a_deputy_for_one_process_comes_before_the_deputy_for_all():
    whole, part = away("a", "b"), replace(away("a", "c"), process="launch")
    office = directory(person("a"), person("b"), person("c"), absences=(whole, part))

    assert office.deputy_of("a", at=NOON) == "b"
    assert office.deputy_of("a", at=NOON, process="complaint") == "b"
    assert office.deputy_of("a", at=NOON, process="launch") == "c"
    assert office.principals_of("b", at=NOON) == office.principals_of("c", at=NOON) == ("a",)


def test_who_has_a_deputy_for_one_process_is_present_in_all_others():
    part = replace(away("a", "c"), process="launch")
    office = directory(person("a"), person("b"), person("c"), absences=(part,))

    assert not office.away("a", at=NOON)
    assert office.away("a", at=NOON, process="launch")
    assert office.present_first(("a", "b"), at=NOON) == ("a", "b")
    assert office.present_first(("a", "b"), at=NOON, process="launch") == ("b", "a")
    assert office.deputy_of("a", at=NOON) == ""
    assert not part.covers(NOON)
    assert part.begun(NOON)


def test_somebody_s_line_is_who_reports_to_them_at_any_depth_and_whose_department_they_head():
    more = (person("old", manager="ann", active=False), person("far", department="d"))
    everybody = Directory(
        people={**LINE.people, **{one.key: one for one in more}},
        departments={"d": Department(id="d", name_zh="", name_en="", head="lead")},
    )

    assert everybody.line_of("lead") == {"ann", "bob", "eve", "old", "far"}
    assert everybody.line_of("far") == frozenset()
