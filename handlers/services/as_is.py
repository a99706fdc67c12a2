"""The work that analyses a process as it is, and makes the report (现状流程分析报告)."""

from __future__ import annotations

from handlers.as_is.document import as_is_from
from handlers.i18n import translator
from handlers.office import Office
from handlers.reports.cases import new_groups
from handlers.services.drafts import target_in_force
from handlers.services.past import past_cases
from handlers.services.work import LANGUAGES, Doing, Job, Paper, with_paper
from storage.unit import Tx


def _read(tx: Tx, office: Office, job: Job) -> Paper:
    groups, definition = new_groups(office), target_in_force(tx, office, job).definition
    for history in past_cases(tx, office, definition.key, cut_off=groups.ruler.cut_off):
        groups.add(history)
    return Paper(
        name={one: translator(one).t("work.as_is.name") for one in LANGUAGES},
        models={one: as_is_from(tx, office, definition, groups, language=one) for one in LANGUAGES},
    )


AS_IS = Doing(read=_read, make=with_paper)
