"""How the process is watched: points, surveys and alerts."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rendering.model import Block, DocumentSection
from handlers.reports.source import metric_name
from handlers.specification.source import SpecificationSource
from workflows.model.alerts import Alert, Backlog, CaseAge, OpenTasks, Rate
from workflows.model.measures import metric_named


def watching_of(source: SpecificationSource) -> DocumentSection:
    """Return points for lateness, surveys and alerts, where the definition has them."""
    blocks: list[Block] = []
    if facts := list(_facts(source)):
        blocks.append(source.facts(facts))
    if alerts := source.definition.alerts:
        rows = [
            (
                source.form.text(one.name),
                _watched(source, one),
                *_limits(source, one),
                _tell(source, one),
            )
            for one in alerts
        ]
        columns = {"alert": 3, "watched": 4, "raise": 2, "clear": 2, "told": 3}
        blocks.append(source.table(columns, rows))
    return DocumentSection(title=source.words.t("spec.section.watching"), blocks=tuple(blocks))


def _facts(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    definition, form, t = source.definition, source.form, source.words.t
    if (rule := definition.penalties) is not None:
        people = source.people(rule.waived_by)
        yield (
            "penalties",
            t("spec.penalties", name=form.text(rule.name), most=rule.most, people=people),
        )
    if (survey := definition.survey) is not None:
        people, question = source.people(survey.to), form.text(survey.question)
        yield "survey", t("spec.survey", people=people, question=question)
    if (asked := definition.employee_survey) is not None:
        every = t(
            f"spec.survey.{asked.every}", span=form.span(asked.open_for), least=asked.threshold
        )
        yield (
            "employee_survey",
            source.joined((every, *(form.text(q.text) for q in asked.questions))),
        )
    yield from _review(source)


def _review(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    if (review := source.definition.review) is not None:
        people = source.people(review.to)
        yield "review", source.words.t(f"spec.review.{review.every}", people=people)


def _watched(source: SpecificationSource, alert: Alert) -> str:
    t = source.words.t
    match alert:
        case CaseAge():
            return t("spec.alert.case_age")
        case Backlog():
            return t("spec.alert.backlog", node=source.node(alert.node))
        case OpenTasks():
            return t("spec.alert.open_tasks")
        case Rate():
            metric = metric_name(source.form, source.definition, metric_named(alert.measure))
            return source.words.n("spec.alert.rate", alert.weeks, metric=metric)


def _limits(source: SpecificationSource, alert: Alert) -> tuple[str, str]:
    if isinstance(alert, CaseAge):
        return source.form.span(alert.raise_at), source.form.span(alert.clear_at)
    return f"{alert.raise_at}", f"{alert.clear_at}"


def _tell(source: SpecificationSource, alert: Alert) -> str:
    if isinstance(alert, OpenTasks):
        span = source.form.span(alert.manager_after)
        return source.words.t("spec.alert.oneself", span=span)
    return source.people(alert.tell)
