"""Sets and ends absences, with a deputy for a period, by the absent person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from handlers import timers
from handlers.answers import read_word
from handlers.i18n import dates, translator
from handlers.i18n.typed_dates import read_day
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Question, Tone
from handlers.reading.formatter import name_of
from handlers.sheets import own_sheet, person_question
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Absence, Directory
from workflows.errors import FormInvalid, Refusal
from workflows.moments import SECOND, Moment, in_zone, moment_of

MOST_DAYS = 366


def away_sheet(tx: Tx, office: Office, *, person: str, language: str) -> FormSheet:
    """Return the form that asks for a deputy and a period."""
    words = translator(language)
    directory = office.directory(tx)
    today = in_zone(office.clock.now(), office.company.zone_of(directory.get(person))).date()
    deputy = person_question("away", language=language, directory=directory, leave_out=(person,))
    first, last = (
        Question(
            id=name,
            type="date",
            label=words.t(f"sheet.away.{name}"),
            required=True,
            value=value.isoformat(),
        )
        for name, value in (("first", today), ("last", today + timedelta(days=1)))
    )
    return own_sheet(
        "away", token=Token(verb="away"), language=language, questions=(deputy, first, last)
    )


def send_away(
    tx: Tx, office: Office, raw: Mapping[str, object], *, person: str, language: str
) -> Answer:
    """Store a submitted absence, from midnight of the first day to the end of the last day.

    The days are those of the person's time zone. Raises FormInvalid with the problems by field.
    """
    directory = office.directory(tx)
    zone = office.company.zone_of(directory.get(person))
    problems: dict[str, Refusal] = {}
    first = _day(raw.get("first"), "first", problems)
    last = _day(raw.get("last"), "last", problems)
    deputy = read_word(raw.get("person"), "person", problems)
    if not deputy:
        problems.setdefault("person", Refusal("choice_required"))
    elif not directory.active(deputy) or deputy == person:
        problems["person"] = Refusal("person_unknown")
    now = office.clock.now()
    if first and last and not problems:
        if last < first or last < in_zone(now, zone).date():
            problems["last"] = Refusal("period_backwards")
        elif (last - first).days > MOST_DAYS:
            problems["last"] = Refusal("period_too_long", most=MOST_DAYS)
    if problems or first is None or last is None:
        raise FormInvalid(problems)
    starts = moment_of(datetime.combine(first, time(), tzinfo=zone))
    ends = moment_of(datetime.combine(last + timedelta(days=1), time(), tzinfo=zone))
    new = set_away(
        tx, office, person=person, deputy=deputy, starts_at=max(starts, now), ends_at=ends
    )
    words = translator(language)

    def said(msgid: str, one: Absence) -> str:
        return words.t(
            msgid,
            deputy=name_of(directory.get(one.deputy), language),
            first=dates.day(one.starts_at, zone=zone, language=language),
            last=dates.day(one.ends_at - SECOND, zone=zone, language=language),
        )

    around = (
        said("answer.away.beside", one)
        for one in present(office.directory(tx), person, now)
        if one.id != new.id and one.starts_at < ends and new.starts_at < one.ends_at
    )
    text = "\n".join((said("answer.away", replace(new, starts_at=starts)), *around))
    return Answer(text=text, tone=Tone.GOOD)


def set_away(
    tx: Tx, office: Office, *, person: str, deputy: str, starts_at: Moment, ends_at: Moment
) -> Absence:
    """Store an absence and return it.

    If it lies within another one, or the other way round, both are kept, and the inner one applies
    on its days. If it overlaps another one partly, the other one is shortened; one with the same
    period is replaced. If it has begun, the open tasks are offered to the deputy in the same
    transaction.

    Args:
        person: the key of the absent person.
        deputy: the key of the deputy.
        starts_at: the beginning.
        ends_at: the end, which is not included.
    """
    now = office.clock.now()
    for old in present(office.directory(tx), person, now):
        if (old.starts_at, old.ends_at) == (starts_at, ends_at):
            tx.people.end_absence(old.id, at=old.starts_at, by=person)
        elif old.starts_at < starts_at < old.ends_at <= ends_at:
            tx.people.end_absence(old.id, at=starts_at, by=person)
        elif starts_at < old.starts_at < ends_at < old.ends_at:
            tx.people.add_absence(replace(old, starts_at=ends_at), by=person)
    absence = Absence(
        id=office.ids.new("a"),
        person=person,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    tx.people.add_absence(absence, by=person)
    if absence.covers(now):
        for case_id in timers.cases_of(tx, [person]):
            timers.offer_to_deputies(tx, office, case_id=case_id)
    return absence


def come_back(tx: Tx, office: Office, *, person: str, language: str) -> Answer:
    """End all present and future absences of a person. Raises Refusal `not_away` if none."""
    now = office.clock.now()
    found = present(office.directory(tx), person, now)
    if not found:
        raise Refusal("not_away")
    for absence in found:
        tx.people.end_absence(absence.id, at=now, by=person)
    return Answer(text=translator(language).t("answer.back"), tone=Tone.GOOD)


def present(directory: Directory, person: str, now: Moment) -> list[Absence]:
    """Return the present and future absences of a person; the one that applies now comes first."""
    found = [a for a in directory.absences if a.person == person and now < a.ends_at > a.starts_at]
    return sorted(found, key=lambda a: (not a.covers(now), -a.starts_at, a.ends_at))


def _day(raw: object, field: str, problems: dict[str, Refusal]) -> date | None:
    text = read_word(raw, field, problems)
    try:
        return read_day(text)
    except ValueError:
        problems.setdefault(field, Refusal("not_a_date" if text else "field_required"))
        return None
