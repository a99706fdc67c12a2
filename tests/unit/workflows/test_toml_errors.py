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
    assert reason == (said[:1].lower() + said[1:]).replace("('a',)", "[a]")
    assert reason.code == code


@pytest.mark.parametrize(
    ("text", "table"),
    [("[a]\n[a]", "a"), ("[a.b]\n[a.b]", "a.b"), ("[[a]]\n[a]", "a"), ("a.b = 1\n[a]", "a")],
)
def test_a_table_that_begins_twice_is_named_as_it_is_written(text, table):
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    fault = toml_errors.fault(text, str(refused.value))
    assert fault.reason == f"cannot declare [{table}] twice"


@pytest.mark.parametrize(
    ("text", "line", "column", "sign", "plain"),
    [
        ("a = 1\nowner = “role:hr”", 2, 9, "“", '"'),
        ('name = { zh = "请假"， en = "Leave" }', 1, 19, "，", ","),
        ("a ＝ 1", 1, 3, "＝", "="),
        ("【a】", 1, 1, "【", "["),
        ('a = "role:hr”', 1, 13, "”", '"'),
        ('a = "“x”" ＃ “', 1, 11, "＃", "#"),
        ("a = ‘x’ # “", 1, 5, "‘", "'"),
    ],
)
def test_a_chinese_sign_is_named_with_the_plain_one(text, line, column, sign, plain):
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    fault = toml_errors.fault(text, str(refused.value))
    assert (fault.line, fault.column) == (line, column)
    assert fault.reason == f"{sign} is a Chinese or typographic sign"
    assert fault.remedy == f"Write the plain {plain} here"


def test_chinese_signs_in_texts_and_comments_are_no_fault():
    text = 'a = "“x”，" # “y”\nb ='
    fault = toml_errors.fault(text, "Invalid value (at line 2, column 4)")
    assert (fault.line, fault.column, fault.reason) == (2, 4, "invalid value")


def test_a_fault_without_a_place_is_at_the_end():
    fault = toml_errors.fault("a = 1\nb = 2\n", "Exceeds the limit of digits")
    assert (fault.line, fault.column) == (2, None)
    fault = toml_errors.fault("a = [1,\n", "Invalid value (at end of document)")
    assert (fault.line, fault.column, fault.reason) == (1, None, "invalid value")


def test_a_sentence_that_nobody_knows_stays_as_it_is():
    assert toml_errors.reason("Out of paper") == "out of paper"
    assert toml_errors.remedy("Out of paper") == "Compare the line with one that works"
