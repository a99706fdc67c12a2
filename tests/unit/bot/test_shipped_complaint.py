"""The complaint process as it is shipped, with the sample company: P1.1 to P1.6 as data."""

from __future__ import annotations

import pytest

from bot import sample
from bot.people_file import read_people
from bot.people_import import plan_import
from tests.fakes.ports import CountedIds
from workflows.assignment import PeopleContext, parse, resolve
from workflows.directory import Directory
from workflows.loading import load_definition
from workflows.model.definition import Definition
from workflows.model.fields import FieldType


@pytest.fixture(scope="module")
def shipped() -> Definition:
    path = sample.PROCESSES / "complaint.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name).definition


@pytest.fixture(scope="module")
def company() -> Directory:
    draft = plan_import(Directory(), read_people(sample.PEOPLE), CountedIds())
    return Directory(
        people={person.key: person for person in draft.people},
        departments={department.id: department for department in draft.departments},
    )


def test_customer_service_and_sales_share_it(shipped: Definition, company: Directory) -> None:
    """P1.1."""
    assert shipped.departments == ("customer-service", "sales")
    for department in shipped.departments:
        handlers = resolve(
            parse(f"role:complaint-handler@{department}"),
            PeopleContext(directory=company, filer=""),
        )
        assert handlers, department


def test_the_customer_service_manager_owns_it(shipped: Definition, company: Directory) -> None:
    """P1.2."""
    owners = resolve(parse(shipped.owner), PeopleContext(directory=company, filer=""))
    (owner,) = (company.people[key] for key in owners)

    assert owner.title == "客服经理"
    assert company.departments["customer-service"].head == owner.key


def test_it_has_its_steps_in_their_order(shipped: Definition) -> None:
    """P1.3: receive, classify, dispatch, resolve and ask the customer, archive."""
    assert shipped.command == "complaint"
    assert [node.id for node in shipped.nodes] == [
        *("triage", "dispatch", "resolve", "confirm"),
        *("management_decision", "archive", "closed"),
    ]


def test_its_form_asks_for_what_a_complaint_is(shipped: Definition) -> None:
    """P1.4."""
    form = shipped.forms[shipped.start_form]

    assert form.name.zh == "客户投诉表单"
    assert {field.id: field.required for field in form.fields} == {
        "customer": True,
        "contact": True,
        "channel": True,
        "product": True,
        "what_happened": True,
        "wanted": False,
        "evidence": False,
    }
    assert form.fields[-1].type is FieldType.FILES


def test_its_document_is_the_complaint_report(shipped: Definition) -> None:
    """P1.5: facts, grade and handler, actions with times, cause and outcome, answer, lessons."""
    assert shipped.document is not None
    parts = shipped.document.sections
    told = {field for part in parts for field in part.fields}

    assert shipped.document.name.zh == "投诉处理报告"
    assert {"what_happened", "grade", "root_cause", "outcome", "answer", "lessons"} <= told
    assert {"people", "clocks", "actions", "answers", "survey"} <= {part.list for part in parts}


def test_it_has_three_kinds_of_clocks(shipped: Definition) -> None:
    """P1.6: the first response, the whole case, and one for each step."""
    limits = {
        name: [(limit.when, str(limit.limit)) for limit in clock.within]
        for name, clock in shipped.clocks.items()
    }
    work = [node for node in shipped.nodes if node.kind in {"task", "approval"}]

    assert limits == {
        "first_response": [('grade == "urgent"', "2h"), (None, "24h")],
        "closing": [(None, "7d")],
    }
    assert len(work) == 5
    assert {node.ladder for node in work} == {"step"}
