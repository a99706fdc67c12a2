"""Why the desk turned something down, in words, where nobody's name has to be looked up for it."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.errors import Refusal


def refusal_text(refusal: Refusal, words: Translator) -> str:
    """Why something was turned down; where that has no words, that it cannot be done now."""
    msgid = f"refusal.{refusal.code}"
    known = words.has(msgid)
    return words.t(msgid, **refusal.facts) if known else words.t("refusal.unavailable")
