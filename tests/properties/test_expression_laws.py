"""Laws of people expressions: text and tree are the same thing, and any text is answered."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from workflows.assignment import PeopleContext, resolve
from workflows.directory import Directory, Person
from workflows.expressions import (
    RESERVED,
    Except,
    Expression,
    ExpressionError,
    ExpressionHead,
    FieldRef,
    Manager,
    Members,
    Name,
    PersonRef,
    Pick,
    RoleRef,
    Word,
    parse,
)

ids = st.from_regex(r"\A[a-z0-9]([a-z0-9.-]{0,6}[a-z0-9])?\Z")
names = st.from_regex(r"\A[a-z][a-z0-9_]{0,6}\Z").filter(lambda name: name not in RESERVED)
people = st.sampled_from(["p1", "p2", "p3", "p4"])

leaves = st.one_of(
    st.builds(Word, word=st.sampled_from(["filer", "owner", "assignee"])),
    st.builds(PersonRef, id=ids),
    st.builds(RoleRef, role=st.sampled_from(["buyer", "seller"]), department=st.just("") | ids),
    st.builds(FieldRef, id=names),
    st.builds(Name, name=names),
    st.builds(Members, department=ids),
    st.builds(ExpressionHead, department=ids),
)
terms = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Manager, of=inner, levels=st.integers(1, 9)),
        st.builds(ExpressionHead, of=inner),
        st.builds(Except, of=inner, without=inner),
        st.builds(Pick, by=st.sampled_from(["least_loaded", "round_robin"]), of=inner),
    ),
    max_leaves=4,
)
persons = st.builds(
    Person,
    key=people,
    id=ids,
    name=st.just("x"),
    manager=st.just("") | people,
    roles=st.lists(st.sampled_from(["buyer", "seller"]), unique=True).map(tuple),
    active=st.booleans(),
)
scopes = st.builds(
    PeopleContext,
    directory=st.lists(persons, max_size=4).map(
        lambda found: Directory(people={one.key: one for one in found})
    ),
    filer=people,
    owner_expression=st.none() | st.builds(Expression, root=terms),
    assignees=st.lists(people, max_size=3).map(tuple),
    loads=st.dictionaries(people, st.integers(0, 3)),
    turns=st.dictionaries(people, st.integers(0, 3)),
)


@given(terms)
def test_an_expression_survives_being_written_and_read(root):
    text = str(Expression(root=root))
    with contextlib.suppress(ExpressionError):  # deeper or longer than allowed
        assert parse(text) == Expression(root=root)


@given(st.text(alphabet="filerown:@(), 0123md", max_size=30) | st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        found = parse(text)
    except ExpressionError as refusal:
        problem = refusal.problem
    else:
        problem = ""
        assert parse(str(found)) == found
    assert not problem or problem.startswith("at character ")


@given(terms, scopes)
def test_only_active_people_are_found_each_once_and_always_the_same(root, scope):
    expression = Expression(root=root)
    found = resolve(expression, scope)
    assert len(set(found)) == len(found)
    assert all(scope.directory.active(key) for key in found)
    assert resolve(expression, scope) == found
    if isinstance(root, Pick):
        everybody = resolve(Expression(root=root.of), scope)
        assert len(found) == min(1, len(everybody))
        assert set(found) <= set(everybody)
