"""Finds the cases in which a person takes part, by the words in them.

The database finds a word in any value of a case. A value that the person may not see must not be
found either, since each search would tell a bit of it: the cases of a process that hides values are
compared once more, without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers import start
from handlers.answers import plain_forms
from handlers.office import Office
from handlers.reading.case import Reading, open_case
from storage.searching import plain, words_of
from storage.unit import Tx
from workflows.directory import Person
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.records import CaseQuery, CaseRow, SearchWord

WORDS_MOST = 10  # of a search; further words are ignored


def find_cases(
    tx: Tx, office: Office, *, reader: Person, language: str, text: str, limit: int
) -> tuple[CaseRow, ...]:
    """Return the cases in which the reader is a participant, newest first.

    With `text`, only those that contain each of its words in what the reader may see.
    """
    wanted = tuple(wanted_words(tx, office, text, language))
    rows = tx.cases.find(CaseQuery(participant=reader.key, words=wanted, limit=limit))
    if not wanted:
        return rows
    return tuple(
        row
        for row in rows
        if _seen(tx, office, row, wanted=wanted, reader=reader, language=language)
    )


def wanted_words(tx: Tx, office: Office, text: str, language: str) -> Iterator[SearchWord]:
    """Yield the words of a search, each with the processes whose name contains it."""
    typed = plain_forms(text).casefold().split()[:WORDS_MOST]
    names = (
        {
            loaded.definition.key: loaded.definition.name.of(language).casefold()
            for loaded in start.in_force(tx, office)
        }
        if typed
        else {}
    )
    for word in typed:
        processes = tuple(key for key, name in names.items() if word in name)
        yield SearchWord(word=word, processes=processes)


def _seen(
    tx: Tx,
    office: Office,
    row: CaseRow,
    *,
    wanted: Sequence[SearchWord],
    reader: Person,
    language: str,
) -> bool:
    """Return whether the reader sees each word in the case."""
    nodes = office.shelf.get(tx, row.definition).definition.nodes
    if not any(node.hidden for node in nodes if isinstance(node, TaskNode | ApprovalNode)):
        return True
    reading = open_case(tx, office, case_id=row.id, reader=reader, language=language, row=True)
    texts = tuple(_visible(reading))
    return all(
        row.process in word.processes or any(plain(word.word) in text for text in texts)
        for word in wanted
    )


def _visible(reading: Reading) -> Iterator[str]:
    yield plain(reading.case.id)
    for content in reading.contents.values():
        values = (content.body or {}).get("values")
        if isinstance(values, dict):
            shown = {name: one for name, one in values.items() if name not in reading.hidden}
            yield words_of({"values": shown}) or ""
