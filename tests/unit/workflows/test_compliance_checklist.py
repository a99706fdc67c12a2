"""The compliance checklist of the documentation is a form that a definition can use (L2.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflows.field_rules import is_asked
from workflows.loading import load_definition

ROOT = Path(__file__).parents[3]
PAGES = ("docs/how-to/compliance-checklist.md", "docs/zh/how-to/compliance-checklist.md")
TEMPLATE = ROOT / "workflows/processes/templates/leave.toml"


def block(page: str) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    found: list[str] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_no_needs_a_reason_in_each_of_the_three_groups(page: str) -> None:
    """L2.2: authority limits, data security and labour law, by name."""
    text = TEMPLATE.read_text(encoding="utf-8").replace('form = "opinion"', 'form = "compliance"')
    head, forms, rest = text.partition("[forms.opinion]")
    loaded = load_definition(f"{head}{block(page)}\n{forms}{rest}", file="leave.toml")
    form = loaded.definition.forms["compliance"]
    questions = [one for one in form.fields if one.options]
    reasons = {one.id: one for one in form.fields if not one.options}

    groups = [one.label.en.partition(":")[0] for one in questions]
    assert set(groups) == {"Authority limits", "Data security", "Labour law"}
    assert all(2 <= groups.count(group) <= 4 for group in groups)
    for question in questions:
        assert question.required
        reason = reasons[f"{question.id}_why"]
        assert reason.required
        asked = {
            one.id: is_asked(reason, {question.id: one.id}, loaded.conditions)
            for one in question.options
        }
        assert asked == {"yes": False, "no": True, "none": False}


def test_both_languages_have_the_same_form() -> None:
    first, second = map(block, PAGES)
    assert first == second
