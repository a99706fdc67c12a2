"""Makes the lines of a list of cases, as far as its reader may see each case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import start
from handlers.cards import parts
from handlers.case_lists import View, Wanted, find_cases, views_of
from handlers.office import Office
from handlers.reading.case import Reading
from handlers.reading.formatter import Formatter, department_name, formatter
from handlers.reading.standing import steps
from handlers.searching import held_case, listed_case
from storage.unit import Tx
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.directory import Person
from workflows.model.nodes import WorkNode
from workflows.records import CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list. `subject` is empty and `opens` false for one that may not be read."""

    id: str
    process: str
    subject: str
    steps: str
    holders: str
    due: str
    late: bool
    status: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """A page of a list, and what the reader can choose in it, as pairs of key and name."""

    wanted: Wanted
    lines: tuple[CaseLine, ...]
    more: bool
    views: tuple[View, ...]
    processes: tuple[tuple[str, str], ...]
    departments: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]  # of the process that is asked for


def case_list(tx: Tx, office: Office, wanted: Wanted, *, reader: Person, language: str) -> CaseList:
    """Return a page of cases.

    Raises Refusal `no_team`, `owns_no_process` or `no_such_department`.
    """
    directory = office.directory(tx)
    write = formatter(office, directory, reader=reader, language=language)
    found = find_cases(tx, office, wanted, reader=reader, language=language)
    definitions = [one.definition for one in start.in_force(tx, office)]
    chosen = [one for one in definitions if one.key == wanted.process]
    nodes = [node for one in chosen for node in one.nodes if isinstance(node, WorkNode)]
    return CaseList(
        wanted=wanted,
        lines=tuple(
            _line(tx, office, row, write, reader=reader, view=wanted.view) for row in found.rows
        ),
        more=found.more,
        views=views_of(tx, office, reader=reader),
        processes=tuple((one.key, write.text(one.name)) for one in definitions),
        departments=tuple(
            (one.id, department_name(one, language)) for one in directory.departments.values()
        ),
        steps=tuple((node.id, write.text(node.name)) for node in nodes),
    )


def first_view(tx: Tx, office: Office, *, reader: Person) -> View:
    """Return the widest list of a person, which the dashboard begins with."""
    views = views_of(tx, office, reader=reader)
    return next(one for one in (View.ALL, View.TEAM, View.MINE) if one in views)


def _line(
    tx: Tx, office: Office, row: CaseRow, write: Formatter, *, reader: Person, view: View
) -> CaseLine:
    language = write.language
    reading = listed_case(tx, office, row.id, reader=reader, language=language)
    seen = reading
    if seen is None and view is View.TEAM:
        seen = held_case(tx, office, row.id, language=language)
    definition = office.shelf.get(tx, row.definition).definition
    late = row.status == Status.RUNNING and row.due_at is not None and row.due_at <= write.now
    status = write.words.t("task.overdue" if late else f"status.{row.status}")
    at = write.text(definition.node(row.node).name)
    if reading is not None:
        at = steps(reading)
    elif seen is not None:
        at = seen.listed(dict.fromkeys(_open_steps(seen))) or at
    return CaseLine(
        id=row.id,
        process=write.text(definition.name),
        subject="" if reading is None else reading.subject,
        steps=at,
        holders="" if seen is None else _holders(seen),
        due=write.due(row.due_at) if row.due_at and row.status == Status.RUNNING else "",
        late=late,
        status=status,
        opens=reading is not None,
    )


def _open_steps(reading: Reading) -> Iterator[str]:
    for task in reading.case.tasks:
        if task.status is TaskStatus.OPEN:
            yield reading.node(task.node)


def _holders(reading: Reading) -> str:
    tasks = reading.case.open_tasks
    return parts.has_it(reading, tasks) if tasks else ""
