"""The store of training cards: who got the one of a version, and the receipts of who has read it.

There is at most one for each person and version, whatever is stored at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from storage.statements import upsert
from storage.training_tables import trainings
from workflows.moments import Moment

_row = trainings.c
_OF_VERSION = (
    select(trainings)
    .where(_row.process == bindparam("of"), _row.version == bindparam("number"))
    .order_by(_row.person)
)
_GET = _OF_VERSION.where(_row.person == bindparam("who"))
_OF_PERSON = (
    select(trainings)
    .where(_row.person == bindparam("who"))
    .order_by(_row.shown_at, _row.process, _row.version)
)
_SHOW = upsert(trainings)
_READ = (
    update(trainings)
    .where(
        _row.process == bindparam("of"),
        _row.version == bindparam("number"),
        _row.person == bindparam("who"),
        _row.read_at.is_(None),
    )
    .values(read_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCard:
    """A training card that a person got; `read_at` is the receipt, None without one."""

    process: str
    version: int
    person: str
    node: str  # the step at which they first used it; "" for filing a case
    shown_at: Moment
    read_at: Moment | None = None


class Trainings:
    """The store of training cards and receipts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def show(self, training: TrainingCard) -> bool:
        """Store that a person gets a card; return False if they got it before."""
        row = {name: getattr(training, name) for name in TrainingCard.__dataclass_fields__}
        return self._connection.execute(_SHOW.on(self._connection), row).rowcount == 1

    def read(self, process: str, version: int, *, person: str, at: Moment) -> bool:
        """Store the receipt; return False if there is one, or the person got no card."""
        wanted = {"of": process, "number": version, "who": person, "at": at}
        return self._connection.execute(_READ, wanted).rowcount == 1

    def get(self, process: str, version: int, *, person: str) -> TrainingCard | None:
        """Return the card of a person, or None if they got none."""
        wanted = {"of": process, "number": version, "who": person}
        row = self._connection.execute(_GET, wanted).mappings().first()
        return None if row is None else TrainingCard(**row)

    def of_version(self, process: str, version: int) -> tuple[TrainingCard, ...]:
        """Return who got the card of a version, by person."""
        rows = self._connection.execute(_OF_VERSION, {"of": process, "number": version})
        return tuple(TrainingCard(**row) for row in rows.mappings())

    def of_person(self, person: str) -> tuple[TrainingCard, ...]:
        """Return the cards that a person got, oldest first."""
        rows = self._connection.execute(_OF_PERSON, {"who": person}).mappings()
        return tuple(TrainingCard(**row) for row in rows)
