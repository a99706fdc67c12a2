"""The store of small values of the deployment, of slots of calendar jobs, and of leases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, or_, select

from storage import tables as t
from storage.directory_rows import SETTINGS, setting
from storage.journal import Journal
from storage.statements import InEach, upsert
from workflows.case.events import SYSTEM
from workflows.moments import Moment

_GET = select(t.settings.c.value).where(t.settings.c.name == bindparam("name"))
_BEGINNING = select(t.settings.c.name, t.settings.c.value).where(
    t.settings.c.name.startswith(bindparam("prefix"), autoescape=False)
)
_PUT = upsert(t.settings, update=("value",))
_TAKE = upsert(t.slots)
_SLOTS = select(t.slots.c.slot).where(t.slots.c.job == bindparam("of_job"))
_FORGET_SLOTS = delete(t.slots).where(
    t.slots.c.job == bindparam("of_job"), t.slots.c.at < bindparam("before", type_=BigInteger)
)


def _lease(insert: Any) -> Any:
    statement = insert(t.leases)
    new, old = statement.excluded, t.leases.c
    mine_or_over = or_(old.owner == new.owner, old.until <= bindparam("now", type_=BigInteger))
    return statement.on_conflict_do_update(
        index_elements=[old.name],
        set_={"owner": new.owner, "until": new.until},
        where=mine_or_over,
    )


_LEASE = InEach(_lease)
_LEASES = select(t.leases.c.name, t.leases.c.until).where(
    t.leases.c.until > bindparam("now", type_=BigInteger)
)
_FORGET_LEASES = delete(t.leases).where(t.leases.c.until <= bindparam("before", type_=BigInteger))
_END_LEASE = delete(t.leases).where(
    t.leases.c.name == bindparam("of_name"), t.leases.c.owner == bindparam("of_owner")
)


class Settings:
    """The store of settings: last tick, fingerprint of the calendar, hold, clock offset, leases."""

    def __init__(self, connection: Connection, *, journal: Journal | None = None) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)

    def get(self, name: str) -> str | None:
        """Return a value, or None."""
        return self._connection.execute(_GET, {"name": name}).scalar()

    def beginning_with(self, prefix: str) -> Mapping[str, str]:
        """Return the values whose names begin with a prefix of letters and colons, by name."""
        return {
            row.name: row.value for row in self._connection.execute(_BEGINNING, {"prefix": prefix})
        }

    def put(self, name: str, value: str) -> None:
        """Store a value."""
        proved = name in SETTINGS
        if proved:
            self._journal.begin()
        self._connection.execute(_PUT.on(self._connection), {"name": name, "value": value})
        if proved:
            self._journal.record("SettingChanged", by=SYSTEM, names=[setting(name)])

    def take_slot(self, *, job: str, slot: str, at: Moment) -> bool:
        """Claim a slot of a calendar job; returns True in exactly one replica."""
        row = {"job": job, "slot": slot, "at": at}
        return self._connection.execute(_TAKE.on(self._connection), row).rowcount == 1

    def slots(self, job: str) -> frozenset[str]:
        """Return the slots of a calendar job that were claimed."""
        return frozenset(self._connection.execute(_SLOTS, {"of_job": job}).scalars())

    def forget_slots(self, job: str, *, before: Moment) -> None:
        """Delete the slots of a calendar job that were claimed before a time."""
        self._connection.execute(_FORGET_SLOTS, {"of_job": job, "before": before})

    def take_lease(self, name: str, *, owner: str, now: Moment, until: Moment) -> bool:
        """Take or renew a lease until a time; return False while another owner has it."""
        row = {"name": name, "owner": owner, "until": until, "now": now}
        return self._connection.execute(_LEASE.on(self._connection), row).rowcount == 1

    def end_lease(self, name: str, *, owner: str) -> None:
        """End a lease of this owner."""
        self._connection.execute(_END_LEASE, {"of_name": name, "of_owner": owner})

    def forget_leases(self, *, before: Moment) -> None:
        """Delete the leases that ended before a time."""
        self._connection.execute(_FORGET_LEASES, {"before": before})

    def leases(self, *, now: Moment) -> Mapping[str, Moment]:
        """Return the ends of all leases that have not ended, by name."""
        return {row.name: row.until for row in self._connection.execute(_LEASES, {"now": now})}
