"""Writes events as OCEL 2.0 in JSON, the format of object-centric process mining.

Objects are cases, tasks and people. Events are what people do, as in the log of
`handlers.exports.xes`; each is related to its case, its task and its people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from handlers.exports.xes import activity

CASE, TASK, PERSON = "case", "task", "person"
OBJECTS: Mapping[str, tuple[str, ...]] = {CASE: ("process",), TASK: ("node",), PERSON: ()}
"""The attributes of each type of objects, all of them texts."""
ATTRIBUTES = ("node", "via", "outcome")  # of events, all of them texts

_Row = Mapping[str, Any]
_Item = Mapping[str, Any]


def as_ocel(rows: Callable[[], Iterable[_Row]]) -> Iterator[bytes]:
    """Yield the log in pieces; `rows` is called twice and gives events that are ordered by case.

    They are read twice since events and objects are lists of their own, and neither is kept in
    memory.
    """
    kinds: dict[str, None] = {}
    people: dict[str, None] = {}
    yield b'{"events":['
    yield from _joined(_events(rows(), kinds, people))
    yield b'],\n"objects":['
    yield from _joined(_objects(rows(), people))
    types = {
        "eventTypes": [_type(kind, ATTRIBUTES) for kind in kinds],
        "objectTypes": [_type(kind, names) for kind, names in OBJECTS.items()],
    }
    yield b"],\n" + json.dumps(types, ensure_ascii=False)[1:].encode() + b"\n"


def _events(
    rows: Iterable[_Row], kinds: dict[str, None], people: dict[str, None]
) -> Iterator[_Item]:
    for row in rows:
        kind = activity(row)
        if kind is None:
            continue
        kinds[kind] = None
        who = {key: row[key] for key in ("actor", "on_behalf_of") if row[key]}
        people.update(dict.fromkeys(who.values()))
        related = [_related(row["case"], CASE)]
        if row["task"]:
            related.append(_related(_task_id(row), TASK))
        related += [_related(_person_id(person), key) for key, person in who.items()]
        yield {
            "id": f"{row['case']}:{row['seq']}",
            "type": kind,
            "time": row["at"],
            "attributes": [_value(name, row[name]) for name in ATTRIBUTES if row[name]],
            "relationships": related,
        }


def _objects(rows: Iterable[_Row], people: Iterable[str]) -> Iterator[_Item]:
    for _, events in groupby(rows, key=itemgetter("case")):
        first, *others = events
        filer = [_related(_person_id(first["actor"]), "filer")] if activity(first) else []
        yield _object(first["case"], CASE, {"process": first["process"]}, first["at"], filer)
        seen = set()
        for row in others:
            if row["task"] and row["task"] not in seen:
                seen.add(row["task"])
                of_case = [_related(row["case"], CASE)]
                node = {"node": row["node"] or ""}
                yield _object(_task_id(row), TASK, node, row["at"], of_case)
    for person in people:
        yield {"id": _person_id(person), "type": PERSON, "attributes": [], "relationships": []}


def _object(
    name: str, kind: str, values: Mapping[str, str], at: str, related: list[_Item]
) -> _Item:
    attributes = [{**_value(key, value), "time": at} for key, value in values.items()]
    return {"id": name, "type": kind, "attributes": attributes, "relationships": related}


def _task_id(row: _Row) -> str:
    return f"{row['case']}/{row['task']}"


def _person_id(person: str) -> str:
    """Return the id of a person, which no case or task has."""
    return f"{PERSON}:{person}"


def _related(name: str, qualifier: str) -> _Item:
    return {"objectId": name, "qualifier": qualifier}


def _value(name: str, value: object) -> _Item:
    return {"name": name, "value": str(value)}


def _type(name: str, attributes: Iterable[str]) -> _Item:
    return {"name": name, "attributes": [{"name": one, "type": "string"} for one in attributes]}


def _joined(items: Iterable[_Item]) -> Iterator[bytes]:
    for number, item in enumerate(items):
        text = json.dumps(item, ensure_ascii=False)
        yield (",\n" if number else "\n").encode() + text.encode("utf-8", "replace")
