"""The store of published definitions.

The version of a process that is released to all is in force. A department may start another one
that is released to it (`storage.releases`), such as a pilot.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, exists, select

from storage import tables as t
from storage.directory_rows import definition as definition_row
from storage.journal import Journal
from storage.prepared import Prepared
from storage.releases import ALL, Releases
from storage.statements import upsert
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.records import StoredDefinition
from workflows.releases import Opening

_definitions = t.definitions.c
_releases = t.releases.c
_RELEASED = (
    select(t.definitions)
    .join(
        t.releases,
        (_releases.process == _definitions.key) & (_releases.version == _definitions.version),
    )
    .where(_releases.ended_at.is_(None))
)
_IN_FORCE = _RELEASED.where(_releases.department == ALL)
_IN_FORCE_OF = _IN_FORCE.where(_definitions.key == bindparam("key"))
_HASH_IN_FORCE = Prepared(_IN_FORCE_OF.with_only_columns(_definitions.hash))
_CURRENT = _IN_FORCE.order_by(_definitions.key)
_to_all = t.releases.alias("to_all")
_KNOWN = _RELEASED.where(
    (_releases.department == ALL)
    | ~exists().where(
        _to_all.c.process == _definitions.key,
        _to_all.c.department == ALL,
        _to_all.c.ended_at.is_(None),
    )
).order_by(_definitions.key, _definitions.version.desc())
# A release to the department comes before the one to all, whose department is "".
_STARTED_BY = _RELEASED.where(_releases.department.in_([ALL, bindparam("department")])).order_by(
    _definitions.key, _releases.department.desc()
)
_STARTS = _STARTED_BY.where(_definitions.key == bindparam("key")).limit(1)
_HASH_STARTED = Prepared(_STARTS.with_only_columns(_definitions.hash))
_NEWEST = (
    select(t.definitions)
    .where(_definitions.key == bindparam("key"))
    .order_by(_definitions.version.desc())
    .limit(1)
)
_BY_VERSION = select(t.definitions).where(
    _definitions.key == bindparam("key"), _definitions.version == bindparam("version")
)
_BY_HASH = (
    select(t.definitions)
    .where(_definitions.hash == bindparam("hash"))
    .order_by(_definitions.version.desc(), _definitions.key)
    .limit(1)
)
_ADD = upsert(t.definitions)


class Definitions:
    """The store of published definitions; a published version never changes."""

    def __init__(self, connection: Connection, *, journal: Journal | None = None) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)
        self._releases = Releases(connection, journal=self._journal)

    def publish(
        self, *, key: str, hash: str, text: str, at: Moment, by: str, opening: str = ""
    ) -> StoredDefinition:
        """Publish a version: store it and release it to all. Does nothing if its text is in force.

        Args:
            opening: the act that releases it; by default one is named after the release.

        Raises:
            Conflict: another transaction published a version of this process meanwhile.
        """
        row = self._connection.execute(_IN_FORCE_OF, {"key": key}).mappings().first()
        if row is not None and row["hash"] == hash:
            return StoredDefinition(**row)
        self._journal.begin()
        definition, names = self._kept(key=key, hash=hash, text=text, at=at, by=by)
        released = Opening(
            process=key,
            version=definition.version,
            opening=opening,
            at=at,
            by=by,
        )
        names += self._releases.put_all(released)
        self._journal.record("DefinitionPublished", by=by, names=names)
        return definition

    def store(self, *, key: str, hash: str, text: str, at: Moment, by: str) -> StoredDefinition:
        """Store a version without releasing it; return it, also if it is the newest already.

        Raises Conflict when another transaction stored a version of this process meanwhile.
        """
        self._journal.begin()
        definition, names = self._kept(key=key, hash=hash, text=text, at=at, by=by)
        self._journal.record("DefinitionStored", by=by, names=names)
        return definition

    def _kept(
        self, *, key: str, hash: str, text: str, at: Moment, by: str
    ) -> tuple[StoredDefinition, list[str]]:
        """Return the newest version if it has this text, else a new one; and the names of rows."""
        row = self._connection.execute(_NEWEST, {"key": key}).mappings().first()
        if row is not None and row["hash"] == hash:
            return StoredDefinition(**row), []
        definition = StoredDefinition(
            key=key,
            version=1 if row is None else row["version"] + 1,
            hash=hash,
            text=text,
            published_at=at,
            published_by=by,
        )
        values = {name: getattr(definition, name) for name in StoredDefinition.__dataclass_fields__}
        if self._connection.execute(_ADD.on(self._connection), values).rowcount != 1:
            raise Conflict("definition_published", key=key)
        return definition, [definition_row(key, definition.version)]

    def get(self, hash: str) -> StoredDefinition | None:
        """Return a version by its hash; the newest if its text was published more than once."""
        row = self._connection.execute(_BY_HASH, {"hash": hash}).mappings().first()
        return None if row is None else StoredDefinition(**row)

    def in_force(self, key: str) -> StoredDefinition | None:
        """Return the version of a process that is in force, or None without one."""
        row = self._connection.execute(_IN_FORCE_OF, {"key": key}).mappings().first()
        return None if row is None else StoredDefinition(**row)

    def hash_in_force(self, key: str) -> str | None:
        """Return the hash of the version of a process that is in force, or None without one."""
        found: str | None = _HASH_IN_FORCE.scalar(self._connection, key=key)
        return found

    def version(self, key: str, version: int) -> StoredDefinition | None:
        """Return a version of a process by its number, or None."""
        wanted = {"key": key, "version": version}
        row = self._connection.execute(_BY_VERSION, wanted).mappings().first()
        return None if row is None else StoredDefinition(**row)

    def started_by(self, department: str) -> tuple[StoredDefinition, ...]:
        """Return the version of each process that people of a department start, by key."""
        rows = self._connection.execute(_STARTED_BY, {"department": department}).mappings()
        return _first_of_each(StoredDefinition(**row) for row in rows)

    def started(self, key: str, department: str) -> StoredDefinition | None:
        """Return the version of a process that people of a department start, or None."""
        wanted = {"key": key, "department": department}
        row = self._connection.execute(_STARTS, wanted).mappings().first()
        return None if row is None else StoredDefinition(**row)

    def hash_started(self, key: str, department: str) -> str | None:
        """Return the hash of the version that people of a department start, or None."""
        found: str | None = _HASH_STARTED.scalar(self._connection, key=key, department=department)
        return found

    def known(self) -> tuple[StoredDefinition, ...]:
        """Return a version of every process, by key.

        It is the version in force, or the newest one of a process that only departments start.
        """
        rows = self._connection.execute(_KNOWN).mappings()
        return _first_of_each(StoredDefinition(**row) for row in rows)

    def current(self) -> tuple[StoredDefinition, ...]:
        """Return the version in force of every process, by key."""
        rows = self._connection.execute(_CURRENT).mappings()
        return tuple(StoredDefinition(**row) for row in rows)


def _first_of_each(several: Iterable[StoredDefinition]) -> tuple[StoredDefinition, ...]:
    found: dict[str, StoredDefinition] = {}
    for one in several:
        found.setdefault(one.key, one)
    return tuple(found.values())
