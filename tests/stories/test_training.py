"""Whoever uses a changed process for the first time gets a training card (L4.2, L5.4)."""

from __future__ import annotations

from handlers.pages import Card
from handlers.personal import hand_out
from storage.trainings import TrainingCard
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories import process_change
from tests.stories.deeds import file_complaint, leave, triage
from tests.stories.process_change import COMPLAINT, FASTER, NUMBER, OWNER, decides
from tests.stories.training import piloted, released
from workflows.loading import load_definition

OWN = """

[training]
contents = { zh = "投诉要快，也要听完。", en = "Be quick, and listen to the end." }
how = { zh = "先登记，再处理。", en = "Record first, then resolve." }
cautions = { zh = "不要当场承诺赔偿。", en = "Promise no money on the spot." }
"""
SLOWER = COMPLAINT.replace('due = "3wd"', 'due = "4wd"', 1)
assert SLOWER not in (COMPLAINT, FASTER)


async def cards(work: Workplace, person: str) -> list[Card]:
    return [one for one in await work.person(person).cards() if one.kind == "training"]


async def receipts(work: Workplace, version: int = 2) -> list[TrainingCard]:
    return [*await work.database.read(lambda tx: tx.trainings.of_version("complaint", version))]


async def test_whoever_files_on_a_pilot_gets_its_card_once_and_confirms_that_they_read_it(
    work: Workplace,
) -> None:
    """L4.2: contents, how to use, cautions, what is new, the helper, and the receipt."""
    await piloted(work)
    filer = work.person("sun.yue")
    await file_complaint(filer)
    (card,) = await cards(work, "sun.yue")
    said = spell(card)
    for words in (
        "培训：客户投诉处理流程（第 2 版）",
        "发送 /complaint，填写“客户投诉表单”",
        "之后您可能收到“客户是否满意”",
        "首次答复，如果紧急：2 小时内",
        "必填：客户名称、",
        "与第 1 版的不同: 步骤：分类分级 · 时限：4 个工作小时 → 2 个工作小时",
        "遇到问题: 请问何军。",
        "1. 分类分级：",
        "没有考试",
    ):
        assert words in said, words

    assert "已记下您读过" in await filer.presses("我已阅读", kind="training")
    token = card.buttons[0].token
    (card,) = await cards(work, "sun.yue")
    assert card.badge is not None
    assert card.badge.text == "已阅读"
    assert not card.buttons
    assert "已于 3月2日 周一 09:00 阅读" in spell(card)
    assert "您已于今天 09:00 确认读过" in await filer.forges(token)
    (mine,) = [one for one in await receipts(work) if one.person == await filer.key()]
    assert (mine.version, mine.node, mine.read_at) == (2, "", work.clock.now())

    await file_complaint(filer)
    assert len(await cards(work, "sun.yue")) == 1
    assert "发给别人" in await work.person("zhao.lei").forges(token)


async def test_whoever_gets_their_first_task_reads_of_their_own_step(work: Workplace) -> None:
    """L4.2: also people of other departments, and only once."""
    await piloted(work)
    await file_complaint(work.person("sun.yue"))
    (desk,) = await cards(work, "liu.yang")
    said = spell(desk)
    assert "您的步骤是“分类分级”，请在 2 个工作小时内办理。" in said
    assert "“分类分级”超时后，依次上报：办理人的上级 → " in said
    assert not await cards(work, "li.qiang")
    person = work.person("liu.yang")
    await person.presses("认领", kind="task")
    await triage(person)
    (handler,) = await cards(work, "li.qiang")
    assert "完成之前请先登记：对客户的答复。" in spell(handler)
    assert len(await cards(work, "liu.yang")) == 1


async def test_what_is_put_in_force_from_the_shell_has_no_card(work: Workplace) -> None:
    await file_complaint(work.person("sun.yue"))
    loaded = load_definition(FASTER, file="complaint.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash=loaded.hash, text=FASTER, at=work.clock.now(), by="system"
        )
    )
    await file_complaint(work.person("sun.yue"))
    assert not await cards(work, "sun.yue")
    assert not await receipts(work)


async def test_the_card_of_the_next_change_has_the_next_text(work: Workplace) -> None:
    """L5.4: training is updated with the improved version; the company's own words come first."""
    filer = work.person("sun.yue")
    await piloted(work)
    await file_complaint(filer)
    await released(work, FASTER, act="PC-2026-0001/v9")
    await file_complaint(filer)
    await file_complaint(work.person("emma.clark"))
    assert len(await cards(work, "sun.yue")) == len(await cards(work, "emma.clark")) == 1

    await released(work, SLOWER + OWN, act="PC-2026-0002/v9")
    await file_complaint(filer)
    _, card = await cards(work, "sun.yue")
    said = spell(card)
    assert said.index("投诉要快，也要听完。") < said.index("让每一起客户投诉及时得到答复")
    assert said.index("先登记，再处理。") < said.index("发送 /complaint")
    assert said.index("不要当场承诺赔偿。") < said.index("首次答复，如果紧急")
    assert "第 3 版" in said
    assert "与第 2 版的不同" in said
    assert "步骤：处理并答复 · 时限：3 个工作日 → 4 个工作日" in said
    assert "遇到问题" not in said  # nobody was named


