"""The playground in a browser: filing, mending, playing several people."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handlers.intents import Pressed, Said, Submitted

pytestmark = pytest.mark.browser

expect.set_options(timeout=10_000)


def composer(page: Page) -> Locator:
    return page.locator(".chat.main .composer textarea")


def command(page: Page, text: str) -> Locator:
    """Says a command and returns the form that opens."""
    composer(page).fill(text)
    composer(page).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def intents(visit: Any, kind: type) -> list[Any]:
    return [intent for intent in visit.desk.log if isinstance(intent, kind)]


# ---------------------------------------------------------------- filing


def test_a_complaint_is_filed_by_keyboard_alone(visit):
    opened = visit(empty=True)
    page, keys = opened.page, opened.page.keyboard
    expect(page.get_by_role("heading", name="A complaint’s whole life")).to_be_visible()
    keys.press("/")
    expect(page.get_by_role("option", name="/complaint")).to_have_attribute("aria-selected", "true")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(composer(page)).to_have_value("/complaint ")
    expect(page.locator(".composer-hint").first).to_contain_text("Opens the form")
    keys.press("Enter")
    expect(page.get_by_label("Customer *")).to_be_focused()
    keys.type("Huadong Markets")
    for text in ("138 0000 0000", " ", "Order 7", "Broken <b>boxes</b> 📦", "A refund"):
        keys.press("Tab")
        keys.type(text)
    keys.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    card = page.locator(".chat.main .card")
    expect(card).to_contain_text("Received · C-2026-0001")
    expect(page.locator(".case h2")).to_contain_text("Huadong Markets: Order 7")
    expect(page.locator(".case [data-section=fields]")).to_contain_text("Broken <b>boxes</b> 📦")
    expect(page.locator(".waiting-for")).to_contain_text("Chen Jing")
    assert [intent.values["channel"] for intent in intents(opened, Submitted)] == ["phone"]


def test_words_after_a_command_fill_the_main_field(visit):
    page = visit().page
    dialog = command(page, "/complaint Broken boxes")

    expect(dialog.get_by_label("What happened *")).to_have_value("Broken boxes")


def test_a_form_keeps_its_values_and_shows_what_to_mend(visit):
    opened = visit()
    page = opened.page
    dialog = command(page, "/complaint")
    dialog.get_by_label("Customer *").fill("Huadong Markets")
    dialog.get_by_text("E-mail", exact=True).click()
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("3 fields need another look")

    contact = dialog.get_by_label("Contact *")
    expect(contact).to_be_focused()
    expect(contact).to_have_attribute("aria-invalid", "true")
    expect(dialog.locator("#field-contact-problem")).to_have_text("Please fill this in.")
    expect(dialog.get_by_label("Customer *")).to_have_value("Huadong Markets")
    expect(dialog.get_by_label("E-mail")).to_be_checked()

    contact.fill("138")
    dialog.get_by_label("Product or order *").fill("7")
    dialog.get_by_label("What happened *").fill("Broken")
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("Filed as C-2026-0044")


def test_every_type_of_question_can_be_answered(visit):
    opened = visit()
    dialog = command(opened.page, "/everything")
    dialog.get_by_label("Text *", exact=True).fill("short")
    dialog.get_by_label("Long text *").fill("字" * 61)
    expect(dialog.locator("[data-field=long_text] .counter")).to_have_class("counter over")
    dialog.get_by_label("Long text *").fill("字" * 60)
    dialog.get_by_label("Number *").fill("3")
    dialog.get_by_label("Amount (CNY) *").fill("12.50")
    dialog.get_by_label("Date *").fill("2026-03-12")
    dialog.get_by_label("Time *").fill("16:30")
    dialog.get_by_label("Yes").check()
    dialog.get_by_label("Product line *", exact=True).select_option("p7")
    dialog.get_by_label("Product line 1 and").check()
    dialog.get_by_label("Product line 3 and").check()
    dialog.get_by_label("Person in charge *").select_option("li.qiang")
    dialog.get_by_label("Department *").select_option(index=1)
    dialog.get_by_role("button", name="Submit").click()
    expect(opened.page.locator(".notice")).to_contain_text("Received")

    [sent] = intents(opened, Submitted)
    assert sent.values["long_text"] == "字" * 60
    assert sent.values["choices"] == ["p1", "p3"]
    assert (sent.values["date"], sent.values["time"], sent.values["choice"]) == (
        "2026-03-12",
        "16:30",
        "yes",
    )
    assert (sent.values["line"], sent.values["person"], sent.values["files"]) == (
        "p7",
        "li.qiang",
        [],
    )


def test_what_was_typed_survives_a_closed_dialog(visit):
    page = visit().page
    dialog = command(page, "/complaint")
    dialog.get_by_label("Customer *").fill("Huadong Markets")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    dialog = command(page, "/complaint")
    expect(dialog.get_by_label("Customer *")).to_have_value("Huadong Markets")
    dialog.get_by_role("button", name="Start over").click()
    expect(dialog.get_by_label("Customer *")).to_have_value("")


# ---------------------------------------------------------------- files


def test_a_refused_upload_says_why_and_a_good_one_is_sent(visit, tmp_path):
    opened = visit()
    dialog = command(opened.page, "/complaint")
    chooser = dialog.locator("input[type=file]")
    sizes = {
        "notes.txt": 5,
        "big.png": 11 * 1024 * 1024,
        "empty.png": 0,
        "bad.png": 9,
        "box.png": 3,
        "PHOTO.HEIC": 3,  # of which a browser knows no type
    }
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"x" * size)
    chooser.set_input_files([tmp_path / name for name in sizes])
    uploads = dialog.locator(".uploads li")
    expect(uploads.nth(0)).to_contain_text("Only pictures or PDF are accepted here")
    expect(uploads.nth(1)).to_contain_text("over the limit of 10 MB")
    expect(uploads.nth(2)).to_contain_text("empty")
    expect(uploads.nth(3)).to_contain_text("bad.png")
    expect(uploads.nth(3)).to_have_class("refused")
    expect(uploads.nth(4)).to_have_class("done")
    expect(uploads.nth(5)).to_have_class("done")
    kept = sorted(stored.name for stored, _ in opened.desk.files.values())
    assert kept == ["PHOTO.HEIC", "box.png"]

    uploads.nth(0).get_by_role("button", name="Remove notes.txt").click()
    expect(uploads).to_have_count(5)
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.locator(".notice")).to_contain_text(
        "“big.png”, “empty.png” and “bad.png” were not uploaded"
    )
    assert intents(opened, Submitted) == []


def test_a_comment_with_a_picture_reaches_everybody_on_the_case(visit):
    opened = visit()
    page = opened.page
    page.locator(".talks button", has_text="C-2026-0042").click()
    page.locator(".composer input[type=file]").set_input_files(
        {"name": "box.png", "mimeType": "image/png", "buffer": b"png"}
    )
    expect(page.locator(".composer .uploads .done")).to_be_visible()
    composer(page).fill("<img src=x onerror=alert(1)> سلام")
    composer(page).press("Enter")
    mine = page.locator(".message.from-person", has_text="<img src=x")
    expect(mine).to_be_visible()
    expect(mine.get_by_role("link")).to_contain_text("box.png")

    page.get_by_role("button", name=re.compile("^Li Qiang Complaint")).click()
    expect(page.locator(".message.from-person", has_text="<img src=x")).to_be_visible()
    [said] = intents(opened, Said)
    assert (said.case_id, said.files) == ("C-2026-0042", ("f1",))


# ---------------------------------------------------------------- people


def test_who_has_it_leads_to_that_persona(visit):
    page = visit().page
    page.locator(".waiting-for").get_by_role("button", name=re.compile("Chen Jing")).click()

    expect(page.locator(".chat.main h2")).to_have_text(re.compile("Chen Jing"))
    expect(page.locator(".persona.current")).to_contain_text("Chen Jing")
    expect(page.locator(".waiting-for")).to_contain_text("that is you")
    expect(page.locator(".chat.main .card").last).to_contain_text("Task: classify and grade")


def test_a_card_that_was_acted_on_changes_in_both_pinned_chats(visit):
    opened = visit(width=1440)
    page = opened.page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    page.get_by_role("button", name="Show the chat of Li Qiang next to yours").click()
    beside = page.locator(".chat.beside")
    expect(beside.locator("h2")).to_have_text(re.compile("Li Qiang"))
    task = page.locator(".chat.main .card", has_text="Task: classify and grade · C-2026-0043")
    task.get_by_role("button", name="Claim").click()
    expect(task).to_contain_text("Claimed by Chen Jing")
    other = beside.locator(".card", has_text="Task: classify and grade · C-2026-0043")
    expect(other).to_contain_text("Claimed by Chen Jing")
    expect(other.locator(".buttons")).to_have_count(0)

    page.reload()
    expect(page.locator(".chat.beside h2")).to_have_text(re.compile("Li Qiang"))
    page.locator(".chat.beside").get_by_role("button", name="Put away").click()
    expect(page.locator(".chat.beside")).to_have_count(0)


def test_a_case_that_a_persona_may_not_see_is_explained(visit):
    page = visit().page
    page.get_by_role("button", name=re.compile("^Zhao Min")).first.click()

    expect(page.locator(".case-empty")).to_contain_text("You may not")
    expect(page.locator(".chat.main .empty")).to_contain_text("No messages for Zhao Min yet")


def test_messages_are_read_when_they_were_seen(visit):
    page = visit().page
    mine = page.locator(".persona", has_text="Wang Fang").locator(".unread")
    expect(mine).to_have_count(0)


# ---------------------------------------------------------------- cards


def test_a_double_click_is_one_press(visit):
    opened = visit()
    page = opened.page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    page.locator(".card", has_text="C-2026-0043").get_by_role("button", name="Claim").dblclick()
    expect(page.locator(".notice")).to_contain_text("It is yours now")

    assert len(intents(opened, Pressed)) == 1


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
    page.locator(".card", has_text="C-2026-0043").get_by_role("button", name="Claim").click()
    expect(page.locator(".notice")).to_contain_text("It is yours now")

    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_more_verbs_are_in_a_menu_and_some_ask_first(visit):
    opened = visit()
    page = opened.page
    card = page.locator(".chat.main .card", has_text="Received · C-2026-0043")
    more = card.get_by_role("button", name="More actions")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Nudge")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nobody will work on it any more.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(more).to_be_focused()
    assert intents(opened, Pressed) == []

    more.click()
    page.get_by_role("menuitem", name="Withdraw").click()
    dialog.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".notice")).to_contain_text("Withdrawn.")
    expect(page.locator(".case .badge").first).to_have_text("Withdrawn")


def test_details_are_seen_by_this_persona_only(visit):
    page = visit().page
    page.locator(".card", has_text="Received · C-2026-0043").get_by_role(
        "button", name="Details"
    ).click()
    aside = page.locator(".aside-card")
    expect(aside).to_contain_text("Only Wang Fang sees this")
    aside.get_by_role("button", name="Put away").click()
    expect(aside).to_have_count(0)


def test_words_that_look_like_markup_stay_words(visit):
    page = visit().page
    expect(
        page.locator(".stream blockquote", has_text="<script>alert('no')</script>").first
    ).to_be_visible()
    assert page.locator(".stream script, .case script").count() == 0


# ---------------------------------------------------------------- the case


def test_a_node_leads_to_its_events_and_its_message(visit):
    page = visit().page
    page.locator(".talks button", has_text="C-2026-0042").click()
    expect(page.locator(".case h2")).to_contain_text("37 damaged cartons")
    page.get_by_role("button", name=re.compile("^Resolve and reply")).click()
    expect(page.locator(".filter")).to_contain_text("Only: Resolve and reply")
    expect(page.locator(".event")).to_have_count(8)
    expect(page.locator(".message.sought")).to_be_visible()
    page.get_by_role("button", name="Show all", exact=True).last.click()


def test_an_event_leads_to_its_message(visit):
    page = visit().page
    page.locator(".talks button", has_text="C-2026-0042").click()
    page.locator(".event-link", has_text="commented").click()

    expect(page.locator(".message.sought")).to_contain_text("The customer has just called again")
    expect(page.locator(".message.sought")).to_be_in_viewport()


def test_the_whole_diagram_opens_large(visit):
    page = visit().page
    page.get_by_role("button", name="Enlarge the diagram").click()
    expect(page.get_by_role("dialog").locator(".node")).to_have_count(8)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Enlarge the diagram")).to_be_focused()


# ---------------------------------------------------------------- time, language, light, reset


def test_time_moves_and_says_what_happened(visit):
    page = visit().page
    expect(page.locator(".now time")).to_have_text("09:20")
    page.locator(".clock").get_by_role("button", name="+1 hour").click()
    expect(page.locator(".now time")).to_have_text("10:20")
    expect(page.locator(".happened")).to_contain_text("nothing happened")
    page.locator(".clock .next").click()
    expect(page.locator(".now time")).to_have_text("13:30")
    expect(page.locator(".happened li")).to_have_count(2)


def test_a_change_by_somebody_else_arrives_by_itself(visit):
    opened = visit()
    page = opened.page
    other = page.context.new_page()
    other.goto(opened.served.url)
    other.locator(".clock").get_by_role("button", name="+1 hour").click()

    expect(page.locator(".now time")).to_have_text("10:20")


def test_language_and_light_are_kept(visit):
    page = visit().page
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".chat.main h2")).to_have_text(re.compile("王芳"))
    page.get_by_role("button", name=re.compile("外观")).click()
    page.get_by_role("button", name=re.compile("外观：浅色")).click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_reset_asks_once_and_offers_the_beginning(visit):
    page = visit().page
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()

    expect(page.locator(".offer")).to_have_count(3)
    page.locator(".offer").first.click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("Complaint form")
