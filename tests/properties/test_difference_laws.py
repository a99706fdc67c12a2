"""Laws of comparing definitions: nothing differs from itself, all that was changed is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workflows import office
from workflows.differences import Change, differences
from workflows.model.definition import Definition
from workflows.model.nodes import TaskNode

COMPLAINT = office.complaint().definition
WRITTEN = COMPLAINT.model_dump(mode="json", by_alias=True)
TASKS = [node.id for node in COMPLAINT.nodes if isinstance(node, TaskNode)]
WORDS = {"zh": "另一个", "en": "Another"}

# A value for each of these keys that the complaint process does not have.
VALUES = {
    "name": WORDS,
    "due": "7h",
    "assignee": "role:somebody",
    "ladder": "another",
    "form": "another",
    "channel": "elsewhere",
    "low_risk": True,
    "button": WORDS,
    "return_to": ["closed"],
    "next": "management_decision",
    "shows": ["x"],
}
edits = st.dictionaries(
    st.tuples(st.sampled_from(TASKS), st.sampled_from([*VALUES])), st.none(), max_size=8
)
orders = st.permutations(["a", "b", "c", "d", "e"]).flatmap(
    lambda ids: st.integers(1, 5).map(lambda count: ids[:count])
)


def edited(keys):
    nodes = [
        {**node, **{key: VALUES[key] for node_id, key in keys if node_id == node["id"]}}
        for node in WRITTEN["nodes"]
    ]
    return Definition.model_validate({**WRITTEN, "nodes": nodes})


def chain(ids):
    """A process whose steps follow one another."""
    work = {"kind": "task", "name": WORDS, "assignee": "filer", "due": "1d", "ladder": "step"}
    steps = [
        {**work, "id": one, "next": then}
        for one, then in zip(ids, (*ids[1:], "closed"), strict=True)
    ]
    end = {"id": "closed", "kind": "end", "name": WORDS}
    return Definition.model_validate({**WRITTEN, "start": ids[0], "nodes": [*steps, end]})


@given(edits)
def test_a_definition_does_not_differ_from_itself(keys):
    assert differences(edited(keys), edited(keys)) == ()


@given(edits)
def test_every_key_that_was_changed_is_found_and_no_other(keys):
    found = differences(COMPLAINT, edited(keys))

    places = {one.place for one in found if one.change is Change.CHANGED}
    assert places == {("nodes", *place) for place in keys}


@given(orders, orders)
def test_the_other_direction_mirrors_what_is_new_gone_and_moved(one, other):
    there, back = differences(chain(one), chain(other)), differences(chain(other), chain(one))

    def places(change, found):
        return {item.place for item in found if item.change is change}

    assert places(Change.ADDED, there) == places(Change.DROPPED, back)
    assert places(Change.DROPPED, there) == places(Change.ADDED, back)
    assert places(Change.CHANGED, there) == places(Change.CHANGED, back)
    moved = [{(*item.before,), (*item.after,)} for item in there if item.change is Change.REORDERED]
    for item in back:
        assert item.change is not Change.REORDERED or {(*item.before,), (*item.after,)} in moved


@given(orders, orders)
def test_without_the_steps_that_have_moved_the_others_keep_their_order(one, other):
    found = differences(chain(one), chain(other))
    moved = {node for item in found if item.change is Change.REORDERED for node in item.nodes}

    assert [node for node in one if node in other and node not in moved] == [
        node for node in other if node in one and node not in moved
    ]
