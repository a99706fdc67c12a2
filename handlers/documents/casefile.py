"""CaseFile: all that a document may say about a case, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Literal

from handlers.documents.model import Tone, Words
from handlers.documents.values import value_text
from handlers.i18n import Translator, dates, translator
from workflows.case.events import SYSTEM
from workflows.case.state import Case, ContentRef
from workflows.definition import Definition, FormField
from workflows.records import Content, StoredFile

_FORM = "form:"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened, already worded. `erased` when what a person wrote is gone."""

    when: str
    who: str
    text: str
    quote: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with everything that its document needs.

    `contents` are those of the case that the reader may see, by id; content that is not among them,
    and the fields named in `hidden`, are shown as not visible. `pictures` holds small pictures of
    files, made by `pictures.small`; the files in `unshown` are pictures too, but none can be made.
    """

    case: Case
    definition: Definition
    version: int
    contents: Mapping[str, Content]
    history: tuple[HistoryLine, ...]
    names: Mapping[str, str]  # by person key
    now: datetime
    zone: tzinfo
    language: Literal["zh", "en"]
    company: str
    departments: Mapping[str, str] = field(default_factory=dict)  # by id
    files: Mapping[str, StoredFile] = field(default_factory=dict)  # by id
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # by file id
    unshown: frozenset[str] = frozenset()  # file ids
    hidden: frozenset[str] = frozenset()  # field ids

    @property
    def words(self) -> Translator:
        """The words of the document's language."""
        return translator(self.language)

    def name(self, key: str) -> str:
        """The name of a person, or the word for one who is not on record any more."""
        if key == SYSTEM:
            return self.words.t("document.system")
        return self.names.get(key) or self.words.t("document.unknown_person")

    def names_of(self, keys: tuple[str, ...]) -> str:
        """Several names in one text; "" for nobody."""
        return self.words.t("document.list_comma").join(self.name(key) for key in keys)

    def at(self, moment: datetime) -> str:
        """An instant with its year, in the document's time zone."""
        return dates.full(moment, zone=self.zone, language=self.language)

    def text(self, question: FormField, value: Any) -> str:
        """The value of a field in words."""
        return value_text(
            question,
            value,
            language=self.language,
            names=self.names,
            departments=self.departments,
        )

    def dash(self) -> Words:
        """What stands where nothing was filled in."""
        return Words(text=self.words.t("document.empty"), tone=Tone.MUTED)

    def erased(self) -> Words:
        """What stands where content was erased."""
        return Words(text=self.words.t("document.erased"), tone=Tone.MUTED)

    def unseen(self) -> Words:
        """What stands where the reader may not look."""
        return Words(text=self.words.t("document.hidden"), tone=Tone.MUTED)

    def shown(self, text: str) -> Words:
        """The text, or a dash when it is empty."""
        return Words(text=text) if text.strip() else self.dash()

    def written(self, ref: ContentRef | None) -> Words:
        """What a piece of content says: a comment, or the filled fields of a form."""
        if ref is None:
            return self.dash()
        content = self.contents.get(ref.id)
        if content is None:
            return self.unseen()
        if content.body is None:
            return self.erased()
        text = str(content.body.get("text") or "")
        return self.shown("\n".join([*filter(None, [text]), *self._answers(content)]))

    def said(self, ref: ContentRef | None) -> Words | None:
        """The same, None where nothing was written."""
        words = self.written(ref)
        return None if words == self.dash() else words

    def asked(self) -> frozenset[str]:
        """The fields of all forms that somebody has handed in, by id."""
        ids = {ref.id for _, ref in self.case.contents}
        kinds = {content.kind for key, content in self.contents.items() if key in ids}
        forms = self.definition.forms.items()
        return frozenset(
            field.id for key, form in forms if _FORM + key in kinds for field in form.fields
        )

    def _answers(self, content: Content) -> Iterator[str]:
        values = (content.body or {}).get("values") or {}
        fields = [found for key in values if (found := self.definition.field(key)) is not None]
        for question in fields:
            text = self.text(question, values[question.id])
            if text and question.id not in self.hidden:
                label = question.label.of(self.language)
                alone = len(fields) == 1
                yield text if alone else self.words.t("document.labelled", label=label, value=text)

    def latest(self) -> Mapping[str, Any | Words]:
        """The last value of every field that was ever filled; Words where it must not be shown."""
        found: dict[str, Any | Words] = {}
        for _, ref in self.case.contents:
            content = self.contents.get(ref.id)
            if content is not None and content.body is not None:
                found.update(content.body.get("values") or {})
            elif content is not None and content.kind.startswith(_FORM):
                form = self.definition.forms.get(content.kind.removeprefix(_FORM))
                found.update((one.id, self.erased()) for one in (form.fields if form else ()))
        return {**found, **{key: self.unseen() for key in self.hidden}}
