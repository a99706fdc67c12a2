"""Makes the card of a task, for people and for a channel."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from handlers.buttons import button
from handlers.cards import checks, introduction, parts
from handlers.changing.draft import PROCESS, asks_for_draft, handed_facts
from handlers.choices import decided_choices, task_choices
from handlers.pages import Badge, Card, Fact, Line, Tone
from handlers.reading import signers, standing, verdicts
from handlers.reading.case import Reading
from handlers.reading.changes import since_last_round, value_text
from workflows.actions.add_signer import SignersAdded
from workflows.actions.delegate import TaskDelegated
from workflows.case.task import Task, TaskStatus
from workflows.flow.offering import TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.model.fields import FieldType


def task_card(reading: Reading, task: Task | None, args: Mapping[str, str]) -> Card:
    """Return the card of a task for its owners and former owners; a done one has few buttons.

    `args` may have the number of the page of what is checked one by one.
    """
    assert task is not None, "a task card is about a task"
    at_work = task.status is TaskStatus.OPEN or reading.case.added(task.id)
    buttons, more = (task_choices if at_work else decided_choices)(reading, task)
    lines = tuple(_before(reading, task))
    page = checks.page_of(task, args)
    return Card(
        kind="task",
        case_id=reading.case.id,
        title=reading.words.t("card.task", node=reading.node(task.node), case=reading.case.id),
        badge=_badge(reading, task, args),
        text=_text(reading, task),
        facts=tuple(_facts(reading, task)),
        quote=parts.what_happened(reading),
        items_title=checks.title(reading, task) if task.verdicts else "",
        items=checks.items(reading, task, page=page),
        lines_title=reading.words.t("card.task.before") if lines else "",
        lines=lines,
        files=checks.files_first(reading, task, parts.case_files(reading)),
        buttons=(*buttons, *checks.paging(reading, task, page=page)),
        more=tuple(one for one in more if one.verb != "checks"),
        note=parts.task_note(reading, task),
    )


def _badge(reading: Reading, task: Task, args: Mapping[str, str]) -> Badge:
    """Return the badge of the task; for former owners one that says that others have it."""
    me = reading.reader.key
    mine = reading.may_act(task) or me in task.rescuers or "instead_of" in args
    if task.status is TaskStatus.OPEN and task.owners and not mine:
        return Badge(text=reading.words.t("task.moved"))
    return parts.task_badge(reading, task)


def channel_card(reading: Reading, task: Task | None, args: Mapping[str, str]) -> Card | None:
    """Return the card of a task for a channel, without any text that a person wrote."""
    assert task is not None, "a channel's card is about a task"
    clock, words = reading.task_clock(task), reading.words
    is_open = task.status is TaskStatus.OPEN
    facts = []
    if clock is not None and is_open:
        facts.append(parts.due_fact(reading, clock, label=words.t("fact.due")))
    facts.append(Fact(label=words.t("fact.has_it"), value=parts.has_it(reading, (task,))))
    facts.extend(parts.triage_facts(reading))
    claim = button(reading, "claim", task=task.id, style="primary")
    return Card(
        kind="channel",
        case_id=reading.case.id,
        title=words.t("card.task", node=reading.node(task.node), case=reading.case.id),
        badge=parts.task_badge(reading, task),
        facts=tuple(facts),
        buttons=(
            *((claim,) if is_open and task.assignee is None else ()),
            button(reading, "details"),
        ),
        note=parts.task_note(reading, task),
    )


def _text(reading: Reading, task: Task) -> str:
    words = reading.words
    if task.status is TaskStatus.OPEN and task.added_by:
        by, where = reading.name(task.added_by), task.joins or "beside"
        return words.t(f"card.task.added.{where}", who=by)
    fallback = _fallback(reading, task)
    if task.status is TaskStatus.OPEN and fallback:
        instead = fallback in ("supervisor", "dept_head")
        return words.t(f"card.task.{fallback}" if instead else "card.task.fallback")
    if task.status is TaskStatus.OPEN and task.round > 1:
        return words.t("card.task.again", round=task.round)
    return ""


def _fallback(reading: Reading, task: Task) -> str:
    """Return the rule that chose who has the task, "" if the definition names them."""
    opened = (event.body for event in reading.events if isinstance(event.body, TaskOpened))
    return next((body.fallback for body in opened if body.task == task.id), "")


def _facts(reading: Reading, task: Task) -> Iterator[Fact]:
    yield from parts.certificate_facts(reading, task)
    why = reading.listed(standing.reasons(reading, task.spot))
    if why:
        yield Fact(label=reading.words.t("fact.reason"), value=why)
    clock = reading.task_clock(task)
    if clock is not None and task.status is TaskStatus.OPEN:
        yield parts.due_fact(reading, clock, label=reading.words.t("fact.due"))
        whole = reading.visit_clock(task)
        if whole is not None:
            yield parts.due_fact(reading, whole, label=reading.words.t("fact.visit_due"))
        yield from parts.case_clock_facts(reading)
    yield from parts.signers_facts(reading, task.visit)
    yield from _returned(reading, task)
    yield from _changed(reading, task)
    if task.status is TaskStatus.OPEN:
        if reading.case.process == PROCESS and asks_for_draft(reading.definition, task.node):
            yield from handed_facts(reading, task, full=True)
        yield from parts.work_facts(reading)
        yield from introduction.training_facts(reading)
    yield from parts.triage_facts(reading)
    yield from parts.subject_facts(reading)
    yield from _kept(reading, task)
    listed = frozenset(
        name
        for one in task.verdicts
        if (field := verdicts.certificate(reading, one)) is not None
        for name in field.names
    )
    subject = reading.definition.subject_field
    listed |= {subject.id} if subject is not None and reading.subject else set()
    yield from parts.form_facts(reading, reading.definition.start_form, without=listed)
    yield from parts.again_facts(reading)
    yield Fact(label=reading.words.t("fact.filer"), value=standing.filer(reading))
    if task.status is TaskStatus.OPEN:
        yield from introduction.helper_facts(reading)


def _kept(reading: Reading, task: Task) -> Iterator[Fact]:
    """Yield the facts of the case; of a task that is over, those that later steps do not change."""
    shows = reading.definition.work_node(task.node).shows
    if task.status is TaskStatus.OPEN:
        yield from parts.facts_over_time(reading, shows)
        yield from parts.calculated_facts(reading, without=shows)
    else:
        rules = reading.definition.facts
        kept = reading.definition.kept
        moving = {name for name in kept if name not in rules or rules[name].value is None}
        yield from parts.calculated_facts(reading, without=moving)


def _returned(reading: Reading, task: Task) -> Iterator[Fact]:
    """Yield which certificates the last check returned or rejected, while the task is open."""
    if task.status is not TaskStatus.OPEN or task.verdicts:
        return
    names = [verdicts.subject(reading, one) for _, one in verdicts.not_passed(reading)]
    if names:
        label = reading.words.t("fact.not_passed")
        yield Fact(label=label, value=reading.listed(names), tone=Tone.WARN)


def _changed(reading: Reading, task: Task) -> Iterator[Fact]:
    """Yield what was changed since the last round of the step, while the task is open."""
    if task.status is not TaskStatus.OPEN or task.round == 1:
        return
    words = reading.words
    for one in since_last_round(reading, task):
        before, after = (value_text(reading, one.field, v) for v in (one.before, one.after))
        yield Fact(
            label=words.t("fact.changed", field=reading.text(one.field.label)),
            value=words.t("change.value", before=before, after=after),
            tone=Tone.WARN,
        )


def _before(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield what people wrote when they completed earlier tasks or transferred this one.

    Among several signers these are also the ones who signed before this reader does.
    """
    for earlier in _earlier(reading, task):
        if earlier.content is None or earlier.decided_at is None:
            continue
        quote = _words_of(reading, earlier)
        if quote:
            who = reading.performer(earlier.decided_by, on_behalf_of=earlier.on_behalf_of)
            node, what = reading.node(earlier.node), reading.outcome(earlier)
            if earlier.added_by:
                node = signers.as_added(reading, earlier, node)
            yield Line(
                when=reading.at(earlier.decided_at),
                text=reading.words.t("card.task.earlier", who=who, node=node, what=what),
                quote=quote,
            )
    yield from _not_passed(reading, task)
    yield from _handed_over(reading, task)
    yield from _added(reading, task)


