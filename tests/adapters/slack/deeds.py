"""What people do in many of these tests."""

from __future__ import annotations

from typing import Any

from handlers.intents import Submitted
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Modal, Person, Seen
from tests.unit.handlers.purchase import put_in_force

FILLED = {
    "q:customer": "Acme 东方食品",
    "q:contact": "13800000000",
    "q:channel": "phone",
    "q:product": "A-100",
    "q:what_happened": "包装破损，箱子是湿的",
}


async def opens(person: Person, place: Workspace, command: str = "/complaint") -> Modal:
    """A form opens for somebody who typed a command."""
    assert (await person.slash(command)).ok
    await place.calm()
    return person.modal


async def files(place: Workspace, filer: Person, **more: Any) -> None:
    """Somebody files a complaint."""
    modal = await opens(filer, place)
    assert await modal.submit({**FILLED, **more}) == {}
    await place.settle()


async def presses(
    place: Workspace, person: Person, zh: str, en: str, on: Seen | None = None, **more: Any
) -> None:
    """Somebody presses a button, and what follows from it happens."""
    label = place.says(zh, en)
    shown = [on.now()] if on is not None else reversed(person.messages())
    for seen in shown:
        for button in seen.buttons:
            if button == label or button.startswith((f"{label}：", f"{label}: ")):
                assert (await person.click(button, seen, **more)).ok
                await place.settle()
                return
    raise AssertionError(f"no button {label}. {person.describe()}")


async def chooses(
    place: Workspace, person: Person, zh: str, en: str, on: Seen | None = None
) -> None:
    """Somebody chooses from More."""
    assert (await person.click("cl:more:0", on, place.says(zh, en))).ok
    await place.settle()


async def fills(place: Workspace, person: Person, /, **values: Any) -> None:
    """Somebody fills the open form and sends it; it is taken."""
    assert await person.modal.submit({f"q:{name}": v for name, v in values.items()}) == {}
    await place.settle()


def task_card(person: Person, *words: str) -> Seen:
    """Their newest card with something to press that says all of this."""
    for seen in reversed(person.messages()):
        if seen.controls() and all(word in seen.text for word in words):
            return seen.now()
    raise AssertionError(person.describe(words))


async def asks_for_approval(place: Workspace) -> None:
    """Somebody asks for a printer, which one person approves with one press."""
    await put_in_force(place.office)
    asked = Submitted(
        person=await place.office.person("sun.yue").key(),
        via="playground",
        key="asked",
        token="start|||purchase",
        values={"what": "打印机"},
    )
    await place.desk.handle(asked)
    await place.settle()
