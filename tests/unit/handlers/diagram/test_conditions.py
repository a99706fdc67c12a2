"""Conditions in words."""

import pytest

from handlers.diagram.conditions import in_words
from tests.unit.handlers.diagram.samples import complaint, launch


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ('category == "new"', "全新", "New"),
        ('category == "new" or category == "extension"', "全新、延伸", "New, Extension"),
        ('category in ["new", "extension"]', "全新、延伸", "New, Extension"),
        ('category != "new"', "类别 ≠ 全新", "Category ≠ New"),
        ('category == "gone"', "gone", "gone"),
        ("budget > 1000000", "预算 > 1,000,000", "Budget > 1,000,000"),
        ("budget >= 0.5", "预算 ≥ 0.5", "Budget ≥ 0.5"),
        (
            'budget <= 20000 and category == "new"',
            "预算 ≤ 20,000，且全新",
            "Budget ≤ 20,000 and New",
        ),
        ('budget < 1 or category == "new"', "预算 < 1 或 全新", "Budget < 1 or New"),
        ("stranger > 1", "stranger > 1", "stranger > 1"),
        ("(budget  > 1)", "(budget > 1)", "(budget > 1)"),
        ("budget > ..5", "预算 > ..5", "Budget > ..5"),
    ],
)
def test_a_condition_is_said_briefly(condition, zh, en):
    assert in_words(condition, launch(), language="zh") == zh
    assert in_words(condition, launch(), language="en") == en


def test_the_conditions_of_the_complaint_are_said():
    condition = 'category == "delivery" or category == "price"'

    assert in_words(condition, complaint(), language="zh") == "交付、价格与合同"
