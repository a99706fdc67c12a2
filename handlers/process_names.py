"""Finds a process by what people call it: its key, its name in either language, or its command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from handlers.office import Office
from storage.unit import Tx
from workflows.errors import DefinitionError
from workflows.model.words import Text
from workflows.records import StoredDefinition

_KEY = re.compile(r"[a-z][a-z0-9_-]*")


def key_named(tx: Tx, office: Office, given: str) -> str:
    """Return the key of the process that a text names, else the text itself, trimmed.

    Upper and lower case, full-width letters, further spaces and the slash of a command make no
    difference. Names that a process had in earlier versions count if no process has the name now,
    so that a change that renames its process still finds it. A name of two processes names none.
    """
    text = given.strip()
    if tx.definitions.hash_in_force(text) is not None:
        return text
    wanted, known = _plain(text), tx.definitions.known()
    found = _called(office, wanted, known)
    if not found and not _KEY.fullmatch(text):
        found = _called(office, wanted, _earlier(tx, known))
    return found.pop() if len(found) == 1 else text


def known_processes(tx: Tx, office: Office) -> tuple[Text, ...]:
    """Return every process with its name and, in parentheses, its key; a damaged one by its key."""
    return tuple(_title(office, one) for one in tx.definitions.known())


def _called(office: Office, wanted: str, several: Iterable[StoredDefinition]) -> set[str]:
    return {one.key for one in several if wanted in _names(office, one)}


def _earlier(tx: Tx, known: Iterable[StoredDefinition]) -> Iterator[StoredDefinition]:
    for one in known:
        for number in range(one.version - 1, 0, -1):
            stored = tx.definitions.version(one.key, number)
            if stored is not None:
                yield stored


def _names(office: Office, stored: StoredDefinition) -> frozenset[str]:
    try:
        definition = office.shelf.load(stored).definition
    except DefinitionError:
        return frozenset({_plain(stored.key)})
    name = definition.name
    return frozenset(map(_plain, (definition.key, definition.command, name.zh, name.en)))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().removeprefix("/")
    return " ".join(folded.replace("_", "-").split())


def _title(office: Office, stored: StoredDefinition) -> Text:
    try:
        name = office.shelf.load(stored).definition.name
    except DefinitionError:
        return Text(zh=stored.key, en=stored.key)
    # A name may be as long as a text can be.
    return Text.model_construct(zh=f"{name.zh}（{stored.key}）", en=f"{name.en} ({stored.key})")
