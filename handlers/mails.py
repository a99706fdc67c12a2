"""Writes the mails of a definition to people outside, in the transaction of a decision.

A mail is a content of the case from then on: it says what was decided then, whatever is changed
later, and it is erased with what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers import casework
from handlers.answers import clean_line, plain_forms
from handlers.contents import keep
from handlers.i18n import translator
from handlers.office import MailWay, Office
from handlers.reading.case import Reading, open_unchecked
from storage.unit import Tx
from workflows.actions.mail import MailFailed, MailLeft, MailOwed, MailSent, RecordMail, Why
from workflows.actions.record import ActionRecorded
from workflows.actions.send_back import TaskReturned
from workflows.actions.start import CaseStarted
from workflows.addresses import is_address
from workflows.case.events import SYSTEM, Event
from workflows.case.state import Case
from workflows.case.task import TaskStatus
from workflows.case.world import World
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import TaskCompleted
from workflows.flow.facts import judged
from workflows.flow.rung_effects import DecidedByTimer
from workflows.model.fields import Form
from workflows.model.mails import NUMBER, Mail
from workflows.records import FORM, Content, OwedMail

KIND = "mail"  # of a content: to, subject, text, language, and the contents that it is made of
RECEIPT = "mail_receipt"  # the same of what became of it: to, message_id, and the server's answer
SUBJECT_MOST = 200  # characters

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_ENDS = {"completed": "closed", "rejected": "rejected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Writes the mails of a definition: to be sent, or only to be shown where none are sent."""

    way: MailWay

    def follow(
        self, tx: Tx, office: Office, before: Case | None, case: Case, events: Sequence[Event]
    ) -> Case:
        """Write the mails that events of a decision lead to, in its transaction.

        `before` is the case before the decision. Returns the state of the case afterwards.
        """
        definition = office.shelf.of(tx, case).definition
        found = [
            (mail, event)
            for event in events
            for happened in _happened(before, case, event)
            for mail in definition.mails
            if mail.on == happened
        ]
        for mail, event in found:
            case = self._write(tx, office, case, mail, author=event.actor)
        return case

    def _write(self, tx: Tx, office: Office, case: Case, mail: Mail, *, author: str) -> Case:
        reading = open_unchecked(
            tx, office, case_id=case.id, language=_language(mail, office), on_paper=True
        )
        world = reading.world
        if mail.when is not None and not judged(
            world.conditions[mail.when], reading.case, world.values, world
        ):
            return case
        to = _address(mail, world.values)
        why: Why | None = "wrong_address" if to and not is_address(to) else None
        why = why or ("no_address" if not to else "off" if self.way == "off" else None)
        if why is not None:
            return record(tx, office, case, MailLeft(mail=mail.id, why=why))
        body = {
            "to": to,
            "subject": subject(_filled(reading, mail, mail.subject.of(reading.language))),
            "text": tidy(_filled(reading, mail, mail.text.of(reading.language))),
            "language": reading.language,
            "made_of": _made_of(reading, mail),
        }
        ref = keep(tx, office, case_id=case.id, kind=KIND, author=author, body=body).ref
        if self.way == "show":
            return record(tx, office, case, MailLeft(mail=mail.id, why="shown", content=ref))
        owed = OwedMail(
            case_id=case.id,
            thread="",
            seq=case.seq + 1,
            person=None,
            what={"mail": mail.id, "content": ref.id},
            created_at=office.clock.now(),
        )
        case = record(tx, office, case, MailOwed(mail=mail.id, content=ref))
        tx.mails.add(owed)
        return case


def _address(mail: Mail, values: Mapping[str, object]) -> str:
    """Return what is in the field with the address of a mail, "" if it is empty."""
    return plain_forms(clean_line(values.get(mail.to) or ""))


