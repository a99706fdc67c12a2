"""Makes the cards of reminders, escalations, questions, comments and other notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handlers.buttons import button
from handlers.cards import parts
from handlers.choices import Choices, case_choices, choices_everywhere, task_choices
from handlers.documents.papers import links
from handlers.history import history_lines, is_cut, left_out
from handlers.pages import Badge, Card, Fact, Line, Tone
from handlers.reading import standing
from handlers.reading.case import Reading
from handlers.reading.mails import mail_name
from workflows.actions.answer import QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.actions.comment import Commented
from workflows.actions.fire_timers import Escalated
from workflows.actions.mail import MailFailed
from workflows.actions.wait_for import WaitingBegan
from workflows.actions.waive import points_of
from workflows.case.clock import Clock, ClockKind, ClockStatus, kind_of
from workflows.case.events import Event
from workflows.case.fact import Fact as NotedFact
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.flow.facts import FactVoided
from workflows.flow.offering import DeputyPassedOver
from workflows.flow.pauses import QuestionLapsed

Args = Mapping[str, str]


def reminder(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the reminder of a clock, before or after its due time."""
    clock = reading.case.clock(args["clock"])
    if clock is None:
        return None
    # The clock of a task that is done concerns others.
    passed = task is not None and task.status is not TaskStatus.OPEN
    over = passed or _over(reading, clock)
    overdue = not over and clock.due_at <= reading.now
    badge = "reminder.over" if over else "reminder.overdue" if overdue else "reminder.badge"
    tone = Tone.GOOD if over else Tone.DANGER if overdue else Tone.WARN
    asked = args.get("instead_of", reading.reader.key)
    buttons, more = _buttons(reading, None if over else task, clock.key, asked=asked)
    return Card(
        kind="reminder",
        case_id=reading.case.id,
        title=reading.words.t(
            "card.reminder", what=reading.clock_name(clock.key), case=reading.case.id
        ),
        badge=Badge(text=reading.words.t(badge), tone=tone),
        facts=tuple(_reminder_facts(reading, task, clock, over=over)),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task) if task is not None else "",
    )


def _over(reading: Reading, clock: Clock) -> bool:
    """Return whether a clock was stopped or its case has ended."""
    return clock.status is ClockStatus.STOPPED or reading.case.status is not Status.RUNNING


def _reminder_facts(
    reading: Reading, task: Task | None, clock: Clock, *, over: bool
) -> Iterator[Fact]:
    if not over:
        yield parts.due_fact(reading, clock, label=reading.words.t("fact.due"))
    if task is not None and clock.key != ClockKind.TASK.of(task.item):
        yield Fact(label=reading.words.t("fact.step"), value=reading.node(task.node))
    yield from parts.subject_facts(reading)


def _buttons(reading: Reading, task: Task | None, clock: str, *, asked: str = "") -> Choices:
    details = (button(reading, "details"),)
    if kind_of(clock) is ClockKind.BEGIN:  # of a certificate: it can be renewed before it expires
        main, _ = case_choices(reading)
        return (*(one for one in main if one.verb == "begin"), *details), ()
    if task is None:
        return details, ()
    if kind_of(clock) is ClockKind.WAIT and (task.question is None or task.question.to):
        if task.question is not None and task.question.to == asked:
            return (button(reading, "reply", task=task.id, style="primary"),), details
        return details, ()
    return task_choices(reading, task)


