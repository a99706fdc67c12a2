"""Sets and ends absences, with a deputy for a period, for all processes or for one.

The absent person sets them, a manager above them, or an administrator.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers import timers
from handlers.answers import read_word
from handlers.cards.absences import ENDED, SET
from handlers.i18n import dates, translator
from handlers.i18n.typed_dates import read_day
from handlers.office import Office
from handlers.pages import Answer, Choice, FormSheet, Question, Tone
from handlers.reading.formatter import name_of
from handlers.sheets import own_sheet, people_choices, person_question
from handlers.start import in_force
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.directory import Absence, Directory
from workflows.errors import FormInvalid, Refusal
from workflows.moments import SECOND, Moment, in_zone, iso, moment_of

MOST_DAYS = 366
LEVELS_MOST = 20  # of managers above somebody


def away_sheet(tx: Tx, office: Office, *, person: str, language: str) -> FormSheet:
    """Return the form that asks for a deputy and a period.

    Whoever may set the absences of others is asked who is away, and where there are several
    processes everybody is asked for which of them.
    """
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
        "away",
        token=Token(verb="away"),
        language=language,
        questions=(
            *_whose(directory, person=person, language=language),
            deputy,
            first,
            last,
            *_which(tx, office, language=language),
        ),
    )


def _whose(directory: Directory, *, person: str, language: str) -> Iterator[Question]:
    """Yield the question who is away, for a person who may set the absences of others."""
    others = {one for one in directory.people if one != person and may_set(directory, person, one)}
    if others:
        label = translator(language).t("sheet.away.of")
        choices = tuple(
            one for one in people_choices(directory, language) if one.id in {person, *others}
        )
        yield Question(id="of", type="person", label=label, value=person, choices=choices)


def _which(tx: Tx, office: Office, *, language: str) -> Iterator[Question]:
    """Yield the question for which process an absence is, if there are several."""
    choices = tuple(
        Choice(id=one.definition.key, label=one.definition.name.of(language))
        for one in in_force(tx, office)
    )
    if len(choices) > 1:
        words = translator(language)
        yield Question(
            id="process",
            type="choice",
            label=words.t("sheet.away.process"),
            hint=words.t("sheet.away.process.hint"),
            choices=choices,
        )


def others_away(directory: Directory, person: str, now: Moment) -> Iterator[Absence]:
    """Yield the present or next absence of everybody else whose absences this person may end."""
    for key in sorted({one.person for one in directory.absences if now < one.ends_at} - {person}):
        if may_set(directory, person, key):
            yield from present(directory, key, now)[:1]


def may_set(directory: Directory, person: str, of: str) -> bool:
    """Return whether a person may set the absences of somebody.

    They may set their own; a manager those of everybody below; an administrator those of all.
    """
    if person == of or person in directory.admins:
        return directory.active(of)
    above = (directory.manager_of(of, levels=level) for level in range(1, LEVELS_MOST + 1))
    return directory.active(of) and person in itertools.takewhile(bool, above)


def send_away(
    tx: Tx, office: Office, raw: Mapping[str, object], *, person: str, language: str
) -> Answer:
    """Store a submitted absence, from midnight of the first day to the end of the last day.

    The days are those of the absent person's time zone. Raises FormInvalid with the problems by
    field, and Refusal `may_not_set_away` for somebody whose absences the person may not set.
    """
    directory, by = office.directory(tx), person
    if raw.get("of"):
        person = str(raw["of"])
        if not may_set(directory, by, person):
            raise Refusal("may_not_set_away")
    zone, now = office.company.zone_of(directory.get(person)), office.clock.now()
    called = {one.definition.key: one.definition.name for one in in_force(tx, office)}
    asked = _read(raw, directory=directory, person=person, today=in_zone(now, zone).date())
    if asked.process and asked.process not in called:
        raise FormInvalid({"process": Refusal("not_an_option")})
    starts = moment_of(datetime.combine(asked.first, time(), tzinfo=zone))
    ends = moment_of(datetime.combine(asked.last + timedelta(days=1), time(), tzinfo=zone))
    new = set_away(
        tx,
        office,
        person=person,
        deputy=asked.deputy,
        starts_at=max(starts, now),
        ends_at=ends,
        process=asked.process,
        by=by,
    )
    if person != by:
        _tell(tx, now, SET, person=person, by=by, slot=new.id, **_told(new, starts))
    words = translator(language)

    def said(msgid: str, one: Absence) -> str:
        return words.t(
            msgid,
            person=name_of(directory.get(person), language),
            deputy=name_of(directory.get(one.deputy), language),
            first=dates.day(one.starts_at, zone=zone, language=language),
            last=dates.day(one.ends_at - SECOND, zone=zone, language=language),
        )

    text = said("answer.away" if person == by else "answer.away.of", replace(new, starts_at=starts))
    if asked.process:
        name = called[asked.process].of(language)
        text = words.t("answer.away.process", text=text, process=name)
    around = _around(office.directory(tx), new, now)
    lines = (text, *(said("answer.away.beside", one) for one in around))
    return Answer(text="\n".join(lines), tone=Tone.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The valid answers of the form: keys, and days of the absent person's zone."""

    deputy: str
    first: date
    last: date
    process: str


