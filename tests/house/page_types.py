"""The types of docs/reference/playground-api.md, and whether a value is of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.house import source
from tests.house.documented import blocks

PAGE = source.ROOT / "docs" / "reference" / "playground-api.md"
TOKEN = re.compile(r'"[a-z_]*"|\w+|[{}\[\]:,|?]')
PLAIN: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "time": (str,),
    "id": (str,),
    "number": (int, float),
    "flag": (bool,),
    "object": (dict,),
    "any": (object,),
    "null": (type(None),),
}

Type = Any  # a name, a literal in quotes, ["list", T], ["or", T, …] or {key: T}


def documented() -> dict[str, Type]:
    """The types of the page by name."""
    text = "\n".join(script for kind, script in blocks(PAGE) if kind == "ts")
    text = re.sub(r"//.*", "", text)
    found: dict[str, Type] = {}
    for name, body in re.findall(r"^(\w+) = ((?:.|\n(?!\w))*)", text, re.MULTILINE):
        tokens = TOKEN.findall(body)
        found[name] = _type(tokens)
        assert tokens == [], f"{name}: {tokens}"
    return found


def _type(tokens: list[str]) -> Type:
    choices = [_one(tokens)]
    while tokens and tokens[0] == "|":
        tokens.pop(0)
        choices.append(_one(tokens))
    return choices[0] if len(choices) == 1 else ["or", *choices]


def _one(tokens: list[str]) -> Type:
    token = tokens.pop(0)
    if token == "[":
        inner = _type(tokens)
        assert tokens.pop(0) == "]"
        return ["list", inner]
    if token != "{":
        return token
    members: dict[str, Type] = {}
    while tokens[0] != "}":
        name = tokens.pop(0)
        if tokens[0] == "?":
            name += tokens.pop(0)
        assert tokens.pop(0) == ":", name
        members[name] = _type(tokens)
        if tokens[0] == ",":
            tokens.pop(0)
    tokens.pop(0)
    return members


TYPES = documented()


def strays(value: Any, kind: Type, at: str) -> Iterator[str]:
    """Where a value is not of its type."""
    if isinstance(kind, str) and kind in TYPES:
        yield from strays(value, TYPES[kind], at)
    elif isinstance(kind, dict):
        yield from _strays_of_object(value, kind, at)
    elif isinstance(kind, list) and kind[0] == "list":
        if not isinstance(value, list):
            yield f"{at}: {value!r} is no list"
            return
        for index, inner in enumerate(value):
            yield from strays(inner, kind[1], f"{at}[{index}]")
    elif isinstance(kind, list):
        choices = [choice for choice in kind[1:] if (choice == "null") == (value is None)]
        found = [list(strays(value, choice, at)) for choice in choices]
        if all(found):
            yield from found[0] if len(found) == 1 else [f"{at}: {value!r} is none of {choices}"]
    elif kind.startswith('"'):
        if value != kind.strip('"'):
            yield f"{at}: {value!r} is not {kind}"
    elif not isinstance(value, PLAIN[kind]) or (kind == "number" and isinstance(value, bool)):
        yield f"{at}: {value!r} is no {kind}"


def _strays_of_object(value: Any, members: dict[str, Type], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: {value!r} is no object"
        return
    for name in sorted({name.rstrip("?") for name in members} ^ set(value)):
        if f"{name}?" not in members:
            yield f"{at}.{name}: {'not documented' if name in value else 'not answered'}"
    for name, inner in value.items():
        kind = members.get(name, members.get(f"{name}?"))
        if kind is not None:
            yield from strays(inner, kind, f"{at}.{name}")


def assert_is(value: Any, kind: Type) -> None:
    assert list(strays(value, kind, str(kind))) == []
