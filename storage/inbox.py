"""The store of processed interactions: idempotency keys with their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, null, select, update

from storage import tables as t
from storage.columns import storable
from storage.prepared import Prepared
from storage.statements import upsert
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.records import OwedAnswer

_SEEN = Prepared(
    select(t.inbox.c.answer).where(
        t.inbox.c.source == bindparam("source"), t.inbox.c.key == bindparam("key")
    )
)
_REMEMBER = Prepared(upsert(t.inbox))
_FORGET_ANSWERS = update(t.inbox).values(answer={}, owed_at=null())
_TOLD = Prepared(
    update(t.inbox)
    .where(t.inbox.c.source == bindparam("of_source"), t.inbox.c.key == bindparam("of_key"))
    .values(owed_at=null(), person=null())
)
_NEXT = select(func.min(t.inbox.c.owed_at)).where(t.inbox.c.source == bindparam("of_source"))
_due = (
    select(t.inbox.c.source, t.inbox.c.key)
    .where(
        t.inbox.c.source == bindparam("of_source"),
        t.inbox.c.owed_at <= bindparam("now", type_=BigInteger),
    )
    .order_by(t.inbox.c.owed_at, t.inbox.c.key)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_CLAIM = (
    update(t.inbox)
    .where(t.inbox.c.source == _due.c.source, t.inbox.c.key == _due.c.key)
    .values(owed_at=bindparam("until", type_=BigInteger))
    .returning(t.inbox.c.key, t.inbox.c.person, t.inbox.c.answer, t.inbox.c.at)
)
_FORGET = delete(t.inbox).where(t.inbox.c.at < bindparam("before", type_=BigInteger))


class Inbox:
    """The store of idempotency keys and answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, *, source: str, key: str) -> Mapping[str, Any] | None:
        """Return the stored answer of an interaction, or None when it is new."""
        answer: Mapping[str, Any] | None = _SEEN.scalar(
            self._connection, source=source, key=storable(key)
        )
        return answer

    def remember(
        self,
        *,
        source: str,
        key: str,
        answer: Mapping[str, Any],
        at: Moment,
        person: str | None = None,
        owed_at: Moment | None = None,
    ) -> None:
        """Store the key and the answer of an interaction.

        With `person` the answer is pending from `owed_at` on, until `told` reports its delivery.
        Raises Conflict when another replica has stored the key.
        """
        row = {"source": source, "key": storable(key), "answer": dict(answer), "at": at}
        row |= {"person": person, "owed_at": owed_at}
        if _REMEMBER.change(self._connection, row) != 1:
            raise Conflict("interaction_known", source=source, key=key)

    def forget_answers(self) -> None:
        """Delete the texts of all answers.

        The answer to a repeated interaction then only says that it was processed.
        """
        self._connection.execute(_FORGET_ANSWERS)

    def told(self, *, source: str, keys: Sequence[str]) -> None:
        """Report that these answers were delivered; they are no longer pending."""
        for key in keys:
            _TOLD.change(self._connection, {"of_source": source, "of_key": storable(key)})

    def owed_next(self, *, source: str) -> Moment | None:
        """Return when the next answer becomes pending or a claim ends, or None."""
        return self._connection.execute(_NEXT, {"of_source": source}).scalar()

    def claim_owed(
        self, *, source: str, now: Moment, until: Moment, limit: int
    ) -> tuple[OwedAnswer, ...]:
        """Claim pending answers until a time."""
        wanted = {"of_source": source, "now": now, "until": until, "limit": limit}
        rows = self._connection.execute(_CLAIM, wanted).mappings().all()
        found = [OwedAnswer(**{**row, "person": row["person"] or ""}) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.at, one.key)))

    def forget(self, *, before: Moment) -> int:
        """Delete keys older than `before`, when no repetition is possible; return how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount
