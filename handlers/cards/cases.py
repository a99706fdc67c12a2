"""Makes the card of a list of cases, with the buttons that turn its pages and show other lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.cards import parts
from handlers.case_lists import Found, State, View, Wanted, find_cases, views_of
from handlers.i18n import Translator
from handlers.office import Office
from handlers.pages import Button, Card, Line
from handlers.reading.case import Reading
from handlers.reading.formatter import Formatter, formatter
from handlers.reading.standing import steps
from handlers.searching import held_case, listed_case
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.directory import Person
from workflows.records import CaseRow

LIST = "cases"  # the verb of a button that shows a list
SHOWN_MOST = 3  # open tasks of a case in a team's list


def cases_card(
    tx: Tx, office: Office, *, reader: Person, language: str, wanted: Wanted | None = None
) -> Card:
    """Return the card of a page of a list; without `wanted`, of the cases of the reader.

    Raises Refusal `no_team` or `owns_no_process` for a list that the reader does not have.
    """
    wanted = wanted or Wanted()
    write = formatter(office, office.directory(tx), reader=reader, language=language)
    found = find_cases(tx, office, wanted, reader=reader, language=language)
    readings = {
        row.id: listed_case(tx, office, row.id, reader=reader, language=language)
        for row in found.rows
    }
    team = wanted.view is View.TEAM
    return Card(
        kind="list",
        title=_title(write.words, wanted, found),
        lines=tuple(
            _line(tx, office, row, readings[row.id], write=write, team=team) for row in found.rows
        ),
        buttons=parts.opening(case_id for case_id, one in readings.items() if one is not None),
        more=(
            *parts.turning(
                write.words,
                wanted.page,
                more=found.more,
                button=lambda page, label: list_button(replace(wanted, page=page), label),
            ),
            *_others(write.words, wanted, views_of(tx, office, reader=reader)),
        ),
        note=write.words.t("list.cases.further") if found.more and not wanted.argument else "",
    )


def _title(words: Translator, wanted: Wanted, found: Found) -> str:
    name = words.t(f"view.{wanted.view}.title")
    if wanted.state is not State.ANY:
        name = words.t("view.state", view=name, state=words.t(f"state.{wanted.state}"))
    if found.more or wanted.page:
        return words.t("list.cases.page", view=name, page=wanted.page + 1)
    if not found.rows:
        return words.t("list.cases.none", view=name)
    return words.n("list.cases", len(found.rows), view=name)


def _line(
    tx: Tx, office: Office, row: CaseRow, reading: Reading | None, *, write: Formatter, team: bool
) -> Line:
    """Return a case as one line; of one that the reader may not read, what a manager may know."""
    definition = office.shelf.get(tx, row.definition).definition
    late = row.status == Status.RUNNING and row.due_at is not None and row.due_at <= write.now
    text = write.words.t(
        "list.team" if team else "list.case",
        case=row.id,
        subject="" if reading is None else reading.subject,
        process=write.text(definition.name),
        status=write.words.t(f"status.{row.status}"),
        node=write.text(definition.node(row.node).name) if reading is None else steps(reading),
        held=_held(tx, office, row, reading, write=write) if team else "",
    )
    return Line(
        when=write.due(row.due_at) if row.due_at and (late or team) else write.at(row.created_at),
        text=" ".join(text.split()),
        case_id="" if reading is None else row.id,
    )


def _held(
    tx: Tx, office: Office, row: CaseRow, reading: Reading | None, *, write: Formatter
) -> str:
    """Return the open steps of a case, each with the people who have it."""
    if reading is None:
        reading = held_case(tx, office, row.id, language=write.language)
    tasks = [one for one in reading.case.tasks if one.status is TaskStatus.OPEN]
    shown = [
        reading.words.t("list.held", node=reading.node(one.node), people=reading.names(one.owners))
        for one in tasks[:SHOWN_MOST]
    ]
    return reading.listed(shown) + ("…" if len(tasks) > SHOWN_MOST else "")


def _others(words: Translator, wanted: Wanted, views: tuple[View, ...]) -> Iterator[Button]:
    """Yield the buttons of the other states of this list, then those of the other lists."""
    for state in State:
        if state is not wanted.state and not (wanted.view is View.TEAM and state is State.CLOSED):
            yield from list_button(replace(wanted, state=state, page=0), words.t(f"state.{state}"))
    for view in views:
        if view is not wanted.view:
            yield from list_button(Wanted(view=view), words.t(f"view.{view}"))


def list_button(wanted: Wanted, label: str) -> Iterator[Button]:
    """Yield the button of a list, unless its words are too long for one."""
    if wanted.argument:
        yield Button(verb=LIST, label=label, token=str(Token(verb=LIST, argument=wanted.argument)))
