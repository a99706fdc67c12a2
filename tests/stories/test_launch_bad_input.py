"""What is wrong in a request for a launch, or in a sign, is said and changes nothing."""

from __future__ import annotations

import pytest

from tests.office import Workplace
from tests.stories.test_launch import CASE, PDF, REQUEST, approves, asked, in_force, reviewed

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
