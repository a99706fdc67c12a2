"""The store of mails that wait to be sent.

A mail may be sent when no earlier one of its thread is left, so a customer gets the mails of a case
in order. Claiming a mail moves `next_at` to the end of the lease. Every report names the claim: a
process whose lease has ended changes nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
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
from workflows.records import OwedMail

_FIELDS = tuple(OwedMail.__dataclass_fields__)
_row = t.mails.c
_KEY = (_row.case_id, _row.thread, _row.seq)
_ADD = upsert(t.mails)
_AGAIN = upsert(t.mails, update=("next_at", "attempts"))
_earlier = t.mails.alias("earlier")
_first = ~exists().where(
    _earlier.c.case_id == _row.case_id,
    _earlier.c.thread == _row.thread,
    _earlier.c.seq < _row.seq,
)
_due = (
    select(*_KEY)
    .where(_row.next_at <= bindparam("now", type_=BigInteger), _first)
    .order_by(_row.next_at, _row.case_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_CLAIM = (
    update(t.mails)
    .where(tuple_(*_KEY).in_(select(_due)))
    .values(next_at=bindparam("lease_until", type_=BigInteger), claim=_row.claim + 1)
    .returning(*(_row[name] for name in _FIELDS))
)
_this = and_(
    _row.case_id == bindparam("of_case"),
    _row.thread == bindparam("of_thread"),
    _row.seq == bindparam("of_seq"),
    _row.claim == bindparam("of_claim"),
)
_DONE = delete(t.mails).where(_this)
_RETRY = (
    update(t.mails)
    .where(_this)
    .values(next_at=bindparam("at", type_=BigInteger), attempts=_row.attempts + bindparam("failed"))
)
_NEXT = select(func.min(_row.next_at)).where(_first)
_COUNT = select(func.count()).select_from(t.mails)
_OLDEST = select(func.min(_row.created_at))


class Mails:
    """The store of mails that are not sent yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mail: OwedMail) -> None:
        """Store a new mail; do nothing if it waits already."""
        self._connection.execute(_ADD.on(self._connection), _values(mail))

    def add_again(self, mail: OwedMail, *, now: Moment) -> None:
        """Store a mail that was given up, to be sent now."""
        row = _values(mail) | {"next_at": now, "attempts": 0}
        self._connection.execute(_AGAIN.on(self._connection), row)

    def claim(self, *, now: Moment, limit: int, lease_until: Moment) -> tuple[OwedMail, ...]:
        """Claim mails that may be sent, at most one of each thread, the oldest first."""
        wanted = {"now": now, "limit": limit, "lease_until": lease_until}
        rows = self._connection.execute(_CLAIM, wanted).mappings().all()
        found = [OwedMail(**row) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.created_at, one.case_id, one.seq)))

    def done(self, mail: OwedMail) -> bool:
        """Report that a mail was sent, or is given up; return whether it was still claimed."""
        return self._report(_DONE, mail)

    def retry(self, mail: OwedMail, *, at: Moment, failed: bool = True) -> None:
        """Report that a mail was not sent; it waits until `at`.

        `failed` says whether the attempt counts: not if the server was not asked.
        """
        self._report(_RETRY, mail, at=at, failed=int(failed))

    def next_at(self) -> Moment | None:
        """Return when the next mail may be sent, or a lease ends, or None."""
        return self._connection.execute(_NEXT).scalar()

    def count(self) -> int:
        """Return the number of mails."""
        return self._connection.execute(_COUNT).scalar_one()

    def oldest(self) -> Moment | None:
        """Return when the oldest mail was written, or None."""
        return self._connection.execute(_OLDEST).scalar()

    def _report(self, statement: Any, mail: OwedMail, **values: Any) -> bool:
        values |= {
            "of_case": mail.case_id,
            "of_thread": mail.thread,
            "of_seq": mail.seq,
            "of_claim": mail.claim,
        }
        return bool(self._connection.execute(statement, values).rowcount == 1)


def _values(mail: OwedMail) -> dict[str, Any]:
    values = {name: getattr(mail, name) for name in _FIELDS}
    return values | {"what": dict(mail.what), "next_at": mail.created_at}
