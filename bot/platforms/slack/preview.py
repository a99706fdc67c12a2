"""A card as Slack would get it, for the playground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.blocks import content, render
from handlers.pages import Card


def preview(card: Card, language: str) -> tuple[Mapping[str, Any], Any]:
    """Return the message, blocks and the text for notifications, and what of it is displayed."""
    payload = dict(content(render(card, language=language)))
    return payload, payload["blocks"]
