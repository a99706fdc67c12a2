"""Forms in the browser whose questions follow from the answers."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.test_playground import command

pytestmark = pytest.mark.browser

LABELS = {
    "en": ("Abroad", "At home", "Country *", "Visa by *", "Needed", "Leaves *", "Submit"),
    "zh": ("国外", "国内", "国家 *", "签证日期 *", "需要", "出发日期 *", "提交"),
}


def labels(dialog: Locator) -> list[str]:
    return [text.split(" *")[0] for text in dialog.locator(".field-label").all_inner_texts()]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_asks_what_follows_and_keeps_what_was_typed(visit, language):
    abroad, home, country, visa_by, needed, _, _ = LABELS[language]
    dialog = command(visit(empty=True, language=language).page, "/travel trade fair")
    expect(dialog.get_by_label(country)).to_have_count(0)

    dialog.get_by_text(abroad, exact=True).click()
    dialog.get_by_label(country).fill("France")
    dialog.get_by_text(needed, exact=True).click()
    expect(dialog.get_by_label(visa_by)).to_be_visible()
    expect(dialog.locator("#field-purpose")).to_have_value("trade fair")

    dialog.get_by_text(home, exact=True).click()
    expect(dialog.get_by_label(country)).to_have_count(0)
    expect(dialog.get_by_label(visa_by)).to_have_count(0)
    dialog.get_by_text(abroad, exact=True).click()
    expect(dialog.get_by_label(country)).to_have_value("France")


def test_a_limit_is_told_below_the_question_and_in_the_refusal(visit):
    opened = visit(empty=True)
    dialog = command(opened.page, "/travel trade fair")
    dialog.get_by_text("At home", exact=True).click()
    leaves = dialog.get_by_label("Leaves *")
    expect(dialog.locator("#field-leaves-hint")).to_contain_text(
        "16 Mar 2026 or later: not before 5 working days after today."
    )
    leaves.fill("2026-03-30")
    expect(dialog.locator("#field-returns-hint")).to_contain_text("30 Mar 2026 or later")

    leaves.fill("2026-03-13")
    dialog.get_by_label("Returns *").fill("2026-03-12")
    dialog.get_by_label("Budget *").fill("-5")
    dialog.get_by_label("Advance").fill("1e400")
    dialog.get_by_role("button", name="Submit").click()

    told = [
        "Please choose 16 Mar 2026 or a later day: not before 5 working days after today.",
        "It must be at least 0.",
        "Please enter a number, like 1234.5, with at most 6 decimals.",
    ]
    expect(dialog.locator(".problem")).to_have_text(told)
    expect(leaves).to_have_value("2026-03-13")  # what was typed is still there
    expect(dialog.get_by_label("Advance")).to_have_value("1e400")
