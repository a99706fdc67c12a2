"""A wrong review is refused with what to write."""

from __future__ import annotations

import pytest

from bot import sample
from workflows.lint import check

FILE = sample.PROCESSES / "launch.toml"
TEXT = FILE.read_text(encoding="utf-8")


def found(review: str) -> list[tuple[str, str]]:
    """(where, problem) of what is wrong with this review."""
    changed = TEXT.replace("[review]", f"[review]\n{review}").replace('every = "quarter"', "", 1)
    return [(one.where, one.problem) for one in check(changed, file="launch.toml")]


def test_a_review_of_a_quarter_or_a_half_year_is_right() -> None:
    assert found('every = "half_year"\nto = "role:executive"') == []
    assert found('every = "quarter"') == []


@pytest.mark.parametrize(
    ("review", "where"),
    [
        ('every = "month"', "review.every"),
        ('to = "owner"', "review.every"),
        ('every = "quarter"\nto = "role:executive("', "review.to"),
        ('every = "quarter"\nto = "filer"', "review.to"),
        ('every = "quarter"\nfor = "1d"', "review.for"),
    ],
)
def test_a_wrong_review_is_refused(review: str, where: str) -> None:
    """People whom only a case has, such as its filer, get no review."""
    assert where in [place for place, _ in found(review)], found(review)