def notices(
    world: World,
    case: Case,
    *,
    on: str,
    form: Form | None,
    language: str,
    way: MailWay = "send",
) -> str:
    """Return the lines that a person reads before they do something that mails are sent on.

    Args:
        on: what they do, as `on` of a mail names it.
        form: the form that they fill in for it.
        way: whether mails are sent.
    """
    words, lines = translator(language), []
    asked = {field.id for field in form.fields} if form is not None else set[str]()
    for mail in world.definition.mails:
        if mail.on != on or not _may_be_sent(mail, case, world, asked):
            continue
        field = world.definition.field(mail.to)
        label = "" if field is None else field.label.of(language)
        to = _address(mail, world.values)
        told = "mail.notice.missing"
        if way == "off":
            told = "mail.notice.off"
        elif mail.to in asked:
            told = "mail.notice.asked"
        elif to:
            told = "mail.notice.sent" if way == "send" else "mail.notice.shown"
        name = mail.name.of(language)
        lines.append(words.t(told, mail=name, to=to, field=label))
    return "\n".join(lines)


def _may_be_sent(mail: Mail, case: Case, world: World, asked: set[str]) -> bool:
    """Return whether the condition of a mail is true, or may become so with these answers."""
    condition = world.conditions[mail.when] if mail.when is not None else None
    if condition is None or not condition.fields.isdisjoint(asked):
        return True
    return judged(condition, case, world.values, world)


def _language(mail: Mail, office: Office) -> str:
    """Return the language of a mail to a customer, of whom no other is known."""
    return mail.language or office.company.language


def _happened(before: Case | None, case: Case, event: Event) -> Iterator[str]:
    """Yield what a mail of the definition may be sent on, because of this event."""
    body = event.body
    match body:
        case CaseStarted():
            yield "filed"
        case ActionRecorded():
            yield body.action
        case BallotDecided():
            yield f"{body.node}.{body.outcome}"
        case CaseClosed() if body.status in _ENDS:
            yield _ENDS[body.status]
        case TaskCompleted() | DecidedByRule() | DecidedByTimer() | AddedSignersDecided():
            yield from _decided(before, case, body.task)
        case TaskReturned():
            yield from _decided(before, case, body.task, outcome="return")
        case _:
            pass


def _decided(before: Case | None, case: Case, task_id: str, *, outcome: str = "") -> Iterator[str]:
    """Yield the outcome of a step that one person decides, once it counts."""
    task = case.task(task_id) or (before.task(task_id) if before is not None else None)
    if task is None or task.seat or task.parent or task.status is TaskStatus.WAITING:
        return
    decided = outcome or task.outcome
    if decided:
        yield f"{task.node}.{decided}"


def _filled(reading: Reading, mail: Mail, text: str) -> str:
    """Return a text of a mail with its placeholders filled in."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == NUMBER:
            return reading.case.id
        field = reading.definition.field(name)
        return "" if field is None else reading.latest(field).text

    return _PLACEHOLDER.sub(value, text)


def subject(text: str) -> str:
    """Return a text as the subject of a mail: one line, without invisible characters."""
    return clean_line(text)[:SUBJECT_MOST]


def tidy(text: str) -> str:
    """Return a text without the empty lines that an empty field leaves."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _made_of(reading: Reading, mail: Mail) -> list[str]:
    """Return the ids of the submitted forms that a mail has values of."""
    texts = (mail.subject.of(reading.language), mail.text.of(reading.language))
    named = {mail.to, *(name for text in texts for name in _PLACEHOLDER.findall(text))}
    found: list[str] = []
    for what, ref in reading.case.forms:
        content = reading.contents.get(ref.id)
        if content is None:
            continue
        asked = reading.definition.asked_in(what, content.kind.removeprefix(FORM))
        if any(field.id in named for field in asked):
            found.append(ref.id)
    return found


def made_of(contents: Sequence[Content], erased: Sequence[str]) -> list[str]:
    """Return the ids of the mails and receipts that are made of erased contents of a case."""
    gone, found = set(erased), list[str]()
    for content in contents:  # the oldest first: a receipt follows its mail
        sources = (content.body or {}).get("made_of", ())
        if content.kind in (KIND, RECEIPT) and not gone.isdisjoint(sources):
            gone.add(content.id)
            found.append(content.id)
    return [one for one in found if one not in erased]


def record(
    tx: Tx,
    office: Office,
    case: Case,
    became: MailOwed | MailSent | MailFailed | MailLeft,
    *,
    via: str = "rule",
) -> Case:
    """Record in the case what became of a mail, and return its new state."""
    command = RecordMail(actor=SYSTEM, via=via, became=became)
    world = casework.world_of(tx, office, case, office.shelf.of(tx, case))
    return casework.carry_out(tx, office, case, command, world)
