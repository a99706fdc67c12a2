"""Slack's door, signed: whatever comes in is answered, kept or refused, and nothing breaks."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import laws
from tests.adapters.slack.deeds import files, presses
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.telegram.wire import post
from tests.fuzz.raw import Complaints, Json, anything, listening, mutated

FORM = "application/x-www-form-urlencoded"
TAKEN = {200, 400, 413}


class Town:
    """An office in Slack over HTTP, what its people have sent, and an event loop to play in it."""

    def __init__(self, folder: Path, heard: Complaints) -> None:
        self.runner = asyncio.Runner()
        self.heard = heard
        self._stack = AsyncExitStack()
        self.place: Workspace = self.runner.run(
            self._stack.enter_async_context(workspace(folder, mode="http", language="en"))
        )
        self.runner.run(self._play())
        self.sent = [(one.kind, one.payload) for one in self.place.slack.outgoing.log]
        self.times = 0

    async def _play(self) -> None:
        place = self.place
        await place.everybody()
        emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
        await files(place, emma)
        await presses(place, liu, "认领", "Claim")
        await emma.slash("/loop tasks")
        await liu.slash("/loop cases")
        await liu.open_home()
        await emma.says("hello")
        await place.settle()

    def close(self) -> None:
        self.runner.run(self._stack.aclose())
        self.runner.close()

    def payloads(self, *kinds: str) -> list[Json]:
        return [payload for kind, payload in self.sent if kind in kinds]

    def posts(self, body: str, kind: str) -> None:
        """A signed request is taken or refused, and no error is logged."""
        hooks = self.place.slack.hooks
        headers = {"Content-Type": kind, **hooks.signed(body)}
        status, _ = self.runner.run(post(hooks.url, body.encode(), headers))
        self.runner.run(self.place.calm())
        assert status in TAKEN
        assert not self.heard.defects(besides="slack_sdk")  # what bolt says of it

    def fresh(self, payload: Json) -> Json:
        """As something that has not come before: else it would be known by its key."""
        self.times += 1
        made, word = copy.deepcopy(payload), f"{self.times}.{self.times}"
        for key in ("trigger_id", "event_id", "action_ts"):
            if key in made:
                made[key] = word
        for action in made.get("actions", ()):
            action["action_ts"] = word
        return made


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with listening() as heard:
        found = Town(tmp_path_factory.mktemp("town"), heard)
        yield found
        found.runner.run(found.place.settle())
        found.runner.run(laws.check(found.place.office))
        found.close()


def dumped(value: Any) -> str:
    return json.dumps(value)


@given(data=st.data())
def test_any_interaction_is_answered(town: Town, data: st.DataObject) -> None:
    base = [town.fresh(one) for one in town.payloads("interactive")]
    body = urlencode({"payload": dumped(data.draw(mutated(base)))})

    town.posts(body, FORM)


@given(data=st.data())
def test_any_command_is_answered(town: Town, data: st.DataObject) -> None:
    base = [town.fresh(one) for one in town.payloads("slash_commands")]
    changed = data.draw(mutated(base))
    body = urlencode({str(k).encode(errors="replace"): _text(v) for k, v in changed.items()})

    town.posts(body, FORM)


@given(data=st.data())
def test_any_event_is_answered(town: Town, data: st.DataObject) -> None:
    base = [town.fresh(one) for one in town.payloads("events_api")]

    town.posts(dumped(data.draw(mutated(base))), "application/json")


@given(value=anything, kind=st.sampled_from([FORM, "application/json", "text/plain", ""]))
def test_any_body_is_answered(town: Town, value: Any, kind: str) -> None:
    body = dumped(value)
    town.posts(body, kind)
    town.posts(urlencode({"payload": body}), kind)


@given(body=st.text(max_size=200), kind=st.sampled_from([FORM, "application/json"]))
def test_any_text_is_answered(town: Town, body: str, kind: str) -> None:
    town.posts(body.encode(errors="replace").decode(), kind)


def _text(value: Any) -> bytes:
    return (value if isinstance(value, str) else dumped(value)).encode(errors="replace")
