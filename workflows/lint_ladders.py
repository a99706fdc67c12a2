"""Lint of ladders: their rungs are in order, and each rung is possible.

Only times that can be compared without a calendar are compared: shares of the limit, offsets from
the same base in the same kind of time, and times on different sides of the due time.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.durations import Span, Unit
from workflows.mentions import Flaw
from workflows.model.clocks import Rung, RungOutcome, RungTime
from workflows.model.definition import Definition
from workflows.model.fields import Form
from workflows.model.nodes import ApprovalNode, TaskNode, WaitNode, WorkNode
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the ladders of a definition."""
    yield from _penalties(definition)
    yield from _of_steps(definition)
    yield from _decisions(definition)
    for key, ladder in definition.ladders.items():
        for index, rung in enumerate(ladder.rungs):
            path: Path = ("ladders", key, "rungs", index)
            yield from _rung(rung, path)
            if rung.points is not None:
                yield from _points(definition, rung, path)
            before = ladder.rungs[:index]
            later = next((other for other in before if surely_after(other.at, rung.at)), None)
            if any(other.outcome is not None for other in before):
                yield Flaw(
                    path=path,
                    problem=said("after_outcome", "the step is decided before this can happen"),
                    hint=said("put_last", "Put the rung with outcome last"),
                )
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


_DAY = Span(amount=1, unit=Unit.WORKING_DAYS)


def _penalties(definition: Definition) -> Iterator[Flaw]:
    """Yield a rule for points that nothing gives, and points where no single person is late."""
    charging = {
        key
        for key, ladder in definition.ladders.items()
        if any(rung.points is not None for rung in ladder.rungs)
    }
    if definition.penalties is not None and not charging:
        yield Flaw(
            path=("penalties",),
            problem=said("no_points", "no rung charges points"),
            hint=said("add_points", "Add a rung with points = 1, or take [penalties] away"),
        )
    for path, ladder in _not_of_steps(definition):
        if ladder in charging:
            yield Flaw(
                path=path,
                problem=said(
                    "points_of_steps",
                    'the ladder "{ladder}" charges points, which are for steps only',
                    ladder=ladder,
                ),
                hint=said("ladder_without", "Name a ladder without points"),
            )


def _not_of_steps(definition: Definition) -> Iterator[tuple[Path, str]]:
    """Yield the places that name a ladder for something else than one task, with the ladder."""
    for index, node in enumerate(definition.nodes):
        if isinstance(node, ApprovalNode) and node.visit_ladder is not None:
            yield ("nodes", index, "visit_ladder"), node.visit_ladder
        for number, start in enumerate(node.starts if isinstance(node, WaitNode) else ()):
            if start.ladder is not None:
                yield ("nodes", index, "starts", number, "ladder"), start.ladder
    for key, clock in definition.clocks.items():
        yield ("clocks", key, "ladder"), clock.ladder
    if definition.pause is not None:
        yield ("pause", "ladder"), definition.pause.ladder


def _of_steps(definition: Definition) -> Iterator[Flaw]:
    """Yield the ladders that change a task where there is no single one."""
    for path, key in _not_of_steps(definition):
        ladder = definition.ladders.get(key)
        if ladder is not None and any(one.does in ("reassign", "outcome") for one in ladder.rungs):
            yield Flaw(
                path=path,
                problem=said(
                    "effects_of_steps",
                    'the ladder "{ladder}" hands tasks over or decides them, '
                    "which is for steps only",
                    ladder=key,
                ),
                hint=said("ladder_that_tells", "Name a ladder that only reminds and escalates"),
            )


def _asked(form: Form | None) -> list[str]:
    """Return the ids of the fields that a person may have to fill."""
    fields = form.fields if form is not None else ()
    return [field.id for field in fields if field.required or field.required_when]


def _decisions(definition: Definition) -> Iterator[Flaw]:
    """Yield the steps that a rung of their ladder cannot or must not decide."""
    for index, node in enumerate(definition.nodes):
        if not isinstance(node, TaskNode | ApprovalNode):
            continue
        ladder = definition.ladders.get(node.ladder)
        for rung in ladder.rungs if ladder is not None else ():
            if rung.outcome is not None:
                yield from _decision(definition, node, rung.outcome, ("nodes", index))


