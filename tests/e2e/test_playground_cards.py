"""Cards and cases in a browser: what is pressed, asked, opened and found."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Persona, Requests
from tests.e2e.prepared import DAMAGED, FRESH

pytestmark = pytest.mark.browser

expect.set_options(timeout=10_000)

# ---------------------------------------------------------------- cards


def test_a_double_click_is_one_press(visit):
    opened = visit()
    page = opened.page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    page.locator(".card", has_text=FRESH).get_by_role("button", name="Claim").dblclick()
    expect(page.locator(".notice")).to_contain_text("is yours now")

    assert len(opened.sent("pressed")) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_key(visit):
    opened = visit()
    page = opened.page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    lost = iter([True])
    keys = []

    def once(route: Any) -> None:
        keys.append(route.request.post_data_json["key"])
        if next(lost, False):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/intents?*", once)
    page.locator(".card", has_text=FRESH).get_by_role("button", name="Claim").click()
    expect(page.locator(".notice")).to_contain_text("is yours now")

    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_more_verbs_are_in_a_menu_and_some_ask_first(visit):
    opened = visit()
    page = opened.page
    requests = Requests(opened.address)
    number = Persona(requests, "wang.fang").files("/sample", what="A chair", amount="5")
    Persona(requests, "lin.wei").presses("complete", number)
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    card = page.locator(".chat.main .card", has_text=f"Approve · {number}")
    more = card.get_by_role("button", name="More actions")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Transfer")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()

    approve = card.get_by_role("button", name="Approve")
    approve.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Approve")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(approve).to_be_focused()
    assert opened.sent("pressed") == []

    approve.click()
    dialog.get_by_role("button", name="Approve").click()
    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator(".case .badge").first).to_have_text("Completed")


def test_a_case_is_withdrawn_from_the_menu_of_its_card(visit):
    page = visit().page
    card = page.locator(".chat.main .card", has_text=f"Customer complaint · {FRESH}")
    card.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Withdraw").click()
    page.get_by_role("dialog").locator("[type=submit]").click()

    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator(".case .badge").first).to_have_text("Withdrawn")


def test_details_are_seen_by_this_persona_only(visit):
    page = visit().page
    page.locator(".card", has_text=f"Customer complaint · {FRESH}").get_by_role(
        "button", name="Details"
    ).click()
    aside = page.locator(".aside-card")
    expect(aside).to_contain_text("Only Wang Fang sees this")

    composer = page.locator(".chat.main .composer textarea")
    composer.fill(f"/case {FRESH}")
    composer.press("Enter")
    below = page.locator(".aside-card ~ .message .card", has_text=FRESH)
    expect(below).to_have_count(1)  # what is said later stands below it

    aside.get_by_role("button", name="Put away").click()
    expect(aside).to_have_count(0)


def test_details_that_are_longer_than_the_screen_are_read_from_their_beginning(visit):
    page = visit(width=390, height=500).page
    page.locator(".card", has_text=f"Customer complaint · {FRESH}").get_by_role(
        "button", name="Details"
    ).click()

    expect(page.locator(".aside-card .card-title")).to_be_in_viewport()
    assert page.locator(".aside-card").evaluate("one => one.offsetHeight > 500")


def test_what_is_pressed_has_room_for_a_finger(visit):
    page = visit(width=390, height=844).page
    touch = {"enabled": True, "maxTouchPoints": 1}
    page.context.new_cdp_session(page).send("Emulation.setTouchEmulationEnabled", touch)
    for tab in ("people", "case", "chat"):
        page.locator(f".tab[data-for={tab}]").click()
        pressed = page.locator(".tab, .skip, .button:not(.tools .button)")
        small = "all => all.filter((one) => one.offsetHeight < 44).map((one) => one.outerHTML)"

        assert pressed.count()
        assert pressed.locator("visible=true").evaluate_all(small) == []


def test_words_that_look_like_markup_stay_words(visit):
    page = visit().page
    page.get_by_role("button", name=re.compile("^Li Qiang")).first.click()
    expect(
        page.locator(".stream blockquote", has_text="<script>alert('no')</script>").first
    ).to_be_visible()
    assert page.locator(".stream script, .case script").count() == 0


# ---------------------------------------------------------------- the case


def test_a_node_leads_to_its_events_and_its_message(visit):
    page = visit().page
    page.locator(".talks button", has_text=DAMAGED).click()
    expect(page.locator(".case h2")).to_contain_text("Huadong Markets")
    page.get_by_role("button", name=re.compile("^Resolve and reply")).click()
    expect(page.locator(".filter")).to_contain_text("Only: Resolve and reply")
    expect(page.locator(".event")).to_have_count(6)
    expect(page.locator(".message[data-sought]")).to_be_visible()
    page.locator(".filter").get_by_role("button", name="Show all").click()
    expect(page.locator(".filter")).to_have_count(0)


def test_an_event_leads_to_its_message(visit):
    page = visit().page
    page.locator(".talks button", has_text=DAMAGED).click()
    page.locator(".event-link", has_text="commented").click()

    expect(page.locator(".message[data-sought]")).to_contain_text(
        "The customer has just called again"
    )
    expect(page.locator(".message[data-sought]")).to_be_in_viewport()


def test_the_whole_diagram_opens_large(visit):
    page = visit().page
    page.get_by_role("button", name="Enlarge the diagram").click()
    expect(page.get_by_role("dialog").locator(".node")).to_have_count(8)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Enlarge the diagram")).to_be_focused()
