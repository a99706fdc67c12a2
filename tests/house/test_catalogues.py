"""The two catalogues say the same things with the same blanks."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.house import source

LOCALES = source.ROOT / "handlers" / "i18n" / "locales"
LANGUAGES = ("zh_CN", "en")
FORMATS = "date."  # patterns of dates: each language takes the parts it writes


def catalogue_files(language: str) -> dict[str, Path]:
    folder = LOCALES / language
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.po")}


def load(language: str) -> dict[str, Catalog]:
    found = {}
    for name, path in catalogue_files(language).items():
        with path.open("rb") as file:
            found[name] = read_po(file, locale=language, abort_invalid=True)
    return found


def texts(language: str) -> dict[tuple[str, str], list[str]]:
    """(file, msgid) to the texts a person may see: one, or one per plural form."""
    return {
        (name, str(message.id[0] if message.pluralizable else message.id)): [
            str(text) for text in _forms(message.string)
        ]
        for name, catalogue in load(language).items()
        for message in catalogue
        if message.id
    }


def _forms(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def blanks(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_there_are_catalogues() -> None:
    assert all(catalogue_files(language) for language in LANGUAGES)


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = (set(texts(language)) for language in LANGUAGES)

    assert sorted(chinese - english) == []
    assert sorted(english - chinese) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_text(language: str) -> None:
    assert [key for key, forms in texts(language).items() if not all(map(str.strip, forms))] == []


def test_every_text_has_the_same_blanks_in_both_languages() -> None:
    chinese, english = (texts(language) for language in LANGUAGES)
    different = {
        key: (forms, english[key])
        for key, forms in chinese.items()
        if key in english
        and not key[1].startswith(FORMATS)
        and set().union(*map(blanks, forms)) != set().union(*map(blanks, english[key]))
    }

    assert different == {}


def test_no_chinese_text_sets_a_space_beside_a_place() -> None:
    """Whether one belongs there depends on the fact, so `Translator` sets it."""
    spaced = re.compile(r"[\u3400-\u9fff] +\{(?!\{)|(?<!\})\} +[\u3400-\u9fff]")
    found = {key: forms for key, forms in texts("zh_CN").items() if any(map(spaced.search, forms))}

    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_and_none_is_in_doubt(language: str) -> None:
    for name, path in catalogue_files(language).items():
        lines = path.read_text(encoding="utf-8").splitlines()
        keys = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']

        assert sorted({key for key in keys if keys.count(key) > 1}) == [], name
        assert not any(line.startswith("#,") and "fuzzy" in line for line in lines), name
