"""Buttons, sheets and links that are in people's chats: each does what it did when it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.platforms.telegram import callbacks
from handlers import leaving, linking
from handlers.registry import VERBS
from handlers.showing import PAGES
from handlers.tokens import Token, read_token
from storage.connect import open_database
from tests.command import inside
from tests.compat.later import opened_later
from tests.compat.plain import plain, stored
from tests.compat.test_messages import insert
from tests.office import Workplace

TOKENS = stored("tokens")
UNKNOWN = "这个按钮已经失效"
NOTICE = {
    "id": "l_1",
    "person": "p_000005",
    "platform": "slack",
    "account": "U1",
    "former": "",
    "at": 1772413200000000,
}


@pytest.fixture
async def later(filled: Callable[[str, str], str]) -> AsyncIterator[Workplace]:
    """The filled database of 0008, brought up to date, with an account that was just linked."""
    url = filled("0008", "sqlite")
    assert (await asyncio.to_thread(inside, "db", "upgrade")).code == 0
    insert(url.removeprefix("sqlite:///"), "link_notices", NOTICE)
    database = await open_database(url)
    work = await opened_later(database)
    await work.settle()
    yield work
    await database.aclose()


def test_every_verb_is_pinned() -> None:
    """A new button gets its literal in `stored/tokens.toml`."""
    verbs = {text.partition("|")[0] for text in TOKENS["press"]}

    assert verbs == {*VERBS, *PAGES, linking.OBJECT}
    sends = {name for name, verb in VERBS.items() if verb.sends is not None}
    assert {*TOKENS["send"]["verbs"]} == sends | {"start", "away", leaving.KIND}


@pytest.mark.parametrize("text", TOKENS["press"])
def test_a_token_is_read_and_written_as_it_always_was(text: str) -> None:
    parts = TOKENS["press"][text]

    assert plain(read_token(text)) == parts
    assert str(Token(**parts)) == text


async def test_every_button_that_was_ever_sent_is_known(later: Workplace) -> None:
    filer = later.person("wang.fang")
    for text in TOKENS["press"]:
        answer = await filer.forges(text)
        assert answer or filer.answer.cards or filer.sheet, text
        assert UNKNOWN not in answer, text


async def test_every_sheet_that_was_ever_opened_is_known(later: Workplace) -> None:
    filer = later.person("wang.fang")
    for verb in TOKENS["send"]["verbs"]:
        text = next(text for text in TOKENS["press"] if text.startswith(f"{verb}|"))
        answer = await filer.forges(text, nothing="x")
        assert answer or filer.answer.problems, text
        assert UNKNOWN not in answer, text


async def test_a_button_of_then_does_its_deed(later: Workplace) -> None:
    await later.person("liu.yang").forges("claim|C-2026-0006|t1|")

    assert (await later.event_types("C-2026-0006"))[-1] == "TaskClaimed"


@pytest.mark.parametrize("data", TOKENS["telegram"])
def test_what_a_button_in_telegram_carries_is_read_as_it_always_was(data: str) -> None:
    assert plain(callbacks.read(data)) == TOKENS["telegram"][data]


@pytest.mark.parametrize("payload", TOKENS["links"])
def test_a_link_to_the_bot_opens_what_it_always_opened(payload: str) -> None:
    assert callbacks.modern(payload) == TOKENS["links"][payload]
