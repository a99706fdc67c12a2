"""Several people sign one step, pressing what they are shown."""

from __future__ import annotations

from handlers.documents import papers
from tests.office import MONDAY, Workplace
from tests.stories.deeds import ONE_PIXEL, report_text
from tests.unit.workflows.playbooks.seated import process
from workflows.case.task import TaskStatus
from workflows.loading import Loaded, load_definition

CASE = "S-2026-0001"
SIGNERS = ("li.qiang", "sun.yue", "wang.fang", "zhou.min")  # the complaint handlers


async def filed(work: Workplace, how: str, *changes: tuple[str, str, str]) -> None:
    """Emma Clark files what several people sign by one of the rules."""
    await file_with(work, how, process(*changes))


async def file_with(work: Workplace, how: str, loaded: Loaded) -> None:
    """Put a definition in force and file a case of it."""
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="signing", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer = work.person("emma.clark")
    await filer.says("/signing")
    await filer.fills(what="新展厅", how=how)


async def sign(work: Workplace, person: str, label: str = "同意", **values: object) -> None:
    signer = work.person(person)
    await signer.presses(label, kind="task")
    await signer.fills(**values)


async def test_each_signer_signs_on_their_own_card_and_all_see_who_is_left(work: Workplace) -> None:
    await filed(work, "all")
    card = await work.person("li.qiang").sees("会签", "待办", kind="task")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["签署人"] == "李强（未签）、孙悦（未签）、王芳（未签）、周敏（未签）"
    assert facts["计票"] == "4 席未签（须全部同意）"

    await sign(work, "sun.yue", opinion="预算合适")

    assert work.person("sun.yue").answer.text == "已记录。还要签署：李强、王芳、周敏。"
    card = await work.person("li.qiang").sees("会签", kind="task")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["签署人"] == "李强（未签）、孙悦（同意）、王芳（未签）、周敏（未签）"
    assert facts["计票"] == "1 票同意、3 席未签（须全部同意）"
    assert [line.quote for line in card.lines] == ["意见：预算合适"]
    filer = await work.person("emma.clark").sees(CASE, kind="case")
    assert {f.label: f.value for f in filer.facts}[
        "Votes"
    ] == "1 approved, 3 not signed (all have to approve)"


async def test_a_reject_takes_the_buttons_of_the_others_and_says_why(work: Workplace) -> None:
    await filed(work, "all")
    await sign(work, "sun.yue", opinion="好")
    await sign(work, "wang.fang", "驳回", opinion="太贵")

    card = await work.person("li.qiang").sees("不再需要", kind="task")
    assert card.buttons == ()
    assert "其他签署人已经作出决定" in card.note
    done = await work.person("sun.yue").sees("已完成", kind="task")
    assert {f.label: f.value for f in done.facts}["计票"] == (
        "1 票同意、1 票驳回、2 席不再需要（须全部同意）"
    )
    assert (await work.case(CASE)).status == "rejected"
    await work.person("emma.clark").presses("Details", kind="case")
    assert (
        "The signers of “All sign” decided: rejected (1 approved"
        in work.person("emma.clark").reads()
    )


async def test_nobody_finds_the_opinion_of_another_in_their_own_form(work: Workplace) -> None:
    await filed(work, "all")
    await sign(work, "sun.yue", opinion="预算合适")

    await work.person("li.qiang").presses("同意", kind="task")

    sheet = work.person("li.qiang").sheet
    assert sheet is not None
    assert [question.value for question in sheet.questions] == [None]


async def test_in_turn_the_next_signer_is_told_when_their_turn_comes(work: Workplace) -> None:
    await filed(work, "turn", ("turn", "signers", '["person:li.qiang", "person:sun.yue"]'))
    assert await work.person("sun.yue").cards() == []
    assert "会签" not in await work.person("sun.yue").says("/tasks")

    await work.person("li.qiang").presses("同意", kind="task")

    card = await work.person("sun.yue").sees("依次审批", kind="task")
    assert {f.label: f.value for f in card.facts}["签署人"] == "李强（同意）、孙悦（未签）"
    await work.person("sun.yue").presses("同意", kind="task")
    assert (await work.case(CASE)).status == "completed"


