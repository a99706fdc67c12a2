"""Texts about several signers of one step: the rule, the votes so far, who still has to sign."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.pages import FileLink
from handlers.reading.case import Reading
from workflows.case.task import Task, TaskStatus
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode

MOST = 12  # seats that are named in a text


def rule_text(reading: Reading, node: ApprovalNode) -> str:
    """Return the rule by which the votes of a node are counted."""
    words, rule = reading.words, node.rule
    if rule.percent is not None:
        return words.t("sign.share", percent=rule.percent)
    if rule.votes is not None:
        return words.t("sign.votes", votes=rule.votes)
    return words.t(f"sign.{rule.kind}")


def counts(reading: Reading, seats: tuple[Task, ...]) -> str:
    """Return how many of these seats voted what, and how many did not: "2 approved, 1 rejected"."""
    return reading.listed(_counts(reading, seats))


def _counts(reading: Reading, seats: tuple[Task, ...]) -> Iterator[str]:
    words = reading.words
    for outcome in ("approve", "reject", "return"):
        count = sum(seat.outcome == outcome and not seat.voided for seat in seats)
        if count:
            yield words.t(f"ballot.{outcome}", count=count)
    unsigned = sum(seat.unfinished for seat in seats)
    if unsigned:
        yield words.t("ballot.open", count=unsigned)
    left = sum(not seat.unfinished and seat.outcome is None for seat in seats)
    if left:
        yield words.t("ballot.left", count=left)


def seat_list(reading: Reading, seats: tuple[Task, ...]) -> str:
    """Return who has each seat and what they voted: "Wang Fang (approve), Li Na (not signed)"."""
    shown = [
        reading.words.t("ballot.seat", who=_who(reading, seat), state=_state(reading, seat))
        for seat in seats[:MOST]
    ]
    rest = len(seats) - len(shown)
    return reading.listed(
        [*shown, *((reading.words.t("ballot.more", count=rest),) if rest else ())]
    )


def _who(reading: Reading, seat: Task) -> str:
    if seat.decided_by is not None:
        return reading.performer(seat.decided_by, on_behalf_of=seat.on_behalf_of)
    return reading.names(seat.owners) or reading.words.t("task.nobody")


def _state(reading: Reading, seat: Task) -> str:
    if seat.outcome is not None:
        return reading.outcome(seat)
    if seat.status is TaskStatus.OPEN:
        advises = seat.joins == "advice"
        return reading.words.t("ballot.unanswered" if advises else "ballot.unsigned")
    return reading.words.t(f"task.{seat.status.value}")


def rule_of(reading: Reading, seats: tuple[Task, ...]) -> str:
    """Return the rule by which the votes of these seats are counted."""
    node = reading.definition.node(seats[0].node)
    assert isinstance(node, ApprovalNode), "only approvals have seats"
    return rule_text(reading, node)


def files_of(reading: Reading, seats: tuple[Task, ...]) -> tuple[FileLink, ...]:
    """Return the files that signers submitted with their votes."""
    fields = [one for one in reading.definition.every_field() if one.type is FieldType.FILES]
    return tuple(
        link
        for seat in seats
        for field in fields
        for link in reading.links(reading.body_values(seat.content).get(field.id))
    )


def as_added(reading: Reading, task: Task, text: str) -> str:
    """Return a text about a task that was added, with where: "Review (before)"."""
    return reading.words.t(f"added.{task.joins or 'beside'}", who=text)


def added_list(reading: Reading, tasks: tuple[Task, ...]) -> str:
    """Return who was added, where, by whom, and what they decided: "Li Na before (…): approve"."""
    return "\n".join(
        reading.words.t(
            f"added.by.{task.joins or 'beside'}",
            who=_who(reading, task),
            by=reading.name(task.added_by),
            state=_state(reading, task),
        )
        for task in tasks[:MOST]
    )
