"""Lint of ladders: their rungs are in order, and each rung is possible.

Only times that can be compared without a calendar are compared: shares of the limit, offsets from
the same base in the same kind of time, and times on different sides of the due time.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.durations import Unit
from workflows.mentions import Flaw
from workflows.model.clocks import Rung, RungTime
from workflows.model.definition import Definition
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the ladders of a definition."""
    for key, ladder in definition.ladders.items():
        for index, rung in enumerate(ladder.rungs):
            path: Path = ("ladders", key, "rungs", index)
            yield from _rung(rung, path)
            before = ladder.rungs[:index]
            later = next((other for other in before if surely_after(other.at, rung.at)), None)
            if later is not None:
                yield Flaw(
                    path=(*path, "at"),
                    problem=said(
                        "rung_order",
                        '"{at}" comes before "{other}", which stands above',
                        at=rung.at.text,
                        other=later.at.text,
                    ),
                    hint=said("order_rungs", "Put the rungs in the order in which they fire"),
                )


def _rung(rung: Rung, path: Path) -> Iterator[Flaw]:
    if rung.at.base == "start" and rung.at.sign < 0:
        yield Flaw(
            path=(*path, "at"),
            problem=said("before_start", '"{at}" is before the work begins', at=rung.at.text),
            hint=said("count_back", 'Write "start + …", or count back from "due"'),
        )
    if rung.times > 1 and rung.every is None:
        yield Flaw(
            path=(*path, "times"),
            problem=said("how_far", "{times} times, but how far apart?", times=rung.times),
            hint=said("add_every", 'Add every = "…"'),
        )
    if rung.every is not None and rung.times == 1:
        yield Flaw(
            path=(*path, "every"),
            problem=said("repeats_once", "this repeats, but only once"),
            hint=said("add_times", "Add times = 2 or more, or take every away"),
        )
    if rung.escalate is not None and rung.every is not None:
        yield Flaw(
            path=(*path, "every"),
            problem=said("only_reminders", "only reminders repeat"),
            hint=said("add_rung", "Add another rung that escalates further"),
        )
    for key in ("with_history", "may_take_over"):
        if rung.remind is not None and getattr(rung, key):
            yield Flaw(
                path=(*path, key),
                problem=said(
                    "only_escalating", "{key} means something only where a rung escalates", key=key
                ),
                hint=said("take_away", "Take it away, or escalate"),
            )


def surely_after(one: RungTime, other: RungTime) -> bool:
    """Return whether a rung fires after another, for every limit and calendar."""
    if one.percent is not None and other.percent is not None:
        return one.percent > other.percent
    if one.percent is not None:
        return _is_start(other)
    if other.percent is not None or one.base != other.base:
        is_late = one.base == "due" and _offset(one)[0] >= 0
        return is_late and (other.percent is not None or _is_start(other))
    (side, kind, amount), (other_side, other_kind, other_amount) = _offset(one), _offset(other)
    if side != other_side:
        return side > other_side
    return kind == other_kind and amount > other_amount


def _is_start(at: RungTime) -> bool:
    return at.percent is None and at.base == "start" and at.span is None


def _offset(at: RungTime) -> tuple[int, str, int]:
    """Return the side of the base (-1, 0, 1), the kind of time and the length of an offset."""
    if at.span is None:
        return 0, "", 0
    if at.span.unit is Unit.WORKING_DAYS:
        return at.sign, "working days", at.sign * at.span.amount
    kind = "working time" if at.span.is_working else "wall time"
    return at.sign, kind, at.sign * at.span.microseconds
