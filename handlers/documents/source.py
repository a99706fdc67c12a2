"""What a document is made from: a case as its reader sees it, with small pictures of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.i18n import Translator
from handlers.reading.case import Reading
from handlers.rendering.model import StyledText, TextTone
from workflows.case.state import ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSource:
    """A case and its pictures.

    `pictures` holds small pictures of files by file id, made by `pictures.small`; the files in
    `unshown` are pictures too, but none can be made.
    """

    reading: Reading
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    unshown: frozenset[str] = frozenset()

    @property
    def words(self) -> Translator:
        """The words of the document's language."""
        return self.reading.words

    def dash(self) -> StyledText:
        """What stands where nothing was filled in."""
        return StyledText(text=self.words.t("document.empty"), tone=TextTone.MUTED)

    def erased(self) -> StyledText:
        """What stands where content was erased."""
        return StyledText(text=self.words.t("content.erased"), tone=TextTone.MUTED)

    def shown(self, text: str) -> StyledText:
        """The text, or a dash when it is empty."""
        return StyledText(text=text) if text.strip() else self.dash()

    def said(self, ref: ContentRef | None) -> StyledText | None:
        """What a person wrote: a comment, or the filled fields of a form; None for nothing."""
        if ref is None:
            return None
        if self.reading.is_erased(ref):
            return self.erased()
        text = self.reading.written(ref)
        return StyledText(text=text) if text.strip() else None
