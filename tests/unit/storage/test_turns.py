"""Of many who want something at once, few have it, and nobody has it all."""

import asyncio

import pytest

from storage.turns import Turns
from workflows.errors import Refusal


async def taken(turns: Turns, *people: str) -> list[str]:
    """In which order these people, who come in this order, have their turn; one at a time each."""
    order: list[str] = []

    async def come(person: str) -> None:
        async with turns.of(person):
            order.append(person)
            await asyncio.sleep(0)

    await asyncio.gather(*map(come, people))
    return order


async def test_one_person_s_many_searches_keep_nobody_else_waiting() -> None:
    order = await taken(Turns(at_once=1), *["searcher"] * 20, "colleague", "other")

    assert order[:5] == ["searcher", "searcher", "colleague", "other", "searcher"]
    assert order.count("searcher") == 20


async def test_nobody_has_more_turns_at_once_than_each_may_have() -> None:
    turns, having, most = Turns(at_once=3, each=2), 0, 0

    async def come() -> None:
        nonlocal having, most
        async with turns.of("searcher"):
            having += 1
            most = max(most, having)
            await asyncio.sleep(0)
            having -= 1

    await asyncio.gather(*(come() for _ in range(9)))

    assert most == 2


async def test_whoever_has_very_many_waiting_is_refused_and_nobody_else() -> None:
    turns = Turns(at_once=1, waiting_most=2)
    async with turns.of("first"):
        waiting = [asyncio.create_task(taken(turns, "searcher")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="too_many_at_once"):
            await taken(turns, "searcher")
        other = asyncio.create_task(taken(turns, "colleague"))
        await asyncio.sleep(0)

    assert await asyncio.gather(*waiting, other) == [["searcher"], ["searcher"], ["colleague"]]


@pytest.mark.parametrize("given", [False, True])
async def test_whoever_gives_up_waiting_keeps_no_turn(given: bool) -> None:
    turns = Turns(at_once=1)
    async with turns.of("first"):
        waiting = asyncio.create_task(taken(turns, "second"))
        await asyncio.sleep(0)
        if not given:
            waiting.cancel()
    if given:  # it was given at this moment, before the task could go on
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await taken(turns, "third") == ["third"]
