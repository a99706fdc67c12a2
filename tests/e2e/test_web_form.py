"""A customer files a case in the web form of the playground: on a phone and on a desktop."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.customers import PARCEL, PDF
from tests.e2e.conftest import Visiting

pytestmark = pytest.mark.browser

PHOTO = FilePayload(name="照片.pdf", mimeType="application/pdf", buffer=PDF)
WIDTHS = {"desktop": 1440, "phone": 390}
WORDS = {
    "en": {
        "title": "What is wrong with the parcel?",
        "name": "Your name",
        "story": "What happened",
        "other": "Something else",
        "what": "What is it",
        "worth": "Worth (optional)",
        "photos": "Photos (optional)",
        "send": "Send",
        "wrong": "One answer has to be mended",
        "further": "lead to further questions",
        "number": "Your number",
        "another": "Open a new form",
    },
    "zh": {
        "title": "包裹出了什么问题？",
        "name": "您的姓名",
        "story": "经过",
        "other": "其他",
        "what": "是什么问题",
        "worth": "价值 （选填）",
        "photos": "照片 （选填）",
        "send": "提交",
        "wrong": "有 1 处需要修改",
        "further": "还有几个问题",
        "number": "您的单号",
        "another": "打开新的表单",
    },
}


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    folder = tmp_path / "processes"
    folder.mkdir()
    shutil.copy(PARCEL, folder)
    return folder


def fits(page: Page) -> None:
    """Nothing is cut off at the side, and what is pressed is large enough for a finger."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heights = page.locator("button:visible:not(.trap), select:visible").evaluate_all(
        "(found) => found.map((one) => one.getBoundingClientRect().height)"
    )
    assert all(height >= 44 for height in heights)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", WORDS)
def test_a_case_is_filed_by_clicks(
    visit: Visiting, processes: Path, language: str, width: str
) -> None:
    words = WORDS[language]
    here = visit(language=language, width=WIDTHS[width], processes=processes)
    page = here.page
    page.goto(f"{here.address}form/parcel")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    fits(page)

    page.get_by_label(words["name"], exact=True).fill("李雷")
    page.get_by_label(words["story"], exact=True).fill("第一行\n第二行")
    page.get_by_label(words["other"], exact=True).check()
    page.get_by_label(words["worth"], exact=True).fill("很多")
    page.get_by_label(words["photos"], exact=True).set_input_files(PHOTO)
    page.get_by_role("button", name=words["send"], exact=True).click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text(words["wrong"])
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=words["worth"].split()[0]).click()
    expect(page.get_by_label(words["worth"], exact=True)).to_be_focused()
    expect(page.get_by_label(words["worth"], exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(words["story"], exact=True)).to_have_value("第一行\n第二行")
    expect(page.get_by_label(re.compile("照片.pdf"))).to_be_checked()
    fits(page)

    page.get_by_label(words["worth"], exact=True).fill("12.50")
    page.get_by_label(words["what"], exact=True).fill("送错了")
    page.get_by_role("button", name=words["send"], exact=True).click()
    expect(page.get_by_text(words["number"])).to_be_visible()
    expect(page.locator(".number")).to_have_text(re.compile(r"^B-2026-\d{4}$"))
    number = page.locator(".number").inner_text()
    fits(page)

    page.reload()
    expect(page.locator(".number")).to_have_text(number)
    page.get_by_role("link", name=words["another"]).click()
    expect(page.get_by_label(words["name"], exact=True)).to_have_value("")


def test_enter_sends_the_form_and_a_button_adds_a_row(visit: Visiting, processes: Path) -> None:
    here = visit(processes=processes)
    page = here.page
    page.goto(f"{here.address}form/parcel")
    page.get_by_label("Your name", exact=True).fill("Li Lei")
    page.get_by_label("What happened", exact=True).fill("wet")
    page.get_by_label("Lost", exact=True).check()
    page.get_by_role("button", name="Add a row").click()
    page.locator("#f-items-1-what").fill("cup")
    page.locator("#f-items-1-price").fill("3")
    expect(page.get_by_label("Your name", exact=True)).to_have_value("Li Lei")
    page.get_by_label("Worth", exact=False).fill("3")
    page.get_by_label("Worth", exact=False).press("Enter")

    expect(page.locator(".number")).to_be_visible()


def test_the_other_language_is_a_click_away(visit: Visiting, processes: Path) -> None:
    here = visit(processes=processes)
    page = here.page
    page.goto(f"{here.address}form/parcel")
    page.get_by_role("link", name="中文").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("包裹出了什么问题？")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
