"""A start form in the browser shows the route, and follows the answers on which it depends."""

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
