"""The store of messages to other systems.

A message may be sent when no earlier one of its case to the same target is left, so each target
gets the messages of a case in order, and waits for none of another case. Claiming a message moves
`next_at` to the end of the lease. Every report names the claim: a process whose lease has ended
changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    tuple_,
    update,
)

from storage import tables as t
from storage.statements import upsert
from workflows.moments import Moment
from workflows.records import WebhookMessage

_FIELDS = tuple(WebhookMessage.__dataclass_fields__)
_row = t.webhooks.c
_KEY = (_row.target, _row.case_id, _row.seq)
_ADD = upsert(t.webhooks)
_AGAIN = upsert(t.webhooks, update=("next_at", "attempts"))
_earlier = t.webhooks.alias("earlier")
_before = and_(
    _earlier.c.target == _row.target,
    _earlier.c.case_id == _row.case_id,
    _earlier.c.seq < _row.seq,
)
_first = ~exists().where(_before)
_due = (
    select(*_KEY)
    .where(
        _row.target == bindparam("of_target"),
        _row.next_at <= bindparam("now", type_=BigInteger),
        _first,
    )
    .order_by(_row.next_at, _row.case_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_CLAIM = (
    update(t.webhooks)
    .where(tuple_(*_KEY).in_(select(_due)))
    .values(next_at=bindparam("lease_until", type_=BigInteger), claim=_row.claim + 1)
    .returning(*(_row[name] for name in _FIELDS))
)
# Messages that came while an earlier one of their case waits; they wait as long.
_PARK = (
    update(t.webhooks)
    .where(
        _row.target == bindparam("of_target"),
        _row.next_at <= bindparam("now", type_=BigInteger),
        ~_first,
    )
    .values(next_at=select(func.min(_earlier.c.next_at)).where(_before).scalar_subquery())
)
_this = and_(
    _row.target == bindparam("of_target"),
    _row.case_id == bindparam("of_case"),
    _row.seq == bindparam("of_seq"),
    _row.claim == bindparam("of_claim"),
)
_DONE = delete(t.webhooks).where(_this)
_RETRY = (
    update(t.webhooks)
    .where(_this)
    .values(next_at=bindparam("at", type_=BigInteger), attempts=_row.attempts + 1)
)
# What follows in the case waits as long, so that it is not looked at meanwhile.
_FOLLOW = (
    update(t.webhooks)
    .where(
        _row.target == bindparam("of_target"),
        _row.case_id == bindparam("of_case"),
        _row.seq > bindparam("of_seq"),
    )
    .values(
        next_at=case(
            (_row.next_at < bindparam("at", type_=BigInteger), bindparam("at", type_=BigInteger)),
            else_=_row.next_at,
        )
    )
)
_NOW = (
    update(t.webhooks)
    .where(_row.target == bindparam("of_target"), _row.case_id == bindparam("of_case"))
    .where(_row.seq > bindparam("of_seq"))
    .values(next_at=_row.created_at)
)
_NEXT = select(func.min(_row.next_at)).where(_row.target == bindparam("of_target"))
_COUNT = select(func.count()).select_from(t.webhooks)
_FORGET = delete(t.webhooks).where(_row.target == bindparam("of_target"))
_OLDEST = select(func.min(_row.created_at))
_FORGET_OLD = delete(t.webhooks).where(_row.created_at < bindparam("before", type_=BigInteger))


class Webhooks:
    """The store of messages to other systems that are not sent yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, messages: Sequence[WebhookMessage]) -> None:
        """Store new messages."""
        rows = [_values(one) for one in messages]
        if rows:
            self._connection.execute(_ADD.on(self._connection), rows)

    def add_again(self, message: WebhookMessage, *, now: Moment) -> None:
        """Store a message that was given up, to be sent now."""
        row = _values(message) | {"next_at": now, "attempts": 0}
        self._connection.execute(_AGAIN.on(self._connection), row)

    def claim(
        self, target: str, *, now: Moment, limit: int, lease_until: Moment
    ) -> tuple[WebhookMessage, ...]:
        """Claim messages that may be sent to a target, at most one of each case.

        If there are none, those that are due and have to wait for an earlier one wait as long.
        """
        wanted = {"of_target": target, "now": now, "limit": limit, "lease_until": lease_until}
        rows = self._connection.execute(_CLAIM, wanted).mappings().all()
        if not rows:
            self._connection.execute(_PARK, {"of_target": target, "now": now})
        found = [WebhookMessage(**row) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.created_at, one.case_id)))

    def done(self, message: WebhookMessage) -> bool:
        """Report that a message was sent, or is given up; return whether it was still claimed.

        The next message of its case may be sent at once.
        """
        mine = self._report(_DONE, message)
        if mine:
            self._connection.execute(_NOW, _place(message))
        return mine

    def retry(self, message: WebhookMessage, *, at: Moment) -> None:
        """Report a failed attempt; the message, and what follows in its case, waits until `at`."""
        if self._report(_RETRY, message, at=at):
            self._connection.execute(_FOLLOW, _place(message) | {"at": at})

    def next_at(self, target: str) -> Moment | None:
        """Return when the next message to a target may be sent, or a lease ends, or None."""
        return self._connection.execute(_NEXT, {"of_target": target}).scalar()

    def count(self) -> int:
        """Return the number of messages."""
        return self._connection.execute(_COUNT).scalar_one()

    def forget(self, target: str) -> int:
        """Delete all messages to a target; return how many."""
        return self._connection.execute(_FORGET, {"of_target": target}).rowcount

    def oldest(self) -> Moment | None:
        """Return when the event of the oldest message happened, or None."""
        return self._connection.execute(_OLDEST).scalar()

    def forget_old(self, *, before: Moment) -> int:
        """Delete messages of before a time, to whichever target; return how many."""
        return self._connection.execute(_FORGET_OLD, {"before": before}).rowcount

    def _report(self, statement: Any, message: WebhookMessage, **values: Any) -> bool:
        values |= _place(message) | {"of_claim": message.claim}
        return bool(self._connection.execute(statement, values).rowcount == 1)


def _place(message: WebhookMessage) -> dict[str, Any]:
    return {"of_target": message.target, "of_case": message.case_id, "of_seq": message.seq}


def _values(message: WebhookMessage) -> dict[str, Any]:
    values = {name: getattr(message, name) for name in _FIELDS}
    return values | {"body": dict(message.body), "next_at": message.created_at}
