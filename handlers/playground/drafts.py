"""Makes what the playground's page shows of a draft: its problems and its diagram."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.diagram.coverage import CoverageDiagram, coverage_diagram
from handlers.i18n import translator
from handlers.i18n.sayings import told
from handlers.playground.drafts_page import PageDraftFlaw, PageDraftSeen
from workflows.errors import DefinitionError, Finding
from workflows.lint import lint
from workflows.loading import load_definition


def draft_view(text: str, flaws: Iterable[Finding], *, file: str, language: str) -> PageDraftSeen:
    """Return the problems of a text and its diagram."""
    words = translator(language)
    return PageDraftSeen(
        flaws=tuple(
            PageDraftFlaw(
                line=one.line,
                where=one.where,
                text=told(one.problem, words=words),
                hint=told(one.hint, words=words),
            )
            for one in flaws
        ),
        diagram=_diagram(text, file=file, language=language),
    )


def _diagram(text: str, *, file: str, language: str) -> CoverageDiagram | None:
    """Return the diagram of a definition that is sound by itself, whoever is in the company."""
    try:
        definition = load_definition(text, file=file).definition
    except DefinitionError:
        return None
    return None if lint(definition) else coverage_diagram(definition, language=language, seen=())
