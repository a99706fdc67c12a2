"""People who work at the playground through its page: they click, and fill what they see.

They can be told what `Persona` can be told, so that one story is played by both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import LOCALES, settled
from tests.e2e.people import Requests


@dataclass(slots=True)
class Screen:
    """The page in a browser, in one language; beside it the requests, to look only."""

    page: Page
    requests: Requests
    language: str
    people: dict[str, Any] = field(default_factory=dict)

    def person(self, id_: str) -> Clicker:
        if not self.people:
            world = self.requests.get("/api/world")
            self.people.update({person["id"]: person for person in world["people"]})
        return Clicker(self, id_, key=self.people[id_]["key"], name=self.people[id_]["name"])

    def moves_on(self) -> None:
        """Presses what happens next."""
        self.page.locator(".clock .next").click()
        self.rests()

    def until(self, seen: Callable[[], Any]) -> Any:
        return self.requests.until(seen)

    def rests(self) -> None:
        """Until nothing is under way."""
        expect(self.page.locator("[aria-busy=true]:not(.stream)")).to_have_count(0)
        expect(self.page.locator(".clock [aria-disabled=true]")).to_have_count(0)

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")


@contextmanager
def on_screen(browser: Browser, address: str, language: str) -> Iterator[Screen]:
    """A wide page over the playground at this address; it must not complain."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=LOCALES[language], reduced_motion="reduce"
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    settled(page)
    yield Screen(page, Requests(address, language), language)
    context.close()
    assert complaints == []


@dataclass(slots=True)
class Clicker:
    """One person, by the id that the directory knows, at the page."""

    screen: Screen
    id: str
    key: str
    name: str

    def files(self, command: str, *, route: Sequence[str] = (), **values: object) -> str:
        """Files a case, once the form shows this route; its number, as the page shows it."""
        self._says(command)
        self._fills(values)
        for step in route:
            expect(self.screen.form.locator(".route")).to_contain_text(step)
        self._sends()
        number = self.screen.page.locator(".case-head .number").first
        expect(number).to_contain_text("-")
        return number.inner_text()

    def asks_for(self, command: str, **values: object) -> None:
        """Types a command and fills the form that it opens."""
        self._says(command)
        self._fills(values)
        self._sends()

    def presses(self, verb: str, case: str, **values: object) -> None:
        """Presses the newest button of this verb about the case, and fills the form it opens."""
        self._plays()
        self._talks(case)
        self._press(self._chat.locator(".card"), verb, values)

    def presses_on_page(self, verb: str, case: str, **values: object) -> None:
        """Presses the button of this verb on the page of the case, and fills the form it opens."""
        self._plays()
        self._talks(case)
        self._press(self.screen.page.locator(".case-title"), verb, values)

    def presses_labelled(self, place: Locator, label: str, **values: object) -> None:
        """Presses what is called this in a card, and fills the form it opens."""
        self._plays()
        place.get_by_role("button", name=label, exact=True).click()
        self._fills_what_opens(values)

    def cards(self) -> Locator:
        """Every card of their chat, the oldest first."""
        self._plays()
        return self._chat.locator(".card")

    def types(self, text: str) -> None:
        """Types what is answered without a form."""
        self._plays()
        composer = self.screen.page.locator(".chat.main .composer textarea")
        composer.fill(text)
        composer.press("Enter")
        expect(composer).to_have_value("")
        self.screen.rests()

    def verbs(self, case: str) -> set[str]:
        """Every verb that stands in the chat about this case."""
        self._plays()
        self._talks(case)
        buttons = self._chat.locator("[data-verb]")
        return set(buttons.evaluate_all("all => all.map(one => one.dataset.verb)"))

    def case(self, case: str) -> Any:
        """The page of a case, as it is served."""
        return self.screen.requests.get(f"/api/case/{case}", person=self.key)

    def documents(self, case: str) -> list[str]:
        """Where the links to the documents lead that the page of a case shows."""
        self._plays()
        self._talks(case)
        links = self.screen.page.locator(".documents a")
        expect(links.first).to_be_visible()
        return [str(link.get_attribute("href")) for link in links.all()]

    def sees(self, words: str) -> bool:
        """Whether something in their chat says this."""
        self._plays()
        return words in self._chat.inner_text()

    def uploads(self, name: str, content: bytes) -> dict[str, object]:
        return {"name": name, "mimeType": "application/pdf", "buffer": content}

    @property
    def _chat(self) -> Locator:
        return self.screen.page.locator(".chat.main .stream")

    def _plays(self) -> None:
        page, name = self.screen.page, self.name
        chosen = page.locator(".persona", has=page.get_by_text(name, exact=True))
        if "current" not in (chosen.get_attribute("class") or ""):
            chosen.locator(".who").click()
        expect(page.locator(".chat.main .chat-who h2")).to_contain_text(name)
        self.screen.rests()

    def _talks(self, case: str) -> None:
        """Opens the case of the newest card about it, where another is open."""
        if self.screen.page.locator(".case-head .number").first.inner_text() != case:
            self._chat.locator(".card", has_text=case).last.locator(".open-case").click()
        expect(self.screen.page.locator(".case-title")).to_be_visible()
        self.screen.rests()

    def _says(self, text: str) -> None:
        self.types(text)
        expect(self.screen.form).to_be_visible()

    def _press(self, places: Locator, verb: str, values: dict[str, object]) -> None:
        """The button of this verb, or the one under "more"."""
        button = places.locator(f"[data-verb={verb}]").last
        more = places.locator("[aria-haspopup=menu]").last
        expect(button.or_(more).first).to_be_visible()
        if not button.count():
            more.click()
        button.click()
        self._fills_what_opens(values)

    def _fills_what_opens(self, values: dict[str, object]) -> None:
        if values:
            expect(self.screen.form).to_be_visible()
        self.screen.rests()
        if self.screen.form.count():
            self._fills(values)
            self._sends()

    def _fills(self, values: dict[str, object]) -> None:
        for id_, value in values.items():
            self._answers(self.screen.form.locator(f"[data-field='{id_}']"), value)

    def _answers(self, asked: Locator, value: Any) -> None:
        answers = value if isinstance(value, list) else [value]
        upload = asked.locator("input[type=file]")
        if upload.count():
            done = asked.locator(".uploads li.done")
            kept = done.count()
            upload.set_input_files(answers)
            expect(done).to_have_count(kept + len(answers))
        elif asked.locator(".option").count():
            for one in answers:
                asked.locator(f".option input[value='{one}']").check()
        elif asked.locator("select").count():
            asked.locator("select").select_option(answers)
        else:
            asked.locator("input, textarea").fill(value)

    def _sends(self) -> None:
        self.screen.form.locator("[type=submit], .dialog-buttons .button:last-child").click()
        expect(self.screen.form).to_have_count(0)
        self.screen.rests()
