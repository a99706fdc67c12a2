"""Builds the lists of an approval in documents: decisions, changes of the request, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.documents import cells
from handlers.documents.source import DocumentSource
from handlers.reading import verdicts
from handlers.reading.changes import changes
from handlers.rendering.model import Block, Paragraph, StyledText, Table, TextTone
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.model.nodes import ApprovalNode

_EMPTY: tuple[object, ...] = (None, "", [], ())  # values of a field without an answer
_TONES = {Status.COMPLETED: TextTone.GOOD, Status.REJECTED: TextTone.DANGER}


def decisions(source: DocumentSource) -> Iterator[Block]:
    """Yield every decision of an approval in its order: decision, opinion, mark with time."""
    inorder = sorted(decided(source), key=lambda one: one.decided_at or 0)
    rows = tuple(row for task in inorder for row in _decision(source, task))
    titles = (("step", 12), ("result", 8), ("opinion", 14), ("mark", 16))
    if rows:
        yield Table(columns=cells.columns(source, titles), rows=rows)


def _decision(source: DocumentSource, task: Task) -> Iterator[tuple[StyledText, ...]]:
    """Yield the row of a decision, and one for each certificate about which it decided."""
    reading = source.reading
    yield (
        StyledText(text=cells.step_name(source, task)),
        cells.outcome(source, task),
        _opinion(source, task),
        _mark(source, task),
    )
    for one in task.verdicts:
        if one.outcome:
            who = reading.performer(one.by, on_behalf_of=one.on_behalf_of)
            subject = verdicts.subject(reading, one)
            mark = source.words.t("document.mark", who=who, at=reading.at(one.at))
            yield (
                StyledText(text=source.words.t("document.subject", subject=subject)),
                StyledText(text=verdicts.mark(reading, one)),
                source.said(one.content) or source.dash(),
                StyledText(text=mark, tone=TextTone.MUTED),
            )


def _opinion(source: DocumentSource, task: Task) -> StyledText:
    """Return what was written with a decision; without its label if it is the main field alone."""
    reading, ref = source.reading, task.content
    key = reading.definition.work_node(task.node).form
    main = reading.definition.forms[key].main_field if key is not None else None
    given = {name for name, value in reading.body_values(ref).items() if value not in _EMPTY}
    if main is not None and given == {main.id} and not reading.body_text(ref):
        return source.shown(reading.value(main, reading.body_values(ref)[main.id]))
    return source.said(ref) or source.dash()


def decided(source: DocumentSource) -> Iterator[Task]:
    """Yield the decisions of approvals; the reject of an added signer once, as theirs."""
    reading = source.reading
    for task in reading.case.tasks:
        repeats = task.original and not task.rule
        approval = isinstance(reading.definition.node(task.node), ApprovalNode)
        if task.status is TaskStatus.DONE and approval and not repeats:
            yield task


def _mark(source: DocumentSource, task: Task) -> StyledText:
    """Return the mark of the signer: the name and the time; a void one is muted."""
    reading = source.reading
    at = reading.at(task.decided_at) if task.decided_at else ""
    if task.rule:
        return StyledText(text=source.words.t("document.mark.rule", at=at), tone=TextTone.MUTED)
    text = source.words.t("document.mark", who=cells.decider(source, task), at=at)
    return StyledText(text=text, tone=TextTone.MUTED if task.voided else TextTone.NEUTRAL)


def rounds(source: DocumentSource) -> Iterator[Block]:
    """Yield what was changed in a form when it was submitted again."""
    titles = (("decided", 9), ("who", 8), ("field", 10), ("before", 13), ("after", 13))
    rows = tuple(_changes(source))
    if rows:
        yield Table(columns=cells.columns(source, titles), rows=rows)


def _changes(source: DocumentSource) -> Iterator[tuple[StyledText, ...]]:
    reading = source.reading
    for one in changes(reading):
        who = reading.performer(one.event.actor, on_behalf_of=one.event.on_behalf_of)
        yield (
            StyledText(text=reading.at(one.event.at)),
            StyledText(text=who),
            StyledText(text=reading.text(one.field.label)),
            source.shown(reading.value(one.field, one.before)),
            source.shown(reading.value(one.field, one.after)),
        )


def verdict(source: DocumentSource) -> Iterator[Block]:
    """Yield how the case ended, and when."""
    reading = source.reading
    case = reading.case
    if case.closed_at is None:
        yield Paragraph(words=cells.muted(source, "document.verdict.open"))
        return
    text = source.words.t(
        "document.verdict",
        end=reading.node(case.node),
        status=reading.status,
        at=reading.at(case.closed_at),
    )
    yield Paragraph(words=StyledText(text=text, tone=_TONES.get(case.status, TextTone.NEUTRAL)))
