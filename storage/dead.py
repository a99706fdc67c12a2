"""The store of dead letters: interactions and messages that failed finally."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, func, select

from storage import tables as t
from storage.columns import storable
from storage.statements import upsert
from workflows.records import DeadLetter

_letters = t.dead_letters.c
_PUT = upsert(t.dead_letters, update=("what", "source", "payload", "error", "at", "attempts"))
_ALL = select(t.dead_letters).order_by(_letters.at.desc(), _letters.id.desc())
_FORGET = delete(t.dead_letters).where(_letters.id.in_(bindparam("ids", expanding=True)))
_COUNT = select(func.count()).select_from(t.dead_letters)
_REMOVE = delete(t.dead_letters).where(_letters.id == bindparam("id")).returning(t.dead_letters)


class DeadLetters:
    """The store of dead letters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, letter: DeadLetter) -> None:
        """Store a letter, replacing one with the same id. Any payload can be stored."""
        values = {name: getattr(letter, name) for name in DeadLetter.__dataclass_fields__}
        values |= {"payload": dict(letter.payload), "error": storable(letter.error)}
        self._connection.execute(_PUT.on(self._connection), values)

    def all(self) -> tuple[DeadLetter, ...]:
        """Return all letters, newest first."""
        return tuple(DeadLetter(**row) for row in self._connection.execute(_ALL).mappings())

    def forget(self, words: Collection[str]) -> int:
        """Delete the letters that contain any of these texts; return how many."""
        found = [letter.id for letter in self.all() if _says(letter, words)]
        if found:
            self._connection.execute(_FORGET, {"ids": found})
        return len(found)

    def count(self) -> int:
        """Return the number of letters."""
        return self._connection.execute(_COUNT).scalar_one()

    def remove(self, letter_id: str) -> DeadLetter | None:
        """Delete a letter and return it, or None when it does not exist."""
        row = self._connection.execute(_REMOVE, {"id": letter_id}).mappings().first()
        return None if row is None else DeadLetter(**row)


def _says(letter: DeadLetter, words: Collection[str]) -> bool:
    payload = json.dumps(letter.payload, ensure_ascii=False, default=str)
    said = f"{letter.source}\n{letter.error}\n{payload}".casefold()
    spelled = {form.casefold() for word in words if word for form in (word, json.dumps(word)[1:-1])}
    return any(word in said for word in spelled)
