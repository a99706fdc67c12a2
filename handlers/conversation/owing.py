"""Stores and claims pending answers: answers to interactions whose delivery was not reported.

`handlers.router` stores an answer in the transaction of its interaction, which makes it pending
until the platform reports its delivery. An answer without a transaction, such as a refusal, is
stored here when the platform fails to deliver it. `bot/runtime/owing.py` delivers pending answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.conversation.ports import Addressee, Owed
from handlers.office import Office
from storage.unit import Tx
from workflows.moments import DAY, MINUTE
from workflows.records import OwedAnswer

AGAIN_AFTER = MINUTE  # the lease of a claimed answer
MOST_AT_ONCE = 50
TOO_LATE = 2 * DAY  # an older answer is not delivered any more
WORDS_MOST = 1500  # characters of a message, from its end
_UNKEPT = ":answer"


def owe(
    tx: Tx, office: Office, *, platform: str, person: str, key: str, text: str, wish: str
) -> None:
    """Store an answer whose delivery failed, unless it is stored with its interaction.

    Args:
        key: the idempotency key of the interaction.
        text: the text of the answer; may be empty.
        wish: a command whose current result is shown with the text; may be empty.
    """
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
    """Claim the answers that are due, joined to one message for each person.

    Claimed answers are due again after `AGAIN_AFTER`, unless their delivery is reported before.
    Answers that are too old, empty, or for somebody without an account here count as delivered.
    """
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
