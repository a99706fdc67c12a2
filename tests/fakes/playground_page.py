"""The playground's page over a fake desk, and what its requests look like."""

from html import escape
from typing import Any

from starlette.applications import Starlette

from bot.platforms.playground.web import playground_app
from handlers.i18n import translator
from handlers.pages import Card
from tests.fakes.playground_desk import FakeDesk

BASE = "http://127.0.0.1:8123"
MARKED = {"x-closeloop": "1", "origin": BASE}


def words(language: str) -> dict[str, str]:
    """All texts of a language."""
    return dict(translator(language).texts(""))


def as_slack(card: Card, language: str) -> dict[str, Any]:
    """Nearly Block Kit."""
    facts = [{"type": "mrkdwn", "text": f"*{fact.label}*\n{fact.value}"} for fact in card.facts]
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": one.label}, "style": one.style}
        for one in card.buttons
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": card.summary}},
        {"type": "section", "text": {"type": "mrkdwn", "text": escape(card.text or card.title)}},
        {"type": "divider"},
    ]
    if card.quote:
        quote = [{"type": "text", "text": card.quote}]
        blocks.append(
            {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": quote}]}
        )
    if facts:
        blocks.append({"type": "section", "fields": facts[:10]})
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return {"payload": {"blocks": blocks}, "missing": []}


def as_telegram(card: Card, language: str) -> dict[str, Any]:
    """Nearly Telegram's HTML."""
    facts = "\n".join(f"<b>{escape(fact.label)}</b>: {escape(fact.value)}" for fact in card.facts)
    quote = f"<blockquote>{escape(card.quote)}</blockquote>" if card.quote else ""
    rows = [[{"text": button.label} for button in card.buttons]]
    text = f"<b>{escape(card.summary)}</b>\n{escape(card.text)}\n{facts}{quote}"
    return {
        "payload": {"text": text, "reply_markup": {"inline_keyboard": rows}},
        "missing": ["no colours"],
    }


def page_of(desk: FakeDesk, **more: Any) -> Starlette:
    """The application that serves this desk."""
    previews = {"slack": as_slack, "telegram": as_telegram}
    return playground_app(desk, texts=words, previews=previews, **more)


def intent(**body: Any) -> dict[str, Any]:
    return {"person": "wang.fang", "key": "k1", "language": "en", **body}
