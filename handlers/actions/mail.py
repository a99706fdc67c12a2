"""Mail: the sentences in the history about mails to people outside."""

from __future__ import annotations

from handlers.action_view import ActionView, Facts, Sentence
from handlers.reading.case import Reading
from handlers.reading.mails import mail_field, mail_name
from workflows.actions.mail import MailFailed, MailLeft, MailOwed, MailSent


def _mail(reading: Reading, body: MailOwed | MailSent | MailFailed | MailLeft) -> Facts:
    erased = reading.words.t("content.erased")
    facts: dict[str, object] = {
        "mail": mail_name(reading, body.mail),
        "to": reading.body(body.content).get("to") or erased,
    }
    if isinstance(body, MailFailed):
        facts["variant"] = "refused" if body.final else "given_up"
    if isinstance(body, MailLeft):
        facts |= {"variant": body.why, "field": mail_field(reading, body.mail)}
    return facts


VIEW = ActionView(
    name="mail",
    sentences={kind: Sentence(facts=_mail) for kind in (MailOwed, MailSent, MailFailed, MailLeft)},
)
