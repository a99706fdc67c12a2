"""Stored events, snapshots and chains: each literal is read as it says, and written as it is."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

import pytest

from storage.codec import event_from, event_text, state_from, state_text
from tests.compat import kept
from tests.compat.plain import plain, stored
from tests.office import Workplace
from tests.stories.deeds import dispatched
from workflows.case.effects import watched_tasks
from workflows.case.events import fold
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.records import Change
from workflows.registry import EVENTS

EVENT_TEXTS = stored("events")
SNAPSHOTS = stored("snapshots")
CHAIN = stored("chain")["events"]
OWED = stored("owed")


def test_every_kind_of_event_and_every_status_is_pinned() -> None:
    """A new kind of event gets its literal in `stored/events.toml`.

    A new field of a snapshot is a new version of it: `storage.codec.SNAPSHOT_VERSION`.
    """
    assert {name.partition(",")[0] for name in EVENT_TEXTS} == set(EVENTS)
    assert {one["case"]["status"] for one in SNAPSHOTS.values()} == {*Status}


@pytest.mark.parametrize("name", EVENT_TEXTS)
def test_a_stored_event_is_read_and_written_as_it_always_was(name: str) -> None:
    literal = EVENT_TEXTS[name]
    event = event_from(literal["text"])

    assert plain(event) == {**literal["event"], "body": literal["body"]}
    assert event_text("C-2026-0001", event) == literal["text"]


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_stored_snapshot_is_read_and_written_as_it_always_was(name: str) -> None:
    literal = SNAPSHOTS[name]
    case = read(literal["text"])

    whole = {**literal["case"], "tasks": literal["tasks"], "clocks": literal["clocks"]}
    new = "another shape needs another SNAPSHOT_VERSION, see storage/codec.py and decision 17"
    assert plain(case) == whole, new
    assert state_text(case) == literal["text"], new


def test_a_snapshot_of_another_version_is_not_read() -> None:
    text = SNAPSHOTS["running"]["text"]

    assert text.startswith('{"v":5,')
    assert state_from(text.replace('{"v":5,', '{"v":4,')) is None
    assert state_from(text.replace('{"v":5,', "{")) is None  # 1, which did not say so


def read(text: str) -> Case:
    case = state_from(text)
    assert case is not None
    return case


def test_a_stored_chain_is_bound_by_the_hashes_that_stand_in_it() -> None:
    """By the rule itself, not by the code that keeps it."""
    head = hashlib.sha256(b"C-2026-0005").hexdigest()
    for row in CHAIN:
        assert row["previous"] == head
        head = hashlib.sha256(f"{head}\n{row['text']}".encode()).hexdigest()
        assert row["hash"] == head


async def test_the_same_events_make_the_same_chain_today(work: Workplace) -> None:
    events = [event_from(row["text"]) for row in CHAIN]
    change = Change(case=fold(events), events=tuple(events), new=True)
    await work.database.run(lambda tx: tx.cases.save(change))

    with sqlite3.connect(work.path) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM events ORDER BY seq").fetchall()
    connection.close()
    assert [dict(row) for row in rows] == CHAIN


@pytest.mark.parametrize("name", OWED)
def test_an_event_posts_under_the_slots_and_kinds_that_it_always_had(name: str) -> None:
    case = read(SNAPSHOTS["escalated"]["text"])
    event = event_from(EVENT_TEXTS[name]["text"])
    effects = map(plain, event.body.effects(case, event))

    assert [effect for effect in effects if "kind" in effect] == OWED[name]["posts"]


@pytest.mark.parametrize("revision", kept.REVISIONS)
def test_every_event_that_was_ever_stored_is_read(
    revision: str, filled: Callable[..., str]
) -> None:
    path = filled(revision).removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT case_id, type, text FROM events").fetchall()
        states = connection.execute("SELECT id, state FROM cases").fetchall()
    connection.close()

    assert {EVENTS[kind] for _, kind, _ in rows} == {type(event_from(t).body) for _, _, t in rows}
    for case_id, state in states:
        case = state_from(state)
        assert case is None if revision < "0019" else case is not None and case.id == case_id


@pytest.mark.parametrize(
    ("key", "about"),
    [
        ("task:t2", ("t2",)),
        ("wait:t2", ("t2",)),
        ("cap:t2", ("t2",)),
        ("blocked:t2", ("t2",)),
        ("closing", ("t2",)),  # a clock of the whole case is about what is open
        ("first_response", ("t2",)),
    ],
)
def test_the_key_of_a_clock_says_what_it_is_about(key: str, about: tuple[str, ...]) -> None:
    case = read(SNAPSHOTS["paused"]["text"])

    assert watched_tasks(case, key) == about


async def test_clocks_are_started_under_the_keys_that_they_always_had(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")

    case = await work.case()
    assert sorted(clock.key for clock in case.clocks) == [
        "cap:t2",
        "closing",
        "first_response",
        "task:t1",
        "task:t2",
        "wait:t2",
    ]
