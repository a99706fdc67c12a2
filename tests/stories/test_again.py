"""What is filled in again after a return: what the same person mends, and nothing else."""

from __future__ import annotations

from handlers.reading.record import case_facts
from tests.office import Workplace
from tests.person import Colleague
from tests.stories.deeds import dispatched, resolve


async def sent_back(work: Workplace) -> Colleague:
    """li.qiang solved it, and the customer was not satisfied."""
    handler = await dispatched(work)
    await resolve(handler)
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="还没有好")
    return handler


def given(person: Colleague) -> dict[str, object]:
    """What the open sheet says already."""
    assert person.sheet is not None
    return {one.id: one.value for one in person.sheet.questions if one.value is not None}


async def test_whoever_solved_it_mends_what_they_wrote(work: Workplace) -> None:
    handler = await sent_back(work)

    await handler.presses("提交", kind="task")

    assert given(handler) == {"root_cause": "包装薄", "resolution": "换新"}


async def test_somebody_else_begins_with_an_empty_form(work: Workplace) -> None:
    handler = await sent_back(work)
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")

    await work.person("sun.yue").presses("提交", kind="task")

    assert given(work.person("sun.yue")) == {}


async def test_dissatisfaction_is_never_prefilled_as_praise(work: Workplace) -> None:
    """Nor kept as what the satisfied customer said."""
    handler = await sent_back(work)
    await resolve(handler, answer=False)
    filer = work.person("emma.clark")

    await filer.presses("同意", kind="task")
    assert given(filer) == {}
    await filer.fills()

    case = await work.case()
    assert case.node == "archive"
    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id="C-2026-0001"))
    assert "customer_answer" not in facts["fields"]
