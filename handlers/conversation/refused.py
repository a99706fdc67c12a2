"""Texts of refusals that need no name from the directory."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.errors import Refusal


def refusal_text(refusal: Refusal, words: Translator) -> str:
    """Return the text of a refusal; a general one if the catalogue has none for its code."""
    msgid = f"refusal.{refusal.code}"
    known = words.has(msgid)
    return words.t(msgid, **refusal.facts) if known else words.t("refusal.unavailable")
