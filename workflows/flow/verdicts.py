"""Verdicts: an approval with `for_each` decides about each of several certificates (rules: checks).

It is one task. Its list is fixed when the visit opens: the certificates of a form that were given,
or that are required. The verdicts are counted like the votes of signers who all have to approve
(`tally.py`); once they give an outcome, whoever gave the last of them has decided the task.

In a later round a verdict "approve" carries over if neither files nor expiry were changed since,
and if the certificate is still valid where `refuse_expired` asks for it. A return that leads
straight to the approval asks about everything again, because nobody could change anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from msgspec.structs import replace

from workflows.case.draft import Draft, readable
from workflows.case.events import Body, Event
from workflows.case.state import Case, Visit
from workflows.case.task import Task, Verdict
from workflows.errors import Refusal
from workflows.field_rules import is_asked, is_required, today
from workflows.flow.tally import Choice, Rule, Vote, tally
from workflows.model.definition import Definition
from workflows.model.fields import FormField
from workflows.model.nodes import ApprovalNode
from workflows.model.signers import ALL


class SubjectsListed(Body, frozen=True, kw_only=True, omit_defaults=True):
    """An approval asks for a verdict about each of these subjects.

    The verdicts about those in `unchanged` carry over from the task `original`.
    """

    stored = "SubjectsListed"

    task: str
    subjects: tuple[str, ...]
    unchanged: tuple[str, ...] = ()
    original: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Add a verdict for each, which is open unless it carries over."""
        before = case.known_task(self.original).verdicts if self.unchanged else ()
        kept = {one.subject: replace(one, rule="unchanged") for one in before}
        verdicts = tuple(
            kept[one] if one in self.unchanged else Verdict(subject=one) for one in self.subjects
        )
        return case.with_task(self.task, verdicts=verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a visit decides about, and which verdicts carry over from the task `original`."""

    subjects: tuple[str, ...]
    unchanged: tuple[str, ...] = ()
    original: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is left to decide."""
        return len(self.unchanged) == len(self.subjects)

    def of(self, task: str) -> SubjectsListed:
        """Return the event that gives a task this list."""
        return SubjectsListed(
            task=task, subjects=self.subjects, unchanged=self.unchanged, original=self.original
        )


def listed(draft: Draft, node: ApprovalNode, visit: Visit) -> Listed:
    """Return the certificates about which a visit that has just begun decides."""
    due = tuple(field for field in certificates(draft.world.definition, node) if _due(draft, field))
    subjects = tuple(field.id for field in due)
    before = None if _sent_straight_back(draft) else _before(draft.case, visit)
    if before is None:
        return Listed(subjects=subjects)
    held = {one.subject for one in before.verdicts if one.outcome == "approve"}
    kept = tuple(
        field.id
        for field in due
        if field.id in held
        and set(field.names).isdisjoint(before.edited)
        and not (node.refuse_expired and _invalid(draft, field))
    )
    return Listed(subjects=subjects, unchanged=kept, original=before.id if kept else "")


def certificates(definition: Definition, node: ApprovalNode) -> tuple[FormField, ...]:
    """Return the certificates of the form that an approval checks."""
    assert node.checked_form is not None, "lint refuses another for_each"
    return definition.forms[node.checked_form].certificates


def require_valid(draft: Draft, node: ApprovalNode, subjects: tuple[str, ...]) -> None:
    """Raise Refusal if one of these certificates has expired, or was not handed in."""
    for field in certificates(draft.world.definition, node):
        why = _invalid(draft, field) if field.id in subjects else None
        if why is not None:
            raise why


def require_valid_subject(draft: Draft, task: Task) -> None:
    """Raise Refusal if the certificate for which the branch of a task began cannot be approved."""
    branch = draft.case.started(task.spot)
    subject = branch.opened.subject if branch is not None and branch.opened is not None else ""
    for form in draft.world.definition.forms.values():
        for field in form.certificates:
            why = _invalid(draft, field) if field.id == subject else None
            if why is not None:
                raise why


def count(node: ApprovalNode, task: Task) -> Choice:
    """Return the outcome that the verdicts of a task give, "" while they give none."""
    rule = Rule(sign=ALL, on_reject=node.on_reject, on_return=node.on_return)
    return tally(rule, [Vote(choice=cast("Choice", one.outcome)) for one in task.verdicts])


def _due(draft: Draft, field: FormField) -> bool:
    """Return whether a certificate was given, or is required."""
    if draft.values.get(field.id):
        return True
    known = readable(draft.case, draft.values)
    asked = is_asked(field, known, draft.world.conditions)
    return asked and is_required(field, known, draft.world.conditions)


def _invalid(draft: Draft, field: FormField) -> Refusal | None:
    """Return why a certificate cannot be approved where only valid ones are."""
    if not draft.values.get(field.id):
        return Refusal("missing_not_approved", certificate=field.label)
    day = draft.values.get(field.expires_name)
    expires = date.fromisoformat(str(day)) if day else None
    if expires is None or expires >= today(draft.world):
        return None
    return Refusal("expired_not_approved", certificate=field.label, day=expires)


def _before(case: Case, visit: Visit) -> Task | None:
    """Return the task of the node's last visit in this scope, None if there is none to go by."""
    found: Iterator[Task] = (
        task
        for task in reversed(case.tasks)
        if task.node == visit.node and task.spot == visit.spot and task.verdicts
    )
    last = next(found, None)
    if last is None or last.opened_at <= (case.first_closed_at or 0):
        return None  # whether it is right that a case ended is a new question
    return last


def _sent_straight_back(draft: Draft) -> bool:
    """Return whether this very decision is a return."""
    tasks = {getattr(event.body, "task", "") for event, _ in draft.steps}
    return any(draft.case.known_task(one).outcome == "return" for one in tasks if one)
