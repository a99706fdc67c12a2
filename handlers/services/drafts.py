"""The process that a change is about and its draft, as the works of the change read them."""

from __future__ import annotations

from handlers.office import Office
from handlers.process_names import known_processes
from handlers.services.work import Job
from handlers.table_values import may_own
from storage.unit import Tx
from workflows.directory import Directory
from workflows.errors import DefinitionError, Refusal
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.records import StoredDefinition


def stored_target(tx: Tx, job: Job) -> StoredDefinition | None:
    """Return the version of the process that is in force, None for a new process."""
    return tx.definitions.in_force(job.text("process"))


def target_of(tx: Tx, office: Office, job: Job) -> Loaded | None:
    """Return the same version, loaded."""
    stored = stored_target(tx, job)
    return None if stored is None else office.shelf.load(stored)


def target_in_force(tx: Tx, office: Office, job: Job) -> Loaded:
    """Return the version that is in force. Raises Refusal `change_new_process` without one."""
    target = target_of(tx, office, job)
    if target is None:
        known = known_processes(tx, office)
        raise Refusal("change_new_process", process=job.text("process"), known=known)
    return target


def draft_of(job: Job, directory: Directory, calendars: frozenset[str]) -> Loaded:
    """Return the draft of a change.

    Raises:
        Refusal: there is none, or it is one of another process.
        DefinitionError: with all its findings.
    """
    if job.draft is None:
        raise Refusal("change_no_draft")
    file = f"{job.text('process')}.toml"
    found = check(job.draft, file=file, directory=directory, calendars=calendars)
    if found:
        raise DefinitionError(found)
    loaded = load_definition(job.draft, file=file)
    if loaded.definition.key != job.text("process"):
        raise Refusal(
            "change_other_process", process=job.text("process"), draft=loaded.definition.key
        )
    return loaded


def require_owner(tx: Tx, office: Office, job: Job, draft: Loaded) -> None:
    """Raise Refusal `change_not_yours` unless the filer may change the process.

    A process may be changed by its owners, as the version in force names them, and by
    administrators; a new one by the owners that its draft names, too.
    """
    directory, target = office.directory(tx), target_of(tx, office, job)
    person = directory.get(job.filer)
    owned = (target or draft).definition
    if person is None or not person.active or not may_own(owned, directory, job.filer):
        raise Refusal("change_not_yours", process=owned.key)
