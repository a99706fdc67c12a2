"""Long texts, which clients cut into several messages, and words that belong nowhere."""

from __future__ import annotations

from typing import Any

from bot.platforms.telegram.parts import WAIT_S
from tests.adapters.telegram.ground import Company

LONG = "长" * 4096 + "短" * 333


async def comments(office: Company) -> list[str]:
    def read(tx: Any) -> list[str]:
        kept = tx.contents.of_case("C-2026-0001").values()
        return [str(one.body["text"]) for one in kept if one.kind == "comment"]

    return await office.work.database.read(read)


async def test_parts_of_a_comment_are_one_text(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")

    await filer.says(LONG, reply_to=card)
    await filer.waits_for("4429")
    await office.settled()
    assert await comments(office) == [], "too long as a whole: no part counts alone"


async def test_parts_of_a_complaint_are_judged_as_one_text(office: Company) -> None:
    (filer,) = await office.people("emma.clark")

    await filer.says(f"/complaint {LONG}")

    told = await filer.waits_for("4429")
    assert "333" not in told.text
    assert not [m for m in filer.messages() if "(1/7)" in m.text]


async def test_a_full_message_alone_counts_after_a_moment(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")

    await filer.says("长" * 4096, reply_to=card)

    await filer.waits_for("4096")


async def test_parts_are_one_text_after_a_restart_too(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    office.waits.held.add(WAIT_S)
    await filer.says("长" * 4096, reply_to=card)
    await office.fake.confirmed()
    await office.stop()

    await filer.says("短" * 333)
    await office.start()
    await filer.waits_for("4429")
    await office.settled()

    assert not [m for m in filer.messages() if m.sender is office.fake.bot and "短" in m.text]
    assert await comments(office) == []


async def test_words_that_belong_nowhere_are_kept_and_become_a_comment(in_both: Company) -> None:
    office, says = in_both, in_both.says
    (filer,) = await office.people("emma.clark")
    case = await office.case()
    await filer.says("客户又打电话了")

    offered = await filer.waits_for(says("已经替您留着", "is kept for you"))
    assert "客户又打电话了" in offered.text
    await filer.taps(case, in_message=offered)
    await office.settled()

    assert await comments(office) == ["客户又打电话了"]
    assert offered.labels == []


async def test_words_before_their_form_are_offered_as_its_answer(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await filer.taps("更多", in_message=card)
    await office.fake.confirmed()
    await filer.taps("评论", in_message=card)
    form = await filer.waits_for("请直接输入并发送")
    other = await filer.says("/complaint")
    await filer.waits_for("(1/7)", after=other)
    await filer.says("/cancel")
    await filer.waits_for("已取消")
    await filer.says("客户又打电话了")

    offered = await filer.waits_for("已经替您留着")
    await filer.taps("作为", in_message=offered)
    await office.settled()

    assert await comments(office) == ["客户又打电话了"]
    assert "评论已发出" in form.text


async def test_words_can_be_left_unused(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    await filer.says("你好")
    offered = await filer.waits_for("已经替您留着")

    await filer.taps("不用了", in_message=offered)
    await office.settled()

    assert await comments(office) == []
    assert offered.labels == []
    drafts = await office.desk().drafts(person=await office.work.person("emma.clark").key())
    assert drafts == ()
