"""From a message that is owed to what a platform is to post or to change.

The card is made here, at the moment of sending, from the state of now and in the reader's language.
What the reader sees already is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from handlers.cards.account import account_card
from handlers.cards.build import build
from handlers.cards.model import Card
from handlers.casework import world_of
from handlers.office import Office
from handlers.ports import Addressee, ChatPort, Delivery
from handlers.reading import Reading, open_case
from workflows.directory import Person
from workflows.effects import ACCOUNT, CHANNEL, Lane, Post
from workflows.engine.authority import owners_of
from workflows.engine.react import CASE, COPY, task_slot
from workflows.ports import Tx
from workflows.records import OutboxRow, SentMessage

_CARDS = ("task", "channel", "case", "copied")  # all else is news about one of them
_LOUD = (Lane.ANSWER, Lane.ESCALATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One call to one platform: post anew, or change the message `ref`."""

    platform: str
    delivery: Delivery
    ref: str | None
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to send for one row. Nothing to send and not `unreachable`: the row is done."""

    sendings: tuple[Sending, ...] = ()
    unreachable: bool = False


def prepare(tx: Tx, office: Office, row: OutboxRow, *, platforms: Mapping[str, ChatPort]) -> Plan:
    """What has to be sent for this row now. Only reads.

    A channel that no platform has, or that has become unreachable, is nobody's loss: what it is
    told, the people of the task are told too.
    """
    channel = row.to.startswith(CHANNEL)
    person = _addressed(tx, office, row)
    if person is None:
        return Plan(unreachable=True)
    there = {m.platform: m for m in tx.outbox.sent(case_id=row.case_id, to=row.to, slot=row.slot)}
    if row.refresh_only and not there:
        return Plan()
    wanted = _wanted(person, row, platforms, there)
    names = [name for name in (*there, *wanted) if name in platforms and name not in row.tried]
    if not names:
        return Plan(unreachable=not row.refresh_only and not channel)
    sendings: list[Sending] = []
    reading = None if row.case_id is None else _reading(tx, office, row, person)
    cards: dict[str, Card | None] = {}
    for name in names:
        platform = platforms[name]
        to = Addressee(
            person=person.key,
            account=platform.account(person=person.key, accounts=person.accounts),
            language=office.company.language_of(person),
        )
        for language in platform.languages(to):
            if language not in cards:
                cards[language] = _card(tx, office, row, reading, language)
        chosen = {lang: card for lang in platform.languages(to) if (card := cards[lang])}
        if chosen:
            urged = bool(reading and name in there and _urged_since(reading, row, there[name]))
            notify = urged or not row.refresh_only
            sendings.extend(_sending(name, to, chosen, row, there.get(name), notify=notify))
    above = _above(tx, row) if any(sending.ref is None for sending in sendings) else {}
    quiet = row.lane not in _LOUD and not office.calendar.is_open(office.clock.now())
    return Plan(sendings=tuple(_placed(sending, above, quiet=quiet) for sending in sendings))


def _addressed(tx: Tx, office: Office, row: OutboxRow) -> Person | None:
    """Who reads it. A channel reads in the company's language, and may do nothing itself.

    An account that is told of its own case is nobody's any more, and reads as its person did.
    """
    if row.to.startswith(CHANNEL):
        return Person(key=row.to, id=row.to, name=row.to)
    if not row.to.startswith(ACCOUNT):
        return office.directory(tx).get(row.to)
    platform, _, account = row.to.removeprefix(ACCOUNT).partition(":")
    language = row.args["language"]
    return Person(
        key=row.to, id=row.to, name=row.to, language=language, accounts={platform: account}
    )


def _card(
    tx: Tx, office: Office, row: OutboxRow, reading: Reading | None, language: str
) -> Card | None:
    """What is to be shown; None when there is nothing left to say."""
    if reading is None:
        return account_card(
            row.kind, office, office.directory(tx), args=row.args, language=language
        )
    seen = replace(reading, language=language)
    return build(row.kind, seen, task_id=row.task, args=row.args)


def _above(tx: Tx, row: OutboxRow) -> Mapping[str, str]:
    """By platform, the reader's own card that this message is news about."""
    if row.kind in _CARDS:
        return {}
    found: dict[str, str] = {}
    for slot in (COPY, CASE, *((task_slot(row.task),) if row.task else ())):  # the nearest last
        if slot != row.slot:
            sent = tx.outbox.sent(case_id=row.case_id, to=row.to, slot=slot)
            found.update({message.platform: message.ref for message in sent})
    return found


