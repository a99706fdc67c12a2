"""The work that makes the specification of a draft (业务流程管理规范), in both languages."""

from __future__ import annotations

from handlers.i18n import translator
from handlers.office import Office
from handlers.reading.formatter import formatter
from handlers.reports.cases import working_day
from handlers.services.drafts import draft_of, require_owner, stored_target
from handlers.services.work import LANGUAGES, Doing, Job, Paper, with_paper
from handlers.specification.document import specification_of
from handlers.specification.source import Earlier, SpecificationSource
from storage.unit import Tx
from workflows.errors import DefinitionError, Refusal


def _read(tx: Tx, office: Office, job: Job) -> Paper:
    directory = office.directory(tx)
    try:
        draft = draft_of(job, directory, frozenset(office.calendar.names))
    except DefinitionError as error:
        raise Refusal("change_draft_broken", count=len(error.findings)) from None
    require_owner(tx, office, job, draft)
    stored = stored_target(tx, job)
    before = None
    if stored is not None:
        in_force = office.shelf.load(stored).definition
        before = Earlier(version=stored.version, definition=in_force)
    return Paper(
        name={one: translator(one).t("spec.title") for one in LANGUAGES},
        models={
            one: specification_of(
                SpecificationSource(
                    definition=draft.definition,
                    form=formatter(office, directory, reader=None, language=one),
                    company=office.company.name_in(one),
                    day=working_day(office),
                    before=before,
                )
            )
            for one in LANGUAGES
        },
    )


SPECIFICATION = Doing(read=_read, make=with_paper)
