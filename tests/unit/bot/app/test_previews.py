"""A card as another platform would send it: what is really sent, and what is lost, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app.previews import PREVIEWS
from handlers.pages import Badge, Button, Card, Fact, FileLink, Line, Tone
from tests.fakes.slack.block_kit import check_blocks

TOKEN = "details|C-2026-0001||"
CARD = Card(
    kind="task",
    title="投诉 · C-2026-0001",
    case_id="C-2026-0001",
    badge=Badge(text="Overdue", tone=Tone.DANGER),
    text="Please grade it & answer <soon>",
    facts=(Fact(label="Customer", value="A & B <Ltd>"), Fact(label="Due", value="16:30")),
    quote="The boxes\nare wet",
    lines=(Line(when="09:00", text="Filed by 王芳", quote="see @channel"),),
    lines_title="History",
    files=(FileLink(id="f1", name="crack.png", media_type="image/png", size=70),),
    buttons=(Button(verb="details", label="Details", token=TOKEN),),
    more=(Button(verb="comment", label="Comment", token="comment|C-2026-0001||"),),
    note="Liu Yang, 09:10",
)


@pytest.mark.parametrize("platform", list(PREVIEWS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_ordinary_card_is_shown_whole(platform: str, language: str) -> None:
    assert PREVIEWS[platform](CARD, language)["missing"] == []


def test_what_is_shown_is_what_slack_takes() -> None:
    payload = PREVIEWS["slack"](CARD, "en")["payload"]

    assert check_blocks(payload["blocks"], "message") == []
    assert payload["text"].startswith("[Overdue]")


def test_what_is_shown_is_what_telegram_gets() -> None:
    payload = PREVIEWS["telegram"](CARD, "en")["payload"]

    assert "A &amp; B &lt;Ltd&gt;" in payload["text"]
    assert payload["reply_markup"]["inline_keyboard"][0][0]["text"] == "Details"
    bare = PREVIEWS["telegram"](replace(CARD, buttons=(), more=()), "en")["payload"]
    assert bare["reply_markup"] is None


@pytest.mark.parametrize("platform", list(PREVIEWS))
def test_what_is_lost_is_named(platform: str) -> None:
    long = replace(
        CARD,
        quote="x" * 5000,
        lines=tuple(Line(when="09:00", text=f"line {n} " + "y" * 200) for n in range(60)),
    )
    english, chinese = (PREVIEWS[platform](long, language)["missing"] for language in ("en", "zh"))

    assert "What somebody wrote is cut; all of it is under Details." in english
    assert any("lines are cut or left out" in text for text in english)
    assert len(english) == len(chinese)
    assert "某人写的话被截短，全文在详情里" in chinese


def test_each_part_of_a_card_that_is_lost_has_its_words() -> None:
    huge = replace(
        CARD,
        title="t" * 300,
        text="z" * 4000,
        facts=(Fact(label="Customer", value="v" * 3000),),
        files=tuple(
            FileLink(id=f"f{n}", name=f"{n}{'a' * 200}.png", media_type="image/png", size=1)
            for n in range(12)
        ),
        buttons=(Button(verb="act", label="b" * 200, token=TOKEN),),
    )

    assert PREVIEWS["slack"](huge, "en")["missing"] == [
        "The title is cut.",
        "The text or the note is cut.",
        "One fact is cut or left out.",
        "The names of 12 files are cut or left out.",
        "The words of one button are cut or not shown.",
    ]
