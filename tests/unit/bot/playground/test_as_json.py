"""What leaves for the page is JSON, and only what we know how to write."""

from datetime import UTC, datetime

import pytest

from bot.platforms.playground.as_json import as_json, card_of
from handlers.pages import Answer, Badge, Button, Card, Fact, FileLink, Line, Tone


def test_records_become_objects_all_the_way_down():
    answer = Answer(text="a", tone=Tone.GOOD, problems={"x": "y"})

    assert as_json(
        {"answer": answer, "at": datetime(2026, 3, 10, tzinfo=UTC), "n": (1, 2.5, None, True)}
    ) == {
        "answer": {
            "text": "a",
            "tone": "good",
            "form": None,
            "problems": {"x": "y"},
            "cards": [],
            "owed": False,
            "case_id": "",
            "stays": False,
            "again": "",
        },
        "at": "2026-03-10T00:00:00+00:00",
        "n": [1, 2.5, None, True],
    }


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, Answer])
def test_anything_else_is_a_mistake(value):
    with pytest.raises(TypeError):
        as_json(value)


FULL = Card(
    kind="task",
    title="Task",
    case_id="C-2026-0042",
    badge=Badge(text="Overdue", tone=Tone.DANGER),
    text="text",
    facts=(Fact(label="Due", value="now", tone=Tone.WARN),),
    quote="quote",
    lines=(Line(when="today", text="filed", quote="q", case_id="C-2026-0042"),),
    lines_title="History",
    files=(FileLink(id="f", name="a.png", media_type="image/png", size=3),),
    buttons=(Button(verb="claim", label="Claim", token="t", style="primary"),),
    more=(Button(verb="return", label="Return", token="u", confirm="Sure?"),),
    note="note",
)


@pytest.mark.parametrize("card", [FULL, Card(kind="text", title="Only a title")])
def test_a_stored_card_is_read_back_as_it_was(card):
    assert card_of(as_json(card)) == card


def test_what_a_later_version_stored_in_a_card_is_left_out():
    stored = as_json(FULL)
    stored["buttons"][0]["icon"] = "hand"

    assert card_of(stored) == FULL
