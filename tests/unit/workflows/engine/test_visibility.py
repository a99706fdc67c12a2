"""Which fields are hidden from whom, by the nodes at which they work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows.deeds import copy_in, transfer
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, absent, whatever
from tests.unit.workflows.playbooks.stages import graded
from workflows.case.world import World
from workflows.flow.visibility import hidden_fields
from workflows.model.nodes import ApprovalNode, TaskNode

ACCESS = {
    "triage": {"contact": "hide", "product": "hide"},
    "resolve": {"contact": "hide", "product": "edit"},
}


def world_of(play: Playbook) -> World:
    """The world of a play whose definition hides some fields."""
    definition = play.world.definition
    nodes = tuple(
        node.model_copy(update={"access": ACCESS[node.id]})
        if isinstance(node, TaskNode | ApprovalNode) and node.id in ACCESS
        else node
        for node in definition.nodes
    )
    return replace(play.world, definition=definition.model_copy(update={"nodes": nodes}))


@pytest.fixture
def play() -> Playbook:
    """li.na had the complaint, ma.chao has it with xu.ke as deputy, gao.yu was copied in."""
    play = Playbook()
    graded(play)
    play >> absent("ma.chao", "xu.ke", "2026-03-02 08:00", "2026-03-02 18:00")
    play >> transfer("li.na", "ma.chao") << whatever
    play >> copy_in("wu.min", "gao.yu") << whatever
    return play


@pytest.mark.parametrize(
    ("person", "hidden"),
    [
        ("wu.min", set()),  # the filer
        ("wang.fang", set()),  # the owner
        ("deng.tao", set()),  # an administrator
        ("gao.yu", set()),  # copied in
        ("liu.yang", {"contact", "product"}),  # graded it
        ("sun.qi", {"contact", "product"}),  # it was offered to them
        ("li.na", {"contact"}),  # had it before the transfer
        ("ma.chao", {"contact"}),  # has it
        ("xu.ke", {"contact"}),  # stands in
    ],
)
def test_a_field_is_hidden_from_the_people_of_a_node(
    play: Playbook, person: str, hidden: set[str]
) -> None:
    assert hidden_fields(play.case, person=key(person), world=world_of(play)) == hidden


def test_a_definition_that_hides_nothing_shows_everything(play: Playbook) -> None:
    assert hidden_fields(play.case, person=key("ma.chao"), world=play.world) == frozenset()


def test_a_deputy_who_was_never_offered_the_task_sees_no_more_than_the_principal(
    play: Playbook,
) -> None:
    play >> transfer("xu.ke", "li.na") << whatever
    play >> absent("li.na", "feng.lei", "2026-03-02 08:00", "2026-03-02 18:00")

    assert hidden_fields(play.case, person=key("feng.lei"), world=world_of(play)) == {"contact"}


def test_who_works_at_two_nodes_sees_what_one_of_them_shows(play: Playbook) -> None:
    play >> transfer("ma.chao", "sun.qi") << whatever

    assert hidden_fields(play.case, person=key("sun.qi"), world=world_of(play)) == {"contact"}
