"""Every key of a TOML text has its line, however it is written; nonsense stops the scan quietly."""

from __future__ import annotations

import pytest

from workflows.toml_lines import TooDeep, line_of, locate

TEXT = '''\
# a comment
title = "a = [ not a table"  # said here
"a.b" = 1979-05-27 07:32:00
owner.'first name' = 3.14
[forms.one]
fields = [
  { id = "x", label = { zh = """
多行""", en = \'\'\'
lines\'\'\' } }, # one

  { id = "y", options = [1, 2,
    3], },
]

[[nodes]]
[nodes.outcomes.approve]
to = "end"
[[nodes]]
id = "b"
[[nodes.routes]]
[[nodes.routes]]
to = "c"
'''


def test_all_ways_of_writing_are_located():
    assert locate(TEXT) == {
        ("title",): 2,
        ("a.b",): 3,
        ("owner",): 4,
        ("owner", "first name"): 4,
        ("forms",): 5,
        ("forms", "one"): 5,
        ("forms", "one", "fields"): 6,
        ("forms", "one", "fields", 0): 7,
        ("forms", "one", "fields", 0, "id"): 7,
        ("forms", "one", "fields", 0, "label"): 7,
        ("forms", "one", "fields", 0, "label", "zh"): 7,
        ("forms", "one", "fields", 0, "label", "en"): 8,
        ("forms", "one", "fields", 1): 11,
        ("forms", "one", "fields", 1, "id"): 11,
        ("forms", "one", "fields", 1, "options"): 11,
        ("forms", "one", "fields", 1, "options", 0): 11,
        ("forms", "one", "fields", 1, "options", 1): 11,
        ("forms", "one", "fields", 1, "options", 2): 12,
        ("nodes",): 15,
        ("nodes", 0): 15,
        ("nodes", 0, "outcomes"): 16,
        ("nodes", 0, "outcomes", "approve"): 16,
        ("nodes", 0, "outcomes", "approve", "to"): 17,
        ("nodes", 1): 18,
        ("nodes", 1, "id"): 19,
        ("nodes", 1, "routes"): 20,
        ("nodes", 1, "routes", 0): 20,
        ("nodes", 1, "routes", 1): 21,
        ("nodes", 1, "routes", 1, "to"): 22,
    }


def test_windows_line_ends_count_once():
    assert locate("a = 1\r\n\r\nb = 2\r\n") == {("a",): 1, ("b",): 3}


def test_what_is_missing_is_looked_for_around():
    lines = locate(TEXT)
    assert line_of(lines, ("nodes", 1, "routes", 1, "when")) == 21
    assert line_of(lines, ("nodes", 7)) == 15
    assert line_of(lines, ("survey", "to")) is None


@pytest.mark.parametrize(
    "rest",
    [
        "b = 2 c = 3",
        "b",
        "b =",
        "= 3",
        "[b",
        "[[b]",
        "b = [1 = 2]",
        "b = { c }",
        'b = "open',
        '"\\q" = 1',
        "b. = 1",
        '"""b""" = 1',
    ],
)
def test_the_scan_stops_where_the_text_is_no_toml(rest):
    found = locate(f"a = 1\n{rest}\nlast = 3\n")
    assert found[("a",)] == 1
    assert ("last",) not in found


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" + "a." * 30_000 + "a = 1",
        "x = 1\n[" + "a." * 30_000 + "a]",
        "x = 1\na = " + "[" * 60_000,
        "x = 1\na = " + "{a=" * 20_000,
    ],
)
def test_depth_is_refused_at_its_line_before_the_parser_suffers(text):
    with pytest.raises(TooDeep) as refusal:
        locate(text)
    assert refusal.value.line == 2


def test_depth_within_reason_is_fine():
    locate("a.b.c.d.e.f.g.h = " + "[" * 8 + "1" + "]" * 8)
