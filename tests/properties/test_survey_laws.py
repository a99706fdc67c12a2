"""Laws of what is published of an anonymous survey, for any answers."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from workflows.surveys import Counts, Published, count, may_be_shown, published

GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 14), max_size=8)
THRESHOLDS = st.integers(5, 12)
SCORES = st.fixed_dictionaries({"satisfaction": st.integers(1, 5), "enps": st.integers(0, 10)})
ANSWERS = st.lists(st.tuples(st.sampled_from("abcd"), SCORES, st.sampled_from(["", "x"])))


@given(GROUPS, THRESHOLDS)
def test_no_group_below_the_threshold_is_the_difference_of_what_is_published(
    sizes: dict[str, int], threshold: int
) -> None:
    """L5.1: subtracting any shown groups from all leaves nobody, or enough of several groups."""
    shown = may_be_shown(sizes, threshold=threshold)
    whole = sum(sizes.values())
    hidden = [one for one in sizes if sizes[one] and one not in shown]

    assert all(sizes[one] >= threshold for one in shown)
    for many in range(1, len(shown) + 1):
        for some in combinations(shown, many):
            left = whole - sum(sizes[one] for one in some)
            assert left == 0 or left >= threshold
    if shown and hidden:
        assert len(hidden) > 1
        assert sum(sizes[one] for one in hidden) >= threshold


@given(ANSWERS, THRESHOLDS)
def test_all_that_is_told_is_of_enough_answers(
    answers: list[tuple[str, dict[str, int], str]], threshold: int
) -> None:
    result = _published(answers, threshold)

    if result.withheld:
        assert len(answers) < threshold
        assert result == Published(asked=50, threshold=threshold, withheld=True)
        return
    figures = [*result.figures, *(one for group in result.groups for one in group.figures)]
    assert all(one.n >= threshold for one in figures)
    assert all(one.low <= one.value <= one.high for one in figures)
    assert result.others == 0 or result.others >= threshold
    assert not result.comments or len(result.comments) >= threshold


@given(ANSWERS, THRESHOLDS, st.randoms(use_true_random=False))
def test_what_is_told_does_not_depend_on_the_order_of_the_answers(
    answers: list[tuple[str, dict[str, int], str]], threshold: int, random: object
) -> None:
    mixed = [*answers]
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert _published(mixed, threshold) == _published(answers, threshold)


def _published(answers: list[tuple[str, dict[str, int], str]], threshold: int) -> Published:
    counts = Counts()
    for department, scores, comment in answers:
        counts = count(counts, department=department, scores=scores, comment=comment)
    return published(counts, asked=50, threshold=threshold)
