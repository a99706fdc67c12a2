"""Makes the card of the tasks on which a person may act, in pages, overdue ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.cards import parts
from handlers.i18n import Translator, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Line, Tone
from handlers.reading.case import Reading
from handlers.reading.formatter import Formatter, formatter
from handlers.searching import listed_case
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.model.nodes import ApprovalNode
from workflows.moments import Moment
from workflows.records import TaskRow

BATCH = "batch"  # the verb of the button that approves several at once
TASKS = "tasks"  # the verb of a button that shows a page of the tasks
MOST = 20  # lines on a card
FOUND_MOST = 200  # the most tasks that are counted


def tasks_card(tx: Tx, office: Office, *, reader: Person, language: str, page: int = 0) -> Card:
    """Return the card of the reader's open tasks, also as a deputy, overdue ones first."""
    directory, now = office.directory(tx), office.clock.now()
    rows = open_tasks(tx, directory, reader.key, now)
    write = formatter(office, directory, reader=reader, language=language)
    words = write.words
    late = sum(row.due_at is not None and row.due_at <= now for row in rows)

    def line(row: TaskRow) -> Line:
        definition = office.shelf.get(tx, row.definition).definition
        reading = listed_case(tx, office, row.case_id, reader=reader, language=language)
        due = write.due(row.due_at) if row.due_at is not None else _awaited(row, reading, write)
        msgid = "list.task" if row.claimed else "list.task.unclaimed"
        node = write.text(definition.node(row.node).name)
        subject = "" if reading is None else reading.subject
        text = words.t(msgid, node=node, case=row.case_id, subject=subject)
        return Line(when=due, text=" ".join(text.split()), case_id=row.case_id)

    first = page * MOST
    return Card(
        kind="list",
        title=words.n("list.tasks", len(rows)) if rows else words.t("list.tasks.none"),
        badge=Badge(text=words.n("list.overdue", late), tone=Tone.DANGER) if late else None,
        lines=tuple(line(row) for row in rows[first : first + MOST]),
        buttons=parts.opening(row.case_id for row in rows[first : first + MOST]),
        more=(
            *_batch(tx, office, rows, words),
            *parts.turning(words, page, more=len(rows) > first + MOST, button=_page),
        ),
        note=_left_out(len(rows) - first, language),
    )


def batch_rows(tx: Tx, office: Office, rows: Iterable[TaskRow]) -> tuple[TaskRow, ...]:
    """Return the tasks among these that may be approved several at once."""

    def allows(row: TaskRow) -> bool:
        node = office.shelf.get(tx, row.definition).definition.node(row.node)
        return row.claimed and isinstance(node, ApprovalNode) and node.batch

    return tuple(row for row in rows if allows(row))


def _batch(tx: Tx, office: Office, rows: Iterable[TaskRow], words: Translator) -> Iterator[Button]:
    """Yield the button that approves several at once, where there are several."""
    if len(batch_rows(tx, office, rows)) > 1:
        yield Button(verb=BATCH, label=words.t("button.batch"), token=str(Token(verb=BATCH)))


def tasks_page(argument: str) -> int:
    """Return the page that a button names. Raises Refusal `button_unknown`."""
    if not argument.isdecimal() or int(argument) * MOST >= FOUND_MOST:
        raise Refusal("button_unknown")
    return int(argument)


def _page(number: int, label: str) -> tuple[Button]:
    return (Button(verb=TASKS, label=label, token=str(Token(verb=TASKS, argument=str(number)))),)


def open_tasks(tx: Tx, directory: Directory, person: str, now: Moment) -> tuple[TaskRow, ...]:
    """Return the tasks on which a person may act now, also as a deputy, earliest due first."""
    principals = directory.principals_of(person, at=now)
    rows = tx.worklist.of((person, *principals), limit=FOUND_MOST)
    if not principals:
        return rows
    own = {(row.case_id, row.task) for row in tx.worklist.of((person,), limit=FOUND_MOST)}

    def stands_in(row: TaskRow) -> bool:
        deputies = (directory.deputy_of(o, at=now, process=row.process) for o in row.owners)
        return person in deputies

    return tuple(row for row in rows if (row.case_id, row.task) in own or stands_in(row))


def _awaited(row: TaskRow, reading: Reading | None, write: Formatter) -> str:
    """Return for whom a paused task waits, as far as the reader may know."""
    task = reading.case.task(row.task) if reading is not None else None
    if task is None or task.question is None:
        return write.words.t("clock.paused")
    return parts.awaited(write.words, task.question)


def _left_out(found: int, language: str) -> str:
    """Return a text with the number of entries that a list does not show; "" for none."""
    return translator(language).n("list.more", found - MOST) if found > MOST else ""
