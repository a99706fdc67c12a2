"""The mails of a case to people outside: what was sent to whom, when, and what the server said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.reading.case import Reading
from workflows.actions.mail import MailFailed, MailLeft, MailOwed, MailSent
from workflows.case.task import ContentRef
from workflows.moments import utc


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecord:
    """A mail of a case. What was erased is empty.

    `status` is waiting, sent, refused (by the server), given_up (after a day), or why none was
    sent: no_address, wrong_address, off, shown or erased. `answer` is what the server said.
    """

    mail: str
    status: str
    to: str
    subject: str
    text: str
    written_at: datetime
    ended_at: datetime | None = None
    message_id: str = ""
    answer: str = ""


def mails_of(reading: Reading) -> tuple[MailRecord, ...]:
    """Return the mails of a case, in the order in which they were written."""
    found: dict[int, MailRecord] = {}
    for event in reading.events:
        body, at = event.body, utc(event.at)
        if isinstance(body, MailOwed):
            found[event.seq] = _written(reading, body.mail, body.content, at, "waiting")
        elif isinstance(body, MailSent | MailFailed):
            receipt = reading.body(body.content)
            failure = "refused" if isinstance(body, MailFailed) and body.final else "given_up"
            found[body.owed] = replace(
                found[body.owed],
                status="sent" if isinstance(body, MailSent) else failure,
                ended_at=at,
                message_id=str(receipt.get("message_id", "")),
                answer=str(receipt.get("text", "")),
            )
        elif isinstance(body, MailLeft) and body.owed:
            found[body.owed] = replace(found[body.owed], status=body.why, ended_at=at)
        elif isinstance(body, MailLeft):
            left = _written(reading, body.mail, body.content, at, body.why)
            found[event.seq] = replace(left, ended_at=at)
    return tuple(found.values())


def _written(
    reading: Reading, mail: str, ref: ContentRef | None, at: datetime, status: str
) -> MailRecord:
    body = reading.body(ref)
    return MailRecord(
        mail=mail,
        status=status,
        to=str(body.get("to", "")),
        subject=str(body.get("subject", "")),
        text=str(body.get("text", "")),
        written_at=at,
    )


def mail_name(reading: Reading, mail_id: str) -> str:
    """Return the name of a mail of the definition; its id if there is no such mail."""
    mail = reading.definition.mail(mail_id)
    return mail_id if mail is None else reading.text(mail.name)


def mail_field(reading: Reading, mail_id: str) -> str:
    """Return the label of the field with the address of a mail; "" if there is no such mail."""
    mail = reading.definition.mail(mail_id)
    return "" if mail is None else reading.labels((mail.to,))
