"""Makes the cards of `/points`: one's own points for lateness, and those that one answers for."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import start
from handlers.casework import find
from handlers.office import Office
from handlers.pages import Button, Card, Line
from handlers.reading.formatter import Formatter, formatter
from handlers.table_values import people_of_process, process_owners
from handlers.tokens import Token
from storage.points import PointsRow
from storage.unit import Tx
from workflows.directory import Person
from workflows.model.definition import Definition

MOST = 20  # lines on a card
BUTTONS_MOST = 5


def points_cards(tx: Tx, office: Office, *, reader: Person, language: str) -> tuple[Card, ...]:
    """Return the ledger of the reader, and those of the processes that they own or waive for."""
    write = formatter(office, office.directory(tx), reader=reader, language=language)
    rows = tx.points.of_person(reader.key, most=MOST)
    total = tx.points.total(reader.key)
    own = Card(
        kind="list",
        title=write.words.n("points.own", total) if rows else write.words.t("points.none"),
        lines=tuple(_line(tx, office, row, write, named=False) for row in rows),
    )
    return (own, *_owned(tx, office, reader, write))


def _owned(tx: Tx, office: Office, reader: Person, write: Formatter) -> Iterator[Card]:
    directory = office.directory(tx)
    for loaded in start.in_force(tx, office):
        definition = loaded.definition
        rule = definition.penalties
        if rule is None:
            continue
        waives = reader.key in people_of_process(rule.waived_by, definition, directory)
        if not waives and reader.key not in process_owners(definition, directory):
            continue
        rows = tx.points.of_process(definition.key, most=MOST)
        total = tx.points.total_of_process(definition.key)
        yield Card(
            kind="list",
            title=write.words.n(
                "points.process",
                total,
                process=write.text(definition.name),
                name=write.text(rule.name),
            ),
            lines=tuple(_line(tx, office, row, write, named=True) for row in rows),
            buttons=tuple(_waiving(rows)) if waives else (),
            note=write.words.t("points.waive_hint") if rows and waives else "",
        )


def _waiving(rows: tuple[PointsRow, ...]) -> Iterator[Button]:
    cases = dict.fromkeys(row.case_id for row in rows if not row.waived)
    for case_id in [*cases][:BUTTONS_MOST]:
        token = Token(verb="waive", case_id=case_id)
        yield Button(verb="waive", label=case_id, token=str(token))


def _definition(tx: Tx, office: Office, row: PointsRow) -> Definition:
    """Return the definition that has the node of a charge, also of a case that has moved on."""
    definition = office.shelf.get(tx, row.definition).definition
    if definition.has_node(row.node):
        return definition
    return office.shelf.of(tx, find(tx, row.case_id, lock=False)).definition


def _line(tx: Tx, office: Office, row: PointsRow, write: Formatter, *, named: bool) -> Line:
    text = write.words.t(
        "points.line.named" if named else "points.line",
        who=write.name(row.person),
        node=write.text(_definition(tx, office, row).node(row.node).name),
        case=row.case_id,
        points=write.words.n("points.amount", row.points),
    )
    if row.waived:
        text = write.words.t("points.line.waived", text=text)
    return Line(when=write.at(row.day), text=text, case_id=row.case_id)
