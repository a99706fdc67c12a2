"""Change this: a definition is changed in the chat, in the draft of a change case (L2.2)."""

from __future__ import annotations

import hashlib
import tomllib

import pytest

from bot import sample
from handlers.changing.spots import Kind, Spot
from handlers.pages import Card
from handlers.tokens import Token
from tests.fakes.chat import every_button, spell
from tests.office import Workplace
from tests.person import Colleague
from tests.stories import process_change as change
from tests.stories.changing import CASE, PROCESS, planned
from tests.stories.test_other_cases import publish
from workflows.loading import load_definition
from workflows.records import FormDraft

COMPLAINT = (sample.PROCESSES / "complaint.toml").read_text(encoding="utf-8")
HASH = load_definition(COMPLAINT, file="complaint.toml").hash
WORDS = {
    "zh": ("改这里", "时限", "人员", "名称", "处理并答复", "添加字段", "草稿改了什么"),
    "en": (
        *("Change this", "Limit", "People", "Name", "Resolve and reply", "Add a field"),
        "What the draft changes",
    ),
}


def words(work: Workplace) -> dict[str, str]:
    return dict(zip(WORDS["zh"], WORDS[work.language], strict=True))


async def open_at(person: Colleague, *labels: str) -> Card:
    """Press "Change this", then the item or the button of each label on the card that follows."""
    known = words(person.work)
    await person.presses(known["改这里"])
    for label in labels:
        (card,) = person.answer.cards
        wanted = known.get(label, label)
        items = [item.button for item in card.items if wanted in item.text and item.button]
        buttons = [one for one in every_button(card) if one.label == wanted]
        await person.forges((items or buttons)[0].token)
    return person.answer.cards[0] if person.answer.cards else Card(kind="", title="")


async def draft(person: Colleague) -> str:
    """The text of the draft that the person's task has now."""
    form = str(Token(verb="complete", case_id=CASE, task="t1"))
    key = await person.key()
    kept = await person.work.database.read(lambda tx: tx.drafts.get(key, form))
    assert kept is not None, "there is no draft"
    return (await person.work.files.read(kept.values["draft"][-1])).decode()


async def test_a_limit_is_changed_on_its_step_and_everything_else_stays(
    in_both: Workplace,
) -> None:
    person = await planned(in_both)
    await open_at(person, "处理并答复", "时限")
    assert person.sheet is not None
    assert person.sheet.values == {"due": "3wd"}

    said = await person.fills(due="1wd")
    assert ("1 个工作日" if in_both.language == "zh" else "1 working day") in said
    text = await draft(person)
    assert text == f'based_on = "{HASH[:12]}"\n' + COMPLAINT.replace(
        'due = "3wd"', 'due = "1wd"', 1
    )


async def test_several_changes_gather_in_one_draft(work: Workplace) -> None:
    person = await planned(work)
    await open_at(person, "处理并答复", "时限")
    await person.fills(due="1wd")
    await open_at(person, "处理并答复", "名称")
    await person.fills(name_zh="处理", name_en="Resolve")
    await open_at(person, "处理", "人员")
    await person.fills(how="candidates", who="role:complaint-desk")
    await open_at(person, "客户投诉表单", "添加字段")
    await person.fills(label_zh="批次", label_en="Batch no.", type="text")

    tree = tomllib.loads(await draft(person))
    node = next(one for one in tree["nodes"] if one["id"] == "resolve")
    assert (node["due"], node["name"]["en"], node["candidates"]) == (
        "1wd",
        "Resolve",
        "role:complaint-desk",
    )
    assert "assignee" not in node
    assert tree["forms"]["complaint"]["fields"][-1] == {
        "id": "batch_no",
        "type": "text",
        "label": {"zh": "批次", "en": "Batch no."},
    }
    card = await open_at(person, "草稿改了什么")
    shown = spell(card)
    assert "第1版" in shown.replace(" ", "")
    assert "1 个工作日" in shown
    assert len(card.lines) >= 4
    assert card.files[0].name == "complaint.toml"


async def test_what_could_not_be_published_is_refused_beside_the_question(
    in_both: Workplace,
) -> None:
    person = await planned(in_both)
    for labels, values, name in (
        (("处理并答复", "时限"), {"due": "3 days"}, "due"),
        (("处理并答复", "时限"), {"due": "3wd"}, "due"),
        (("处理并答复", "时限"), {"due": ""}, "due"),
        (("处理并答复", "人员"), {"who": "role:nobody"}, "who"),
        (("处理并答复", "名称"), {"name_en": "x" * 500}, "name_en"),
    ):
        await open_at(person, *labels)
        await person.fills(**values)
        assert name in person.answer.problems, (labels, person.answer)
    with pytest.raises(AssertionError, match="no draft"):
        await draft(person)


async def test_a_field_that_is_referred_to_stays(work: Workplace) -> None:
    person = await planned(work)
    await open_at(person, "客户投诉表单", "客户名称")
    await person.fills(keep="remove")
    assert "customer" in str(person.answer.problems)


async def test_the_same_submission_again_changes_nothing(work: Workplace) -> None:
    person = await planned(work)
    await open_at(person, "客户投诉表单", "添加字段")
    first = await person.fills(label_zh="批次", label_en="Batch", type="text")
    text = await draft(person)
    again = await person.does_it_again()
    assert again == first
    assert await draft(person) == text


async def keep(person: Colleague, content: bytes) -> None:
    """Attach a file in the form of the task, which is not sent yet."""
    file = await person.uploads("mine.toml", content)
    one = FormDraft(
        person=await person.key(),
        form=str(Token(verb="complete", case_id=CASE, task="t1")),
        values={"draft": [file]},
        place={},
        via="playground",
        at=person.work.clock.now(),
    )
    await person.work.database.run(lambda tx: tx.drafts.put(one))


