"""Builds the lists in documents of cases: people, clocks, actions, answers, survey and others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handlers.documents import approvals, cells
from handlers.documents.certificates import certificates
from handlers.documents.scores import scores
from handlers.documents.source import DocumentSource
from handlers.history import tell
from handlers.reading import standing
from handlers.reading.fair_time import hours, times_of
from handlers.reading.mails import mail_field, mail_name, mails_of
from handlers.reading.works import WorkResult, documents_of, work_results
from handlers.rendering.model import (
    Block,
    Field,
    FieldTable,
    Paragraph,
    Score,
    StyledText,
    Table,
    TextTone,
    Timeline,
    TimelineStep,
)
from workflows.actions.mail import MailSent
from workflows.actions.wait_for import WaitingBegan
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.events import SYSTEM, Body, Event
from workflows.case.task import Task, TaskStatus
from workflows.flow.ballots import BallotDecided
from workflows.flow.branch_events import BranchStarted
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.clocks import ClockStopped
from workflows.flow.ending import CaseClosed
from workflows.flow.facts import FactVoided, ResultNoted
from workflows.flow.points import DaySpared, PointsCharged
from workflows.moments import moment_of

_MOST = 5
_LINES_MOST = 3  # of a work that has made a document


def blocks(source: DocumentSource, name: str) -> tuple[Block, ...]:
    """Return the blocks of the built-in list with this name; none if the list is empty."""
    return tuple(_LISTS[name](source))


def _people(source: DocumentSource) -> Iterator[Block]:
    case, reading, words = source.reading.case, source.reading, source.words
    told = ((case.escalated_to, "document.escalated_to"), (case.copied, "document.copied"))
    rows = [Field(label=words.t("fact.filer"), value=StyledText(text=standing.filer(reading)))]
    rows += [
        Field(label=words.t(label), value=StyledText(text=reading.names(people)))
        for people, label in told
        if people
    ]
    yield FieldTable(rows=tuple(rows))
    titles = (("step", 12), ("who", 9), ("opened", 9), ("decided", 9), ("result", 7))
    if case.tasks:
        yield Table(
            columns=cells.columns(source, titles),
            rows=tuple(_task_row(source, task) for task in case.tasks),
        )


def _task_row(source: DocumentSource, task: Task) -> tuple[StyledText, ...]:
    reading = source.reading
    who = cells.decider(source, task) if task.decided_by else reading.names(task.owners)
    return (
        StyledText(text=cells.step_name(source, task)),
        source.shown(who),
        StyledText(text=reading.at(task.opened_at)),
        StyledText(text=reading.at(task.decided_at)) if task.decided_at else source.dash(),
        _result(source, task),
    )


def _result(source: DocumentSource, task: Task) -> StyledText:
    words = source.words
    match task.status:
        case TaskStatus.OPEN:
            return StyledText(text=words.t("document.task.open"))
        case TaskStatus.WAITING | TaskStatus.CANCELLED | TaskStatus.SUPERSEDED:
            return cells.muted(source, f"document.task.{task.status.value}")
        case TaskStatus.RETURNED:
            return StyledText(text=words.t("document.outcome.return"), tone=TextTone.WARN)
        case TaskStatus.DONE:
            return cells.outcome(source, task)


def _clocks(source: DocumentSource) -> Iterator[Block]:
    rows = tuple(_clock_row(source, clock, name) for clock, name in _named_clocks(source))
    titles = (("clock", 17), ("limit", 7), ("due", 10), ("done", 10), ("kept", 11))
    if rows:
        yield Table(columns=cells.columns(source, titles), rows=rows)
    times = tuple(_times(source))
    if times:
        parts = (("own", 8), ("working", 10), ("waiting", 8), ("gross", 10))
        columns = cells.columns(source, (("step", 14), ("who", 8), *parts))
        yield Paragraph(words=StyledText(text=source.words.t("document.times")))
        yield Table(columns=columns, rows=times)
    days = tuple(_overdue_days(source))
    if days:
        titles = (("day", 10), ("step", 11), ("who", 8), ("points", 5), ("remark", 18))
        yield Table(columns=cells.columns(source, titles), rows=days)
    waited = tuple(_waited(source))
    if waited:
        titles = (("step", 12), ("awaited", 7), ("began", 9), ("ended", 9), ("what", 15))
        yield Table(columns=cells.columns(source, titles), rows=waited)


def _waited(source: DocumentSource) -> Iterator[tuple[StyledText, ...]]:
    """Yield each time that a step waited for somebody outside: for whom, how long, what for."""
    reading, words = source.reading, source.words
    for event in reading.events:
        body = event.body
        if not isinstance(body, WaitingBegan):
            continue
        later = reading.events[event.seq :]
        ended = next((one.at for one in later if _ends(one.body, body.task)), None)
        yield (
            StyledText(text=reading.node_of(body.task)),
            StyledText(text=words.t(f"waiting.{body.on}")),
            StyledText(text=reading.at(event.at)),
            StyledText(text=reading.at(ended)) if ended is not None else source.dash(),
            source.shown(reading.body_text(body.content)),
        )


def _ends(body: Body, task: str) -> bool:
    """Return whether an event ended the pause of a task."""
    return isinstance(body, ClockStopped) and body.clock == ClockKind.WAIT.of(task)


def _times(source: DocumentSource) -> Iterator[tuple[StyledText, ...]]:
    """Yield how long each person had which step: own, working, waiting and gross time."""
    reading = source.reading
    for one in times_of(reading):
        task = reading.case.task(one.task)
        if not one.person or task is None:
            continue
        yield (
            StyledText(text=cells.step_name(source, task)),
            source.shown(reading.name(one.person)),
            *(
                StyledText(text=hours(part))
                for part in (one.own, one.working, one.waiting, one.gross)
            ),
        )


def _overdue_days(source: DocumentSource) -> Iterator[tuple[StyledText, ...]]:
    """Yield each overdue working day: who was charged how many points, or why nobody was."""
    reading, words = source.reading, source.words
    if reading.definition.penalties is None:
        return
    waived = {
        seq: event
        for event in reading.events
        if isinstance(event.body, FactVoided) and event.body.why == "waived"
        for seq in event.body.facts
    }
    for event in reading.events:
        body = event.body
        if not isinstance(body, PointsCharged | DaySpared):
            continue
        day = StyledText(text=reading.at(body.day))
        step = StyledText(text=reading.node_of(body.task))
        if isinstance(body, DaySpared):
            why = StyledText(text=words.t(f"points.spared.{body.why}"), tone=TextTone.MUTED)
            yield day, step, source.dash(), source.dash(), why
            continue
        remark = _waived(source, waived[event.seq]) if event.seq in waived else source.dash()
        who = StyledText(text=reading.name(body.person))
        yield day, step, who, StyledText(text=str(body.points)), remark


def _waived(source: DocumentSource, event: Event) -> StyledText:
    """Return who waived points, and why."""
    assert isinstance(event.body, FactVoided), "a waiver voids facts"
    why = source.said(event.body.content) or source.dash()
    text = source.words.t("document.points.waived", who=source.reading.actor(event), why=why.text)
    return StyledText(text=text, tone=TextTone.MUTED)


def _named_clocks(source: DocumentSource) -> Iterator[tuple[Clock, str]]:
    """Yield the clocks of the whole case, in the order of the definition, then those of steps."""
    reading = source.reading
    for clock in reading.clocks:
        if clock.kind is ClockKind.CASE:
            yield clock, reading.clock_name(clock.key)
    for task in reading.case.tasks:
        own = reading.task_clock(task)
        if own is not None and not task.parent:
            name = cells.step_name(source, task)
            if task.seat:  # each signer has a time limit of their own
                who = reading.names(task.owners)
                name = source.words.t("document.of_signer", step=name, who=who)
            yield own, source.words.t("document.step_clock", step=name)


def _clock_row(source: DocumentSource, clock: Clock, name: str) -> tuple[StyledText, ...]:
    reading = source.reading
    return (
        StyledText(text=name),
        StyledText(text=reading.span(clock.span)),
        StyledText(text=reading.at(clock.due_at)),
        StyledText(text=reading.at(clock.stopped_at)) if clock.stopped_at else source.dash(),
        _kept(source, clock),
    )


def _kept(source: DocumentSource, clock: Clock) -> StyledText:
    """Return whether a clock was met, or is not yet overdue, and by how much."""
    words = source.words
    if clock.status is ClockStatus.STOPPED and clock.met is None:
        return cells.muted(source, "document.clock.cancelled")
    if clock.status is ClockStatus.PAUSED:
        return StyledText(text=words.t("clock.paused"))
    stopped = clock.stopped_at
    ended = stopped or source.reading.now
    length = source.reading.length(clock.due_at - ended)
    if clock.met:
        early = ended < clock.due_at
        text = words.t("document.clock.met_by" if early else "document.clock.met", length=length)
        return StyledText(text=text, tone=TextTone.GOOD)
    if stopped is not None or ended > clock.due_at:
        msgid = "document.clock.missed_by" if stopped is not None else "document.clock.late_by"
        return StyledText(text=words.t(msgid, length=length), tone=TextTone.DANGER)
    return StyledText(text=words.t("document.clock.running", length=length))


def _actions(source: DocumentSource) -> Iterator[Block]:
    """Yield the history; of a case of years what people did and what began, without the ways."""
    years = any(scope.rest is not None for scope in source.reading.case.scopes)
    found = {one.seq: one for one in work_results(source.reading)}
    steps = tuple(
        TimelineStep(
            when=source.reading.at(told.at),
            who="",  # their names are in the sentence
            text=told.text,
            quote=_quoted(source, found.get(told.seq, told.quote)),
        )
        for told in tell(source.reading, only=_told_of_years if years else lambda _: True)
    )
    if steps:
        yield Timeline(steps=steps)


def _quoted(source: DocumentSource, said: WorkResult | str) -> StyledText | None:
    """Return what a person wrote, or what a work found, as text."""
    text = said if isinstance(said, str) else "\n".join(_found(source, said))
    return StyledText(text=text) if text else None


def _found(source: DocumentSource, result: WorkResult) -> Iterator[str]:
    """Yield what a work found; the first lines, and where the rest is, if a document has it."""
    reading, words = source.reading, source.words
    made = [one for one in documents_of(reading, (result,)) if one.media_type == "application/pdf"]
    if made and len(result.lines) > _LINES_MOST:
        yield from result.lines[:_LINES_MOST]
        yield words.t("document.work.rest", names=reading.listed(one.name for one in made))
        return
    yield from result.lines
    said, end = "\n".join(result.lines), f" {reading.case.id}.pdf"
    unsaid = [one.name for one in made if one.name.removesuffix(end) not in said]
    if unsaid:
        yield words.t("document.work.made", names=reading.listed(unsaid))


def _told_of_years(event: Event) -> bool:
    body = event.body
    began = isinstance(body, BranchStarted | BallotDecided | DecidedByRule | CaseClosed | MailSent)
    noted = isinstance(body, ResultNoted) and body.option and "." not in body.fact  # no grade
    return event.actor != SYSTEM or began or bool(noted)


def _answers(source: DocumentSource) -> Iterator[Block]:
    """Yield the outcomes of approvals with their reasons, round by round."""
    steps = tuple(
        TimelineStep(
            when=source.reading.at(task.decided_at) if task.decided_at else "",
            who=cells.decider(source, task),
            text=cells.in_round(source, task, cells.outcome(source, task).text),
            quote=source.said(task.content),
        )
        for task in approvals.decided(source)
    )
    if steps:
        yield Timeline(steps=steps)


def _mails(source: DocumentSource) -> Iterator[Block]:
    """Yield the mails to people outside: what was sent to whom, and the server's receipt."""
    reading, words = source.reading, source.words
    steps = []
    for mail in mails_of(reading):
        told = words.t(
            f"document.mail.{mail.status}",
            mail=mail_name(reading, mail.mail),
            to=mail.to or words.t("content.erased"),
            field=mail_field(reading, mail.mail),
        )
        ids = filter(None, (mail.message_id, mail.answer))
        quote = "\n".join(filter(None, (mail.subject, mail.text.strip(), *ids)))
        steps.append(
            TimelineStep(
                when=reading.at(moment_of(mail.ended_at or mail.written_at)),
                who="",
                text=told,
                quote=StyledText(text=quote) if quote else None,
            )
        )
    if steps:
        yield Timeline(steps=tuple(steps))


def _survey(source: DocumentSource) -> Iterator[Block]:
    survey, words = source.reading.case.survey, source.words
    if survey is None:
        return
    if survey.score is None:
        yield Paragraph(words=cells.muted(source, "document.survey.open"))
        return
    yield Score(
        score=survey.score,
        most=_MOST,
        text=words.t("document.survey.score", score=survey.score, most=_MOST),
        comment=source.said(survey.content),
    )


_LISTS: Mapping[str, Callable[[DocumentSource], Iterator[Block]]] = {
    "people": _people,
    "clocks": _clocks,
    "actions": _actions,
    "answers": _answers,
    "survey": _survey,
    "decisions": approvals.decisions,
    "rounds": approvals.rounds,
    "verdict": approvals.verdict,
    "certificates": certificates,
    "scores": scores,
    "mails": _mails,
}
