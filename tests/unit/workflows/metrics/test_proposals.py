"""Proposals of a review: what cases do again and again, with its evidence, and nothing below its n.

L5.3: the slowest step, the step that is always approved, the field that is always left empty.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import workflows
from tests.unit.workflows.metrics.histories import RULER, act, at, case, stay
from workflows.loading import load_definition
from workflows.metrics.groups import Groups
from workflows.metrics.habits import Habits
from workflows.metrics.history import Act, Deadline, History
from workflows.metrics.proposals import (
    MOST,
    Proposal,
    ProposalKind,
    proposals_of,
    protected,
    true_rate_below,
)
from workflows.model.definition import Definition
from workflows.model.fields import FormField
from workflows.model.nodes import ApprovalNode
from workflows.moments import HOUR, MINUTE

PROCESSES = Path(workflows.__file__).parent / "processes"


@cache
def launch() -> Definition:
    return load_definition((PROCESSES / "launch.toml").read_text(), file="launch.toml").definition


def proposed(*histories: History, forms: tuple[dict[str, Any], ...] = ()) -> list[Proposal]:
    groups, habits = Groups(ruler=RULER), Habits(ruler=RULER)
    for one in histories:
        groups.add(one)
        habits.add(one)
    for values in forms:
        habits.add_form(launch().forms["launch"].fields, values)
        habits.add_form(launch().forms["opinion"].fields, values)
    return list(proposals_of(launch(), groups.all, habits))


def of(kind: ProposalKind, found: list[Proposal]) -> list[Proposal]:
    return [one for one in found if one.kind is kind]


def voted(outcome: str = "approve", *, node: str = "finance_review", had: int = HOUR) -> History:
    vote = Act(at=at("10:00"), person="x", node=node, outcome=outcome, had_since=at("10:00") - had)
    there = stay(node, "09:00", "10:00", outcome=outcome)
    return case(acts=(vote,), stays=(there,))


# ---------------------------------------------------------------------------- always approved


def test_a_step_that_is_always_approved_is_proposed_from_a_hundred_decisions_on():
    assert of(ProposalKind.ALWAYS_APPROVED, proposed(*[voted()] * 99)) == []
    (found,) = of(ProposalKind.ALWAYS_APPROVED, proposed(*[voted()] * 214))
    assert (found.node, found.n, round(found.below, 3)) == ("finance_review", 214, 0.014)
    assert (found.takes, found.gain) == (HOUR, HOUR)
    assert found.protects == ("budget", "currency", "revenue")


@pytest.mark.parametrize("against", ["reject", "return"])
def test_a_step_that_was_once_rejected_or_returned_is_not_always_approved(against: str):
    assert of(ProposalKind.ALWAYS_APPROVED, proposed(*[voted()] * 150, voted(against))) == []


def test_the_limit_of_the_true_rate_is_that_of_clopper_and_pearson():
    assert true_rate_below(1) == pytest.approx(0.95)
    assert true_rate_below(100) == pytest.approx(0.0295, abs=1e-4)


def test_an_approval_protects_why_it_is_reached_or_else_the_amounts_that_it_sees():
    def node(name: str, **keys: Any) -> ApprovalNode:
        found = launch().node(name)
        assert isinstance(found, ApprovalNode)
        return found.model_copy(update={"material": (), **keys})

    assert protected(launch(), node("rnd_review")) == ("budget", "revenue")
    assert protected(launch(), node("rnd_review", access={"revenue": "hide"})) == ("budget",)
    assert protected(launch(), node("one_executive")) == ("amount",)


def test_decisions_of_an_imported_case_that_are_not_known_do_not_count():
    unknown = case(acts=voted().acts, decided=False)
    assert of(ProposalKind.ALWAYS_APPROVED, proposed(*[unknown] * 200)) == []


# ---------------------------------------------------------------------------- the slowest step


def visits(node: str = "market_assessment", hours: int = 8) -> History:
    return case(
        stays=(
            stay("rnd_review", "09:00", "10:00", first="09:30", outcome="approve"),
            stay(node, "10:00", f"{10 + hours}:00", first="16:00", outcome="approve"),
        )
    )


def test_the_slowest_step_has_its_share_and_its_waiting_time():
    (found,) = of(ProposalKind.SLOWEST, proposed(*[visits()] * 30))
    assert found.node == "market_assessment"
    assert found.share == pytest.approx(8 / 9, abs=0.05)
    assert found.waits == found.gain
    assert found.waits is not None
    assert found.waits > 4 * HOUR


def test_no_step_is_slow_with_few_visits_alone_or_if_it_is_gone():
    assert of(ProposalKind.SLOWEST, proposed(*[visits()] * 29)) == []
    assert of(ProposalKind.SLOWEST, proposed(*[voted()] * 40)) == []
    assert of(ProposalKind.SLOWEST, proposed(*[visits("gone")] * 40)) == []
    assert of(ProposalKind.SLOWEST, proposed()) == []


def test_steps_that_share_the_time_evenly_have_no_slowest():
    nodes = ("rnd_review", "market_assessment", "finance_review", "one_executive", "revise")
    even = case(stays=tuple(stay(one, "09:00", "10:00", outcome="approve") for one in nodes))
    assert of(ProposalKind.SLOWEST, proposed(*[even] * 40)) == []


# ---------------------------------------------------------------------------- fields


FULL = {"product": "P", "category": "part", "budget": 1, "currency": "cny", "market": ["asia"]}


def test_an_optional_field_that_is_always_empty_is_proposed_from_thirty_forms_on():
    assert of(ProposalKind.FIELD_EMPTY, proposed(forms=(FULL,) * 29)) == []
    (found,) = of(ProposalKind.FIELD_EMPTY, proposed(forms=({**FULL, "attachments": []},) * 30))
    assert (found.field, found.n) == ("attachments", 30)
    once = ({**FULL, "attachments": ["f1"]}, *(FULL,) * 40)
    assert of(ProposalKind.FIELD_EMPTY, proposed(forms=once)) == []


def test_a_required_field_that_is_always_the_same_names_an_option_but_no_text():
    found = {
        one.field: one.option for one in of(ProposalKind.FIELD_SAME, proposed(forms=(FULL,) * 30))
    }
    assert found == {
        "product": "",
        "category": "part",
        "budget": "",
        "currency": "cny",
        "market": "",
    }
    changed = (*(FULL,) * 30, dict.fromkeys(FULL), {**FULL, "currency": "eur"})
    assert "currency" not in {one.field for one in proposed(forms=changed)}


def test_a_field_that_is_asked_only_sometimes_is_not_called_empty():
    asked = launch().field("attachments")
    assert asked is not None
    sometimes = asked.model_copy(update={"when": "budget > 5"})
    forms = {**launch().forms}
    forms["opinion"] = forms["opinion"].model_copy(
        update={"fields": (forms["opinion"].fields[0], sometimes)}
    )
    definition = launch().model_copy(update={"forms": forms})
    habits = Habits(ruler=RULER)
    for _ in range(40):
        habits.add_form([sometimes], {})
    assert proposals_of(definition, Groups(ruler=RULER).all, habits) == ()


def test_a_person_who_is_always_chosen_is_not_counted():
    habits = Habits(ruler=RULER)
    text = {"zh": "人", "en": "Person"}
    who = FormField.model_validate({"id": "who", "type": "person", "label": text, "required": True})
    habits.add_form([who], {"who": "x"})
    assert habits.answers == {}


# ---------------------------------------------------------------------------- to and fro


def test_work_that_goes_to_and_fro_between_two_people_is_proposed():
    times = [act("09:00", "a"), act("10:00", "b"), act("11:00", "a"), act("12:00", "b")]
    loop = tuple(
        Act(at=one.at, person=one.person, node="rnd_review", outcome=one.outcome) for one in times
    )
    there = (stay("rnd_review", "09:00", "13:00", outcome="approve"),)
    decided = (*loop[:2], Act(at=at("10:30"), person="b", node="rnd_review", outcome="approve"))
    calm = case(acts=(*decided, loop[2]), stays=there)
    busy = case(acts=loop, stays=there)
    third = Act(at=at("11:00"), person="c", node="rnd_review")
    on = case(acts=(loop[0], *loop[:2], third), stays=there)
    assert of(ProposalKind.PING_PONG, proposed(*[on] * 40)) == []
    assert of(ProposalKind.PING_PONG, proposed(*[busy] * 4, *[calm] * 25)) == []
    assert of(ProposalKind.PING_PONG, proposed(*[busy] * 2, *[calm] * 38)) == []
    (found,) = of(ProposalKind.PING_PONG, proposed(*[busy] * 10, *[calm] * 30))
    assert (found.node, found.other, found.between_people) == ("rnd_review", "rnd_review", True)
    assert (found.count, found.n, found.takes) == (10, 40, 2 * HOUR)


def test_a_step_that_sends_work_back_to_another_is_proposed_unless_it_is_gone():
    def back(node: str = "rnd_review", outcome: str = "return") -> History:
        return case(
            stays=(
                stay("revise", "09:00", "10:00", outcome="complete"),
                stay(node, "10:00", "11:00", outcome=outcome),
                stay("revise", "11:00", "13:00", outcome="complete", again=True),
            )
        )

    (found,) = of(ProposalKind.PING_PONG, proposed(*[back()] * 30))
    assert (found.node, found.other, found.between_people) == ("revise", "rnd_review", False)
    assert found.takes == 3 * HOUR
    assert of(ProposalKind.PING_PONG, proposed(*[back("gone")] * 30)) == []
    assert of(ProposalKind.PING_PONG, proposed(*[back(outcome="approve")] * 30)) == []


def test_steps_side_by_side_and_open_ones_are_no_to_and_fro():
    side = case(
        stays=(
            stay("revise", "09:00", "12:00"),
            stay("rnd_review", "10:00", "11:00"),
            stay("revise", "12:00", "13:00", again=True),
        )
    )
    opened = case(
        stays=(
            stay("revise", "09:00", "10:00"),
            stay("rnd_review", "10:00", "11:00"),
            stay("revise", "11:00", again=True),
        )
    )
    assert of(ProposalKind.PING_PONG, proposed(*[side] * 40, *[opened] * 40)) == []


# ---------------------------------------------------------------------------- limits, instant


def limit(stopped: str = "", *, met: bool | None = None, **fields: str) -> History:
    due = at("10:00")
    one = Deadline(due=due, stopped=at(stopped) if stopped else None, met=met, **fields)
    return case(deadlines=(one,))


def test_a_limit_that_even_the_fastest_miss_is_proposed():
    late, met = (
        limit("12:00", met=False, node="rnd_review"),
        limit("09:30", met=True, node="rnd_review"),
    )
    assert of(ProposalKind.LIMIT, proposed(*[late] * 19)) == []
    (found,) = of(ProposalKind.LIMIT, proposed(*[late] * 38, *[met] * 2))
    assert (found.node, found.n, found.count, found.takes) == ("rnd_review", 40, 2, 2 * HOUR)
    assert of(ProposalKind.LIMIT, proposed(*[late] * 30, *[met] * 10)) == []  # a quarter meets it
    assert of(ProposalKind.LIMIT, proposed(*[late] * 20, *[met] * 20)) == []


def test_an_open_limit_is_late_until_the_cut_off_and_an_unknown_one_is_left_out():
    (found,) = of(ProposalKind.LIMIT, proposed(*[limit(node="rnd_review")] * 20))
    assert found.takes is not None
    assert found.takes > 20 * HOUR
    assert of(ProposalKind.LIMIT, proposed(*[limit(node="gone")] * 20)) == []
    assert of(ProposalKind.LIMIT, proposed(*[limit(name="gone")] * 20)) == []
    assert of(ProposalKind.LIMIT, proposed(*[limit("09:30", node="rnd_review")] * 20)) == []


def test_a_step_decided_within_a_minute_is_a_hint():
    quick, slow = voted(had=30_000_000), voted(had=2 * MINUTE)
    assert of(ProposalKind.INSTANT, proposed(*[quick] * 29)) == []
    (found,) = of(ProposalKind.INSTANT, proposed(*[quick] * 20, *[slow] * 20))
    assert (found.node, found.n, found.count, found.gain) == ("finance_review", 40, 20, None)
    assert of(ProposalKind.INSTANT, proposed(*[quick] * 12, *[slow] * 28)) == []


def test_proposals_are_ranked_by_the_time_that_they_save_and_only_the_first_are_kept():
    found = proposed(*[voted(had=5)] * 120, *[visits()] * 60, forms=(FULL,) * 40)
    assert [one.rank for one in found] == list(range(1, MOST + 1))
    assert found[0].kind is ProposalKind.SLOWEST
    assert found[1].kind is ProposalKind.ALWAYS_APPROVED
