"""Finds overdue cases, and the recipients of the daily digests of those without escalations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from handlers.casework import world_of
from handlers.office import Office
from storage.unit import Tx
from workflows.actions.fire_timers import Escalated
from workflows.case.effects import watched_tasks
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.directory import Directory
from workflows.flow.outlook import at_top, overdue

PAGE = 500

Item = tuple[str, str]  # the number of a case, and the id of a task in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Counts of running cases: overdue ones, and those whose last escalation has fired."""

    cases: int
    at_top: int


def late(tx: Tx, office: Office) -> Late:
    """Count the overdue cases of the whole company now."""
    now = office.clock.now()
    tops = [bool(at_top(case, now=now)) for case in _overdue(tx, office)]
    return Late(cases=len(tops), at_top=sum(tops))


def to_tell(tx: Tx, office: Office) -> Mapping[str, tuple[Item, ...]]:
    """Return the lines of today's digests, by recipient: overdue tasks and blocked tasks.

    A task whose last rung has fired goes to the recipients of that rung and to the process owner;
    a task that nobody may act on goes to the owner and the administrators. If all recipients of a
    line have left the company, the administrators get it.
    """
    found: dict[str, dict[Item, None]] = {}
    directory = office.directory(tx)
    for case in _overdue(tx, office):
        people, tasks = _forgotten(tx, office, case)
        _add(found, directory, people, case, tasks)
    for case in _each(tx, tx.worklist.ownerless):
        people = (*_owners(tx, office, case), *directory.admins)
        tasks = tuple(task.id for task in case.open_tasks if not task.owners)
        _add(found, directory, people, case, tasks)
    return {person: tuple(items) for person, items in found.items()}


def _add(
    found: dict[str, dict[Item, None]],
    directory: Directory,
    people: tuple[str, ...],
    case: Case,
    tasks: tuple[str, ...],
) -> None:
    present = [person for person in people if directory.active(person)]
    for person in present or filter(directory.active, sorted(directory.admins)):
        for task in tasks:
            found.setdefault(person, {})[case.id, task] = None


def _forgotten(tx: Tx, office: Office, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return recipients and tasks of the clocks whose last rung has fired; empty if none."""
    clocks = [clock.key for clock in at_top(case, now=office.clock.now())]
    if not clocks:
        return (), ()
    told: dict[str, tuple[str, ...]] = {}
    for chained in tx.cases.events(case.id):
        body = chained.event.body
        if isinstance(body, Escalated):
            told[body.clock] = body.to
    people = (*(person for clock in clocks for person in told.get(clock, ())),)
    tasks = dict.fromkeys(task for clock in clocks for task in watched_tasks(case, clock))
    return (*people, *_owners(tx, office, case)), tuple(tasks)


def _owners(tx: Tx, office: Office, case: Case) -> tuple[str, ...]:
    world = world_of(tx, office, case, office.shelf.of(tx, case))
    return owners_of(case, world)


def _overdue(tx: Tx, office: Office) -> Iterator[Case]:
    now = office.clock.now()

    def page(*, after: str, limit: int) -> tuple[str, ...]:
        return tx.cases.overdue_ids(now=now, after=after, limit=limit)

    return (case for case in _each(tx, page) if overdue(case, now=now))


def _each(tx: Tx, page_of: Callable[..., tuple[str, ...]]) -> Iterator[Case]:
    after = ""
    while page := page_of(after=after, limit=PAGE):
        for case_id in page:
            case = tx.cases.load(case_id, lock=False)
            if case is not None:
                yield case
        after = page[-1]