async def test_an_upload_is_changed_further_and_a_faulty_one_is_explained(work: Workplace) -> None:
    person = await planned(work)
    mine = COMPLAINT.replace('due = "2wd"', 'due = "3d"', 1)
    await keep(person, mine.encode())
    await open_at(person, "处理并答复", "时限")
    await person.fills(due="1wd")
    assert await draft(person) == mine.replace('due = "3wd"', 'due = "1wd"', 1)

    await keep(person, COMPLAINT.replace('due = "2wd"', 'due = "two"', 1).encode())
    said = await person.presses("改这里")
    assert "mine.toml" in said
    assert "closeloop check" in said
    await keep(person, (sample.PROCESSES / "supplier.toml").read_bytes())
    assert "supplier" in await person.presses("改这里")
    await keep(person, "流程".encode("gb18030"))
    assert "UTF-8" in await person.presses("改这里")


async def test_an_older_form_does_not_undo_a_newer_draft(work: Workplace) -> None:
    person = await planned(work)
    await open_at(person, "处理并答复", "时限")
    sheet = person.sheet
    await open_at(person, "处理并答复", "名称")
    await person.fills(name_zh="处理", name_en="Resolve")
    person.sheet = sheet
    await person.fills(due="1wd")
    text = await draft(person)
    assert 'en = "Resolve"' in text
    assert 'due = "1wd"' in text
    gone = Token(verb="change", case_id=CASE, task="t1", argument="l-00000000")
    assert "“改这里”" in await person.forges(str(gone))
    assert await draft(person) == text


async def test_only_owners_and_administrators_change_it(in_both: Workplace) -> None:
    person = await planned(in_both, filer="li.qiang")
    said = await person.presses(words(in_both)["改这里"])
    assert ("负责人" if in_both.language == "zh" else "Only the owner") in said
    stranger = in_both.person("zhou.min")
    await stranger.forges(str(Token(verb="change", case_id=CASE, task="t1")))
    assert not stranger.answer.cards
    other = Token(verb="change", case_id="C-2026-0001", task="t1")
    await person.forges(str(other))
    assert not person.answer.cards


async def test_a_sign_off_names_its_draft_and_an_edit_makes_it_void(in_both: Workplace) -> None:
    person = await planned(in_both)
    await open_at(person, "处理并答复", "时限")
    await person.fills(due="1wd")
    pinned = hashlib.sha256((await draft(person)).encode()).hexdigest()[:12]
    await person.presses("提交")
    await person.fills()
    view = words(in_both)["草稿改了什么"]
    for signer, does in (("emma.clark", "同意"), ("zhao.lei", "退回")):
        signs = in_both.person(signer)
        await signs.sees(pinned)
        await signs.presses(view)
        shown = spell(signs.answer.cards[0])
        assert pinned in shown
        assert (
            "1 working day" if await signs.in_words("客户满意") != "客户满意" else "1 个工作日"
        ) in shown
        await signs.presses(does)
        if signs.sheet is not None:
            await signs.fills(**({"note": "再改"} if does == "退回" else {}))

    await person.sees("起草" if in_both.language == "zh" else "Draft")
    case = await in_both.case(CASE)
    again = Token(verb="change", case_id=CASE, task=case.open_tasks[0].id)
    await person.forges(str(again))
    limit = Spot(kind=Kind.LIMIT, path=("nodes", "resolve"))
    await person.forges(
        str(Token(verb="change", case_id=CASE, task=again.task, argument=limit.argument))
    )
    assert person.sheet is not None
    assert person.sheet.values == {"due": "1wd"}, "the draft of the case goes on"
    await person.fills(due="2wd")
    await person.presses("提交")
    await person.fills()
    case = await in_both.case(CASE)
    signed = next(task for task in case.tasks if task.node == "sign" and task.outcome)
    assert signed.voided
    assert [task.node for task in case.open_tasks] == ["sign"]
    newer = await in_both.person("emma.clark").cards()
    assert not any(pinned in spell(card) for card in newer if "Approve" in spell(card))


async def test_a_case_of_another_process_has_no_such_button(work: Workplace) -> None:
    await publish(work, PROCESS.replace('key = "process-change"', 'key = "change-it"'), "change-it")
    person = work.person("chen.jing")
    await person.says("/process-change")
    await person.fills(process="complaint")
    assert "改这里" not in await person.buttons()
    said = await person.forges(str(Token(verb="change", case_id=CASE, task="t1")))
    assert "不能修改草稿" in said


async def test_a_change_made_in_the_chat_goes_through_the_shipped_process(work: Workplace) -> None:
    await change.filed(work)
    await change.countersigned(work)
    person = work.person(change.OWNER)
    await open_at(person, "分类分级", "时限")
    await person.fills(due="20wm")
    await person.presses("提交", kind="task")
    assert person.sheet is not None
    files = person.sheet.values["draft"]
    assert isinstance(files, list)
    text = (await work.files.read(files[0])).decode()
    assert text.startswith(f'based_on = "{HASH[:12]}"\n')
    await person.fills(what_changes="分类分级时限缩短")
    await work.settle()
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["compliance"]
    await change.complied(work)

    pinned = hashlib.sha256(text.encode()).hexdigest()[:12]
    card = await work.person("li.qiang").sees(pinned, kind="task")
    assert "草稿改了什么" in [button.label for button in every_button(card)]
    await change.signed(work)
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["plan_pilot"]
