"""Checks the words of a search against what a person sees of a case.

The database finds a word in any value of a case. A value that the person may not see must not be
found either, since each search would tell a bit of it: the cases of a process that hides values,
and those that the person may not read, are compared once more without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers import start
from handlers.answers import plain_forms
from handlers.office import Office
from handlers.reading.case import Reading, open_case, open_unchecked
from storage.searching import plain, words_of
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.records import CaseRow, SearchWord

WORDS_MOST = 10  # of a search; further words are ignored


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


def listed_case(
    tx: Tx, office: Office, case_id: str, *, reader: Person, language: str
) -> Reading | None:
    """Return a case for a line of a list; None if the reader may not read it.

    A deputy's list has the tasks of the principal, also in a case that the principal filed, which
    the deputy may not read; a manager's has the cases that the manager's people have.
    """
    try:
        return open_case(tx, office, case_id=case_id, reader=reader, language=language, row=True)
    except Refusal as refusal:
        if refusal.code != "not_your_case":
            raise
        return None


def held_case(tx: Tx, office: Office, case_id: str, *, language: str) -> Reading:
    """Return a case of the team's list, of which a manager sees who has which step until when."""
    return open_unchecked(tx, office, case_id=case_id, language=language, row=True)


def sees_words(
    tx: Tx,
    office: Office,
    row: CaseRow,
    *,
    wanted: Sequence[SearchWord],
    reader: Person,
    language: str,
    reads: bool,
) -> bool:
    """Return whether the reader sees each word in the case; `reads` if they may read it for sure.

    Of a case that they may not read they see the number and the process.
    """
    nodes = office.shelf.get(tx, row.definition).definition.nodes
    hides = any(node.hidden for node in nodes if isinstance(node, TaskNode | ApprovalNode))
    if not wanted or (reads and not hides):
        return True
    reading = listed_case(tx, office, row.id, reader=reader, language=language)
    texts = (plain(row.id),) if reading is None else tuple(_visible(reading))
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
