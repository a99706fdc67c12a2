"""Schedules file their cases: once, by the calendar, and the newest one after a downtime."""

from __future__ import annotations

from handlers import releases, schedules
from handlers.i18n import LANGUAGES
from storage.unit import Tx
from tests.office import MONDAY, moment
from tests.unit.bot.runtime.conftest import Manned
from workflows.loading import load_definition
from workflows.moments import DAY, HOUR

STOCKTAKING = """
key = "stocktaking"
name = { zh = "盘点", en = "Stocktaking" }
purpose = { zh = "定期盘点", en = "Count the stock" }
departments = ["purchasing"]
owner = "role:purchasing-supervisor"
command = "stocktaking"
case_prefix = "K"
start_form = "count"
start = "count"

[[schedules]]
id = "weekly"
every = "week"
filed_by = "FILER"
values = { what = "每周盘点", shelves = 12, kinds = ["a", "b"] }

[forms.count]
name = { zh = "盘点", en = "Count" }
fields = [
  { id = "what", type = "text", required = true, label = { zh = "内容", en = "What" } },
  { id = "shelves", type = "number", max = 99, label = { zh = "货架", en = "Shelves" } },
  { id = "kinds", type = "choices", label = { zh = "类别", en = "Kinds" }, options = [
    { id = "a", zh = "甲", en = "A" },
    { id = "b", zh = "乙", en = "B" },
  ] },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "count"
kind = "task"
name = { zh = "清点", en = "Count" }
assignee = "role:buyer"
due = "2wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""


async def publish(work: Manned, *, filed_by: str = "role:buyer", at: int = MONDAY) -> None:
    loaded = load_definition(STOCKTAKING.replace("FILER", filed_by), file="stocktaking.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="stocktaking", hash=loaded.hash, text=loaded.text, at=at, by="system"
        )
    )


async def live(work: Manned, *, until: int | str) -> None:
    """Let time pass to when something is due by the calendar, one after the other."""
    end = moment(until) if isinstance(until, str) else until
    while (due := await work.crew.rounds.next_at(until=end)) is not None:
        if due <= work.clock.now():
            break
        work.clock.set(due)
        await work.settle()
    work.clock.set(end)
    await work.settle()


async def filed(work: Manned) -> list[str]:
    """The numbers of the cases, with whoever filed them."""
    ids = await work.database.read(lambda tx: tx.cases.open_ids(after="", limit=50))
    return [one for one in ids if one.startswith("K-")]


async def test_a_case_is_filed_when_work_begins_and_once_for_all_replicas(work: Manned) -> None:
    """T1: started by schedule."""
    await publish(work, at=MONDAY + HOUR)
    await live(work, until=MONDAY + 6 * DAY)
    assert await filed(work) == []  # the slot of this week was due before it was published

    await live(work, until="2026-03-09 09:00")
    assert await filed(work) == ["K-2026-0001"]
    case = await work.case("K-2026-0001")
    assert case.filer == await work.person("xie.ting").key()
    card = str(await work.person("xie.ting").sees("K-2026-0001", kind="task"))
    assert "每周盘点" in card
    await work.person("xie.ting").says("/case K-2026-0001")
    assert "按日历以谢婷的名义自动发起了盘点" in work.person("xie.ting").reads()

    work.restart()
    await live(work, until=work.clock.now() + 2 * DAY)
    assert await filed(work) == ["K-2026-0001"]


async def pilot(work: Manned, *departments: str) -> str:
    """A version is stored and released to departments on the Monday before; return its hash."""
    loaded = load_definition(STOCKTAKING.replace("FILER", "role:buyer"), file="stocktaking.toml")

    def unit(tx: Tx) -> None:
        tx.definitions.store(
            key="stocktaking", hash=loaded.hash, text=loaded.text, at=MONDAY - 7 * DAY, by="system"
        )
        releases.open_pilot(
            tx,
            work.office,
            process="stocktaking",
            hash=loaded.hash,
            departments=departments,
            until=work.clock.now() + 30 * DAY,
            opening="PC-2026-0001/v1",
            by="system",
        )

    await work.database.run(unit)
    return loaded.hash


async def test_a_slot_that_was_due_before_the_release_files_nothing(work: Manned) -> None:
    """The version was stored long before."""
    work.clock.set(MONDAY + HOUR)
    await pilot(work, "purchasing")
    await work.settle()
    assert await filed(work) == []

    await live(work, until="2026-03-09 09:00")
    assert await filed(work) == ["K-2026-0001"]


async def test_a_schedule_of_a_pilot_of_others_files_nothing_and_its_owner_hears_why(
    work: Manned,
) -> None:
    await pilot(work, "quality")
    await live(work, until="2026-03-09 10:00")

    assert await filed(work) == []
    owner = work.person("deng.kai")
    await owner.sees("“盘点”正在试点，目前只有质量部可以发起", kind="schedule_not_filed")


async def test_after_a_downtime_only_the_newest_slot_files_a_case(work: Manned) -> None:
    await publish(work, at=MONDAY - DAY)
    await live(work, until=MONDAY + DAY)
    assert await filed(work) == ["K-2026-0001"]

    work.clock.set(MONDAY + 22 * DAY)
    work.restart()
    await work.settle()
    assert await filed(work) == ["K-2026-0001", "K-2026-0002"]


async def test_what_cannot_be_filed_raises_an_alarm_and_is_tried_again(work: Manned) -> None:
    await publish(work, at=MONDAY - DAY, filed_by="role:nobody-has-it")
    for hours in range(4):
        work.clock.set(MONDAY + hours * HOUR)
        await work.settle()
    assert await filed(work) == []
    assert work.crew.alarms.raised.count("schedule_not_filed") == 4

    await publish(work, at=work.clock.now())
    work.clock.set(MONDAY + 5 * HOUR)
    await work.settle()
    assert await filed(work) == ["K-2026-0001"]


async def test_the_owner_hears_once_of_a_case_that_could_not_be_filed_and_then_that_it_was(
    work: Manned,
) -> None:
    await publish(work, at=MONDAY - DAY, filed_by="role:nobody-has-it")
    for hours in range(3):
        work.clock.set(MONDAY + hours * HOUR)
        await work.settle()
    owner = work.person("deng.kai")
    cards = [card for card in await owner.cards() if card.kind == "schedule_not_filed"]
    assert [card.badge.text for card in cards if card.badge] == ["待办"]
    await owner.sees("盘点", "weekly", "3月2日", "找不到发起人", kind="schedule_not_filed")

    await publish(work, at=work.clock.now())
    work.clock.set(MONDAY + 4 * HOUR)
    await work.settle()
    await owner.sees("已发起", "K-2026-0001", kind="schedule_not_filed")


async def test_the_owner_reads_which_answer_does_not_fit_any_more(work: Manned) -> None:
    text = STOCKTAKING.replace("shelves = 12", "shelves = 100").replace("FILER", "role:buyer")
    loaded = load_definition(text, file="stocktaking.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="stocktaking", hash=loaded.hash, text=loaded.text, at=MONDAY - DAY, by="system"
        )
    )
    work.clock.set(MONDAY)
    await work.settle()

    await work.person("deng.kai").sees("货架", "99", kind="schedule_not_filed")


async def test_the_owner_hears_of_a_fault_of_the_program_in_words(work: Manned) -> None:
    await publish(work, at=MONDAY - DAY, filed_by="role:nobody-has-it")
    office = work.office
    (due,) = await work.database.read(lambda tx: schedules.due(tx, office, now=MONDAY + HOUR))
    await work.database.run(
        lambda tx: schedules.tell_owner(tx, office, due, RuntimeError("secret"))
    )
    await work.settle()

    card = await work.person("deng.kai").sees("程序出错", kind="schedule_not_filed")
    assert "secret" not in str(card)
    args = {f"name.{one}": "N" for one in LANGUAGES} | {f"why.{one}": "W." for one in LANGUAGES}
    args |= {"schedule": "weekly", "due": "2026-03-02T01:00:00+00:00"}
    english = schedules.not_filed_card(office, args, "en")
    assert "should have filed on Mon 2 Mar 2026 could not be filed: W." in english.text
