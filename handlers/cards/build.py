"""The card for a message that is owed: which kind, about which case, for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.cards import case as case_cards
from handlers.cards import notices, task
from handlers.pages import Card
from handlers.reading.case import Reading
from workflows.case.state import Task

Args = Mapping[str, str]


def build(kind: str, reading: Reading, *, task_id: str | None, args: Args) -> Card | None:
    """The card, as things stand now; None when there is nothing left to say."""
    about = reading.case.task(task_id) if task_id is not None else None
    card = _BUILD[kind](reading, about, args)
    if card is None or "instead_of" not in args:
        return card
    why = reading.words.t("card.instead_of", who=reading.name(args["instead_of"]))
    return replace(card, text=f"{why}\n{card.text}".strip())


_BUILD: dict[str, Callable[[Reading, Task | None, Args], Card | None]] = {
    "task": task.task_card,
    "channel": task.channel_card,
    "reminder": notices.reminder,
    "escalation": notices.escalation,
    "blocked": notices.blocked,
    "no_deputy": notices.no_deputy,
    "question": notices.question,
    "answered": notices.answered,
    "lapsed": notices.lapsed,
    "comment": notices.comment,
    "case": case_cards.case_card,
    "copied": case_cards.copied,
    "closed": case_cards.closed,
    "survey": case_cards.survey,
}
