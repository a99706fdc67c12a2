"""The texts of reviews whose names are put together from the kinds of proposals and trends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from handlers.reviews.deciding import ADOPT, POSTPONE
from workflows.metrics.proposals import ProposalKind
from workflows.metrics.reviewing import Trend
from workflows.model.review import ReviewEvery

_ABOUT = frozenset({"what", "other", "option", "n", "count", "share"}) | {
    *("below", "waits", "takes", "gain"),
}


def review_texts() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield (what it is for, msgid, facts) of each."""
    plain = frozenset[str]()
    people = ("between_people", "between_people_and_steps", "field_option")
    for kind in (*ProposalKind, *people):
        yield "proposal", f"review.title.{kind}", _ABOUT
        yield "proposal", f"review.evidence.{kind}", _ABOUT
    for kind in ProposalKind:
        yield "proposal", f"review.gain.{kind}", _ABOUT
        yield "proposal", f"review.risk.{kind}", plain
    for trend in Trend:
        yield "trend", f"review.trend.{trend}", plain
    for column in ("figure", "now", "before", "goal", "trend", "step", "kind", "reports"):
        yield "column", f"review.column.{column}", plain
    for column in ("evidence", "gain", "forecast", "risk", "decision"):
        yield "column", f"review.column.{column}", plain
    for method in ("cases", "worse", "proposals"):
        yield "method", f"review.method.{method}", plain
    for every in get_args(ReviewEvery):
        yield "review", f"spec.review.{every}", frozenset({"people"})
        yield "review", f"review.document.{every}", plain
        yield "review", f"review.file.{every}", frozenset({"process", "period"})
    for verb in (ADOPT, POSTPONE):
        yield "button", f"button.{verb}", frozenset({"rank"})
