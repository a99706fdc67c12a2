"""What administrators do to a case: the questions of their forms, in chat and on the command line.

Each action has its own module in `handlers.actions`, with its form; the command line takes the same
steps by their names (rules: administration).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from handlers import casework
from handlers.answers import read_text, required_words
from handlers.buttons import button
from handlers.contents import keep
from handlers.interaction import Interaction, Looking
from handlers.office import Office
from handlers.pages import Button, Card, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import text_question
from storage.unit import Tx
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.people import administrators_of
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.errors import FormInvalid, Refusal
from workflows.flow import administering, authority
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode

STEP, NODE = "step", "node"  # the ids of the questions
BULK_MOST = 1000  # tasks of a person that are reassigned at once


def may_administer(reading: Reading) -> bool:
    """Return whether the reader may administer the case."""
    return reading.reader.key in administrators_of(reading.case, reading.world)


def offered(reading: Reading) -> Iterator[Button]:
    """Yield the buttons of what an administrator can do to the case now."""
    case = reading.case
    if case.status is not Status.RUNNING:
        if not case.merged_into:
            yield button(reading, "reopen")
        return
    if case.open_tasks:
        yield button(reading, "reassign")
        yield button(reading, "skipstep")
        if len(case.open_tasks) > 1 or case.rests:
            yield button(reading, "cancelstep")
    if any(_is_approval(reading, task) for task in case.open_tasks):
        yield button(reading, "addperson")
    yield button(reading, "jump")
    yield button(reading, "merge")
    yield button(reading, "terminate", style="danger")


def _is_approval(reading: Reading, task: Task) -> bool:
    return isinstance(reading.definition.node(task.node), ApprovalNode) and not task.parent


def require(it: Looking, *, ended: bool = False) -> None:
    """Raise what would be refused anyway, before a form opens.

    Everybody but administrators is refused, and a case that has ended, or with `ended` one that
    runs or was merged.
    """
    draft = Draft(it.case, actor=it.person, via=it.via, values={}, world=it.world)
    administering.require_administrator(draft)
    if it.case.merged_into:
        raise Refusal("case_merged", into=it.case.merged_into)
    if ended and it.case.status is Status.RUNNING:
        raise Refusal("case_running")
    if not ended:
        authority.require_running(draft)


def step_question(it: Looking, verb: str) -> Question:
    """Return the question for one of the open tasks, each with who has it.

    A single one is chosen. Raises Refusal `no_open_step` without any.
    """
    tasks = it.case.open_tasks
    if not tasks:
        raise Refusal("no_open_step")
    choices = tuple(Choice(id=task.id, label=_label(it, task)) for task in tasks)
    return choice_question(it, verb, STEP, choices)


def read_step(raw: object) -> str:
    """Return the id of the open task that was chosen.

    Raises FormInvalid without one: of several somebody has to choose, and one that is open no more
    was dropped from the form.
    """
    found = required_words(raw, STEP) if raw else ()
    if not found:
        raise FormInvalid({STEP: Refusal("step_gone")})
    return found[0]


def _label(it: Looking, task: Task) -> str:
    node = it.definition.node(task.node).name.of(it.language)
    people = it.names(task.owners)
    return f"{node} · {people}" if people else node


def node_question(it: Looking, verb: str) -> Question:
    """Return the question for a step of the process."""
    nodes = it.definition.nodes
    choices = tuple(Choice(id=node.id, label=node.name.of(it.language)) for node in nodes)
    return choice_question(it, verb, NODE, choices)


def choice_question(it: Looking, verb: str, id: str, choices: tuple[Choice, ...]) -> Question:
    """Return a question with the label `sheet.<verb>.<id>`; a single choice is chosen."""
    return Question(
        id=id,
        type=FieldType.CHOICE.value,
        label=it.words.t(f"sheet.{verb}.{id}"),
        required=True,
        choices=choices,
        value=choices[0].id if len(choices) == 1 else None,
    )


def why_question(it: Looking, verb: str) -> Question:
    """Return the question for the reason, which is required."""
    return text_question(verb, language=it.language)


def keep_reason(it: Interaction, raw: object) -> ContentRef:
    """Store the reason that was given. Raises FormInvalid without one."""
    return it.keep_text("reason", read_text(raw))


def menu(reading: Reading, *, newer: bool) -> Card:
    """Return the card with what the reader can do to the case as an administrator.

    `newer` is whether its process has a newer version than the case. Raises Refusal
    `not_an_administrator` for everybody else.
    """
    if not may_administer(reading):
        raise Refusal("not_an_administrator")
    moves = newer and reading.case.status is Status.RUNNING
    return Card(
        kind="manage",
        case_id=reading.case.id,
        title=reading.words.t("card.manage", case=reading.case.id),
        text=reading.words.t("manage.text"),
        buttons=(*offered(reading), *((button(reading, "movecase"),) if moves else ())),
    )


def administer(
    tx: Tx,
    office: Office,
    *,
    case_id: str,
    person: str,
    reason: str,
    make: Callable[[Case, ContentRef], Command],
) -> Case:
    """Carry out the command that `make` returns on a case, with a reason; return its new state.

    Raises Refusal; nothing is stored then.
    """
    case = casework.find(tx, case_id)
    body = {"text": reason}
    kept = keep(tx, office, case_id=case.id, kind="reason", author=person, body=body)
    return casework.change(tx, office, make(case, kept.ref), case_id=case.id)


def tasks_of(tx: Tx, office: Office, person: str, *, by: str) -> tuple[tuple[str, str], ...]:
    """Return (case, task) of the open tasks that a person has in cases that `by` administers.

    Raises Refusal `nothing_to_reassign` without any.
    """
    found = []
    for row in tx.worklist.of((person,), limit=BULK_MOST):
        case = casework.find(tx, row.case_id, lock=False)
        task = case.task(row.task)
        world = casework.world_of(tx, office, case, office.shelf.of(tx, case))
        mine = task is not None and task.assignee == person
        if mine and by in administrators_of(case, world):
            found.append((case.id, row.task))
    if not found:
        raise Refusal("nothing_to_reassign", person=office.directory(tx).people[person].id)
    return tuple(found)


def open_step(case: Case, named: str) -> Task:
    """Return the task that is meant by its id, by its step, or without a name if one is open.

    Raises Refusal `no_open_step`, and `which_step` if several are open.
    """
    known = case.task(named)
    if known is not None:
        return known
    found = [task for task in case.open_tasks if named in ("", task.node)]
    if not found:
        found = [
            task
            for task in case.tasks
            if task.status is TaskStatus.WAITING and task.node == named and not task.parent
        ]
    if not found:
        raise Refusal("no_open_step", tasks=_listed(case.open_tasks))
    if len(found) > 1:
        raise Refusal("which_step", tasks=_listed(found))
    return found[0]


def _listed(tasks: Iterable[Task]) -> str:
    return ", ".join(f"{one.id} ({one.node})" for one in tasks) or "-"
