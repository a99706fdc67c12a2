"""Texts to and from Slack: what a person typed is never read as markup.

Source: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re

_ENTITY = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


def escape(text: str) -> str:
    """Escape a text for a place where Slack reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int, *, ending: str = "…") -> str:
    """Return at most `most` characters, with an ending if something was cut."""
    if len(text) <= most:
        return text
    return text[: max(most - len(ending), 0)].rstrip() + ending


def mentioned(text: str) -> tuple[str, ...]:
    """Return the accounts that a text from Slack mentions, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def plain(text: str, names: dict[str, str] | None = None) -> str:
    """Return a text from Slack as its writer saw it; `names` are those of mentioned accounts."""
    known = names or {}

    def spelled(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target.startswith("@"):
            return f"@{known.get(target[1:]) or label or target[1:]}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or f"@{target[1:].partition('^')[0]}"
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label not in target else address

    shown = _ENTITY.sub(spelled, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_mention(text: str, account: str) -> str:
    """Return a text without the mentions of this account."""
    return re.sub(rf"\s*<@{re.escape(account)}(?:\|[^<>]*)?>\s*", " ", text).strip()
