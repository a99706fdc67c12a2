"""Text that is fit for paper."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.fonts import covered
from handlers.rendering.plain import clean, drawable


def drawn(text):
    return drawable(text, covered=covered)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("王芳 <b>&amp; #x *y*", "王芳 <b>&amp; #x *y*"),
        ("a\x00b\x07c\x1b[31md\x7fe\x9ff", "abc[31mdef"),
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\tb", "a    b"),
        ("a\ud800b\ufffec\uffffd\U0001fffee", "abcde"),
        ("a\u202egnp.exe\u202c\u2066x\u2069", "agnp.exex"),
        ("😡👨‍👩‍👧", "😡👨‍👩‍👧"),
    ],
)
def test_only_what_can_be_read_remains(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_cleaned_may_stand_in_xml(text):
    cleaned = clean(text)

    cleaned.encode("utf-8")
    assert not re.search("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("生气😡", "生气[pouting face]"),
        ("👍🏽", "[thumbs up sign]"),
        ("🇨🇳 ✔️ ❌", "CN ✓ ×"),
        ("\ue000", "[u+e000]"),
        ("שלום", "שלום"),
        ("plain", "plain"),
    ],
)
def test_a_symbol_without_a_glyph_is_named(text, shown):
    assert drawn(text) == shown


def test_a_long_run_may_break():
    run = drawn("https://example.com/" + "a" * 300)

    assert max(len(part) for part in run.split("\u200b")) == 8
    assert run.replace("\u200b", "") == "https://example.com/" + "a" * 300


def test_words_and_chinese_are_left_alone():
    text = "some ordinary words, and 很长的中文" * 40

    assert drawn(text) == text


def test_the_sign_of_a_returned_certificate_has_one_like_it_in_the_font_of_documents():
    assert drawn("↩ 退回") == "← 退回"
