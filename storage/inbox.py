"""Idempotency keys of interactions with the answers that were given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage import tables as t
from storage.columns import Micros, storable
from storage.prepared import Prepared
from storage.statements import upsert
from workflows.errors import Conflict

_SEEN = Prepared(
    select(t.inbox.c.answer).where(
        t.inbox.c.source == bindparam("source"), t.inbox.c.key == bindparam("key")
    )
)
_REMEMBER = Prepared(upsert(t.inbox))
_FORGET_ANSWERS = update(t.inbox).values(answer={})
_FORGET = delete(t.inbox).where(t.inbox.c.at < bindparam("before", type_=Micros))


class Inbox:
    """Idempotency keys. Keeps the promises of `workflows.message_ports.Inbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, *, source: str, key: str) -> Mapping[str, Any] | None:
        """The stored answer to this interaction, or None when it is new."""
        answer: Mapping[str, Any] | None = _SEEN.scalar(
            self._connection, source=source, key=storable(key)
        )
        return answer

    def remember(self, *, source: str, key: str, answer: Mapping[str, Any], at: datetime) -> None:
        """Keep the answer. Conflict when another replica was faster."""
        row = {"source": source, "key": storable(key), "answer": dict(answer), "at": at}
        if _REMEMBER.change(self._connection, row) != 1:
            raise Conflict("interaction_known", source=source, key=key)

    def forget_answers(self) -> None:
        """Keep that it was done, and not what was said: a repetition is told that it was done."""
        self._connection.execute(_FORGET_ANSWERS)

    def forget(self, *, before: datetime) -> int:
        """Remove keys older than any repetition can be. Returns how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount
