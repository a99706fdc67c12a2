import pytest

from handlers import start
from tests.office import MONDAY, Workplace
from tests.unit.handlers.purchase import put_in_force
from workflows.errors import Refusal

DAMAGED = "key = "


async def damage(work: Workplace, key: str) -> None:
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=key, hash="0" * 64, text=DAMAGED, at=MONDAY, by="system"
        )
    )


async def test_the_text_of_a_command_fills_the_main_field(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await filer.says("/complaint The box was wet")
    sheet = filer.sheet
    assert sheet is not None

    assert sheet.title == "Complaint form"
    assert sheet.intro == "Answer every complaint in time, solve it and close the loop"
    assert {q.id: q.value for q in sheet.questions if q.value} == {
        "what_happened": "The box was wet"
    }


async def test_a_form_without_a_main_field_ignores_the_text(work: Workplace) -> None:
    await put_in_force(work)
    buyer = work.person("sun.yue")
    await buyer.says("/purchase 打印机")

    assert buyer.sheet is not None
    assert not [q for q in buyer.sheet.questions if q.value]


async def test_a_button_starts_a_process_too(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await filer.forges("start|||complaint")

    assert filer.sheet is not None
    assert await filer.forges("start|||nothing") == "There is no process “nothing”."


async def test_who_may_not_start_a_process_is_told_so(work: Workplace) -> None:
    await put_in_force(work)
    stranger = work.person("yu.jia")

    assert await stranger.forges("start|||purchase", what="x") == "您不能发起这个流程。"
    assert await work.next_at() is None


async def test_numbers_count_by_process_and_year(work: Workplace) -> None:
    await work.until("2026-12-31 23:59")
    filer = work.person("emma.clark")
    numbers = []
    for at in ("2026-12-31 23:59", "2027-01-01 00:01"):  # of the company's own new year
        await work.until(at)
        await filer.says("/complaint x")
        await filer.fills(customer="A", contact="1", channel="phone", product="B")
        numbers.append(filer.answer.text)

    assert numbers == ["Filed as C-2026-0001.", "Filed as C-2027-0001."]


async def test_a_damaged_definition_is_named_and_hides_nothing_else(work: Workplace) -> None:
    await put_in_force(work)
    await damage(work, "purchase")

    filer = await work.person("sun.yue").key()

    def look(tx) -> list[str]:
        with pytest.raises(Refusal, match="definition_damaged"):
            start.current(tx, work.office, "purchase")
        with pytest.raises(Refusal, match="definition_damaged"):
            start.by_command(tx, work.office, "purchase", person=filer)
        assert start.by_command(tx, work.office, "nothing", person=filer) is None
        return [loaded.definition.key for loaded in start.in_force(tx, work.office)]

    assert await work.database.read(look) == ["complaint"]


async def test_a_case_is_pinned_to_the_version_it_started_with(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await filer.says("/complaint x")
    await filer.fills(customer="A", contact="1", channel="phone", product="B")
    await damage(work, "complaint")

    await filer.says("/case C-2026-0001")

    assert "Customer complaint · C-2026-0001" in filer.reads()
