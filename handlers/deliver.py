"""Prepares the messages of the outbox: which platforms must post or update which card.

Cards are made when a message is sent, from the present state of the case and in the recipient's
language. A message whose content is unchanged is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from handlers import employee_surveys, leaving, storms, tokens, versions
from handlers.cards import briefing
from handlers.cards.build import build
from handlers.cards.notices import out_of_sight
from handlers.casework import find, world_of
from handlers.conversation.ports import Addressee, ChatPort, Delivery
from handlers.digests import open_digest
from handlers.of_no_case import card_of
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
from workflows.moments import Moment
from workflows.records import DigestLine, OutboxRow, SentMessage

# All other kinds are messages about one of these cards.
_CARDS = ("task", "channel", "case", "copied", storms.DIGEST, leaving.KIND)
# Nobody else gets these in the place of the recipient.
_OPTIONAL = (*briefing.KINDS, tokens.POLL, tokens.TRAINING)
_CHANGED_IN_SILENCE = (
    *(ESCALATION, storms.DIGEST, versions.MOVED),
    *("blocked", "other_refused", "alert", "problem"),
)
_LOUD = (Lane.ANSWER, Lane.ESCALATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One call to one platform: post a new message, or update the message `ref`."""

    platform: str
    delivery: Delivery
    ref: str | None
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to send for one row. Without sendings and not `unreachable`, the row is done."""

    sendings: tuple[Sending, ...] = ()
    unreachable: bool = False


def prepare(tx: Tx, office: Office, row: OutboxRow, *, platforms: Mapping[str, ChatPort]) -> Plan:
    """Return what must be sent for a row now. Only reads.

    A row for a channel that no platform has, or that cannot be reached, is done: the people of the
    task get the same message.
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
    """A message to one platform before its card is made, with all that the rate limits depend on.

    `there` is the sent message that is to be updated, or None for a new one.
    """

    platform: str
    delivery: Delivery
    there: SentMessage | None

    @property
    def ref(self) -> str | None:
        """The platform's reference to the message that is to be updated."""
        return None if self.there is None else self.there.ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """The recipient of a row and the messages to send; none if there is nothing left to send."""

    person: Person
    errands: tuple[Errand, ...] = ()


def address(
    tx: Tx, office: Office, row: OutboxRow, *, platforms: Mapping[str, ChatPort]
) -> Addressed | None:
    """Return the addresses of a row, without reading its case. None if nobody can be reached.

    Somebody who cannot be reached misses nothing by not getting a briefing.
    """
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
        needless = row.refresh_only or channel or watching or row.kind in _OPTIONAL
        return Addressed(person=person) if needless else None
    new = any(name not in there for name in names)
    beyond = new and storms.is_beyond(tx, row)
    above = _above(tx, row) if new else {}
    closed = row.lane not in _LOUD and not office.calendar.is_open(office.clock.now())
    errands = []
    for name in names:
        platform = platforms[name]
        if beyond and name not in there and not platform.silent:
            continue  # it is in the digest
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
    """Return whether the recipient still watches the case and may still read it."""
    assert row.case_id is not None, "what is watched is a case"
    case = find(tx, row.case_id, lock=False)
    if not case.watches(row.to):
        return False
    world = world_of(tx, office, case, office.shelf.of(tx, case))
    return may_read(tx, case, person=row.to, world=world)


def _addressed(tx: Tx, office: Office, row: OutboxRow) -> Person | None:
    """Return the recipient of a row, or None.

    A channel has the company's language. An account that is the recipient itself may no longer
    belong to a person; it has the language that the row names.
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
    """Return the recipient's card that a message refers to, as a reference by platform."""
    if row.kind in (*_CARDS, *_OPTIONAL):
        return {}
    found: dict[str, str] = {}
    # The most specific card comes last and replaces the others.
    for slot in (COPY, CASE, *((task_slot(row.task),) if row.task else ())):
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
    """Makes the card of a row, once for each language."""

    build: Callable[[str], Card | None]
    urged_at: tuple[Moment, ...] = ()
    made: dict[str, Card | None] = field(default_factory=dict)

    def card(self, language: str) -> Card | None:
        if language not in self.made:
            self.made[language] = self.build(language)
        return self.made[language]


def _maker(tx: Tx, office: Office, row: OutboxRow, person: Person) -> _Maker:
    if row.kind == storms.DIGEST:
        return _Maker(build=open_digest(tx, office, reader=person, digest=row.slot))
    if row.case_id is None:
        return _Maker(build=lambda language: card_of(tx, office, row, language))
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


def _notify(row: OutboxRow, urged_at: Sequence[Moment], there: SentMessage | None) -> bool:
    """Return whether the recipient is notified of a message.

    They are notified of a new message, of a nudge, and of an update with new content. A refresh,
    and an update of an escalation, a digest or a blocked task, is silent.
    """
    if there is None:
        return True
    if any(at > there.sent_at for at in urged_at):
        return True
    return not row.refresh_only and row.kind not in _CHANGED_IN_SILENCE


def message_token(row: OutboxRow, platform: str) -> str:
    """Return the idempotency key of a message, the same for every attempt to send it."""
    return token_of(row.case_id, to=row.to, slot=row.slot, platform=platform)


def token_of(case_id: str | None, *, to: str, slot: str, platform: str) -> str:
    """Return the idempotency key of the message in a slot; the playground's chat has it as id."""
    parts = "\n".join((case_id or "", to, slot, platform))
    return "m_" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def receipt(row: OutboxRow, sending: Sending, *, ref: str, at: Moment) -> SentMessage:
    """Return the record of a sent message, for storage.

    `ref` is the platform's reference to it.
    """
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
        sent_at=employee_surveys.recorded_at(row, at),
    )


def other_way(tx: Tx, office: Office, row: OutboxRow) -> bool:
    """Add a message that could not be delivered to its recipient to the outbox for a process owner.

    An hourly digest becomes an escalation of each of its cases.

    Returns:
        Whether somebody else gets the message; if not, it becomes a dead letter.
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
    loaded = office.shelf.of(tx, case)
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
    """Send the escalation of a digest's line to a process owner. See `other_way`."""
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
