"""Several cases are approved with one form, where their process allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stories.test_signing import file_with
from tests.unit.workflows.playbooks.seated import process
from workflows.loading import load_definition

if TYPE_CHECKING:
    from handlers.pages import FormSheet
    from tests.office import Workplace
    from tests.person import Colleague
    from workflows.case.events import Event

ALLOWED = ("all", "batch", "true")


async def filed(work: Workplace, count: int, *changes: tuple[str, str, str]) -> None:
    for _ in range(count):
        await file_with(work, "all", process(*changes))


async def opened(person: Colleague) -> FormSheet:
    await person.says("/tasks")
    (button,) = [one for one in person.answer.cards[0].more if one.label == "批量同意"]
    await person.forges(button.token)
    assert person.answer.form is not None
    return person.answer.form


async def decisions(work: Workplace, case_id: str) -> list[Event]:
    """What was decided in a case."""
    chained = await work.database.read(lambda tx: tx.cases.events(case_id))
    return [one.event for one in chained if one.event.body.stored == "TaskCompleted"]


async def test_what_is_chosen_is_approved_and_nothing_else(work: Workplace) -> None:
    await filed(work, 3, ALLOWED)
    signer = work.person("sun.yue")
    sheet = await opened(signer)
    (question,) = sheet.questions
    labels = [choice.label for choice in question.choices]
    assert labels == [f"S-2026-000{one} · 新展厅 · 会签" for one in (1, 2, 3)]
    assert not question.value  # nothing is chosen for anybody

    chosen = [choice.id for choice in question.choices][:2]
    assert await signer.forges(sheet.token, items=chosen) == "已同意 2 件。"

    for case_id in ("S-2026-0001", "S-2026-0002"):
        (event,) = await decisions(work, case_id)
        assert event.actor == await signer.key()
    assert await decisions(work, "S-2026-0003") == []
    await signer.says("/tasks")
    assert signer.answer.cards[0].more == ()  # one is left: its card is enough


async def test_what_was_decided_meanwhile_is_named_and_the_rest_is_done(work: Workplace) -> None:
    await filed(work, 2, ALLOWED)
    signer = work.person("sun.yue")
    sheet = await opened(signer)
    await signer.presses("同意", kind="task")  # on the newest card, meanwhile
    await signer.fills()
    chosen = [choice.id for choice in sheet.questions[0].choices]
    answer = await signer.forges(sheet.token, items=chosen)
    again = await signer.forges(sheet.token, items=chosen)

    assert answer.splitlines() == [
        "已同意 1 件。",
        "未能同意：",
        "S-2026-0002: 已不再等您办理。",
    ]
    assert again.startswith("未能同意：")


async def test_nobody_else_s_case_is_approved_by_a_forged_form(work: Workplace) -> None:
    await filed(work, 2, ALLOWED)
    stranger = work.person("xu.ning")
    answer = await stranger.forges("batch|||", items=["S-2026-0001_t1", "nonsense"])

    assert answer.startswith("未能同意：")
    assert "没有可以批量同意的事项" in await stranger.forges("batch|||")
    assert await decisions(work, "S-2026-0001") == []


async def test_a_form_with_a_required_question_is_left_to_its_card(work: Workplace) -> None:
    text = process(ALLOWED).text.replace('id = "opinion", ', 'id = "opinion", required = true, ', 1)
    for _ in range(2):
        await file_with(work, "all", load_definition(text, file="seats.toml"))
    signer = work.person("sun.yue")
    sheet = await opened(signer)
    chosen = [choice.id for choice in sheet.questions[0].choices]
    answer = await signer.forges(sheet.token, items=chosen)

    assert answer.count("表单有必填项") == 2


async def test_a_process_that_does_not_allow_it_offers_no_button(work: Workplace) -> None:
    await filed(work, 2)
    signer = work.person("sun.yue")
    await signer.says("/tasks")

    assert signer.answer.cards[0].more == ()
