"""Rehearsals are played one at a time, bit by bit, off the event loop."""

import asyncio
import threading
from typing import Any

import pytest

from bot.platforms.playground.as_json import as_json
from bot.playground_rehearsals import FIRST_WAYS, REST_S, Rehearsals
from handlers.rehearsing import Rehearsing
from tests.fakes.playground_rehearsals import broken, rehearsing
from tests.fakes.runtime import Pauses
from tests.unit.workflows import office


class Watched:
    """A room with its bell counted."""

    def __init__(self) -> None:
        self.pauses = Pauses()
        self.told = 0
        self.rehearsals = Rehearsals(pause=self.pauses, tell=self._tell)

    def _tell(self) -> None:
        self.told += 1

    async def over(self) -> dict[str, Any]:
        assert self.rehearsals._player is not None
        await asyncio.wait({self.rehearsals._player}, timeout=30)
        seen = await self.rehearsals.view(language="en", part="")
        assert seen is not None
        return dict(as_json(seen))


async def test_it_rests_between_bits_and_tells_after_each() -> None:
    room = Watched()
    assert room.rehearsals.begin(rehearsing(broken()))
    seen = await room.over()

    assert seen["stage"] == "done"
    assert room.told > 2
    assert room.pauses.made == [REST_S] * room.told


async def test_it_is_played_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[tuple[int, threading.Thread]] = []
    play = Rehearsing.play

    def noted(self: Rehearsing, most: int) -> None:
        played.append((most, threading.current_thread()))
        play(self, most)

    monkeypatch.setattr(Rehearsing, "play", noted)
    room = Watched()
    room.rehearsals.begin(rehearsing(broken()))
    await room.over()

    assert [most for most, _ in played[:3]] == [FIRST_WAYS, FIRST_WAYS + 1, FIRST_WAYS + 2]
    assert threading.current_thread() not in {thread for _, thread in played}


async def test_only_one_is_played_at_a_time() -> None:
    room = Watched()
    assert room.rehearsals.begin(rehearsing(office.complaint()))
    assert not room.rehearsals.begin(rehearsing(broken()))
    await room.rehearsals.aclose()
    seen = await room.over()

    assert (seen["run"], seen["process"], seen["stage"]) == (1, "complaint", "stopped")
    assert not room.rehearsals.running


async def test_stopping_what_is_over_changes_nothing() -> None:
    room = Watched()
    await room.rehearsals.stop()
    await room.rehearsals.aclose()
    room.rehearsals.begin(rehearsing(broken()))
    await room.over()
    told = room.told
    await room.rehearsals.aclose()

    assert (await room.over())["stage"] == "done"
    assert room.told == told


async def test_a_defect_of_ours_ends_it_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: Rehearsing, most: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Rehearsing, "play", breaks)
    room = Watched()
    room.rehearsals.begin(rehearsing(broken()))
    seen = await room.over()

    assert (seen["stage"], seen["verdict"]["tone"]) == ("broken", "danger")
    assert room.told == 1
