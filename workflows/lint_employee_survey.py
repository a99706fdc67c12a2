"""Lint of the anonymous survey: its spans are working days, and it asks each thing once."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.durations import Span, Unit
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.employee_survey import EmployeeSurvey
from workflows.said import said

OPEN_MOST = 30  # working days; the next survey must not open before


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the anonymous survey of a definition."""
    survey = definition.employee_survey
    if survey is None:
        return
    yield from _working_days("after", survey.after)
    yield from _working_days("open_for", survey.open_for)
    if survey.open_for.unit is Unit.WORKING_DAYS and survey.open_for.amount > OPEN_MOST:
        yield Flaw(
            path=("employee_survey", "open_for"),
            problem=said("survey_too_long", '"{span}" is too long', span=survey.open_for),
            hint=said("survey_open_most", "Write at most {most} working days", most=OPEN_MOST),
        )
    yield from _questions(survey)


def _working_days(key: str, span: Span | None) -> Iterator[Flaw]:
    if span is not None and span.unit is not Unit.WORKING_DAYS:
        yield Flaw(
            path=("employee_survey", key),
            problem=said("after_working_days", '"{after}" is not working days', after=span),
            hint=said("write_working_days", 'Write working days: "5wd"'),
        )


def _questions(survey: EmployeeSurvey) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, question in enumerate(survey.questions):
        if question.kind in seen:
            yield Flaw(
                path=("employee_survey", "questions", index, "kind"),
                problem=said("survey_twice", '"{kind}" is asked twice', kind=question.kind),
                hint=said("survey_once", "Ask each kind once"),
            )
        seen.add(question.kind)
    if not survey.scales:
        yield Flaw(
            path=("employee_survey", "questions"),
            problem=said("survey_no_scale", "the survey asks for a comment only"),
            hint=said("survey_add_scale", "Add a question: satisfaction, effort or enps"),
        )
