"""The anonymous survey: counters of answers, and what of them may be published at the close.

Answers are added to counters per department and option; nothing says which answers one person gave
together. Comments are kept in alphabetical order, so their order says nothing. What is published is
decided once, at the close (`published`): nothing below the threshold, and no breakdown from which a
group below it could be computed by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from workflows.metrics.estimates import mean_within, wilson
from workflows.model.employee_survey import SCALES, SurveyKind

SATISFIED = 4  # the least satisfaction of somebody satisfied
PROMOTER, DETRACTOR = 9, 6  # the least score of a promoter, the greatest of a detractor

Counters = Mapping[str, Mapping[str, Sequence[int]]]
"""By department and kind of question: how often each option was chosen, the lowest first."""


class Counts(Struct, frozen=True, kw_only=True):
    """All answers so far."""

    counters: Counters = {}
    comments: tuple[str, ...] = ()


class SurveyFigure(Struct, frozen=True, kw_only=True):
    """A figure of a survey with its range; shares are from 0 to 1, eNPS from -100 to 100."""

    name: str
    value: float
    low: float
    high: float
    n: int


class SurveyGroup(Struct, frozen=True, kw_only=True):
    """The figures of one department."""

    department: str
    n: int
    figures: tuple[SurveyFigure, ...]


class Published(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is published of a survey. With `withheld` only how many were asked."""

    asked: int
    threshold: int
    withheld: bool = False
    lost: bool = False  # nobody can open the counters any more
    answered: int = 0
    response: SurveyFigure | None = None
    figures: tuple[SurveyFigure, ...] = ()
    groups: tuple[SurveyGroup, ...] = ()
    others: int = 0  # answers of departments that are not shown
    comments: tuple[str, ...] = ()


def count(counts: Counts, *, department: str, scores: Mapping[str, int], comment: str) -> Counts:
    """Return the counters with one more answer; `scores` are by kind, within their scales."""
    before = counts.counters.get(department, {})
    after = {
        kind: [
            number + (option == score)
            for option, number in zip(
                SCALES[kind], before.get(kind, [0] * len(SCALES[kind])), strict=True
            )
        ]
        for kind, score in scores.items()
    }
    comments = sorted([*counts.comments, comment]) if comment else counts.comments
    counters = dict(sorted({**counts.counters, department: after}.items()))
    return replace(counts, counters=counters, comments=tuple(comments))


def published(counts: Counts, *, asked: int, threshold: int) -> Published:
    """Return what may be published of all answers."""
    sizes = {department: _size(one) for department, one in counts.counters.items()}
    answered = sum(sizes.values())
    if answered < threshold:
        return Published(asked=asked, threshold=threshold, withheld=True)
    shown = may_be_shown(sizes, threshold=threshold)
    share = wilson(answered, max(asked, answered))
    assert share is not None, "somebody was asked"
    low, high = share.range.low, share.range.high
    assert low is not None and high is not None, "a share has a range"  # noqa: PT018
    return Published(
        asked=asked,
        threshold=threshold,
        answered=answered,
        response=SurveyFigure(
            name="response", value=share.value, low=low, high=high, n=max(asked, answered)
        ),
        figures=_figures(_together(counts.counters.values())),
        groups=tuple(
            SurveyGroup(department=one, n=sizes[one], figures=_figures(counts.counters[one]))
            for one in shown
        ),
        others=answered - sum(sizes[one] for one in shown) if shown else 0,
        comments=counts.comments if len(counts.comments) >= threshold else (),
    )


def may_be_shown(sizes: Mapping[str, int], *, threshold: int) -> tuple[str, ...]:
    """Return the groups whose figures may be shown beside those of all, the largest first.

    A group below the threshold is hidden. What is hidden together is the difference of all and of
    what is shown, so the smallest other groups are hidden, too, until that difference has as many
    answers as the threshold and is of more than one group. A single group is no breakdown.
    """
    largest = sorted((one for one in sizes if sizes[one]), key=lambda one: (-sizes[one], one))
    shown = [one for one in largest if sizes[one] >= threshold]
    hidden = [one for one in largest if sizes[one] < threshold]
    while shown and hidden and not _is_enough([sizes[one] for one in hidden], threshold):
        hidden.append(shown.pop())
    return tuple(shown) if len(largest) > 1 else ()


def _is_enough(hidden: Sequence[int], threshold: int) -> bool:
    """Return whether what is hidden together says nothing of a single group or of a few people."""
    return len(hidden) > 1 and sum(hidden) >= threshold


def _size(kinds: Mapping[str, Sequence[int]]) -> int:
    """Return the number of answers; every answer has a score for every kind."""
    return max((sum(options) for options in kinds.values()), default=0)


def _together(groups: Iterable[Mapping[str, Sequence[int]]]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for one in groups:
        for kind, options in one.items():
            before = found.get(kind, [0] * len(options))
            found[kind] = [a + b for a, b in zip(before, options, strict=True)]
    return found


def _figures(kinds: Mapping[str, Sequence[int]]) -> tuple[SurveyFigure, ...]:
    return tuple(_figure(kind, kinds[kind]) for kind in SCALES if kind in kinds)


def _figure(kind: str, options: Sequence[int]) -> SurveyFigure:
    """Return a figure; the range of a mean is at least as wide as its scores allow."""
    n, scale = sum(options), SCALES[kind]
    if kind == SurveyKind.SATISFACTION:
        points = [float(score >= SATISFIED) for score in scale]
        least, most = 0.0, 1.0
    elif kind == SurveyKind.ENPS:
        points = [100.0 * ((score >= PROMOTER) - (score <= DETRACTOR)) for score in scale]
        least, most = -100.0, 100.0
    else:
        points = [float(score) for score in scale]
        least, most = float(scale[0]), float(scale[-1])
    total = sum(point * number for point, number in zip(points, options, strict=True))
    mean = mean_within(total, n, least=least, most=most)
    return SurveyFigure(name=kind, value=total / n, low=mean[0], high=mean[1], n=n)
