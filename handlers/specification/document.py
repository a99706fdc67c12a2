"""Builds the specification of a process (业务流程管理规范) out of its definition."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.i18n import dates
from handlers.rendering.jobs import RenderFailed, packed, render_here
from handlers.rendering.model import DocumentModel, DocumentSection, Field, StyledText
from handlers.rendering.render_md import render_md
from handlers.specification.changes import changes_of
from handlers.specification.deadlines import key_rules_of, ladders_of
from handlers.specification.duties import duties_of
from handlers.specification.exceptions import exceptions_of
from handlers.specification.flow_steps import diagram_of, steps_of
from handlers.specification.forms import forms_of, outputs_of, samples_of
from handlers.specification.goals import goals_of, scope_of
from handlers.specification.source import SpecificationSource
from handlers.specification.watching import watching_of
from workflows.errors import Refusal
from workflows.moments import utc

_PARTS = (
    goals_of,
    scope_of,
    steps_of,
    diagram_of,
    duties_of,
    forms_of,
    outputs_of,
    key_rules_of,
    ladders_of,
    exceptions_of,
    watching_of,
    samples_of,
    changes_of,
)


def specification_of(source: SpecificationSource) -> DocumentModel:
    """Return the specification. A part of which the definition has nothing is left out."""
    words, form = source.words, source.form
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    sections = (part(source) for part in _PARTS)
    return DocumentModel(
        language="zh" if form.language == "zh" else "en",
        company=source.company,
        title=words.t("spec.title"),
        subtitle=form.text(source.definition.name),
        number=_version(source),
        facts=tuple(_facts(source)),
        sections=tuple(_numbered(one for one in sections if one.blocks)),
        footer=words.t("spec.footer", at=_day(source, form.now)),
        pages=(begin, between, end),
        created_at=utc(form.now),
    )


async def content_of(source: SpecificationSource, kind: str) -> bytes:
    """Return the specification as a file: "pdf", "docx" or "md".

    Raises Refusal `document_failed`.
    """
    document = specification_of(source)
    if kind == "md":
        return render_md(document)
    try:
        return await render_here(kind, packed(document))
    except RenderFailed as failed:
        raise Refusal("document_failed") from failed


def _numbered(sections: Iterator[DocumentSection]) -> Iterator[DocumentSection]:
    for number, section in enumerate(sections, start=1):
        yield DocumentSection(title=f"{number}  {section.title}", blocks=section.blocks)


def _version(source: SpecificationSource) -> str:
    if source.version is None:
        return source.words.t("spec.draft")
    return source.words.t("spec.version", version=source.version)


def _facts(source: SpecificationSource) -> Iterator[Field]:
    definition = source.definition
    named = {
        "process": definition.key,
        "version": _version(source),
        "owner": source.people(definition.owner),
    }
    if source.published_at is not None:
        named["published"] = _day(source, source.published_at)
    for name, text in named.items():
        label = source.words.t(f"spec.fact.{name}")
        yield Field(label=label, value=StyledText(text=text))


def _day(source: SpecificationSource, at: int) -> str:
    return dates.day(at, zone=source.form.zone, language=source.form.language)
