"""Events and states survive being written, exactly; the text is canonical."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import codec
from storage.codec import event_from, event_text, state_from, state_text
from storage.errors import StorageError
from tests.contract import values as v
from workflows.actions.comment import Commented
from workflows.canonical import canonical_json
from workflows.case.clock import Clock
from workflows.case.events import Event
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.durations import Span, Unit
from workflows.moments import moment_of
from workflows.registry import EVENTS

moments = st.integers(0, 10**17)
spans = st.builds(Span, amount=st.integers(1, 3650), unit=st.sampled_from(Unit))
st.register_type_strategy(datetime, moments)
limits = spans.map(str)
st.register_type_strategy(Clock, st.builds(Clock, limit=limits))
with_limit = {"limit": limits}
bodies = st.one_of(
    *(
        st.builds(kind, **(with_limit if "limit" in kind.__struct_fields__ else {}))
        for kind in EVENTS.values()
    )
)
events = st.builds(Event, seq=st.integers(1, 2**53), body=bodies)

COMMENTED = Event(
    seq=4,
    at=moment_of(datetime(2026, 3, 2, 1, 0, 0, 7, tzinfo=UTC)),
    actor="p_1",
    on_behalf_of=None,
    via="slack",
    body=Commented(content=ContentRef(id="c_1", digest="00"), task="t1"),
)
TEXT = (
    '{"actor":"p_1","at":1772413200000007,'
    '"body":{"content":{"digest":"00","id":"c_1"},"follows":false,"task":"t1"},'
    '"case":"C-2026-0001",'
    '"on_behalf_of":null,"seq":4,"type":"Commented","v":1,"via":"slack"}'
)
FIRST_TEXT = TEXT.replace('"follows":false,', "")  # of releases that did not know it yet


@given(events)
def test_every_event_survives_being_written(event):
    assert event_from(event_text("C-2026-0001", event)) == event


@given(events)
def test_equal_events_have_equal_text_and_the_text_is_canonical(event):
    text = event_text("C-2026-0001", event)

    assert event_text("C-2026-0001", event_from(text)) == text
    assert canonical_json(json.loads(text)) == text
    assert json.loads(text)["at"] == event.at


@given(st.builds(Case))
def test_every_state_survives_being_written(case):
    assert state_from(state_text(case)) == case


def test_the_text_of_an_event_never_changes():
    """Whoever makes this test fail breaks every chain that was ever stored."""
    assert event_text("C-2026-0001", COMMENTED) == TEXT
    assert event_from(TEXT) == COMMENTED
    assert event_from(FIRST_TEXT) == COMMENTED


def test_a_span_is_written_as_people_write_it():
    text = event_text("C-1", v.first_events(v.case())[2])

    assert '"limit":"2h"' in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"v":1', '"v":2'),
        ('"v":1', '"v":0'),
        ('"v":1', '"v":"1"'),
        ('"type":"Commented"', '"type":"Whispered"'),
        ('"task":"t1"', '"task":"t1","mood":"bad"'),
        ('"content":{"digest":"00","id":"c_1"},', ""),
        ('"seq":4,', ""),
        ('"at":1772413200000007', '"at":null'),
        ('{"actor"', '["actor"'),
    ],
)
def test_what_cannot_be_understood_is_refused(old, new):
    assert old in TEXT

    with pytest.raises(StorageError, match="event_unreadable"):
        event_from(TEXT.replace(old, new))


def test_an_old_event_is_brought_up_to_date_when_it_is_read(monkeypatch):
    def said_instead_of_commented(kind, body):
        return ("Commented", {"content": body["what"]}) if kind == "Said" else (kind, body)

    monkeypatch.setattr(codec, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(codec, "UPCASTS", {1: said_instead_of_commented})
    old = (
        TEXT.replace("Commented", "Said").replace('"content"', '"what"').replace(',"task":"t1"', "")
    )

    assert event_from(old).body == Commented(content=ContentRef(id="c_1", digest="00"))
    assert '"v":2' in event_text("C-2026-0001", COMMENTED)


def test_half_a_character_cannot_be_written():
    broken = Event(
        seq=1,
        at=0,
        actor="\ud83d",
        on_behalf_of=None,
        via="",
        body=COMMENTED.body,
    )

    with pytest.raises(ValueError, match="surrogates"):
        event_text("C-1", broken)


def test_content_that_differs_in_order_only_has_one_text():
    assert canonical_json({"b": 1, "a": "投诉"}) == canonical_json({"a": "投诉", "b": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
