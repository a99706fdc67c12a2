"""What the page shows of a chat."""

from dataclasses import asdict

import pytest

from handlers.pages import Badge, Button, Card, Fact, FileLink, Line, Tone
from handlers.playground.chat import stored_card

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
    assert stored_card(asdict(card)) == card


def test_what_a_later_version_stored_in_a_card_is_left_out():
    stored = asdict(FULL)
    stored["buttons"][0]["icon"] = "hand"

    assert stored_card(stored) == FULL
