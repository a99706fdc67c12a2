"""What the clock does: rungs that are due, absences that begin, leavers, calendars that change."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from handlers import casework
from handlers.office import Office
from storage.unit import Tx
from workflows.actions.fire_timers import FireTimers
from workflows.actions.follow_directory import FollowDirectory
from workflows.actions.offer_to_deputies import OfferToDeputies
from workflows.actions.replace_leavers import ReplaceLeavers
from workflows.actions.replan import Replan
from workflows.case.command import Command
from workflows.case.events import SYSTEM
from workflows.directory import Directory
from workflows.errors import Refusal
from workflows.records import DueTimer

TIMER = "timer"
_FOLLOW = FollowDirectory(actor=SYSTEM, via=TIMER)


def fire(tx: Tx, office: Office, timer: DueTimer) -> bool:
    """Do what is due on one clock, in a unit of its own. False when it was done already."""
    command = FireTimers(actor=SYSTEM, via=TIMER, clock=timer.clock)
    return _tried(tx, office, command, timer.case_id)


def offer_to_deputies(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Offer the open tasks of a case to deputies of those who are away by now."""
    return _tried(tx, office, OfferToDeputies(actor=SYSTEM, via=TIMER), case_id)


def replace_leavers(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Move open tasks of a case away from people who have left."""
    return _tried(tx, office, ReplaceLeavers(actor=SYSTEM, via=TIMER), case_id)


def would_follow_directory(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Whether anything of a case is meant for others by now. Only reads."""
    return casework.would(tx, office, _FOLLOW, case_id=case_id)


def follow_directory(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Offer what nobody has begun to whom it is meant for now, and wait for nobody who left."""
    return _tried(tx, office, _FOLLOW, case_id)


def replan(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Compute the due times of a case again."""
    return _tried(tx, office, Replan(actor=SYSTEM, via=TIMER), case_id)


def _tried(tx: Tx, office: Office, command: Command, case_id: str) -> bool:
    try:
        casework.change(tx, office, command, case_id=case_id)
    except Refusal as refusal:
        if refusal.code in ("nothing_due", "nothing_to_change", "case_closed", "case_unknown"):
            return False
        raise
    return True


# ------------------------------------------------------------- what the calendar of the office asks

FINGERPRINT = "calendar.fingerprint"
ABSENCES_SEEN = "absences.seen_until"
PEOPLE_SEEN = "people.seen"


def calendar_changed(tx: Tx, office: Office) -> bool:
    """Whether working days are others than when due times were last computed."""
    return tx.settings.get(FINGERPRINT) != office.calendar.data.fingerprint


def note_calendar(tx: Tx, office: Office) -> None:
    """Every case was planned by the calendar of now."""
    tx.settings.put(FINGERPRINT, office.calendar.data.fingerprint)


def people_now(directory: Directory) -> str:
    """A fingerprint of all that decides who gets work: who is there, their roles and lines."""
    people = [
        (p.key, p.active, p.department, p.manager, *sorted(p.roles))
        for p in sorted(directory.people.values(), key=lambda person: person.key)
    ]
    heads = sorted((d.id, d.head) for d in directory.departments.values())
    told = json.dumps([people, heads, sorted(directory.admins)])
    return hashlib.sha256(told.encode()).hexdigest()


def people_changed(tx: Tx, office: Office) -> bool:
    """Whether the directory decides otherwise than when cases were last looked through."""
    return tx.settings.get(PEOPLE_SEEN) != people_now(office.directory(tx))


def note_people(tx: Tx, seen: str) -> None:
    """Every case was looked through with these people."""
    tx.settings.put(PEOPLE_SEEN, seen)


def absences_began(tx: Tx, office: Office, *, since: datetime, now: datetime) -> tuple[str, ...]:
    """Cases with open tasks of people whose absence began after `since`, or one inside another
    ended, so that another deputy counts.
    """
    absences = office.directory(tx).absences
    back = {one.person for one in absences if since < one.ends_at <= now}
    away = [
        absence.person
        for absence in absences
        if absence.covers(now) and (absence.starts_at > since or absence.person in back)
    ]
    return cases_of(tx, away)


def leavers(tx: Tx, office: Office) -> tuple[str, ...]:
    """Cases with open tasks of people who do not work here any more."""
    directory = office.directory(tx)
    return cases_of(tx, [key for key, person in directory.people.items() if not person.active])


def cases_of(tx: Tx, people: list[str]) -> tuple[str, ...]:
    """The cases in which these people have open tasks."""
    if not people:
        return ()
    rows = tx.worklist.of(sorted(people), limit=10_000)
    return tuple(dict.fromkeys(row.case_id for row in rows))
