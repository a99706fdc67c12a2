"""The one font."""

import pytest

from handlers.fonts import covered, font_file


def test_the_font_comes_with_the_product():
    assert font_file().is_file()


@pytest.mark.parametrize("char", ["a", "中", "龘", "Ä", "★", "✓", "，", "\n", " "])
def test_what_documents_say_is_covered(char):
    assert covered(char)


@pytest.mark.parametrize("char", ["😡", "ש", "ع", "ท", "𠮷", "\x00", "\U0010ffff"])
def test_what_the_font_lacks_is_known(char):
    assert not covered(char)
