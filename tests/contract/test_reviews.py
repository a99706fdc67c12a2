"""Reviews as they were posted, and the decisions about their proposals."""

from __future__ import annotations

from dataclasses import replace

from storage.reviews import ACCEPTED, POSTPONED, ReviewDecision, StoredReview
from tests.contract import values as v

FIRST = StoredReview(
    process="complaint",
    period="2026-Q1",
    definition="hash",
    posted_at=v.at(0),
    body={"cases": 3, "name": "评审"},
)
SECOND = replace(FIRST, period="2026-Q2", posted_at=v.at(10))
LATER = ReviewDecision(
    process="complaint",
    period="2026-Q1",
    proposal=2,
    decision=POSTPONED,
    person="p_1",
    at=v.at(1),
    reason="later",
)


async def test_reviews_are_found_by_process_and_time(database):
    for one in (FIRST, SECOND, replace(FIRST, process="launch")):
        await database.run(lambda tx, one=one: tx.reviews.add(one))

    assert await database.read(lambda tx: tx.reviews.get("complaint", "2026-Q1")) == FIRST
    assert await database.run(lambda tx: tx.reviews.get("complaint", "2026-Q1", lock=True)) == FIRST
    assert await database.read(lambda tx: tx.reviews.get("complaint", "2026-Q3")) is None
    assert await database.read(lambda tx: tx.reviews.newest("complaint")) == SECOND
    assert await database.read(lambda tx: tx.reviews.newest("supplier")) is None
    assert await database.read(lambda tx: tx.reviews.before(SECOND)) == FIRST
    assert await database.read(lambda tx: tx.reviews.before(FIRST)) is None


async def test_a_decision_replaces_the_one_before_and_loses_its_reason_when_its_author_is_erased(
    database,
):
    await database.run(lambda tx: tx.reviews.decide(LATER))
    accepted = replace(LATER, proposal=1, decision=ACCEPTED, reason="", case_id="PC-2026-0001")
    await database.run(lambda tx: tx.reviews.decide(accepted))
    found = await database.read(lambda tx: tx.reviews.decisions("complaint", "2026-Q1"))
    assert found == {1: accepted, 2: LATER}

    other = replace(LATER, decision=ACCEPTED, person="p_2", reason="", case_id="PC-2026-0002")
    await database.run(lambda tx: tx.reviews.decide(other))
    assert await database.read(lambda tx: tx.reviews.of_person("p_2")) == (other,)
    await database.run(lambda tx: tx.reviews.decide(LATER))
    await database.run(lambda tx: tx.reviews.forget("p_1"))
    assert await database.read(lambda tx: tx.reviews.of_person("p_1")) == (
        accepted,
        replace(LATER, reason=""),
    )
