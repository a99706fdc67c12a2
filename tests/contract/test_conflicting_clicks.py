"""Two people submit at the same moment, on each database: nothing is decided twice, both hear."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from handlers import router
from handlers.intents import Submitted
from tests import laws
from tests.office import Workplace, furnished, one_language
from tests.person import Colleague
from tests.stories.test_signing import filed

if TYPE_CHECKING:
    from handlers.pages import Answer
    from storage.connect import Database

ONE, OTHER, FILER = "li.qiang", "sun.yue", "emma.clark"
# rule, (person, button), (person, button), how many of the two count
PAIRS = (
    ("all", (ONE, "同意"), (OTHER, "同意"), {2}),
    ("all", (ONE, "同意"), (OTHER, "退回"), {1, 2}),
    ("all", (ONE, "驳回"), (OTHER, "退回"), {1}),
    ("all", (ONE, "退回"), (OTHER, "退回"), {1}),
    ("any", (ONE, "驳回"), (OTHER, "驳回"), {1}),
    ("all", (ONE, "同意"), (ONE, "驳回"), {1}),
    ("all", (ONE, "转交"), (ONE, "同意"), {1}),
    ("all", (ONE, "转交"), (OTHER, "转交"), {1}),
    ("all", (FILER, "撤回"), (ONE, "退回"), {1, 2}),
)
FILLED = {
    "同意": {"opinion": "好"},
    "驳回": {"opinion": "太贵"},
    "退回": {"opinion": "再算"},
    "转交": {"person": "zhao.lei", "reason": "出差"},
    "撤回": {"text": "不做了"},
}


async def prepared(person: Colleague, label: str) -> Submitted:
    """The form behind a button, filled in and not sent yet."""
    await person.presses(label, kind="case" if label == "撤回" else "task")
    sheet = person.sheet
    assert sheet is not None
    directory = await person.work.directory()
    values: dict[str, object] = {}
    for question in sheet.questions:
        value = FILLED[label].get(question.id)
        found = directory.by_id(value or "")
        if value or question.required:
            values[question.id] = found.key if found is not None else value or "好"
    return Submitted(**await person.who(), token=sheet.token, values=values)


async def at_once(work: Workplace, *intents: Submitted) -> list[Answer]:
    """Handle them side by side; afterwards everything that is due happens."""
    answers = await asyncio.gather(
        *(router.handle(work.database, work.office, intent) for intent in intents)
    )
    await work.settle()
    await laws.check(work)
    return answers


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[1][1]}-{pair[2][1]}")
async def test_of_two_at_the_same_moment_one_wins_or_both_count(
    database: Database, pair: tuple, turned: bool
) -> None:
    work = await furnished(database)
    await one_language(work)
    how, first, second, good = pair
    await filed(work, how)
    people = [work.person(person) for person, _ in (first, second)]
    intents = [
        await prepared(person, label)
        for person, (_, label) in zip(people, (first, second), strict=True)
    ]

    answers = await at_once(work, *(reversed(intents) if turned else intents))

    said = [answer.text for answer in answers]
    assert sum(answer.tone == "good" for answer in answers) in good, said
    assert all(said), "somebody got no answer"
    again = await at_once(work, *intents)
    assert sorted(answer.text for answer in again) == sorted(said), "repeated deliveries"
