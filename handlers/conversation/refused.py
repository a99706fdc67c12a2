"""Texts of refusals that need no name from the directory."""

from __future__ import annotations

from handlers.i18n import Translator
from workflows.errors import CloseloopError


def refusal_text(refusal: CloseloopError, words: Translator) -> str:
    """Return the text of a refusal, or of a failure of the storage.

    It is a general one if the catalogue has none for the code.
    """
    msgid = f"refusal.{refusal.code}"
    known = words.has(msgid)
    return words.t(msgid, **refusal.facts) if known else words.t("refusal.unavailable")
