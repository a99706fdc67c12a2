"""Answers to interactions that nobody said were told: kept, and told again later.

An answer is kept in the unit of its interaction (`handlers.router`). What had no unit, such as a
refusal that could not be said, is kept here when the platform fails to tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.conversation.ports import Addressee, Owed
from handlers.office import Office
from storage.unit import Tx
from workflows.records import OwedAnswer

AGAIN_AFTER = timedelta(minutes=1)
MOST_AT_ONCE = 50
TOO_LATE = timedelta(days=2)  # nobody wonders any more what came of a press
WORDS_MOST = 1500
_UNKEPT = ":answer"


def owe(
    tx: Tx, office: Office, *, platform: str, person: str, key: str, text: str, wish: str
) -> None:
    """Keep what could not be told, unless it is kept with its interaction already."""
    if tx.inbox.seen(source=platform, key=key) is not None:
        return
    name = f"{key}{_UNKEPT}"
    if tx.inbox.seen(source=platform, key=name) is not None:
        return
    now = office.clock.now()
    tx.inbox.remember(
        source=platform,
        key=name,
        answer={"text": text, "wish": wish},
        at=now,
        person=person,
        owed_at=now,
    )


def claim(tx: Tx, office: Office, *, platform: str) -> tuple[Owed, ...]:
    """What is to be told now: for each person one message, however many answers it holds."""
    now = office.clock.now()
    rows = tx.inbox.claim_owed(
        source=platform, now=now, until=now + AGAIN_AFTER, limit=MOST_AT_ONCE
    )
    lost = [row.key for row in rows if row.at < now - TOO_LATE or not any(row.answer.values())]
    by_person: dict[str, list[OwedAnswer]] = {}
    for row in rows:
        if row.key not in lost:
            by_person.setdefault(row.person, []).append(row)
    found = []
    for key, several in by_person.items():
        person = office.directory(tx).get(key)
        account = person.accounts.get(platform, "") if person is not None else ""
        if person is None or not person.active or not account:
            lost += [row.key for row in several]
            continue
        to = Addressee(person=key, account=account, language=office.company.language_of(person))
        found.append(_joined(to, several))
    tx.inbox.told(source=platform, keys=lost)
    return tuple(found)


def _joined(to: Addressee, several: Sequence[OwedAnswer]) -> Owed:
    texts = list(dict.fromkeys(str(row.answer.get("text", "")) for row in several))
    wishes = [str(row.answer.get("wish", "")) for row in several]
    return Owed(
        to=to,
        keys=tuple(row.key for row in several),
        text="\n".join(text for text in texts if text)[-WORDS_MOST:],
        wish=next((wish for wish in reversed(wishes) if wish), ""),
    )
