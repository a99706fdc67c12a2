"""What is wrong in a request for a launch, or in a sign, is said and changes nothing."""

from __future__ import annotations

import pytest

from tests.office import Workplace
from tests.stories.test_launch import CASE, PDF, REQUEST, approves, asked, in_force, reviewed
from workflows.case.state import Case

BAD = {
    "budget": ("-1", "1e400", "1e999999999", "1e-999999999", "NaN", "一百万", "1e17"),
    "revenue": ("-0.01", "∞"),
    "launch_date": ("2026-01-01", "2026-03-03", "2026-02-30", "soon", "9999-99-99"),
    "currency": ("btc",),
    "category": ("", "spaceship"),
    "market": ([], ["moon"], "moon"),
    "plan": ([], ["f_999999"], "plan.pdf"),
    "product": ("", "x" * 101),
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, some in BAD.items() for value in some]
)
async def test_a_request_says_at_the_field_what_to_mend_and_files_nothing(
    in_both: Workplace, field: str, value: object
) -> None:
    work = in_both
    await in_force(work)
    filer = work.person("fang.hao")
    await filer.says("/launch")
    assert filer.sheet is not None
    plan = await filer.uploads("上市方案.pdf", PDF)
    whole = {**REQUEST, "plan": [plan]}

    await filer.forges(filer.sheet.token, **{**whole, field: value})

    if not filer.answer.problems:  # a text that means the same as a number or a list
        raise AssertionError(f"{value!r} was taken: {filer.answer}")
    assert set(filer.answer.problems) == {field}
    assert all(filer.answer.problems.values())
    assert filer.sheet is not None, "the form stays open"
    await filer.forges(filer.sheet.token, **whole)
    assert CASE in filer.answer.text, "the mended form is taken"


async def test_a_signer_who_returns_while_another_approves_is_told_of_it(work: Workplace) -> None:
    await asked(work, budget="1200000")
    await reviewed(work)
    one, other = work.person("lin.wei"), work.person("gao.feng")
    await one.presses("同意", kind="task")
    await other.presses("退回", kind="task")
    await other.fills(**{"return-to": "revise", "opinion": "再算"})

    await one.fills(opinion="同意上市")

    assert one.answer.tone == "warn"
    assert one.answer.text
    assert (await work.case(CASE)).node == "revise"


async def test_the_only_signer_left_decides_alone(work: Workplace) -> None:
    """The other executive left before it was asked."""
    await asked(work, budget="1200000")
    await work.database.run(lambda tx: _without(tx, "gao.feng"))
    await reviewed(work)

    case = await work.case(CASE)
    assert [task.node for task in case.open_tasks] == ["all_executives"]
    await approves(work.person("lin.wei"), opinion="同意")
    assert (await work.case(CASE)).status == "completed"


async def test_the_seat_of_a_signer_who_leaves_goes_to_their_manager_or_the_owner(
    work: Workplace,
) -> None:
    await asked(work, budget="1200000")
    await reviewed(work)
    await approves(work.person("lin.wei"), opinion="同意")
    await work.database.run(lambda tx: _without(tx, "gao.feng"))
    await work.settle()

    (seat,) = (await work.case(CASE)).open_tasks
    key = await work.person("tang.yi").key()
    assert seat.assignee == key, "the manager has signed; the owner stands in"
    await approves(work.person("tang.yi"), opinion="同意")
    assert (await work.case(CASE)).status == "completed"


def _without(tx, person_id: str) -> None:
    directory = tx.people.directory()
    stay = [one for one in directory.people.values() if one.id != person_id and one.active]
    tx.people.replace(stay, list(directory.departments.values()))


async def test_the_seat_of_an_absent_signer_is_decided_by_their_deputy(work: Workplace) -> None:
    """Not by the other signer, who has a seat of their own."""
    away = work.person("gao.feng")
    for deputy, acts in (("lin.wei", False), ("chen.jing", True)):
        await away.says("/away")
        await away.fills(person=deputy, first="2026-03-02", last="2026-03-06")
        if not acts:
            await asked(work, budget="1200000")
            await reviewed(work)
        person, seat = work.person(deputy), _seat_of(await work.case(CASE), await away.key())
        await person.forges(f"approve|{CASE}|{seat}|")
        assert (person.sheet is not None) is acts, person.answer
    await person.fills(opinion="代为同意")
    await approves(work.person("lin.wei"), opinion="同意")

    case = await work.case(CASE)
    assert case.status == "completed"
    assert case.known_task(seat).on_behalf_of == await away.key()


async def test_a_signer_is_not_added_twice_nor_beside_their_own_seat(work: Workplace) -> None:
    await asked(work, budget="1200000")
    await reviewed(work)
    signer = work.person("lin.wei")
    token = f"addsigner|{CASE}|{_seat_of(await work.case(CASE), await signer.key())}|"
    form = {"where": "beside", "sign": "all", "text": ""}
    for person, added in (("gao.feng", False), ("chen.jing", True), ("chen.jing", False)):
        before = len((await work.case(CASE)).tasks)
        key = await work.person(person).key()
        await signer.forges(token, **form, people=[key])
        after = len((await work.case(CASE)).tasks)
        assert (after > before) is added, signer.answer
        assert signer.answer.text


def _seat_of(case: Case, key: str) -> str:
    """The open task that somebody has."""
    return next(task.id for task in case.open_tasks if task.assignee == key)
