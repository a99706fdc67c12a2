"""Builds the document of a case in the layout of its definition.

A required field without a value has a dash, an erased one a notice. Optional fields without a
value, fields of forms that were not submitted yet, and empty sections are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.documents import lists
from handlers.documents.source import DocumentSource
from handlers.i18n import dates
from handlers.pages import FileLink
from handlers.reading import standing
from handlers.reading.case import Reading
from handlers.reading.filled import FilledField
from handlers.reading.versions import versioned_files
from handlers.rendering.model import (
    Block,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    FieldTable,
    File,
    Paragraph,
    StyledText,
    Table,
    TextTone,
)
from workflows.case.status import Status
from workflows.model.definition import Section
from workflows.model.fields import FieldType
from workflows.model.words import Text
from workflows.moments import utc

_HASH_SHOWN = 12
_TONES = {
    Status.COMPLETED: TextTone.GOOD,
    Status.REJECTED: TextTone.DANGER,
    Status.WITHDRAWN: TextTone.WARN,
    Status.TERMINATED: TextTone.WARN,
}


def build_report(source: DocumentSource) -> DocumentModel:
    """Return the document of a case, in the layout of its definition or else the built-in one."""
    plan = source.reading.definition.document
    name = source.reading.text(plan.name) if plan else source.words.t("document.report")
    return DocumentModel(
        language="zh" if source.reading.language == "zh" else "en",
        company=source.reading.company,
        title=name,
        subtitle=source.reading.title,
        number=source.reading.case.id,
        facts=tuple(_facts(source)),
        sections=tuple(
            section for plan in _plans(source.reading) if (section := _section(source, plan)).blocks
        ),
        footer=_footer(source),
        pages=_pages(source),
        created_at=utc(source.reading.now),
    )


def shown_files(reading: Reading) -> Iterator[FileLink]:
    """Yield the stored files that a case's document names, in the order of the document."""
    known = {one.field.id: one for one in reading.fields}
    for key in dict.fromkeys(key for section in _plans(reading) for key in section.fields):
        if key in known:
            yield from known[key].files


def _plans(reading: Reading) -> tuple[Section, ...]:
    plan = reading.definition.document
    return (plan.sections if plan else ()) or _built_in(reading)


def _facts(source: DocumentSource) -> Iterator[Field]:
    reading, words = source.reading, source.words
    case = reading.case
    status = StyledText(text=reading.status, tone=_TONES.get(case.status, TextTone.NEUTRAL))
    yield Field(label=words.t("document.number"), value=StyledText(text=case.id))
    yield Field(label=words.t("document.status"), value=status)
    if case.merged_into:
        into = StyledText(text=case.merged_into)
        yield Field(label=words.t("document.merged_into"), value=into)
    yield Field(label=words.t("fact.filer"), value=StyledText(text=standing.filer(reading)))
    yield Field(label=words.t("document.filed"), value=StyledText(text=reading.at(case.created_at)))
    if case.closed_at is not None:
        yield Field(
            label=words.t("document.closed"), value=StyledText(text=reading.at(case.closed_at))
        )
    length = reading.length((case.closed_at or reading.now) - case.created_at)
    yield Field(label=words.t("fact.took"), value=StyledText(text=length))


_NOTHING: tuple[object, ...] = (None, "", (), [])  # values of an optional field without an answer


def _section(source: DocumentSource, plan: Section) -> DocumentSection:
    blocks: list[Block] = []
    known = {one.field.id: one for one in source.reading.fields}
    found = (known[key] for key in plan.fields if key in known)
    given = [
        one
        for one in found
        if one.asked and (one.field.always or one.erased or one.value not in _NOTHING)
    ]
    tables = [one for one in given if one.field.type is FieldType.ROWS and one.value]
    rows = tuple(_field(source, one) for one in given if one not in tables)
    rows += tuple(
        Field(label=name, value=StyledText(text=number))
        for key, name, number in source.reading.facts
        if key in plan.facts
    )
    title = source.reading.text(plan.title)
    if [row.label for row in rows] == [title] and not rows[0].files:
        blocks.append(Paragraph(words=rows[0].value))  # the title is its label
    elif rows:
        blocks.append(FieldTable(rows=rows))
    for one in tables:
        blocks += [Paragraph(words=StyledText(text=one.label)), _table(source, one)]
    if plan.list is not None:
        blocks.extend(lists.blocks(source, plan.list))
    return DocumentSection(title=title, blocks=tuple(blocks))


def _table(source: DocumentSource, one: FilledField) -> Table:
    """Return the rows of a field as a table, with their sum below its column."""
    reading, columns = source.reading, one.field.columns
    rows = [tuple(map(source.shown, row)) for row in reading.table(one.field, one.value)]
    if one.field.sum is not None:
        total, first = reading.total(one.field, one.value), reading.words.t("rows.sum")
        foot = [total if column.id == one.field.sum else "" for column in columns]
        foot[0] = " ".join(filter(None, (first, foot[0])))
        rows.append(tuple(StyledText(text=cell) for cell in foot))
    shares = {FieldType.TEXT: 3, FieldType.CHOICE: 2}
    return Table(
        columns=tuple(
            Column(title=reading.text(column.label), share=shares.get(column.type, 2))
            for column in columns
        ),
        rows=tuple(rows),
    )


def _field(source: DocumentSource, one: FilledField) -> Field:
    if one.erased:
        return Field(label=one.label, value=source.erased())
    if one.field.type is FieldType.FILES:
        names = {link.id: link.name for link in versioned_files(source.reading, one)}
        files = tuple(
            _file(source, key, names.get(key, "")) for key in source.reading.ids_of(one.value)
        )
        return Field(label=one.label, value=source.dash(), files=files)
    return Field(label=one.label, value=source.shown(one.text))


def _file(source: DocumentSource, file_id: str, name: str) -> File:
    stored = source.reading.files.get(file_id)
    if stored is None:
        return File(name=source.words.t("document.file_gone"), size="")
    note = source.words.t("document.picture_unshown") if file_id in source.unshown else ""
    picture = source.pictures.get(file_id)
    return File(name=name, size=dates.size(stored.size), picture=picture, note=note)


def _built_in(reading: Reading) -> tuple[Section, ...]:
    """Return the built-in layout: all forms with all their fields, the facts, then the lists."""
    forms = [
        Section(title=form.name, fields=tuple(field.id for field in form.fields))
        for form in reading.definition.forms.values()
    ]
    lists_of_all = ("people", "clocks", "actions")
    facts = (
        Section(
            title=_both(reading, "document.section.facts"), facts=tuple(reading.definition.kept)
        ),
    )
    return (*forms, *facts, *(_list_section(reading, name) for name in lists_of_all))


def _list_section(reading: Reading, name: Any) -> Section:
    return Section(title=_both(reading, f"document.section.{name}"), list=name)


def _both(reading: Reading, msgid: str) -> Text:
    """Return a text in the reader's language in place of both."""
    title = reading.words.t(msgid)
    return Text(zh=title, en=title)


def _footer(source: DocumentSource) -> str:
    reading = source.reading
    return source.words.t(
        "document.footer",
        process=reading.definition.key,
        version=reading.version,
        hash=reading.case.definition[:_HASH_SHOWN],
        at=reading.at(reading.now),
        zone=str(reading.zone),
    )


def _pages(source: DocumentSource) -> tuple[str, str, str]:
    text = source.words.t("document.page", page=0, pages=0)  # digits, for the spaces around them
    before, between, after = text.split("0")
    return before, between, after
