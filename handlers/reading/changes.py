"""What was changed in the forms of a case when they were submitted again.

The form of an approval is left out: each signer writes an opinion of their own. Fields that the
reader may not see, and what was erased, are left out too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.reading.case import Reading
from workflows.case.events import Event
from workflows.case.task import ContentRef, Task
from workflows.flow.entering import NodeEntered, TaskCompleted
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.records import FORM

MOST = 200  # characters of a value on a card


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field whose value was changed by an event."""

    event: Event
    field: FormField
    before: object
    after: object


def changes(reading: Reading) -> Iterator[Change]:
    """Yield every change, in the order of the events."""
    last: dict[tuple[str, str], ContentRef] = {}  # by form and field
    for event in reading.events:
        ref: ContentRef | None = getattr(event.body, "content", None)
        content = reading.contents.get(ref.id) if ref is not None else None
        key = content.kind.removeprefix(FORM) if content is not None else ""
        form = reading.definition.forms.get(key)
        if form is None or ref is None or _opinion(reading, event):
            continue
        for field in _asked(reading, event, form, ref):
            before = last.get((key, field.id))
            if before is not None:
                yield from _difference(reading, event, field, before, ref)
            last[key, field.id] = ref


def since_last_round(reading: Reading, task: Task) -> tuple[Change, ...]:
    """Return what was changed since the case came to the step of a task the last time before.

    Each field once, from its value then to its value now.
    """
    entered = [
        (event.seq, event.body.node)
        for event in reading.events
        if isinstance(event.body, NodeEntered)
    ]
    visit = int(task.visit.removeprefix("v"))
    before = [seq for seq, node in entered[: visit - 1] if node == task.node]
    if not before:
        return ()
    found: dict[str, Change] = {}
    for one in changes(reading):
        if one.event.seq > before[-1]:
            first = found.get(one.field.id, one)
            found[one.field.id] = replace(one, before=first.before)
    return tuple(one for one in found.values() if one.before != one.after)


def value_text(reading: Reading, field: FormField, value: object) -> str:
    """Return a value before or after a change, in short; a dash if there is none."""
    rows = field.type is FieldType.ROWS and value
    text = reading.rows_in_full(field, value) if rows else reading.value(field, value)
    if not text.strip():
        return reading.words.t("change.empty")
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"


def _opinion(reading: Reading, event: Event) -> bool:
    body = event.body
    task = reading.case.task(body.task) if isinstance(body, TaskCompleted) else None
    return task is not None and isinstance(reading.definition.node(task.node), ApprovalNode)


def _asked(reading: Reading, event: Event, form: Form, ref: ContentRef) -> tuple[FormField, ...]:
    """Return the fields that were asked; with `only`, those of the certificate in the content."""
    body = event.body
    task = reading.case.task(body.task) if isinstance(body, TaskCompleted) else None
    node = reading.definition.node(task.node) if task is not None else None
    if not isinstance(node, TaskNode) or node.only is None or reading.is_erased(ref):
        return form.fields
    given = reading.body_values(ref)
    alone = (form.about(one.id) for one in form.certificates if one.id in given)
    return next(alone, form.fields)


def _difference(
    reading: Reading, event: Event, field: FormField, old: ContentRef, new: ContentRef
) -> Iterator[Change]:
    if reading.is_erased(old) or reading.is_erased(new):
        return
    before = reading.body_values(old).get(field.id)
    after = reading.body_values(new).get(field.id)
    if before != after:
        yield Change(event=event, field=field, before=before, after=after)
