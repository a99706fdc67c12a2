"""From a message that is owed to what a platform is to post or to change.

The card is made here, at the moment of sending, from the state of now and in the reader's language.
What the reader sees already is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from handlers import storms
from handlers.cards.account import account_card
from handlers.cards.build import build
from handlers.cards.notices import out_of_sight
from handlers.casework import find, world_of
from handlers.conversation.ports import Addressee, ChatPort, Delivery
from handlers.digests import open_digest
from handlers.office import Office
from handlers.pages import Card
from handlers.reading.case import open_unchecked
from handlers.reading.policy import may_read
from storage.unit import Tx
from workflows.actions.fire_timers import Escalated
from workflows.case.effects import (
    ACCOUNT,
    CASE,
    CHANNEL,
    COPY,
    ESCALATION,
    WATCHING,
    Lane,
    Post,
    escalation_slot,
    instead_slot,
    task_slot,
)
from workflows.case.people import owners_of
from workflows.directory import Person
from workflows.records import DigestLine, OutboxRow, SentMessage

_CARDS = ("task", "channel", "case", "copied", storms.DIGEST)  # all else is news about one of them
_CHANGED_IN_SILENCE = (ESCALATION, storms.DIGEST, "blocked")
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
    addressed = address(tx, office, row, platforms=platforms)
    if addressed is None:
        return Plan(unreachable=True)
    make = _maker(tx, office, row, addressed.person)
    sendings: list[Sending] = []
    for errand in addressed.errands:
        languages = platforms[errand.platform].languages(errand.delivery.to)
        chosen = {lang: card for lang in languages if (card := make.card(lang))}
        if chosen:
            sendings.extend(_sending(errand, chosen, row, make))
    return Plan(sendings=tuple(sendings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A message on one platform before its card is made: all that the platform's pace depends on.

    `there` is the message that is to be changed.
    """

    platform: str
    delivery: Delivery
    there: SentMessage | None

    @property
    def ref(self) -> str | None:
        """The platform's reference to the message that is there."""
        return None if self.there is None else self.there.ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Whom a row is for, and what may have to be sent: nothing, when all is said already."""

    person: Person
    errands: tuple[Errand, ...] = ()


def address(
    tx: Tx, office: Office, row: OutboxRow, *, platforms: Mapping[str, ChatPort]
) -> Addressed | None:
    """Where a row goes, without reading what it is about. None when nobody can be reached."""
    channel = row.to.startswith(CHANNEL)
    person = _addressed(tx, office, row)
    if person is None:
        return None
    there = {m.platform: m for m in tx.outbox.sent(case_id=row.case_id, to=row.to, slot=row.slot)}
    if row.refresh_only and not there:
        return Addressed(person=person)
    watching = WATCHING in row.args
    if watching and not row.refresh_only and not _still_watches(tx, office, row):
        return Addressed(person=person)
    wanted = _wanted(person, row, platforms, there)
    names = [name for name in (*there, *wanted) if name in platforms and name not in row.tried]
    if not names:
        return Addressed(person=person) if row.refresh_only or channel or watching else None
    new = any(name not in there for name in names)
    beyond = new and storms.is_beyond(tx, row)
    above = _above(tx, row) if new else {}
    closed = row.lane not in _LOUD and not office.calendar.is_open(office.clock.now())
    errands = []
    for name in names:
        platform = platforms[name]
        if beyond and name not in there and not platform.silent:
            continue  # the digest speaks for it
        to = Addressee(
            person=person.key,
            account=platform.account(person=person.key, accounts=person.accounts),
            language=office.company.language_of(person),
        )
        delivery = Delivery(
            to=to,
            kind=row.kind,
            cards={},
            token=message_token(row, name),
            notify=name not in there,
            attempt=row.claim,
            since=row.created_at,
            under=above.get(name),
            quiet=beyond or closed,
        )
        errands.append(Errand(platform=name, delivery=delivery, there=there.get(name)))
    return Addressed(person=person, errands=tuple(errands))


def _still_watches(tx: Tx, office: Office, row: OutboxRow) -> bool:
    """Whether somebody without a part in a case wants to hear of it now, and may read it."""
    assert row.case_id is not None, "what is watched is a case"
    case = find(tx, row.case_id, lock=False)
    if not case.watches(row.to):
        return False
    world = world_of(tx, office, case, office.shelf.get(tx, case.definition))
    return may_read(tx, case, person=row.to, world=world)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes the card of a row in a language, once in each."""

    build: Callable[[str], Card | None]
    urged_at: tuple[datetime, ...] = ()
    made: dict[str, Card | None] = field(default_factory=dict)

    def card(self, language: str) -> Card | None:
        if language not in self.made:
            self.made[language] = self.build(language)
        return self.made[language]


