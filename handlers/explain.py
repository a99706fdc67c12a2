"""Finds the cases that `/why` explains if no number is typed."""

from __future__ import annotations

from handlers.cards.tasks import open_tasks
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Button, Card
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.status import Status
from workflows.directory import Person
from workflows.records import CaseQuery

MOST = 5  # buttons of a card


def cases_of(tx: Tx, office: Office, *, reader: Person) -> tuple[str, ...]:
    """Return the cases that wait for the reader; if none does, the running ones of the reader."""
    now = office.clock.now()
    rows = open_tasks(tx, office.directory(tx), reader.key, now)
    waiting = tuple(dict.fromkeys(row.case_id for row in rows))[:MOST]
    if waiting:
        return waiting
    query = CaseQuery(participant=reader.key, status=Status.RUNNING.value, limit=MOST)
    return tuple(row.id for row in tx.cases.find(query))


def choice_card(case_ids: tuple[str, ...], *, language: str) -> Card:
    """Return the card that asks which of several cases is meant; it says so if there is none."""
    return Card(
        kind="list",
        title=translator(language).t("why.which" if case_ids else "why.none"),
        buttons=tuple(
            Button(verb="why", label=case_id, token=str(Token(verb="why", case_id=case_id)))
            for case_id in case_ids
        ),
    )
