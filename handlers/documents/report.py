"""The document of a case, as its definition lays it out: from what is on record to words on paper.

What was asked and left empty has a dash, content that was erased says so. What nobody was asked
yet, or ever, is left out, and so is a section in which nothing stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.documents import lists
from handlers.documents.casefile import CaseFile
from handlers.documents.model import (
    Block,
    Document,
    Field,
    FieldTable,
    File,
    Section,
    Tone,
    Words,
)
from handlers.i18n import dates
from workflows import definition as df
from workflows.case.state import Status
from workflows.definition import FieldType, FormField

_HASH_SHOWN = 12
_TONES = {
    Status.COMPLETED: Tone.GOOD,
    Status.REJECTED: Tone.DANGER,
    Status.WITHDRAWN: Tone.WARN,
    Status.TERMINATED: Tone.WARN,
}


def build_report(file: CaseFile) -> Document:
    """The document of a case; with the built-in layout when its definition has none of its own."""
    plan = file.definition.document
    name = plan.name.of(file.language) if plan else file.words.t("document.report")
    return Document(
        language=file.language,
        company=file.company,
        title=name,
        subtitle=file.definition.name.of(file.language),
        number=file.case.id,
        facts=tuple(_facts(file)),
        sections=tuple(
            section for plan in _plans(file) if (section := _section(file, plan)).blocks
        ),
        footer=_footer(file),
        pages=_pages(file),
        created_at=file.now,
    )


def shown_files(file: CaseFile) -> Iterator[str]:
    """The files on record that its document names, by id, in the order of the document."""
    values = file.latest()
    for key in dict.fromkeys(key for section in _plans(file) for key in section.fields):
        question = file.definition.field(key)
        value = values.get(key)
        if question is not None and question.type is FieldType.FILES and isinstance(value, list):
            yield from (str(one) for one in value if one in file.files)


def _plans(file: CaseFile) -> tuple[df.Section, ...]:
    plan = file.definition.document
    return (plan.sections if plan else ()) or _built_in(file)


def _facts(file: CaseFile) -> Iterator[Field]:
    case, words = file.case, file.words
    end = case.closed_at or file.now
    status = Words(
        text=words.t(f"status.{case.status}"), tone=_TONES.get(case.status, Tone.NEUTRAL)
    )
    yield Field(label=words.t("document.number"), value=Words(text=case.id))
    yield Field(label=words.t("document.status"), value=status)
    yield Field(label=words.t("fact.filer"), value=Words(text=file.name(case.filer)))
    yield Field(label=words.t("document.filed"), value=Words(text=file.at(case.created_at)))
    if case.closed_at is not None:
        yield Field(label=words.t("document.closed"), value=Words(text=file.at(case.closed_at)))
    length = dates.duration(end - case.created_at, language=file.language)
    yield Field(label=words.t("fact.took"), value=Words(text=length))


_NOTHING: tuple[object, ...] = (None, "", (), [])  # no answer to an optional question


def _section(file: CaseFile, plan: df.Section) -> Section:
    blocks: list[Block] = []
    values = file.latest()
    asked = file.asked() | values.keys()
    found = (file.definition.field(key) for key in plan.fields if key in asked)
    rows = tuple(
        _field(file, one, values.get(one.id))
        for one in found
        if one is not None and (one.required or values.get(one.id) not in _NOTHING)
    )
    if rows:
        blocks.append(FieldTable(rows=rows))
    if plan.list is not None:
        blocks.extend(lists.blocks(file, plan.list))
    return Section(title=plan.title.of(file.language), blocks=tuple(blocks))


def _field(file: CaseFile, question: FormField, value: Any) -> Field:
    label = question.label.of(file.language)
    if isinstance(value, Words):
        return Field(label=label, value=value)
    if question.type is FieldType.FILES:
        found = tuple(_file(file, str(file_id)) for file_id in value or ())
        return Field(label=label, value=file.dash(), files=found)
    return Field(label=label, value=file.shown(file.text(question, value)))


def _file(file: CaseFile, file_id: str) -> File:
    stored = file.files.get(file_id)
    if stored is None:
        return File(name=file.words.t("document.file_gone"), size="")
    note = file.words.t("document.picture_unshown") if file_id in file.unshown else ""
    picture = file.pictures.get(file_id)
    return File(name=stored.name, size=dates.size(stored.size), picture=picture, note=note)


def _built_in(file: CaseFile) -> tuple[df.Section, ...]:
    """All forms with all their fields, then the lists."""
    forms = [
        df.Section(title=form.name, fields=tuple(field.id for field in form.fields))
        for form in file.definition.forms.values()
    ]
    return (*forms, *(_list_section(file, name) for name in ("people", "clocks", "actions")))


def _list_section(file: CaseFile, name: Any) -> df.Section:
    title = file.words.t(f"document.section.{name}")
    return df.Section(title=df.Text(zh=title, en=title), list=name)


def _footer(file: CaseFile) -> str:
    return file.words.t(
        "document.footer",
        process=file.definition.key,
        version=file.version,
        hash=file.case.definition[:_HASH_SHOWN],
        at=file.at(file.now),
        zone=str(file.zone),
    )


def _pages(file: CaseFile) -> tuple[str, str, str]:
    text = file.words.t("document.page", page=0, pages=0)  # digits, so that spaces fit them
    before, between, after = text.split("0")
    return before, between, after
