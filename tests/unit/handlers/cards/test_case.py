"""The cards about a case as a whole."""

from handlers.cards.case import (
    case_card,
    closed,
    copied,
    details,
    status_badge,
    survey,
)
from handlers.choices import case_choices
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, resolve
from tests.unit.handlers.purchase import requested
from tests.unit.handlers.readings import known, reading_of
from workflows.flow.entering import CopiedIn


async def test_the_filer_sees_where_it_stands_and_who_has_it(work: Workplace) -> None:
    await dispatched(work)
    card = case_card(await reading_of(work, "emma.clark", lasting=True), None, {})

    assert card is not None
    assert spell(card).splitlines()[:5] == [
        "[进行中] 客户投诉处理流程 · C-2026-0001",
        "当前步骤: 处理并答复",
        "办理人: 李强",
        "首次答复: 3月3日 周二 09:00",
        "结案: 3月9日 周一 09:00",
    ]
    assert known(button.verb for button in (*card.buttons, *card.more)) == [
        "urge",
        "details",
        "comment",
        "copy",
        "unwatch",
        "withdraw",
    ]


async def test_a_case_that_is_late_says_so(work: Workplace) -> None:
    await dispatched(work)
    await work.passes("1d")

    assert status_badge(await reading_of(work, "emma.clark")).text == "已超时"


async def test_nobody_urges_themselves(work: Workplace) -> None:
    await resolve(await dispatched(work))
    main, _ = case_choices(await reading_of(work, "emma.clark"))

    assert "urge" not in [button.verb for button in main]


async def test_withdrawing_is_offered_as_long_as_it_is_allowed(work: Workplace) -> None:
    await requested(work)
    buyer = work.person("sun.yue")
    assert "撤回" in await buyer.buttons(kind="case")

    await work.person("he.jun").presses("同意")

    assert "撤回" not in await buyer.buttons(kind="case")
    assert "不能撤回" in await buyer.forges("withdraw|P-2026-0001||")


async def test_a_copy_says_why_it_came(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    filer = work.person("emma.clark")
    await filer.presses("抄送", kind="case")
    await filer.fills(people=["guo.xin"], text="请留意")
    by_rule = await work.person("chen.jing").sees("C-2026-0001", kind="copied")
    by_hand = await work.person("guo.xin").sees("C-2026-0001", kind="copied")

    assert by_rule.text == "按流程规定抄送给您，无需办理。"
    assert by_hand.text == "Emma Clark 抄送给您，无需办理。"
    assert by_hand.note == "请留意"


async def _closed(work: Workplace) -> None:
    await resolve(await dispatched(work))
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await filer.presses("同意", kind="task")
    await filer.fills()
    await work.passes("2d")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="solved", lessons="无")


async def test_a_closed_case_tells_how_long_it_took_and_links_its_document(
    work: Workplace,
) -> None:
    await _closed(work)
    card = closed(await reading_of(work, "liu.yang"), None, {})

    assert card is not None
    assert spell(card).splitlines()[:6] == [
        "[已结案] 已结案：客户投诉处理流程 · C-2026-0001",
        "历时: 2 天",
        "首次答复: 按时",
        "结案: 按时",
        "等级: 一般",
        "类别: 产品质量",
    ]
    assert [file.id for file in card.files] == [
        "paper.C-2026-0001.zh.pdf",
        "paper.C-2026-0001.zh.docx",
        "paper.C-2026-0001.en.pdf",
        "paper.C-2026-0001.en.docx",
    ]


async def test_who_was_rejected_reads_the_reason(work: Workplace) -> None:
    await requested(work)
    boss = work.person("he.jun")
    await boss.presses("驳回", kind="task")
    await boss.fills(reason="今年的预算用完了")

    card = closed(await reading_of(work, "sun.yue", case_id="P-2026-0001"), None, {})

    assert boss.answer.text == "已完成，P-2026-0001：已驳回。"
    assert card is not None
    assert [(line.text, line.quote) for line in card.lines] == [
        ("何军 · 审批：驳回", "今年的预算用完了")
    ]
    assert "      “今年的预算用完了”" in spell(card)


async def test_a_closed_case_that_was_completed_has_no_reasons(work: Workplace) -> None:
    await _closed(work)
    card = closed(await reading_of(work, "liu.yang"), None, {})

    assert card is not None
    assert card.lines == ()


async def test_an_end_among_several_is_named(work: Workplace) -> None:
    await requested(work)
    await work.person("he.jun").presses("驳回")
    await work.person("he.jun").fills(reason="不需要")
    reading = await reading_of(work, "sun.yue", case_id="P-2026-0001")

    for card in (closed(reading, None, {}), case_card(reading, None, {}), details(reading)):
        assert card is not None
        assert "结果: 未批准" in spell(card).splitlines()


async def test_a_score_replaces_its_buttons(work: Workplace) -> None:
    await _closed(work)
    asked = survey(await reading_of(work, "emma.clark", language="en"), None, {})
    assert asked is not None
    assert [button.label for button in asked.buttons] == ["1", "2", "3", "4", "5"]

    await work.person("emma.clark").presses("4 分")
    await work.person("emma.clark").fills(text="Good")
    given = survey(await reading_of(work, "emma.clark", language="en"), None, {})

    assert given is not None
    assert (given.buttons, given.quote) == ((), "Good")
    assert given.facts[0].value == "4 of 5"


async def test_no_survey_no_card(work: Workplace) -> None:
    await requested(work)

    reading = await reading_of(work, "sun.yue", case_id="P-2026-0001")

    assert survey(reading, None, {}) is None


async def test_the_details_offer_what_the_reader_can_do(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    verbs = {}
    for person in ("liu.yang", "emma.clark", "lin.wei"):
        card = details(await reading_of(work, person))
        verbs[person] = known(button.verb for button in (*card.buttons, *card.more))

    assert verbs["liu.yang"] == ["claim", "comment", "copy", "watch"]
    assert verbs["emma.clark"] == ["urge", "comment", "copy", "unwatch", "withdraw"]
    assert verbs["lin.wei"] == ["comment", "copy"]  # may not read it, so watches nothing


async def test_the_details_of_a_closed_case_link_its_document(work: Workplace) -> None:
    await _closed(work)

    card = details(await reading_of(work, "emma.clark"))

    assert any(file.id.startswith("paper.") for file in card.files)


async def test_a_copy_is_about_copying(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    reading = await reading_of(work, "chen.jing")
    seq = next(event.seq for event in reading.events if isinstance(event.body, CopiedIn))

    card = copied(reading, None, {"seq": str(seq)})

    assert card is not None
    assert card.kind == "copied"
