"""The README's tour, taken on the real playground in both languages: nothing on it may go wrong."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from handlers.i18n import translator
from tests.command import environment
from tests.stories.deeds import ONE_PIXEL

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

LOCALES = {"en": "en-GB", "zh": "zh-CN"}
SAID = {
    "zh": {
        "wang": "王芳",
        "liu": "刘洋",
        "li": "李强",
        "zhao": "赵磊",
        "urgent": "紧急",
        "quality": "产品质量",
        "classify": "分类分级",
        "record": "登记答复",
        "unhappy": "客户不满意",
        "happy": "客户满意",
        "archive": "归档总结",
        "solved": "已解决",
        "escalation": "升级",
        "reminder": "提醒",
    },
    "en": {
        "wang": "Wang Fang",
        "liu": "Liu Yang",
        "li": "Li Qiang",
        "zhao": "Zhao Lei",
        "urgent": "Urgent",
        "quality": "Product quality",
        "classify": "Classify and grade",
        "record": "Record the answer",
        "unhappy": "Customer is not satisfied",
        "happy": "Customer is satisfied",
        "archive": "Archive and summarise",
        "solved": "Solved",
        "escalation": "Escalation",
        "reminder": "Reminder",
    },
}
PHOTO = {"name": "photo.png", "mimeType": "image/png", "buffer": ONE_PIXEL}
PROOF = {"name": "proof.png", "mimeType": "image/png", "buffer": ONE_PIXEL}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The real playground, with data of its own."""
    command = [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data", str(tmp_path / "data")],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as playground:
        assert playground.stdout is not None
        yield playground.stdout.readline().strip()
        playground.send_signal(signal.SIGTERM)
        assert playground.wait(timeout=30) == 0


class Tour:
    """Somebody at the page, who can press only what is there."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.said = SAID[language]

    def word(self, msgid: str) -> str:
        return translator(self.language).t(msgid)

    def plays(self, who: str) -> None:
        self.page.locator(".persona .who").filter(has_text=self.said[who]).click()
        expect(self.page.locator(".chat.main .chat-who h2")).to_contain_text(self.said[who])

    def presses(self, label: str, **card: Any) -> None:
        """A button on the newest card that has it."""
        cards = self.page.locator(".chat.main .card")
        found = cards.filter(**card) if card else cards
        found.get_by_role("button", name=label, exact=True).last.click()

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")

    def sends(self) -> None:
        self.form.locator("[type=submit]").click()
        expect(self.form).to_have_count(0)

    def says(self, text: str) -> None:
        composer = self.page.locator(".chat.main .composer textarea")
        composer.fill(text)
        composer.press("Enter")

    def fills(self, **values: str) -> None:
        for field, value in values.items():
            self.form.locator(f"#field-{field}").fill(value)

    def chooses(self, *labels: str) -> None:
        for label in labels:
            self.form.get_by_text(label, exact=True).click()

    def adds(self, field: str, file: Any) -> None:
        self.form.locator(f"[data-field={field}] input[type=file]").set_input_files([file])
        expect(self.form.locator(f"[data-field={field}] .uploads li.done")).to_contain_text(
            file["name"]
        )

    def next(self, expected: str) -> None:
        """One press on what happens next; what happened is told."""
        self.page.locator(".clock .next").click()
        expect(self.page.locator(".happened li").filter(has_text=expected).first).to_be_visible()


def _files(tour: Tour) -> None:
    tour.plays("wang")
    tour.says("/complaint")
    tour.fills(customer="Acme", contact="138", product="A-100", what_happened="wet")
    tour.form.locator("[data-field=channel] .option").first.click()
    tour.adds("evidence", PHOTO)
    tour.sends()
    expect(tour.page.locator(".case .number").first).to_contain_text("C-2")
    expect(tour.page.locator(".waiting-for")).to_contain_text(tour.said["liu"])


def _classifies(tour: Tour) -> None:
    tour.page.locator(".waiting-for .player").filter(has_text=tour.said["liu"]).click()
    tour.presses(tour.word("button.claim"))
    tour.presses(tour.said["classify"])
    tour.chooses(tour.said["urgent"], tour.said["quality"])
    tour.sends()
    expect(tour.page.locator(".waiting-for")).to_contain_text(tour.said["li"])


def _sleeps(tour: Tour) -> None:
    tour.next(tour.said["li"])
    tour.next(tour.said["zhao"])
    expect(tour.page.locator(".waiting-for .due.danger")).to_be_visible()
    expect(tour.page.locator(".clock .late")).to_be_visible()
    tour.plays("zhao")
    expect(tour.page.locator(".chat.main .card[data-kind=escalation]").last).to_contain_text("Acme")


def _solves(tour: Tour) -> None:
    tour.plays("li")
    tour.presses(tour.said["record"])
    tour.fills(answer="sorry")
    tour.sends()
    tour.presses(tour.word("button.submit"))
    tour.fills(root_cause="thin box", resolution="a new one")
    tour.adds("proof", PROOF)
    tour.sends()
    tour.plays("wang")
    tour.presses(tour.said["unhappy"])
    tour.fills(customer_answer="not here yet")
    tour.sends()
    tour.plays("li")
    tour.presses(tour.word("button.submit"), has_text="not here yet")
    expect(tour.form.locator("[data-field=proof] .uploads")).to_contain_text("proof.png")
    tour.fills(resolution="delivered")
    tour.sends()
    tour.plays("wang")
    expect(tour.page.locator(".chat.main .card").last).to_contain_text("proof.png")
    tour.presses(tour.said["happy"])
    expect(tour.form.locator("#field-customer_answer")).to_have_value("")
    tour.fills(customer_answer="well done")
    tour.sends()


def _closes(tour: Tour) -> None:
    tour.plays("liu")
    tour.presses(tour.word("button.claim"))
    tour.presses(tour.word("button.submit"))
    tour.chooses(tour.said["solved"])
    tour.fills(lessons="thicker boxes")
    tour.sends()
    tour.plays("wang")
    tour.presses(tour.word("button.score.5"))
    tour.sends()


def _opens_every_file(tour: Tour) -> None:
    """Every picture, and the report in both kinds and both languages."""
    links = tour.page.locator("a[href^='/files/']").evaluate_all("all => all.map(one => one.href)")
    kinds = set()
    for link in sorted(set(links)):
        with urllib.request.urlopen(link) as answer:
            assert answer.status == 200
            kinds.add((answer.headers["content-type"], answer.read(4)))
    assert {start for _, start in kinds} == {b"%PDF", b"PK\x03\x04", b"\x89PNG"}
    assert len(links) >= 5


def _world(address: str) -> Any:
    with urllib.request.urlopen(f"{address}api/world?language=en") as answer:
        return json.load(answer)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tour_of_the_readme_ends_with_nobody_having_an_open_task(
    browser: Browser, address: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=LOCALES[language], reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    tour = Tour(page, language)

    for part in (_files, _classifies, _sleeps, _solves, _closes, _opens_every_file):
        part(tour)

    world = _world(address)
    assert {person["id"]: person["tasks"] for person in world["people"] if person["tasks"]} == {}
    assert [case["status"] for case in world["cases"]] == ["completed"]
    assert world["next"] is None
    assert complaints == []
    context.close()
