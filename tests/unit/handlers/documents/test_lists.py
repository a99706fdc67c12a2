"""Results of tasks in the list of people, and what works found in the list of actions."""

import pytest
from msgspec.structs import replace

from handlers.documents.lists import blocks
from handlers.rendering.model import Table, TextTone, Timeline
from tests.unit.handlers.documents.samples import (
    CASE,
    FILES,
    after,
    complaint,
    content,
    ref,
    source,
)
from workflows.case.events import SYSTEM, Event
from workflows.case.task import TaskStatus
from workflows.flow.services import WorkDone
from workflows.model.nodes import ServiceNode


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


CHECKED = ServiceNode.model_validate({
    "id": "check",
    "kind": "service",
    "name": {"zh": "检查", "en": "Check"},
    "work": "rehearse",
    "values": {"draft": "evidence"},
    "outcomes": {"ok": "triage", "findings": "triage", "failed": "triage"},
})  # fmt: skip


def found_by(*lines, files=(), language="en"):
    """What the list of actions says that a work has found."""
    definition = complaint().model_copy(update={"nodes": (*complaint().nodes, CHECKED)})
    body = WorkDone(node="check", visit="v1", work="rehearse", outcome="ok", content=ref("w1"))
    event = Event(seq=1, at=after(hours=1), actor=SYSTEM, on_behalf_of=None, via="rule", body=body)
    made = [{"language": one, "id": file} for one, file in files]
    kept = content("w1", "work", SYSTEM, lines={"en": list(lines)}, files=made) if lines else None
    contents = {} if kept is None else {"w1": kept}
    case = source(language, definition=definition, events=(event,), contents=contents)
    (timeline,) = blocks(case, "actions")
    assert isinstance(timeline, Timeline)
    (step,) = timeline.steps
    assert step.text.startswith("The system did “Check”")
    return "" if step.quote is None else step.quote.text


def test_the_list_of_actions_says_what_a_work_found():
    """L3.2."""
    assert found_by("1 finding:", "a", "b", "c") == "1 finding:\na\nb\nc"


def test_a_document_of_a_work_is_named_in_the_language_of_the_list():
    (pdf,) = [key for key, (_, kind, _) in FILES.items() if kind == "application/pdf"]
    picture = next(key for key, (_, kind, _) in FILES.items() if kind != "application/pdf")
    files = (("en", pdf), ("zh", picture), ("en", picture))
    name = FILES[pdf][0]

    assert found_by("a", files=files) == f"a\nDocument: {name}"
    assert found_by(f"Made {name}", files=files) == f"Made {name}"
    assert found_by(*"abc", files=files) == f"a\nb\nc\nDocument: {name}"
    assert found_by(*"abcd", files=files) == f"a\nb\nc\nThe rest is in {name}"


def test_the_list_of_actions_says_that_what_a_work_found_was_erased():
    assert found_by() == "(content erased on request)"
