"""Who may do and read what: everybody else gets a clear answer and changes nothing."""

from __future__ import annotations

import pytest

from handlers.documents import papers
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, events
from workflows.errors import Refusal


async def test_whoever_is_not_asked_is_told_whose_it_is_and_changes_nothing(
    work: Workplace,
) -> None:
    await dispatched(work)
    before = await events(work)

    answer = await work.person("liu.yang").forges("complete|C-2026-0001|t2|")

    assert "李强" in answer
    assert "没有生效" in answer
    assert await events(work) == before


@pytest.mark.parametrize(
    "token",
    [
        "claim|C-2026-0001|t1|",
        "complete|C-2026-0001|t2|",
        "details|C-2026-0001||",
        "urge|C-2026-0001||",
        "comment|C-2026-0001|t2|",
        "copy|C-2026-0001||",
        "score|C-2026-0001||5",
    ],
)
async def test_a_stranger_learns_nothing_about_a_case(work: Workplace, token: str) -> None:
    await dispatched(work)
    before = await events(work)
    stranger = work.person("yu.jia")

    assert "没有查看这件事项的权限" in await stranger.forges(token)
    assert "李强" not in stranger.reads()
    assert await events(work) == before


async def test_a_stranger_cannot_look_at_or_comment_on_a_case(work: Workplace) -> None:
    await dispatched(work)
    stranger = work.person("yu.jia")
    for said in ("/case C-2026-0001", "c-2026-0001 怎么样了？"):
        assert "没有查看这件事项的权限" in await stranger.says(said)
    assert "没有查看" in await stranger.says("我也来说一句", case="C-2026-0001")
    assert (await work.event_types()).count("Commented") == 0


async def test_a_stranger_gets_no_document(work: Workplace) -> None:
    await dispatched(work)
    for name in ("paper.C-2026-0001.zh.pdf", "paper.C-2026-0001.en.docx"):
        with pytest.raises(Refusal, match="not_your_case"):
            await papers.open_paper(
                work.database,
                work.files,
                work.office,
                person=await work.person("yu.jia").key(),
                name=name,
            )


@pytest.mark.parametrize(
    "name", ["", "paper.", "paper.C-1.fr.pdf", "paper.../../x.zh.pdf", "paper.C-1.zh.exe", "f_1"]
)
async def test_a_document_that_is_none_is_not_found(work: Workplace, name: str) -> None:
    with pytest.raises(Refusal):
        await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person=await work.person("yu.jia").key(),
            name=name,
        )


async def test_whoever_left_can_do_nothing_any_more(work: Workplace) -> None:
    handler = await dispatched(work)
    token = (await handler.button("提交", kind="task")).token
    directory = await work.directory()
    stay = [person for person in directory.people.values() if person.id != "li.qiang"]
    await work.database.run(
        lambda tx: tx.people.replace(stay, list(directory.departments.values()))
    )

    for answer in (await handler.forges(token), await handler.says("/tasks")):
        assert "账号已停用" in answer
    with pytest.raises(Refusal, match="not_known"):
        await handler.uploads("x.png", ONE_PIXEL)
