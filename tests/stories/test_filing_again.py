"""The filer files a rejected or withdrawn case again, from the card that says how it ended."""

from __future__ import annotations

import pytest

from handlers import uploads
from tests.office import MONDAY, Workplace
from tests.stories.deeds import ONE_PIXEL
from tests.unit.handlers import purchase
from workflows.case.status import Status
from workflows.loading import load_definition

FIRST, SECOND = "P-2026-0001", "P-2026-0002"


async def wanted(work: Workplace, **more: object) -> None:
    """sun.yue files a printer."""
    loaded = load_definition(purchase.TEXT, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used", **more)


async def rejected(work: Workplace, **more: object) -> None:
    """he.jun rejected it."""
    await wanted(work, **more)
    chief = work.person("he.jun")
    await chief.presses("驳回", kind="task")
    await chief.fills(reason="数量太多")


async def test_a_rejected_case_is_copied_and_filed_again(in_both: Workplace) -> None:
    work = in_both
    await rejected(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")
    assert buyer.sheet is not None
    assert {q.id: q.value for q in buyer.sheet.questions}["what"] == "打印机"
    await buyer.fills(count="10")

    old, new = await work.case(FIRST), await work.case(SECOND)
    assert (old.filed_again, new.again_of) == (SECOND, FIRST)
    assert (old.status, new.status) == (Status.REJECTED, Status.RUNNING)
    await work.person("he.jun").sees(FIRST, SECOND, "10", kind="task")
    await buyer.sees(FIRST, SECOND, kind="closed")
    assert not {"复制并重新提交", "Copy and file again"} & await buyer.buttons(kind="closed")


async def test_both_histories_name_the_other_case(work: Workplace) -> None:
    await rejected(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="case")
    await buyer.fills()

    assert f"复制并重新提交为 {SECOND}" in await said(work, FIRST)
    assert f"复制 {FIRST} 重新提交了" in await said(work, SECOND)


async def said(work: Workplace, case: str) -> str:
    buyer = work.person("sun.yue")
    await buyer.says(f"/case {case}")
    return buyer.reads()


async def test_a_withdrawn_case_is_filed_again_once_and_by_its_filer_only(work: Workplace) -> None:
    await wanted(work)
    buyer = work.person("sun.yue")
    await buyer.forges(f"resubmit|{FIRST}||")
    assert "只有被驳回或已撤回的事项" in buyer.answer.text
    await buyer.presses("撤回", kind="case")
    await buyer.fills()
    await buyer.presses("复制并重新提交", kind="case")
    await buyer.fills()
    assert (await work.case(SECOND)).again_of == FIRST

    await buyer.forges(f"resubmit|{FIRST}||", what="打印机", price="1", count="1", kind="used")
    assert SECOND in buyer.answer.text
    chief = work.person("he.jun")
    await chief.forges(f"resubmit|{FIRST}||")
    assert "发起人" in chief.answer.text


async def with_offer(work: Workplace) -> str:
    """he.jun rejected a printer with two files; returns the id of the first."""
    buyer = work.person("sun.yue")
    papers = [await buyer.uploads(name, ONE_PIXEL) for name in ("offer.png", "photo.png")]
    await rejected(work, papers=papers)
    return papers[0]


async def papers_of(work: Workplace, case: str) -> dict[str, str]:
    found = await work.database.read(lambda tx: tx.files.of_case(case))
    return {file.name: file.id for file in found}


async def test_the_copy_has_files_of_its_own(in_both: Workplace) -> None:
    work = in_both
    await with_offer(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")
    assert buyer.sheet is not None
    shown = {q.id: q for q in buyer.sheet.questions}["papers"]
    assert [file.name for file in shown.files] == ["offer.png", "photo.png"]
    await buyer.fills(count="10")

    old, new = await papers_of(work, FIRST), await papers_of(work, SECOND)
    assert old.keys() == new.keys() == {"offer.png", "photo.png"}
    assert not set(old.values()) & set(new.values())
    contents = await work.database.read(lambda tx: tx.contents.of_case(SECOND))
    filed = next(one.body["values"] for one in contents.values() if one.body is not None)
    assert filed["papers"] == [new["offer.png"], new["photo.png"]]

    await work.database.run(lambda tx: tx.files.forget(list(old.values())))
    assert await uploads.remove_doomed(work.database, work.files) == 2
    assert work.files.kept == dict.fromkeys(new.values(), ONE_PIXEL)
    assert await papers_of(work, SECOND) == new


async def test_only_the_files_that_stay_in_the_form_are_copied(work: Workplace) -> None:
    offer = await with_offer(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")
    added = await buyer.uploads("other.png", ONE_PIXEL)
    await buyer.fills(papers=[offer, added])

    assert (await papers_of(work, SECOND)).keys() == {"offer.png", "other.png"}
    assert len(work.files.kept) == 4
    await buyer.does_it_again()
    assert len(work.files.kept) == 4  # nothing is copied twice


async def test_a_file_whose_content_is_gone_is_left_out_and_named(in_both: Workplace) -> None:
    work = in_both
    offer = await with_offer(work)
    del work.files.kept[offer]
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")
    text = await buyer.fills()

    assert SECOND in text
    assert "offer.png" in text
    assert "photo.png" not in text
    assert (await papers_of(work, SECOND)).keys() == {"photo.png"}


async def test_the_form_says_that_erased_files_are_left_out(work: Workplace) -> None:
    offer = await with_offer(work)
    await work.database.run(lambda tx: tx.files.forget([offer]))
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")

    assert buyer.sheet is not None
    assert "有 1 个附件已不存在" in buyer.sheet.intro
    await buyer.fills()
    assert (await papers_of(work, SECOND)).keys() == {"photo.png"}


async def test_the_files_of_another_case_are_not_copied(work: Workplace) -> None:
    await with_offer(work)
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="纸", papers=[await buyer.uploads("s.png", ONE_PIXEL)])
    other = (await papers_of(work, SECOND))["s.png"]
    await buyer.forges(f"resubmit|{FIRST}||", what="打印机", papers=[other])

    assert "papers" in buyer.answer.problems
    assert len(work.files.kept) == 3


@pytest.mark.parametrize("token", ["resubmit|P-2026-9999||", "resubmit||", f"resubmit|{FIRST}||x"])
async def test_a_forged_form_is_refused_before_anything_is_copied(
    work: Workplace, token: str
) -> None:
    offer = await with_offer(work)
    chief = work.person("he.jun")
    await chief.forges(token, what="打印机", papers=[offer])

    assert not await papers_of(work, SECOND)
    assert len(work.files.kept) == 2
