"""Checks across the entries of a directory: duplicates, unknown ids, circles of managers."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.config import CHATS
from bot.findings import Findings, Keys

Entries = Sequence[Mapping[str, Any]]


def check_people(
    people: Entries, departments: Entries, *, known: Collection[str], findings: Findings
) -> None:
    """Add findings about entries in relation to each other; invalid entries are included.

    `known` are the ids of departments that people may belong to.
    """
    _note_repeated("departments", departments, "id", findings)
    for key in ("id", "email", *CHATS):
        _note_repeated("people", people, key, findings)
    people_ids = {_text(person, "id") for person in people}
    for index, person in enumerate(people):
        for key, allowed in (("department", known), ("manager", people_ids)):
            _note_missing(("people", index, key), _text(person, key), allowed, findings)
    for index, one in enumerate(departments):
        _note_missing(("departments", index, "head"), _text(one, "head"), people_ids, findings)
    places = {_text(person, "id"): index for index, person in enumerate(people)}
    for circle in _circles({_text(one, "id"): _text(one, "manager") for one in people}):
        keys: Keys = ("people", places[circle[0]], "manager")
        findings.add("manager_circle", keys, circle=" → ".join(circle))


def _text(entry: Mapping[str, Any], key: str) -> str:
    """Return the value of a key, "" when it is no text, which is reported elsewhere."""
    value = entry.get(key, "")
    return str(value) if isinstance(value, str) or type(value) is int else ""


def _note_repeated(kind: str, entries: Entries, key: str, findings: Findings) -> None:
    first: dict[str, int] = {}
    for index, entry in enumerate(entries):
        value = _text(entry, key)
        same = (
            value.lower()
        )  # ids and addresses that differ only in case are taken for a typing error
        if value and same in first:
            other = findings.line((kind, first[same], key))
            findings.add("repeated", (kind, index, key), value=value, other=other)
        first.setdefault(same, index)


def _note_missing(keys: Keys, wanted: str, known: Collection[str], findings: Findings) -> None:
    if not wanted or wanted in known:
        return
    code = "unknown_department" if keys[-1] == "department" else "unknown_person"
    close = difflib.get_close_matches(wanted, known, n=1)
    if close:
        findings.add(f"{code}_close", keys, value=wanted, close=close[0])
    else:
        findings.add(code, keys, value=wanted)


def _circles(managers: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield every circle of managers once; it begins and ends with the same person."""
    done: set[str] = set()
    for start in managers:
        line: list[str] = []
        current = start
        while current in managers and current not in done and current not in line:
            line.append(current)
            current = managers[current]
        if current in line:
            yield [*line[line.index(current) :], current]
        done.update(line)
