"""How the page behaves when something is refused, lost, or merely in the way."""

import re
from collections.abc import Sized

import pytest
from playwright.sync_api import FilePayload, FloatRect, Locator, Page, Response, Route, expect

from handlers.i18n import translator
from tests.e2e.conftest import settled
from tests.e2e.prepared import DAMAGED, FRESH
from tests.e2e.test_playground_screens import DRAWN, at_each_width

pytestmark = pytest.mark.browser

expect.set_options(timeout=15_000)


def composer(page: Page) -> Locator:
    return page.locator(".chat.main .composer textarea")


def form(page: Page) -> Locator:
    composer(page).fill("/complaint")
    composer(page).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def boxes(*locators: Locator) -> list[FloatRect]:
    """Where these are, measured together once every animation that ends has ended."""
    measured: list[FloatRect] = locators[0].page.evaluate(
        """async (elements) => {
            const ends = (one) => one.effect.getComputedTiming().endTime !== Infinity;
            await Promise.all(document.getAnimations().filter(ends).map((one) => one.finished));
            return elements.map((one) => one.getBoundingClientRect().toJSON());
        }""",
        [one.element_handle() for one in locators],
    )
    return measured


def loses_answers(page: Page, path: str) -> list[str]:
    """No answer comes to what is asked of a path from now on; returns what was sent."""
    sent: list[str] = []

    def handle(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort("connectionreset")

    page.route(f"**{path}?*", handle)
    return sent


def holds(page: Page, path: str) -> list[Route]:
    """What is asked of a path from now on waits in this list, to be answered by the test."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(f"**{path}", hold)
    return waiting


def until_asked(page: Page, waiting: Sized, times: int = 1) -> None:
    while len(waiting) < times:
        # Lets the test hear of requests; where the clock stands, no frame is drawn to wait for.
        page.evaluate("true")


def asks_for_a_code(page: Page) -> Locator:
    """The notice with a code, which stays."""
    composer(page).fill("/link")
    composer(page).press("Enter")
    notice = page.locator(".notice")
    expect(notice).to_contain_text(re.compile(r"\d{4}"))
    return notice


def test_a_move_of_the_clock_whose_answer_is_lost_is_not_made_twice(visit):
    page = visit().page
    sent = loses_answers(page, "/api/clock")
    page.get_by_role("button", name="+1 hour").click()

    expect(page.locator(".notice.danger")).to_contain_text("No answer came")
    assert len(sent) == 1


def test_a_form_says_inside_itself_that_it_could_not_be_sent(visit):
    page = visit().page
    dialog = form(page)
    sent = loses_answers(page, "/api/intents")
    dialog.locator("[type=submit]").click()

    expect(dialog.locator(".notice.danger")).to_contain_text("No answer came")
    assert len(set(sent)) == 1  # tried again under the same key
    assert len(sent) == 3


REFUSED_UPLOADS: list[FilePayload] = [
    {"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("notes.txt", "bad.bin")
]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_notice_leaves_a_form_its_width_and_can_be_put_away(visit, width):
    page = visit(width=width, height=800).page
    dialog = form(page)
    (before,) = boxes(dialog.locator("form"))
    dialog.locator("input[type=file]").first.set_input_files(REFUSED_UPLOADS)
    dialog.locator("[type=submit]").click()
    notice = dialog.locator(".notice.warn")
    expect(notice).to_contain_text("“notes.txt” and “bad.bin” were not uploaded")
    after, box, shown = boxes(dialog.locator("form"), dialog, notice)
    assert after["width"] == before["width"]
    assert shown["y"] >= after["y"] + after["height"]
    assert shown["y"] + shown["height"] <= box["y"] + box["height"]
    assert shown["height"] < 120

    notice.get_by_role("button", name="Close").click()  # refused if anything covers it
    expect(notice).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_notice_keeps_its_distance_from_the_buttons_of_a_question(visit, width):
    page = visit(width=width, height=800).page
    page.get_by_role("button", name=re.compile("Reset|start over")).click()
    page.evaluate(
        """async () => {
            const { notify } = await import("/static/telling.js");
            notify("Something stays.", { stays: true });
        }"""
    )
    dialog = page.get_by_role("dialog")
    notice = dialog.locator(".notice")
    expect(notice).to_be_visible()
    buttons, shown = boxes(dialog.locator(".dialog-buttons"), notice)
    assert shown["y"] >= buttons["y"] + buttons["height"] + 12

    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "starting", "other"),
    [("en", "Filing as Wang Fang", "As Wang Fang"), ("zh", "以王芳的身份提交", "以王芳的身份")],
)
def test_only_the_form_that_starts_a_case_says_that_it_files(visit, language, starting, other):
    page = visit(language=language).page
    expect(form(page).locator(".as")).to_contain_text(starting)
    page.keyboard.press("Escape")
    composer(page).fill("/away")
    composer(page).press("Enter")
    expect(page.get_by_role("dialog").locator(".as span").last).to_have_text(other)


def test_the_next_command_is_sent_while_the_page_still_fetches_what_came_of_the_last(visit):
    page = visit().page
    waiting = holds(page, "/api/chat?*")
    form(page)
    page.keyboard.press("Escape")
    composer(page).fill("/away")
    composer(page).press("Enter")

    expect(page.get_by_role("dialog").locator(".as span").last).to_have_text("As Wang Fang")
    assert waiting
    for one in waiting:
        one.continue_()


def test_what_changes_while_the_page_fetches_does_not_keep_it_from_showing_what_came(visit):
    page = visit().page
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    claim = page.locator(".chat.main .card", has_text=FRESH).get_by_role("button", name="Claim")
    expect(claim).to_be_visible()
    expect(page.locator(".chat.main .unread")).to_have_count(0)  # what is read is fetched again
    settled(page)
    # The stream may tell of the change before the click is answered, and what was told before is
    # fetched soon. While the clock stands, the fetch that follows the answer is the last one.
    page.clock.install(time=0)
    page.clock.pause_at(1)
    waiting = holds(page, "/api/chat?*")
    before: list[int] = []  # how many fetches began before the answer; the page drops them

    def answered(response: Response) -> None:
        if "/api/intents" in response.url:
            before.append(len(waiting))

    page.on("response", answered)
    claim.click()
    until_asked(page, before)
    expect(page.locator(".notice")).to_contain_text("is yours now")  # and the fetch has begun
    until_asked(page, waiting, before[0] + 1)
    for _ in range(20):
        page.evaluate("true")
    page.evaluate("async () => (await import('/static/refresh.js')).refreshSoon()")
    page.clock.run_for(1000)
    expect(claim).to_be_disabled()
    for one in waiting:
        one.continue_()

    expect(claim).to_have_count(0)
    while len(waiting) < before[0] + 2:  # what changed meanwhile is fetched after it
        page.clock.run_for(100)
    waiting[-1].continue_()


def test_the_case_that_is_chosen_while_the_page_begins_stays_open(visit):
    opened = visit()
    page = opened.page
    page.goto("about:blank")
    waiting = holds(page, "/api/chat?*")
    page.goto(opened.address)
    page.locator(".case-list button", has_text=DAMAGED).click()
    expect(page.locator(".case h2")).to_contain_text("Huadong Markets")
    for one in waiting:
        one.continue_()
    settled(page)

    expect(page.locator(".case .number").first).to_have_text(DAMAGED)


def test_an_older_answer_about_a_case_does_not_replace_a_newer_one(visit):
    page = visit().page
    title = page.locator(".case h2")
    before = title.text_content() or ""
    waiting = holds(page, "/api/case/*")
    for _ in range(2):
        page.evaluate("async () => { (await import('/static/refresh.js')).refreshCase(); }")
    until_asked(page, waiting, 2)
    older, newer = waiting
    for one, shown in ((newer, "newer"), (older, "older")):
        with page.expect_event("requestfinished"):
            one.fulfill(json={**one.fetch().json(), "title": shown})
        page.evaluate(DRAWN)

    assert before != "newer"
    expect(title).to_have_text("newer")


def test_a_menu_takes_the_keys_that_follow_at_once(visit):
    page = visit().page
    page.locator(".chat.main .card [aria-haspopup=menu]").last.focus()
    for key in ("Enter", "End", "ArrowUp", "Home", "ArrowDown"):
        page.keyboard.press(key)

    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()


def test_a_dialog_that_the_browser_closes_unasked_is_closed_for_the_page_too(visit):
    page = visit().page
    form(page).evaluate("one => one.close()")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(asks_for_a_code(page)).to_be_visible()


def test_a_language_that_cannot_be_fetched_is_told_and_nothing_is_mixed(visit):
    page = visit().page
    loses_answers(page, "/api/texts")
    page.get_by_role("button", name="中文").click()

    expect(page.locator(".notice.danger")).to_contain_text("No answer came")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="中文")).to_be_visible()


def test_a_problem_goes_when_its_field_is_answered(visit):
    page = visit().page
    dialog = form(page)
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("#field-contact-problem")).to_be_visible()
    dialog.locator("#field-contact").fill("138")

    expect(dialog.locator("#field-contact-problem")).to_have_count(0)
    expect(dialog.locator("#field-product-problem")).to_be_visible()


def test_words_that_are_refused_stay_in_the_composer(visit):
    page = visit().page
    words = "/complaint " + "long " * 4000
    composer(page).fill(words)
    composer(page).press("Enter")

    expect(page.locator(".notice.warn")).to_contain_text("there are 19999")
    expect(composer(page)).to_have_value(words)


def test_a_text_that_is_needed_for_a_while_stays_until_it_is_put_away(visit):
    page = visit().page
    page.clock.install()
    notice = asks_for_a_code(page)
    code = notice.locator("p").first.text_content() or ""
    page.clock.run_for(120_000)

    expect(notice).to_contain_text(code)
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)


def test_a_notice_covers_nothing_and_the_page_itself_never_scrolls(visit):
    page = visit(width=1440, height=800).page
    notice = asks_for_a_code(page)
    expect(notice).to_be_visible()

    def look() -> list[bool]:
        here, box = boxes(notice, page.locator(".chat.main"))
        below = here["y"] >= box["y"] + box["height"] - 1
        still = page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
        return [below, still]

    widths = (1440, 768, 390, 320)
    assert at_each_width(page, widths, look) == {key: [True, True] for key in widths}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_bar_keeps_to_one_line_on_a_telephone(visit, language):
    page = visit(width=390, height=800, language=language).page

    def look() -> list[bool]:
        bar, office, tools = boxes(*map(page.locator, (".top", ".top .office", ".top .tools")))
        apart = office["x"] + office["width"] <= tools["x"] + 1
        return [bar["height"] < 50, office["height"] < 30, apart]

    widths = (390, 360, 320)
    assert at_each_width(page, widths, look) == {key: [True, True, True] for key in widths}


@pytest.mark.parametrize(
    ("name", "text"),
    [("李强", "您现在是李强"), ("Emma Clark", "您现在是 Emma Clark"), ("“李”", "您现在是“李”")],
)
def test_the_page_sets_a_name_in_a_chinese_text_as_the_server_does(visit, name, text):
    page = visit(language="zh").page
    said = page.evaluate(
        "async (name) => (await import('/static/texts.js')).t('ui.people.now', { name })", name
    )
    assert said == translator("zh").t("ui.people.now", name=name) == text


def test_what_comes_together_is_said_together(visit):
    page = visit().page
    page.evaluate(
        """async () => {
            const { announce } = await import("/static/telling.js");
            announce("one");
            announce("two");
        }"""
    )
    expect(page.locator("#announcer")).to_have_text("one · two")


def test_back_returns_to_the_case_and_the_person_before(visit):
    page = visit(width=1440).page
    first = page.locator(".case .number").first.text_content() or ""
    page.locator(".talks button", has_text=DAMAGED).click()
    expect(page).to_have_url(re.compile(f"{DAMAGED}$"))
    page.get_by_role("button", name=re.compile("^Chen Jing")).first.click()
    expect(page.locator(".chat.main h2")).to_have_text(re.compile("Chen Jing"))
    page.go_back()
    expect(page.locator(".chat.main h2")).to_have_text(re.compile("Wang Fang"))
    page.go_back()
    expect(page).to_have_url(re.compile(f"{first}$"))

    page.goto(page.url.split("#")[0] + f"#/chen.jing/{FRESH}")
    page.reload()
    expect(page.locator(".chat.main h2")).to_have_text(re.compile("Chen Jing"))
    expect(page.locator(".case .number").first).to_have_text(FRESH)


def test_the_whole_diagram_is_seen_at_once_and_nothing_lies_on_it(visit):
    page = visit(width=1440).page
    page.get_by_role("button", name="Enlarge the diagram").click()
    flow = page.get_by_role("dialog").locator(".flow")
    expect(flow).to_be_visible()
    fits = (
        "one => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1"
    )
    page.wait_for_function(
        f"() => (({fits}))(document.querySelector('dialog .flow'))", timeout=15_000
    )


def test_a_node_of_the_flow_brings_its_history_into_view(visit):
    page = visit(width=1440).page
    page.locator(".case .node.task").first.click()

    expect(page.locator("[data-section=history] .filter")).to_be_in_viewport()
