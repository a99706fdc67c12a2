"""A cycle of changing a process, by people in Slack, on Telegram and on both, in two languages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot import sample
from bot.sample.year.play import LENGTH, Year
from storage.reset import drop_past_messages
from storage.unit import Tx
from tests.adapters.both import Both, both
from tests.adapters.hands import Chosen, Form, Labels, Who
from tests.office import MONDAY, Workplace, moment, opened
from tests.stories import process_change
from tests.stories.life import Words
from tests.stories.process_change import COMPLAINT
from tests.stories.test_closed_loop import NUMBER
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.loading import load_definition
from workflows.model.definition import Definition
from workflows.moments import DAY, in_zone

OWNER, PERMITS = "chen.jing", "gao.feng"
ON_BOTH = (OWNER, PERMITS, "li.qiang")
OF_ONE = ("chen.jing", "fang.hao", "lin.wei", "zhao.lei", "he.jun", "liu.yang")  # a language
IN_ONE = ("fang.hao", "yu.jia", "sun.yue", "liu.yang")  # a platform
NAMES: dict[str, Words] = {
    "li.qiang": ("李强", "Li Qiang"),
    "yu.jia": ("余佳", "Yu Jia"),
    "fang.hao": ("方浩", "Fang Hao"),
    "he.jun": ("何军", "He Jun"),
    "zhao.lei": ("赵磊", "Zhao Lei"),
}
SALES, SERVICE = Chosen(("销售部", "Sales")), Chosen(("客服部", "Customer service"))
FASTER: Words = ("处理时长", "Handling time")
SUBMIT: Words = ("提交", "Submit")
APPROVE: Words = ("同意", "Approve")
CLAIM: Words = ("认领", "Claim")
YES = Chosen(("是", "Yes"))


@dataclass(frozen=True, slots=True)
class Deed:
    """What is pressed at a step, and what is filled in then."""

    button: Words
    form: Form = field(default_factory=dict)


OPINION: Form = {"opinion": "可以"}
DEEDS: dict[str, Deed] = {  # a step that is not among them is submitted as it stands
    "team": Deed(
        SUBMIT,
        {
            "business_expert": Who(NAMES["li.qiang"]),
            "business_duty": "说明业务怎么做",
            "adviser": Who(NAMES["yu.jia"]),
            "adviser_duty": "Write the process down",
            "it_support": Who(NAMES["fang.hao"]),
            "it_duty": "准备系统",
        },
    ),
    "countersign": Deed(APPROVE, OPINION),
    "model": Deed(SUBMIT, {"what_changes": "分类分级时限缩短"}),
    "compliance": Deed(SUBMIT, {"authority": YES, "data_security": YES, "labour_law": YES}),
    "sign_off": Deed(APPROVE, OPINION),
    "sign_off_it": Deed(APPROVE, OPINION),
    "permit": Deed(APPROVE, OPINION),
    "verdict": Deed(("推广", "Roll out"), OPINION),
    "next_batch": Deed(("全面推广", "Everybody"), OPINION),
}


def shipped() -> tuple[Definition, Definition]:
    """Return the process of changes and that of complaints."""
    change = (sample.PROCESSES / "process-change.toml").read_text(encoding="utf-8")
    return (
        load_definition(change, file="process-change.toml").definition,
        load_definition(COMPLAINT, file="complaint.toml").definition,
    )


def labels() -> Labels:
    """Return what the fields are called that somebody fills in."""
    found: dict[str, Words] = {
        "due": ("时限", "Limit"),
        "kind": ("问题类型", "What kind of problem?"),
        "text": ("出了什么问题？怎样改会更好？", "What happened, and what would help?"),
    }
    for definition in shipped():
        for _, one in definition.all_fields():
            found.setdefault(one.id, (one.label.of("zh"), one.label.of("en")))
    return found


CHANGE, _ = shipped()
STEPS: dict[str, Words] = {
    node.id: (node.name.of("zh"), node.name.of("en")) for node in CHANGE.nodes
}


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    """Half of the company reads Chinese; in the other run it is the other half.

    Whoever is on one platform in the first run is on the other one in the second.
    """
    one, other = ("zh", "en") if request.param == "zh" else ("en", "zh")
    here, there = ("slack", "telegram") if request.param == "zh" else ("telegram", "slack")
    commands = ("/process-change", "/complaint", "/loop")
    async with opened(tmp_path) as work:
        await a_past(work)
        await process_change.in_force(work)
        async with both(work, commands=commands, labels=labels()) as made:
            for person in (await work.directory()).people.values():
                platforms = [here if person.id in IN_ONE else there]
                if person.id in ON_BOTH:
                    platforms = [here, there]
                await made.joins(person.id, one if person.id in OF_ONE else other, *platforms)
            await made.settle()
            yield made


async def a_past(work: Workplace) -> None:
    """The sample company has run its processes for eight months, until a day in March."""
    work.lawful = False  # to check so many cases after each click would take a while
    work.clock.set(MONDAY + LENGTH)
    now, write = work.clock.now(), work.files.kept.__setitem__
    path = sample.PROCESSES / "launch.toml"
    loaded = load_definition(path.read_text(encoding="utf-8"), file=path.name)

    def unit(tx: Tx) -> None:
        tx.definitions.publish(
            key="launch", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
        Year(tx, work.office, since=now - 240 * DAY, until=now, write_file=write).play()
        drop_past_messages(tx, now=now)

    await work.database.run(unit)


async def test_a_process_is_changed_from_its_baseline_to_the_next_change(place: Both) -> None:
    """L1.1, L3.2, L4.1, L4.2, L5.3: whoever has a task presses what is rendered for them."""
    await is_filed(place)
    await goes_on(place, until="model")
    await is_changed_in_the_chat(place)
    await goes_on(place, until="piloting")
    await is_piloted(place)
    for hand in place.hands[PERMITS]:
        report = ("试点改进报告", "Pilot report")
        assert hand.offers(report, STEPS["verdict"]), "with nine documents the newest is first"
    await goes_on(place, until="batch_begins")
    await place.passes(days=5)
    await files(place, "zhao.lei", version=2)
    await files(place, "yu.jia", version=1)
    await goes_on(place, until="in_force")
    await files(place, "yu.jia", version=2)
    await place.passes(days=32)
    assert (await case(place)).status.value == "completed"
    await is_reviewed(place)


async def case(place: Both) -> Case:
    return await place.work.case(NUMBER)


async def goes_on(place: Both, *, until: str) -> None:
    """Whoever has a task does it, until the case is at this step."""
    for _ in range(40):
        found = await case(place)
        if until in [visit.node for visit in found.visits]:
            return
        assert found.open_tasks, found.visits
        await does(place, found.open_tasks[0])
    raise AssertionError(f"it never came to {until}")


async def does(place: Both, task: Task) -> None:
    """Somebody does their task: claims it if need be, presses, and fills what opens."""
    directory = await place.work.directory()
    owners = [directory.people[one].id for one in task.owners]
    person = PERMITS if PERMITS in owners else owners[0]
    deed, step = deed_of(place, task.node), STEPS[task.node]
    if task.assignee is None:
        await place.hand(person).presses(CLAIM, (NUMBER, NUMBER), step)
        await place.settle()
    hand = place.hand(person)
    await hand.presses(deed.button, (NUMBER, NUMBER), step)
    await hand.fills(deed.form)
    await place.settle()
    for other in place.hands[person]:
        assert not other.offers(deed.button, (NUMBER, NUMBER), step), "it is done everywhere"


def day(place: Both, days: int) -> str:
    """The date in so many days."""
    zone = place.work.office.company.zone_of(None)
    return (in_zone(place.work.clock.now(), zone).date() + timedelta(days=days)).isoformat()


def deed_of(place: Both, node: str) -> Deed:
    """What is done at a step; some answers depend on the day."""
    if node in DEEDS:
        return DEEDS[node]
    dated: dict[str, Callable[[], Form]] = {
        "plan_pilot": lambda: {
            "pilot_department": SALES,
            "pilot_until": day(place, 40),
            "main_figure": Chosen(FASTER),
            "pilot_helper": Who(NAMES["he.jun"]),
        },
        "batch": lambda: {
            "batch_department": SERVICE,
            "batch_day": day(place, 3),
            "batch_helper": Who(NAMES["zhao.lei"]),
        },
        "plan_comparison": lambda: {"compare_on": day(place, 30)},
    }
    return Deed(SUBMIT, dated[node]() if node in dated else {})


async def is_filed(place: Both) -> None:
    hand = place.hand(OWNER)
    await hand.types("/process-change")
    await hand.fills(
        {
            "process": Chosen(("客户投诉处理流程", "Customer complaint")),
            "scenario": "客户投诉，客服部首次答复",
            "pain_points": "首次答复太慢",
            "targets": [{"figure": Chosen(FASTER), "goal": "-30%", "by": "2027-12-31"}],
        }
    )
    await place.settle()


async def is_changed_in_the_chat(place: Both) -> None:
    """One limit is changed on its step, without a file."""
    hand = place.hand(OWNER)
    await hand.presses(("改这里", "Change this"), (NUMBER, NUMBER))
    await place.settle()
    await hand.presses(("分类分级", "Classify and grade"))
    await place.settle()
    await hand.presses(("时限", "Limit"))
    await place.settle()
    await hand.fills({"due": "20wm"})
    await place.settle()


async def is_piloted(place: Both) -> None:
    """The pilot's department files on the draft, others do not; one of them meets a problem."""
    await files(place, "sun.yue", version=2)
    await files(place, "zhao.lei", version=1)
    hand = place.hand("sun.yue")
    await hand.presses(("报告问题", "Report a problem"), ("屏幕有划痕", "屏幕有划痕"))
    await hand.fills({"kind": Chosen(("太慢", "Too slow")), "text": "等了两天"})
    await place.settle()
    for mine in place.hands[OWNER]:
        assert mine.sees(("等了两天", "等了两天")), "the owner hears of the problem"
    await place.until(moment("2027-04-13 10:00"))


async def files(place: Both, person: str, *, version: int) -> None:
    """Somebody files a complaint, which begins with this version."""
    hand = place.hand(person)
    await hand.types("/complaint 屏幕有划痕")
    await hand.fills(
        {
            "customer": "华光",
            "contact": "138",
            "channel": Chosen(("电话", "Phone")),
            "product": "P-1",
        }
    )
    await place.settle()
    ids = await place.work.database.read(lambda tx: tx.cases.open_ids(after="", limit=1000))
    newest = await place.work.case(max(one for one in ids if one.startswith("C-2027")))
    stored = await place.work.database.read(lambda tx: tx.definitions.get(newest.definition))
    assert stored is not None
    assert stored.version == version


async def is_reviewed(place: Both) -> None:
    """The next review has proposals; one becomes the next change, which names this one."""
    await place.until(moment("2027-07-01 10:00"))
    hand = place.hand(OWNER)
    await hand.presses(("采纳 1", "Accept 1"), ("2027-Q1", "2027-Q1"))
    await hand.fills({})
    await place.settle()
    for mine in place.hands[OWNER]:
        assert mine.sees(("PC-2027-0002", "PC-2027-0002"), (NUMBER, NUMBER))
