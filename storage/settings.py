"""Small facts about the deployment, and which slots of calendar jobs were run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage import tables as t
from storage.statements import upsert

_GET = select(t.settings.c.value).where(t.settings.c.name == bindparam("name"))
_PUT = upsert(t.settings, update=("value",))
_TAKE = upsert(t.slots)


class Settings:
    """Small facts. Keeps the promises of `workflows.ports.Settings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """The value, or None."""
        return self._connection.execute(_GET, {"name": name}).scalar()

    def put(self, name: str, value: str) -> None:
        """Keep a value."""
        self._connection.execute(_PUT.on(self._connection), {"name": name, "value": value})

    def take_slot(self, *, job: str, slot: str, at: datetime) -> bool:
        """Whether this replica may run this slot of a calendar job: true for exactly one."""
        row = {"job": job, "slot": slot, "at": at}
        return self._connection.execute(_TAKE.on(self._connection), row).rowcount == 1