def _read(raw: Mapping[str, object], *, directory: Directory, person: str, today: date) -> _Asked:
    """Validate the form about an absence. Raises FormInvalid with the problems by field."""
    problems: dict[str, Refusal] = {}
    first = _day(raw.get("first"), "first", problems)
    last = _day(raw.get("last"), "last", problems)
    deputy = read_word(raw.get("person"), "person", problems)
    if not deputy:
        problems.setdefault("person", Refusal("choice_required"))
    elif not directory.active(deputy) or deputy == person:
        problems["person"] = Refusal("person_unknown")
    process = read_word(raw.get("process"), "process", problems)
    if first and last and not problems:
        if last < first or last < today:
            problems["last"] = Refusal("period_backwards")
        elif (last - first).days > MOST_DAYS:
            problems["last"] = Refusal("period_too_long", most=MOST_DAYS)
    if problems or first is None or last is None:
        raise FormInvalid(problems)
    return _Asked(deputy=deputy, first=first, last=last, process=process)


def _around(directory: Directory, new: Absence, now: Moment) -> Iterator[Absence]:
    """Yield the other absences for the same process that have days in common with a new one."""
    for one in present(directory, new.person, now):
        overlaps = one.starts_at < new.ends_at and new.starts_at < one.ends_at
        if overlaps and one.id != new.id and one.process == new.process and one.deputy:
            yield one


def set_away(
    tx: Tx,
    office: Office,
    *,
    person: str,
    deputy: str,
    starts_at: Moment,
    ends_at: Moment,
    process: str = "",
    by: str = "",
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
        process: the key of the process for which it is; "" for all. An absence changes only those
            for the same.
        by: the key of whoever sets it; the absent person by default.
    """
    now, by = office.clock.now(), by or person
    for old in present(office.directory(tx), person, now):
        if old.process != process:
            continue
        if (old.starts_at, old.ends_at) == (starts_at, ends_at):
            tx.people.end_absence(old.id, at=old.starts_at, by=by)
        elif old.starts_at < starts_at < old.ends_at <= ends_at:
            tx.people.end_absence(old.id, at=starts_at, by=by)
        elif starts_at < old.starts_at < ends_at < old.ends_at:
            tx.people.add_absence(replace(old, starts_at=ends_at), by=by)
    absence = Absence(
        id=office.ids.new("a"),
        person=person,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        process=process,
    )
    tx.people.add_absence(absence, by=by)
    if absence.begun(now):
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


def end_for(tx: Tx, office: Office, *, named: str, by: str, language: str) -> Answer:
    """End all present and future absences of somebody else, and notify them.

    `named` is their readable id or their name. Raises Refusal `person_unknown`, `may_not_set_away`
    and `not_away_of`.
    """
    directory, called = office.directory(tx), named.casefold()
    found = [
        one
        for one in directory.people.values()
        if one.active and called in (one.id.casefold(), one.name.casefold(), one.name_en.casefold())
    ]
    if len(found) != 1:
        raise Refusal("person_unknown")
    return end_of(tx, office, person=found[0].key, by=by, language=language)


def end_of(tx: Tx, office: Office, *, person: str, by: str, language: str) -> Answer:
    """End all present and future absences of a person, given by the key; see `end_for`."""
    directory, now = office.directory(tx), office.clock.now()
    if not may_set(directory, by, person):
        raise Refusal("may_not_set_away")
    absences, who = present(directory, person, now), name_of(directory.get(person), language)
    if not absences:
        raise Refusal("not_away_of", who=who)
    for one in absences:
        tx.people.end_absence(one.id, at=now, by=by)
    if person != by:
        _tell(tx, now, ENDED, person=person, by=by, slot=absences[0].id)
    return Answer(text=translator(language).t("answer.back.of", who=who), tone=Tone.GOOD)


def _told(new: Absence, starts: Moment) -> dict[str, str]:
    return {"deputy": new.deputy, "first": iso(starts), "last": iso(new.ends_at)}


def _tell(tx: Tx, now: Moment, kind: str, *, person: str, by: str, slot: str, **facts: str) -> None:
    """Notify a person that somebody else set or ended their absence."""
    args = {"person": person, "by": by, **facts}
    post = Post(to=person, slot=f"{kind}:{slot}", kind=kind, lane=Lane.TASK, args=args)
    tx.outbox.add([post], case_id=None, now=now, not_before={})


def present(directory: Directory, person: str, now: Moment) -> list[Absence]:
    """Return the present and future absences of a person; the one that applies now comes first."""
    found = [a for a in directory.absences if a.person == person and now < a.ends_at > a.starts_at]
    return sorted(found, key=lambda a: (not a.begun(now), -a.starts_at, a.ends_at))


def _day(raw: object, field: str, problems: dict[str, Refusal]) -> date | None:
    text = read_word(raw, field, problems)
    try:
        return read_day(text)
    except ValueError:
        problems.setdefault(field, Refusal("not_a_date" if text else "field_required"))
        return None
