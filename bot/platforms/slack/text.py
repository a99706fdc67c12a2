"""Texts on their way to Slack and back: nothing that a person typed becomes mark-up."""

from __future__ import annotations

import re

_ENTITY = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


def escape(text: str) -> str:
    """Text for a place where Slack reads mark-up: no mention, no link, no entity comes of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int, *, ending: str = "…") -> str:
    """At most so many characters, with an ending that shows that there was more."""
    if len(text) <= most:
        return text
    return text[: max(most - len(ending), 0)].rstrip() + ending


def mentioned(text: str) -> tuple[str, ...]:
    """The accounts that a text from Slack mentions, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def plain(text: str, names: dict[str, str] | None = None) -> str:
    """A text from Slack as its writer saw it; `names` are those of mentioned accounts."""
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
    """A text without the mention of this account that it begins with, or has somewhere."""
    return re.sub(rf"\s*<@{re.escape(account)}(?:\|[^<>]*)?>\s*", " ", text).strip()
