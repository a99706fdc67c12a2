"""Who is it, what do they want, has this been handled before?"""

import asyncio

import pytest

from handlers import router
from handlers.intents import Pressed, Said
from storage.errors import StorageError
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint
from workflows.errors import Conflict, Refusal
from workflows.records import DeadLetter


async def handle(work: Workplace, person_id: str, **what):
    kind = Pressed if "token" in what else Said
    person = await work.person(person_id).key()
    return await router.handle(
        work.database, work.office, kind(person=person, via="slack", **{"key": "1", **what})
    )


async def test_an_interaction_has_one_effect_and_one_answer(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    first = await handle(work, "liu.yang", token="claim|C-2026-0001|t1|")
    again = await handle(work, "liu.yang", token="claim|C-2026-0001|t1|")

    assert first == again
    assert (await work.event_types()).count("TaskClaimed") == 1


async def test_the_same_key_of_another_platform_is_another_interaction(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    await handle(work, "liu.yang", token="claim|C-2026-0001|t1|")
    person = await work.person("liu.yang").key()
    other = Pressed(person=person, via="telegram", key="1", token="claim|C-2026-0001|t1|")

    answer = await router.handle(work.database, work.office, other)

    assert answer.text == "已经由您办理了。"


async def test_a_repetition_at_the_same_moment_counts_once(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    answers = await asyncio.gather(
        *(handle(work, "liu.yang", token="claim|C-2026-0001|t1|") for _ in range(5))
    )

    assert {answer.text for answer in answers} == {"已认领“分类分级”。"}
    assert (await work.event_types()).count("TaskClaimed") == 1


async def test_a_refusal_is_not_remembered_so_it_can_be_tried_again(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    assert "先认领" in (await handle(work, "liu.yang", token="complete|C-2026-0001|t1|")).text
    await handle(work, "liu.yang", token="claim|C-2026-0001|t1|", key="2")

    assert (await handle(work, "liu.yang", token="complete|C-2026-0001|t1|")).form is not None


@pytest.mark.parametrize(
    ("language", "title"),
    [("", "Help"), ("zh", "我能帮您做什么"), ("en", "Help"), ("fr", "Help"), ("\x00", "Help")],
)
async def test_the_platform_may_know_the_language_better(
    work: Workplace, language: str, title: str
) -> None:
    answer = await handle(work, "emma.clark", text="/help", language=language)

    assert title.replace("Help", "what I can do for you") in answer.cards[0].title


async def test_a_slash_in_a_thread_is_a_command_and_no_comment(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/tasks", case="C-2026-0001")

    assert handler.answer.cards
    assert "Commented" not in await work.event_types()


@pytest.mark.parametrize("text", ["/", "/ ", "/nothing", "/tasks2 x"])
async def test_a_command_that_is_none_is_answered(work: Workplace, text: str) -> None:
    assert "/help" in (await handle(work, "li.qiang", text=text)).text


@pytest.mark.parametrize("token", ["claim|C-2026-0001|t1|", "nothing|||", "score|||"])
async def test_a_sheet_of_a_verb_that_has_none_is_refused(work: Workplace, token: str) -> None:
    person = work.person("liu.yang")
    answer = await person.forges(token, text="x")

    assert "已经失效" in answer or "没有找到" in answer


async def test_who_was_slower_too_often_may_try_again(work: Workplace) -> None:
    class Busy:
        async def run(self, unit):
            raise Conflict("case_changed", case="C-2026-0001")

        read = work.database.read

    person = await work.person("li.qiang").key()
    said = Said(person=person, via="slack", key="1", text="/link")

    answer = await router.handle(Busy(), work.office, said)

    assert answer.text == "暂时无法处理，没有任何改动，请稍后再试。"
    assert await work.dead() == ()


@pytest.mark.parametrize(
    "error",
    [
        Conflict("case_changed", case="C-2026-0001"),
        Refusal("already_claimed", by="p_000001"),
    ],
)
async def test_no_key_is_shown_when_names_cannot_be_looked_up(
    work: Workplace, error: Exception
) -> None:
    class Down:
        async def run(self, unit):
            raise error

        async def read(self, unit, *, by=""):
            raise StorageError("database_unreachable")

    said = Said(person="p_000001", via="slack", key="1", text="/link", language="en")

    answer = await router.handle(Down(), work.office, said)

    assert answer.text.startswith("This cannot be done right now.")


async def test_a_cancelled_interaction_is_not_answered(work: Workplace) -> None:
    class Stopped:
        async def run(self, unit):
            raise asyncio.CancelledError

        read = work.database.read

    said = Said(person="p_000001", via="slack", key="1", text="/link")
    with pytest.raises(asyncio.CancelledError):
        await router.handle(Stopped(), work.office, said)


async def test_even_when_the_dead_letter_cannot_be_kept_there_is_an_answer(
    work: Workplace,
) -> None:
    class Burning:
        async def run(self, unit):
            raise ZeroDivisionError

        async def read(self, unit, *, by=""):
            raise ZeroDivisionError

    said = Said(person="p_000001", via="slack", key="1", text="/tasks", language="en")

    answer = await router.handle(Burning(), work.office, said)

    assert answer.text.startswith("This cannot be done right now.")


async def test_a_dead_letter_holds_what_is_needed_to_do_it_again(work: Workplace) -> None:
    class Poisoned:
        read = work.database.read
        broken = False

        async def run(self, unit):
            if not self.broken:
                self.broken = True
                raise ZeroDivisionError
            return await work.database.run(unit)

    person = await work.person("li.qiang").key()
    pressed = Pressed(person=person, via="slack", key="k", token="claim|C-2026-0001|t1|")

    await router.handle(Poisoned(), work.office, pressed)

    (letter,) = await work.dead()
    assert isinstance(letter, DeadLetter)
    assert (letter.what, letter.source) == ("interaction", "slack")
    assert letter.payload == {
        "type": "Pressed",
        "person": person,
        "via": "slack",
        "key": "k",
        "owed": False,
        "language": "",
        "token": "claim|C-2026-0001|t1|",
    }


class SilentCommit:
    """A database that commits and then does not say so; `then` is what it does next."""

    def __init__(self, work: Workplace, *, then: Exception | None = None) -> None:
        self._inner = work.database
        self._then = then
        self._runs = 0
        self.read = work.database.read

    async def run(self, unit):
        self._runs += 1
        if self._runs == 2 and self._then is not None:
            raise self._then
        value = await self._inner.run(unit)
        if self._runs == 1:
            raise StorageError("database_unreachable", commit="unknown")
        return value


async def claimed_in_silence(work: Workplace, *, then: Exception | None = None) -> str:
    await file_complaint(work.person("emma.clark"))
    pressed = Pressed(
        person=await work.person("liu.yang").key(),
        via="slack",
        key="1",
        token="claim|C-2026-0001|t1|",
    )
    answer = await router.handle(SilentCommit(work, then=then), work.office, pressed)
    assert (await work.event_types()).count("TaskClaimed") == 1
    return answer.text


async def test_what_was_kept_in_silence_is_not_answered_as_lost(work: Workplace) -> None:
    assert await claimed_in_silence(work) == "已认领“分类分级”。"
    assert await work.dead() == ()


async def test_who_cannot_be_told_what_was_kept_is_told_so(work: Workplace) -> None:
    answer = await claimed_in_silence(work, then=StorageError("database_unreachable"))

    assert "可能已保存，也可能没有" in answer


async def test_a_refusal_after_silence_is_the_answer(work: Workplace) -> None:
    answer = await claimed_in_silence(work, then=Conflict("case_changed"))

    assert answer == "暂时无法处理，没有任何改动，请稍后再试。"
