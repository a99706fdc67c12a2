"""The work that analyses a process as it is, and makes the report (现状流程分析报告)."""

from __future__ import annotations

from handlers.i18n import translator
from handlers.office import Office
from handlers.reading.formatter import formatter
from handlers.reports.cases import new_groups, working_day
from handlers.reports.document import report_of
from handlers.reports.source import ReportSource
from handlers.services.drafts import target_of
from handlers.services.past import past_cases
from handlers.services.work import LANGUAGES, Doing, Job, Paper, Result
from storage.unit import Tx
from workflows.errors import Refusal


def _read(tx: Tx, office: Office, job: Job) -> Paper:
    target = target_of(tx, office, job)
    if target is None:
        raise Refusal("change_new_process", process=job.text("process"))
    groups, directory = new_groups(office), office.directory(tx)
    for history in past_cases(tx, office, target.definition.key, cut_off=groups.ruler.cut_off):
        groups.add(history)
    return Paper(
        name={one: translator(one).t("work.as_is.name") for one in LANGUAGES},
        models={
            one: report_of(
                ReportSource(
                    definition=target.definition,
                    groups=groups,
                    form=formatter(office, directory, reader=None, language=one),
                    company=office.company.name_in(one),
                    since=None,
                    day=working_day(office),
                )
            )
            for one in LANGUAGES
        },
    )


def _made(paper: Paper) -> Result:
    lines = {one: (translator(one).t("work.paper", name=name),) for one, name in paper.name.items()}
    return Result(lines=lines, papers=(paper,))


AS_IS = Doing(read=_read, make=_made)
