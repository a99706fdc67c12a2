"""Builds the analysis report of a process as it is (现状流程分析报告)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handlers.as_is.pains import pains_of
from handlers.as_is.risks import risks_of
from handlers.as_is.times import times_of
from handlers.office import Office
from handlers.reading.formatter import formatter
from handlers.rendering.model import Block, DocumentModel, DocumentSection, Paragraph, StyledText
from handlers.reports.cases import working_day
from handlers.reports.document import document_of, method_of, variants_of
from handlers.reports.months import run_chart_of
from handlers.reports.problems import problems_of, texts_of
from handlers.reports.source import ReportSource
from handlers.reports.steps import slowest_of
from handlers.specification.flow_steps import steps_of
from handlers.specification.source import SpecificationSource
from storage.unit import Tx
from workflows.metrics.groups import Groups
from workflows.model.definition import Definition


def as_is_of(source: ReportSource) -> DocumentModel:
    """Return the report. Of a process without a case it has the flow as it is defined."""
    sections = (
        _summary(source),
        _flow(source),
        times_of(source),
        _bottleneck(source),
        pains_of(source),
        risks_of(source),
        problems_of(source),
        variants_of(source),
        method_of(source),
    )
    return document_of(source, title=source.words.t("as_is.title"), sections=_numbered(sections))


def as_is_from(
    tx: Tx, office: Office, definition: Definition, groups: Groups, *, language: str
) -> DocumentModel:
    """Return the report about these cases, for owners and administrators.

    Args:
        definition: the version whose steps are described.
        groups: what recorded and imported cases of the process contribute.
        language: "zh" or "en".
    """
    source = ReportSource(
        definition=definition,
        groups=groups,
        form=formatter(office, office.directory(tx), reader=None, language=language),
        company=office.company.name_in(language),
        since=None,
        day=working_day(office),
        texts=texts_of(tx, groups.problems.newest),
    )
    return as_is_of(source)


def _numbered(sections: Iterable[DocumentSection]) -> Iterator[DocumentSection]:
    shown = (one for one in sections if one.blocks)
    for number, one in enumerate(shown, start=1):
        yield replace(one, title=f"{number}  {one.title}")


def _summary(source: ReportSource) -> DocumentSection:
    """Return what the report is about, and what the definition says the matter is."""
    words, form, definition = source.words, source.form, source.definition
    about = words.t("as_is.what") if source.all.cases else words.t("as_is.none")
    said = [form.text(definition.purpose), about]
    blocks = tuple(Paragraph(words=StyledText(text=one)) for one in said)
    return DocumentSection(title=words.t("as_is.section.summary"), blocks=blocks)


def _flow(source: ReportSource) -> DocumentSection:
    """Return each step with its kind, people, input, output and limit, as the specification."""
    defined = SpecificationSource(
        definition=source.definition, form=source.form, company=source.company, day=source.day
    )
    return replace(steps_of(defined), title=source.words.t("as_is.section.flow"))


def _bottleneck(source: ReportSource) -> DocumentSection:
    """Return where most of the time goes, with its pictures, and how it went over the months."""
    blocks: list[Block] = [*slowest_of(source)]
    blocks += filter(None, (run_chart_of(source),))
    return DocumentSection(title=source.words.t("as_is.section.bottleneck"), blocks=tuple(blocks))
