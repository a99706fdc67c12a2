"""A value of a TOML text is changed and everything else stays, byte for byte."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from workflows.toml_edits import (
    CannotEdit,
    append,
    remove_element,
    remove_key,
    rename_key,
    set_value,
    written,
)
from workflows.toml_lines import lay_out

PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("**/*.toml") if path.suffixes == [".toml"])
TEXT = """# Ours
title = "old"   # said here
owner.name = 'Ann'

[forms.one]
fields = [
  { id = "x", label = { zh = "一", en = "one" } }, # the first
  { id = "y", options = [1, 2,
    3] }   # the last
]
few = [{ a = 1 }, { a = 2 }]

[[nodes]]
id = "a"
due = "2h"
# between

[[nodes]]
id = "b"
[nodes.to]
x = 1
"""


def changes(text: str, made: str) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that are new."""
    before, after = text.split("\n"), made.split("\n")
    return [one for one in before if one not in after], [one for one in after if one not in before]


@pytest.mark.parametrize(
    ("path", "value", "gone", "new"),
    [
        (
            ("title",),
            'n "e" w',
            ['title = "old"   # said here'],
            ['title = "n \\"e\\" w"   # said here'],
        ),
        (("owner", "name"), "Bo", ["owner.name = 'Ann'"], ['owner.name = "Bo"']),
        (("nodes", 0, "due"), "3h", ['due = "2h"'], ['due = "3h"']),
        (("nodes", 1, "due"), "3h", [], ['due = "3h"']),
        (("nodes", 1, "to", "y y"), 2, [], ['"y y" = 2']),
        (
            ("forms", "one", "fields", 0, "label", "zh"),
            "壹",
            ['  { id = "x", label = { zh = "一", en = "one" } }, # the first'],
            ['  { id = "x", label = { zh = "壹", en = "one" } }, # the first'],
        ),
        (
            ("forms", "one", "few", 1, "b"),
            True,
            ["few = [{ a = 1 }, { a = 2 }]"],
            ["few = [{ a = 1 }, { a = 2, b = true }]"],
        ),
        (
            ("forms", "one", "fields", 1, "options"),
            [4, {"k": "v"}],
            ['  { id = "y", options = [1, 2,', "    3] }   # the last"],
            ['  { id = "y", options = [4, { k = "v" }] }   # the last'],
        ),
    ],
)
def test_a_value_is_set(path, value, gone, new):
    assert changes(TEXT, set_value(TEXT, path, value)) == (gone, new)


def test_a_key_is_renamed():
    assert changes(TEXT, rename_key(TEXT, ("nodes", 0, "due"), "limit")) == (
        ['due = "2h"'],
        ['limit = "2h"'],
    )


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (("nodes", 0, "due"), 'id = "a"\n# between'),
        (("forms", "one", "fields", 0, "id"), '  { label = { zh = "一", en = "one" } }, #'),
        (("forms", "one", "fields", 0, "label", "en"), '{ zh = "一" }'),
        (("forms", "one", "few", 0, "a"), "few = [{  }, { a = 2 }]"),
    ],
)
def test_a_key_is_removed(path, left):
    assert left in remove_key(TEXT, path)


def test_a_key_without_a_line_end_is_removed():
    assert remove_key("a = 1\nb = 2", ("b",)) == "a = 1\n"
    assert remove_key("t = {a = 1, b = 2}", ("t", "b")) == "t = {a = 1 }"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("forms", "one", "fields"), '  { id = "z" },\n]'),
        (("forms", "one", "few"), '{ a = 2 }, { id = "z" }]'),
        (("nodes",), 'x = 1\n\n[[nodes]]\nid = "z"\n'),
    ],
)
def test_a_table_is_added_at_the_end(path, line):
    made = append(TEXT, path, {"id": "z"})
    assert line in made
    gone, _ = changes(TEXT, made)
    assert gone in ([], ["    3] }   # the last"], ["few = [{ a = 1 }, { a = 2 }]"])
    assert made.count("#") == TEXT.count("#")


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("forms", "one", "fields", 0), 1),
        (("forms", "one", "fields", 1), 2),
        (("nodes", 0), 3),
        (("nodes", 1), 4),
    ],
)
def test_an_element_is_removed(path, gone):
    made = remove_element(TEXT, path)
    assert len(TEXT.splitlines()) - len(made.splitlines()) in (gone, gone - 1)
    assert made.startswith("# Ours\n")


def test_elements_of_one_line_are_removed():
    assert "few = [{ a = 2 }]" in remove_element(TEXT, ("forms", "one", "few", 0))
    assert "few = [{ a = 1 } ]" in remove_element(TEXT, ("forms", "one", "few", 1))
    spaced = "a = [ 1, 2 ]\n"
    assert remove_element(spaced, ("a", 1)) == "a = [ 1 ]\n"


@pytest.mark.parametrize(
    "edit",
    [
        lambda: set_value("a = 1\n", ("b", "c"), 2),
        lambda: set_value("[b]\n", ("b", "c"), 2),
        lambda: set_value("a = [1]\n", ("a", 3, "x"), 2),
        lambda: rename_key('"due" = 1\n', ("due",), "limit"),
        lambda: rename_key("[due]\nx = 1\n", ("due",), "limit"),
        lambda: remove_key("[due]\nx = 1\n", ("due",)),
        lambda: append("a = [\n  { x = 1 }\n  , { x = 2 }\n  ,]\n", ("a",), {"x": 3}),
        lambda: append("a = [\n  { x = 1 },\n  { x = 2 }\n  ,]\n", ("a",), {"x": 3}),
    ],
)
def test_what_is_not_understood_is_refused(edit):
    with pytest.raises(CannotEdit):
        edit()


def test_values_are_written_as_toml_reads_them():
    value = {"a b": 'q"\\\x7f\n', "n": 1, "yes": True, "list": ["x", {"y": "中"}]}
    assert tomllib.loads(f"v = {written(value)}")["v"] == value


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_any_value_of_a_shipped_definition_can_be_set(path):
    text = path.read_text(encoding="utf-8")
    layout = lay_out(text)
    for place in list(layout.keys)[::17]:
        start, end = layout.values[place]
        made = set_value(text, place, "?")
        assert made == f'{text[:start]}"?"{text[end:]}'