def escalation(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the escalation card of a task: the missed deadline, the owners and the history.

    A task has one such card for all of its escalated clocks. The card shows the running clock that
    was escalated last; for example, after the customer was answered, the clock of the solution.
    """
    event = _event(reading, args)
    assert isinstance(event.body, Escalated), "an escalation card is about an escalation"
    body = event.body
    clocks = _escalated_clocks(reading, task, body.clock)
    running = [clock for clock in clocks if not _over(reading, clock)]
    clock = (running or clocks)[0]
    buttons, more = _buttons(reading, task, "")
    words = reading.words
    lines = (
        history_lines(reading, most=parts.HISTORY_MOST, until=_last(reading, event, clocks))
        if body.with_history
        else ()
    )
    return Card(
        kind="escalation",
        case_id=reading.case.id,
        title=words.t("card.escalation", what=reading.clock_name(clock.key), case=reading.case.id),
        badge=Badge(
            text=words.t("escalation.badge", level=clock.level)
            if running
            else words.t("escalation.settled"),
            tone=Tone.DANGER if running else Tone.GOOD,
        ),
        text=words.t("escalation.fallback") if body.fallback else "",
        facts=tuple(_escalation_facts(reading, task, clock, others=running[1:])),
        quote=parts.what_happened(reading),
        lines_title=words.t("card.history") if lines else "",
        lines=lines,
        files=(*parts.start_files(reading), *(links(reading) if is_cut(lines) else ())),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task) if task is not None else "",
    )


def _escalated_clocks(reading: Reading, task: Task | None, newest: str) -> list[Clock]:
    """Return the escalated clocks of a task, the newest escalation first.

    While the task is open, the clocks of the whole case are included.
    """
    found = [clock for clock in reading.case.clocks if clock.key == newest]
    for clock in reading.case.clocks:
        about = task is not None and (
            clock.about in (task.id, task.item, task.visit)
            or (clock.kind is ClockKind.CASE and task.status is TaskStatus.OPEN)
        )
        if about and clock.level and clock.key != newest:
            found.append(clock)
    return found


def _last(reading: Reading, event: Event, clocks: Sequence[Clock]) -> int:
    """Return the number of the newest escalation on the card, at which its history ends."""
    keys = {clock.key for clock in clocks}
    return max(
        later.seq
        for later in reading.events[event.seq - 1 :]
        if later.seq == event.seq
        or (isinstance(later.body, Escalated) and later.body.clock in keys)
    )


def _escalation_facts(
    reading: Reading, task: Task | None, clock: Clock, *, others: Sequence[Clock]
) -> list[Fact]:
    words = reading.words
    late = clock.stopped_at or reading.now
    facts = [
        parts.due_fact(reading, clock)
        if clock.kind is ClockKind.BEGIN
        else Fact(
            label=words.t("fact.was_due"),
            value=reading.at(clock.due_at),
            tone=Tone.DANGER if late >= clock.due_at else Tone.NEUTRAL,
        )
    ]
    facts.extend(parts.due_fact(reading, other) for other in others)
    if task is not None:
        facts.append(Fact(label=words.t("fact.step"), value=reading.node(task.node)))
        facts.append(Fact(label=words.t("fact.has_it"), value=parts.has_it(reading, (task,))))
    facts.extend(parts.triage_facts(reading))
    facts.extend(parts.subject_facts(reading))
    facts.append(Fact(label=words.t("fact.filer"), value=standing.filer(reading)))
    return facts


def blocked(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice that nobody may act on a task, for those who can resolve that."""
    assert task is not None, "a task is blocked"
    event, words = _event(reading, args), reading.words
    out = "\n".join(left_out(reading, task, until=event.seq))
    return Card(
        kind="blocked",
        case_id=reading.case.id,
        title=words.t("card.blocked", node=reading.node(task.node), case=reading.case.id),
        badge=Badge(
            text=words.t("blocked.badge" if task.blocked else "blocked.over"),
            tone=Tone.DANGER if task.blocked else Tone.GOOD,
        ),
        text=words.t("blocked.text") if task.blocked else "",
        facts=(
            *((Fact(label=words.t("fact.passed_over"), value=out),) if out else ()),
            *parts.subject_facts(reading),
            Fact(label=words.t("fact.filer"), value=standing.filer(reading)),
        ),
        buttons=(button(reading, "details"), button(reading, "comment", task=task.id)),
        note=parts.task_note(reading, task),
    )


def no_deputy(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to an absent reader whose deputy may not act on a task."""
    event = _event(reading, args)
    assert task is not None, "a deputy stands in on a task"
    assert isinstance(event.body, DeputyPassedOver), "it is about a deputy"
    words = reading.words
    buttons, more = _buttons(reading, task, "")
    return Card(
        kind="no_deputy",
        case_id=reading.case.id,
        title=words.t("card.no_deputy", case=reading.case.id),
        badge=parts.task_badge(reading, task),
        text=words.t(
            "no_deputy.text",
            deputy=reading.name(event.body.deputy),
            node=reading.node(task.node),
            why=words.t(f"bar.{event.body.why}"),
        ),
        facts=tuple(parts.subject_facts(reading)),
        buttons=buttons,
        more=more,
    )


def question(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card of a question to the filer, with the button to answer it."""
    event = _event(reading, args)
    assert isinstance(event.body, QuestionAsked), "a question card is about a question"
    assert task is not None, "a question belongs to a task"
    open_ = task.question is not None and task.question.content == event.body.content
    state = "open" if open_ else "done" if _was_answered(reading, event, task) else "over"
    tone = {"open": Tone.WARN, "done": Tone.GOOD, "over": Tone.NEUTRAL}[state]
    words = reading.words
    return Card(
        kind="question",
        case_id=reading.case.id,
        title=words.t("card.question", case=reading.case.id),
        badge=Badge(text=words.t(f"question.{state}"), tone=tone),
        text=words.t("question.from", who=reading.actor(event), node=reading.node(task.node)),
        facts=tuple(parts.subject_facts(reading)),
        quote=reading.body_text(event.body.content),
        buttons=(button(reading, "reply", task=task.id, style="primary"),) if open_ else (),
        more=(button(reading, "details"),),
    )


def _was_answered(reading: Reading, asked: Event, task: Task) -> bool:
    """Return whether a question was answered; otherwise it lapsed or the task ended."""
    for later in reading.events[asked.seq :]:
        body = later.body
        if isinstance(body, QuestionAnswered | QuestionLapsed) and body.task == task.id:
            return isinstance(body, QuestionAnswered)
    return False


def answered(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card of the filer's answer, for the person who asked."""
    event = _event(reading, args)
    assert isinstance(event.body, QuestionAnswered), "an answer card is about an answer"
    buttons, more = _buttons(reading, task, "")
    return Card(
        kind="answered",
        case_id=reading.case.id,
        title=reading.words.t("card.answered", who=reading.actor(event), case=reading.case.id),
        facts=tuple(parts.subject_facts(reading)),
        quote=reading.body_text(event.body.content),
        files=reading.links(reading.body(event.body.content).get("files")),
        text=reading.words.t("answered.goes_on"),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task) if task is not None else "",
    )


def lapsed(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice that nothing came within the longest pause of a clock."""
    assert task is not None, "a pause is that of a task"
    begun = (one.body for one in reversed(reading.events[: int(args["seq"])]))
    paused = (body for body in begun if isinstance(body, QuestionAsked | WaitingBegan))
    outside = isinstance(next((b for b in paused if b.task == task.id), None), WaitingBegan)
    buttons, more = _buttons(reading, task, "")
    return Card(
        kind="lapsed",
        case_id=reading.case.id,
        title=reading.words.t("card.lapsed", case=reading.case.id),
        text=reading.words.t("lapsed.text.outside" if outside else "lapsed.text"),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task),
    )


def points(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice that a task charged points, with all that it charged its reader so far."""
    assert task is not None, "points are about a task"
    rule, me, words = reading.definition.penalties, reading.reader.key, reading.words
    name = reading.text(rule.name) if rule is not None else words.t("card.points.name")
    mine = [one for one in points_of(reading.case) if one.task == task.id and one.subject == me]
    valid = sum(one.number for one in mine if not one.voided) // 100
    waived = Badge(text=words.t("points.badge.waived"))
    buttons, more = _buttons(reading, task, "")
    return Card(
        kind="points",
        case_id=reading.case.id,
        title=words.t("card.points", name=name, node=reading.node(task.node), case=reading.case.id),
        badge=Badge(text=words.n("points.badge", valid), tone=Tone.WARN) if valid else waived,
        lines=tuple(_charge(reading, one) for one in mine),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task),
    )


def _charge(reading: Reading, fact: NotedFact) -> Line:
    msgid = "points.charge.waived" if fact.voided else "points.charge"
    return Line(when=reading.at(fact.at), text=reading.words.n(msgid, fact.number // 100))


def waived(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to a person that their points were waived, with the reason."""
    event = _event(reading, args)
    assert isinstance(event.body, FactVoided), "a waiver voids facts"
    seqs, me = event.body.facts, reading.reader.key
    mine = [one for one in points_of(reading.case) if one.seq in seqs and one.subject == me]
    return Card(
        kind="waived",
        case_id=reading.case.id,
        title=reading.words.t("card.waived", who=reading.actor(event), case=reading.case.id),
        lines=tuple(_charge(reading, one) for one in mine),
        quote=reading.body_text(event.body.content),
        buttons=(button(reading, "details"),),
    )


def mail_failed(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to an owner that a mail did not reach somebody outside, and why."""
    event, words = _event(reading, args), reading.words
    assert isinstance(event.body, MailFailed), "the notice is about a mail"
    receipt = reading.body(event.body.content)
    facts = (
        (words.t("fact.mail.to"), receipt.get("to")),
        (words.t("fact.mail.answer"), receipt.get("text")),
    )
    return Card(
        kind="mail_failed",
        case_id=reading.case.id,
        title=words.t(
            "card.mail_failed", mail=mail_name(reading, event.body.mail), case=reading.case.id
        ),
        badge=Badge(text=words.t("mail_failed.badge"), tone=Tone.DANGER),
        text=words.t("mail_failed.refused" if event.body.final else "mail_failed.given_up"),
        facts=(
            *(Fact(label=label, value=str(value)) for label, value in facts if value),
            *parts.subject_facts(reading),
        ),
        buttons=(button(reading, "details"), button(reading, "comment")),
    )


def comment(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card of a comment, for the present participants and watchers."""
    event = _event(reading, args)
    assert isinstance(event.body, Commented), "a comment card is about a comment"
    return Card(
        kind="comment",
        case_id=reading.case.id,
        title=reading.words.t("card.comment", who=reading.actor(event), case=reading.case.id),
        facts=tuple(parts.subject_facts(reading)),
        quote=reading.body_text(event.body.content),
        files=reading.links(reading.body(event.body.content).get("files")),
        buttons=(button(reading, "comment"),),
        more=(*choices_everywhere(reading), button(reading, "details")),
    )


def out_of_sight(reading: Reading, *, kind: str) -> Card:
    """Return the card that replaces a message about a case that its reader may no longer read."""
    return Card(
        kind=kind,
        case_id=reading.case.id,
        title=reading.words.t("card.out_of_sight", case=reading.case.id),
    )


def _event(reading: Reading, args: Args) -> Event:
    return reading.event(int(args["seq"]))
