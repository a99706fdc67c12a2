"""The cells that the lists of documents share: steps, deciders, outcomes, columns."""

from __future__ import annotations

from handlers.documents.source import DocumentSource
from handlers.reading import signers, standing
from handlers.rendering.model import Column, StyledText, TextTone
from workflows.case.task import ADMIN, Task


def decider(source: DocumentSource, task: Task) -> str:
    """Return who decided a task, or skipped it, with the principal if a deputy did."""
    if task.rule == ADMIN and task.admin:
        return source.reading.name(task.admin)
    return source.reading.performer(task.decided_by, on_behalf_of=task.on_behalf_of)


def step_name(source: DocumentSource, task: Task) -> str:
    """Return the name of a step, with what it is about, its round, and how it was added."""
    node = source.reading.node(task.node)
    if source.ids and node != task.node:
        node = source.words.t("document.with_id", name=node, id=task.node)
    name = standing.named(source.reading, task.spot, node)
    name = in_round(source, task, name)
    return signers.as_added(source.reading, task, name) if task.added_by else name


def in_round(source: DocumentSource, task: Task, text: str) -> str:
    """Return a text about a task, with the round if its step was visited several times."""
    if source.reading.case.times_at(task.node) <= 1:
        return text
    return source.words.t("document.in_round", text=text, round=task.round)


def outcome(source: DocumentSource, task: Task) -> StyledText:
    """Return the outcome of a task; one that is void is muted."""
    tone = {"approve": TextTone.GOOD, "reject": TextTone.DANGER, "return": TextTone.WARN}
    text = source.reading.outcome(task, in_a_column=True)
    if task.voided:
        return StyledText(text=text, tone=TextTone.MUTED)
    return StyledText(text=text, tone=tone.get(task.outcome or "", TextTone.NEUTRAL))


def columns(source: DocumentSource, titles: tuple[tuple[str, int], ...]) -> tuple[Column, ...]:
    """Return the columns with these titles and shares of the width."""
    return tuple(
        Column(title=source.words.t(f"document.column.{key}"), share=share) for key, share in titles
    )


def muted(source: DocumentSource, msgid: str) -> StyledText:
    """Return a text that is of less importance."""
    return StyledText(text=source.words.t(msgid), tone=TextTone.MUTED)
