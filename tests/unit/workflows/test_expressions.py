"""The language in which definitions name people: what it reads and how it refuses."""

from __future__ import annotations

import pytest

from workflows.expressions import (
    MAX_LENGTH,
    Except,
    Expression,
    ExpressionError,
    ExpressionHead,
    FieldRef,
    Manager,
    Managers,
    Members,
    Name,
    PersonRef,
    Pick,
    RoleRef,
    Word,
    parse,
)

FILER = Word(word="filer")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("filer", FILER),
        ("owner", Word(word="owner")),
        ("assignee", Word(word="assignee")),
        ("person:wang.fang", PersonRef(id="wang.fang")),
        ("role:buyer", RoleRef(role="buyer")),
        ("role:complaint-desk@sales", RoleRef(role="complaint-desk", department="sales")),
        ("members(r-and-d)", Members(department="r-and-d")),
        ("manager(filer)", Manager(of=FILER)),
        ("manager(filer, 2)", Manager(of=FILER, levels=2)),
        ("managers(filer, 3)", Managers(of=FILER, levels=3)),
        ("managers(filer)", Managers(of=FILER)),
        (
            "except(managers(filer), owner)",
            Except(of=Managers(of=FILER), without=Word(word="owner")),
        ),
        ("head(quality)", ExpressionHead(department="quality")),
        ("head(department)", ExpressionHead(department="department")),
        ("head(department(filer))", ExpressionHead(of=FILER)),
        ("except(members(sales), filer)", Except(of=Members(department="sales"), without=FILER)),
        ("least_loaded(role:buyer)", Pick(by="least_loaded", of=RoleRef(role="buyer"))),
        ("round_robin(role:buyer)", Pick(by="round_robin", of=RoleRef(role="buyer"))),
        ("field:next_of_kin", FieldRef(id="next_of_kin")),
        ("handler", Name(name="handler")),
    ],
)
def test_every_form_is_read_and_written_back(text, root):
    expression = parse(text)
    assert expression == Expression(root=root)
    assert str(expression) == text


def test_spaces_between_the_parts_mean_nothing():
    assert parse("  manager ( filer ,2 ) ") == parse("manager(filer, 2)")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "at character 1: somebody is expected, but the text ends"),
        ("  ", "at character 1: somebody is expected, but the text ends"),
        ("role:", "at character 6: an id after role: is expected, but the text ends"),
        ("role buyer", 'at character 6: ":" is expected after role, not "buyer"'),
        ("role:buyer@", "at character 12: a department after @ is expected, but the text ends"),
        ("field:Grade", 'at character 7: "Grade" is not the id of a field'),
        ("boss(filer)", 'at character 1: "boss" is not known here'),
        ("user:li.na", 'at character 1: "user" is not known here'),
        ("Handler", 'at character 1: "Handler" is not known here'),
        ("department(filer)", 'at character 1: "department" is not known here'),
        ("manager filer", 'at character 9: "(" is expected after manager, not "filer"'),
        (
            "manager(filer",
            'at character 14: ")" is expected after manager(filer), but the text ends',
        ),
        ("manager(filer, 0)", 'at character 16: "0" is not a number of levels from 1 to 9'),
        ("manager(filer, )", 'at character 16: a number of levels is expected, not ")"'),
        ("managers(filer, x)", 'at character 17: "x" is not a number of levels from 1 to 9'),
        ("managers filer", 'at character 10: "(" is expected after managers, not "filer"'),
        ("except(filer)", 'at character 13: "," is expected after filer, not ")"'),
        ("filer owner", 'at character 7: "owner" is left over'),
        ("filer & everybody else too", 'at character 7: "& everybody else too" is left over'),
        ("filer, everybody else as well", 'at character 6: ", everybody else as …" is left over'),
    ],
)
def test_a_refusal_names_the_place_and_what_is_allowed(text, problem):
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.problem == problem
    assert refusal.value.hint.startswith("Write filer, owner")
    assert isinstance(refusal.value, ValueError)
    assert str(refusal.value) == f"{problem}. {refusal.value.hint}."


@pytest.mark.parametrize(
    ("text", "place", "sign", "plain"),
    [
        ("role：hr", 5, "：", ":"),
        ("manager（filer）", 8, "（", "("),
        ("except(role:hr，filer)", 15, "，", ","),
        ("“filer”", 1, "“", '"'),
    ],
)
def test_a_chinese_sign_is_named_with_the_plain_one(text, place, sign, plain):
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    problem = f"at character {place}: {sign} is a Chinese or typographic sign"
    assert refusal.value.problem == problem
    assert refusal.value.hint == f"Write the plain {plain} here"


def test_length_and_nesting_are_bounded():
    with pytest.raises(ExpressionError, match="longer than 200 characters"):
        parse("a" * (MAX_LENGTH + 1))
    parse("manager(" * 7 + "filer" + ")" * 7)
    with pytest.raises(ExpressionError, match="nested more than 8 deep"):
        parse("manager(" * 8 + "filer" + ")" * 8)


def test_an_expression_tells_what_it_mentions():
    expression = parse(
        "except(least_loaded(except(role:buyer@sales, head(department(handler)))), "
        "except(manager(field:boss), except(person:li.na, except(owner, head(quality)))))"
    )
    assert expression.words == ("owner",)
    assert expression.names == ("handler",)
    assert expression.fields == ("boss",)
    assert expression.persons == ("li.na",)
    assert expression.roles == (("buyer", "sales"),)
    assert expression.departments == ("sales", "quality")
    assert expression.heads == ("quality",)
