"""Supplier management as it is shipped, with the sample company: P3.1 to P3.8 as data."""

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
from workflows.model.nodes import ApprovalNode, ForkNode, GatewayNode, TaskNode, WaitNode


@pytest.fixture(scope="module")
def shipped() -> Definition:
    path = sample.PROCESSES / "supplier.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name).definition


@pytest.fixture(scope="module")
def company() -> Directory:
    draft = plan_import(Directory(), read_people(sample.PEOPLE), CountedIds())
    return Directory(
        people={person.key: person for person in draft.people},
        departments={department.id: department for department in draft.departments},
    )


def named(definition: Definition, company: Directory, expression: str) -> set[str]:
    """The readable ids of whom an expression names."""
    context = PeopleContext(directory=company, filer="", owner_expression=parse(definition.owner))
    return {company.people[key].id for key in resolve(parse(expression), context)}


def test_purchasing_and_quality_share_it(shipped: Definition) -> None:
    """P3.1."""
    assert shipped.departments == ("purchasing", "quality")
    assert (shipped.command, shipped.case_prefix) == ("supplier", "S")


def test_the_purchasing_supervisor_owns_it(shipped: Definition, company: Directory) -> None:
    """P3.2."""
    assert named(shipped, company, shipped.owner) == {"deng.kai"}


def test_its_steps_lead_from_admission_to_elimination_or_renewal(shipped: Definition) -> None:
    """P3.3."""
    kinds = {node.id: type(node) for node in shipped.nodes}

    assert shipped.start == "certificate_check"
    assert kinds["admission"] is ApprovalNode
    assert kinds["active"] is WaitNode
    assert kinds["assess"] is ForkNode
    assert kinds["evaluate"] is ApprovalNode
    assert kinds["renewal"] is TaskNode
    assert kinds["elimination"] is ApprovalNode


def test_its_forms_are_the_application_and_a_weighted_scorecard(shipped: Definition) -> None:
    """P3.4."""
    form = shipped.forms[shipped.start_form]
    card = shipped.scorecards["quarter"]

    assert form.name.zh == "供应商申请表"
    assert [one.id for one in form.certificates] == ["license", "iso9001", "safety", "agency"]
    assert sum(item.weight for item in card.items) == 100
    assert {item.field for item in card.items} == {"quality", "delivery", "price", "service"}


def test_its_register_shows_standing_grade_scores_contract_and_certificates(
    shipped: Definition, company: Directory
) -> None:
    """P3.5."""
    register = shipped.listing

    assert register is not None
    assert (register.name.zh, register.command) == ("供应商名录", "suppliers")
    assert {"standing", "quarter.grade", "quarter.score", "contract_end", "certificates"} <= set(
        register.columns
    )
    assert register.chart == "quarter.score"
    assert named(shipped, company, register.read_by) == {"deng.kai", "xie.ting"}


def test_it_is_assessed_every_quarter_and_evaluated_every_year(shipped: Definition) -> None:
    """P3.6."""
    active = shipped.node("active")

    assert isinstance(active, WaitNode)
    assert {one.every for one in active.starts if one.every} == {"quarter", "year"}


def test_certificates_are_checked_one_by_one_and_warn_before_they_expire(
    shipped: Definition,
) -> None:
    """P3.7."""
    check = shipped.node("certificate_check")

    assert isinstance(check, ApprovalNode)
    assert check.for_each == "certificates(supplier)"
    assert check.refuse_expired
    assert [rung.at.text for rung in shipped.ladders["certificate"].rungs] == [
        *("due - 60d", "due - 30d", "due - 7d", "due"),
    ]


def test_two_bad_quarters_or_a_failed_year_lead_to_elimination_by_both(
    shipped: Definition,
) -> None:
    """P3.8."""
    assessed, evaluate = shipped.node("assessed"), shipped.node("evaluate")
    elimination = shipped.node("elimination")

    assert isinstance(assessed, GatewayNode)
    assert [(route.when, route.to) for route in assessed.routes if route.when] == [
        ("bad_quarters >= 2", "elimination")
    ]
    assert isinstance(evaluate, ApprovalNode)
    assert evaluate.outcomes["reject"].to == ("elimination",)
    assert isinstance(elimination, ApprovalNode)
    assert elimination.rule.kind == "all"
    assert len(elimination.seats) == 2
