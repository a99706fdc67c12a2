"""Somebody reads the dashboard from a link in the chat: on a phone and on a desktop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessible import is_accessible, shows_where_the_keyboard_is
from tests.e2e.conftest import Visit, Visiting

pytestmark = pytest.mark.browser

WIDTHS = {"desktop": 1440, "phone": 390}
OWNER = {"en": "Chen Jing", "zh": "陈静"}
WORDS = {
    "en": {
        "link": "Open",
        "open": "Open the dashboard",
        "all": "All cases of my processes",
        "state": "State",
        "overdue": "Overdue",
        "process": "Process",
        "step": "Step",
        "show": "Show",
        "none": "No case fits.",
        "words": "Words",
        "diagram": "Diagram",
        "figures": "Figures",
        "as_of": "Figures as of",
        "leave": "Log out",
        "left": "You are logged out",
        "used": "This link was used already",
        "complaint": "Customer complaint",
        "resolve": "Resolve and reply",
    },
    "zh": {
        "link": "打开",
        "open": "打开看板",
        "all": "我负责的流程的全部事项",
        "state": "状态",
        "overdue": "已超时",
        "process": "流程",
        "step": "步骤",
        "show": "查看",
        "none": "没有符合条件的事项。",
        "words": "包含文字",
        "diagram": "流程图",
        "figures": "指标",
        "as_of": "截至",
        "leave": "退出",
        "left": "已退出",
        "used": "链接已经用过",
        "complaint": "客户投诉处理流程",
        "resolve": "处理并答复",
    },
}


def headed(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def asked_for(here: Visit, language: str) -> Page:
    """The page behind the link that the bot gives to the owner of the complaints."""
    page = here.page
    people = page.request.get(f"{here.address}api/world?language={language}").json()["people"]
    owner = next(one for one in people if one["name"] == OWNER[language])
    page.goto(f"{here.address}?person={owner['key']}")
    answer = page.request.post(
        f"{here.address}api/intents",
        headers={"x-closeloop": "1"},
        data={
            "type": "said",
            "person": owner["key"],
            "key": f"ask {language}",
            "language": language,
            "text": "/dashboard",
            "case": None,
            "files": [],
        },
    ).json()
    page.goto(answer["link"])
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", WORDS)
def test_the_dashboard_is_read_by_clicks(visit: Visiting, language: str, width: str) -> None:
    words = WORDS[language]
    page = asked_for(visit(language=language, width=WIDTHS[width]), language)
    link = page.url
    expect(page.get_by_text(OWNER[language])).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name=words["open"], exact=True).click()
    headed(page, words["all"])
    is_accessible(page)
    rows = page.get_by_role("rowheader")
    expect(rows).to_have_count(4)

    page.get_by_label(words["state"], exact=True).select_option(label=words["overdue"])
    page.get_by_role("button", name=words["show"], exact=True).click()
    expect(rows).to_have_count(1)
    page.get_by_label(words["state"], exact=True).select_option(index=0)
    page.get_by_label(words["process"], exact=True).select_option(label=words["complaint"])
    page.get_by_role("button", name=words["show"], exact=True).click()
    page.get_by_label(words["step"], exact=True).select_option(label=words["resolve"])
    page.get_by_role("button", name=words["show"], exact=True).click()
    expect(rows).to_have_count(2)
    page.get_by_label(words["words"], exact=True).fill("zzz")
    page.get_by_label(words["words"], exact=True).press("Enter")
    expect(page.get_by_text(words["none"])).to_be_visible()
    is_accessible(page)
    page.go_back()

    number = rows.first.inner_text()
    rows.first.get_by_role("link").click()
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=words["diagram"])).to_be_visible()
    is_accessible(page)

    page.get_by_role("link", name=words["figures"], exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(words["as_of"])
    is_accessible(page)

    page.get_by_role("button", name=words["leave"], exact=True).click()
    headed(page, words["left"])
    page.goto(link)
    headed(page, words["used"])
    is_accessible(page)


def test_the_answer_in_the_chat_has_the_link_and_the_page_a_way_to_it(visit: Visiting) -> None:
    here = visit()
    page = here.page
    composer = page.locator(".composer textarea").first
    composer.fill("/dashboard")
    composer.press("Enter")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Your link to the dashboard")
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Open", exact=True).click()
    headed(opened.value, "Dashboard")

    with page.context.expect_page() as another:
        page.get_by_role("link", name="Dashboard").click()
    headed(another.value, "Dashboard")
    another.value.get_by_role("button", name="Open the dashboard").click()
    expect(another.value.get_by_role("heading", level=1)).to_have_text(re.compile("cases|work"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_in_the_dark_and_with_a_keyboard(visit: Visiting, scheme: str) -> None:
    page = asked_for(visit(scheme=scheme), "en")
    page.get_by_role("button", name="Open the dashboard").press("Enter")
    headed(page, "All cases of my processes")
    is_accessible(page)
    reached = shows_where_the_keyboard_is(page, presses=10)
    assert reached[0] == "A"  # the way past the navigation
    assert {"SELECT", "INPUT", "BUTTON"} <= {*reached}
    page.get_by_role("link", name="Figures", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Figures as of")
    is_accessible(page)
