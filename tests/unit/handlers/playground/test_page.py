"""The records of the page have the keys and the kinds of value that the reference describes."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import pytest

from handlers.diagram import coverage, view
from handlers.pages import Answer, Button, Card, FileLink, FormSheet, Question
from handlers.playground import drafts_page, page, rehearsal_page
from tests.house.page_types import TYPES, Type

RECORDS: Mapping[str, type] = {
    **{
        name.removeprefix("Page"): record
        for module in (drafts_page, page, rehearsal_page)
        for name, record in vars(module).items()
        if name.startswith("Page") and name.removeprefix("Page") in TYPES
    },
    "Answer": Answer,
    "Button": Button,
    "Card": Card,
    "CoverageDiagram": coverage.CoverageDiagram,
    "CoverageEdge": coverage.CoverageEdge,
    "CoverageNode": coverage.CoverageNode,
    "Diagram": view.DrawnDiagram,
    "Edge": view.DrawnEdge,
    "File": FileLink,
    "Form": FormSheet,
    "Node": view.DrawnNode,
    "Question": Question,
}
PLAIN = {str: "text", int: "number", float: "number", bool: "flag", type(None): "null"}
AGAIN = "again"  # a part that contains itself, such as the columns of a question
SAME = {"time": "text", "id": "text"}  # a text, with a meaning


def of_record(kind: Any, within: tuple[Any, ...] = ()) -> Any:
    """The kind of JSON value of a type of Python, in the form of `of_page`."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in within:
        return AGAIN
    if origin in (typing.Union, types.UnionType):
        return frozenset(of_record(one, within) for one in inner)
    if origin is Literal or kind in PLAIN or (isinstance(kind, type) and issubclass(kind, str)):
        return PLAIN.get(kind, "text")
    if origin is tuple:
        return ("list", of_record(inner[0], within))
    if origin is Mapping or origin is dict:
        return "object"
    if kind is object:
        return "any"
    inside = (*within, kind)
    return ("object", *((one, of_record(of, inside)) for one, of in fields_of(kind)))


def fields_of(record: Any) -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(record)
    yield from ((name, hints[name]) for name in sorted(f.name for f in dataclasses.fields(record)))


def of_page(kind: Type, within: tuple[str, ...] = ()) -> Any:
    """The kind of JSON value of a type of the reference, written out to its plain parts."""
    if isinstance(kind, dict):
        named = sorted((name.rstrip("?"), of_page(of, within)) for name, of in kind.items())
        return ("object", *named)
    if isinstance(kind, list) and kind[0] == "list":
        return ("list", of_page(kind[1], within))
    if isinstance(kind, list):
        choices = frozenset(of_page(one, within) for one in kind[1:])
        return choices if len(choices) > 1 else next(iter(choices))
    if kind in within:
        return AGAIN
    if kind in TYPES:
        return of_page(TYPES[kind], (*within, kind))
    return "text" if kind.startswith('"') else SAME.get(kind, kind)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_record_has_the_shape_that_the_reference_describes(name: str) -> None:
    assert of_record(RECORDS[name]) == of_page(name)


def test_every_record_of_the_page_is_compared() -> None:
    both = (*vars(page).items(), *vars(rehearsal_page).items())
    declared = {name for name, one in both if isinstance(one, type)}
    inside = {
        *("PageName", "PageCommand", "PageExample", "PageDocument", "PageField", "PageStep"),
        *("PageTally", "PagePartLine", "PageVerdict", "PageGot", "PageGroup", "PageItem"),
    }
    compared = {record.__name__ for record in RECORDS.values()}

    assert {name for name in declared if name.startswith("Page")} - inside <= compared
