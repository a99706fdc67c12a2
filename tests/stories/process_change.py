"""A change of the complaint process, step by step, as the people of the sample company make it."""

from __future__ import annotations

from bot import sample
from tests.office import MONDAY, Workplace
from workflows.loading import load_definition

NUMBER = "PC-2026-0001"
OWNER = "chen.jing"
COMPLAINT = (sample.PROCESSES / "complaint.toml").read_text(encoding="utf-8")
FASTER = COMPLAINT.replace('due = "4wh"', 'due = "2wh"', 1)
assert FASTER != COMPLAINT


async def in_force(work: Workplace, *changes: tuple[str, str]) -> None:
    """Publish the process of changes as it is shipped, but for these parts of its text."""
    path = sample.PROCESSES / "process-change.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    loaded = load_definition(text, file=path.name)
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="process-change", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def filed(
    work: Workplace, *changes: tuple[str, str], by: str = OWNER, **values: object
) -> None:
    """File a change of the complaint process, and name the team."""
    await in_force(work, *changes)
    owner = work.person(by)
    await owner.says("/process-change")
    given: dict[str, object] = {
        "process": "complaint",
        "scenario": "客户投诉，客服部首次答复",
        "pain_points": "首次答复太慢",
        "targets": [{"figure": "handling_time", "goal": "-30%", "by": "2026-12-31"}],
    }
    await owner.fills(**given | values)
    await teamed(work, by=by)


async def teamed(work: Workplace, *, by: str = OWNER) -> None:
    """Name the team of a change that was filed."""
    owner = work.person(by)
    await work.settle()
    await owner.presses("提交", kind="task")
    directory = await work.directory()
    people = {one: directory.by_id(one) for one in ("li.qiang", "yu.jia", "fang.hao")}
    keys = {one: person.key for one, person in people.items() if person is not None}
    await owner.fills(
        business_expert=keys["li.qiang"],
        business_duty="说明业务怎么做",
        adviser=keys["yu.jia"],
        adviser_duty="把流程写清楚",
        it_support=keys["fang.hao"],
        it_duty="准备系统",
    )
    await work.settle()


async def countersigned(work: Workplace) -> None:
    """The owner says why there are no past figures, and all agree to the reasons."""
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")  # there are no past figures
    await owner.fills(without_why="刚开始使用")
    await work.settle()
    await agreed(work)


async def agreed(work: Workplace) -> None:
    """Business, support and management countersign."""
    for signer in ("li.qiang", "fang.hao", "lin.wei"):
        await work.person(signer).presses("同意", kind="task")
        await work.person(signer).fills(opinion="同意")
        await work.settle()


async def drafted(work: Workplace, text: str, *, step: str = "提交") -> None:
    """Hand in a draft."""
    owner = work.person(OWNER)
    await owner.presses(step, kind="task")
    await owner.fills(
        draft=[await owner.uploads("complaint.toml", text.encode())],
        what_changes="分类分级时限缩短",
    )
    await work.settle()


async def complied(work: Workplace) -> None:
    """Answer the compliance checklist."""
    adviser = work.person("yu.jia")
    await adviser.presses("提交", kind="task")
    await adviser.fills(authority="yes", data_security="yes", labour_law="yes")
    await work.settle()


async def signed(work: Workplace) -> None:
    """Sign the draft."""
    for signer in ("li.qiang", "fang.hao"):
        await work.person(signer).presses("同意", kind="task")
        await work.person(signer).fills(opinion="同意")
        await work.settle()


async def planned(work: Workplace, *, step: str = "提交", until: str = "2026-04-20") -> None:
    """Plan the pilot in the sales department."""
    owner = work.person(OWNER)
    await owner.presses(step, kind="task")
    directory = await work.directory()
    helper = directory.by_id("he.jun")
    assert helper is not None
    await owner.fills(
        pilot_department="sales",
        pilot_until=until,
        main_figure="handling_time",
        pilot_helper=helper.key,
    )
    await work.settle()


async def permitted(work: Workplace, *, by: str = "gao.feng", press: str = "同意") -> None:
    """A second person releases the draft for its pilot."""
    await decides(work, by, press)


async def decides(work: Workplace, by: str, press: str, **values: object) -> None:
    """Somebody claims an approval and decides it."""
    person = work.person(by)
    await person.presses("认领", kind="task")
    await person.presses(press, kind="task")
    await person.fills(**{"opinion": "可以", **values})
    await work.settle()


async def piloted(work: Workplace, *, process: str = "complaint") -> None:
    """Everything until the pilot has begun."""
    await filed(work, process=process)
    await countersigned(work)
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    await planned(work)
    await permitted(work)
