"""Anonymous surveys: asked by the calendar, reminded once, closed by themselves, and told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from handlers import employee_surveys, router
from handlers.intents import Submitted, payload_of
from storage.unit import Database, Tx
from tests.office import moment
from tests.person import Colleague
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.test_schedules import live

FILERS = ("wang.fang", "li.qiang", "zhao.lei", "sun.yue", "he.jun", "zhou.min", "lin.wei")
OPENING, HALF, CLOSE = "2026-04-01 09:00", "2026-04-10 09:00", "2026-04-17 09:00"
SCORES = {"satisfaction": "4", "effort": "6", "enps": "9"}
THIS = ("complaint", "2026-Q2")


async def asked(work: Manned, *filers: str) -> list[Colleague]:
    """A quarter with complaints of these people; everybody who is asked about it."""
    for name in filers or FILERS:
        await file_complaint(work.person(name))
    await live(work, until=OPENING)
    directory = await work.directory()
    marks = await work.database.read(lambda tx: tx.surveys.people(*THIS))
    return [work.person(directory.people[one].id) for one in marks]


async def answers(person: Colleague, **values: str) -> str:
    await person.presses("匿名作答", kind="poll")
    return await person.fills(**{**SCORES, **values})


async def test_a_survey_from_its_opening_to_its_result(work: Manned) -> None:
    """L5.1: asked on the first working day of the quarter, reminded once, told at the close."""
    people = await asked(work)
    assert {one.id for one in people} == set(FILERS)
    for number, person in enumerate(people[:5]):
        card = await person.sees("匿名问卷", "截止时间", "2026-04-16 18:00", kind="poll")
        assert "不足 5 人回答时" in card.note
        assert "已计入" in await answers(person, comment=f"等审批太久{number}")
        await person.sees("感谢评价", kind="poll")
        assert "匿名作答" not in await person.buttons(kind="poll")
    late = people[5]
    await late.does_not_see("提醒", kind="poll")

    await live(work, until=HALF)
    await late.sees("提醒", kind="poll")
    await people[0].does_not_see("提醒", kind="poll")
    owner = work.person("chen.jing")
    await owner.does_not_see("匿名问卷", kind="poll")  # nothing before the close

    await live(work, until=CLOSE)
    for person in (late, owner):
        card = await person.sees("匿名问卷结果", kind="poll")
        facts = {fact.label: fact.value for fact in card.facts}
        assert facts["收到问卷"] == "7"
        assert facts["已回答"].startswith("5 人，回答率 71%（36% – 92%）")
        assert facts["满意（5分里给4–5分）"].startswith("100%（57% – 100%），n = 5")
        assert facts["省力程度（1–7分）"].startswith("6.0（")
        assert facts["eNPS（−100至100）"].startswith("+100（+13 – +100）")
        assert sorted(item.quote for item in card.items) == [f"等审批太久{n}" for n in range(5)]
        assert not card.lines  # departments of one or two answers are not shown
    assert len([c for c in await late.cards() if c.kind == "poll"]) == 1
    assert await work.database.read(lambda tx: tx.surveys.people(*THIS)) == {}


async def test_three_answers_tell_nothing(work: Manned) -> None:
    """L5.1: a survey with three answers shows nothing, and its counters are gone."""
    people = await asked(work)
    for person in people[:3]:
        await answers(person, comment="慢")
    await live(work, until=CLOSE)

    card = await people[0].sees("匿名问卷结果", kind="poll")
    assert card.text == "回答不足 5 份：不公布任何结果，答卷已删除。"
    assert [fact.label for fact in card.facts] == ["收到问卷"]
    survey = await work.database.read(lambda tx: tx.surveys.last_closed("complaint"))
    assert survey is not None
    assert survey.sealed is None
    assert survey.published == {"asked": 7, "threshold": 5, "withheld": True}


async def test_too_few_people_are_not_asked_and_the_owner_hears_why(work: Manned) -> None:
    assert await asked(work, "wang.fang", "li.qiang", "zhao.lei") == []

    card = await work.person("chen.jing").sees("本期不发匿名问卷", kind="poll")
    assert "只有 3 人" in card.text
    await work.person("wang.fang").does_not_see("匿名", kind="poll")


async def test_a_quarter_that_began_before_the_process_had_a_survey_is_not_asked_about(
    work: Manned,
) -> None:
    for name in FILERS:
        await file_complaint(work.person(name))
    await live(work, until="2026-03-20 09:00")

    assert await work.database.read(lambda tx: tx.surveys.not_closed()) == ()


async def test_an_answer_counts_once_and_is_not_changed(work: Manned) -> None:
    """L5.1: one answer for each person, however often it is delivered or pressed."""
    first, *rest = await asked(work)
    button = await first.button("匿名作答", kind="poll")
    await answers(first)
    before = await work.database.read(lambda tx: tx.surveys.get(*THIS))

    assert await first.does_it_again() == "此操作已完成。"
    assert "已经回答过" in await first.forges(button.token)
    assert "已经回答过" in await first.forges(button.token, **SCORES)
    shown = await router.look(  # reads only
        work.database, work.office, person=await rest[0].key(), via="slack", token=button.token
    )
    assert shown.form is not None
    stranger = work.person("chen.jing")
    assert "没有发给您" in await stranger.forges(button.token)
    assert "没有发给您" in await stranger.forges(button.token, **SCORES)
    assert await work.database.read(lambda tx: tx.surveys.get(*THIS)) == before

    work.clock.set(moment(CLOSE))
    assert "已经截止" in await rest[0].forges(button.token, **SCORES)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"satisfaction": ""}, "satisfaction"),
        ({"satisfaction": "6"}, "satisfaction"),
        ({"enps": "-1"}, "enps"),
        ({"effort": "viel"}, "effort"),
        ({"comment": "慢" * 501}, "comment"),
    ],
)
async def test_a_wrong_answer_is_refused_and_counts_nothing(
    work: Manned, values: dict[str, str], field: str
) -> None:
    person, *_ = await asked(work)
    token = (await person.button("匿名作答", kind="poll")).token
    await person.forges(token, **{**SCORES, **values})

    assert field in person.answer.problems
    assert not any((await work.database.read(lambda tx: tx.surveys.people(*THIS))).values())


async def test_without_the_key_nobody_s_answer_is_lost_in_silence(work: Manned) -> None:
    people = await asked(work)
    for person in people[:5]:
        await answers(person)
    other = [b"another"]
    object.__setattr__(work.office, "survey_key", lambda: other[0])

    await people[5].presses("匿名作答", kind="poll")
    assert "未能计入" in await people[5].fills(**SCORES)
    assert not (await work.database.read(lambda tx: tx.surveys.people(*THIS)))[
        await people[5].key()
    ]
    await live(work, until=CLOSE)
    card = await people[0].sees("匿名问卷结果", kind="poll")
    assert "无法打开" in card.text


async def test_after_a_downtime_it_is_closed_and_told_at_once(work: Manned) -> None:
    people = await asked(work)
    for person in people[:6]:
        await answers(person)
    work.asleep = True
    work.clock.set(moment("2026-05-20 10:00"))
    work.asleep = False
    work.restart()
    await work.settle()

    await people[0].sees("匿名问卷结果", kind="poll")


async def test_somebody_who_left_is_not_told_and_an_erased_mark_does_not_change_the_result(
    work: Manned,
) -> None:
    """L5.1: `people erase` removes that somebody has answered; the counters have no name."""
    from handlers.personal import erase_person, hand_out

    people = await asked(work)
    for person in people[:6]:
        await answers(person)
    directory = await work.directory()
    gone = directory.people[await people[0].key()]
    told = await work.database.read(lambda tx: hand_out(tx, work.office, person=gone))
    assert told["surveys"] == [{"process": "complaint", "period": "2026-Q2", "answered": True}]
    await work.database.run(lambda tx: erase_person(tx, work.office, person=gone, via="cli"))
    assert await work.database.read(lambda tx: tx.surveys.of_person(gone.key)) == ()

    await live(work, until=CLOSE)
    card = await people[1].sees("匿名问卷结果", kind="poll")
    assert [fact.value[:3] for fact in card.facts[:2]] == ["6", "6 人"]


async def test_a_fault_leaves_no_answer_in_a_dead_letter(work: Manned) -> None:
    people = await asked(work)
    token = (await people[0].button("匿名作答", kind="poll")).token

    def broken() -> bytes:
        raise RuntimeError(f"with {SCORES}")

    object.__setattr__(work.office, "survey_key", broken)
    await people[0].forges(token, **SCORES, comment="慢得很")

    (letter,) = await work.dead()
    assert letter.payload["values"] == {}
    assert letter.error == "RuntimeError"
    intent = people[0]._last
    assert intent is not None
    assert payload_of(intent)["values"] == {}


class Dying:
    """A database whose process dies beside the commit of a unit."""

    def __init__(self, inner: Database, *, after: bool) -> None:
        self.read = inner.read
        self._inner = inner
        self._after = after

    async def run(self, unit: Callable[[Tx], object]) -> object:
        def killed(tx: Tx) -> object:
            unit(tx)
            raise asyncio.CancelledError

        await self._inner.run(unit if self._after else killed)
        raise asyncio.CancelledError


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after it"])
async def test_a_kill_beside_the_commit_counts_an_answer_once(work: Manned, after: bool) -> None:
    """L5.1: mark and counters are one transaction, and the platform delivers the answer again."""
    person, *_ = await asked(work)
    token = (await person.button("匿名作答", kind="poll")).token
    sent = Submitted(**await person.who(), token=token, values=SCORES)
    dying = cast("Database", Dying(work.database, after=after))
    with pytest.raises(asyncio.CancelledError):
        await router.handle(dying, work.office, sent)
    marks = await work.database.read(lambda tx: tx.surveys.people(*THIS))
    assert marks[await person.key()] is after

    for _ in range(2):
        await router.handle(work.database, work.office, sent)
    survey = await work.database.read(lambda tx: tx.surveys.get(*THIS))
    assert survey is not None
    (counters,) = employee_surveys.counts_of(work.office, survey).counters.values()
    assert counters["satisfaction"] == [0, 0, 0, 1, 0]
