"""The store of published definitions. The highest version of a process is in force."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select

from storage import tables as t
from storage.directory_rows import definition as definition_row
from storage.journal import Journal
from storage.prepared import Prepared
from storage.statements import upsert
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.records import StoredDefinition

_definitions = t.definitions.c
_IN_FORCE = (
    select(t.definitions)
    .where(_definitions.key == bindparam("key"))
    .order_by(_definitions.version.desc())
    .limit(1)
)
_HASH_IN_FORCE = Prepared(
    select(_definitions.hash)
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
_latest = (
    select(_definitions.key, func.max(_definitions.version).label("version"))
    .group_by(_definitions.key)
    .subquery("latest")
)
_CURRENT = (
    select(t.definitions)
    .join(
        _latest, (_latest.c.key == _definitions.key) & (_latest.c.version == _definitions.version)
    )
    .order_by(_definitions.key)
)
_HASHES_IN_FORCE = _CURRENT.with_only_columns(_definitions.key, _definitions.hash)
_PUBLISH = upsert(t.definitions)


class Definitions:
    """The store of published definitions; a published version never changes."""

    def __init__(self, connection: Connection, *, journal: Journal | None = None) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)

    def publish(self, *, key: str, hash: str, text: str, at: Moment, by: str) -> StoredDefinition:
        """Publish a version. Does nothing when its text is the one in force.

        Raises Conflict when another transaction published a version of this process meanwhile.
        """
        row = self._connection.execute(_IN_FORCE, {"key": key}).mappings().first()
        if row is not None and row["hash"] == hash:
            return StoredDefinition(**row)
        definition = StoredDefinition(
            key=key,
            version=1 if row is None else row["version"] + 1,
            hash=hash,
            text=text,
            published_at=at,
            published_by=by,
        )
        self._journal.begin()
        values = {name: getattr(definition, name) for name in StoredDefinition.__dataclass_fields__}
        if self._connection.execute(_PUBLISH.on(self._connection), values).rowcount != 1:
            raise Conflict("definition_published", key=key)
        names = [definition_row(key, definition.version)]
        self._journal.record("DefinitionPublished", by=by, names=names)
        return definition

    def get(self, hash: str) -> StoredDefinition | None:
        """Return a version by its hash; the newest if its text was published more than once."""
        row = self._connection.execute(_BY_HASH, {"hash": hash}).mappings().first()
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

    def in_force(self) -> Mapping[str, str]:
        """Return the hash of the version in force of every process, by its key."""
        return {row.key: row.hash for row in self._connection.execute(_HASHES_IN_FORCE)}

    def current(self) -> tuple[StoredDefinition, ...]:
        """Return the version in force of every process, by key."""
        rows = self._connection.execute(_CURRENT).mappings()
        return tuple(StoredDefinition(**row) for row in rows)
