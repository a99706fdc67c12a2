"""Limits the number of escalations that one person gets, with digests for the others.

The first escalations of an hour (`AT_ONCE`) are separate messages. Further ones are lines of the
digest of the hour, one message that is updated during the hour. The line is stored in the same
transaction that adds the escalation to the outbox, so every escalation is in a digest. See decision
11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from handlers.office import Office
from storage.unit import Tx
from workflows.case.effects import CHANNEL, ESCALATION, Effect, Lane, Post, Refresh
from workflows.case.state import Case
from workflows.moments import DAY, HOUR, utc
from workflows.records import DigestLine, OutboxRow

DIGEST = "digest"  # the kind of its card
AT_ONCE = 3  # escalations in an hour that are separate messages
KEPT_CURRENT = DAY  # how long a digest is updated after a line was added
_HOUR = "hour:"
_DAY = "day:"
_NO_DAY = "day:9"  # sorts after every date


def follow(tx: Tx, office: Office, case: Case, effects: Sequence[Effect], *, erased: bool) -> None:
    """Store the digest lines of a case's new escalations, and enqueue the digests.

    After another change of an escalated case, the digests that list it are updated: those of the
    last day (`KEPT_CURRENT`) and each reader's newest daily one; all of them if content was erased.

    Args:
        effects: the messages that follow from the command.
        erased: whether the command erased content.
    """
    escalations = [one for one in effects if isinstance(one, Post) and one.kind == ESCALATION]
    if escalations:
        note(tx, office, case.id, escalations)
    elif case.escalated_to and any(isinstance(one, Refresh) and one.soon for one in effects):
        since = office.clock.now() - KEPT_CURRENT
        lines = [
            line
            for line in tx.digests.of_case(case.id)
            if erased or line.at >= since or is_living(tx, line.to, line.digest)
        ]
        owe(tx, office, lines, anew=False)


def note(tx: Tx, office: Office, case_id: str, escalations: Iterable[Post]) -> None:
    """Store the digest lines of escalations in the outbox, and enqueue their digests."""
    directory, now = office.directory(tx), office.clock.now()
    known = {
        (line.to, line.task): line for line in tx.digests.of_case(case_id) if is_hourly(line.digest)
    }
    lines = []
    for post in escalations:
        if post.to.startswith(CHANNEL):
            continue
        line = known.get((post.to, post.task or ""))
        if line is None:
            awake = office.company.awake(directory.get(post.to), now)
            digest = f"{_HOUR}{utc(awake):%Y-%m-%dT%H}"
            line = DigestLine(
                case_id=case_id, to=post.to, digest=digest, task=post.task or "", at=now
            )
        lines.append(line)
    tx.digests.add(lines)
    owe(tx, office, lines)


def owe(tx: Tx, office: Office, lines: Iterable[DigestLine], *, anew: bool = True) -> None:
    """Add the digests with these lines to the outbox.

    Without `anew`, only digests that were sent already are updated.
    """
    directory, now = office.directory(tx), office.clock.now()
    # Sorted, so that all transactions lock the rows in the same order.
    places = sorted({(line.to, line.digest) for line in lines})
    posts = [
        Post(to=to, slot=digest, kind=DIGEST, lane=Lane.DIGEST, quiet=True, anew=anew)
        for to, digest in places
    ]
    awake = {post.to: office.company.awake(directory.get(post.to), now) for post in posts}
    tx.outbox.add(posts, case_id=None, now=now, not_before=awake)


def is_hourly(digest: str) -> bool:
    """Return whether a digest is an hourly one; otherwise it is a daily one."""
    return digest.startswith(_HOUR)


def daily(day: str) -> str:
    """Return the slot of the digest of a day, an ISO 8601 date."""
    return f"{_DAY}{day}"


def day_of(digest: str) -> date:
    """Return the day of a daily digest from its slot."""
    return date.fromisoformat(digest.removeprefix(_DAY))


def is_living(tx: Tx, person: str, digest: str) -> bool:
    """Return whether a digest is its reader's newest daily one, which is the one with lines."""
    return not is_hourly(digest) and digest == tx.digests.last(person, since=_DAY, before=_NO_DAY)


def owe_day(tx: Tx, office: Office, lines: Sequence[DigestLine]) -> None:
    """Store the lines of daily digests and add these to the outbox.

    Each reader's previous daily digest is updated, so that it says that it was replaced.
    """
    former: list[DigestLine] = []
    for to, digest in sorted({(line.to, line.digest) for line in lines}):
        before = tx.digests.last(to, since=_DAY, before=digest)
        former += tx.digests.of_reader(to, digest=before)[:1]
    tx.digests.add(lines)
    owe(tx, office, former, anew=False)
    owe(tx, office, lines)


def beyond(lines: Iterable[DigestLine]) -> Iterator[DigestLine]:
    """Yield the lines of a digest after the first `AT_ONCE` of each hour."""
    seen: dict[int, int] = {}
    for line in lines:
        hour = line.at // HOUR
        seen[hour] = seen.get(hour, 0) + 1
        if seen[hour] > AT_ONCE:
            yield line


def is_told(tx: Tx, row: OutboxRow, person: str) -> bool:
    """Return whether a person gets the escalation of a row anyway."""
    lines = tx.digests.of_case(row.case_id or "")
    return any((line.to, line.task) == (person, row.task or "") for line in lines)


def is_beyond(tx: Tx, row: OutboxRow) -> bool:
    """Return whether an escalation is only listed in a digest and makes no sound of its own."""
    if row.kind != ESCALATION or row.case_id is None:
        return False
    mine = [
        line
        for line in tx.digests.of_case(row.case_id)
        if is_hourly(line.digest) and (line.to, line.task) == (row.to, row.task or "")
    ]
    if not mine:  # it was enqueued by a version without digests
        return False
    return mine[0] in beyond(tx.digests.of_reader(row.to, digest=mine[0].digest))
