"""Makes the cards of messages that belong to no case; apart from `deliver` for its length."""

from __future__ import annotations

from handlers import directory_news, leaving, releases, schedules, tokens, versions
from handlers.alerts.checks import KIND
from handlers.cards import absences, briefing, leavers, moved
from handlers.cards.account import account_card
from handlers.cards.alerts import alert_card
from handlers.cards.employee_survey import survey_card
from handlers.cards.review import review_card
from handlers.office import Office
from handlers.pages import Card
from handlers.training.card import training_card
from storage.unit import Tx
from workflows.records import OutboxRow


def card_of(tx: Tx, office: Office, row: OutboxRow, language: str) -> Card | None:
    """Return the card of a row without a case, in a language; None if there is nothing to say."""
    if row.kind == leaving.KIND:
        return leaving.card(tx, office, reader=row.to, leaver=row.args["who"], language=language)
    if row.kind == KIND:
        return alert_card(tx, office, row.args, reader=row.to, language=language)
    if row.kind == tokens.POLL:
        return survey_card(tx, office, row.args, language)
    if row.kind == tokens.REVIEW:
        return review_card(tx, office, row.args, reader=row.to, language=language)
    if row.kind == tokens.TRAINING:
        return training_card(tx, office, row.args, reader=row.to, language=language)
    if row.kind == versions.MOVED:
        return moved.card(tx, office, row.args, language)
    directory = office.directory(tx)
    if row.kind in briefing.KINDS:
        return briefing.card_of(
            tx, office, row.kind, reader=directory.people[row.to], language=language
        )
    if row.kind in absences.KINDS:
        return absences.absence_card(row.kind, office, directory, row.args, language)
    if row.kind == schedules.NOT_FILED:
        return schedules.not_filed_card(office, row.args, language)
    if row.kind == releases.DEPARTMENT_GONE:
        return releases.department_gone_card(row.args, language)
    if row.kind == directory_news.KIND:
        return directory_news.held_card(row.args, language)
    if row.kind == leavers.IN_DIRECTORY:
        return leavers.in_directory_card(office, directory, row.args, language)
    return account_card(row.kind, office, directory, args=row.args, language=language)