def _maker(tx: Tx, office: Office, row: OutboxRow, person: Person) -> _Maker:
    if row.kind == storms.DIGEST:
        return _Maker(build=open_digest(tx, office, reader=person, digest=row.slot))
    if row.case_id is None:
        return _Maker(build=lambda language: _of_account(tx, office, row, language))
    language = office.company.language_of(person)
    reading = open_unchecked(
        tx, office, case_id=row.case_id, reader=person, language=language, lasting=True
    )

    hidden = WATCHING in row.args and not may_read(
        tx, reading.case, person=person.key, world=reading.world
    )

    def card(language: str) -> Card | None:
        seen = replace(reading, language=language)
        if hidden:
            return out_of_sight(seen, kind=row.kind)
        return build(row.kind, seen, task_id=row.task, args=row.args)

    task = reading.case.task(row.task or "")
    urged_at = task.urged_at[-1:] if task is not None and row.kind == "task" else ()
    return _Maker(build=card, urged_at=urged_at)


def _of_account(tx: Tx, office: Office, row: OutboxRow, language: str) -> Card | None:
    directory = office.directory(tx)
    return account_card(row.kind, office, directory, args=row.args, language=language)


def _sending(
    errand: Errand, cards: Mapping[str, Card], row: OutboxRow, make: _Maker
) -> Iterator[Sending]:
    content = {language: asdict(card) for language, card in sorted(cards.items())}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    there = errand.there
    if there is not None and there.content_hash == digest:
        return
    yield Sending(
        platform=errand.platform,
        delivery=replace(
            errand.delivery, cards=dict(cards), notify=_notify(row, make.urged_at, there)
        ),
        ref=errand.ref,
        content_hash=digest,
    )


def _notify(row: OutboxRow, urged_at: Sequence[datetime], there: SentMessage | None) -> bool:
    """Whether a change should be noticed: new words are, new circumstances of old words are not.

    An escalation that climbs, a digest that grows, and what is still blocked change in silence;
    somebody who is urged hears of it.
    """
    if there is None:
        return True
    if any(at > there.sent_at for at in urged_at):
        return True
    return not row.refresh_only and row.kind not in _CHANGED_IN_SILENCE


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
    if row.kind == storms.DIGEST:
        lines = tx.digests.of_reader(row.to, digest=row.slot)
        if not storms.is_hourly(row.slot) or not lines:
            return False
        told = [_escalation_instead(tx, office, row, line) for line in lines]
        return all(told)
    if row.case_id is None or row.args.get("instead_of"):
        return False
    case = tx.cases.load(row.case_id)
    if case is None:
        return False
    loaded = office.shelf.get(tx, case.definition)
    world = world_of(tx, office, case, loaded)
    owners = [owner for owner in owners_of(case, world) if owner != row.to]
    if row.kind == ESCALATION and owners and storms.is_told(tx, row, owners[0]):
        return True
    posts = [
        Post(
            to=owner,
            slot=instead_slot(row.to, row.slot),
            kind=row.kind,
            lane=Lane(row.lane),
            task=row.task,
            args={**row.args, "instead_of": row.to},
        )
        for owner in owners[:1]
    ]
    tx.outbox.add(posts, case_id=row.case_id, now=world.now, not_before={})
    if row.kind == ESCALATION:
        storms.note(tx, office, row.case_id, posts)
    return bool(posts)


def _escalation_instead(tx: Tx, office: Office, digest: OutboxRow, line: DigestLine) -> bool:
    """An escalation that only a digest spoke of, told to somebody who can be reached."""
    events = [chained.event for chained in tx.cases.events(line.case_id)]
    seq = max((e.seq for e in events if isinstance(e.body, Escalated)), default=None)
    if seq is None:
        return False
    row = replace(
        digest,
        case_id=line.case_id,
        slot=escalation_slot(line.task),
        kind=ESCALATION,
        lane=int(Lane.ESCALATION),
        task=line.task or None,
        args={"seq": str(seq)},
    )
    return other_way(tx, office, row)
