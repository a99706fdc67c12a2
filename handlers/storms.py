"""Storms: when one person is sent many escalations, a digest speaks for most of them.

The first escalations of an hour are messages of their own. From then on the digest of the hour
tells of them: one message, brought up to date while the hour lasts, with a line for each. A line is
kept in the unit that owes the escalation, so that nothing is sent without being listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from handlers.office import Office
from storage.unit import Tx
from workflows.case.effects import CHANNEL, ESCALATION, Effect, Lane, Post, Refresh
from workflows.case.state import Case
from workflows.records import DigestLine, OutboxRow

DIGEST = "digest"  # the kind of its card
AT_ONCE = 3  # escalations in an hour that are messages of their own
KEPT_CURRENT = timedelta(days=1)  # so long a digest follows what becomes of its cases
_HOUR = "hour:"
_DAY = "day:"
_NO_DAY = "day:9"  # beyond every date


def follow(tx: Tx, office: Office, case: Case, effects: Sequence[Effect], *, erased: bool) -> None:
    """Keep a line for each escalation that is news to its reader, and owe the digests.

    When something else happens to a case that was escalated, its digests are brought up to date:
    those of the last day, each reader's newest, and all of them when content was erased.
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
    """Keep the lines of escalations that are owed, and owe the digests that have them."""
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
            digest = f"{_HOUR}{awake:%Y-%m-%dT%H}"
            line = DigestLine(
                case_id=case_id, to=post.to, digest=digest, task=post.task or "", at=now
            )
        lines.append(line)
    tx.digests.add(lines)
    owe(tx, office, lines)


def owe(tx: Tx, office: Office, lines: Iterable[DigestLine], *, anew: bool = True) -> None:
    """Owe the digests that have these lines; unless `anew`, only where they were sent already."""
    directory, now = office.directory(tx), office.clock.now()
    places = sorted({(line.to, line.digest) for line in lines})  # all lock them in one order
    posts = [
        Post(to=to, slot=digest, kind=DIGEST, lane=Lane.DIGEST, quiet=True, anew=anew)
        for to, digest in places
    ]
    awake = {post.to: office.company.awake(directory.get(post.to), now) for post in posts}
    tx.outbox.add(posts, case_id=None, now=now, not_before=awake)


def is_hourly(digest: str) -> bool:
    """Whether a digest is that of an hour, not that of a day."""
    return digest.startswith(_HOUR)


def daily(day: str) -> str:
    """The digest of a day."""
    return f"{_DAY}{day}"


def day_of(digest: str) -> date:
    """The day of such a digest."""
    return date.fromisoformat(digest.removeprefix(_DAY))


def is_living(tx: Tx, person: str, digest: str) -> bool:
    """Whether a digest is its reader's newest of a day: the one that tells how things stand."""
    return not is_hourly(digest) and digest == tx.digests.last(person, since=_DAY, before=_NO_DAY)


def owe_day(tx: Tx, office: Office, lines: Sequence[DigestLine]) -> None:
    """Keep the lines of a day's digests, and owe these; those of former days give way to them."""
    former: list[DigestLine] = []
    for to, digest in sorted({(line.to, line.digest) for line in lines}):
        before = tx.digests.last(to, since=_DAY, before=digest)
        former += tx.digests.of_reader(to, digest=before)[:1]
    tx.digests.add(lines)
    owe(tx, office, former, anew=False)
    owe(tx, office, lines)


def beyond(lines: Iterable[DigestLine]) -> Iterator[DigestLine]:
    """Those of a digest's lines that came after the first few of their hour."""
    seen: dict[datetime, int] = {}
    for line in lines:
        hour = line.at.replace(minute=0, second=0, microsecond=0)
        seen[hour] = seen.get(hour, 0) + 1
        if seen[hour] > AT_ONCE:
            yield line


def is_told(tx: Tx, row: OutboxRow, person: str) -> bool:
    """Whether this person hears of the same escalation anyway."""
    lines = tx.digests.of_case(row.case_id or "")
    return any((line.to, line.task) == (person, row.task or "") for line in lines)


def is_beyond(tx: Tx, row: OutboxRow) -> bool:
    """Whether the digest speaks for this escalation, so that it makes no sound of its own."""
    if row.kind != ESCALATION or row.case_id is None:
        return False
    mine = [
        line
        for line in tx.digests.of_case(row.case_id)
        if is_hourly(line.digest) and (line.to, line.task) == (row.to, row.task or "")
    ]
    if not mine:  # it was owed before there were digests
        return False
    return mine[0] in beyond(tx.digests.of_reader(row.to, digest=mine[0].digest))
