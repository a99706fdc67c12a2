"""What differs between two versions of a process, as a section of a document and as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.differences.picture import compared_picture
from handlers.differences.wording import DifferenceWords
from handlers.i18n import dates
from handlers.reading.formatter import Formatter
from handlers.rendering.model import (
    Block,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    Paragraph,
    StyledText,
    Table,
    TextTone,
)
from workflows.differences import Change, Difference, differences
from workflows.model.definition import Definition
from workflows.moments import utc

_SHARES = {"part": 3, "what": 3, "as_is": 4, "to_be": 4}
_TONES = {Change.ADDED: TextTone.GOOD, Change.DROPPED: TextTone.DANGER}


def differences_section(
    before: Definition, after: Definition, write: Formatter, *, title: str = ""
) -> DocumentSection:
    """Return what differs between two versions: both diagrams, and a table.

    Two versions without a difference have a sentence that says so.
    """
    say = DifferenceWords(before=before, after=after, write=write)
    found = differences(before, after)
    blocks: tuple[Block, ...] = (
        Paragraph(words=StyledText(text=say.words.t("difference.none"), tone=TextTone.MUTED)),
    )
    if found:
        blocks = (compared_picture(say, found), _table(say, found))
    return DocumentSection(title=title or say.words.t("difference.section"), blocks=blocks)


def _table(say: DifferenceWords, found: Iterable[Difference]) -> Table:
    columns = tuple(
        Column(title=say.words.t(f"difference.column.{name}"), share=share)
        for name, share in _SHARES.items()
    )
    return Table(columns=columns, rows=tuple(_rows(say, tuple(found))))


def _rows(say: DifferenceWords, found: tuple[Difference, ...]) -> Iterator[tuple[StyledText, ...]]:
    """Yield a row for each difference; a dropped step that was merged is in the row of both."""
    merged = {
        ("nodes", node) for one in found if one.change is Change.MERGED for node in one.before
    }
    for one in found:
        if one.change is Change.DROPPED and one.place in merged:
            continue
        tone = _TONES.get(one.change, TextTone.NEUTRAL)
        yield (
            StyledText(text=say.part(one)),
            StyledText(text=say.what(one), tone=tone),
            StyledText(text=say.was(one)),
            StyledText(text=say.becomes(one)),
        )


def differences_document(
    before: Definition,
    after: Definition,
    write: Formatter,
    *,
    company: str,
    versions: tuple[str, str],
) -> DocumentModel:
    """Return the differences as a document of its own; `versions` are the names of the two."""
    words = write.words
    at = dates.full(write.now, zone=write.zone, language=write.language)
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    facts = tuple(
        Field(label=words.t(f"difference.column.{name}"), value=StyledText(text=version))
        for name, version in zip(("as_is", "to_be"), versions, strict=True)
    )
    return DocumentModel(
        language="zh" if write.language == "zh" else "en",
        company=company,
        title=words.t("difference.section"),
        subtitle=write.text(after.name),
        number="",
        facts=facts,
        sections=(differences_section(before, after, write, title=words.t("difference.table")),),
        footer=words.t("difference.footer", at=at),
        pages=(begin, between, end),
        created_at=utc(write.now),
    )
