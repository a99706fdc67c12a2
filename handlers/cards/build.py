"""Makes the card of a message of the outbox, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.cards import case as case_cards
from handlers.cards import notices, others, problems, task, verdicts
from handlers.pages import Card
from handlers.reading.case import Reading
from workflows.case.task import Task

Args = Mapping[str, str]


def build(kind: str, reading: Reading, *, task_id: str | None, args: Args) -> Card | None:
    """Return the card of a message about a case, in the present state of the case.

    Args:
        kind: the kind of the message, from its row of the outbox.
        task_id: the task that it concerns, if any.
        args: ids for the kind; with "instead_of" the card names the person who was not reached.

    Returns:
        The card; None if the message no longer applies.
    """
    if task_id is not None and reading.case.has_left(task_id):
        reading = reading.whole
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
    "other_refused": others.refused,
    "no_deputy": notices.no_deputy,
    "by_rule": verdicts.by_rule,
    "step_in": verdicts.step_in,
    "voided": verdicts.voided,
    "reassigned": verdicts.reassigned,
    "timed_out": verdicts.timed_out,
    "back": verdicts.back,
    "administered": verdicts.administered,
    "question": notices.question,
    "answered": notices.answered,
    "lapsed": notices.lapsed,
    "points": notices.points,
    "waived": notices.waived,
    "comment": notices.comment,
    "problem": problems.problems,
    "mail_failed": notices.mail_failed,
    "case": case_cards.case_card,
    "copied": case_cards.copied,
    "closed": case_cards.closed,
    "survey": case_cards.survey,
}
