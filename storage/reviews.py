"""The store of reviews, as they were posted, and of the decisions about their proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.review_tables import review_decisions, reviews
from storage.statements import is_postgresql, upsert
from workflows.moments import Moment

_review, _decided = reviews.c, review_decisions.c
_ADD = upsert(reviews)
_OF_PROCESS = (
    select(reviews)
    .where(_review.process == bindparam("of"))
    .order_by(_review.posted_at.desc(), _review.period.desc())
)
_GET = select(reviews).where(
    _review.process == bindparam("of"), _review.period == bindparam("in_period")
)
_NEWEST = _OF_PROCESS.limit(1)
_BEFORE = _OF_PROCESS.where(_review.posted_at < bindparam("at")).limit(1)
_DECIDE = upsert(review_decisions, update=("decision", "person", "at", "reason", "case_id"))
_DECISIONS = (
    select(review_decisions)
    .where(_decided.process == bindparam("of"), _decided.period == bindparam("in_period"))
    .order_by(_decided.proposal)
)
_OF_PERSON = (
    select(review_decisions)
    .where(_decided.person == bindparam("who"))
    .order_by(_decided.at, _decided.process, _decided.period, _decided.proposal)
)
_FORGET = update(review_decisions).where(_decided.person == bindparam("who")).values(reason="")

ACCEPTED, POSTPONED = "accepted", "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReview:
    """A review; `body` is `workflows.metrics.reviewing.Reviewed` as plain values."""

    process: str
    period: str
    definition: str
    posted_at: Moment
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """What somebody decided about a proposal; `case_id` is the change case of an accepted one."""

    process: str
    period: str
    proposal: int
    decision: str
    person: str
    at: Moment
    reason: str = ""
    case_id: str | None = None


class Reviews:
    """The store of reviews."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, review: StoredReview) -> None:
        """Store a review that is posted."""
        self._connection.execute(_ADD.on(self._connection), _row(review))

    def get(self, process: str, period: str, *, lock: bool = False) -> StoredReview | None:
        """Return a review, or None; with `lock` nobody else decides in this transaction."""
        wanted = _GET.with_for_update() if lock and is_postgresql(self._connection) else _GET
        return self._one(wanted, {"of": process, "in_period": period})

    def newest(self, process: str) -> StoredReview | None:
        """Return the review of a process that was posted last, or None."""
        return self._one(_NEWEST, {"of": process})

    def before(self, review: StoredReview) -> StoredReview | None:
        """Return the review of the same process that was posted before another one, or None."""
        return self._one(_BEFORE, {"of": review.process, "at": review.posted_at})

    def decide(self, decision: ReviewDecision) -> None:
        """Store a decision, instead of an earlier one about the same proposal."""
        self._connection.execute(_DECIDE.on(self._connection), _row(decision))

    def decisions(self, process: str, period: str) -> Mapping[int, ReviewDecision]:
        """Return the decisions of a review by the rank of their proposal."""
        facts = {"of": process, "in_period": period}
        rows = self._connection.execute(_DECISIONS, facts).mappings()
        return {row["proposal"]: ReviewDecision(**row) for row in rows}

    def of_person(self, person: str) -> tuple[ReviewDecision, ...]:
        """Return what a person decided, oldest first."""
        rows = self._connection.execute(_OF_PERSON, {"who": person}).mappings()
        return tuple(ReviewDecision(**row) for row in rows)

    def forget(self, person: str) -> None:
        """Erase the reasons that a person wrote; the decisions remain."""
        self._connection.execute(_FORGET, {"who": person})

    def _one(self, wanted: Any, facts: Mapping[str, object]) -> StoredReview | None:
        row = self._connection.execute(wanted, facts).mappings().first()
        return None if row is None else StoredReview(**row)


def _row(record: StoredReview | ReviewDecision) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__dataclass_fields__}
