"""What the parser says is said again as a sentence of ours, wherever we know its sentence."""

from __future__ import annotations

import tomllib

import pytest

from workflows import toml_errors
from workflows.said import Saying


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("?", "toml_statement"),
        ("a = 1 b = 2", "toml_newline"),
        ("a = 1\na = 2", "toml_overwrite"),
        ("a 1", "toml_equals"),
        ("[a", "toml_table_end"),
        ("[[a", "toml_tables_end"),
        ("a.? = 1", "toml_key"),
        ("a = [1", "toml_array"),
        ("a = {b = 1", "toml_inline"),
        (r'a = "\q"', "toml_backslash"),
        (r'a = "\uzzzz"', "toml_hex"),
        (r'a = "\ud800"', "toml_scalar"),
        ('a = "', "toml_unterminated"),
        ("a = x", "toml_value"),
        ("a = 2026-02-30", "toml_date"),
        ("[a]\n[a]", "toml_twice"),
        ("# \x01", "toml_character"),
        ('a = "\n"', "toml_illegal"),
        ("a = {b = 1, b = 2}", "toml_duplicate"),
        ("a = '''", "toml_expected"),
    ],
)
def test_a_sentence_of_the_parser_is_known(text, code):
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    said, _, _ = str(refused.value).partition(" (at ")
    reason = toml_errors.reason(said)
    assert isinstance(reason, Saying), said
    assert reason == said[:1].lower() + said[1:]
    assert reason.code == code


def test_a_sentence_that_nobody_knows_stays_as_it_is():
    assert toml_errors.reason("Out of paper") == "out of paper"
    assert toml_errors.remedy("Out of paper") == "Compare the line with one that works"
