"""What differs between two versions of a definition (L2.2)."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from workflows.differences import Change, Difference, differences
from workflows.model.definition import Definition

COMPLAINT = office.complaint().definition
TEXT = {"zh": "名", "en": "Name"}


def task(node_id, then, *, form=None, who="filer", **more):
    return {
        "id": node_id,
        "kind": "task",
        "name": TEXT,
        "assignee": who,
        "form": form,
        "due": "1d",
        "ladder": "step",
        "next": then,
        **more,
    }


def form(*fields):
    listed = [{"id": one, "type": "text", "label": TEXT} for one in fields]
    return {"name": TEXT, "fields": listed}


def made(*nodes, forms=None, **more):
    """A definition whose first node is the first one here; the end is added."""
    return Definition.model_validate(
        {
            "key": "p",
            "name": TEXT,
            "purpose": TEXT,
            "departments": ["d"],
            "owner": "filer",
            "command": "p",
            "case_prefix": "P",
            "start_form": "begin",
            "start": nodes[0]["id"],
            "forms": {"begin": form("what"), **(forms or {})},
            "ladders": {"step": {"rungs": [{"at": "due", "remind": "assignee"}]}},
            "nodes": [*nodes, {"id": "end", "kind": "end", "name": TEXT}],
            **more,
        }
    )


def chain(*ids, **more):
    return made(*(task(*pair) for pair in zip(ids, (*ids[1:], "end"), strict=True)), **more)


def of(change, found):
    return [one for one in found if one.change is change]


def only(change, found):
    (one,) = of(change, found)
    return one


def changed(*edits):
    """What the complaint process with these edits of its file has else."""
    return differences(COMPLAINT, office.variant(*edits).definition)


def test_a_limit_that_was_changed_is_found_at_its_node():
    found = changed(('due = "3wd"', 'due = "2wd"'))

    assert found == (
        Difference(
            change=Change.CHANGED,
            place=("nodes", "resolve", "due"),
            before="3wd",
            after="2wd",
            nodes=("resolve",),
        ),
    )


def test_a_field_that_was_added_concerns_the_nodes_with_its_form():
    before = made(task("a", "end", form="f"), forms={"f": form("one", "two")})
    after = made(task("a", "end", form="f"), forms={"f": form("one", "two", "three")})

    found = only(Change.ADDED, differences(before, after))

    assert found.place == ("forms", "f", "fields", "three")
    assert found.nodes == ("a",)


def test_fields_in_another_order_are_said_once():
    before, after = (
        made(task("a", "end", form="f"), forms={"f": form(*ids)})
        for ids in (("one", "two", "three"), ("three", "one"))
    )

    found = only(Change.REORDERED, differences(before, after))

    assert (found.before, found.after) == (["one", "three"], ["three", "one"])
    assert only(Change.DROPPED, differences(before, after)).place[-1] == "two"


def test_a_rung_of_a_ladder_concerns_the_nodes_that_have_it():
    rungs = {"step": {"rungs": [{"at": "50%", "remind": "assignee"}]}}

    (found,) = differences(chain("a", "b"), chain("a", "b", ladders=rungs))

    assert found.place == ("ladders", "step", "rungs")
    assert found.nodes == ("a", "b")


def test_an_action_concerns_the_nodes_at_which_it_is_recorded():
    action = {"name": TEXT, "form": "begin", "nodes": ["b"]}

    found = only(Change.ADDED, differences(chain("a", "b"), chain("a", "b", actions={"x": action})))

    assert (found.place, found.nodes) == (("actions", "x"), ("b",))


def test_what_is_outside_nodes_is_compared_by_its_id():
    target = {"measure": "handling_time", "name": TEXT, "baseline": "3d", "goal": "2d"}
    before = chain("a", "b", targets=[target])
    after = chain("a", "b", targets=[{**target, "goal": "1d"}], owner="role:boss")

    assert [
        (one.place, one.before, one.after, one.nodes) for one in differences(before, after)
    ] == [
        (("owner",), "filer", "role:boss", ()),
        (("targets", "handling_time", "goal"), "2d", "1d", ()),
    ]


def test_the_name_of_a_role_is_one_value():
    clerk, other = {"zh": "文员", "en": "Clerk"}, {"zh": "文秘", "en": "Secretary"}
    before = chain("a", roles={"clerk": clerk, "zh": clerk})
    after = chain("a", roles={"clerk": other, "boss": clerk})

    assert differences(before, after) == (
        Difference(
            change=Change.CHANGED, place=("roles", "clerk"), before=clerk, after=other, nodes=()
        ),
        Difference(change=Change.DROPPED, place=("roles", "zh"), before=clerk),
        Difference(change=Change.ADDED, place=("roles", "boss"), after=clerk),
    )
    work = made(task("a", "end", who="owner"), roles={"clerk": other})
    assert [one.place for one in differences(before, work)] == [
        *(("nodes", "a", "assignee"), ("roles", "clerk"), ("roles", "zh")),
    ], "what people do comes before what they are called"
    (one,) = differences(chain("a", roles={"zh": clerk}), chain("a", roles={"zh": other}))
    assert (one.place, one.before, one.after) == (("roles", "zh"), clerk, other)


def test_entries_with_the_same_name_are_compared_as_a_whole():
    target = {"measure": "handling_time", "name": TEXT, "baseline": "3d", "goal": "2d"}

    (found,) = differences(
        chain("a", "b", targets=[target, target]), chain("a", "b", targets=[target])
    )

    assert (found.change, found.place) == (Change.CHANGED, ("targets",))


def test_a_task_that_becomes_an_approval_has_another_kind():
    approval = task("a", "end") | {"kind": "approval", "outcomes": {"approve": {"to": "end"}}}
    del approval["next"]

    (found,) = differences(made(task("a", "end")), made(approval))

    assert found.place == ("nodes", "a", "kind")


def test_a_step_in_between_is_added_and_changes_what_follows():
    found = differences(chain("a", "b"), chain("a", "x", "b"))

    assert only(Change.ADDED, found).nodes == ("x",)
    assert only(Change.CHANGED, found).place == ("nodes", "a", "next")
    assert not of(Change.REORDERED, found)


# ------------------------------------------------------------------------------ order


def test_two_steps_that_changed_places_have_both_moved():
    found = only(Change.REORDERED, differences(chain("a", "b", "c"), chain("a", "c", "b")))

    assert (found.before, found.after) == (["b", "c"], ["c", "b"])
    assert found.nodes == ("b", "c")


def test_one_step_that_went_before_others_has_moved_alone():
    found = only(Change.REORDERED, differences(chain(*"abcd"), chain(*"dabc")))

    assert (found.before, found.after) == ([*"abcd"], [*"dabc"])
    assert found.nodes == ("d",)


def test_groups_that_have_nothing_to_do_with_each_other_are_said_apart():
    found = of(Change.REORDERED, differences(chain(*"abcd"), chain(*"badc")))

    assert [one.before for one in found] == [["a", "b"], ["c", "d"]]


def test_the_order_in_the_file_is_no_difference():
    nodes = [task("a", "b"), task("b", "end")]

    assert not differences(made(*nodes), made(*nodes[::-1], start="a"))


# ------------------------------------------------------------------------------ merging

TWO = {"f": form("one"), "g": form("two")}


def test_a_step_that_gets_the_fields_of_its_neighbour_has_taken_it_over():
    before = made(task("a", "b", form="f"), task("b", "end", form="g"), forms=TWO)
    after = made(task("a", "end", form="f"), forms={"f": form("one", "two")})

    found = only(Change.MERGED, differences(before, after))

    assert (found.before, found.after, found.nodes) == (["b"], ["a"], ("a", "b"))


def test_a_new_step_takes_over_two_neighbours():
    before = made(task("a", "b", form="f"), task("b", "end", form="g"), forms=TWO)
    after = made(task("ab", "end", form="f"), forms={"f": form("one", "two")})

    found = only(Change.MERGED, differences(before, after))

    assert (found.before, found.after) == (["a", "b"], ["ab"])


def test_a_new_step_with_the_fields_of_one_only_has_merged_nothing():
    before = made(task("a", "b", form="f"), task("b", "end", form="g"), forms=TWO)
    after = made(task("x", "b", form="f"), task("b", "end", form="g"), forms=TWO)

    assert not of(Change.MERGED, differences(before, after))


def test_a_step_that_is_not_beside_it_takes_nothing_over():
    before = made(
        *(task("a", "x", form="f"), task("x", "b"), task("b", "end", form="g")), forms=TWO
    )
    after = made(task("a", "x", form="f"), task("x", "end"), forms={"f": form("one", "two")})

    assert not of(Change.MERGED, differences(before, after))


def test_what_two_steps_could_have_taken_over_is_left_out():
    before = made(
        *(task("a", "b", form="f"), task("b", "c", form="g"), task("c", "end", form="h")),
        forms={**TWO, "h": form("three")},
    )
    both = {"f": form("one", "two"), "h": form("two", "three")}
    after = made(task("a", "c", form="f"), task("c", "end", form="h"), forms=both)

    assert not of(Change.MERGED, differences(before, after))


def test_what_a_step_asked_for_all_along_is_not_taken_over():
    forms = {"f": form("one", "two"), "g": form("two")}
    before = made(task("a", "b", form="f"), task("b", "end", form="g"), forms=forms)

    assert not of(Change.MERGED, differences(before, made(task("a", "end", form="f"), forms=forms)))


def test_steps_without_a_form_are_merged_by_their_people():
    sign = {"kind": "approval", "outcomes": {"approve": {"to": "end"}}, "next": None}
    before = made(task("a", "b"), task("b", "end", who="role:boss"))
    nodes = task("a", "end", who=None) | sign | {"signers": ["filer", "role:boss"]}
    after = made({key: value for key, value in nodes.items() if key != "next"})

    assert only(Change.MERGED, differences(before, after)).before == ["b"]


@pytest.mark.parametrize("change", [Change.ADDED, Change.DROPPED])
def test_the_other_direction_mirrors_it(change):
    new, old = chain("a", "x", "b"), chain("a", "b", "c")
    mirror = {Change.ADDED: Change.DROPPED, Change.DROPPED: Change.ADDED}[change]

    there = {one.place for one in of(change, differences(old, new))}

    assert there == {one.place for one in of(mirror, differences(new, old))}
