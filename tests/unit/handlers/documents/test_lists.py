"""Results of tasks in the list of people, whatever became of the task."""

import pytest
from msgspec.structs import replace

from handlers.documents.lists import blocks
from handlers.rendering.model import Table, TextTone
from tests.unit.handlers.documents.samples import CASE, source
from workflows.case.task import TaskStatus


def row_of(**changes):
    task = replace(CASE.tasks[2], **changes)
    found = blocks(source("en", case=replace(CASE, tasks=(task,))), "people")
    table = found[1]
    assert isinstance(table, Table)
    return table.rows[0]


@pytest.mark.parametrize(
    ("changes", "text", "tone"),
    [
        ({"outcome": "approve"}, "Customer is satisfied", TextTone.GOOD),
        ({"outcome": "return"}, "Customer is not satisfied", TextTone.WARN),
        ({"outcome": "reject"}, "Rejected", TextTone.DANGER),
        ({"outcome": "complete"}, "Completed", TextTone.NEUTRAL),
        (
            {"outcome": "approve", "voided": True},
            "Customer is satisfied, now void",
            TextTone.MUTED,
        ),
        (
            {"outcome": "approve", "rule": "nobody", "decided_by": "system"},
            "Customer is satisfied by rule (the definition found nobody)",
            TextTone.GOOD,
        ),
        ({"status": TaskStatus.RETURNED}, "Returned", TextTone.WARN),
        ({"status": TaskStatus.CANCELLED}, "Not needed", TextTone.MUTED),
    ],
)
def test_what_became_of_a_task_is_said(changes, text, tone):
    result = row_of(**changes)[4]

    assert (result.text, result.tone) == (text, tone)


def test_an_open_task_names_those_who_have_it():
    row = row_of(
        status=TaskStatus.OPEN,
        assignee=None,
        candidates=("p2", "p3"),
        decided_by=None,
        decided_at=None,
        outcome=None,
    )

    assert [cell.text for cell in row[1:]] == ["李伟, 陈静", "18 Nov 2026 09:30", "—", "Open"]


def test_a_case_without_tasks_still_has_its_filer():
    assert len(blocks(source(case=replace(CASE, tasks=())), "people")) == 1
