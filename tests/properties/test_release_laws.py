"""Laws of releases, whatever is published, piloted, rolled out, rolled back and dissolved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from handlers import releases
from handlers.office import Company, Office
from storage import schema
from storage.directory_audit import check_directory
from storage.unit import Tx
from tests.fakes.ports import CountedIds, HandClock
from tests.office import CALENDAR, MONDAY
from tests.stories.test_versions import shipped
from workflows.directory import Department
from workflows.errors import Refusal
from workflows.moments import DAY
from workflows.releases import Release

BASE = shipped("complaint").text
DEPARTMENTS = ("quality", "sales", "legal")
COMPANY = Company(name="X", language="en", timezone="Asia/Shanghai", admins=())
STEP = st.one_of(
    st.tuples(st.just("publish"), st.integers(1, 4)),
    st.tuples(st.just("store"), st.integers(1, 4)),
    st.tuples(
        st.sampled_from(["pilot", "batch"]),
        st.integers(1, 4),
        st.lists(st.sampled_from(DEPARTMENTS), max_size=3),
        st.integers(1, 6),
    ),
    st.tuples(st.just("all"), st.integers(1, 4), st.integers(1, 6)),
    st.tuples(st.just("back"), st.integers(0, 6)),
    st.tuples(st.just("prolong"), st.integers(1, 6), st.integers(20, 90)),
    st.tuples(st.just("directory"), st.sets(st.sampled_from(DEPARTMENTS))),
)


def text(number: int) -> str:
    return f"# {number}\n{BASE}"


def digest(number: int) -> str:
    return hashlib.sha256(text(number).encode()).hexdigest()


@contextmanager
def opened() -> Iterator[tuple[Tx, Office]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.upgrade(connection)
        clock = HandClock(MONDAY)
        yield (
            Tx(connection),
            Office(clock=clock, ids=CountedIds(), company=COMPANY, calendar=CALENDAR),
        )
    engine.dispose()


def does(tx: Tx, office: Office, step: tuple[Any, ...]) -> None:
    """One thing that somebody does; an act of the same number is done again."""
    name, *given_ = step
    now = office.clock.now()
    to: dict[str, Any] = {"process": "complaint", "by": "p_1"}
    match name, given_:
        case "publish" | "store", [number]:
            store = tx.definitions.publish if name == "publish" else tx.definitions.store
            store(key="complaint", hash=digest(number), text=text(number), at=now, by="p_1")
        case "pilot" | "batch", [number, departments, act]:
            to |= {"hash": digest(number), "departments": departments, "opening": f"act-{act}"}
            if name == "pilot":
                releases.open_pilot(tx, office, until=now + 30 * DAY, **to)
            else:
                releases.open_batch(tx, office, batch=1, **to)
        case "all", [number, act]:
            opening = f"act-{act}"
            releases.release_to_all(tx, office, hash=digest(number), opening=opening, **to)
        case "back", [act]:
            releases.roll_back(tx, office, opening=f"act-{act}" if act else "", **to)
        case "prolong", [act, days]:
            until = now + days * DAY
            releases.prolong(tx, office, opening=f"act-{act}", until=until, **to)
        case _:
            (names,) = given_
            rows = [Department(id=one, name_zh=one, name_en=one) for one in sorted(names)]
            tx.people.replace([], rows)
            releases.end_gone(tx, office)


def lawful(tx: Tx, before: tuple[Release, ...]) -> tuple[Release, ...]:
    """AssertionError for a broken law; return the history."""
    history = tx.releases.history("complaint")
    running = [one for one in history if one.open]
    assert len({one.department for one in running}) == len(running), "two for one department"
    assert [one.number for one in history] == list(range(1, len(history) + 1))
    for old, new in zip(before, history, strict=False):
        assert old.open or new == old, "a release that has ended does not change"
        assert (old.version, old.department) == (new.version, new.department)
    to_all = next((one.version for one in running if not one.department), 0)
    assert to_all or not any(not one.department for one in history), "always one is in force"
    for one in running:
        assert not one.department or one.version > to_all, "only newer versions are apart"
    own = {one.department: one.version for one in running}
    for department in (*DEPARTMENTS, ""):
        started = tx.definitions.started("complaint", department)
        assert (0 if started is None else started.version) == own.get(department, to_all)
    check_directory(tx.connection)
    return history


@given(st.lists(STEP, min_size=1, max_size=14))
def test_at_most_one_release_is_open_to_all_and_to_each_department(steps) -> None:
    """L4.1: and what was refused has changed nothing."""
    with opened() as (tx, office):
        does(tx, office, ("directory", set(DEPARTMENTS)))
        history = lawful(tx, ())
        for step in steps:
            try:
                does(tx, office, step)
            except Refusal:
                assert tx.releases.history("complaint") == history
            history = lawful(tx, history)
            office.clock.set(office.clock.now() + DAY)  # type: ignore[attr-defined]
