"""What came of one's own words is scrolled into view."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_manners import composer

pytestmark = pytest.mark.browser

expect.set_options(timeout=15_000)


@pytest.mark.parametrize("place", ["main", "beside"])
def test_what_came_of_ones_own_words_is_in_view_however_far_one_had_scrolled(visit, place):
    page = visit(width=1440, height=600).page
    page.get_by_role("button", name="Show the chat of Chen Jing next to yours").click()
    chat = page.locator(f".chat.{place}")
    chat.locator(".stream article").first.wait_for()
    chat.locator(".stream").evaluate("one => { one.scrollTop = 0; }")
    box = chat.locator(".composer textarea")
    box.fill("/tasks")
    box.press("Enter")

    expect(chat.locator(".stream article").last).to_be_in_viewport()
    expect(chat.locator(".newer")).to_have_count(0)


def test_what_came_of_ones_own_words_is_in_view_before_they_are_answered(visit):
    page = visit(width=1440, height=600).page
    late: list[Any] = []
    page.route("**/api/intents?*", lambda route: late.append((route, route.fetch())))
    stream = page.locator(".chat.main .stream")
    stream.locator("article").first.wait_for()
    stream.evaluate("one => { one.scrollTop = 0; }")
    composer(page).fill("/tasks")
    composer(page).press("Enter")

    expect(stream.locator("article").last).to_contain_text("Nothing to do")
    expect(stream.locator("article").last).to_be_in_viewport()
    for route, answer in late:
        route.fulfill(response=answer)
    expect(page.locator(".chat.main .newer")).to_have_count(0)
