"""The glossary has the same words in both languages, and the words that the code is written in."""

import re

import pytest

from tests.house import source

PAGES = {
    "en": source.ROOT / "docs" / "glossary.md",
    "zh": source.ROOT / "docs" / "zh" / "glossary.md",
}
# Words of this code that an engineer of the field may not know in this meaning.
_NEEDED = """
    intent handler draft slot outbox lane pump pace owed effect unit world snapshot content chain
    checkpoint inbox idempotency dead timer sweep lease hold replica crash ladder rung clock round
    escalation digest provisional filer candidates deputy blocked desk
"""


def rows(language: str) -> list[list[str]]:
    """The cells of every word, heads left out."""
    lines = PAGES[language].read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if len(row) == 3 and row[2] not in {"meaning", "含义"}]


def test_both_languages_explain_the_same_words_in_the_same_order() -> None:
    english = [(one, other) for one, other, _ in rows("en")]
    chinese = [(one, other) for other, one, _ in rows("zh")]

    assert english == chinese
    assert len(english) > 60


def test_no_word_is_explained_twice() -> None:
    words = [word for word, _, _ in rows("en")]

    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", _NEEDED.split())
def test_a_word_of_the_code_is_explained(word: str) -> None:
    assert any(re.search(rf"\b{word}\b", row[0]) for row in rows("en"))


def test_every_class_that_is_named_exists() -> None:
    named = {name for row in rows("en") for name in re.findall(r"`([A-Z]\w+)`", row[0])}
    code = "".join(source.text(path) or "" for path in source.python_files("workflows"))

    assert [name for name in sorted(named) if f"class {name}" not in code] == []
