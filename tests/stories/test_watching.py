"""Who hears what is written on a case: whoever watches it, for as long as they may read it."""

from __future__ import annotations

from tests.office import Workplace
from tests.person import Colleague
from tests.stories.deeds import closed_after, dispatched, events, resolve
from tests.stories.test_who_may import give_roles

CASE = "C-2026-0001"


async def written(work: Workplace, words: str) -> None:
    """The handler writes something on the case."""
    await work.person("li.qiang").says(words, case=CASE)


async def an_owner(work: Workplace) -> Colleague:
    """Somebody who may read the case as its process owner, and has no other part in it."""
    await give_roles(work, zhao_lei=("complaint-manager",))
    return work.person("zhao.lei")


async def heard(person: Colleague, kind: str = "comment") -> list[str]:
    """What somebody was told of a kind, in order."""
    return [card.quote for card in await person.cards() if card.kind == kind]


async def test_an_owner_watches_a_case_and_hears_what_is_written_and_how_it_ends(
    in_both: Workplace,
) -> None:
    work = in_both
    handler, owner = await dispatched(work), await an_owner(work)
    assert CASE in await owner.says(f"/watch {CASE.lower()}")
    await written(work, "明天换货")
    await owner.sees("明天换货", CASE, kind="comment")

    await resolve(handler)
    await closed_after(work)

    await owner.sees(CASE, kind="closed")


async def test_watching_is_told_once_and_written_once(work: Workplace) -> None:
    await dispatched(work)
    owner = await an_owner(work)
    await owner.says(f"/watch {CASE}")
    before = await events(work)

    assert "您已经关注了这件事项" in await owner.says(f"/watch {CASE}")
    assert await events(work) == before
    await owner.says("/watch")
    assert await events(work) == before
    assert f"已取消关注 {CASE}" in await owner.says(f"/unwatch {CASE}")
    assert "您没有关注这件事项" in await owner.says(f"/unwatch {CASE}")
    assert await events(work) == before + 1


async def test_a_copied_reader_who_asked_hears_the_answer_until_they_stop(work: Workplace) -> None:
    await dispatched(work)
    await work.person("emma.clark").presses("抄送", kind="case")
    await work.person("emma.clark").fills(people=["lin.wei"])
    reader = work.person("lin.wei")
    assert "关注" in await reader.buttons(kind="copied")
    await reader.says("几箱？", case=CASE)
    assert "取消关注" in await reader.buttons(kind="copied")
    await written(work, "两箱")
    assert await heard(reader) == ["两箱"]

    await reader.presses("取消关注", kind="copied")
    await written(work, "明天换货")
    assert await heard(reader) == ["两箱"]
    assert "关注" in await reader.buttons(kind="copied")

    await reader.says("好的", case=CASE)
    await written(work, "已换货")
    assert await heard(reader) == ["两箱", "已换货"]


async def test_whoever_may_not_read_the_case_any_more_is_told_nothing(work: Workplace) -> None:
    await dispatched(work)
    owner = await an_owner(work)
    await owner.says(f"/watch {CASE}")
    await written(work, "两箱")
    assert await heard(owner) == ["两箱"]

    await give_roles(work, zhao_lei=())
    await written(work, "明天换货")

    assert "明天换货" not in await heard(owner)
    assert await work.dead() == ()
