"""Builds the lists of an approval in documents: decisions, changes of the request, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.documents import cells
from handlers.documents.source import DocumentSource
from handlers.rendering.model import Block, Paragraph, StyledText, Table, TextTone
from workflows.actions.decide import TaskCompleted
from workflows.case.events import Event
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.model.fields import Form
from workflows.model.nodes import ApprovalNode
from workflows.records import FORM

_TONES = {Status.COMPLETED: TextTone.GOOD, Status.REJECTED: TextTone.DANGER}


def decisions(source: DocumentSource) -> Iterator[Block]:
    """Yield every decision of an approval: signer, decision, opinion, and mark with time."""
    reading = source.reading
    rows = tuple(
        (
            StyledText(text=cells.step_name(source, task)),
            cells.outcome(source, task),
            source.said(task.content) or source.dash(),
            _mark(source, task),
        )
        for task in reading.case.tasks
        if task.status is TaskStatus.DONE
        and isinstance(reading.definition.node(task.node), ApprovalNode)
    )
    titles = (("step", 10), ("result", 6), ("opinion", 18), ("mark", 14))
    if rows:
        yield Table(columns=cells.columns(source, titles), rows=rows)


def _mark(source: DocumentSource, task: Task) -> StyledText:
    """Return the mark of the signer: the name and the time; a void one is muted."""
    reading = source.reading
    at = reading.at(task.decided_at) if task.decided_at else ""
    if task.rule:
        return StyledText(text=source.words.t("document.mark.rule", at=at), tone=TextTone.MUTED)
    text = source.words.t("document.mark", who=cells.decider(source, task), at=at)
    return StyledText(text=text, tone=TextTone.MUTED if task.voided else TextTone.NEUTRAL)


def rounds(source: DocumentSource) -> Iterator[Block]:
    """Yield what was changed in a form when it was submitted again.

    The form of an approval is left out: each signer writes an opinion of their own.
    """
    titles = (("decided", 9), ("who", 8), ("field", 10), ("before", 13), ("after", 13))
    rows = tuple(_changes(source))
    if rows:
        yield Table(columns=cells.columns(source, titles), rows=rows)


def _changes(source: DocumentSource) -> Iterator[tuple[StyledText, ...]]:
    reading = source.reading
    before: dict[str, ContentRef] = {}
    for event in reading.events:
        ref: ContentRef | None = getattr(event.body, "content", None)
        content = reading.contents.get(ref.id) if ref is not None else None
        key = content.kind.removeprefix(FORM) if content is not None else ""
        form = reading.definition.forms.get(key)
        if form is None or ref is None or _opinion(source, event):
            continue
        if key in before:
            yield from _differences(source, event, form, before[key], ref)
        before[key] = ref


def _opinion(source: DocumentSource, event: Event) -> bool:
    body, reading = event.body, source.reading
    task = reading.case.task(body.task) if isinstance(body, TaskCompleted) else None
    return task is not None and isinstance(reading.definition.node(task.node), ApprovalNode)


def _differences(
    source: DocumentSource, event: Event, form: Form, old: ContentRef, new: ContentRef
) -> Iterator[tuple[StyledText, ...]]:
    reading = source.reading
    if reading.is_erased(old) or reading.is_erased(new):
        return
    was, now = reading.body_values(old), reading.body_values(new)
    who = reading.performer(event.actor, on_behalf_of=event.on_behalf_of)
    for field in form.fields:
        if was.get(field.id) != now.get(field.id):
            yield (
                StyledText(text=reading.at(event.at)),
                StyledText(text=who),
                StyledText(text=reading.text(field.label)),
                source.shown(reading.value(field, was.get(field.id))),
                source.shown(reading.value(field, now.get(field.id))),
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
