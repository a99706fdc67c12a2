"""The source of a document: a case as its reader may see it, with small pictures of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.i18n import Translator
from handlers.reading.case import Reading
from handlers.rendering.model import StyledText, TextTone
from workflows.case.task import ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSource:
    """A case and its pictures.

    With `ids` the names of steps have their ids behind them, for a reader who writes commands.
    `pictures` has small pictures of files by file id, made by `pictures.small`. `unshown` has the
    ids of pictures that could not be scaled down.
    """

    reading: Reading
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    unshown: frozenset[str] = frozenset()
    ids: bool = False

    @property
    def words(self) -> Translator:
        """The texts in the language of the document."""
        return self.reading.words

    def dash(self) -> StyledText:
        """Return the text for a field without a value."""
        return StyledText(text=self.words.t("document.empty"), tone=TextTone.MUTED)

    def erased(self) -> StyledText:
        """Return the text for erased content."""
        return StyledText(text=self.words.t("content.erased"), tone=TextTone.MUTED)

    def shown(self, text: str) -> StyledText:
        """Return the text, or a dash if it is empty."""
        return StyledText(text=text) if text.strip() else self.dash()

    def said(self, ref: ContentRef | None) -> StyledText | None:
        """Return a comment, or the filled fields of a form; None if it is empty."""
        if ref is None:
            return None
        if self.reading.is_erased(ref):
            return self.erased()
        text = self.reading.written(ref)
        return StyledText(text=text) if text.strip() else None
