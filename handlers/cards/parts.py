"""Makes parts that several cards have: facts of a case, badges, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from handlers.choices import task_notes
from handlers.pages import Badge, Fact, FileLink, Tone
from handlers.reading.case import Reading
from workflows.case.state import Clock, ClockStatus, Task, TaskStatus
from workflows.definition import FieldType, FormField

SOON = timedelta(hours=2)
HISTORY_MOST = 40  # lines of history on a card


# ---------------------------------------------------------------------------- facts


def subject_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the subject of the case, labelled as in its form."""
    field = reading.definition.subject_field
    if field is not None and reading.subject:
        yield Fact(label=reading.text(field.label), value=reading.subject)


def form_facts(reading: Reading, form_key: str, *, short: bool = True) -> Iterator[Fact]:
    """Yield the filled fields of a form.

    With `short`, without long texts and files, which are in other parts of a card.
    """
    if reading.form_erased(form_key):
        label = reading.text(reading.definition.forms[form_key].name)
        yield Fact(label=label, value=reading.words.t("content.erased"))
        return
    for field in reading.definition.forms[form_key].fields:
        if short and field.type in (FieldType.LONG_TEXT, FieldType.FILES):
            continue
        shown = reading.value(field, reading.world.values.get(field.id))
        if shown:
            yield Fact(label=reading.text(field.label), value=shown, tone=_tone(field, reading))


def _tone(field: FormField, reading: Reading) -> Tone:
    return Tone.DANGER if reading.world.values.get(field.id) == "urgent" else Tone.NEUTRAL


def what_happened(reading: Reading) -> str:
    """Return the main field of the start form, which the filer wrote."""
    if reading.form_erased(reading.definition.start_form):
        return reading.words.t("content.erased")
    main = reading.definition.forms[reading.definition.start_form].main_field
    return str(reading.world.values.get(main.id) or "") if main is not None else ""


def start_files(reading: Reading) -> tuple[FileLink, ...]:
    """Return the files of the start form."""
    found: list[FileLink] = []
    for field in reading.definition.forms[reading.definition.start_form].fields:
        if field.type is FieldType.FILES:
            found.extend(reading.links(reading.world.values.get(field.id)))
    return tuple(found)


def case_files(reading: Reading) -> tuple[FileLink, ...]:
    """Return the files in the latest values of all forms, without duplicates."""
    fields = (f for f in reading.definition.every_field() if f.type is FieldType.FILES)
    found = (link for f in fields for link in reading.links(reading.world.values.get(f.id)))
    return tuple({link.id: link for link in found}.values())


def triage_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the choices in all forms except the start form, such as grade and category."""
    start = reading.definition.start_form
    for form_key, field in reading.definition.all_fields():
        if form_key != start and field.type is FieldType.CHOICE:
            shown = reading.value(field, reading.world.values.get(field.id))
            if shown:
                yield Fact(label=reading.text(field.label), value=shown, tone=_tone(field, reading))


def due_fact(reading: Reading, clock: Clock, *, label: str = "") -> Fact:
    """Return the due time of a clock, or a text that says that it is paused.

    `label` is by default the name of the clock.
    """
    label = label or reading.clock_name(clock.key)
    if clock.status is ClockStatus.PAUSED:
        return Fact(label=label, value=reading.words.t("clock.paused"), tone=Tone.INFO)
    value = reading.at(clock.due_at)
    if clock.provisional:
        value = reading.words.t("clock.provisional", at=value)
    return Fact(
        label=label, value=value, tone=due_tone(reading, clock), at=clock.due_at.isoformat()
    )


def due_tone(reading: Reading, clock: Clock) -> Tone:
    """Return the tone for a running clock: overdue, due within `SOON`, or later."""
    if clock.due_at <= reading.now:
        return Tone.DANGER
    return Tone.WARN if clock.due_at - reading.now <= SOON else Tone.NEUTRAL


def case_clock_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the clocks of the whole case that are not stopped, in the order of the definition."""
    for clock in reading.clocks:
        if ":" not in clock.key and clock.status is not ClockStatus.STOPPED:
            yield due_fact(reading, clock)


def task_badge(reading: Reading, task: Task) -> Badge:
    """Return the badge with the state of a task."""
    clock = reading.task_clock(task)
    if task.status is not TaskStatus.OPEN:
        tone = Tone.GOOD if task.status is TaskStatus.DONE else Tone.NEUTRAL
        return Badge(text=reading.words.t(f"task.{task.status.value}"), tone=tone)
    if task.blocked:
        return Badge(text=reading.words.t("task.blocked"), tone=Tone.DANGER)
    if task.question is not None:
        return Badge(text=reading.words.t("task.waiting"), tone=Tone.INFO)
    if clock is not None and clock.due_at <= reading.now:
        return Badge(text=reading.words.t("task.overdue"), tone=Tone.DANGER)
    if task.assignee is None:
        return Badge(text=reading.words.t("task.unclaimed"), tone=Tone.WARN)
    return Badge(text=reading.words.t("task.open"), tone=Tone.INFO)


def has_it(reading: Reading, tasks: Iterable[Task]) -> str:
    """Return the names of the owners of these tasks."""
    owners = dict.fromkeys(owner for task in tasks for owner in task.owners)
    return reading.names(tuple(owners)) or reading.words.t("task.nobody")


def task_note(reading: Reading, task: Task) -> str:
    """Return the note of a task's card.

    For a decided task: who decided what and when. For an open one: the assignee, the principal of
    a deputy, and the notes of the actions.
    """
    words = reading.words
    if task.status is TaskStatus.OPEN:
        return _open_note(reading, task)
    when = reading.at(task.decided_at) if task.decided_at else ""
    if task.status is TaskStatus.CANCELLED:
        return words.t("note.cancelled", when=when)
    who = reading.performer(task.decided_by, on_behalf_of=task.on_behalf_of)
    return words.t("note.decided", who=who, what=reading.outcome(task), when=when)


def _open_note(reading: Reading, task: Task) -> str:
    words, me = reading.words, reading.reader.key
    notes = [*task_notes(reading, task)]
    if task.assignee is not None and task.assignee != me:
        notes.append(words.t("note.has_it", who=reading.name(task.assignee)))
    if me not in task.owners:
        for principal, deputy in task.deputies:
            if deputy == me:
                notes.append(words.t("note.deputy", principal=reading.name(principal)))
    return words.t("note.separator").join(notes)
