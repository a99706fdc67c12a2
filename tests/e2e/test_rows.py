"""A form with rows in the browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_playground import command

pytestmark = pytest.mark.browser


def test_rows_are_added_corrected_removed_and_summed(visit):
    opened = visit(empty=True)
    page = opened.page
    dialog = command(page, "/order new office")
    total, add = dialog.locator("tfoot output"), dialog.get_by_role("button", name="Add a row")

    dialog.get_by_label("Item, row 1").fill("Chair")
    dialog.get_by_label("Amount, row 1").fill("1,200.50")
    add.click()
    dialog.get_by_label("Item, row 2").fill("Freight")
    dialog.get_by_label("Amount, row 2").fill("x")
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.locator(".problem").first).to_contain_text("Row 2, Amount: Please enter a number")
    expect(dialog.get_by_label("Item, row 2")).to_have_value("Freight")

    dialog.get_by_label("Amount, row 2").fill("30")
    expect(total).to_have_text("1230.5")
    expect(dialog.get_by_label("Why so much *")).to_be_visible()  # the sum decides it
    dialog.get_by_role("button", name="Remove row 1").click()
    expect(dialog.get_by_label("Why so much *")).to_have_count(0)
    for row in (2, 3, 4):
        add.click()
        expect(dialog.get_by_label(f"Item, row {row}")).to_be_visible()
    expect(add).to_be_disabled()  # four rows at most
    dialog.get_by_label("Amount, row 1").fill("130")
    dialog.get_by_role("button", name="Submit").click()

    expect(dialog).to_have_count(0)
    expect(page.locator(".chat.main .card")).to_contain_text("1 row, total 130")
    expect(page.locator(".case [data-section=fields]")).to_contain_text("1. Freight · 130")
    assert opened.sent("submitted")[-1]["values"]["items"][0]["what"] == "Freight"


def test_on_a_narrow_screen_rows_need_no_scrolling_sideways(visit):
    page = visit(width=390, height=844, empty=True).page
    dialog = command(page, "/order new office")
    table = dialog.locator(".rows-scroll")

    expect(dialog.get_by_label("Item, row 1")).to_be_visible()
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
    for label in ("Item, row 1", "Amount, row 1"):
        box = dialog.get_by_label(label).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    dialog.get_by_label("Amount, row 1").fill("30")
    expect(dialog.locator("tfoot output")).to_have_text("30")

    dialog.get_by_role("button", name="Submit").click()
    whole, sign = (
        dialog.locator(selector).bounding_box() for selector in (".summary", ".summary .icon")
    )
    assert whole is not None
    assert sign is not None
    assert abs(whole["y"] + whole["height"] / 2 - sign["y"] - sign["height"] / 2) < 2


def test_what_is_wrong_with_rows_is_seen_on_a_narrow_screen(visit):
    page = visit(width=390, height=844, empty=True).page
    dialog = command(page, "/process-change")
    for field in ("process", "scenario", "pain_points"):
        dialog.locator(f"#field-{field}").fill("complaint")
    dialog.get_by_role("button", name="Submit").click()

    expect(dialog.get_by_label("Figure, row 1")).to_be_focused()
    problem = dialog.locator(".problem")
    expect(problem).to_have_text("Fill in at least one row.")
    box, bar = problem.bounding_box(), dialog.locator(".dialog-buttons").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"]
