"""Signers are added before, after and beside, and advice is asked for, by pressing buttons."""

from __future__ import annotations

from pathlib import Path

from handlers.documents import papers
from handlers.reading import record
from tests.office import MONDAY, Workplace
from tests.person import Colleague
from tests.stories.deeds import report_text
from tests.unit.handlers.readings import reading_of
from tests.unit.workflows import playbooks
from workflows.loading import load_definition

CASE = "T-2026-0001"
FORM = """
[forms.opinion]
name = { zh = "意见", en = "Opinion" }
fields = [
  { id = "opinion", type = "long_text", main = true, label = { zh = "意见", en = "Opinion" } },
]

[ladders.review]"""
DOCUMENT = """
[document]
name = { zh = "审批意见书", en = "Approval opinion" }
sections = [{ title = { zh = "意见", en = "Opinions" }, list = "decisions" }]
"""


async def filed(work: Workplace) -> Colleague:
    """One approval with an opinion; Li Qiang has claimed it."""
    path = Path(playbooks.__path__[0]) / "penalties.toml"
    text = path.read_text(encoding="utf-8").replace("\n[ladders.review]", FORM, 1)
    text = text.replace('kind = "approval"\n', 'kind = "approval"\nform = "opinion"\n', 1)
    loaded = load_definition(text + DOCUMENT, file="late.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="late", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer = work.person("emma.clark")
    await filer.says("/late")
    await filer.fills(what="新展厅")
    owner = work.person("li.qiang")
    await owner.presses("认领", kind="task")
    return owner


async def adds(owner: Colleague, where: str, *people: str, why: str = "") -> str:
    await owner.presses("加签", kind="task")
    return await owner.fills(where=where, people=list(people), text=why)


async def signs(work: Workplace, person: str, label: str = "同意", opinion: str = "好") -> str:
    signer = work.person(person)
    await signer.presses(label, kind="task")
    return await signer.fills(opinion=opinion)


async def test_a_signer_added_before_signs_first_and_it_comes_back(in_both: Workplace) -> None:
    work = in_both
    owner = await filed(work)
    await adds(owner, "before", "sun.yue", why="请先看预算")

    card = await work.person("sun.yue").sees("请先看预算", kind="task")
    verbs = [button.verb for button in (*card.buttons, *card.more)]
    assert {"approve", "reject", "transfer"} <= set(verbs)
    assert not {"return", "addsigner", "delegate", "ask"} & set(verbs)
    waits = await owner.sees(await name(work, "sun.yue"), kind="task")
    assert not waits.buttons
    assert "unsigner" in [button.verb for button in waits.more]

    reading = await reading_of(work, "li.qiang", case_id=CASE)
    (added,) = [one for one in record.record_of(reading).tasks if one.parent]
    assert (added.parent, added.joins, added.added_by) == ("t1", "before", "li.qiang")

    await signs(work, "sun.yue", opinion="预算合适")

    back = await owner.sees("预算合适", kind="back")
    assert {"approve", "reject"} <= {button.verb for button in back.buttons}
    await owner.sees("预算合适", kind="task")
    await signs(work, "li.qiang")
    assert (await work.case(CASE)).status == "completed"


async def name(work: Workplace, person: str) -> str:
    """What the first of the company's people is called in the language of the reader."""
    reader = await work.person("li.qiang").in_words("同意")
    found = (await work.directory()).by_id(person)
    assert found is not None
    return (found.name_en or found.name) if reader == "Approve" else found.name


async def test_the_approval_is_held_until_the_signers_after_it_have_signed(
    in_both: Workplace,
) -> None:
    work = in_both
    owner = await filed(work)
    await adds(owner, "after", "sun.yue", "zhou.min")
    sign = await work.person("sun.yue").in_words("同意")
    assert sign not in await work.person("sun.yue").buttons()
    answer = await signs(work, "li.qiang")
    assert await name(work, "sun.yue") in answer

    await signs(work, "sun.yue")
    await signs(work, "zhou.min", "驳回", "太贵")

    case = await work.case(CASE)
    assert [task.outcome for task in case.tasks] == ["reject", "approve", "reject"]
    assert not (await owner.sees(CASE, kind="task")).buttons


async def test_a_signer_beside_is_a_signer_like_the_other(in_both: Workplace) -> None:
    work = in_both
    owner = await filed(work)
    await adds(owner, "beside", "sun.yue")
    assert await name(work, "sun.yue") in await signs(work, "li.qiang")
    assert (await work.case(CASE)).status == "running"
    await signs(work, "sun.yue")
    assert (await work.case(CASE)).status == "completed"


async def test_advice_is_asked_for_given_and_comes_back(in_both: Workplace) -> None:
    work = in_both
    owner = await filed(work)
    await owner.presses("委派", kind="task")
    await owner.fills(person="zhao.lei", text="值得吗？")

    adviser = work.person("zhao.lei")
    card = await adviser.sees("值得吗？", kind="task")
    assert [button.verb for button in card.buttons] == ["advise"]
    waiting = [one for one in await owner.cards() if one.kind == "task"][-1]
    assert waiting.badge is not None
    assert waiting.badge.text == {"zh": "等待意见", "en": "Waits for advice"}[work.language]
    await adviser.presses("填写意见", kind="task")
    await adviser.fills(text="值得")

    await owner.sees("值得", kind="back")
    await signs(work, "li.qiang")
    assert (await work.case(CASE)).status == "completed"


async def test_whoever_added_a_signer_removes_them(in_both: Workplace) -> None:
    work = in_both
    owner = await filed(work)
    await adds(owner, "before", "sun.yue")
    await owner.presses("撤销加签", kind="task")
    await owner.fills()

    removed = await work.person("sun.yue").sees(CASE, kind="task")
    assert not removed.buttons
    await signs(work, "li.qiang")
    assert (await work.case(CASE)).status == "completed"


async def test_the_document_has_the_opinion_of_each_added_signer(work: Workplace) -> None:
    owner = await filed(work)
    await adds(owner, "before", "sun.yue")
    await signs(work, "sun.yue", opinion="预算合适")
    await adds(owner, "after", "zhou.min")
    await signs(work, "li.qiang", opinion="同意上线")
    await signs(work, "zhou.min", opinion="无异议")
    _, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await owner.key(),
        name=f"paper.{CASE}.zh.docx",
    )
    words = report_text(content, "docx")
    for said in ("评审（前加签）", "预算合适", "同意上线", "评审（后加签）", "无异议", "周敏"):
        assert said in words


async def test_a_second_addition_is_refused_with_who_still_signs(work: Workplace) -> None:
    owner = await filed(work)
    await adds(owner, "after", "sun.yue")
    await owner.presses("加签", kind="task")
    assert owner.sheet is not None
    where = next(one for one in owner.sheet.questions if one.id == "where")
    assert [choice.id for choice in where.choices] == ["beside"]
    token = owner.sheet.token
    people = [await work.person("zhou.min").key()]
    assert await owner.forges(token, where="after", people=people) == (
        "还要等孙悦办理，您的操作没有生效。"
    )
    assert await owner.forges(token, where="above", people=people) == "请从选项中选择。"
