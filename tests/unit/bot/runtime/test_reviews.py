"""Reviews: posted once after each quarter, decided by the owner, told again by the next one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from bot import sample
from handlers.conversation.case_desk import CaseDesk
from handlers.personal import erase_person, hand_out
from handlers.reviews import posting
from handlers.reviews.counting import counted
from storage.filesystem import FileFolder
from storage.reviews import ReviewDecision
from tests.office import moment
from tests.person import Colleague
from tests.stories.deeds import file_complaint, leave
from tests.stories.reviewing import publish_change
from tests.unit.bot.runtime.conftest import Manned
from tests.unit.bot.runtime.test_schedules import live
from workflows.case.status import Status
from workflows.errors import Refusal
from workflows.loading import load_definition
from workflows.moments import DAY

FIRST, SECOND = "2026-04-01 09:00", "2026-07-01 09:00"
OWNER = "chen.jing"


async def reviewed(work: Manned, cases: int = 30) -> Colleague:
    """A quarter with so many complaints, all by phone; the owner, who has the review."""
    work.lawful = False  # as many cases, checked after each click, would take a while
    for _ in range(cases):
        await file_complaint(work.person("wang.fang"))
    await live(work, until=FIRST)
    return work.person(OWNER)


def facts(card: Any) -> dict[str, str]:
    return {fact.label: fact.value for fact in card.facts}


async def decisions(work: Manned, period: str = "2026-Q1") -> dict[int, ReviewDecision]:
    found = await work.database.read(lambda tx: tx.reviews.decisions("complaint", period))
    return dict(found)


async def changes(work: Manned) -> list[str]:
    ids = await work.database.read(lambda tx: tx.cases.open_ids(after="", limit=500))
    return [one for one in ids if one.startswith("PC-")]


async def test_the_owner_gets_figures_and_proposals_on_the_first_working_day(work: Manned) -> None:
    """L5.3: each quarter the figures beside targets, and proposals from the data."""
    await file_complaint(work.person("wang.fang"))
    await work.person("wang.fang").says("/problem C-2026-0001 不知道该选哪一类")
    owner = await reviewed(work, cases=29)
    card = await owner.sees("2026-Q1 评审", "客户投诉", kind="review")
    assert "共反馈1条问题，涉及30件中的1件" in str(card).replace(" ", "")
    assert facts(card)["提交"] == "30（上期：0）"
    assert "2026年1月1日" in card.text
    assert "2026年3月31日" in card.text
    assert any("n = 30" in line.text for line in card.lines)
    texts = [f"{item.text} {item.detail}" for item in card.items]
    assert any("“电话”" in one and "30 份表单" in one for one in texts)
    assert any("全部为空" in one and "9.5%" in one for one in texts)
    assert "王芳" not in str(card)
    await work.person("wang.fang").does_not_see("评审", kind="review")


async def test_accept_starts_one_change_case_that_the_next_review_names(work: Manned) -> None:
    """L5.3, L5.4: an accepted proposal is the next change, and what became of it is told."""
    owner = await reviewed(work)
    assert "尚未发布" in await owner.presses("采纳 1", kind="review")
    assert await decisions(work) == {}
    await publish_change(work)

    token = (await owner.button("采纳 1", kind="review")).token
    await owner.presses("采纳 1", kind="review")
    form = owner.answer.form
    assert form is not None
    assert form.values["process"] == "客户投诉处理流程"
    assert form.values["from_review"] == "2026-Q1 评审，第 1 条建议"
    goal = {"figure": "handling_time", "goal": "-30%", "by": "2026-06-30"}
    assert form.values["targets"] == [goal]
    assert "PC-2026-0001" in await owner.fills()
    assert (await decisions(work))[1].case_id == "PC-2026-0001"
    card = await owner.sees("PC-2026-0001", "已采纳", kind="review")
    assert "采纳 1" not in await owner.buttons(kind="review")
    assert "采纳 2" in await owner.buttons(kind="review")

    await owner.does_it_again()
    assert "已经采纳：PC-2026-0001" in await owner.forges(token)
    assert "已经采纳：PC-2026-0001" in await owner.forges(token, process="complaint", scenario="x")
    assert await changes(work) == ["PC-2026-0001"]

    await owner.presses("暂不处理 2", kind="review")
    await owner.fills(text="先看一个季度")
    assert (await decisions(work))[2].reason == "先看一个季度"
    await owner.sees("先看一个季度", kind="review")
    assert "采纳 2" in await owner.buttons(kind="review")  # it may still be accepted

    await owner.presses("完成", kind="task")
    assert (await work.case("PC-2026-0001")).status is Status.COMPLETED
    await live(work, until=SECOND)
    card = await owner.sees("2026-Q2 评审", kind="review")
    told = " ".join(facts(card).values())
    assert "PC-2026-0001（已结案）" in told
    assert "先看一个季度" in told
    assert "没有提交任何事项" in card.text
    assert card.lines == ()
    assert card.items == ()


async def test_the_shipped_process_for_changes_is_filled_in_and_started(work: Manned) -> None:
    """L5.4: an accepted proposal goes through L1 to L4."""
    path = sample.PROCESSES / "process-change.toml"
    loaded = load_definition(path.read_text(encoding="utf-8"), file=path.name)
    now = work.clock.now()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="process-change", hash=loaded.hash, text=loaded.text, at=now, by="system"
        )
    )
    owner = await reviewed(work)
    await owner.presses("采纳 1", kind="review")
    form = owner.answer.form
    assert form is not None
    assert form.values["from_review"] == "2026-Q1 评审，第 1 条建议"
    assert form.values["targets"] == [
        {"figure": "handling_time", "goal": "-30%", "by": "2026-06-30"}
    ]
    assert form.problems == {}
    await owner.fills()
    (case_id,) = await changes(work)
    await owner.sees(case_id, "已采纳", kind="review")


async def test_the_next_change_names_the_one_before(work: Manned) -> None:
    """L5.4: the loop is a chain of changes."""
    await publish_change(work)
    owner = await reviewed(work)
    await owner.presses("采纳 1", kind="review")
    await owner.fills(process="/complaint")
    await owner.presses("完成", kind="task")
    await owner.presses("采纳 2", kind="review")

    assert owner.answer.form is not None
    assert owner.answer.form.values["former_change"] == "PC-2026-0001"


async def test_it_is_posted_once_by_one_replica_and_survives_a_restart(work: Manned) -> None:
    work.asleep = True
    await reviewed(work, cases=2)
    work.clock.set(moment(FIRST))
    now = work.clock.now()
    (due,) = await work.database.read(lambda tx: posting.due(tx, work.office, now=now))
    found = await counted(work.database, work.office, due.periods)
    post = partial(posting.post, office=work.office, due=due, counted=found)
    done = await asyncio.gather(work.database.run(post), work.database.run(post))
    assert sorted(done) == [False, True]
    work.asleep = False
    work.restart()
    await work.settle()
    cards = [c for c in await work.person(OWNER).cards() if c.kind == "review"]
    assert len(cards) == 1


async def test_a_quarter_that_began_before_the_process_had_a_review_is_not_reviewed(
    work: Manned,
) -> None:
    await live(work, until="2026-03-20 09:00")
    assert await work.database.read(lambda tx: tx.reviews.newest("complaint")) is None
    await work.person(OWNER).says("/report complaint")
    assert "评审" not in str(work.person(OWNER).answer.cards[0].buttons)


async def test_the_first_period_of_a_process_is_reviewed_only_if_it_has_a_case(
    work: Manned,
) -> None:
    """A new installation posts no empty reviews; a later period without a case says so."""
    work.asleep = True
    work.clock.set(moment(FIRST))
    now = work.clock.now()
    (due,) = await work.database.read(lambda tx: posting.due(tx, work.office, now=now))
    found = await counted(work.database, work.office, due.periods)
    post = partial(posting.post, office=work.office, due=due, counted=found)
    assert not await work.database.run(post)
    assert await work.database.read(lambda tx: tx.reviews.newest("complaint")) is None
    assert await work.database.read(lambda tx: posting.due(tx, work.office, now=now)) == ()


async def test_a_failure_raises_an_alarm_and_is_tried_again(
    work: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(posting, "review_of", broken)
        await live(work, until=FIRST)
    assert await work.database.read(lambda tx: tx.reviews.newest("complaint")) is None
    await live(work, until="2026-04-01 10:30")
    assert await work.database.read(lambda tx: tx.reviews.newest("complaint")) is not None


async def test_administrators_get_the_review_of_an_owner_who_left(work: Manned) -> None:
    object.__setattr__(work.office.company, "admins", ("li.qiang",))
    await leave(work, OWNER)
    await reviewed(work, cases=1)
    await work.person("li.qiang").sees("2026-Q1 评审", kind="review")


async def test_the_report_card_shows_the_newest_review_to_whoever_may_decide(work: Manned) -> None:
    owner = await reviewed(work, cases=1)
    await owner.says("/report complaint")
    (button,) = owner.answer.cards[0].buttons
    assert "2026-Q1 评审" in await owner.forges(button.token) or owner.answer.cards
    assert "2026-Q1 评审" in owner.answer.cards[0].title
    stranger = work.person("wang.fang")
    assert "只有评审的接收人" in await stranger.forges(button.token)
    assert "没有这份评审" in await owner.forges("review|||launch")
    assert "没有这份评审" in await owner.forges("adopt|||2026-q1_99_complaint")
    assert "没有这份评审" in await owner.forges("postpone|||2026-q3_1_complaint", text="x")


async def test_the_report_of_a_review_is_a_file_in_both_languages(
    work: Manned, tmp_path: Any
) -> None:
    """L5.3: 《季度评审报告》 from the same figures as the card."""
    owner = await reviewed(work)
    await publish_change(work)
    await owner.presses("暂不处理 1", kind="review")
    assert "text" in (await owner.fills(text="")) or owner.answer.problems
    await owner.presses("暂不处理 1", kind="review")
    await owner.fills(text="再等等")
    desk = CaseDesk(db=work.database, files=FileFolder(tmp_path), office=work.office)
    key = await owner.key()

    async def opened(name: str, person: str = key) -> str:
        _, content = await desk.open_file(person=person, file_id=name)
        return content.decode()

    chinese = await opened("review.complaint.2026-Q1.zh.md")
    assert "季度评审报告" in chinese
    assert "再等等" in chinese
    assert "全部为空" in chinese
    assert "Quarterly review" in await opened("review.complaint.2026-Q1.en.md")
    stranger = await work.person("wang.fang").key()
    for name, person, code in (
        ("review.complaint.2026-Q1.zh.md", stranger, "review_closed"),
        ("review.complaint.2026-Q4.zh.md", key, "file_unknown"),
        ("review.complaint.2026-Q1.fr.md", key, "file_unknown"),
        ("review.complaint.md", key, "file_unknown"),
    ):
        with pytest.raises(Refusal) as refused:
            await opened(name, person)
        assert refused.value.code == code


async def test_the_reason_of_somebody_who_is_erased_is_gone_and_the_decision_stays(
    work: Manned,
) -> None:
    owner = await reviewed(work)
    await owner.presses("暂不处理 1", kind="review")
    await owner.fills(text="私下的理由")
    gone = (await work.directory()).people[await owner.key()]
    told = await work.database.read(lambda tx: hand_out(tx, work.office, person=gone))
    assert told["reviews"][0]["reason"] == "私下的理由"
    await work.database.run(lambda tx: erase_person(tx, work.office, person=gone, via="cli"))
    decision = (await decisions(work))[1]
    assert (decision.decision, decision.reason) == ("postponed", "")


async def test_erased_forms_are_not_counted(work: Manned) -> None:
    work.lawful = False
    for _ in range(31):
        await file_complaint(work.person("wang.fang"))
    filer = (await work.directory()).people[await work.person("wang.fang").key()]
    await work.database.run(lambda tx: erase_person(tx, work.office, person=filer, via="cli"))
    await live(work, until=FIRST)
    card = await work.person(OWNER).sees("2026-Q1 评审", kind="review")
    assert facts(card)["提交"] == "31（上期：0）"
    assert not [item for item in card.items if "表单" in item.detail]


async def test_a_version_published_in_the_quarter_is_beside_the_one_before(work: Manned) -> None:
    """L5.4: versions are compared before and after on the same figures."""
    work.lawful = False
    await file_complaint(work.person("wang.fang"))
    text = await work.database.read(
        lambda tx: next(one.text for one in tx.definitions.current() if one.key == "complaint")
    )
    newer = load_definition(text + "\n# version 2\n", file="complaint.toml")
    now = work.clock.now() + DAY
    work.clock.set(now)
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash=newer.hash, text=newer.text, at=now, by="system"
        )
    )
    await file_complaint(work.person("wang.fang"))
    await live(work, until=FIRST)
    card = await work.person(OWNER).sees("2026-Q1 评审", kind="review")
    assert {"第 1 版", "第 2 版"} <= set(facts(card))
