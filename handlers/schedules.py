"""Files the cases of schedules when they are due (rules: schedules)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import start
from handlers.office import Office
from handlers.table_values import people_of_process
from storage.unit import Tx
from workflows import slots
from workflows.case.state import Case
from workflows.errors import Refusal
from workflows.model.schedules import Schedule
from workflows.moments import Moment
from workflows.slots import Slot

VIA = "schedule"
_SEEN = ""  # the slot that says that a schedule was in force before


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSchedule:
    """A schedule of a process, and its newest slot."""

    process: str
    schedule: Schedule
    slot: Slot

    @property
    def job(self) -> str:
        """The calendar job under which its slots are claimed."""
        return f"schedule:{self.process}:{self.schedule.id}"


def unseen(tx: Tx, office: Office, *, now: Moment) -> tuple[DueSchedule, ...]:
    """Return the schedules that are in force for the first time."""
    return tuple(one for one in _all(tx, office, now) if not tx.settings.slots(one.job))


def see(tx: Tx, office: Office, one: DueSchedule) -> None:
    """Note that a schedule is in force; a slot that was due before it was published is over."""
    now = office.clock.now()
    loaded = start.current(tx, office, one.process)
    stored = tx.definitions.get(loaded.hash)
    tx.settings.take_slot(job=one.job, slot=_SEEN, at=now)
    if stored is not None and one.slot.due_at < stored.published_at:
        tx.settings.take_slot(job=one.job, slot=one.slot.name, at=now)


def due(tx: Tx, office: Office, *, now: Moment) -> tuple[DueSchedule, ...]:
    """Return the schedules whose newest slot was not claimed yet."""
    every = _all(tx, office, now)
    return tuple(one for one in every if one.slot.name not in tx.settings.slots(one.job))


def _all(tx: Tx, office: Office, now: Moment) -> Iterator[DueSchedule]:
    for loaded in start.in_force(tx, office):
        for schedule in loaded.definition.schedules:
            slot = slots.newest(schedule, office.calendar, now=now)
            yield DueSchedule(process=loaded.definition.key, schedule=schedule, slot=slot)


def next_at(tx: Tx, office: Office, *, now: Moment) -> Moment | None:
    """Return when the next slot of any schedule is due, or None without schedules."""
    found = (
        slots.following(schedule, office.calendar, now=now).due_at
        for loaded in start.in_force(tx, office)
        for schedule in loaded.definition.schedules
    )
    return min(found, default=None)


def file_case(tx: Tx, office: Office, due: DueSchedule) -> Case | None:
    """Claim a slot and file its case; None if another replica has claimed it.

    Raises:
        Refusal: `nobody_files` if nobody is there to file it; what starting a case raises. The
            slot is not claimed then.
    """
    if not tx.settings.take_slot(job=due.job, slot=due.slot.name, at=office.clock.now()):
        return None
    definition = start.current(tx, office, due.process).definition
    people = people_of_process(due.schedule.filed_by, definition, office.directory(tx))
    if not people:
        raise Refusal("nobody_files", process=definition.name, schedule=due.schedule.id)
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in due.schedule.values.items()
    }
    return start.start_case(tx, office, process=due.process, person=people[0], via=VIA, raw=values)
