"""A draft in a folder is played, followed, edited on the page and saved, in a real browser."""

import re
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, expect

from bot import sample
from tests.e2e.prepared import Prepared
from tests.e2e.served import served
from tests.e2e.test_playground_screens import overflowing, violations

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the leave template as a draft."""
    place = tmp_path / "mine"
    place.mkdir()
    shutil.copyfile(sample.TEMPLATES / "leave.toml", place / "leave.toml")
    return place


def editor(page) -> tuple[Locator, Locator]:
    """Opens the drafts; returns the dialog and the text."""
    page.locator(".to-drafts").click()
    view = page.locator("dialog.drafts")
    area = view.get_by_label("Text of the draft")
    expect(area).to_be_visible()
    expect(view.locator(".draft-state")).to_be_visible()
    return view, area


def replace(area: Locator, old: str, new: str) -> None:
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new))


def test_an_error_is_shown_beside_its_line_and_the_flow_follows(visit, folder):
    page = visit(width=1440, height=900, empty=True, processes=folder).page
    view, area = editor(page)
    expect(view.locator(".draft-state")).to_contain_text("Nothing to fix")
    expect(view.locator(".node")).to_have_count(7)
    expect(view.locator(".legend")).to_contain_text("x/y")

    replace(area, 'to = "how_long"', 'to = "how_lnog"')
    flaw = view.locator(".draft-flaw")
    expect(flaw).to_contain_text("Perhaps you mean how_long")
    number = flaw.locator(".draft-line").inner_text().removeprefix("Line ")
    expect(view.locator(".draft-wrong")).to_have_text(number)
    flaw.click()
    expect(area).to_be_focused()
    chosen = "(one) => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert area.evaluate(chosen) == 'to = "how_lnog"'
    expect(view.locator(".draft-flow")).to_contain_text("as it was before")

    replace(area, 'to = "how_lnog"', 'to = "approved"')
    expect(view.locator(".draft-flaw").first).to_contain_text("how_long")
    replace(area, 'id = "manager"\nkind = "approval"\nname = { zh = "直属上级审批", en = "Line', "")
    expect(view.locator(".draft-wrong").first).to_be_visible()
    assert (folder / "leave.toml").read_text(encoding="utf-8").count("how_long") == 2
    assert violations(page) == []


def test_from_the_rehearsal_of_a_draft_one_comes_back_to_its_line(visit, folder):
    page = visit(width=1440, height=900, empty=True, processes=folder).page
    view, area = editor(page)
    replace(area, 'en = "Leave" }\npurpose', 'en = "Holiday" }\npurpose')
    area.evaluate("(one) => { one.setSelectionRange(900, 900); one.scrollTop = 400; }")

    view.get_by_role("button", name="Rehearse").click()
    rehearsal = page.locator("dialog.rehearsal")
    expect(rehearsal.locator(".verdict.good")).to_be_visible()
    assert violations(page) == []
    rehearsal.get_by_role("button", name="Back to the draft").click()

    expect(area).to_be_focused()
    assert 'en = "Holiday" }\npurpose' in area.input_value()
    assert area.evaluate("(one) => [one.selectionStart, one.scrollTop]") == [900, 400]
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_what_is_saved_is_in_force_and_can_be_filed(visit, folder):
    page = visit(width=1440, height=900, empty=True, processes=folder).page
    view, area = editor(page)
    replace(area, 'en = "Leave" }\npurpose', 'en = "Holiday" }\npurpose')
    expect(view.get_by_text("Not saved yet")).to_be_visible()
    area.press("Control+s")
    expect(view.get_by_text("Version 2 is in force")).to_be_visible()
    assert 'en = "Holiday"' in (folder / "leave.toml").read_text(encoding="utf-8")
    assert [path.name for path in folder.iterdir()] == ["leave.toml"]
    page.keyboard.press("Escape")

    box = page.locator(".composer textarea").first
    box.fill("/time-off moving house")
    box.press("Enter")
    expect(page.locator("dialog")).to_contain_text("Kind of leave")


def test_a_file_that_is_changed_elsewhere_is_taken_up_and_never_overwritten(visit, folder):
    page = visit(width=1440, height=900, empty=True, processes=folder).page
    view, area = editor(page)
    file = folder / "leave.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('en = "Leave" }\npurpose', 'en = "Away" }\npurpose'))
    expect(view.locator("select")).to_contain_text("Away")
    expect(area).to_have_value(file.read_text(encoding="utf-8"))

    area.fill(text.replace("LV", "LX"))
    theirs = text.replace("LV", "LY")
    file.write_text(theirs)
    view.get_by_role("button", name="Save").click()
    expect(view.locator(".notice, [role=alert]").first).to_contain_text("changed")
    assert file.read_text(encoding="utf-8") == theirs
    expect(area).to_have_value(text.replace("LV", "LX"))


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_it_works_on_a_phone(visit, folder, language, scheme):
    (folder / "leave.toml").write_text('key = "leave', encoding="utf-8")
    opened = visit(
        width=390, height=844, language=language, scheme=scheme, empty=True, processes=folder
    )
    page = opened.page
    page.locator(".to-drafts").click()
    view = page.locator("dialog.drafts")
    expect(view.locator(".draft-flaw").first).to_be_visible()
    assert overflowing(page) == []
    assert violations(page) == []
    view.locator("textarea").fill((sample.TEMPLATES / "leave.toml").read_text(encoding="utf-8"))
    expect(view.locator(".draft-state")).not_to_have_class("draft-state bad")
    view.locator(".button.primary").click()
    expect(view.locator("select")).to_contain_text(re.compile(r"(version |第\s?)1"))
    assert (folder / "leave.toml").read_text(encoding="utf-8").startswith("# 请假")


def test_without_a_folder_there_is_nothing_to_edit(visit):
    opened = visit(width=1280, empty=True)

    expect(opened.page.locator(".to-drafts")).to_have_count(0)
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{opened.address}api/drafts")
    assert refused.value.code == 404
    refused.value.close()


def test_other_sites_and_other_places_are_refused(prepared: Prepared, folder: Path, tmp_path: Path):
    shutil.copytree(prepared.empty, tmp_path / "data")
    outside = tmp_path / "outside.toml"
    outside.write_text("secret", encoding="utf-8")
    (folder / "link.toml").symlink_to(outside)
    with served(tmp_path / "data", processes=folder) as address:

        def asked(path: str, body: bytes | None = None, **headers: str) -> int:
            try:
                with urlopen(Request(address + path, data=body, headers=headers)) as answer:
                    return int(answer.status)
            except HTTPError as error:
                error.close()
                return error.code

        ours = {"X-Closeloop": "1", "Content-Type": "application/json"}
        for name in ("..%2Foutside.toml", "link.toml", ".hidden.toml", "x", "leave.scenario"):
            assert asked(f"api/drafts/{name}") == 404
        assert asked("api/drafts", b"{}") == 403, "without our header"
        assert asked("api/drafts", b"{}", **ours, Origin="https://example.com") == 403
        for file in ("../outside.toml", "link.toml", "new.toml", "/etc/x.toml"):
            body = f'{{"file": "{file}", "text": "mine", "mark": "x"}}'.encode()
            assert asked("api/drafts", body, **ours) == 409
        assert asked("api/drafts", b'{"file": 3}', **ours) == 422
    assert outside.read_text(encoding="utf-8") == "secret"
    assert sorted(path.name for path in folder.iterdir()) == ["leave.toml", "link.toml"]
