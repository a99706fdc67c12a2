"""Makes approvals void whose `material` fields were changed after they were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.flow import duties
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode


class DecisionVoided(Body, frozen=True, kw_only=True):
    """A decision counts no more.

    Because `fields` were changed in another task, or, without fields, because that task returned
    the case to a step before it, or decided the ballot in which a return precedes this reject.
    """

    stored = "DecisionVoided"

    task: str
    fields: tuple[str, ...]
    by: str  # that task

    def apply(self, case: Case, event: Event) -> Case:
        """Mark the decision as void; it is kept."""
        return case.with_task(self.task, voided=True, voided_by=self.by)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the task, and tell whoever decided it, unless it was returned."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        if not self.fields and task.outcome != "reject":
            return
        yield from news(
            dict.fromkeys(duties.doers(case, task)), kind="voided", seq=event.seq, task=self.task
        )


def changed(draft: Draft, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids of the fields that a submitted form changes.

    Only where a rule of the definition asks: others are not compared, which takes the values of
    the whole case.
    """
    if not values or not _asked(draft.world.definition):
        return ()
    before = draft.world.values
    return tuple(
        sorted(key for key, value in values.items() if _kept(value) != _kept(before.get(key)))
    )


def void(draft: Draft, *, by: str, fields: tuple[str, ...]) -> tuple[Task, ...]:
    """Make the approvals void to which these fields are material, and those that repeat them.

    `by` is the task in which they were changed; its own decision was made with the new values. An
    approval that is held for signers after it is none yet. What was approved before a case came to
    rest is over, and stays as it was decided. Return the seats among them whose ballot is open,
    because they have to be asked again.
    """
    void: dict[str, tuple[str, ...]] = {}
    branch = draft.case.started(draft.task(by).spot)
    for task in draft.case.tasks:
        around = (one.scope for one in draft.case.around(task.spot))
        if branch is not None and branch.parent not in around:
            continue
        node = draft.world.definition.node(task.node)
        if task.id == by or task.outcome != "approve" or task.voided or task.unfinished:
            continue
        branch = draft.case.started(task.spot)
        if branch is not None and branch.ended_at:
            continue  # what it led to was decided, such as the score of a quarter
        named = node.material if isinstance(node, ApprovalNode) else ()
        material = draft.world.definition.with_expiries(named)
        touched = tuple(field for field in fields if field in material)
        touched = touched or void.get(task.original, ()) or void.get(task.parent, ())
        if touched:
            void[task.id] = touched
            draft.cause(DecisionVoided(task=task.id, fields=touched, by=by))
    standing = {visit.id for visit in draft.case.visits} if void else ()
    found = map(draft.task, void)
    return tuple(task for task in found if task.seat and task.visit in standing)


def _asked(definition: Definition) -> bool:
    approvals = (node for node in definition.nodes if isinstance(node, ApprovalNode))
    return any(
        node.material or node.for_each or definition.rules_of(node).repeated != "none"
        for node in approvals
    )


def _kept(value: object) -> object:
    """Return a value as it is stored: a list for several, None for an empty one."""
    return None if value in ("", [], ()) else list(value) if isinstance(value, tuple) else value