async def test_one_of_a_group_claims_the_seat_of_the_group(work: Workplace) -> None:
    await filed(work, "approval", ("approval", "signers", '["role:complaint-handler", "owner"]'))
    await work.person("li.qiang").presses("认领", kind="task")

    await work.person("sun.yue").sees("已由他人办理", kind="task")
    await work.person("li.qiang").presses("同意", kind="task")

    case = await work.case(CASE)
    assert case.status == "completed"
    assert [task.status for task in case.tasks] == [TaskStatus.DONE, TaskStatus.SUPERSEDED]


async def test_a_return_of_one_brings_it_back_to_all_with_the_reason(work: Workplace) -> None:
    await filed(work, "all")
    await sign(work, "sun.yue", opinion="好")
    await sign(work, "wang.fang", "退回", opinion="请写明地点")
    await work.person("li.qiang").sees("已取消", kind="task")
    await work.person("emma.clark").presses("Submit", kind="task")
    await work.person("emma.clark").fills(what="新展厅，二楼", how="all")

    card = await work.person("li.qiang").sees("会签", "待办", kind="task")

    assert "请写明地点" in str(card.lines)
    assert {f.label: f.value for f in card.facts}["计票"] == "4 席未签（须全部同意）"


async def test_the_files_of_every_signer_are_on_the_card_of_the_next(work: Workplace) -> None:
    """Two signers with one form do not overwrite each other."""
    opinion = '  { id = "opinion", type = "long_text"'
    proof = '  { id = "proof", type = "files", label = { zh = "附件", en = "Proof" } },\n'
    text = process().text
    assert text.count(opinion) == 1
    with_files = load_definition(text.replace(opinion, proof + opinion), file="seats.toml")
    await file_with(work, "all", with_files)
    for person, name in (("sun.yue", "甲.png"), ("wang.fang", "乙.png")):
        file = await work.person(person).uploads(name, ONE_PIXEL)
        await sign(work, person, opinion=name, proof=[file])

    card = await work.person("li.qiang").sees("会签", kind="task")

    assert sorted(file.name for file in card.files) == ["乙.png", "甲.png"]
    assert [line.quote for line in card.lines] == [
        "附件：甲.png\n意见：甲.png",
        "附件：乙.png\n意见：乙.png",
    ]


DOCUMENT = """
[document]
name = { zh = "审批意见书", en = "Approval opinion" }
sections = [
  { title = { zh = "人员", en = "People" }, list = "people" },
  { title = { zh = "意见", en = "Opinions" }, list = "answers" },
]
"""


async def test_the_document_has_each_signer_with_decision_opinion_and_time(work: Workplace) -> None:
    with_document = load_definition(process().text + DOCUMENT, file="seats.toml")
    await file_with(work, "all", with_document)
    await sign(work, "sun.yue", opinion="预算合适")
    await sign(work, "wang.fang", "驳回", opinion="太贵")
    _, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await work.person("sun.yue").key(),
        name=f"paper.{CASE}.zh.docx",
    )
    words = report_text(content, "docx")
    for said in ("孙悦", "预算合适", "王芳", "太贵", "不再需要"):
        assert said in words


async def test_whoever_rejected_is_told_that_a_return_of_another_precedes_it(
    in_both: Workplace,
) -> None:
    work = in_both
    await filed(work, "share", ("share", "on_reject", '"after_all"'), ("share", "sign", '"all"'))
    for person, label in (("li.qiang", "驳回"), ("sun.yue", "退回"), ("wang.fang", "同意")):
        await sign(work, person, label, opinion="见说明")
    await sign(work, "zhou.min", opinion="好")

    zh = work.language == "zh"
    node, why, told = (
        ("票签", "退回优先于驳回", "不再计入，因为另有签署人退回了")
        if zh
        else ("Most sign", "a return precedes a reject", "because another signer returned the case")
    )
    card = await work.person("li.qiang").sees(node, kind="voided")
    assert why in card.text
    await work.person("emma.clark").presses("详情", kind="case")
    assert told in work.person("emma.clark").reads()


async def test_the_card_and_why_show_the_deadline_of_all_signers(work: Workplace) -> None:
    limit = (("all", "visit_due", '"3wd"'), ("all", "visit_ladder", '"step"'))
    await filed(work, "all", *limit)
    signer = work.person("li.qiang")

    card = await signer.sees("会签", kind="task")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["全部签署截止"]

    await signer.presses("为什么", kind="task")
    lines = {line.when: line.text for line in signer.answer.cards[0].lines}
    assert "起算 3 个工作日" in lines["全部签署截止"]
