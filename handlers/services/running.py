"""Does the works of service nodes: claims one, does it, and records its result in the case.

A claim ends by itself, so that a work is done again if the process that did it has died. Its
effects and its result are written in one transaction, and only while the visit is open: whatever
happens, they are made once.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from handlers import casework
from handlers.contents import keep
from handlers.process_names import key_named
from handlers.refusals import say
from handlers.rendering.jobs import Render, packed
from handlers.rendering.render_md import render_md
from handlers.services.work import LANGUAGES, Job, Language, Paper, Result, Write
from handlers.services.works import DOINGS
from workflows.actions.finish_work import FinishWork
from workflows.case.clock import about_of
from workflows.case.draft import readable
from workflows.case.events import SYSTEM
from workflows.errors import Refusal
from workflows.model.nodes import ServiceNode
from workflows.moments import SECOND, Moment
from workflows.ports import Apart, Files
from workflows.records import DueTimer, StoredFile

if TYPE_CHECKING:
    from handlers.office import Office
    from storage.unit import Database, Tx

LEASE = 60 * SECOND
TRIES = 5
LIMIT_S = 600.0  # for one try
KIND = "work"  # of the content with a result
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
}

MadeFile = tuple[Language, StoredFile]


def claim(tx: Tx, office: Office) -> DueTimer | None:
    """Claim a due work for the time of a lease; None if none is due."""
    now = office.clock.now()
    return tx.timers.claim_work(now=now, until=now + LEASE)


def extend(tx: Tx, office: Office, work: DueTimer) -> bool:
    """Extend a claim by a lease; return False if another process has it."""
    return tx.timers.extend_work(work, until=office.clock.now() + LEASE)


def put_off(tx: Tx, work: DueTimer, *, until: Moment, error: str) -> None:
    """End a claim after a failure; the work is due again at `until`."""
    tx.timers.extend_work(work, until=until, error=error)


async def do(
    database: Database,
    files: Files,
    office: Office,
    work: DueTimer,
    *,
    render: Render,
    apart: Apart,
) -> bool:
    """Do a claimed work and record its result; return False if its visit is over.

    Raises whatever went wrong; the caller ends the claim.
    """
    job = await database.read(lambda tx: _job(tx, office, work))
    if job is None:
        return False
    try:
        job = await _with_draft(files, job)
        doing = DOINGS[job.work]
        found = await database.read(lambda tx: doing.read(tx, office, job))
        async with asyncio.timeout(LIMIT_S):
            result = await apart(partial(doing.make, found))
        made = await _rendered(files, office, job, result, render)
        return await database.run(
            lambda tx: _record(tx, office, work, job, result, write=doing.write, made=made)
        )
    except Refusal as refusal:
        return await give_up(database, office, work, refusal)


async def give_up(
    database: Database, office: Office, work: DueTimer, refusal: Refusal | None = None
) -> bool:
    """Record that a work has failed, with the reason; return False if its visit is over."""
    why = refusal or Refusal("work_failed", tries=TRIES)

    def unit(tx: Tx) -> bool:
        job = _job(tx, office, work)
        if job is None:
            return False
        lines = {
            one: (say(why, office=office, tx=tx, person=job.filer, language=one),)
            for one in LANGUAGES
        }
        return _record(tx, office, work, job, Result(outcome="failed", lines=lines))

    return await database.run(unit)


def _job(tx: Tx, office: Office, work: DueTimer) -> Job | None:
    """Return what is to be done; None if the visit is over."""
    case = casework.find(tx, work.case_id, lock=False)
    visit, clock = case.visit(about_of(work.clock)), case.clock(work.clock)
    if visit is None or clock is None:
        return None
    loaded = office.shelf.of(tx, case)
    node = loaded.definition.node(visit.node)
    if not isinstance(node, ServiceNode):
        return None
    world = casework.world_of(tx, office, case, loaded)
    known = readable(case, world.values)
    given = {name: known.get(field) for name, field in node.values.items()}
    if given.get("process"):
        given["process"] = key_named(tx, office, str(given["process"]))
    return Job(
        case_id=case.id,
        visit=visit.id,
        work=node.work,
        values={name: value for name, value in given.items() if value not in (None, "", [], ())},
        loaded=loaded,
        filer=case.acting_filer,
        begun=clock.started_at,
    )


async def _with_draft(files: Files, job: Job) -> Job:
    """Return the job with the text of the newest file of its draft."""
    given = job.values.get("draft")
    if not isinstance(given, list | tuple) or not given:
        return job
    try:
        content = await files.read(str(given[-1]))
        return replace(job, draft=content.decode())
    except (FileNotFoundError, UnicodeDecodeError):
        raise Refusal("change_draft_unreadable") from None


async def _rendered(
    files: Files, office: Office, job: Job, result: Result, render: Render
) -> tuple[MadeFile, ...]:
    """Make the files of the documents; their records are stored with the result."""
    found = []
    for paper, language, kind in product(result.papers, LANGUAGES, _MEDIA):
        content = await _content(paper, language, kind, render)
        file = StoredFile(
            id=office.ids.new("f"),
            case_id=job.case_id,
            name=f"{paper.name[language]} {job.case_id}.{kind}",
            media_type=_MEDIA[kind],
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            owner=SYSTEM,
            at=office.clock.now(),
        )
        await files.write(file.id, content)
        found.append((language, file))
    return tuple(found)


async def _content(paper: Paper, language: Language, kind: str, render: Render) -> bytes:
    model = paper.models[language]
    return render_md(model) if kind == "md" else await render(kind, packed(model))


def _record(
    tx: Tx,
    office: Office,
    work: DueTimer,
    job: Job,
    result: Result,
    *,
    write: Write | None = None,
    made: tuple[MadeFile, ...] = (),
) -> bool:
    """Write the effects of a work and its result; return False if it does not count any more."""
    case = casework.find(tx, job.case_id)
    if case.visit(job.visit) is None or not extend(tx, office, work):
        return False
    if write is not None:
        result = write(tx, office, job, result)
    for _, file in made:
        tx.files.put(file)
    body: dict[str, Any] = {
        "work": job.work,
        "lines": {language: list(lines) for language, lines in result.lines.items()},
        "files": [{"language": language, "id": file.id} for language, file in made],
        "data": dict(result.data),
    }
    content = keep(tx, office, case_id=case.id, kind=KIND, author=SYSTEM, body=body)
    command = FinishWork(
        actor=SYSTEM,
        via="rule",
        visit=job.visit,
        outcome=result.outcome,
        content=content.ref,
    )
    casework.change(tx, office, command, case_id=case.id)
    return True
