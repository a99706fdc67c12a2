"""The lists that every case's document can have: people, clocks, actions, answers, survey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handlers.documents.casefile import CaseFile
from handlers.documents.model import (
    Block,
    Column,
    Field,
    FieldTable,
    Paragraph,
    Score,
    Step,
    Table,
    Timeline,
    Tone,
    Words,
)
from handlers.i18n import dates
from workflows.case.state import Clock, ClockStatus, Task, TaskStatus
from workflows.definition import ApprovalNode

_MOST = 5
_TASK = "task:"


def blocks(file: CaseFile, name: str) -> tuple[Block, ...]:
    """The blocks of the built-in list of this name; none when there is nothing yet."""
    return tuple(_LISTS[name](file))


def _people(file: CaseFile) -> Iterator[Block]:
    case, words = file.case, file.words
    told = ((case.escalated_to, "document.escalated_to"), (case.copied, "document.copied"))
    rows = [Field(label=words.t("fact.filer"), value=Words(text=file.name(case.filer)))]
    rows += [
        Field(label=words.t(label), value=Words(text=file.names_of(people)))
        for people, label in told
        if people
    ]
    yield FieldTable(rows=tuple(rows))
    titles = (("step", 12), ("who", 9), ("opened", 9), ("decided", 9), ("result", 7))
    if case.tasks:
        yield Table(
            columns=_columns(file, titles),
            rows=tuple(_task_row(file, task) for task in case.tasks),
        )


def _task_row(file: CaseFile, task: Task) -> tuple[Words, ...]:
    who = task.decided_by and _decider(file, task)
    return (
        Words(text=_step_name(file, task)),
        file.shown(who or file.names_of(task.owners)),
        Words(text=file.at(task.opened_at)),
        Words(text=file.at(task.decided_at)) if task.decided_at else file.dash(),
        _result(file, task),
    )


def _decider(file: CaseFile, task: Task) -> str:
    who = file.name(task.decided_by or "")
    if task.on_behalf_of is None:
        return who
    return file.words.t("document.for", who=who, principal=file.name(task.on_behalf_of))


def _step_name(file: CaseFile, task: Task) -> str:
    name = file.definition.node(task.node).name.of(file.language)
    return _in_round(file, task, name)


def _in_round(file: CaseFile, task: Task, text: str) -> str:
    if file.case.visits(task.node) <= 1:
        return text
    return file.words.t("document.in_round", text=text, round=task.round)


def _result(file: CaseFile, task: Task) -> Words:
    words = file.words
    match task.status:
        case TaskStatus.OPEN:
            return Words(text=words.t("document.task.open"))
        case TaskStatus.CANCELLED:
            return _muted(file, "document.task.cancelled")
        case TaskStatus.RETURNED:
            return Words(text=words.t("document.outcome.return"), tone=Tone.WARN)
        case TaskStatus.DONE:
            return _outcome(file, task)


def _outcome(file: CaseFile, task: Task) -> Words:
    outcome = task.outcome or "complete"
    tone = {"approve": Tone.GOOD, "reject": Tone.DANGER, "return": Tone.WARN}
    text = file.words.t(f"document.outcome.{outcome}")
    node = file.definition.node(task.node)
    if isinstance(node, ApprovalNode):
        label = next((o.label for key, o in node.outcomes.items() if key == outcome), None)
        text = label.of(file.language) if label is not None else text
    return Words(text=text, tone=tone.get(outcome, Tone.NEUTRAL))


def _clocks(file: CaseFile) -> Iterator[Block]:
    rows = tuple(_clock_row(file, clock, name) for clock, name in _named_clocks(file))
    titles = (("clock", 12), ("limit", 7), ("due", 9), ("done", 9), ("kept", 11))
    if rows:
        yield Table(columns=_columns(file, titles), rows=rows)


def _named_clocks(file: CaseFile) -> Iterator[tuple[Clock, str]]:
    """The clocks of the whole case as the definition lists them, then those of its steps."""
    for key, planned in file.definition.clocks.items():
        clock = file.case.clock(key)
        if clock is not None:
            yield clock, planned.name.of(file.language)
    for task in file.case.tasks:
        clock = file.case.clock(_TASK + task.id)
        if clock is not None:
            name = _step_name(file, task)
            yield clock, file.words.t("document.step_clock", step=name)


def _clock_row(file: CaseFile, clock: Clock, name: str) -> tuple[Words, ...]:
    return (
        Words(text=name),
        Words(text=dates.span(clock.limit, language=file.language)),
        Words(text=file.at(clock.due_at)),
        Words(text=file.at(clock.stopped_at)) if clock.stopped_at else file.dash(),
        _kept(file, clock),
    )


def _kept(file: CaseFile, clock: Clock) -> Words:
    """Whether the limit was met, or is being met, and by how much."""
    words = file.words
    if clock.status is ClockStatus.STOPPED and clock.met is None:
        return _muted(file, "document.clock.cancelled")
    if clock.status is ClockStatus.PAUSED:
        return Words(text=words.t("clock.paused"))
    stopped = clock.stopped_at
    ended = stopped or file.now
    length = dates.duration(clock.due_at - ended, language=file.language)
    if clock.met:
        early = ended < clock.due_at
        text = words.t("document.clock.met_by" if early else "document.clock.met", length=length)
        return Words(text=text, tone=Tone.GOOD)
    if stopped is not None or ended > clock.due_at:
        msgid = "document.clock.missed_by" if stopped is not None else "document.clock.late_by"
        return Words(text=words.t(msgid, length=length), tone=Tone.DANGER)
    return Words(text=words.t("document.clock.running", length=length))


def _actions(file: CaseFile) -> Iterator[Block]:
    if file.history:
        yield Timeline(
            steps=tuple(
                Step(when=line.when, who=line.who, text=line.text, quote=quote)
                for line in file.history
                for quote in [
                    file.erased() if line.erased else Words(text=line.quote) if line.quote else None
                ]
            )
        )


def _answers(file: CaseFile) -> Iterator[Block]:
    """What those who were asked to approve said, round by round."""
    decided = [
        task
        for task in file.case.tasks
        if task.status is TaskStatus.DONE
        and isinstance(file.definition.node(task.node), ApprovalNode)
    ]
    steps = tuple(
        Step(
            when=file.at(task.decided_at) if task.decided_at else "",
            who=_decider(file, task),
            text=_in_round(file, task, _outcome(file, task).text),
            quote=file.said(task.content),
        )
        for task in decided
    )
    if steps:
        yield Timeline(steps=steps)


def _survey(file: CaseFile) -> Iterator[Block]:
    survey, words = file.case.survey, file.words
    if survey is None:
        return
    if survey.score is None:
        yield Paragraph(words=_muted(file, "document.survey.open"))
        return
    yield Score(
        score=survey.score,
        most=_MOST,
        text=words.t("document.survey.score", score=survey.score, most=_MOST),
        comment=file.said(survey.content),
    )


def _columns(file: CaseFile, titles: tuple[tuple[str, int], ...]) -> tuple[Column, ...]:
    return tuple(
        Column(title=file.words.t(f"document.column.{key}"), share=share) for key, share in titles
    )


def _muted(file: CaseFile, msgid: str) -> Words:
    return Words(text=file.words.t(msgid), tone=Tone.MUTED)


_LISTS: Mapping[str, Callable[[CaseFile], Iterator[Block]]] = {
    "people": _people,
    "clocks": _clocks,
    "actions": _actions,
    "answers": _answers,
    "survey": _survey,
}