def _decision(
    definition: Definition, node: WorkNode, outcome: RungOutcome, path: Path
) -> Iterator[Flaw]:
    other = said("ladder_without_outcome", "Name a ladder without outcome")
    offered = ("complete",) if isinstance(node, TaskNode) else tuple(node.outcomes)
    if outcome not in offered:
        yield Flaw(
            path=(*path, "ladder"),
            problem=said(
                "timer_outcome",
                'the ladder "{ladder}" decides "{outcome}", which "{node}" does not offer',
                ladder=node.ladder,
                outcome=outcome,
                node=node.id,
            ),
            hint=other,
        )
    if not node.low_risk:
        yield Flaw(
            path=(*path, "ladder"),
            problem=said(
                "not_low_risk",
                'the ladder "{ladder}" decides "{node}" without a person, '
                "but the step is not marked as low risk",
                ladder=node.ladder,
                node=node.id,
            ),
            hint=said(
                "mark_low_risk",
                "Write low_risk = true here if nobody has to decide it, "
                "or name a ladder without outcome",
            ),
        )
    asked = _asked(definition.forms.get(node.form or ""))
    for what in (*asked[:1], *node.requires[:1]):
        yield Flaw(
            path=(*path, "ladder"),
            problem=said(
                "timer_asked",
                'the ladder "{ladder}" decides "{node}" without a person, '
                'but only a person can give "{what}"',
                ladder=node.ladder,
                node=node.id,
                what=what,
            ),
            hint=other,
        )


def _points(definition: Definition, rung: Rung, path: Path) -> Iterator[Flaw]:
    if definition.penalties is None:
        yield Flaw(
            path=(*path, "points"),
            problem=said("points_without", "nothing says how many points a task gives at most"),
            hint=said("add_penalties", "Add [penalties] with name and most"),
        )
    at = rung.at
    if at.base != "due" or at.sign < 0 or at.span is None or at.span.unit is not _DAY.unit:
        yield Flaw(
            path=(*path, "at"),
            problem=said("points_at", "points are charged at the close of an overdue working day"),
            hint=said("write_close", 'Write at = "due + 1wd"'),
        )
    if rung.every != _DAY:
        yield Flaw(
            path=(*path, "every" if rung.every is not None else "points"),
            problem=said("points_every", "points are charged for each working day"),
            hint=said("write_daily", 'Write every = "1wd"'),
        )
    if rung.times > 1:
        yield Flaw(
            path=(*path, "times"),
            problem=said("points_times", "points end at the most of [penalties]"),
            hint=said("take_times_away", "Take times away"),
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
    if rung.every is not None and rung.times == 1 and rung.points is None:
        yield Flaw(
            path=(*path, "every"),
            problem=said("repeats_once", "this repeats, but only once"),
            hint=said("add_times", "Add times = 2 or more, or take every away"),
        )
    if rung.outcome is not None and not _late(rung.at):
        yield Flaw(
            path=(*path, "at"),
            problem=said("outcome_early", "a step is decided without a person only when it is due"),
            hint=said("write_due", 'Write at = "due", or a time after it: "due + 1wd"'),
        )
    if rung.does in ("escalate", "reassign", "outcome") and rung.every is not None:
        yield Flaw(
            path=(*path, "every"),
            problem=said("only_reminders", "only reminders repeat"),
            hint=said("add_rung", "Add another rung that escalates further"),
        )
    for key in ("with_history", "may_take_over"):
        if rung.escalate is None and getattr(rung, key):
            yield Flaw(
                path=(*path, key),
                problem=said(
                    "only_escalating", "{key} means something only where a rung escalates", key=key
                ),
                hint=said("take_away", "Take it away, or escalate"),
            )


def _late(at: RungTime) -> bool:
    """Return whether a time is the due time, or later."""
    return at.percent is None and at.base == "due" and (at.span is None or at.sign > 0)


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
