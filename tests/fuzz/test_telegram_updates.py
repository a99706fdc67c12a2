"""Telegram's webhook, with its secret: whatever it brings is taken or refused, nothing breaks."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import laws
from tests.adapters.telegram.ground import SECRET, Company, company
from tests.fakes.telegram.wire import post
from tests.fuzz.raw import Complaints, Json, anything, listening, mutated

HEADERS = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
TAKEN = {200, 400, 413}


class Village:
    """A company on Telegram with a webhook, what its people have sent, and an event loop."""

    def __init__(self, folder: Path, heard: Complaints) -> None:
        self.runner = asyncio.Runner()
        self.heard = heard
        self._stack = AsyncExitStack()
        opened = company(folder, mode="webhook", strict=False, checked=False)
        self.office: Company = self.runner.run(self._stack.enter_async_context(opened))
        self.runner.run(self._play())
        self.office.waits.short = 59.0  # nobody lets time pass from here on
        self.sent = [one.json() for one in self.office.fake.updates.all]
        self.number = 900_000_000

    async def _play(self) -> None:
        emma, liu, _ = await self.office.people("emma.clark", "liu.yang", "chen.jing")
        stranger = await self.office.person("pan.rui", linked=False)
        await self.office.case()
        await liu.taps("认领")
        await emma.says("/complaint 箱子是湿的")
        await emma.says("Acme")
        await emma.says("/tasks")
        await stranger.says("hello")
        await self.office.settled()

    def close(self) -> None:
        self.runner.run(self._stack.aclose())
        self.runner.close()

    def brings(self, body: bytes) -> None:
        """An update is taken or refused, and no error is logged."""
        status, _ = self.runner.run(post(f"{self.office.url}/telegram/webhook", body, HEADERS))
        assert status in TAKEN
        assert not self.heard.defects()

    def fresh(self, update: Json) -> Json:
        self.number += 1
        return {**copy.deepcopy(update), "update_id": self.number}


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    with listening() as heard:
        found = Village(tmp_path_factory.mktemp("village"), heard)
        yield found
        found.runner.run(laws.check(found.office.work))
        found.close()


@given(data=st.data())
def test_any_update_is_taken_or_refused(village: Village, data: st.DataObject) -> None:
    changed = data.draw(mutated([village.fresh(one) for one in village.sent]))

    village.brings(json.dumps(changed).encode())


@given(value=anything)
def test_any_body_is_taken_or_refused(village: Village, value: Any) -> None:
    village.brings(json.dumps(value).encode())
    village.brings(json.dumps(village.fresh({"message": value})).encode())
    village.brings(json.dumps(village.fresh({"callback_query": value})).encode())


@given(body=st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(village: Village, body: bytes) -> None:
    village.brings(body)
