"""Two administrators act on a case at the same moment, on each database: it is done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handlers.intents import Submitted
from handlers.tokens import Token
from tests.contract.test_conflicting_clicks import at_once
from tests.office import Workplace, furnished, one_language
from tests.stories.deeds import dispatched, file_complaint
from workflows.case.status import Status

if TYPE_CHECKING:
    from storage.connect import Database

ONE, OTHER, CASE, DUPLICATE = "chen.jing", "lin.wei", "C-2026-0001", "C-2026-0002"
# verb, the answers of the form, the event that is there once, what the second is told
ACTIONS: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("skipstep", {"step": "t2", "outcome": "complete"}, "StepSkipped", "跳过了这一步"),
    ("reassign", {"step": "t2", "person": "sun.yue"}, "TaskTransferred", "孙悦"),
    ("jump", {"node": "archive"}, "CaseJumped", "归档总结"),
    ("terminate", {}, "CaseClosed", "已终止"),
)


async def sent(work: Workplace, by: str, verb: str, case: str, **values: str) -> Submitted:
    """The form of an administrator, filled in and not handled yet."""
    one, directory = work.person(by), await work.directory()
    found = {name: directory.by_id(value) for name, value in values.items()}
    keys = {name: one.key for name, one in found.items() if one is not None}
    token = str(Token(verb=verb, case_id=case))
    given = {**values, **keys, "text": "核对后调整"}
    return Submitted(**await one.who(), token=token, values=given)


@pytest.mark.parametrize(("verb", "values", "event", "told"), ACTIONS)
async def test_the_second_of_two_administrators_is_told_what_the_first_did(
    database: Database, verb: str, values: dict[str, str], event: str, told: str
) -> None:
    work = await furnished(database, admins=(OTHER,))
    await one_language(work)
    await dispatched(work)
    both = [await sent(work, person, verb, CASE, **values) for person in (ONE, OTHER)]

    answers = await at_once(work, *both)

    assert sorted(answer.tone for answer in answers) == ["good", "warn"]
    assert told in next(answer.text for answer in answers if answer.tone == "warn")
    assert (await work.event_types()).count(event) == 1
    again = await at_once(work, *both)
    assert sorted(one.tone for one in again) == ["good", "warn"], "repeated deliveries"
    assert (await work.event_types()).count(event) == 1


async def test_of_two_who_merge_crosswise_one_wins(database: Database) -> None:
    work = await furnished(database, admins=(OTHER,))
    await one_language(work)
    for person in ("emma.clark", "wang.fang"):
        await file_complaint(work.person(person))
    values = {"copy": "no"}
    answers = await at_once(
        work,
        await sent(work, ONE, "merge", CASE, into=DUPLICATE, **values),
        await sent(work, OTHER, "merge", DUPLICATE, into=CASE, **values),
    )

    assert sorted(answer.tone for answer in answers) == ["good", "warn"]
    statuses = {(await work.case(one)).status for one in (CASE, DUPLICATE)}
    assert statuses == {Status.RUNNING, Status.TERMINATED}
