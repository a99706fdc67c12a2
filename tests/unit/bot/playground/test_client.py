"""The playground as the outbox sees it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.platforms.playground.client import PlaygroundChat
from handlers.conversation.ports import Addressee, Delivery
from handlers.pages import Badge, Button, Card, Tone
from workflows.errors import Permanent
from workflows.moments import moment_of
from workflows.records import ChatMessage

NOW = moment_of(datetime(2026, 3, 10, 1, 20, tzinfo=UTC))
TO = Addressee(person="p-wang", account="p-wang", language="zh")
BUTTON = Button(verb="claim", label="认领", token="t1")
CARD = Card(
    kind="task",
    title="任务",
    case_id="C-2026-0042",
    badge=Badge(text="待办", tone=Tone.INFO),
    buttons=(BUTTON,),
)
DELIVERY = Delivery(
    kind="task",
    to=TO,
    cards={"zh": CARD, "en": replace(CARD, title="Task")},
    token="d1",
    notify=False,
)


class FakeLog:
    def __init__(self) -> None:
        self.messages: dict[str, ChatMessage] = {}
        self.unread: list[bool] = []

    async def add(self, message: ChatMessage) -> None:
        assert message.id not in self.messages
        self.messages[message.id] = message

    async def change(self, message_id: str, *, body: Mapping[str, Any], unread: bool) -> bool:
        if message_id not in self.messages:
            return False
        self.messages[message_id] = replace(self.messages[message_id], body=body)
        self.unread.append(unread)
        return True


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def chat(log: FakeLog) -> PlaygroundChat:
    return PlaygroundChat(log, now=lambda: NOW)


def test_everybody_has_an_account_and_reads_both_languages(chat):
    assert chat.account(person="p-wang", accounts={}) == "p-wang"
    assert chat.languages(TO) == ("zh", "en")


async def test_a_message_is_kept_in_both_languages(chat, log):
    ref = await chat.post(DELIVERY)

    message = log.messages[ref]
    assert (message.person, message.author, message.case_id, message.at) == (
        "p-wang",
        "bot",
        "C-2026-0042",
        NOW,
    )
    assert message.body["cards"]["en"]["title"] == "Task"
    assert message.body["cards"]["zh"]["badge"] == {"text": "待办", "tone": "info"}
    assert message.body["cards"]["zh"]["buttons"][0]["token"] == "t1"


async def test_the_same_delivery_twice_is_one_message(chat, log):
    again = replace(DELIVERY, cards={"zh": replace(CARD, title="任务（改）")})
    refs = [await chat.post(DELIVERY), await chat.post(again)]

    assert refs == ["d1", "d1"]
    assert log.messages["d1"].body["cards"]["zh"]["title"] == "任务（改）"


@pytest.mark.parametrize("notify", [True, False])
async def test_a_change_is_unread_only_when_it_should_be_noticed(chat, log, notify):
    ref = await chat.post(DELIVERY)
    await chat.update(ref, replace(DELIVERY, notify=notify))

    assert log.unread == [notify]


async def test_a_message_that_a_reset_removed_is_gone_for_good(chat):
    with pytest.raises(Permanent):
        await chat.update("d9", DELIVERY)
