"""What administrators may do to a case, and who is notified (rules: administration).

The owner of a process, those whom its `admins` name, and the administrators of the company repair a
case that is stuck: they give a step to somebody else, skip or cancel it, let the case go on from
another step, end it, or open it again. Each of these needs a reason. It is never a decision of a
person who has the work, and nobody helps their own case past an approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.case.draft import Draft
from workflows.case.effects import Effect, news
from workflows.case.people import administrators_of, owners_of
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import duties, offer
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode

CARD = "administered"  # the kind of the message


def require_administrator(draft: Draft) -> None:
    """Raise Refusal `not_an_administrator` for everybody who may not administer the case."""
    if draft.actor not in administrators_of(draft.case, draft.world):
        raise Refusal("not_an_administrator")


def require_no_party(draft: Draft, task: Task) -> None:
    """Raise Refusal `own_case` if the step is an approval that the actor may not decide.

    Because they filed the case, did the work that it judges, decided a step that has to be decided
    by somebody else, or have another seat of it.
    """
    if not isinstance(draft.world.definition.node(task.node), ApprovalNode):
        return
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    why = offer.barred(place, way="handed").get(draft.actor)
    if _filed(draft) or why not in (None, "excepted", "same_as"):
        raise Refusal("own_case")


def require_outsider(draft: Draft) -> None:
    """Raise Refusal `own_case` if the actor is a party of a case that has approvals.

    A party is whoever filed the case, or did work of it that counts.
    """
    case, definition = draft.case, draft.world.definition
    if not any(isinstance(node, ApprovalNode) for node in definition.nodes):
        return
    if _filed(draft) or draft.actor in _workers(case, definition):
        raise Refusal("own_case")


def _filed(draft: Draft) -> bool:
    return draft.actor in (draft.case.filer, draft.case.acting_filer)


def _workers(case: Case, definition: Definition) -> Iterator[str]:
    """Yield the people who did work of a case that somebody else may have to approve."""
    for task in case.tasks:
        if duties.valid(task) and task.outcome == "complete":
            yield from duties.doers(case, task)
    left = (one for one in case.left if not isinstance(definition.node(one.node), ApprovalNode))
    for one in left:
        yield from one.doers


def concerned(
    draft: Draft, tasks: Iterable[Task] = (), *, but: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return who is notified: the filer, who has these tasks, and the owners of the process.

    Not the actor, nobody who has left, and not those in `but`, whose card of the task says why.
    """
    case, directory = draft.case, draft.world.directory
    people = (case.acting_filer, *(one for task in tasks for one in task.owners))
    found = dict.fromkeys((*people, *owners_of(case, draft.world)))
    out = {draft.actor, *but}
    return tuple(one for one in found if one not in out and directory.active(one))


def unfinished(case: Case) -> tuple[Task, ...]:
    """Return the tasks that are open or wait for their turn: who has them loses work at an end."""
    return tuple(task for task in case.tasks if task.unfinished)


def tell(people: Iterable[str], *, seq: int, task: str | None = None) -> Iterator[Effect]:
    """Yield the message about an action of an administrator for each of these people."""
    yield from news(people, kind=CARD, seq=seq, task=task)
