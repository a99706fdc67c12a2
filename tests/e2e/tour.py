"""The README's five-minute tour, part by part, by somebody who can press only what is there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from handlers.i18n import translator
from tests.command import environment
from tests.e2e.carton import photo
from tests.stories.deeds import ONE_PIXEL

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
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
PROOF = {"name": "proof.png", "mimeType": "image/png", "buffer": ONE_PIXEL}


@contextmanager
def playground(folder: Path) -> Iterator[str]:
    """The address of a real playground with data of its own, ended cleanly afterwards."""
    command = [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data", str(folder / "data")],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == 0


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


def files(tour: Tour) -> None:
    tour.plays("wang")
    tour.says("/complaint")
    tour.fills(customer="Acme", contact="138", product="A-100", what_happened="wet")
    tour.form.locator("[data-field=channel] .option").first.click()
    tour.adds("evidence", PHOTO)
    tour.sends()
    expect(tour.page.locator(".case .number").first).to_contain_text("C-2")
    expect(tour.page.locator(".waiting-for")).to_contain_text(tour.said["liu"])


def classifies(tour: Tour) -> None:
    tour.page.locator(".waiting-for .player").filter(has_text=tour.said["liu"]).click()
    tour.presses(tour.word("button.claim"))
    tour.presses(tour.said["classify"])
    tour.chooses(tour.said["urgent"], tour.said["quality"])
    tour.sends()
    expect(tour.page.locator(".waiting-for")).to_contain_text(tour.said["li"])


def sleeps(tour: Tour) -> None:
    tour.next(tour.said["li"])
    tour.next(tour.said["zhao"])
    expect(tour.page.locator(".waiting-for .due.danger")).to_be_visible()
    expect(tour.page.locator(".clock .late")).to_be_visible()
    tour.plays("zhao")
    expect(tour.page.locator(".chat.main .card[data-kind=escalation]").last).to_contain_text("Acme")


def solves(tour: Tour) -> None:
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


def closes(tour: Tour) -> None:
    tour.plays("liu")
    tour.presses(tour.word("button.claim"))
    tour.presses(tour.word("button.submit"))
    tour.chooses(tour.said["solved"])
    tour.fills(lessons="thicker boxes")
    tour.sends()
    tour.plays("wang")
    tour.presses(tour.word("button.score.5"))
    tour.sends()


PARTS = (files, classifies, sleeps, solves, closes)
