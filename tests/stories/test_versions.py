"""A new version is published while cases run: at rest they move, others when somebody says so."""

from __future__ import annotations

from importlib.resources import files

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_list, case_sheet, event_sheet, outside_reading
from handlers.playground.case import case_view
from handlers.reading.record import case_facts
from storage.unit import Tx
from tests.office import Workplace
from tests.stories import supplying as s
from tests.stories.test_other_cases import sound
from workflows.loading import Loaded, load_definition
from workflows.records import CaseQuery


def shipped(name: str, *changes: tuple[str, str]) -> Loaded:
    """A shipped process with these texts changed everywhere."""
    text = files("workflows.processes").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_definition(text, file=f"{name}.toml")


async def publish(work: Workplace, loaded: Loaded) -> None:
    """Put a version in force, and let happen what follows within a minute."""
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=loaded.definition.key,
            hash=loaded.hash,
            text=loaded.text,
            at=work.clock.now(),
            by="system",
        )
    )
    await work.settle()


DEFECTS = (
    '  { id = "defects", type = "text", required = true, '
    'label = { zh = "主要缺陷", en = "Main defects" } },\n'
)
# The step of the admission has another id and name, the next quarter asks for one field more.
NEW = shipped(
    "supplier",
    ("certificate_check", "vetting"),
    ("资质核查", "准入核查"),
    ("质量评分", "质量打分"),
    ('  { id = "quality_note"', f'{DEFECTS}  {{ id = "quality_note"'),
)


async def test_a_supplier_at_rest_moves_and_its_next_quarter_runs_on_the_new_version(
    work: Workplace,
) -> None:
    """Issue 13, versions: with one event, and its history stays as it was told."""
    await s.admitted(work)
    old = await work.case(s.CASE)
    await publish(work, NEW)

    case = await work.case(s.CASE)
    assert (case.definition, case.earlier) == (NEW.hash, ((old.definition, old.seq + 1),))
    assert (case.seq, case.clocks) == (old.seq + 1, old.clocks)
    buyer, inspector = work.person(s.BUYER), work.person(s.INSPECTOR)
    await buyer.says(f"/case {s.CASE}")
    told = buyer.reads()
    assert "已转到流程的第\u20092\u2009版" in told.replace(" ", "\u2009")
    assert "资质核查" in told
    assert "准入核查" not in told

    await work.until("2026-07-07 09:00")
    await inspector.sees("质量打分", kind="task")
    await inspector.presses("提交", kind="task")
    assert "主要缺陷" in str(inspector.answer.form)
    await inspector.fills(quality="90", defects="划痕")
    await buyer.presses("提交", kind="task")
    await buyer.fills(delivery="90", price="90", service="90")
    await work.settle()
    assert not (await work.case(s.CASE)).open_tasks
    await sound(work)


async def test_a_supplier_that_is_assessed_moves_when_that_has_ended(work: Workplace) -> None:
    await s.admitted(work)
    await work.until("2026-07-07 09:00")
    await publish(work, NEW)
    assert not (await work.case(s.CASE)).earlier

    await s.scores(work, 92)
    assert (await work.case(s.CASE)).definition == NEW.hash
    await work.until("2026-10-15 09:00")
    assert [task.node for task in (await work.case(s.CASE)).open_tasks] == [
        "score_quality",
        "score_purchasing",
    ]
    await sound(work)


async def test_a_supplier_that_cannot_move_goes_on_as_it_is(work: Workplace) -> None:
    await s.admitted(work)
    yearly = next(line for line in NEW.text.splitlines() if 'id = "yearly"' in line)
    await publish(work, shipped("supplier", (yearly + "\n", "")))
    assert not (await work.case(s.CASE)).earlier

    await work.until("2026-07-07 09:00")
    await s.scores(work, 92)
    assert not (await work.case(s.CASE)).earlier
    await publish(work, NEW)
    assert (await work.case(s.CASE)).definition == NEW.hash
    await sound(work)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_case_that_has_moved_is_read_everywhere(work: Workplace, language: str) -> None:
    await s.admitted(work)
    await work.until("2026-07-07 09:00")
    await s.scores(work, 92)
    await publish(work, NEW)
    key = await work.person(s.SUPERVISOR).key()

    def read(tx: Tx) -> list[object]:
        reading = outside_reading(tx, work.office, case_id=s.CASE, language=language)
        query = CaseQuery(process="supplier")
        return [
            build_report(DocumentSource(reading=reading)),
            case_view(tx, work.office, case_id=s.CASE, person=key, language=language),
            case_facts(tx, work.office, case_id=s.CASE),
            [*case_sheet(tx, work.office, query, language=language).rows],
            [*case_list(tx, work.office, query, language=language).rows],
            [*event_sheet(tx, work.office, query, language=language).rows],
        ]

    for found in await work.database.read(read):
        assert found
