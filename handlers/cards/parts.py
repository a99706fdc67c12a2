"""Makes parts that several cards have: facts of a case, badges, notes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from handlers.choices import task_notes
from handlers.i18n import Translator
from handlers.pages import Badge, Button, Fact, FileLink, Tone
from handlers.reading import signers
from handlers.reading.case import Reading
from handlers.reading.facts import results
from handlers.reading.filled import FilledField
from handlers.reading.versions import versioned_files
from handlers.reading.works import documents_of, latest_results
from handlers.tokens import Token
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.task import FilerQuestion, Task, TaskStatus
from workflows.field_rules import today
from workflows.flow.start_clocks import read_key
from workflows.model.fields import EXPIRES, FieldType
from workflows.moments import HOUR, iso

SOON = 2 * HOUR
HISTORY_MOST = 40  # lines of history on a card
RESULTS_MOST = 4  # of a fact on a card
BUTTONS_MOST = 5  # that open cases of a list


# ---------------------------------------------------------------------------- facts


def subject_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the subject of the case, labelled as in its form."""
    field = reading.definition.subject_field
    if field is not None and reading.subject:
        yield Fact(label=reading.text(field.label), value=reading.subject)


def form_facts(
    reading: Reading, form_key: str, *, in_full: bool = False, without: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    """Yield the filled fields of a form, without long texts and files.

    Those are in other parts of a card, as are the fields in `without`. If all was erased, there is
    one fact that says so. With `in_full` rows have all their cells.
    """
    form = reading.definition.forms[form_key]
    found = [reading.latest(field) for field in form.fields if field.id not in without]
    asked = [one for one in found if one.asked]
    if asked and all(one.erased for one in asked):
        yield Fact(label=reading.text(form.name), value=reading.words.t("content.erased"))
        return
    short = (one for one in found if one.field.type not in (FieldType.LONG_TEXT, FieldType.FILES))
    yield from _facts(reading, short, in_full=in_full)


def _facts(
    reading: Reading, fields: Iterable[FilledField], *, in_full: bool = False
) -> Iterator[Fact]:
    for one in fields:
        shown = reading.shown(one.field)
        if in_full and not one.erased:
            shown = reading.in_full(one)
        if shown:
            tone = Tone.DANGER if one.value == "urgent" else Tone.NEUTRAL
            yield Fact(label=one.label, value=shown, tone=tone)


def again_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the case that was filed again as this one, and the one as which this one was."""
    case, words = reading.case, reading.words
    if case.again_of:
        yield Fact(label=words.t("fact.again_of"), value=case.again_of)
    if case.filed_again:
        yield Fact(label=words.t("fact.filed_again"), value=case.filed_again)


def what_happened(reading: Reading) -> str:
    """Return the main field of the start form, which the filer wrote; short ones are facts."""
    main = reading.definition.forms[reading.definition.start_form].main_field
    if main is None or main.type is not FieldType.LONG_TEXT:
        return ""
    return reading.shown(main)


def start_files(reading: Reading) -> tuple[FileLink, ...]:
    """Return the files of the start form."""
    fields = reading.definition.forms[reading.definition.start_form].fields
    return tuple(link for field in fields for link in reading.latest(field).files)


def start_files_in_full(reading: Reading) -> tuple[FileLink, ...]:
    """Return the files of the start form, with their earlier versions."""
    fields = reading.definition.forms[reading.definition.start_form].fields
    found = (versioned_files(reading, reading.latest(field)) for field in fields)
    return tuple(link for links in found for link in links)


def case_files(reading: Reading) -> tuple[FileLink, ...]:
    """Return the files in the latest values of all forms and of each signer's, each once.

    Of the documents that works made only the PDF is there; the details have the other kinds.
    """
    latest = (link for one in reading.fields for link in one.files)
    signed = signers.files_of(reading, tuple(task for task in reading.case.tasks if task.seat))
    made = (link for link in work_files(reading) if link.media_type == "application/pdf")
    found = (*latest, *signed, *made)
    return tuple({link.id: link for link in found}.values())


def work_facts(reading: Reading, *, in_full: bool = False) -> Iterator[Fact]:
    """Yield what the product found in the works that it did itself, the newest first.

    Of what was on an earlier card only the first line, if that is not the heading of the others.
    """
    for one in latest_results(reading):
        heads = "".join(one.lines[:1]).endswith((":", "："))
        shown = one.lines if in_full or heads or one.recent else one.lines[:1]
        yield Fact(label=reading.node(one.node), value="\n".join(shown))


def work_files(reading: Reading) -> tuple[FileLink, ...]:
    """Return the documents that those works made, in the reader's language, the newest first."""
    return documents_of(reading, latest_results(reading))


def triage_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the choices in all forms except the start form, such as grade and category."""
    start = {field.id for field in reading.definition.forms[reading.definition.start_form].fields}
    yield from _facts(
        reading,
        (
            one
            for one in reading.fields
            if one.field.type is FieldType.CHOICE and one.field.id not in start
        ),
    )


def calculated_facts(reading: Reading, *, without: Collection[str] = ()) -> Iterator[Fact]:
    """Yield the facts that the case keeps, such as an amount of money or a standing."""
    for key, name, number in reading.facts:
        if key not in without:
            yield Fact(label=name, value=number)


def facts_over_time(reading: Reading, names: Iterable[str]) -> Iterator[Fact]:
    """Yield facts that a step names, each with its latest results, the newest first.

    Of a count or an average, which is made of such results, only the latest.
    """
    words, rules = reading.words, reading.definition.facts
    for name in names:
        if reading.hides_fact(name):
            continue
        most = 1 if name in rules and rules[name].of_history else RESULTS_MOST
        found = results(name, reading.case, reading.definition, reading)[-most:]
        told = [
            words.t(
                "fact.result",
                period=one.when,
                value=words.t("fact.graded", value=one.text, grade=one.grade)
                if one.grade
                else one.text,
            )
            for one in reversed(found)
        ]
        value = "\n".join(told) if told else words.t("fact.no_results")
        yield Fact(label=reading.fact_name(name), value=value)


def checked_facts(reading: Reading, tasks: Iterable[Task]) -> Iterator[Fact]:
    """Yield how many certificates of a check have a verdict."""
    for task in tasks:
        if task.verdicts:
            given = sum(bool(one.outcome) for one in task.verdicts)
            text = reading.words.t("fact.checked.count", given=given, all=len(task.verdicts))
            yield Fact(label=reading.words.t("fact.checked"), value=text)


def signers_facts(reading: Reading, visit_id: str) -> Iterator[Fact]:
    """Yield who signs a visit and what they voted, how it is counted, and who was added."""
    seats = tuple(task for task in reading.case.ballot(visit_id) if task.seat)
    if seats:
        words = reading.words
        yield Fact(label=words.t("fact.signers"), value=signers.seat_list(reading, seats))
        counts, rule = signers.counts(reading, seats), signers.rule_of(reading, seats)
        counted = words.t("ballot.counted", counts=counts, rule=rule)
        yield Fact(label=words.t("fact.votes"), value=counted)
    added = tuple(task for task in reading.case.tasks if task.visit == visit_id and task.added_by)
    if added:
        label = reading.words.t("fact.advice" if _advice(added) else "fact.added")
        yield Fact(label=label, value=signers.added_list(reading, added))


def due_fact(reading: Reading, clock: Clock, *, label: str = "") -> Fact:
    """Return the due time of a clock, or a text that says that it is paused.

    `label` is by default the name of the clock.
    """
    expiry = _expiry_fact(reading, clock)
    if expiry is not None:
        return expiry
    label = label or reading.clock_name(clock.key)
    if clock.status is ClockStatus.PAUSED:
        return Fact(label=label, value=reading.words.t("clock.paused"), tone=Tone.INFO)
    value = reading.at(clock.due_at)
    if clock.provisional:
        value = reading.words.t("clock.provisional", at=value)
    return Fact(label=label, value=value, tone=due_tone(reading, clock), at=iso(clock.due_at))


def _expiry_fact(reading: Reading, clock: Clock) -> Fact | None:
    """Return until when the certificate is valid on whose expiry a clock starts a branch."""
    subject = read_key(clock.key)[2] if clock.kind is ClockKind.BEGIN else ""
    field = reading.definition.field(f"{subject}{EXPIRES}") if subject else None
    if field is None:
        return None
    words, day, value = reading.words, reading.shown(field), reading.world.values.get(field.id)
    if value is not None:
        left = (date.fromisoformat(str(value)) - today(reading.world)).days
        expired = words.t("fact.expired", day=day)
        day = words.n("fact.days_left", left, day=day) if left >= 0 else expired
    return Fact(label=words.t("fact.valid_until"), value=day, tone=due_tone(reading, clock))


def certificate_facts(reading: Reading, task: Task) -> Iterator[Fact]:
    """Yield the certificate for which the branch of a task began."""
    branch = reading.case.started(task.spot)
    if branch is not None and branch.opened is not None and branch.opened.subject:
        label = reading.words.t("fact.certificate")
        yield Fact(label=label, value=reading.labels((branch.opened.subject,)))


def due_tone(reading: Reading, clock: Clock) -> Tone:
    """Return the tone for a running clock: overdue, due within `SOON`, or later."""
    if clock.due_at <= reading.now:
        return Tone.DANGER
    return Tone.WARN if clock.due_at - reading.now <= SOON else Tone.NEUTRAL


def case_clock_facts(reading: Reading) -> Iterator[Fact]:
    """Yield the clocks of the whole case that are not stopped, in the order of the definition."""
    for clock in reading.clocks:
        if clock.kind is ClockKind.CASE and clock.status is not ClockStatus.STOPPED:
            yield due_fact(reading, clock)


def task_badge(reading: Reading, task: Task) -> Badge:
    """Return the badge with the state of a task."""
    clock = reading.task_clock(task)
    if task.redone:
        return Badge(text=reading.words.t("task.redone"))
    if task.status is not TaskStatus.OPEN:
        waits_for = reading.case.added(task.id)
        if waits_for:
            msgid = "task.advice" if _advice(waits_for) else "task.added"
            return Badge(text=reading.words.t(msgid), tone=Tone.INFO)
        tone = Tone.GOOD if task.status is TaskStatus.DONE else Tone.NEUTRAL
        return Badge(text=reading.words.t(f"task.{task.status.value}"), tone=tone)
    if task.blocked:
        return Badge(text=reading.words.t("task.blocked"), tone=Tone.DANGER)
    if task.question is not None:
        return Badge(text=awaited(reading.words, task.question), tone=Tone.INFO)
    if clock is not None and clock.due_at <= reading.now:
        return Badge(text=reading.words.t("task.overdue"), tone=Tone.DANGER)
    if task.assignee is None:
        return Badge(text=reading.words.t("task.unclaimed"), tone=Tone.WARN)
    return Badge(text=reading.words.t("task.open"), tone=Tone.INFO)


def _advice(added: Iterable[Task]) -> bool:
    """Return whether all of these tasks ask for advice, so that nobody signs them."""
    return all(one.joins == "advice" for one in added)


def awaited(words: Translator, question: FilerQuestion) -> str:
    """Return for whom a task waits: the filer, the customer or a supplier."""
    return words.t("task.asked" if question.on == "filer" else f"task.waiting.{question.on}")


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
    if task.status is TaskStatus.WAITING:
        added = reading.case.added(task.id)
        if not added:
            return words.t("note.turn")
        names = reading.names(tuple(owner for one in added for owner in one.owners))
        return words.t("note.held" if task.outcome else "note.added", names=names)
    if task.redone and task.outcome is None:
        return words.t("note.redone")
    if task.status is TaskStatus.CANCELLED:
        return words.t("note.cancelled", when=when)
    if task.status is TaskStatus.SUPERSEDED:
        return words.t("note.superseded", when=when)
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


def turning(
    words: Translator, page: int, *, more: bool, button: Callable[[int, str], Iterable[Button]]
) -> Iterator[Button]:
    """Yield the buttons of the next and the previous page of a list; pages count from 0."""
    if more:
        yield from button(page + 1, words.t("register.next"))
    if page:
        yield from button(page - 1, words.t("register.previous"))


def opening(case_ids: Iterable[str]) -> tuple[Button, ...]:
    """Return buttons that open the first `BUTTONS_MOST` cases."""
    first = list(dict.fromkeys(case_ids))[:BUTTONS_MOST]
    tokens = [(case_id, Token(verb="details", case_id=case_id)) for case_id in first]
    return tuple(
        Button(verb="details", label=case_id, token=str(token)) for case_id, token in tokens
    )
