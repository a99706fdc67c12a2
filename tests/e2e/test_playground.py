"""The playground in a browser: filing, mending, playing several people."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.prepared import DAMAGED, FRESH
from tests.stories.deeds import ONE_PIXEL
from tests.unit.handlers.documents.samples import HEIC_PHOTO

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
    expect(page.locator(".composer-hint").first).to_contain_text("Answer every complaint")
    keys.press("Enter")
    expect(page.get_by_label("Customer *")).to_be_focused()
    keys.type("Huadong Markets")
    for text in ("138 0000 0000", " ", "Order 7", "Broken <b>boxes</b> 📦", "A refund"):
        keys.press("Tab")
        keys.type(text)
    keys.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    card = page.locator(".chat.main .card")
    expect(card).to_contain_text("Customer complaint · C-2026-0001")
    expect(page.locator(".case h2")).to_contain_text("Huadong Markets")
    expect(page.locator(".case [data-section=fields]")).to_contain_text("Broken <b>boxes</b> 📦")
    expect(page.locator(".waiting-for")).to_contain_text("Chen Jing")
    assert [intent["values"]["channel"] for intent in opened.sent("submitted")] == ["phone"]


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
    expect(page.locator(".notice")).to_contain_text("C-2026-0005")


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
    person = dialog.get_by_label("Person in charge *")
    who = person.locator("option", has_text="Li Qiang").get_attribute("value")
    person.select_option(who)
    dialog.get_by_label("Department *").select_option(index=1)
    dialog.get_by_role("button", name="Submit").click()
    expect(opened.page.locator(".notice")).to_contain_text("E-2026-0001")

    [sent] = opened.sent("submitted")
    assert sent["values"]["long_text"] == "字" * 60
    assert sent["values"]["choices"] == ["p1", "p3"]
    assert (sent["values"]["date"], sent["values"]["time"], sent["values"]["choice"]) == (
        "2026-03-12",
        "16:30",
        "yes",
    )
    assert (sent["values"]["line"], sent["values"]["person"], sent["values"]["files"]) == (
        "p7",
        who,
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
    (tmp_path / "bad.png").write_bytes(bytes(range(9)))
    (tmp_path / "box.png").write_bytes(ONE_PIXEL)
    (tmp_path / "PHOTO.HEIC").write_bytes(HEIC_PHOTO)
    chooser.set_input_files([tmp_path / name for name in sizes])
    uploads = dialog.locator(".uploads li")
    expect(uploads.nth(0)).to_contain_text("Only pictures or PDF are accepted here")
    expect(uploads.nth(1)).to_contain_text("over the limit of 10 MB")
    expect(uploads.nth(2)).to_contain_text("empty")
    expect(uploads.nth(3)).to_contain_text("bad.png")
    expect(uploads.nth(3)).to_have_class("refused")
    expect(uploads.nth(4)).to_have_class("done")
    expect(uploads.nth(5)).to_have_class("done")

    uploads.nth(0).get_by_role("button", name="Remove notes.txt").click()
    expect(uploads).to_have_count(5)
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.locator(".notice")).to_contain_text(
        "“big.png”, “empty.png” and “bad.png” were not uploaded"
    )
    assert opened.sent("submitted") == []


def test_a_comment_with_a_picture_reaches_everybody_on_the_case(visit):
    opened = visit()
    page = opened.page
    page.locator(".talks button", has_text=DAMAGED).click()
    page.locator(".composer input[type=file]").set_input_files(
        {"name": "box.png", "mimeType": "image/png", "buffer": ONE_PIXEL}
    )
    expect(page.locator(".composer .uploads .done")).to_be_visible()
    composer(page).fill("<img src=x onerror=alert(1)> سلام")
    composer(page).press("Enter")
    mine = page.locator(".message.from-person", has_text="<img src=x")
    expect(mine).to_be_visible()
    expect(mine.get_by_role("link")).to_contain_text("box.png")

    page.get_by_role("button", name=re.compile("^Li Qiang Customer")).click()
    theirs = page.locator(".chat.main [data-kind=comment]", has_text="<img src=x")
    expect(theirs.get_by_role("link")).to_contain_text("box.png")
    [said] = opened.sent("said")
    assert (said["case"], len(said["files"])) == (DAMAGED, 1)


# ---------------------------------------------------------------- people


def test_who_has_it_leads_to_that_persona(visit):
    page = visit().page
    page.locator(".waiting-for").get_by_role("button", name=re.compile("Chen Jing")).click()

    expect(page.locator(".chat.main h2")).to_have_text(re.compile("Chen Jing"))
    expect(page.locator(".persona.current")).to_contain_text("Chen Jing")
    expect(page.locator(".waiting-for")).to_contain_text("that is you")
    expect(page.locator(".chat.main .card").last).to_contain_text("Classify and grade")


def test_a_card_that_was_acted_on_changes_in_both_pinned_chats(visit):
    opened = visit(width=1440)
    page = opened.page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    page.get_by_role("button", name="Show the chat of Liu Yang next to yours").click()
    beside = page.locator(".chat.beside")
    expect(beside.locator("h2")).to_have_text(re.compile("Liu Yang"))
    task = page.locator(".chat.main .card", has_text=f"Classify and grade · {FRESH}")
    task.get_by_role("button", name="Claim").click()
    expect(task).to_contain_text("To do")
    expect(task.get_by_role("button", name="Claim")).to_have_count(0)
    other = beside.locator(".card", has_text=f"Classify and grade · {FRESH}")
    expect(other).to_contain_text("With somebody else")
    expect(other.get_by_role("button", name="Claim")).to_have_count(0)

    page.reload()
    expect(page.locator(".chat.beside h2")).to_have_text(re.compile("Liu Yang"))
    page.locator(".chat.beside").get_by_role("button", name="Put away").click()
    expect(page.locator(".chat.beside")).to_have_count(0)


def test_a_case_that_a_persona_may_not_see_is_explained(visit):
    page = visit().page
    page.get_by_role("button", name=re.compile("^Xie Ting")).first.click()

    expect(page.locator(".case-empty")).to_contain_text("You may not")
    expect(page.locator(".chat.main .empty")).to_contain_text("No messages for Xie Ting yet")


def test_messages_are_read_when_they_were_seen(visit):
    page = visit().page
    persona = page.locator(".persona", has_text="Chen Jing")
    expect(persona.locator(".unread")).to_be_visible()
    persona.locator(".who").click()

    expect(persona.locator(".unread")).to_have_count(0)


# ---------------------------------------------------------------- time, language, light, reset


def test_time_moves_and_says_what_happened(visit):
    page = visit().page
    expect(page.locator(".now time")).to_have_text("10:20")
    page.locator(".clock").get_by_role("button", name="+1 hour").click()
    expect(page.locator(".now time")).to_have_text("11:20")
    expect(page.locator(".happened")).to_contain_text("nothing happened")
    page.locator(".clock .next").click()
    expect(page.locator(".now time")).to_have_text("13:50")
    expect(page.locator(".happened li")).to_contain_text("Classify and grade")


def test_a_change_by_somebody_else_arrives_by_itself(visit):
    opened = visit()
    page = opened.page
    other = page.context.new_page()
    other.goto(opened.address)
    other.locator(".clock").get_by_role("button", name="+1 hour").click()

    expect(page.locator(".now time")).to_have_text("11:20")


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

    expect(page.locator(".offer")).to_have_count(4)
    page.locator(".offer").first.click()
    title = page.get_by_role("dialog").get_by_role("heading", level=2)
    expect(title).to_have_text("Complaint form")


def test_an_empty_playground_offers_a_year_of_work(visit):
    page = visit().page
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    page.route("**/api/sample**", lambda route: route.fulfill(json={}))
    with page.expect_request("**/api/sample**") as asked:
        page.locator(".offer", has_text="Load a year").click()

    assert asked.value.post_data_json == {"sample": "year"}
