"""One full cycle on the year of the sample company, from the baseline to the next change."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot import sample
from bot.sample.year.play import LENGTH, play_year
from handlers.reviews import posting
from handlers.reviews.counting import counted
from storage.unit import Tx
from tests.office import MONDAY, Workplace
from tests.stories.process_change import (
    FASTER,
    OWNER,
    agreed,
    complied,
    decides,
    drafted,
    filed,
    permitted,
    planned,
    signed,
)
from workflows.loading import load_definition
from workflows.moments import in_zone

NUMBER = "PC-2027-0001"


async def a_year(work: Workplace) -> None:
    """The sample company has run its processes for a year, until now."""
    work.lawful = False  # to check so many cases after each click would take a while
    path = sample.PROCESSES / "launch.toml"
    loaded = load_definition(path.read_text(encoding="utf-8"), file=path.name)
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="launch", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    work.clock.set(MONDAY + LENGTH)
    write = work.files.kept.__setitem__
    now = work.clock.now()
    await work.database.run(lambda tx: play_year(tx, work.office, until=now, write_file=write))


def day(work: Workplace, days: int) -> str:
    """The date in so many days."""
    zone = work.office.company.zone_of(None)
    return (in_zone(work.clock.now(), zone).date() + timedelta(days=days)).isoformat()


async def at(work: Workplace) -> list[str]:
    return [visit.node for visit in (await work.case(NUMBER)).visits]


async def reads(work: Workplace) -> str:
    owner = work.person(OWNER)
    await owner.says(f"/case {NUMBER}")
    return owner.reads()


async def files(work: Workplace, by: str, *, many: int) -> list[int]:
    """Somebody files complaints; the versions with which they began."""
    person, found = work.person(by), []
    for _ in range(many):
        await person.says("/complaint 屏幕有划痕")
        await person.fills(customer="华光", contact="138", channel="phone", product="P-1")
        ids = await work.database.read(lambda tx: tx.cases.open_ids(after="", limit=1000))
        newest = max(one for one in ids if one.startswith("C-2027"))
        case = await work.case(newest)
        found.append(await work.database.read(partial(_version, hash=case.definition)))
    await work.settle()
    return found


def _version(tx: Tx, hash: str) -> int:
    stored = tx.definitions.get(hash)
    assert stored is not None
    return stored.version


async def reviewed(work: Workplace) -> None:
    """The reviews of the quarter are posted."""
    now, office = work.clock.now(), work.office
    for due in await work.database.read(lambda tx: posting.due(tx, office, now=now)):
        found = await counted(work.database, office, due.periods)
        await work.database.run(partial(posting.post, office=office, due=due, counted=found))
    await work.settle()


async def fixed(work: Workplace) -> None:
    """A draft is made and signed; it has its specification, and was replayed on last quarter."""
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    read = (await reads(work)).replace(" ", "")
    assert "已生成《业务流程管理规范》" in read
    assert "件事项重放20次，现状→草稿（最小至最大）" in read
    assert "处理时长（中位数）：" in read
    assert "已生成《上季度重放报告》" in read


async def batch(work: Workplace, department: str, **values: object) -> None:
    """The owner plans a batch that begins in three days."""
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    helper = (await work.directory()).by_id("zhao.lei")
    assert helper is not None
    await owner.fills(
        batch_department=department, batch_day=day(work, 3), batch_helper=helper.key, **values
    )


async def rolled_out(work: Workplace) -> None:
    """Two batches, of which the second is the control of the first; then everybody."""
    await decides(work, "gao.feng", "推广")
    await batch(work, "customer-service", decide_on=day(work, 40))
    await work.passes("5d")
    assert await files(work, "zhao.lei", many=10) == [2] * 10
    assert await files(work, "yu.jia", many=10) == [1] * 10
    await work.passes("38d")
    read = (await reads(work)).replace(" ", "")
    assert "第1批：客服部" in read
    assert "对照部门：质量部" in read
    await decides(work, "gao.feng", "下一批")
    await batch(work, "quality", decide_on="")  # the form has the day of the batch before
    await work.passes("5d")
    assert await files(work, "yu.jia", many=1) == [2]
    read = (await reads(work)).replace(" ", "")
    assert "第2批：质量部，" in read
    assert "无法判断，目前0件。第0天，满30天才有结论" in read
    gao = work.person("gao.feng")  # who has claimed it before
    await gao.presses("全面推广", kind="task")
    await gao.fills(opinion="可以")
    await work.settle()
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    await owner.fills(compare_on=day(work, 30))
    await work.settle()
    await work.passes("32d")


async def test_a_change_goes_from_its_baseline_to_the_review_that_begins_the_next(
    work: Workplace,
) -> None:
    """L1.1, L3.2: the whole loop, on a year of cases."""
    await a_year(work)
    await filed(work)
    read = await reads(work)
    assert "基线指纹" in read
    assert "处理时长" in read
    await agreed(work)
    assert "已生成《现状流程分析报告》" in await reads(work)
    await fixed(work)
    await planned(work, until=day(work, 40))
    assert "件" in await reads(work)  # what the pilot can show
    await permitted(work)
    assert await at(work) == ["piloting"]
    assert await files(work, "sun.yue", many=3) == [2, 2, 2]
    assert await files(work, "zhao.lei", many=3) == [1, 1, 1]
    assert await files(work, "yu.jia", many=10) == [1] * 10
    await work.until("2027-04-01 10:00")
    await reviewed(work)
    await work.passes("12d")
    assert await at(work) == ["verdict"]
    read = await reads(work)
    assert "已生成《试点改进报告》" in read
    assert "有一组只有3件" in read.replace(" ", "")  # nothing is proved by three cases

    await rolled_out(work)
    assert (await work.case(NUMBER)).status.value == "completed"
    read = (await reads(work)).replace(" ", "")
    assert "第2版" in read
    assert "已生成《推广对比报告》" in read
    names = [link.name for link in work.person(OWNER).answer.cards[0].files]
    assert names.count(f"推广对比报告 {NUMBER}.pdf") == 1, "it was made again, the newest is there"
    assert len(names) == len(set(names))

    await work.until("2027-07-01 10:00")
    await reviewed(work)
    owner = work.person(OWNER)
    await owner.sees("2027-Q2 评审", "客户投诉", kind="review")
    card = await owner.sees("2027-Q1 评审", "客户投诉", kind="review")
    assert card.items, "the review has proposals"
    await owner.presses("采纳 1", kind="review")
    assert owner.sheet is not None
    given = {question.id: question.value for question in owner.sheet.questions}
    assert (given["process"], given["former_change"]) == ("客户投诉处理流程", NUMBER)
