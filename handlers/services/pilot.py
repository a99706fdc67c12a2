"""The works about what a pilot shows: forecast, report at its end, and report of the batches."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.i18n import translator
from handlers.office import Office
from handlers.services.piloting.document import pilot_report
from handlers.services.piloting.rollout import Rolled, metric_of, rolled_out
from handlers.services.piloting.source import Seen, Trial, planned, trial_of
from handlers.services.piloting.stages import stage_lines, stages_paper
from handlers.services.piloting.words import forecast_lines, report_lines
from handlers.services.releasing import departments_named, until_of
from handlers.services.work import LANGUAGES, Doing, Job, Paper, Result
from storage.unit import Tx
from workflows.errors import Refusal
from workflows.metrics.piloting import forecast, judge
from workflows.model.measures import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A pilot that is planned; `seen` is None for a new process."""

    seen: Seen | None
    metric: Metric


def _read_plan(tx: Tx, office: Office, job: Job) -> _Plan:
    seen = planned(tx, office, job, until=until_of(office, job), named=departments_named(job))
    return _Plan(seen=seen, metric=metric_of(job))


def _foretold(plan: _Plan) -> Result:
    seen = plan.seen
    if seen is None:
        lines = {one: (translator(one).t("pilot.forecast.new"),) for one in LANGUAGES}
        return Result(lines=lines)
    found = forecast(
        seen.cases,
        seen.lasted,
        seen.groups,
        seen.times,
        limit=seen.limit.length,
        metric=plan.metric,
    )
    return Result(
        lines={one: tuple(forecast_lines(seen, found, one)) for one in LANGUAGES},
        data={"expected": found.expected, "days": found.days, "months": found.months},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pilot:
    trial: Trial
    metric: Metric
    case_id: str


def _read_pilot(tx: Tx, office: Office, job: Job) -> _Pilot:
    return _Pilot(trial=trial_of(tx, office, job), metric=metric_of(job), case_id=job.case_id)


def _judged(pilot: _Pilot) -> Result:
    trial = pilot.trial
    found = judge(
        trial.cases,
        trial.lasted,
        trial.groups,
        trial.times,
        {one.case: one.grade for one in trial.histories},
        limit=trial.limit.length,
        metric=pilot.metric,
    )
    name = {one: translator(one).t("pilot.title") for one in LANGUAGES}
    models = {one: pilot_report(trial, found, one, case_id=pilot.case_id) for one in LANGUAGES}
    lines = {
        one: (
            *report_lines(trial, found, one),
            translator(one).t("work.paper", name=name[one]),
        )
        for one in LANGUAGES
    }
    return Result(
        lines=lines,
        papers=(Paper(name=name, models=models),),
        data={
            "verdict": found.main.verdict.value,
            "cases": len(found.main.boxes.pilot_during.cases),
            "version": trial.version,
        },
    )


def _read_stages(tx: Tx, office: Office, job: Job) -> Rolled:
    rolled = rolled_out(tx, office, job)
    if rolled is None:
        raise Refusal("change_no_pilot", process=job.text("process"))
    return rolled


def _staged(rolled: Rolled) -> Result:
    found = rolled.compared()
    paper = stages_paper(rolled, found, {})
    lines = {one: tuple(stage_lines(rolled, found, one)) for one in LANGUAGES}
    verdicts = ["" if one.assessment is None else one.assessment.verdict.value for one in found]
    return Result(
        lines=lines, papers=(paper,), data={"version": rolled.version, "verdicts": verdicts}
    )


PILOT_FORECAST = Doing(read=_read_plan, make=_foretold)
PILOT_REPORT = Doing(read=_read_pilot, make=_judged)
BATCH_REPORT = Doing(read=_read_stages, make=_staged)
