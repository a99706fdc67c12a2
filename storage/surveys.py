"""The store of anonymous surveys: their sealed counters, and apart from them who has answered.

An answer changes two rows: the counters, and the mark of the person. The counters are sealed by the
caller, so neither a row, nor a former version of it in a log or a backup, shows which were changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, or_, select, update

from storage import tables as t
from storage.statements import is_postgresql, upsert
from storage.survey_tables import employee_survey_people, employee_surveys
from workflows.moments import Moment

_survey, _asked = employee_surveys.c, employee_survey_people.c
_THIS = (_survey.process == bindparam("of"), _survey.slot == bindparam("in_slot"))
_OF_THIS = (_asked.process == bindparam("of"), _asked.slot == bindparam("in_slot"))
_ADD = upsert(employee_surveys)
_ASK = upsert(employee_survey_people)
_GET = select(employee_surveys).where(*_THIS)
_OPEN = (
    select(employee_surveys)
    .where(_survey.closed_at.is_(None))
    .order_by(_survey.process, _survey.slot)
)
_LAST = (
    select(employee_surveys)
    .where(_survey.process == bindparam("of"), _survey.closed_at.is_not(None))
    .order_by(_survey.closed_at.desc(), _survey.slot.desc())
    .limit(1)
)
_PEOPLE = select(_asked.person, _asked.answered).where(*_OF_THIS).order_by(_asked.person)
_OF_PERSON = (
    select(_asked.process, _asked.slot, _asked.answered)
    .where(_asked.person == bindparam("who"))
    .order_by(_asked.process, _asked.slot)
)
_MARK = (
    update(employee_survey_people)
    .where(*_OF_THIS, _asked.person == bindparam("who"), _asked.answered.is_(False))
    .values(answered=True)
)
_SEAL = update(employee_surveys).where(*_THIS).values(sealed=bindparam("counters"))
_REMINDED = update(employee_surveys).where(*_THIS).values(remind_at=None)
_CLOSE = (
    update(employee_surveys)
    .where(*_THIS, _survey.closed_at.is_(None))
    .values(closed_at=bindparam("at"), sealed=None, remind_at=None, published=bindparam("what"))
)
_FORGET_ASKED = delete(employee_survey_people).where(*_OF_THIS)
_since, _until = (bindparam(name, type_=BigInteger) for name in ("since", "until"))
_WORKERS = (
    select(t.task_people.c.person)
    .join(
        t.tasks,
        (t.tasks.c.case_id == t.task_people.c.case_id) & (t.tasks.c.id == t.task_people.c.task),
    )
    .where(
        t.tasks.c.process == bindparam("of"),
        t.tasks.c.opened_at >= _since,
        t.tasks.c.opened_at < _until,
        or_(t.task_people.c.given.is_(True), t.task_people.c.did.is_(True)),
    )
    .distinct()
)
_FILERS = (
    select(t.cases.c.filer)
    .where(
        t.cases.c.process == bindparam("of"),
        t.cases.c.created_at >= _since,
        t.cases.c.created_at < _until,
    )
    .distinct()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSurvey:
    """A survey about a process; `published` is what was published when it closed."""

    process: str
    slot: str
    definition: str
    opened_at: Moment
    remind_at: Moment | None
    closes_at: Moment
    closed_at: Moment | None = None
    asked: int
    sealed: str | None = None
    published: Mapping[str, Any] | None = None


_FIELDS = tuple(StoredSurvey.__dataclass_fields__)


class Surveys:
    """The store of anonymous surveys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, survey: StoredSurvey, people: Iterable[str]) -> None:
        """Store a new survey, and whom it asks."""
        row = {name: getattr(survey, name) for name in _FIELDS}
        self._connection.execute(_ADD.on(self._connection), row)
        asked = [
            {"process": survey.process, "slot": survey.slot, "person": one, "answered": False}
            for one in sorted(people)
        ]
        self._connection.execute(_ASK.on(self._connection), asked)

    def get(self, process: str, slot: str, *, lock: bool = False) -> StoredSurvey | None:
        """Return a survey, or None; with `lock` nobody else changes it in this transaction."""
        wanted = _GET.with_for_update() if lock and is_postgresql(self._connection) else _GET
        row = self._connection.execute(wanted, {"of": process, "in_slot": slot}).mappings().first()
        return None if row is None else StoredSurvey(**row)

    def not_closed(self) -> tuple[StoredSurvey, ...]:
        """Return the surveys that are open."""
        return tuple(StoredSurvey(**row) for row in self._connection.execute(_OPEN).mappings())

    def last_closed(self, process: str) -> StoredSurvey | None:
        """Return the survey about a process that was closed last, or None."""
        row = self._connection.execute(_LAST, {"of": process}).mappings().first()
        return None if row is None else StoredSurvey(**row)

    def people(self, process: str, slot: str) -> Mapping[str, bool]:
        """Return who is asked, and whether they have answered. Nobody once it is closed."""
        rows = self._connection.execute(_PEOPLE, {"of": process, "in_slot": slot})
        return {row[0]: row[1] for row in rows}

    def of_person(self, person: str) -> tuple[tuple[str, str, bool], ...]:
        """Return process and slot of the open surveys that ask a person, and whether they did."""
        return tuple((*row,) for row in self._connection.execute(_OF_PERSON, {"who": person}))

    def answer(self, process: str, slot: str, *, person: str, counters: str) -> bool:
        """Mark that a person has answered and store the sealed counters.

        Returns False, and stores nothing, if they are not asked or have answered already.
        """
        this = {"of": process, "in_slot": slot}
        if self._connection.execute(_MARK, {**this, "who": person}).rowcount != 1:
            return False
        self._connection.execute(_SEAL, {**this, "counters": counters})
        return True

    def reminded(self, process: str, slot: str) -> None:
        """Store that everybody was reminded."""
        self._connection.execute(_REMINDED, {"of": process, "in_slot": slot})

    def close(self, process: str, slot: str, *, published: Mapping[str, Any], at: Moment) -> bool:
        """Store what is published, and delete counters and people.

        Returns False if it was closed before.
        """
        this = {"of": process, "in_slot": slot}
        if self._connection.execute(_CLOSE, {**this, "what": published, "at": at}).rowcount != 1:
            return False
        self._connection.execute(_FORGET_ASKED, this)
        return True

    def workers(self, process: str, *, since: Moment, until: Moment) -> frozenset[str]:
        """Return who was given, or decided, a task of a process that was opened in this time."""
        return self._people(_WORKERS, process, since, until)

    def filers(self, process: str, *, since: Moment, until: Moment) -> frozenset[str]:
        """Return who filed a case of a process in this time."""
        return self._people(_FILERS, process, since, until)

    def _people(self, wanted: Any, process: str, since: Moment, until: Moment) -> frozenset[str]:
        facts = {"of": process, "since": since, "until": until}
        return frozenset(self._connection.execute(wanted, facts).scalars())
