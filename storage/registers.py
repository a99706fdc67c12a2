"""The store of the latest facts of each case, by which a register of cases is filtered.

The rows follow the facts of the cases, as the points do. A word is searched in the forms that a
register names; that text is in the row of the content, so erasing the content erases it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, select

from storage import tables as t
from storage.searching import plain
from storage.statements import POSTGRESQL, upsert
from workflows.case.clock import ClockKind
from workflows.case.state import Case
from workflows.moments import Moment

_facts, _cases, _contents = t.latest_facts.c, t.cases.c, t.contents.c
_timers, _tasks = t.timers.c, t.tasks.c
_OF_CERTIFICATE = f"{ClockKind.BEGIN.value}:%:%:_%"  # see `workflows.flow.start_clocks`
_SAVE = upsert(t.latest_facts, update=("option", "number"))
_GONE = delete(t.latest_facts).where(
    _facts.case_id == bindparam("case"),
    _facts.name.not_in(bindparam("names", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQuery:
    """The filter of a register: all conditions apply. Newest first.

    `options` are the options that facts may have now, by the fact; `words` are searched in the
    contents of the kinds `kinds`. With `expiring` only those with a clock of a certificate that is
    due until then, or with an open task, which may be about one that has expired.
    """

    process: str
    options: Mapping[str, Sequence[str]]
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    expiring: Moment | None = None
    limit: int = 50
    skip: int = 0


def rows_of(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the row of the latest valid fact of each name about the case itself."""
    latest = {fact.name: fact for fact in case.facts if not fact.voided and not fact.subject}
    for name, fact in latest.items():
        yield {
            "case_id": case.id,
            "name": name,
            "process": case.process,
            "option": fact.option,
            "number": fact.number,
        }


class Registers:
    """The store of the latest facts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def follow(self, case: Case) -> None:
        """Store the latest facts of a case as it has them now."""
        rows = list(rows_of(case))
        if rows:
            self._connection.execute(_SAVE.on(self._connection), rows)
        names = [row["name"] for row in rows]
        self._connection.execute(_GONE, {"case": case.id, "names": names})

    def find(self, query: RegisterQuery) -> tuple[str, ...]:
        """Return the numbers of the cases of a register."""
        wanted = (
            select(_cases.id)
            .where(*self._conditions(query))
            .order_by(_cases.created_at.desc(), _cases.id.desc())
            .limit(query.limit)
            .offset(query.skip)
        )
        return tuple(self._connection.execute(wanted).scalars())

    def count(self, query: RegisterQuery) -> int:
        """Return the number of all cases of a register that match, whatever the limit."""
        wanted = select(func.count()).select_from(t.cases).where(*self._conditions(query))
        return int(self._connection.execute(wanted).scalar_one())

    def _conditions(self, query: RegisterQuery) -> Iterator[ColumnElement[bool]]:
        holds = func.strpos if self._connection.dialect.name == POSTGRESQL else func.instr
        yield _cases.process == query.process
        for name, options in query.options.items():
            yield exists().where(
                _facts.case_id == _cases.id, _facts.name == name, _facts.option.in_(options)
            )
        if query.expiring is not None:
            due = exists().where(
                _timers.case_id == _cases.id,
                _timers.clock.like(_OF_CERTIFICATE),
                _timers.due_at <= query.expiring,
            )
            yield due | exists().where(_tasks.case_id == _cases.id, _tasks.status == "open")
        for word in query.words:
            said = exists().where(
                _contents.case_id == _cases.id,
                _contents.kind.in_(query.kinds),
                holds(_contents.words, plain(word)) > 0,
            )
            yield said | (holds(func.lower(_cases.id), plain(word)) > 0)
