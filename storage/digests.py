"""The store of the lines of digests: which digest of a person mentions which case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from storage import tables as t
from storage.statements import upsert
from workflows.moments import Moment
from workflows.records import DigestLine

_line = t.digest_lines.c
_ORDER = (_line.at, _line.case_id, _line.task)
_ADD = upsert(t.digest_lines)
_OF_READER = (
    select(t.digest_lines)
    .where(_line.person == bindparam("of_person"), _line.digest == bindparam("of_digest"))
    .order_by(*_ORDER)
)
_OF_CASE = select(t.digest_lines).where(_line.case_id == bindparam("of_case")).order_by(*_ORDER)
_LAST = select(func.max(_line.digest)).where(
    _line.person == bindparam("of_person"),
    _line.digest >= bindparam("since"),
    _line.digest < bindparam("before"),
)
_KEPT_SINCE = select(t.digest_lines).where(_line.at >= bindparam("since")).order_by(*_ORDER)


class Digests:
    """The store of the lines of digests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, lines: Sequence[DigestLine]) -> None:
        """Store lines; existing lines are left unchanged."""
        if lines:
            rows = [
                {
                    "case_id": line.case_id,
                    "person": line.to,
                    "digest": line.digest,
                    "task": line.task,
                    "at": line.at,
                }
                for line in lines
            ]
            self._connection.execute(_ADD.on(self._connection), rows)

    def of_reader(self, person: str, *, digest: str) -> tuple[DigestLine, ...]:
        """Return the lines of a digest, in the order in which they were added."""
        wanted = {"of_person": person, "of_digest": digest}
        return _lines(self._connection.execute(_OF_READER, wanted).mappings())

    def of_case(self, case_id: str) -> tuple[DigestLine, ...]:
        """Return the lines about a case, in the order in which they were added."""
        return _lines(self._connection.execute(_OF_CASE, {"of_case": case_id}).mappings())

    def last(self, person: str, *, since: str, before: str) -> str:
        """Return a person's last digest by name from `since` until before `before`, or ""."""
        wanted = {"of_person": person, "since": since, "before": before}
        return self._connection.execute(_LAST, wanted).scalar_one() or ""

    def kept_since(self, at: Moment) -> tuple[DigestLine, ...]:
        """Return the lines stored at this time or later, in the order in which they were added."""
        return _lines(self._connection.execute(_KEPT_SINCE, {"since": at}).mappings())


def _lines(rows: Iterable[RowMapping]) -> tuple[DigestLine, ...]:
    return tuple(
        DigestLine(
            case_id=row["case_id"],
            to=row["person"],
            digest=row["digest"],
            task=row["task"],
            at=row["at"],
        )
        for row in rows
    )
