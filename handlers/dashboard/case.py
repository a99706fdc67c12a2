"""Makes the page of one case: its state, its diagram and its history."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.cards.case import details
from handlers.cards.diagram import case_diagram
from handlers.diagram.layout import layout
from handlers.diagram.svg import render_svg
from handlers.history import Told, tell
from handlers.office import Office
from handlers.pages import Badge, Fact
from handlers.reading.case import open_case
from storage.unit import Tx
from workflows.directory import Person

HISTORY_MOST = 500  # entries of a history; the document has all


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """An entry of a history with its time as text."""

    when: str
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case. `earlier` is the number of entries of the history that are left out."""

    id: str
    title: str
    badge: Badge | None
    facts: tuple[Fact, ...]
    files: tuple[str, ...]
    history: tuple[HistoryEntry, ...]
    earlier: int
    diagram: str  # SVG


def case_page(tx: Tx, office: Office, *, case_id: str, reader: Person, language: str) -> CasePage:
    """Return a case for a reader. Raises Refusal `case_unknown` or `not_your_case`."""
    reading = open_case(tx, office, case_id=case_id, reader=reader, language=language)
    card = details(reading)
    history = tell(reading)
    drawn = case_diagram(reading.whole)
    svg = render_svg(
        layout(reading.definition, language=language, direction="down", notes=True),
        title=reading.words.t("dashboard.diagram", process=reading.title, case=reading.case.id),
        notes={node.id: node.who or node.when_text for node in drawn.nodes},
        states={node.id: node.state for node in drawn.nodes},
    )
    return CasePage(
        id=reading.case.id,
        title=reading.subject or reading.title,
        badge=card.badge,
        facts=(
            Fact(label=reading.words.t("dashboard.column.process"), value=reading.title),
            *card.facts,
        ),
        files=tuple(dict.fromkeys(one.name for one in card.files)),
        history=tuple(
            HistoryEntry(when=reading.at(one.at), told=one) for one in history[-HISTORY_MOST:]
        ),
        earlier=max(len(history) - HISTORY_MOST, 0),
        diagram=svg,
    )
