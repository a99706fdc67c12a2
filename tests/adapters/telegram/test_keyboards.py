"""What stands under a card, and what a first tap turns it into."""

from __future__ import annotations

import base64

import pytest

from bot.platforms.telegram import callbacks, keyboards
from bot.platforms.telegram.keyboards import Rows
from handlers.i18n import translator
from handlers.pages import Button, Card, FileLink

WORDS = translator("en")
LONG = "verb|" + "A" * 40 + "|t1|" + "x" * 15  # 64 bytes


def labels(rows: Rows) -> list[list[str]]:
    return [[button.text for button in row] for row in rows]


def a_card(*buttons: Button, more: tuple[Button, ...] = ()) -> Card:
    file = FileLink(id="f_1", name="a.pdf", media_type="application/pdf", size=1)
    return Card(
        kind="task", title="T", case_id="C-2026-0001", buttons=buttons, more=more, files=(file,)
    )


def a_button(verb: str, **more: str) -> Button:
    return Button(verb=verb, label=verb.title(), token=f"{verb}|C-2026-0001|t1|", **more)  # type: ignore[arg-type]


def test_a_card_that_is_settled_has_no_keyboard_at_all() -> None:
    assert keyboards.of_card(a_card(), WORDS, shown=False) == []


def test_approving_is_green_and_rejecting_red() -> None:
    card = a_card(a_button("approve", style="primary"), a_button("reject", style="danger"))
    rows = keyboards.of_card(card, WORDS, shown=False)

    assert [button.style for button in rows[0]] == ["success", "danger"]
    assert labels(rows) == [["Approve", "Reject"], ["📎 a.pdf"], ["C-2026-0001"]]


def test_what_cannot_be_undone_takes_a_second_tap() -> None:
    card = a_card(a_button("claim"), a_button("withdraw", confirm="Really?"))
    rows = keyboards.of_card(card, WORDS, shown=False)
    token = card.buttons[1].token
    assert callbacks.read(str(rows[0][1].callback_data)) == callbacks.Callback("?", token)

    asked = keyboards.asking(rows, token, WORDS)
    assert ["✔ Withdraw", "No, keep it"] in labels(asked)
    assert asked[0][0].callback_data == token

    again = keyboards.not_asking(asked)
    data = {str(button.callback_data) for row in again for button in row}
    assert data == {str(button.callback_data) for row in rows for button in row}


@pytest.mark.parametrize("shown", [True, False])
def test_no_button_says_more_than_telegram_carries(shown: bool) -> None:
    assert len(LONG.encode()) == 64
    buttons = (
        Button(verb="x", label="L" * 200, token=LONG),
        Button(verb="y", label="Y", token=LONG, confirm="?"),
    )
    rows = keyboards.of_card(a_card(*buttons, more=buttons), WORDS, shown=shown)

    for row in rows:
        for button in row:
            assert len(button.text) <= keyboards.LABEL_MOST
            assert len(str(button.callback_data or "").encode()) <= 64


def test_a_deep_link_names_what_to_open_and_no_verb() -> None:
    assert callbacks.payload_of("claim|C-2026-0001|t1|") == "case_C-2026-0001"
    assert callbacks.payload_of("approve|C-2026-0001|t1|") == "case_C-2026-0001"
    assert callbacks.payload_of("start|||complaint") == "new_complaint"
    assert callbacks.payload_of("away|||off") == ""


def test_a_link_of_an_older_version_opens_what_its_button_was_about() -> None:
    assert callbacks.modern(old_link("claim|C-2026-0001|t1|")) == "case_C-2026-0001"
    assert callbacks.modern("case_C-2026-0001") == "case_C-2026-0001"
    assert callbacks.modern("t_%%%") == ""


def old_link(token: str) -> str:
    return "t_" + base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
