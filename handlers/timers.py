"""Executes what becomes due: timers, absences that begin, leavers, calendar changes."""

from __future__ import annotations

import hashlib
import json

from handlers import casework
from handlers.office import Office
from handlers.other_cases import start_due
from storage.unit import Tx
from workflows.actions.fire_timers import FireTimers
from workflows.actions.follow_directory import FollowDirectory
from workflows.actions.offer_to_deputies import OfferToDeputies
from workflows.actions.replace_leavers import ReplaceLeavers
from workflows.actions.replan import Replan
from workflows.case.clock import ClockKind, about_of, kind_of
from workflows.case.command import Command
from workflows.case.events import SYSTEM
from workflows.directory import Directory
from workflows.errors import Refusal
from workflows.moments import Moment
from workflows.records import DueTimer

TIMER = "timer"
_FOLLOW = FollowDirectory(actor=SYSTEM, via=TIMER)


def fire(tx: Tx, office: Office, timer: DueTimer) -> bool:
    """Fire the due rungs of one clock, in a transaction of its own.

    Returns False if nothing was due any more.
    """
    if kind_of(timer.clock) is ClockKind.START:
        return start_due(tx, office, case_id=timer.case_id, visit=about_of(timer.clock))
    command = FireTimers(actor=SYSTEM, via=TIMER, clock=timer.clock)
    return _tried(tx, office, command, timer.case_id)


def offer_to_deputies(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Offer the open tasks of a case to the deputies of people who are absent now.

    Returns False if nothing changed. The same holds for the other functions on a case here.
    """
    return _tried(tx, office, OfferToDeputies(actor=SYSTEM, via=TIMER), case_id)


def replace_leavers(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Assign the open tasks of people who have left to others."""
    return _tried(tx, office, ReplaceLeavers(actor=SYSTEM, via=TIMER), case_id)


def would_follow_directory(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Return whether `follow_directory` would change the case. Only reads."""
    return casework.would(tx, office, _FOLLOW, case_id=case_id)


def follow_directory(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Assign a case's tasks that nobody has begun as the present directory requires."""
    return _tried(tx, office, _FOLLOW, case_id)


def replan(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Recompute the due times of a case, with the present calendar."""
    return _tried(tx, office, Replan(actor=SYSTEM, via=TIMER), case_id)


def _tried(tx: Tx, office: Office, command: Command, case_id: str) -> bool:
    try:
        casework.change(tx, office, command, case_id=case_id)
    except Refusal as refusal:
        if refusal.code in ("nothing_due", "nothing_to_change", "case_closed", "case_unknown"):
            return False
        raise
    return True


# ------------------------------------------------------------- changes of calendar and directory

FINGERPRINT = "calendar.fingerprint"
ABSENCES_SEEN = "absences.seen_until"
PEOPLE_SEEN = "people.seen"


def calendar_changed(tx: Tx, office: Office) -> bool:
    """Return whether the calendar has changed since due times were last computed."""
    return tx.settings.get(FINGERPRINT) != office.calendar.fingerprint


def note_calendar(tx: Tx, office: Office) -> None:
    """Store that the due times of all cases are computed with the present calendar."""
    tx.settings.put(FINGERPRINT, office.calendar.fingerprint)


def people_now(directory: Directory) -> str:
    """Return a hash of all that decides assignments: people, roles, managers, departments."""
    people = [
        (p.key, p.active, p.department, p.manager, *sorted(p.roles))
        for p in sorted(directory.people.values(), key=lambda person: person.key)
    ]
    heads = sorted((d.id, d.head) for d in directory.departments.values())
    told = json.dumps([people, heads, sorted(directory.admins)])
    return hashlib.sha256(told.encode()).hexdigest()


def people_changed(tx: Tx, office: Office) -> bool:
    """Return whether the directory has changed since all cases were last checked against it."""
    return tx.settings.get(PEOPLE_SEEN) != people_now(office.directory(tx))


def note_people(tx: Tx, seen: str) -> None:
    """Store that all cases were checked against the directory with the hash `seen`."""
    tx.settings.put(PEOPLE_SEEN, seen)


def absences_began(tx: Tx, office: Office, *, since: Moment, now: Moment) -> tuple[str, ...]:
    """Return the cases with open tasks of people who have had another deputy since `since`.

    Their absence began after `since`, or one within a longer one ended after it.
    """
    absences = office.directory(tx).absences
    back = {one.person for one in absences if since < one.ends_at <= now}
    away = [
        absence.person
        for absence in absences
        if absence.begun(now) and (absence.starts_at > since or absence.person in back)
    ]
    return cases_of(tx, away)


def leavers(tx: Tx, office: Office) -> tuple[str, ...]:
    """Return the cases with open tasks of people who are no longer active."""
    directory = office.directory(tx)
    return cases_of(tx, [key for key, person in directory.people.items() if not person.active])


def cases_of(tx: Tx, people: list[str]) -> tuple[str, ...]:
    """Return the cases in which these people have open tasks."""
    if not people:
        return ()
    rows = tx.worklist.of(sorted(people), limit=10_000)
    return tuple(dict.fromkeys(row.case_id for row in rows))
