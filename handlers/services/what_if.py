"""The work that replays last quarter's cases through a draft, and says what would have changed.

Last quarter ends when the case came to this work. Draws have names, so a try after a crash finds
the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.i18n import translator
from handlers.office import Office
from handlers.reading.formatter import Formatter, formatter
from handlers.services.drafts import draft_of, require_owner, stored_target
from handlers.services.work import LANGUAGES, Doing, Job, Language, Paper, Result
from handlers.what_if.document import WhatIfSource, what_if_document, what_if_lines
from handlers.what_if.quarter import ReadQuarter, read_quarter
from storage.unit import Tx
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded
from workflows.what_if.comparing import WhatIf, what_if

CASES_MOST = 1_000  # a minute of processor time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What is replayed, and what its documents need."""

    case_id: str
    read: ReadQuarter
    version: int
    draft: Loaded
    forms: Mapping[Language, Formatter]
    company: Mapping[Language, str]


def _read(tx: Tx, office: Office, job: Job) -> _Ground:
    stored, directory = stored_target(tx, job), office.directory(tx)
    if stored is None:
        raise Refusal("change_no_quarter", process=job.text("process"))
    try:
        draft = draft_of(job, directory, frozenset(office.calendar.names))
    except DefinitionError as error:
        raise Refusal("change_draft_broken", count=len(error.findings)) from None
    require_owner(tx, office, job, draft)
    target = office.shelf.load(stored)
    return _Ground(
        case_id=job.case_id,
        read=read_quarter(tx, office, target, until=job.begun, most=CASES_MOST),
        version=stored.version,
        draft=draft,
        forms={
            one: replace(formatter(office, directory, reader=None, language=one), now=job.begun)
            for one in LANGUAGES
        },
        company={one: office.company.name_in(one) for one in LANGUAGES},
    )


def _replayed(ground: _Ground) -> Result:
    result = what_if(ground.read.quarter, ground.draft)
    told = {one: _source(ground, result, one) for one in LANGUAGES}
    lines = {one: tuple(what_if_lines(told[one])) for one in LANGUAGES}
    papers: tuple[Paper, ...] = ()
    if result.checked:  # else the line says all
        name = {one: translator(one).t("work.what_if.name") for one in LANGUAGES}
        models = {
            one: what_if_document(told[one], company=ground.company[one]) for one in LANGUAGES
        }
        papers = (Paper(name=name, models=models),)
        for one in LANGUAGES:
            lines[one] += (translator(one).t("work.paper", name=name[one]),)
    data = {"draft": ground.draft.hash, "cases": result.cases, "shown": result.shown}
    return Result(lines=lines, papers=papers, data=data)


def _source(ground: _Ground, result: WhatIf, language: Language) -> WhatIfSource:
    words = translator(language)
    return WhatIfSource(
        result=result,
        read=ground.read,
        before=ground.read.quarter.loaded.definition,
        after=ground.draft.definition,
        form=ground.forms[language],
        names=(
            words.t("difference.version", version=ground.version),
            ground.case_id,
        ),
    )


WHAT_IF = Doing(read=_read, make=_replayed)