def _placed(sending: Sending, above: Mapping[str, str], *, quiet: bool) -> Sending:
    under = above.get(sending.platform)
    return replace(sending, delivery=replace(sending.delivery, under=under, quiet=quiet))


def _wanted(
    person: Person,
    row: OutboxRow,
    platforms: Mapping[str, ChatPort],
    there: Mapping[str, SentMessage],
) -> list[str]:
    if row.refresh_only or not person.active:
        return []
    return [
        name
        for name, platform in platforms.items()
        if name not in there and platform.account(person=person.key, accounts=person.accounts)
    ]


def _reading(tx: Tx, office: Office, row: OutboxRow, person: Person) -> Reading:
    assert row.case_id is not None, "it is about a case"
    language = office.company.language_of(person)
    return open_case(
        tx, office, case_id=row.case_id, reader=person, language=language, lasting=True
    )


def _urged_since(reading: Reading, row: OutboxRow, there: SentMessage) -> bool:
    """Whether somebody urged since the reader saw this card of a task: that may make a sound."""
    task = reading.case.task(row.task or "")
    urged = task.urged_at[-1:] if task is not None and row.kind == "task" else ()
    return any(at > there.sent_at for at in urged)


def _sending(
    name: str,
    to: Addressee,
    cards: Mapping[str, Card],
    row: OutboxRow,
    there: SentMessage | None,
    *,
    notify: bool,
) -> Sequence[Sending]:
    content = {language: asdict(card) for language, card in sorted(cards.items())}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if there is not None and there.content_hash == digest:
        return ()
    delivery = Delivery(
        to=to,
        cards=dict(cards),
        token=message_token(row, name),
        notify=notify,
        attempt=row.claim,
        since=row.created_at,
    )
    ref = there.ref if there is not None else None
    return (Sending(platform=name, delivery=delivery, ref=ref, content_hash=digest),)


def message_token(row: OutboxRow, platform: str) -> str:
    """The name of a message: the same for every attempt to send it."""
    parts = "\n".join((row.case_id or "", row.to, row.slot, platform))
    return "m_" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def receipt(row: OutboxRow, sending: Sending, *, ref: str, at: datetime) -> SentMessage:
    """The record of a message that is now where `ref` says."""
    return SentMessage(
        case_id=row.case_id,
        to=row.to,
        slot=row.slot,
        kind=row.kind,
        task=row.task,
        args=row.args,
        platform=sending.platform,
        ref=ref,
        content_hash=sending.content_hash,
        revision=row.revision,
        sent_at=at,
    )


def other_way(tx: Tx, office: Office, row: OutboxRow) -> bool:
    """Nobody can be reached at any address of a person: tell the process owner instead.

    Returns whether somebody else is owed the message now; False means that it is a dead letter.
    """
    if row.case_id is None or row.args.get("instead_of"):
        return False
    case = tx.cases.load(row.case_id)
    if case is None:
        return False
    loaded = office.shelf.get(tx, case.definition)
    world = world_of(tx, office, case, loaded)
    owners = [owner for owner in owners_of(case, world) if owner != row.to]
    posts = [
        Post(
            to=owner,
            slot=f"instead:{row.to}:{row.slot}",
            kind=row.kind,
            lane=Lane(row.lane),
            task=row.task,
            args={**row.args, "instead_of": row.to},
        )
        for owner in owners[:1]
    ]
    tx.outbox.add(posts, case_id=row.case_id, now=world.now, not_before={})
    return bool(posts)
