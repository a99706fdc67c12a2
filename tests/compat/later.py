"""An office that goes on in a database that others filled before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handlers.office import Company
from tests.office import Workplace, workplace
from tests.person import Colleague
from workflows.moments import HOUR, Moment
from workflows.records import CaseQuery

if TYPE_CHECKING:
    from storage.connect import Database
    from storage.unit import Tx

_MANY = 10_000  # more ids and presses than any dump has


@dataclass(slots=True, kw_only=True)
class LaterColleague(Colleague):
    """Somebody whose presses are no repetition of what is kept in the dump."""

    async def who(self) -> dict[str, Any]:
        said = await Colleague.who(self)
        return {**said, "key": f"later {said['key']}"}


@dataclass(slots=True, kw_only=True)
class LaterWorkplace(Workplace):
    """A workplace of such people."""

    def person(self, person_id: str) -> Colleague:
        if person_id not in self._people:
            self._people[person_id] = LaterColleague(work=self, id=person_id)
        return self._people[person_id]


async def opened_later(database: Database) -> Workplace:
    """The office an hour after the last thing that happened there."""
    company = Company(name="示例公司", language="zh", timezone="Asia/Shanghai", admins=())
    work = workplace(database, company, kind=LaterWorkplace)
    for _ in range(_MANY):
        work.office.ids.new("used")
    work.clock.set(await database.read(_last_moment) + HOUR)
    return work


def _last_moment(tx: Tx) -> Moment:
    cases = tx.cases.find(CaseQuery(limit=100))
    return max(tx.cases.events(row.id)[-1].event.at for row in cases)