async def test_the_helper_is_named_in_the_first_weeks_and_not_once_they_have_left(
    work: Workplace,
) -> None:
    """L4.2: during a pilot, and for four weeks after a batch or the release to all."""
    await piloted(work)
    filer, desk = work.person("sun.yue"), work.person("liu.yang")
    await file_complaint(filer)
    for person, kind in ((filer, "case"), (desk, "task")):
        assert "不懂请问何军" in spell(await person.sees(kind=kind))
    await released(work, FASTER, act="PC-2026-0001/v9", helper="zhao.lei")
    await file_complaint(filer)
    assert "不懂请问赵磊" in spell((await _of(work, "sun.yue", "case"))[-1])
    await work.passes("28d")
    await file_complaint(filer)
    assert "不懂请问" not in spell((await _of(work, "sun.yue", "case"))[-1])

    await released(work, SLOWER, act="PC-2026-0002/v9", helper="zhao.lei")
    await leave(work, "zhao.lei")
    await file_complaint(filer)
    assert "不懂请问" not in spell((await _of(work, "sun.yue", "case"))[-1])
    assert "遇到问题" not in spell((await cards(work, "sun.yue"))[-1])


async def test_whoever_is_named_as_helper_gets_the_card_when_the_pilot_opens(
    work: Workplace,
) -> None:
    """L4.2."""
    await process_change.piloted(work)

    (card,) = await cards(work, "he.jun")
    assert "您是这一版的帮手" in spell(card)
    assert not await cards(work, "sun.yue")  # who has not used it yet
    await file_complaint(work.person("he.jun"))
    assert len(await cards(work, "he.jun")) == 1


async def _of(work: Workplace, person: str, kind: str) -> list[Card]:
    return [one for one in await work.person(person).cards() if one.kind == kind]


async def test_the_owner_of_a_change_reads_who_has_not_read_the_card_and_others_how_many(
    work: Workplace,
) -> None:
    """L4.2: the helpers of the forms go with the releases; no ranking."""
    await process_change.piloted(work, process="客户投诉处理流程")
    assert not [f for f in (await _change(work, OWNER)) if f.startswith("培训")]
    await file_complaint(work.person("sun.yue"))
    await work.person("sun.yue").presses("我已阅读", kind="training")
    history = await work.database.read(lambda tx: tx.releases.history("complaint"))
    directory = await work.directory()
    assert [directory.people[one.helper].id for one in history if one.helper] == ["he.jun"]
    (line,) = [f for f in (await _change(work, OWNER)) if f.startswith("培训")]
    assert "已读 1 人，共 3 人" in line
    assert "还没有读：" in line
    assert "刘洋" in line

    await work.until("2026-04-22 10:00")
    executive = work.person("gao.feng")
    said = spell(await executive.sees("决定推广", kind="task"))
    assert "已读 1 人，共 3 人" in said
    assert "还没有读" not in said
    await decides(work, "gao.feng", "推广")
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    helper = directory.by_id("zhao.lei")
    assert helper is not None
    await owner.fills(
        batch_department="customer-service", batch_day="2026-04-24", batch_helper=helper.key
    )
    await work.passes("3d")
    await decides(work, "gao.feng", "全面推广")
    await owner.presses("提交", kind="task")
    await owner.fills(compare_on="2026-05-30")
    await work.settle()
    several = await work.database.read(lambda tx: tx.releases.open_of("complaint"))
    assert [(one.kind, one.helper) for one in several] == [("all", helper.key)]


async def _change(work: Workplace, person: str) -> list[str]:
    """The facts of the change's card as somebody reads it."""
    reader = work.person(person)
    await reader.says(f"/case {NUMBER}")
    (card,) = reader.answer.cards
    return [f"{fact.label}: {fact.value}" for fact in card.facts]


async def test_the_receipts_are_among_what_is_stored_about_a_person(work: Workplace) -> None:
    await piloted(work)
    await file_complaint(work.person("sun.yue"))
    person = (await work.directory()).by_id("sun.yue")
    assert person is not None
    told = await work.database.read(lambda tx: hand_out(tx, work.office, person=person))
    (one,) = told["trainings"]
    assert (one["process"], one["version"], one["read"]) == ("complaint", 2, None)
