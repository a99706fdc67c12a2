"""The buttons that a reader gets for a task or a case, from the views of all actions."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.action_view import Offered, Standing
from handlers.buttons import button
from handlers.pages import Button
from handlers.reading.case import Reading
from handlers.registry import VIEWS
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.flow import authority

Choices = tuple[tuple[Button, ...], tuple[Button, ...]]
"""The buttons on the card, and the buttons in its menu."""


def task_choices(reading: Reading, task: Task) -> Choices:
    """Return the buttons for a task, among them those that explain and show its case.

    There are none if the case is not running, or the task is neither open nor waits for people who
    were added.
    """
    at_work = task.status is TaskStatus.OPEN or reading.case.added(task.id)
    if not at_work or reading.case.status is not Status.RUNNING:
        return (), ()
    standing = _standing(reading, task)
    main, more = _sorted(o for v in VIEWS.values() for o in v.on_task(reading, task, standing))
    me, details = reading.reader.key, button(reading, "details")
    if not authority.may_read(reading.case, person=me, world=reading.world):
        return main, (*more, details)
    return main, (*more, button(reading, "why"), details)


def decided_choices(reading: Reading, task: Task) -> Choices:
    """Return the buttons on the card of a task that is not open any more, while the case runs."""
    if task.status is TaskStatus.OPEN or reading.case.status is not Status.RUNNING:
        return (), ()
    return _sorted(o for v in VIEWS.values() for o in v.on_decided(reading, task))


def case_choices(reading: Reading) -> Choices:
    """Return the buttons for the case as a whole, among them those that explain it."""
    main, more = _sorted(offered for view in VIEWS.values() for offered in view.on_case(reading))
    explain = ("why", "route") if reading.case.status is Status.RUNNING else ("why",)
    return main, (*more, *(button(reading, verb) for verb in explain))


def all_choices(reading: Reading) -> tuple[Choices, Choices]:
    """Return the buttons for the open tasks, and those for the case as a whole.

    Those of the tasks are without the verbs that the case offers, and without "details".
    """
    main, more = case_choices(reading)
    of_the_case = frozenset({"details", *(button.verb for button in (*main, *more))})
    on_card: list[Button] = []
    rarer: list[Button] = []
    at_work = (
        task
        for task in reading.case.tasks
        if task.status is TaskStatus.OPEN or reading.case.added(task.id)
    )
    for task in at_work:
        for found, buttons in zip((on_card, rarer), task_choices(reading, task), strict=True):
            found.extend(button for button in buttons if button.verb not in of_the_case)
    return (tuple(on_card), tuple(rarer)), (main, more)


def choices_everywhere(reading: Reading) -> tuple[Button, ...]:
    """Return the buttons that are on every card about the case, such as on a comment."""
    views = (view for view in VIEWS.values() if view.everywhere)
    return tuple(offered.button for view in views for offered in view.on_case(reading))


def task_notes(reading: Reading, task: Task) -> tuple[str, ...]:
    """Return the notes of all actions for an open task."""
    return tuple(note for view in VIEWS.values() for note in view.notes(reading, task))


def _standing(reading: Reading, task: Task) -> Standing:
    if not reading.may_act(task):
        return Standing.RESCUER if reading.reader.key in task.rescuers else Standing.READER
    if task.status is not TaskStatus.OPEN:
        return Standing.ADDED
    return Standing.CANDIDATE if task.assignee is None else Standing.ASSIGNEE


def _sorted(offered: Iterable[Offered]) -> Choices:
    found = tuple(offered)
    main = tuple(one.button for one in found if one.main)
    return main, tuple(one.button for one in found if not one.main)
