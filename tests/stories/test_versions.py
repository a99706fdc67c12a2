"""A new version is published while cases run: at rest they move, others when somebody says so."""

from __future__ import annotations

from functools import partial
from importlib.resources import files

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_list, case_sheet, event_sheet, outside_reading
from handlers.migrating import Migration, move, plan, read_migration
from handlers.playground.case import case_view
from handlers.reading.record import case_facts
from storage.unit import Tx
from tests.office import Workplace
from tests.stories import supplying as s
from tests.stories.deeds import dispatched, file_complaint
from tests.stories.test_other_cases import sound
from workflows.errors import Refusal
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


# ---------------------------------------------------------------------------- by the command

COMPLAINT = "C-2026-0001"
SOLVED = (
    ('"resolve"', '"solve"'),
    ("处理并答复", "解决并答复"),
    ("Resolve and reply", "Solve and reply"),
)


async def migrate(work: Workplace, *cases: str, person: str = "system", **names: str) -> list[bool]:
    """What `closeloop process migrate complaint --map … --reason …` does."""

    def read(tx: Tx) -> Migration:
        return read_migration(
            tx, work.office, process="complaint", version=None, names=names, cases=cases
        )

    asked = await work.database.read(read)

    def unit(tx: Tx, case_id: str) -> bool:
        return move(tx, work.office, asked, case_id, person=person, reason="步骤改了名")

    moved = [await work.database.run(partial(unit, case_id=one)) for one in asked.cases]
    await work.settle()
    return moved


async def test_a_complaint_goes_on_in_the_new_version_in_the_middle_of_a_step(
    in_both: Workplace,
) -> None:
    """Issue 13, versions: whoever has the task sees it under its new name, with its due time."""
    work = in_both
    handler = await dispatched(work)
    card = [one for one in await handler.cards() if one.kind == "task"][-1]
    due = (await work.case()).clock("task:t2")
    await publish(work, shipped("complaint", *SOLVED))
    owner = await work.person("chen.jing").key()
    assert await migrate(work, person=owner, resolve="solve") == [True]

    old, new, moved, version = {
        "zh": ("处理并答复", "解决并答复", "陈静把它转到流程的第 2 版", "转到第 2 版"),
        "en": (
            "Resolve and reply",
            "Solve and reply",
            "moved it to version 2 of the process",
            "moved to version 2",
        ),
    }[work.language]
    assert old in card.title
    await handler.sees(new, kind="task")
    assert (await work.case()).clock("task:t2") == due
    await work.person("chen.jing").sees(version, kind="moved")
    await handler.says(f"/case {COMPLAINT}")
    told = handler.reads().replace("\u2009", " ")
    assert moved in told
    assert "步骤改了名" in told
    assert old in told, "what was before is told in the words of then"

    answered, submit = {"zh": ("登记答复", "提交"), "en": ("Record the answer", "Submit")}[
        work.language
    ]
    await handler.presses(answered, kind="task")
    await handler.fills(answer="已致歉")
    await handler.presses(submit, kind="task")
    await handler.fills(root_cause="包装薄", resolution="换新")
    await work.settle()
    assert [task.node for task in (await work.case()).open_tasks] == ["confirm"]
    await sound(work)


async def test_what_was_killed_in_between_is_done_by_asking_again(work: Workplace) -> None:
    await dispatched(work)
    await dispatched(work)
    await publish(work, shipped("complaint", *SOLVED))
    assert await migrate(work, COMPLAINT, resolve="solve") == [True]
    assert await migrate(work, resolve="solve") == [True]
    with pytest.raises(Refusal, match="no_case_to_move"):
        await migrate(work, resolve="solve")


async def test_a_case_that_ended_or_moved_since_the_plan_is_left_alone(work: Workplace) -> None:
    await file_complaint(work.person("wang.fang"))
    await publish(work, shipped("complaint", *SOLVED))

    def read(tx: Tx) -> Migration:
        return read_migration(
            tx, work.office, process="complaint", version=None, names={}, cases=[COMPLAINT]
        )

    asked = await work.database.read(read)
    await work.person("wang.fang").presses("撤回", kind="case")
    await work.person("wang.fang").fills(text="误会")
    found = await work.database.run(
        lambda tx: move(tx, work.office, asked, COMPLAINT, person="system", reason="")
    )
    assert not found
    with pytest.raises(Refusal, match="case_closed"):
        await work.database.read(read)


async def test_a_case_at_rest_does_not_go_back_to_an_older_version(work: Workplace) -> None:
    """It would move to the newest one at its next decision."""
    await s.admitted(work)
    await publish(work, NEW)

    def read(tx: Tx) -> Migration:
        return read_migration(
            tx, work.office, process="supplier", version=1, names={}, cases=[s.CASE]
        )

    asked = await work.database.read(read)
    found = await work.database.read(lambda tx: plan(tx, work.office, asked, s.CASE))
    assert [one.why for one in found.hindrances] == ["moves_back"]
    with pytest.raises(Refusal, match="cannot_move"):
        await work.database.run(
            lambda tx: move(tx, work.office, asked, s.CASE, person="system", reason="")
        )
