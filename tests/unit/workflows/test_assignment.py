"""People expressions, answered: active people only, each once, in a stable order."""

from __future__ import annotations

import pytest

from workflows.assignment import PeopleContext, parse, resolve
from workflows.directory import Department, Directory, Person


def person(key, *, department="sales", manager="", roles=(), active=True):
    """A person whose readable id sorts against the key, so that orders can be told apart."""
    return Person(
        key=key,
        id=f"{9 - int(key[1:])}.{key}",
        name=key,
        department=department,
        manager=manager,
        roles=roles,
        active=active,
    )


DIRECTORY = Directory(
    people={
        one.key: one
        for one in (
            person("p1", department="board", roles=("chief",)),
            person("p2", manager="p1", roles=("buyer",)),
            person("p3", manager="p2", roles=("buyer",)),
            person("p4", manager="p2", roles=("buyer",), department="quality"),
            person("p5", manager="p3", roles=("buyer",), active=False),
            person("p6", manager="p2"),
        )
    },
    departments={
        "sales": Department(id="sales", name_zh="销售部", name_en="Sales", head="p2"),
        "board": Department(id="board", name_zh="董事会", name_en="Board"),
        "quality": Department(id="quality", name_zh="质量部", name_en="Quality", head="p5"),
    },
)


def who(text, **scope):
    return resolve(parse(text), PeopleContext(directory=DIRECTORY, **scope))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("filer", ("p3",)),
        ("owner", ("p1",)),
        ("assignee", ("p3", "p4")),
        ("person:5.p4", ("p4",)),
        ("person:nobody", ()),
        ("person:4.p5", ()),  # has left
        ("role:buyer", ("p4", "p3", "p2")),
        ("role:buyer@sales", ("p3", "p2")),
        ("role:juggler", ()),
        ("members(sales)", ("p6", "p3", "p2")),
        ("members(nowhere)", ()),
        ("manager(filer)", ("p2",)),
        ("manager(filer, 2)", ("p1",)),
        ("manager(filer, 3)", ()),
        ("manager(assignee)", ("p2",)),  # of two people, once
        ("managers(filer, 1)", ("p2",)),
        ("managers(filer, 2)", ("p2", "p1")),
        ("managers(filer)", ("p2", "p1")),  # up to where the line ends
        ("managers(assignee)", ("p2", "p1")),  # of two people, each once
        ("managers(managers(filer, 1))", ("p1",)),
        ("head(sales)", ("p2",)),
        ("head(board)", ()),
        ("head(quality)", ()),  # has left
        ("head(department(assignee))", ("p2",)),
        ("head(department(person:nobody))", ()),
        ("except(role:buyer, filer)", ("p4", "p2")),
        ("except(filer, filer)", ()),
        ("handler", ("p4",)),
        ("reviewer", ()),
        ("field:one", ("p6",)),
        ("field:several", ("p6", "p2")),
        ("field:typed", ("p6",)),
        ("field:wrong", ()),
        ("field:number", ()),
        ("field:empty", ()),
    ],
)
def test_each_form_finds_its_people(text, found):
    values = {
        "one": "p6",
        "several": ["p6", 7, "p2", "p6"],
        "typed": "3.p6",
        "wrong": "somebody",
        "number": 5,
    }
    assert (
        who(
            text,
            filer="p3",
            owner_expression=parse("role:chief"),
            assignees=("p3", "p4", "p3"),
            people={"handler": "p4"},
            values=values,
        )
        == found
    )


def test_who_has_left_is_not_found_but_still_has_a_manager_and_a_department():
    assert who("assignee", assignees=("p5",)) == ()
    assert who("manager(assignee)", assignees=("p5",)) == ("p3",)
    assert who("head(department(assignee))", assignees=("p5",)) == ("p2",)
    assert who("head(department(assignee))", assignees=("p7",)) == ()


def test_nobody_is_an_answer_where_the_case_does_not_know():
    assert who("filer") == who("owner") == who("assignee") == ()
    assert who("owner", owner_expression=parse("owner")) == ()


def test_the_owner_is_resolved_in_the_same_case():
    assert who("manager(owner)", owner_expression=parse("filer"), filer="p2") == ("p1",)


def test_least_loaded_is_fewest_tasks_then_fewest_turns_then_id():
    loads = {"p2": 1, "p3": 1, "p4": 2}
    assert who("least_loaded(role:buyer)", loads=loads, turns={"p3": 1}) == ("p2",)
    assert who("least_loaded(role:buyer)", loads=loads) == ("p3",)
    assert who("least_loaded(role:buyer)") == ("p4",)
    assert who("least_loaded(role:juggler)") == ()


def test_round_robin_is_fewest_turns_then_id():
    assert who("round_robin(role:buyer)", loads={"p4": 9}, turns={"p3": 1, "p2": 1}) == ("p4",)
    assert who("round_robin(role:buyer)", turns={"p4": 3, "p3": 2, "p2": 2}) == ("p3",)


def test_a_pick_never_falls_on_somebody_who_has_left():
    """`assignee` may still be somebody who left; the choice passes them over."""
    assert who("least_loaded(assignee)", assignees=("p5", "p4"), loads={"p4": 9}) == ("p4",)
