"""What is sent for a mail that waits and recorded of it, and mails to people instead of a chat.

A mail to a person is their card at the time at which it is sent; until then it only names the card.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from handlers import casework
from handlers.cards.build import build
from handlers.contents import keep
from handlers.i18n import translator
from handlers.mails import RECEIPT, record, subject, tidy
from handlers.office import Office
from handlers.pages import Card
from handlers.reading.case import open_unchecked
from storage.unit import Tx
from workflows.actions.mail import MailFailed, MailLeft, MailSent
from workflows.addresses import is_address
from workflows.case.events import SYSTEM
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.errors import Refusal
from workflows.records import OutboxRow, OwedMail, SentMessage

VIA = "mail"
PLATFORM = "email"  # in the records of what was sent to a person
_TO_PEOPLE = ("task", "escalation", "reminder", "question")


# ---------------------------------------------------------------------------- to people


def last_way(tx: Tx, office: Office, row: OutboxRow) -> bool:
    """Add a mail to a person whom no chat reaches, with the card of a message of the outbox.

    Only for new messages that ask for something, once for each task and kind. Returns whether one
    was added.
    """
    person = office.directory(tx).get(row.to)
    wanted = row.kind in _TO_PEOPLE and not row.refresh_only and row.case_id is not None
    if office.mailing is None or office.mailing.way != "send" or not wanted or person is None:
        return False
    if not person.active or not is_address(person.email):
        return False
    assert row.case_id is not None, "asked before"
    thread = f"{row.to}:{row.kind}:{row.task or ''}"
    if tx.outbox.sent(case_id=row.case_id, to=row.to, slot=_slot(thread)):
        return False
    tx.mails.add(
        OwedMail(
            case_id=row.case_id,
            thread=thread,
            seq=0,
            person=row.to,
            what={"kind": row.kind, "task": row.task, "args": dict(row.args)},
            created_at=office.clock.now(),
        )
    )
    return True


def _slot(thread: str) -> str:
    return f"mail:{thread}"


# ---------------------------------------------------------------------------- sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it is sent. `key` is the same for each attempt, and of no other mail."""

    to: str
    subject: str
    text: str
    language: str
    key: str


def letter_of(tx: Tx, office: Office, mail: OwedMail) -> Letter | None:
    """Return what is sent for a mail now; None if it was erased or applies no more. Only reads."""
    if mail.person is not None:
        return _to_person(tx, office, mail, mail.person)
    content = tx.contents.of_case(mail.case_id).get(mail.what["content"])
    if content is None or content.body is None:
        return None
    body = content.body
    return Letter(
        to=body["to"],
        subject=body["subject"],
        text=body["text"],
        language=body["language"],
        key=_key(mail.case_id, content.id),
    )


def _key(case_id: str, what: str) -> str:
    return f"{case_id}.{hashlib.sha256(what.encode()).hexdigest()[:16]}".lower()


def _to_person(tx: Tx, office: Office, mail: OwedMail, key: str) -> Letter | None:
    person = office.directory(tx).get(key)
    if person is None or not person.active or not is_address(person.email):
        return None
    language = office.company.language_of(person)
    try:
        reading = open_unchecked(
            tx, office, case_id=mail.case_id, reader=person, language=language, lasting=True
        )
    except Refusal:
        return None
    task = reading.case.task(mail.what["task"] or "")
    over = task is not None and task.status is not TaskStatus.OPEN
    if over or reading.case.status is not Status.RUNNING:
        return None
    card = build(mail.what["kind"], reading, task_id=mail.what["task"], args=mail.what["args"])
    if card is None:
        return None
    return Letter(
        to=person.email,
        subject=subject(card.summary),
        text=_plain(card, language),
        language=language,
        key=_key(mail.case_id, f"{mail.thread}:{mail.created_at}"),
    )


def _plain(card: Card, language: str) -> str:
    """Return a card as a plain text, with what a mail cannot do."""
    words = translator(language)
    facts = [words.t("fact.line", label=one.label, value=one.value) for one in card.facts]
    parts = (
        card.summary,
        card.text,
        "\n".join(facts),
        card.quote,
        card.note,
        words.t("mail.no_buttons", case=card.case_id or ""),
    )
    return tidy("\n\n".join(filter(None, parts)))


def sent(
    tx: Tx, office: Office, mail: OwedMail, letter: Letter, *, message_id: str, answer: str
) -> None:
    """Record that the server accepted a mail; nothing if the claim on it was lost."""
    if not tx.mails.done(mail):
        return
    if mail.person is not None:
        tx.outbox.note(
            SentMessage(
                case_id=mail.case_id,
                to=mail.person,
                slot=_slot(mail.thread),
                kind=mail.what["kind"],
                task=None,  # a mail cannot be updated
                args={},
                platform=PLATFORM,
                ref=message_id,
                content_hash="",
                revision=0,
                sent_at=office.clock.now(),
            )
        )
        return
    _became(tx, office, mail, letter, message_id=message_id, answer=answer)


def failed(
    tx: Tx,
    office: Office,
    mail: OwedMail,
    letter: Letter,
    *,
    message_id: str,
    answer: str,
    final: bool,
) -> bool:
    """Record that a mail is not sent; `final` if the server refused it.

    Returns False if the claim on it was lost.
    """
    if not tx.mails.done(mail):
        return False
    if mail.person is None:
        _became(tx, office, mail, letter, message_id=message_id, answer=answer, final=final)
    return True


def dropped(tx: Tx, office: Office, mail: OwedMail) -> None:
    """Record that a mail is not sent because its content was erased, or applies no more."""
    if tx.mails.done(mail) and mail.person is None:
        case = casework.find(tx, mail.case_id)
        record(
            tx, office, case, MailLeft(mail=mail.what["mail"], why="erased", owed=mail.seq), via=VIA
        )


def _became(
    tx: Tx,
    office: Office,
    mail: OwedMail,
    letter: Letter,
    *,
    message_id: str,
    answer: str,
    final: bool | None = None,
) -> None:
    """Add the event with the receipt to the case; `final` is None if the mail was sent."""
    body = {
        "to": letter.to,
        "message_id": message_id,
        "text": answer,
        "made_of": [mail.what["content"]],
    }
    ref = keep(tx, office, case_id=mail.case_id, kind=RECEIPT, author=SYSTEM, body=body).ref
    which, owed = mail.what["mail"], mail.seq
    became: MailSent | MailFailed = (
        MailSent(mail=which, owed=owed, content=ref)
        if final is None
        else MailFailed(mail=which, owed=owed, content=ref, final=final)
    )
    record(tx, office, casework.find(tx, mail.case_id), became, via=VIA)
