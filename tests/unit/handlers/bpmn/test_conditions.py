"""Conditions of drawings in our words."""

import pytest

from handlers.bpmn.conditions import read_condition

READ = [
    ("${amount > 1000}", "amount > 1000"),
    ("#{amount >= 10.5 && kind == 'new'}", 'amount >= 10.5 and kind == "new"'),
    ('= amount < 3 or kind != "a = b"', 'amount < 3 or kind != "a = b"'),
    ("${!(amount gt 2 || amount eq 1)}", "not (amount > 2 or amount == 1)"),
    ("amount = 4", "amount == 4"),
]


@pytest.mark.parametrize(("text", "ours"), READ)
def test_a_condition_of_fields_is_read(text: str, ours: str) -> None:
    found = read_condition(text)
    assert found is not None
    assert found.text == ours


@pytest.mark.parametrize(
    "text",
    [
        "${execution.getVariable('x')}",
        "${a.b == 1}",
        "${amount > other}",
        "${vip == true}",
        "${kind > 'a'}",
        "${Amount > 1}",
        "${1 < a < 3}",
        "${}",
        "a ==",
        "(" * 500,
        "not " * 5_000 + "a",
        "x == 'it\\'s'",
        "\x00",
    ],
)
def test_any_other_is_not(text: str) -> None:
    assert read_condition(text) is None


def test_fields_are_known_with_what_they_are_compared_with() -> None:
    found = read_condition("${amount > 1000 && kind == 'new'}")
    assert found is not None
    assert found.compared == (("amount", 1000), ("kind", "new"))
