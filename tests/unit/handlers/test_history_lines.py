"""A history names who acted, has what they wrote, and says how much it leaves out."""

from __future__ import annotations

import pytest

from handlers.history import history_lines, is_cut, tell
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched
from tests.unit.handlers.readings import happened, reading_of, with_history
from workflows.flow.entering import TaskCompleted


async def test_a_deputy_s_deed_names_both(work: Workplace) -> None:
    handler = await dispatched(work)
    deputy = await work.person("wang.fang").key()
    reading = await reading_of(work, "li.qiang")
    body = TaskCompleted(task="t2", outcome="complete", content=None)
    event = happened(reading, body, actor=deputy, on_behalf_of=await handler.key())

    (told,) = tell(with_history(reading, (event,)))

    assert told.who == "王芳（代李强）"
    assert told.text == "王芳（代李强） · 处理并答复：完成"


async def test_what_was_written_and_its_files_stand_with_the_deed(work: Workplace) -> None:
    handler = await dispatched(work)
    photo = await handler.uploads("货.png", ONE_PIXEL)
    await handler.says("看照片", case="C-2026-0001", files=(photo,))
    told = tell(await reading_of(work, "li.qiang"))

    assert told[0].quote.splitlines()[0] == "客户名称：Acme 东方食品"
    assert (told[-1].quote, [file.name for file in told[-1].files]) == ("看照片", ["货.png"])


@pytest.mark.parametrize(("most", "cut"), [(3, True), (100, False)])
async def test_a_long_history_says_how_much_it_leaves_out(
    work: Workplace, most: int, cut: bool
) -> None:
    await dispatched(work)
    reading = await reading_of(work, "li.qiang")
    lines = history_lines(reading, most=most)

    assert is_cut(lines) == cut
    assert len(lines) == (most + 1 if cut else len(tell(reading)))
    if cut:
        assert lines[0].text == f"更早还有 {len(tell(reading)) - 3} 条，全文见所附报告"


async def test_a_history_can_end_at_an_event(work: Workplace) -> None:
    await dispatched(work)
    reading = await reading_of(work, "li.qiang")

    assert len(history_lines(reading, most=100, until=1)) == 1
