"""Cards and sheets as Slack takes them: what they look like, and that no limit is ever passed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.platforms.slack import modals
from bot.platforms.slack.blocks import card_blocks, render, render_all, size
from handlers.pages import (
    Badge,
    Button,
    Card,
    Choice,
    Fact,
    FileLink,
    FormSheet,
    Line,
    Question,
    Tone,
)
from tests.fakes.slack.block_kit import check_message, check_view

CARD = Card(
    kind="task",
    title="Resolve · C-2026-0001",
    case_id="C-2026-0001",
    badge=Badge(text="Overdue", tone=Tone.DANGER),
    facts=(Fact(label="Due", value="today 14:30", tone=Tone.DANGER),),
    quote="The <!channel> box *was* wet",
    buttons=(
        Button(verb="approve", label="Approve", token="approve|C|t1|", style="primary"),
        Button(verb="reject", label="Reject", token="reject|C|t1|", style="danger"),
    ),
    more=(Button(verb="details", label="Details", token="details|C||"),),
    note="Filed today",
)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def pressed(number: int, label: str, token: str, style: str) -> dict[str, Any]:
    shown = {"type": "button", "action_id": f"cl:press:{number}", "text": plain(label)}
    return {**shown, "value": token, "style": style}


def test_a_card_looks_like_this() -> None:
    shown = render(CARD, language="en")
    mark = shown.blocks[-2]["block_id"]

    assert shown.text == "[Overdue] Resolve · C-2026-0001"
    assert shown.blocks == [
        {"type": "header", "text": plain("Resolve · C-2026-0001")},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "⚠️ Overdue", "style": {"bold": True}}],
                }
            ],
        },
        {"type": "section", "fields": [plain("Due\n⚠️ today 14:30")]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_quote",
                    "elements": [{"type": "text", "text": "The <!channel> box *was* wet"}],
                }
            ],
        },
        {
            "type": "actions",
            "block_id": mark,
            "elements": [
                pressed(0, "Approve", "approve|C|t1|", "primary"),
                pressed(1, "Reject", "reject|C|t1|", "danger"),
                {
                    "type": "overflow",
                    "action_id": "cl:more:0",
                    "options": [{"text": plain("Details"), "value": "details|C||"}],
                },
            ],
        },
        {"type": "context", "elements": [plain("Filed today")]},
    ]


def test_another_revision_has_other_ids() -> None:
    ids = [
        [block.get("block_id") for block in card_blocks(card, language="en")]
        for card in (CARD, replace(CARD, note="Filed yesterday"))
    ]
    assert ids[0] != ids[1]


def test_a_summary_names_the_case_and_is_escaped() -> None:
    card = replace(CARD, title="<!here> & co", badge=None)
    assert render(card, language="en").text == "&lt;!here&gt; &amp; co · C-2026-0001"


def many(number: int, **more: Any) -> tuple[Button, ...]:
    return tuple(
        Button(verb="v", label=f"Verb {n}", token=f"v|C|t{n}|", **more) for n in range(number)
    )


@pytest.mark.parametrize(
    ("buttons", "more", "kinds"),
    [
        (2, 0, ["button"] * 2),
        (5, 5, ["button"] * 5 + ["overflow"]),
        (6, 5, ["button"] * 5 + ["static_select"]),
        (0, 1, ["overflow"]),
    ],
)
def test_what_does_not_fit_is_under_more(buttons: int, more: int, kinds: list[str]) -> None:
    card = replace(CARD, buttons=many(buttons), more=many(more))
    verbs = card_blocks(card, language="en")[-2]["elements"]
    assert [one["type"] for one in verbs] == kinds


def test_a_verb_that_asks_first_is_never_hidden() -> None:
    card = replace(CARD, buttons=many(7, confirm="Sure?"), more=many(2, confirm="Really?"))
    verbs = card_blocks(card, language="zh")[-2]["elements"]
    assert len(verbs) == 9
    assert all(one["confirm"]["deny"]["text"] == "返回" for one in verbs)


def test_long_text_is_cut_and_says_so() -> None:
    card = replace(CARD, quote="长" * 5000)
    assert card_blocks(card, language="zh")[3]["elements"][0]["elements"][0]["text"].endswith(
        "……（已截断，全文见详情）"
    )


def test_of_a_long_history_the_last_is_shown_and_of_a_list_the_first() -> None:
    lines = tuple(Line(when=f"{n}:00", text=f"Happened {n}") for n in range(90))
    history = str(card_blocks(replace(CARD, lines=lines), language="en"))
    listed = str(card_blocks(replace(CARD, kind="list", lines=lines), language="en"))

    assert "Happened 89" in history
    assert "Happened 0'" not in history
    assert "and 60 more" in history
    assert "Happened 0'" in listed
    assert "Happened 89" not in listed


def test_a_digest_may_have_more_lines_than_buttons_and_a_button_for_the_rest() -> None:
    lines = tuple(Line(when="late", text=f"C-2026-000{number}") for number in range(8))
    buttons = tuple(Button(label=line.text, verb="open", token=line.text) for line in lines[:5])
    rest = Button(label="Overdue cases", verb="list", token="list")
    card = Card(kind="digest", title="Overdue", lines=lines, buttons=buttons, more=(rest,))
    shown = render(card, language="en").blocks

    said = [one for one in shown if "cl:line" in one.get("block_id", "")]
    beside = [one.get("accessory", {}).get("value") for one in said]
    assert beside == [*(one.token for one in buttons), None, None, None]
    assert "Overdue cases" in str(shown[-1])
    assert check_message({"blocks": shown}) == []


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size(5), size(2048), size(3 * 1024 * 1024)] == ["5 B", "2 KB", "3.0 MB"]


FAST = settings(max_examples=20, phases=[Phase.generate])
LONG = st.sampled_from([c * 400 for c in "x长🙂<&"])
TEXT = st.text(max_size=12) | LONG
SOME = st.text(min_size=1, max_size=12) | LONG
FACTS = st.builds(Fact, label=TEXT, value=TEXT, tone=st.sampled_from(Tone))
LINES = st.builds(Line, when=TEXT, text=TEXT, quote=TEXT)
TOKENS = st.text("abc|-", min_size=1, max_size=64)
BUTTONS = st.builds(Button, verb=st.just("v"), label=TEXT, token=TOKENS, confirm=TEXT)
FILES = st.builds(
    FileLink,
    id=st.text("abcf_", min_size=1, max_size=20),
    name=st.text(min_size=1, max_size=200),
    media_type=st.just("image/png"),
    size=st.integers(0, 10**7),
)
CARDS = st.builds(
    Card,
    kind=st.sampled_from(["task", "list", "details"]),
    title=SOME,
    case_id=st.none() | st.just("C-2026-0001"),
    badge=st.none() | st.builds(Badge, text=TEXT, tone=st.sampled_from(Tone)),
    text=TEXT,
    facts=st.lists(FACTS, max_size=6).map(tuple),
    quote=TEXT,
    lines=st.lists(LINES, max_size=6).map(tuple),
    lines_title=TEXT,
    files=st.lists(FILES, max_size=4).map(tuple),
    buttons=st.lists(BUTTONS, max_size=7).map(tuple),
    more=st.lists(BUTTONS, max_size=7).map(tuple),
    note=TEXT,
)


@FAST
@given(card=CARDS, language=st.sampled_from(["zh", "en"]))
def test_slack_takes_every_card(card: Card, language: str) -> None:
    shown = render(card, language=language)
    assert check_message({"blocks": shown.blocks}) == []
    assert 0 < len(shown.text) <= 3000


@FAST
@given(cards=st.lists(CARDS, max_size=2), text=TEXT)
def test_slack_takes_every_answer(cards: list[Card], text: str) -> None:
    shown = render_all(cards, text=text, language="zh")
    assert check_message({"blocks": shown.blocks}) == []


def test_the_longest_card_stays_inside_the_budget() -> None:
    long = "字" * 5000
    card = Card(
        kind="task",
        title=long,
        badge=Badge(text="Badge"),
        text=long,
        facts=tuple(Fact(label=long, value=long) for _ in range(40)),
        quote=long,
        lines=tuple(Line(when=long, text=long, quote=long) for _ in range(90)),
        buttons=many(9),
        more=many(90),
        note=long,
    )
    assert check_message({"blocks": render(card, language="zh").blocks}) == []


QUESTIONS = st.builds(
    Question,
    id=st.text("abc_", min_size=1, max_size=20),
    type=st.sampled_from(
        [
            "text",
            "long_text",
            "number",
            "money",
            "date",
            "time",
            "choice",
            "choices",
            "person",
            "department",
            "files",
        ]
    ),
    label=TEXT,
    hint=TEXT,
    required=st.booleans(),
    max=st.none() | st.integers(1, 4000),
    choices=st.lists(st.builds(Choice, id=TOKENS, label=TEXT), max_size=6).map(tuple)
    | st.just(tuple(Choice(id=f"c{n}", label=f"C {n}") for n in range(130))),
    accept=st.sampled_from([(), ("image/png",), ("application/pdf", "text/plain")]),
    max_files=st.integers(1, 20),
)


@FAST
@given(
    questions=st.lists(QUESTIONS, max_size=8, unique_by=lambda q: q.id),
    title=TEXT,
    step=st.integers(0, 3),
    language=st.sampled_from(["zh", "en"]),
)
def test_slack_takes_every_sheet(
    questions: list[Question], title: str, step: int, language: str
) -> None:
    sheet = FormSheet(
        token="approve|C-2026-0001|t1|", title=title, submit=title, questions=tuple(questions)
    )
    view = modals.form_view(sheet, language=language, step=step, notice=title)
    assert check_view(view) == []
