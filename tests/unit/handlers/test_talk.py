"""Words in a case, where the stories do not come by."""

from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, closed_after, dispatched, file_complaint, resolve
from tests.unit.handlers.purchase import requested


async def closed(work: Workplace) -> None:
    await resolve(await dispatched(work))
    await closed_after(work)


async def test_what_would_be_refused_is_refused_before_anybody_types(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")

    assert "no question" in (await filer.forges("reply|C-2026-0001|t2|")).lower()
    assert "李强" in await work.person("liu.yang").forges("ask|C-2026-0001|t2|")
    assert await handler.forges("withdraw|C-2026-0001||") == "只有发起人可以撤回。"
    assert await handler.forges("reply|C-2026-0001|t2|") == "没有等待回答的问题。"
    for person in (handler, filer, work.person("liu.yang")):
        assert person.sheet is None


async def test_a_process_without_pauses_offers_no_questions(work: Workplace) -> None:
    await requested(work)
    approver = work.person("he.jun")

    assert "提问" not in await approver.buttons()
    assert await approver.forges("ask|P-2026-0001|t1|") == "这个流程没有设置提问。"


async def test_the_filer_s_own_task_asks_them_nothing(work: Workplace) -> None:
    handler = await dispatched(work)
    await resolve(handler)
    filer = work.person("emma.clark")

    assert "Ask" not in await filer.buttons()
    assert await filer.forges("ask|C-2026-0001|t3|", text="?") == "You filed it yourself."


async def test_an_empty_comment_is_asked_for_again(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("评论", kind="task")
    await handler.fills(text=" ")

    assert handler.answer.problems == {"text": "请填写。"}
    assert "Commented" not in await work.event_types()


async def test_a_closed_case_still_takes_comments_and_nothing_else(work: Workplace) -> None:
    await closed(work)
    filer = work.person("emma.clark")
    await filer.presses("评论", kind="closed")
    await filer.fills(text="Thanks")

    assert (await work.event_types())[-1] == "Commented"
    for token in ("urge|C-2026-0001||", "withdraw|C-2026-0001||"):
        assert await filer.forges(token) == "This case is over (Completed)."


async def test_a_score_counts_once_and_only_the_filer_s(work: Workplace) -> None:
    await closed(work)
    filer, desk = work.person("emma.clark"), work.person("liu.yang")

    assert await desk.forges("score|C-2026-0001||5") == "这份评价不是发给您的。"
    assert await filer.forges("score|C-2026-0001||9") == "Please give a score from 1 to 5."
    await filer.presses("4 分")
    await filer.fills()
    assert await filer.forges("score|C-2026-0001||1") == "You gave 4 already."
    assert (await work.event_types()).count("SurveyAnswered") == 1


async def test_nobody_is_copied_in_twice_and_nobody_who_is_not_there(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    filer, desk = work.person("emma.clark"), work.person("liu.yang")

    token = "copy|C-2026-0001||"
    assert await filer.forges(token, people=[await desk.key()]) == "They can see it already."
    assert "no such colleague" in await filer.forges(token, people=["p_nobody"])
    await filer.forges(token, people=[])
    assert filer.answer.problems == {"people": "Please choose."}


async def test_a_whole_company_that_reads_along_leaves_nobody_to_copy(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    filer = work.person("emma.clark")
    everybody = list((await work.directory()).people)
    await filer.forges("copy|C-2026-0001||", people=everybody)

    assert await filer.presses("抄送", kind="case") == "They can see it already."


async def test_a_question_is_answered_with_files(work: Workplace) -> None:
    handler, filer = await dispatched(work), work.person("emma.clark")
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    photo = await filer.uploads("标签.png", ONE_PIXEL)
    await filer.presses("回答", kind="question")
    await filer.fills(text="左边那一箱", files=[photo])

    card = await handler.sees("左边那一箱", "标签.png", kind="answered")
    assert [file.id for file in card.files] == [photo]