def _not_passed(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield which certificates an earlier step returned or rejected, and why."""
    for check, one in verdicts.not_passed(reading):
        if task.verdicts or check.id == task.id:
            continue  # its own list says so
        yield Line(
            when=reading.at(one.at),
            text=reading.words.t(
                "card.task.earlier",
                who=reading.name(one.by),
                node=reading.node(check.node),
                what=reading.words.t(
                    "verdict.about",
                    subject=verdicts.subject(reading, one),
                    verdict=verdicts.mark(reading, one),
                ),
            ),
            quote=reading.written(one.content),
        )


def _earlier(reading: Reading, task: Task) -> Iterator[Task]:
    """Yield the tasks before this one, and the other seats of its visit.

    In a branch of a case at rest only those of this branch; the years before are in the details.
    """
    branch = reading.case.started(task.spot)
    before = [
        one
        for one in itertools.takewhile(lambda one: one.id != task.id, reading.case.tasks)
        if reading.case.started(one.spot) == branch
    ]
    if not task.seat:
        yield from before
        return
    yield from (one for one in before if one.visit != task.visit)
    beside = (one for one in reading.case.tasks if one.visit == task.visit)
    yield from (one for one in beside if one.id != task.id)


def _words_of(reading: Reading, task: Task) -> str:
    """Return what was written with a decision, without choices, which are among the facts."""
    shown = (
        reading.filled(task.content, skip=(FieldType.CHOICE, FieldType.CHOICES)),
        reading.body_text(task.content),
    )
    return "\n".join(part for part in shown if part)


def _added(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield why the person who has the task was added, or what they are asked."""
    if not task.added_by:
        return
    for event in reading.events:
        body = event.body
        if isinstance(body, SignersAdded):
            mine, why = any(seat.task == task.id for seat in body.seats), "card.task.why_added"
        elif isinstance(body, TaskDelegated):
            mine, why = body.advice == task.id, "card.task.why_asked"
        else:
            continue
        quote = reading.body_text(body.content)
        if mine and quote:
            text = reading.words.t(why, who=reading.actor(event))
            yield Line(when=reading.at(event.at), text=text, quote=quote)


def _handed_over(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield the reasons with which the task was transferred, or given by an administrator."""
    if not task.former:
        return
    for event in reading.events:
        body = event.body
        if isinstance(body, TaskTransferred) and body.task == task.id and body.content:
            yield Line(
                when=reading.at(event.at),
                text=reading.words.t(
                    "card.task.transferred", who=reading.actor(event), to=reading.name(body.to)
                ),
                quote=reading.body_text(body.content),
            )
