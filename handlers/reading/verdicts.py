"""Reads the verdicts of an approval about its subjects, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.pages import FileLink
from handlers.reading.case import Reading
from workflows.case.task import Task, Verdict
from workflows.model.fields import FormField

_OUTCOMES: Mapping[str, str] = {
    "": "verdict.open",
    "approve": "verdict.approve",
    "reject": "verdict.reject",
    "return": "verdict.return",
}


def subject(reading: Reading, one: Verdict) -> str:
    """Return what a verdict is about, as its form calls it."""
    return reading.labels((one.subject,))


def mark(reading: Reading, one: Verdict) -> str:
    """Return a verdict with its sign; it also says that it carries over."""
    text = outcome(reading, one.outcome)
    return reading.words.t("verdict.unchanged", verdict=text) if one.rule else text


def outcome(reading: Reading, name: str) -> str:
    """Return an outcome of a verdict with its sign, or that there is none yet."""
    return reading.words.t(_OUTCOMES[name])


def certificate(reading: Reading, one: Verdict) -> FormField | None:
    """Return the certificate that a verdict is about."""
    field = reading.definition.field(one.subject)
    return field.certificate if field is not None else None


def expiry(reading: Reading, one: Verdict) -> str:
    """Return until when a certificate is valid; "" if it does not say."""
    whole = certificate(reading, one)
    until = reading.definition.field(whole.expires_name) if whole is not None else None
    shown = reading.shown(until) if until is not None else ""
    return reading.words.t("verdict.until", day=shown) if shown else ""


def files(reading: Reading, one: Verdict) -> tuple[FileLink, ...]:
    """Return the files of what a verdict is about."""
    field = reading.definition.field(one.subject)
    return reading.latest(field).files if field is not None else ()


def not_passed(reading: Reading) -> Iterator[tuple[Task, Verdict]]:
    """Yield what the last check of each node returned or rejected, with its task."""
    last = {task.node: task for task in reading.case.tasks if task.verdicts and task.outcome}
    for task in last.values():
        for one in task.verdicts:
            if one.outcome in ("reject", "return"):
                yield task, one
