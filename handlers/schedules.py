"""Files the cases of schedules when they are due (rules: schedules).

The owner of the process hears once of a case that could not be filed, and when it was filed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers import start
from handlers.i18n import LANGUAGES, dates, translator
from handlers.office import Office
from handlers.pages import Badge, Card, Tone
from handlers.refusals import problems_of, say_problem
from handlers.table_values import people_of_process
from storage.unit import Tx
from workflows import slots
from workflows.case.effects import Lane, Post
from workflows.case.state import Case
from workflows.errors import FormInvalid, Refusal
from workflows.model.definition import Definition
from workflows.model.schedules import Schedule
from workflows.moments import Moment, from_iso, iso
from workflows.slots import Slot

VIA = "schedule"
NOT_FILED = "schedule_not_filed"  # the kind of the message to the owner
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

    @property
    def told(self) -> str:
        """The calendar job that has the slots about which the owner was notified."""
        return f"{self.job}:told"


def unseen(tx: Tx, office: Office, *, now: Moment) -> tuple[DueSchedule, ...]:
    """Return the schedules that are in force for the first time."""
    return tuple(one for one in _all(tx, office, now) if not tx.settings.slots(one.job))


def see(tx: Tx, office: Office, one: DueSchedule) -> None:
    """Note that a schedule is in force; a slot that was due before it was released is over."""
    now = office.clock.now()
    tx.settings.take_slot(job=one.job, slot=_SEEN, at=now)
    if one.slot.due_at < start.in_force_since(tx, one.process):
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
    case = start.start_case(tx, office, process=due.process, person=people[0], via=VIA, raw=values)
    if due.slot.name in tx.settings.slots(due.told):
        _post(tx, office, due, definition, {"case": case.id}, anew=False)
    return case


# ---------------------------------------------------------------------------- telling the owner


def tell_owner(tx: Tx, office: Office, due: DueSchedule, error: Exception) -> None:
    """Tell the owner of the process once why the case of a slot could not be filed."""
    if not tx.settings.take_slot(job=due.told, slot=due.slot.name, at=office.clock.now()):
        return
    definition = start.current(tx, office, due.process).definition
    why = {f"why.{one}": _reason(error, definition, one) for one in LANGUAGES}
    _post(tx, office, due, definition, why, anew=True)


def _reason(error: Exception, definition: Definition, language: str) -> str:
    """Return why a case could not be filed; for a fault of the product that its log says it."""
    words = translator(language)
    if isinstance(error, FormInvalid):
        names = {field.id: field.label.of(language) for _, field in definition.all_fields()}
        problems = problems_of(error, language=language).items()
        return words.t("name.separator").join(
            words.t("schedule_not_filed.field", field=names.get(field, field), problem=problem)
            for field, problem in problems
        )
    if isinstance(error, Refusal):
        return say_problem(error, language=language)
    return words.t("schedule_not_filed.fault")


def _post(
    tx: Tx,
    office: Office,
    due: DueSchedule,
    definition: Definition,
    args: Mapping[str, str],
    *,
    anew: bool,
) -> None:
    directory = office.directory(tx)
    owners = people_of_process("owner", definition, directory)
    named = {f"name.{one}": definition.name.of(one) for one in LANGUAGES}
    facts = {**named, **args, "schedule": due.schedule.id, "due": iso(due.slot.due_at)}
    slot = f"{NOT_FILED}:{due.process}:{due.schedule.id}:{due.slot.name}"
    posts = [
        Post(to=one, slot=slot, kind=NOT_FILED, lane=Lane.TASK, args=facts, anew=anew)
        for one in owners or sorted(filter(directory.active, directory.admins))
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})


def not_filed_card(office: Office, args: Mapping[str, str], language: str) -> Card:
    """Return the message to the owner: why no case was filed, or as what it was filed since."""
    words, zone = translator(language), office.company.zone_of(None)
    case = args.get("case", "")
    facts = {
        "name": args[f"name.{language}"],
        "schedule": args["schedule"],
        "day": dates.day(from_iso(args["due"]), zone=zone, language=language),
        "why": args.get(f"why.{language}", ""),
        "case": case,
    }
    return Card(
        kind=NOT_FILED,
        title=words.t("card.schedule_not_filed", **facts),
        badge=Badge(text=words.t("schedule_not_filed.badge.filed"), tone=Tone.GOOD)
        if case
        else Badge(text=words.t("schedule_not_filed.badge.waits"), tone=Tone.WARN),
        text=words.t("schedule_not_filed.text.filed", **facts)
        if case
        else words.t("schedule_not_filed.text.waits", **facts),
    )
