"""The product launch as it is shipped, with the sample company: P2.1 to P2.9 as data."""

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
from workflows.model.nodes import ApprovalNode, GatewayNode, TaskNode

REVIEWS = ("rnd_review", "market_assessment", "finance_review", "one_executive", "all_executives")


@pytest.fixture(scope="module")
def shipped() -> Definition:
    path = sample.PROCESSES / "launch.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name).definition


def approval(shipped: Definition, node_id: str) -> ApprovalNode:
    node = shipped.node(node_id)
    assert isinstance(node, ApprovalNode)
    return node


def test_rnd_and_marketing_share_it(shipped: Definition) -> None:
    """P2.1."""
    assert shipped.departments == ("rnd", "marketing")
    assert (shipped.command, shipped.case_prefix) == ("launch", "L")


def test_the_product_director_owns_it(shipped: Definition) -> None:
    """P2.2."""
    draft = plan_import(Directory(), read_people(sample.PEOPLE), CountedIds())
    company = Directory(
        people={person.key: person for person in draft.people},
        departments={department.id: department for department in draft.departments},
    )
    (owner,) = resolve(parse(shipped.owner), PeopleContext(directory=company, filer=""))

    assert company.people[owner].id == "tang.yi"


def test_it_has_its_reviews_in_their_order(shipped: Definition) -> None:
    """P2.3."""
    assert shipped.start == "rnd_review"
    assert [node.id for node in shipped.nodes if isinstance(node, ApprovalNode)] == [
        *REVIEWS,
        "revocation",
    ]


def test_its_form_asks_for_what_a_launch_is(shipped: Definition) -> None:
    """P2.4."""
    form = shipped.forms[shipped.start_form]

    assert form.name.zh == "新品上市申请表"
    assert all(field.required for field in form.fields)
    assert [field.id for field in form.fields] == [
        *("product", "category", "launch_date", "market"),
        *("budget", "currency", "revenue", "plan"),
    ]


def test_its_document_is_the_approval_opinion(shipped: Definition) -> None:
    """P2.5."""
    assert shipped.document is not None
    assert shipped.document.name.zh == "审批意见书"
    assert {section.list for section in shipped.document.sections if section.list} == {
        *("rounds", "decisions", "clocks", "verdict"),
    }


@pytest.mark.parametrize("review", REVIEWS)
def test_each_review_has_three_working_days_and_points_when_it_is_late(
    shipped: Definition, review: str
) -> None:
    """P2.6, P2.7."""
    node = approval(shipped, review)
    rungs = shipped.ladders[node.ladder].rungs

    assert str(node.due) == "3wd"
    assert any(rung.points == 1 for rung in rungs)
    assert any(rung.may_take_over for rung in rungs)
    assert shipped.penalties is not None
    assert shipped.penalties.most == 5


def test_the_amount_decides_who_has_the_last_word(shipped: Definition) -> None:
    """P2.8."""
    authority = shipped.node("authority")
    assert isinstance(authority, GatewayNode)

    assert [(route.when, route.to) for route in authority.routes] == [
        ("amount <= 200000", "approved"),
        ("amount <= 1000000", "one_executive"),
        (None, "all_executives"),
    ]
    assert approval(shipped, "all_executives").rule.kind == "all"


@pytest.mark.parametrize("number", range(len(REVIEWS)))
def test_a_review_returns_to_the_applicant_and_to_every_step_before_it(
    shipped: Definition, number: int
) -> None:
    """P2.9."""
    outcome = approval(shipped, REVIEWS[number]).outcomes["return"]

    assert outcome.to == ("revise", *REVIEWS[: min(number, 3)])
    assert outcome.resume == "jump_back"
    assert isinstance(shipped.node("revise"), TaskNode)
