"""The store of imports of past cases, and of their cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import convert, to_builtins
from sqlalchemy import (
    Connection,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from storage import import_tables as t
from workflows.metrics.imported import PastCase
from workflows.moments import Moment

_BY_TABLE = ("number", "filed", "department", "grade", "filer")  # columns of their own

_imports, _cases = t.imports.c, t.imported_cases.c
_OF_PROCESS = (
    select(t.imports).where(_imports.process == bindparam("process")).order_by(_imports.id)
)
_LAST = select(func.max(_imports.id))
_ADD = insert(t.imports)
_ADD_CASES = insert(t.imported_cases)
_FINISH = (
    update(t.imports)
    .where(_imports.id == bindparam("of"))
    .values(finished=bindparam("whether"), cases=bindparam("count"))
)
_REMOVE = delete(t.imports).where(_imports.id == bindparam("of"))
_SOME = (
    select(_cases.number)
    .where(_cases.import_id == bindparam("of"))
    .limit(bindparam("most"))
    .scalar_subquery()
)
_REMOVE_SOME = delete(t.imported_cases).where(
    _cases.import_id == bindparam("of"), _cases.number.in_(_SOME)
)
_NEWER = t.imported_cases.alias("newer")
_PAGE = (
    select(t.imported_cases)
    .where(
        _cases.process == bindparam("process"),
        _cases.number > bindparam("after"),
        _cases.filed >= bindparam("since"),
        _cases.import_id.in_(bindparam("which", expanding=True)),
        ~select(_NEWER.c.number)
        .where(
            _NEWER.c.process == _cases.process,
            _NEWER.c.number == _cases.number,
            _NEWER.c.import_id > _cases.import_id,
            _NEWER.c.import_id.in_(bindparam("which", expanding=True)),
        )
        .exists(),
    )
    .order_by(_cases.number)
    .limit(bindparam("most"))
)
_SHARED = (
    select(func.count(func.distinct(_NEWER.c.number)))
    .select_from(t.imported_cases)
    .join(
        _NEWER,
        (_NEWER.c.process == _cases.process)
        & (_NEWER.c.number == _cases.number)
        & (_NEWER.c.import_id > _cases.import_id),
    )
    .where(_NEWER.c.process == bindparam("process"), _NEWER.c.import_id == bindparam("of"))
)
_NAMES_FILE = (
    update(t.imports)
    .where(func.lower(_imports.file).like(bindparam("name"), escape="\\"))
    .values(file="")
)
_GROUPS = [
    update(t.imported_cases).where(func.lower(column) == bindparam("name")).values({column: ""})
    for column in (_cases.department, _cases.grade)
]
_OF_PERSON = (
    select(_cases.process, _cases.number, _cases.filed)
    .where(
        or_(
            _cases.filer == bindparam("person"),
            type_coerce(_cases.content, Text).like(bindparam("within"), escape="\\"),
        )
    )
    .distinct()
    .order_by(_cases.process, _cases.number)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import of past cases. One that is not `finished` is under way, or was interrupted."""

    id: int
    process: str
    file: str
    sha256: str
    mapping: Mapping[str, Any]
    by: str | None
    at: Moment
    rows: int
    cases: int
    finished: bool


class Imports:
    """The store of imports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, process: str) -> tuple[Import, ...]:
        """Return the imports of a process, the oldest first."""
        rows = self._connection.execute(_OF_PROCESS, {"process": process}).mappings()
        return tuple(Import(**row) for row in rows)

    def begin(
        self,
        *,
        process: str,
        file: str,
        sha256: str,
        mapping: Mapping[str, Any],
        by: str | None,
        at: Moment,
        rows: int,
    ) -> int:
        """Begin an import, whose cases do not count yet, and return its id."""
        new = (self._connection.execute(_LAST).scalar() or 0) + 1
        facts = {"process": process, "file": file, "sha256": sha256, "mapping": mapping}
        self._connection.execute(
            _ADD,
            {**facts, "id": new, "by": by, "at": at, "rows": rows, "cases": 0, "finished": False},
        )
        return new

    def add(self, import_id: int, process: str, cases: Iterable[PastCase]) -> None:
        """Add cases to an import."""
        rows = []
        for case in cases:
            facts = to_builtins(case)
            own = {name: facts.pop(name, "") for name in _BY_TABLE}
            rows.append({**own, "process": process, "import_id": import_id, "content": facts})
        if rows:
            self._connection.execute(_ADD_CASES, rows)

    def finish(self, import_id: int, *, cases: int) -> None:
        """Let the cases of an import count."""
        self._connection.execute(_FINISH, {"of": import_id, "whether": True, "count": cases})

    def suspend(self, import_id: int) -> None:
        """Let the cases of an import not count any more, before they are removed."""
        self._connection.execute(_FINISH, {"of": import_id, "whether": False, "count": 0})

    def remove(self, import_id: int, *, most: int) -> int:
        """Remove at most so many cases of an import, and the import when none is left.

        Returns the number of cases removed.
        """
        asked = {"of": import_id, "most": most}
        removed = self._connection.execute(_REMOVE_SOME, asked).rowcount
        if not removed:
            self._connection.execute(_REMOVE, {"of": import_id})
        return removed

    def page(
        self,
        process: str,
        *,
        after: str,
        most: int,
        which: tuple[int, ...],
        since: Moment | None = None,
    ) -> tuple[PastCase, ...]:
        """Return cases of a process by number, each as the newest of these imports has it.

        Args:
            after: the number of the last case of the page before; "" for the first page.
            which: the imports that count.
            since: only cases that were filed then or later.
        """
        facts = {"process": process, "after": after, "most": most, "which": which}
        lowest = -(2**62) if since is None else since
        rows = self._connection.execute(_PAGE, {**facts, "since": lowest}).mappings()
        return tuple(
            convert({**row["content"], **{name: row[name] for name in _BY_TABLE}}, PastCase)
            for row in rows
        )

    def shared(self, import_id: int, process: str) -> int:
        """Return how many cases of an import are in earlier ones as well."""
        facts = {"process": process, "of": import_id}
        return int(self._connection.execute(_SHARED, facts).scalar_one())

    def of_person(self, person: str) -> tuple[tuple[str, str, Moment], ...]:
        """Return process, number and filing of the cases that a person filed or worked on."""
        within = f'%"{_escaped(person)}"%'
        found = self._connection.execute(_OF_PERSON, {"person": person, "within": within})
        return tuple((row.process, row.number, row.filed) for row in found)

    def forget(self, names: Iterable[str]) -> None:
        """Remove names of a person from where a table may have brought them.

        These are names of files, and groups of cases. Names of people are never stored.
        """
        for name in names:
            self._connection.execute(_NAMES_FILE, {"name": f"%{_escaped(name.lower())}%"})
            for statement in _GROUPS:
                self._connection.execute(statement, {"name": name.lower()})


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
