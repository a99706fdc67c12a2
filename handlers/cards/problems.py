"""Makes the card of the problems that were reported in a case, for the owners of its process."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.buttons import button
from handlers.cards import parts
from handlers.choices import choices_everywhere
from handlers.pages import Badge, Card, Line, Tone
from handlers.problem_words import kind_name
from handlers.reading.case import Reading
from workflows.actions.problem import CARD, ProblemReported
from workflows.case.events import Event
from workflows.case.task import Task

MOST = 5  # lines


def problems(reading: Reading, task: Task | None, args: Mapping[str, str]) -> Card | None:
    """Return the card of all reports of a case, the newest first."""
    words = reading.words
    found = [one for one in reversed(reading.events) if isinstance(one.body, ProblemReported)]
    left = len(found) - MOST
    return Card(
        kind=CARD,
        case_id=reading.case.id,
        title=words.t("card.problem", case=reading.case.id),
        badge=Badge(text=words.n("problem.badge", len(found)), tone=Tone.WARN),
        text=words.t("problem.text"),
        facts=tuple(parts.subject_facts(reading)),
        lines=tuple(_line(reading, one) for one in found[:MOST]),
        buttons=(button(reading, "details"), button(reading, "comment")),
        more=choices_everywhere(reading),
        note=words.n("list.more", left) if left > 0 else "",
    )


def _line(reading: Reading, event: Event) -> Line:
    assert isinstance(event.body, ProblemReported), "it is a report"
    text = reading.words.t(
        "problem.line",
        who=reading.actor(event),
        node=reading.node(event.body.node),
        kind=kind_name(reading.words, event.body.kind),
    )
    return Line(when=reading.at(event.at), text=text, quote=reading.body_text(event.body.content))
