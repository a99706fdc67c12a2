"""The form of a launch in the browser: its route follows the answers, mistakes stand at fields."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_playground import command

pytestmark = pytest.mark.browser

SAID = {
    "en": ("CNY", "If Budget in CNY ≤ 1,000,000", "Executives countersign: 2 signers"),
    "zh": ("人民币", "如果预算（折人民币） ≤ 1,000,000", "管理层会签：2 人会签"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_shows_the_route_and_follows_the_budget(visit, language):
    currency, condition, signers = SAID[language]
    dialog = command(visit(empty=True, language=language).page, "/launch X200")
    route = dialog.locator(".route")
    expect(route).to_contain_text(condition)

    dialog.locator("#field-budget").fill("3000000")
    dialog.get_by_text(currency, exact=True).click()
    expect(route).not_to_contain_text(condition)
    expect(route).to_contain_text(signers)


WRONG = {"launch_date": "2026-01-01", "budget": "-1", "revenue": "1e400"}
TOLD = {
    "en": {
        "launch_date": "7 Apr 2026 or a later day",
        "budget": "at least 0",
        "revenue": "a number, like 1234.5",
        "plan": "Please add a file.",
    },
    "zh": {
        "launch_date": "2026年4月7日或之后",
        "budget": "不能小于 0",
        "revenue": "请填写数字",
        "plan": "请添加文件",
    },
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(visit, language):
    opened = visit(empty=True, language=language)
    dialog = command(opened.page, "/launch X200")
    for field, value in WRONG.items():
        dialog.locator(f"#field-{field}").fill(value)
    for option in ("device", "domestic", "cny"):
        dialog.locator(f".option input[value={option}]").check()
    dialog.locator("[type=submit]").click()

    for field, words in TOLD[language].items():
        expect(dialog.locator(f"#field-{field}-problem")).to_contain_text(words)
    expect(dialog.locator(".field.wrong")).to_have_count(4)
    expect(dialog.locator("#field-launch_date")).to_be_focused()
    for field, value in WRONG.items():
        expect(dialog.locator(f"#field-{field}")).to_have_value(value)
    expect(dialog.locator(".option input[value=domestic]")).to_be_checked()
