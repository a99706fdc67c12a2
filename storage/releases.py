"""The store of releases: who starts which version of a process.

A case is started with the version that is released to the department of its filer, or else with
the one that is released to all. Cases that run are not affected by a release or its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, func, select, update

from storage import tables as t
from storage.directory_rows import release as row_name
from storage.journal import Journal
from storage.statements import InEach
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.releases import Opening, Release, ReleaseEnd

ALL = ""  # the department of a release to all

_releases = t.releases.c
_OPEN = (
    select(t.releases)
    .where(_releases.ended_at.is_(None))
    .order_by(_releases.process, _releases.department)
)
_OPEN_OF = _OPEN.where(_releases.process == bindparam("process"))
_HISTORY = (
    select(t.releases).where(_releases.process == bindparam("process")).order_by(_releases.number)
)
_OF_OPENING = _HISTORY.where(_releases.opening == bindparam("opening"))
_FIRST_OF_TEXT = (
    select(t.releases)
    .join(
        t.definitions,
        (t.definitions.c.key == _releases.process) & (t.definitions.c.version == _releases.version),
    )
    .where(t.definitions.c.hash == bindparam("hash"))
    .order_by(_releases.number)
    .limit(1)
)
_LAST = select(func.max(_releases.number)).where(_releases.process == bindparam("process"))
_ADD = InEach(lambda insert: insert(t.releases).on_conflict_do_nothing())
_CHANGE = update(t.releases).where(
    _releases.process == bindparam("of_process"),
    _releases.number == bindparam("of_number"),
    _releases.ended_at.is_(None),
)
_END = _CHANGE.values(ended_at=bindparam("at"), ended_why=bindparam("why"))
_PROLONG = _CHANGE.values(until=bindparam("to"))


class Releases:
    """The store of releases. At most one to all and one to each department is open."""

    def __init__(self, connection: Connection, *, journal: Journal | None = None) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)

    def open_of(self, process: str) -> tuple[Release, ...]:
        """Return the open releases of a process, the one to all first, then by department."""
        return self._read(_OPEN_OF, process=process)

    def every_open(self) -> tuple[Release, ...]:
        """Return the open releases of all processes, by process and department."""
        return self._read(_OPEN)

    def history(self, process: str) -> tuple[Release, ...]:
        """Return all releases of a process in the order in which they were opened."""
        return self._read(_HISTORY, process=process)

    def of_opening(self, process: str, opening: str) -> tuple[Release, ...]:
        """Return what an act has opened, also what ended since."""
        return self._read(_OF_OPENING, process=process, opening=opening)

    def first_of(self, hash: str) -> Release | None:
        """Return the first release of a text by its hash, or None if it was never released."""
        found = self._read(_FIRST_OF_TEXT, hash=hash)
        return found[0] if found else None

    def open_all(self, opening: Opening) -> tuple[Release, ...]:
        """Release a version to all; what an earlier call with this opening did is returned.

        The former release to all ends as replaced; releases to departments of this version or an
        older one end as rolled out.

        Raises Conflict when another transaction opened a release meanwhile.
        """
        self._journal.begin()
        before = self.of_opening(opening.process, opening.opening)
        if before:
            return before
        names = self.put_all(opening)
        self._journal.record("ReleaseOpened", by=opening.by, names=names)
        return self.of_opening(opening.process, opening.opening)

    def put_all(self, opening: Opening) -> list[str]:
        """Do as `open_all`, and return the names of the changed rows, for an event of the caller.

        The caller has begun the journal.
        """
        names = []
        for one in self.open_of(opening.process):
            if one.department == ALL:
                names.append(self._end(one, at=opening.at, why="replaced"))
            elif one.version <= opening.version:
                names.append(self._end(one, at=opening.at, why="rolled_out"))
        return [*names, *self._add(opening, (ALL,))]

    def open_for(self, opening: Opening, departments: Sequence[str]) -> tuple[Release, ...]:
        """Release a version to departments; what an earlier call with this opening did is returned.

        Raises Conflict when one of them has an open release.
        """
        self._journal.begin()
        before = self.of_opening(opening.process, opening.opening)
        if before:
            return before
        names = self._add(opening, departments)
        self._journal.record("ReleaseOpened", by=opening.by, names=names)
        return self.of_opening(opening.process, opening.opening)

    def end(self, several: Iterable[Release], *, at: Moment, why: ReleaseEnd, by: str) -> None:
        """End open releases. Raises Conflict when one has ended meanwhile."""
        self._journal.begin()
        names = [self._end(one, at=at, why=why) for one in several]
        self._journal.record("ReleaseEnded", by=by, names=names)

    def prolong(self, several: Iterable[Release], *, until: Moment, by: str) -> None:
        """Move the planned end of open releases. Raises Conflict when one has ended meanwhile."""
        self._journal.begin()
        names = [self._change(_PROLONG, one, to=until) for one in several]
        self._journal.record("ReleaseProlonged", by=by, names=names)

    def _add(self, opening: Opening, departments: Sequence[str]) -> list[str]:
        process = opening.process
        last = self._connection.execute(_LAST, {"process": process}).scalar() or 0
        names = []
        for number, department in enumerate(departments, start=last + 1):
            values = {
                "process": process,
                "number": number,
                "department": department,
                "kind": opening.kind,
                "version": opening.version,
                "opening": opening.opening or f"publish:{number}",
                "batch": opening.batch,
                "opened_at": opening.at,
                "until": opening.until,
                "ended_at": None,
                "ended_why": "",
                "opened_by": opening.by,
                "second": opening.second,
                "helper": opening.helper,
            }
            if self._connection.execute(_ADD.on(self._connection), values).rowcount != 1:
                raise Conflict("release_opened", process=process, department=department)
            names.append(row_name(process, number))
        return names

    def _end(self, one: Release, *, at: Moment, why: ReleaseEnd) -> str:
        return self._change(_END, one, at=at, why=why)

    def _change(self, statement: Executable, one: Release, **values: Any) -> str:
        """Change an open release, and return the name of its row."""
        of = {"of_process": one.process, "of_number": one.number, **values}
        if self._connection.execute(statement, of).rowcount != 1:
            raise Conflict("release_ended", process=one.process, number=one.number)
        return row_name(one.process, one.number)

    def _read(self, statement: Executable, **values: Any) -> tuple[Release, ...]:
        rows = self._connection.execute(statement, values).mappings()
        return tuple(Release(**row) for row in rows)
