"""What could not be handled, kept to be looked at and replayed."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, func, select

from storage import tables as t
from storage.columns import storable
from storage.statements import upsert
from workflows.records import DeadLetter

_letters = t.dead_letters.c
_PUT = upsert(t.dead_letters, update=("what", "source", "payload", "error", "at", "attempts"))
_ALL = select(t.dead_letters).order_by(_letters.at.desc(), _letters.id.desc())
_COUNT = select(func.count()).select_from(t.dead_letters)
_REMOVE = delete(t.dead_letters).where(_letters.id == bindparam("id")).returning(t.dead_letters)


class DeadLetters:
    """Dead letters. Keeps the promises of `workflows.message_ports.DeadLetters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, letter: DeadLetter) -> None:
        """Keep one; one of the same id is replaced. Any payload can be kept, even a broken one."""
        values = {name: getattr(letter, name) for name in DeadLetter.__dataclass_fields__}
        values |= {"payload": dict(letter.payload), "error": storable(letter.error)}
        self._connection.execute(_PUT.on(self._connection), values)

    def all(self) -> tuple[DeadLetter, ...]:
        """All of them, newest first."""
        return tuple(DeadLetter(**row) for row in self._connection.execute(_ALL).mappings())

    def count(self) -> int:
        """How many there are."""
        return self._connection.execute(_COUNT).scalar_one()

    def remove(self, letter_id: str) -> DeadLetter | None:
        """Take one out; None when there is none of this id."""
        row = self._connection.execute(_REMOVE, {"id": letter_id}).mappings().first()
        return None if row is None else DeadLetter(**row)
