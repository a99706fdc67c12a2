"""A process is rehearsed in the playground, and everybody can look on."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.prepared import DRAFTS
from tests.e2e.test_playground_screens import LOOKS, overflowing, violations

SAMPLE = (DRAFTS / "sample.toml").read_text(encoding="utf-8")

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)


def begin(page: Page, process: str) -> Locator:
    """Begins a rehearsal from the bar, by keyboard alone; returns its view."""
    page.locator(".top .tools [aria-haspopup=menu]").focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem").filter(has_text=process)
    while not item.evaluate("(one) => one === document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view = page.locator("dialog.rehearsal")
    expect(view).to_be_visible()
    return view


def node(view: Locator, name: str) -> Locator:
    return view.get_by_role("button", name=re.compile(f"^{name},"))


def test_a_rehearsal_is_watched_from_its_first_way_to_its_verdict(visit):
    opened = visit(width=1440, height=900)
    page = opened.page
    opened.rests.hold()
    view = begin(page, "Customer complaint")
    expect(view.locator(".now-what")).to_contain_text("Path ")
    expect(node(view, "Management decides")).to_have_class(re.compile("ahead"))
    expect(view.locator(".counters li").first).to_contain_text("/7")
    expect(view.get_by_role("status").first).to_contain_text("Playing every path")

    opened.rests.end()
    expect(view.locator(".verdict")).to_contain_text("Nothing to fix")
    expect(view.locator(".verdict")).to_contain_text("All 68 things that can happen were seen")
    expect(view.locator(".node.seen")).to_have_count(8)
    expect(view.locator(".findings")).to_contain_text("None.")

    node(view, "Resolve and reply").click()
    part = view.locator(".looked-at")
    expect(part).to_contain_text("Sent back to “Classify and grade”")
    expect(part).to_contain_text("different paths")
    part.get_by_text("Completed").click()
    expect(part.locator(".script[open]")).to_contain_text("files the case")
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(page.locator(".top .tools [aria-haspopup=menu]")).to_be_focused()


def test_what_is_wrong_is_told_with_its_line_and_what_to_do(visit):
    page = visit(width=1440, height=900, empty=True).page
    page.locator(".case-empty").get_by_role("button", name="Sample").click()
    view = page.locator("dialog.rehearsal")
    expect(view.locator(".verdict")).to_contain_text("5 findings.")

    never = view.locator(".finding").first
    expect(never).to_contain_text("is never taken")
    expect(never.locator("code").first).to_have_text(re.compile(r"sample(\.toml)?:\d+"))
    expect(never).to_contain_text("See whether the conditions before it leave anything over")
    expect(node(view, "Tell finance")).to_have_class(re.compile("missed"))
    view.get_by_role("button", name="Show “Tell finance” in the flow").click()
    expect(view.locator(".looked-at")).to_contain_text("Not reached")
    expect(node(view, "Tell finance")).to_have_attribute("aria-pressed", "true")


def test_a_rehearsal_plays_on_while_it_is_not_looked_at_and_is_never_doubled(visit):
    opened = visit(width=1440, height=900)
    page = opened.page
    opened.rests.hold()
    view = begin(page, "Customer complaint")
    expect(view.locator(".now-what")).to_be_visible()
    page.keyboard.press("Escape")
    running = page.get_by_role("button", name=re.compile("^Rehearsing"))
    expect(running).to_be_visible()
    page.locator(".case .rehearse-this").click()
    expect(view.locator(".verdict")).to_contain_text("Playing every path")
    expect(page.locator(".notice")).to_contain_text("One rehearsal runs at a time")
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    opened.rests.end()
    expect(page.locator(".notice")).to_contain_text("Nothing to fix")
    expect(running).to_have_count(0)


def test_a_rehearsal_is_stopped_and_keeps_what_it_saw(visit):
    opened = visit(width=1440, height=900)
    page = opened.page
    opened.rests.hold()
    view = begin(page, "Customer complaint")
    expect(view.locator(".now-what")).to_contain_text("Path ")
    view.get_by_role("button", name="Stop").click()
    expect(view.locator(".verdict")).to_contain_text("Stopped before everything was played")
    expect(node(view, "Classify and grade")).to_have_class(re.compile("part"))
    opened.rests.end()
    view.get_by_role("button", name="Play it again").click()
    expect(view.locator(".verdict")).to_contain_text("Nothing to fix")


def choose(page: Page, button: Locator, text: str) -> None:
    """Chooses a draft with this text."""
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(
        {"name": "draft.toml", "mimeType": "application/toml", "buffer": text.encode()}
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_a_draft_is_mended_and_rehearsed(visit, width):
    page = visit(width=width, height=900).page
    wrong = SAMPLE.replace('kind = "approval"', 'kind = "approve"')
    page.locator(".top .tools [aria-haspopup=menu]").click()
    choose(page, page.get_by_role("menuitem", name="Rehearse a draft"), wrong)
    flaws = page.get_by_role("dialog")
    expect(flaws).to_contain_text("draft.toml has to be fixed before it can be rehearsed")
    expect(flaws.locator("code").first).to_have_text(re.compile(r"draft\.toml:\d+"))
    assert violations(page) == []
    assert overflowing(page) == []

    choose(page, flaws.get_by_role("button", name="Choose the draft again"), SAMPLE)
    view = page.locator("dialog.rehearsal")
    expect(view.get_by_role("heading", level=2)).to_have_text("Rehearsal · Sample draft.toml")
    expect(view.locator(".verdict")).to_contain_text("5 findings.")
    expect(view.get_by_role("button", name="Choose the draft again")).to_be_visible()


COLOURS = """(node, classes) => {
    node.className = classes;
    const style = getComputedStyle(node);
    return [style.backgroundColor, style.color];
}"""


@pytest.mark.parametrize("coverage", ["seen", "part", "missed"])
def test_the_step_that_is_played_has_its_colours_whatever_was_seen_of_it(visit, coverage):
    page = visit(width=1440, height=844, language="en", scheme="dark").page
    page.emulate_media(reduced_motion="no-preference")  # otherwise colours change a frame later
    view = begin(page, "Sample")
    expect(view.locator(".rehearsal-body.done")).to_be_visible()
    node = view.locator(".node.task").first

    # A step is being played for a moment only, so it is named here after the end.
    played = node.evaluate(COLOURS, f"node task current {coverage}")

    assert played == node.evaluate(COLOURS, "node task current")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_a_rehearsal_can_be_looked_at_by_everybody(visit, width, language, scheme):
    opened = visit(width=width, height=844, language=language, scheme=scheme)
    page = opened.page
    opened.rests.hold()
    view = begin(page, {"en": "Customer complaint", "zh": "客户投诉"}[language])
    expect(view.locator(".now-what")).to_be_visible()
    view.locator(".dialog-tools .button").first.click()
    expect(view.locator(".rehearsal-body.stopped")).to_be_visible()
    seen = {"stopped": violations(page)}
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    opened.rests.end()
    view = begin(page, {"en": "Sample", "zh": "样例"}[language])
    expect(view.locator(".rehearsal-body.done")).to_be_visible()
    view.locator(".node.missed").click()
    expect(view.locator(".looked-at")).to_be_visible()
    seen["done"] = violations(page)

    assert seen == {view: [] for view in seen}
    assert overflowing(page) == []
    assert view.locator(".rehearsal-body").evaluate("(one) => one.scrollWidth <= one.clientWidth")
