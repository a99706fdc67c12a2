"""Decides approvals by a rule of the definition, and records them as decisions of the system.

Three rules decide who need not be asked; each has to be written in the definition (decision 19):

* `self_approval = "pass"` approves where the filer would decide.
* `nobody = "pass"` approves and `nobody = "reject"` rejects where the definition names nobody.
* `repeated` approves where somebody would decide who has approved before: in the step just before
  (`consecutive`) or in any earlier one (`all`). Nothing material was changed since, and the step
  asks nothing else of them: no form, no actions, no separation of duties.

An approval with `for_each` is approved where nothing is left to check: because no certificate was
given and none is required, or, in a later round, because nothing was changed that had passed
(`verdicts.py`).

No other rule decides in a round after the first, to which a return has led, and nothing is repeated
in a case that was opened again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as replaced
from typing import Literal

from msgspec.structs import replace

from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards, news
from workflows.case.events import Body, Event
from workflows.case.people import owners_of
from workflows.case.state import Case, Visit
from workflows.case.task import Task, TaskStatus
from workflows.flow import duties, offer, verdicts
from workflows.model.approvals import PASS, REJECT, Approvals
from workflows.model.nodes import ApprovalNode

Rule = Literal["self_approval", "nobody", "same_approver", "unchanged", "nothing_to_check"]
NOTHING: Rule = "nothing_to_check"
UNCHANGED: Rule = "unchanged"


class DecidedByRule(Body, frozen=True, kw_only=True):
    """A rule of the definition decided an approval; nobody was asked.

    `original` is the task whose decision `same_approver` repeats. `to` are the process owners, who
    are notified that nobody was found.
    """

    stored = "DecidedByRule"

    task: str
    node: str
    round: int
    outcome: Literal["approve", "reject"]
    rule: Rule
    original: str = ""
    to: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Add the task as one that is decided, and close its visit."""
        visit = case.newest_at(self.node)
        task = visit.task(
            self.task,
            status=TaskStatus.DONE,
            assignee=None,
            candidates=(),
            opened_at=event.at,
            outcome=self.outcome,
            decided_by=event.actor,
            decided_at=event.at,
            rule=self.rule,
            original=self.original,
        )
        return replace(case, tasks=(*case.tasks, task)).without_visit(visit.id)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, and tell the process owners."""
        yield from case_cards()
        yield from news(self.to, kind="by_rule", seq=event.seq, task=self.task)


def decide(draft: Draft, node: ApprovalNode) -> Task | None:
    """Decide the approval that the case has just entered, if a rule does; return its task."""
    visit = draft.case.newest
    assert visit is not None, "the node was entered"
    if node.for_each is not None:
        listed = verdicts.listed(draft, node, visit)
        if listed.done:
            task = _record(draft, node, visit, rule=NOTHING if not listed.subjects else UNCHANGED)
            draft.cause(listed.of(task.id))
            return draft.task(task.id)
    if visit.round > 1:
        return None
    place = offer.Place(case=draft.case, world=draft.world, node=node, values=draft.values)
    found = foreseen(place, node)
    if found is None:
        return None
    rule, outcome, original = found
    return _record(draft, node, visit, rule=rule, outcome=outcome, original=original)


def _record(
    draft: Draft,
    node: ApprovalNode,
    visit: Visit,
    *,
    rule: Rule,
    outcome: Literal["approve", "reject"] = "approve",
    original: str = "",
) -> Task:
    task_id = draft.case.next_task()
    draft.cause(
        DecidedByRule(
            task=task_id,
            node=node.id,
            round=visit.round,
            outcome=outcome,
            rule=rule,
            original=original,
            to=owners_of(draft.case, draft.world) if rule == "nobody" else (),
        )
    )
    return draft.task(task_id)


def foreseen(
    place: offer.Place, node: ApprovalNode
) -> tuple[Rule, Literal["approve", "reject"], str] | None:
    """Return the rule that decides here, its outcome and the task that it repeats, or None.

    Of several signers a rule decides only where none of their entries names anybody.
    """
    rules = place.world.definition.rules_of(node)
    if node.seats:
        entries = (replaced(place, seat=seat) for seat in range(1, len(node.seats) + 1))
        if rules.nobody not in (PASS, REJECT) or not all(map(offer.nobody_named, entries)):
            return None
        return "nobody", "approve" if rules.nobody == PASS else "reject", ""
    if rules.self_approval == "pass" and offer.filer_meant(place):
        return "self_approval", "approve", ""
    if rules.nobody in (PASS, REJECT) and offer.nobody_named(place):
        return "nobody", "approve" if rules.nobody == PASS else "reject", ""
    original = _repeated(place, node, rules)
    return ("same_approver", "approve", original.id) if original is not None else None


def _repeated(place: offer.Place, node: ApprovalNode, rules: Approvals) -> Task | None:
    """Return the decision that is repeated here, or None."""
    separated = node.not_same_as or node.same_as is not None
    asks = node.form is not None or node.requires or node.for_each is not None or separated
    revoked = place.case.first_closed_at is not None  # whether it is right that it ended is new
    if rules.repeated == "none" or asks or revoked:
        return None
    people = offer.meant(place).people
    for task in _earlier(place, only_last=rules.repeated == "consecutive"):
        own = task.on_behalf_of is None and task.decided_by in people
        if own and _still_holds(place, node, task):
            return task
    return None


def _earlier(place: offer.Place, *, only_last: bool) -> Iterator[Task]:
    """Yield the approvals before this one that a person gave, the last first.

    Of one that repeated another, the other.
    """
    definition = place.world.definition
    around = tuple(place.case.around(place.spot))
    for task in reversed([one for one in place.case.tasks if not one.parent]):
        if only_last and place.case.counted_at(task.spot) not in around:
            continue  # of another branch
        approved = duties.counts(place.case, task, place.spot) and task.outcome == "approve"
        if approved and isinstance(definition.node(task.node), ApprovalNode):
            yield place.case.known_task(task.original) if task.original else task
        if only_last:
            return


def _still_holds(place: offer.Place, node: ApprovalNode, original: Task) -> bool:
    """Return whether nothing was returned, and nothing material was changed, since a decision.

    Without `material` fields every change counts.
    """
    later = place.case.tasks[place.case.tasks.index(original) + 1 :]
    material = place.world.definition.with_expiries(node.material)
    changed = set(original.edited) & (material or set(original.edited))
    return not changed and all(task.outcome != "return" for task in later)
