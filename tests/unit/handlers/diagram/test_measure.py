"""Widths and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.diagram.measure import width, wrap


def test_chinese_is_twice_as_wide():
    assert width("客户", 10) == 20
    assert width("ab", 10) == pytest.approx(11.4)
    assert width("i", 10) < width("o", 10) < width("O", 10) < width("W", 10)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("客户是否满意", ("客户是否满意",)),
        ("客户是否对处理满意", ("客户是否对处理", "满意")),
        ("Customer is not satisfied", ("Customer is not", "satisfied")),
        ("处理并答复客户，好", ("处理并答复客户，", "好")),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfsch", "ifffahrtsgesells", "chaft")),
        ("", ()),
        ("  a   b ", ("a b",)),
    ],
)
def test_a_text_breaks_where_its_script_breaks(text, lines):
    assert wrap(text, room=76, size=10, most=3) == lines


def test_what_is_too_long_is_cut_with_an_ellipsis():
    lines = wrap("很长的名字" * 10, room=76, size=10, most=2)

    assert len(lines) == 2
    assert lines[1].endswith("…")


@given(st.text(max_size=80), st.integers(1, 4))
def test_lines_keep_to_their_room(text, most):
    lines = wrap(text, room=80, size=10, most=most)

    assert len(lines) <= most
    for line in lines:
        assert width(line.rstrip("，。、；：？！）》”’"), 10) <= 80
