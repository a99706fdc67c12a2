"""Makes the simulated world for the playground's page: clock, people, commands, cases."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

from handlers import casework, lists, start
from handlers.cards import case as case_cards
from handlers.cards import tasks
from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.pages import FILE_MOST
from handlers.playground.case import ahead_text
from handlers.playground.offers import Offers
from handlers.playground.page import (
    PageCaseLine,
    PageCommand,
    PageLate,
    PageName,
    PageNext,
    PagePerson,
    PageWorld,
)
from handlers.playground.sample import sample_of, sample_text
from handlers.reading.case import open_unchecked
from handlers.reading.formatter import Formatter, formatter
from handlers.reading.standing import steps
from storage.unit import Tx
from workflows.case.state import Case
from workflows.directory import Directory, Person
from workflows.flow.outlook import Ahead, outlook
from workflows.moments import DAY, Moment, in_zone, iso
from workflows.records import CaseQuery, CaseRow

CASES_MOST = 30
WAITING_MOST = 200  # the most open cases that are counted
TIMERS_MOST = 200  # timers among which the first with a recipient is looked for
FAR = (366 * 5) * DAY


def world_view(
    tx: Tx, office: Office, *, language: str, revision: int, offers: Offers
) -> PageWorld:
    """Return the simulated world: its time, its people, the next event."""
    directory, now = office.directory(tx), office.clock.now()
    write = formatter(office, directory, reader=None, language=language)
    people = [p for p in directory.people.values() if p.active]
    loads = tx.worklist.loads([person.key for person in people])
    unread = tx.chat.unread()
    following = next_ahead(tx, office, language=language)
    late, idle_text = _waiting(tx, office, language=language, ahead=following is not None)
    state, state_text = _office(office, now, language)
    rows = tx.cases.find(CaseQuery(limit=CASES_MOST))
    return PageWorld(
        now=iso(now),
        now_text=dates.clock_time(now, zone=write.zone),
        day_text=dates.day(now, zone=write.zone, language=language),
        zone=write.zone.key,
        office=state,
        office_text=state_text,
        next=following,
        late=late,
        idle_text=idle_text,
        file_most=FILE_MOST,
        revision=revision,
        company=office.company.name_in(language),
        people=tuple(
            person_view(
                person,
                office,
                write,
                unread=unread.get(person.key, 0),
                tasks=open_tasks(tx, directory, person.key, loads, now),
            )
            for person in sorted(people, key=lambda p: _rank(p, directory))
        ),
        commands=tuple(
            PageCommand(text=text, label=label, hint=hint)
            for text, label, hint in lists.commands(tx, office, language=language)
        ),
        offers=tuple(offers.shown(write, empty=not rows)),
        processes=tuple(
            PageName(key=one.definition.key, name=one.definition.name.of(language))
            for one in start.in_force(tx, office)
        ),
        cases=tuple(_case_line(tx, office, row, language) for row in rows),
        sample=sample_text(sample_of(tx), write),
    )


def open_tasks(
    tx: Tx, directory: Directory, person: str, loads: Mapping[str, int], now: Moment
) -> int:
    """Return the number of tasks that `/tasks` lists for a person, also as a deputy."""
    if not directory.principals_of(person, at=now):
        return loads.get(person, 0)
    return len(tasks.open_tasks(tx, directory, person, now))


def _waiting(tx: Tx, office: Office, *, language: str, ahead: bool) -> tuple[PageLate | None, str]:
    """Return the overdue cases, and a text about the open ones.

    `ahead` is set if a reminder or an escalation is planned.
    """
    now, words = office.clock.now(), translator(language)
    rows = tx.cases.find(CaseQuery(status="running", limit=WAITING_MOST))
    late = sorted((row.due_at, row.id) for row in rows if row.due_at and row.due_at <= now)
    idle = words.n("idle.open", len(rows)) if rows else words.t("idle.nothing")
    if not late:
        return None, idle
    text = words.n("late.some" if ahead else "late.top", len(late))
    return PageLate(text=text, case=late[0][1]), idle


def _rank(person: Person, directory: Directory) -> tuple[int, str, str]:
    """Return a sort key: people with a role in the processes first, then by department."""
    order = list(directory.departments)
    place = order.index(person.department) if person.department in order else len(order)
    return (place, "" if person.roles else "z", person.id)


def _office(
    office: Office, now: Moment, language: str
) -> tuple[Literal["open", "closed", "holiday"], str]:
    words = translator(language)
    local = in_zone(now, office.company.zone_of(None)).date()
    if office.calendar.is_open(now):
        return "open", words.t("office.open")
    holiday = office.calendar.holiday_name(local, language)
    if holiday:
        return "holiday", words.t("office.holiday", name=holiday)
    return "closed", words.t("office.closed")


def next_ahead(tx: Tx, office: Office, *, language: str) -> PageNext | None:
    """Return the next reminder or escalation of any case; None if none is planned."""
    found = coming(tx, office)
    if found is None:
        return None
    case, ahead = found
    reading = open_unchecked(tx, office, case_id=case.id, language=language, row=True)
    return PageNext(
        at=iso(ahead.at),
        at_text=reading.at(ahead.at),
        in_text=reading.ahead(ahead.at),
        text=ahead_text(reading, ahead),
        case=case.id,
        person=ahead.to[0] if ahead.to else None,
    )


def coming(tx: Tx, office: Office) -> tuple[Case, Ahead] | None:
    """Return the next timer event with a recipient, and its case; None if there is none."""
    best: tuple[Case, Ahead] | None = None
    for timer in tx.timers.due(now=office.clock.now() + FAR, limit=TIMERS_MOST):
        if best is not None and best[1].at <= timer.due_at:
            break
        case = casework.find(tx, timer.case_id, lock=False)
        loaded = office.shelf.of(tx, case)
        world = casework.world_of(tx, office, case, loaded)
        for ahead in outlook(case, world, most=TIMERS_MOST):
            if ahead.clock != timer.clock or ahead.kind == "due" or not ahead.matters:
                continue
            if best is None or ahead.at < best[1].at:
                best = case, ahead
            break
    return best


def person_view(
    person: Person, office: Office, write: Formatter, *, unread: int, tasks: int
) -> PagePerson:
    """Return a persona for the page."""
    absences = write.directory.absences
    away = next(
        (a for a in absences if a.person == person.key and a.begun(write.now)),
        None,
    )
    name = write.name(person.key)
    return PagePerson(
        key=person.key,
        id=person.id,
        name=name,
        title=(write.language == "en" and person.title_en) or person.title,
        department=write.department(person.department),
        initials=_initials(name),
        hue=int(hashlib.sha256(person.id.encode()).hexdigest(), 16) % 360,
        unread=unread,
        tasks=tasks,
        away=away is not None,
        away_text=""
        if away is None
        else write.words.t(
            "person.away" if away.deputy else "person.away.alone", deputy=write.name(away.deputy)
        ),
        language=office.company.language_of(person),
    )


def _initials(name: str) -> str:
    if name.isascii():
        return "".join(word[0] for word in name.split()[:2]).upper()
    return name[-2:] if len(name) > 2 else name  # noqa: PLR2004 — given names have two characters


def _case_line(tx: Tx, office: Office, row: CaseRow, language: str) -> PageCaseLine:
    reading = open_unchecked(tx, office, case_id=row.id, language=language, row=True)
    badge = case_cards.status_badge(reading)
    due = reading.due_at
    return PageCaseLine(
        id=row.id,
        title=reading.subject or reading.title,
        status=row.status,
        status_text=badge.text,
        node_text=steps(reading),
        due_at=iso(due) if due else None,
        due_text=reading.due(due) if due else "",
        tone=badge.tone,
        filer_name=reading.name(row.filer),
    )
