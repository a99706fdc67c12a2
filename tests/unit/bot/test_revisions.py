"""A page hears of what was committed, once for a burst, also when it knows an older run."""

import asyncio

from bot.revisions import TOGETHER_S, Revisions
from tests.fakes.runtime import Pauses


async def test_who_knows_the_current_one_waits_for_the_next() -> None:
    pauses = Pauses()
    revisions = Revisions(first=10, pause=pauses)
    waiting = [asyncio.create_task(revisions.after(10)) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)

    revisions.advance()
    revisions.advance()

    assert [await task for task in waiting] == [12, 12]
    assert pauses.made == [TOGETHER_S] * 2


async def test_who_knows_another_one_is_told_at_once() -> None:
    revisions = Revisions(first=10, pause=Pauses())

    assert await revisions.after(9) == 10
    assert await revisions.after(99) == 10


async def test_whoever_stops_waiting_disturbs_nobody() -> None:
    revisions = Revisions(first=1, pause=Pauses())
    gone, stays = (asyncio.create_task(revisions.after(1)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)

    revisions.advance()

    assert await stays == 2


async def test_what_is_stored_nowhere_is_told_apart_from_what_was_committed() -> None:
    revisions = Revisions(first=1, pause=Pauses())

    revisions.advance()
    revisions.turn()
    assert (revisions.current, revisions.committed) == (3, 2)

    revisions.advance()
    assert (revisions.current, revisions.committed) == (4, 4)
