"""The translator: facts go in as they are, and what is missing is noticed."""

from pathlib import Path

import pytest

from handlers.i18n import (
    CatalogueError,
    Typed,
    language_of_locale,
    read_catalogues,
    translator,
)

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(folder: Path, body: str, name: str = "a.po") -> Path:
    (folder / name).write_text(HEADER + body, encoding="utf-8")
    return folder


def test_a_text_is_found_in_each_language():
    assert translator("zh").t("date.today") == "今天"
    assert translator("en").t("date.today") == "today"


def test_a_translator_is_made_once():
    assert translator("zh") is translator("zh")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="zh, en"):
        translator("fr")


def test_an_unknown_msgid_is_noticed():
    with pytest.raises(LookupError, match=r"no\.such\.text"):
        translator("en").t("no.such.text")

    assert not translator("en").has("no.such.text")
    assert translator("en").has("date.today")


def test_a_missing_fact_is_noticed():
    with pytest.raises(LookupError, match="length"):
        translator("en").t("date.left")


def test_a_fact_is_never_a_template():
    text = translator("en").t("date.left", length="{length} {0.__class__} {{x}}")

    assert text == "in {length} {0.__class__} {{x}}"


def test_a_fact_that_the_text_does_not_name_is_left_out():
    assert translator("en").t("date.today", name="x") == "today"


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("李强", "由李强办理"),
        ("Emma Clark", "由 Emma Clark 办理"),
        ("Émile", "由 Émile 办理"),
        ("李强 (QA)", "由李强 (QA) 办理"),
        ("“李强”", "由“李强”办理"),
        ("", "由办理"),
    ],
)
def test_a_name_in_a_chinese_text_has_a_space_only_beside_latin(who, text):
    assert translator("zh").t("note.has_it", who=who) == text


def test_a_number_in_a_chinese_text_has_its_spaces_and_a_date_has_none():
    assert translator("zh").n("date.days", 3) == "3 天"
    assert translator("zh").t("note.filed", when="今天 16:30") == "提交于今天 16:30"
    assert translator("zh").t("date.day", month="3月", day=10) == "3月10日"


def test_a_chinese_name_in_an_english_text_changes_nothing():
    assert translator("en").t("note.has_it", who="李强") == "李强 has it"


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [("zh", 1, "1 天"), ("zh", 5, "5 天"), ("en", 1, "1 d"), ("en", 0, "0 d")],
)
def test_a_plural_knows_its_number(language, count, text):
    assert translator(language).n("date.days", count) == text


def test_plural_forms_follow_the_count(tmp_path):
    folder = catalogue(
        tmp_path,
        'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "{count} case"\nmsgstr[1] "{count} cases"\n',
    )
    message = read_catalogues(folder)["a.b"]

    assert message.plural
    assert message.forms == ("{count} case", "{count} cases")
    assert message.facts == {"count"}


def test_texts_are_given_by_prefix_with_open_places():
    texts = translator("zh").texts("date.")

    assert texts["date.left"] == "还剩{length}"
    assert "date.days" not in texts
    assert all(msgid.startswith("date.") for msgid in texts)


def test_all_files_of_a_folder_are_merged(tmp_path):
    catalogue(tmp_path, 'msgid "a"\nmsgstr "A {{x}}"\n')
    catalogue(tmp_path, 'msgid "b"\nmsgstr "B"\n', "b.po")

    assert set(read_catalogues(tmp_path)) == {"a", "b"}


def test_an_empty_or_fuzzy_text_does_not_count(tmp_path):
    catalogue(tmp_path, 'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n')

    assert read_catalogues(tmp_path) == {}


def test_a_msgid_in_two_files_is_refused(tmp_path):
    catalogue(tmp_path, 'msgid "a"\nmsgstr "A"\n')
    catalogue(tmp_path, 'msgid "a"\nmsgstr "B"\n', "b.po")

    with pytest.raises(CatalogueError, match=r"b\.po: a is there already"):
        read_catalogues(tmp_path)


@pytest.mark.parametrize(
    "text", ["{0}", "{}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a", "a}", "{a b}"]
)
def test_a_place_that_is_not_a_plain_name_is_refused(tmp_path, text):
    catalogue(tmp_path, f'msgid "a"\nmsgstr "{text}"\n')

    with pytest.raises(CatalogueError, match=r"a\.po: a"):
        read_catalogues(tmp_path)


def test_a_command_in_a_text_is_typed_as_it_is_where_the_text_is_read() -> None:
    words = translator("en")
    msgid = "refusal.case_number_missing"

    assert words.t(msgid) == "Please add the number, like /case C-2026-0001."
    slack = words.typing(Typed(own="/cl-loop ", process="/cl-"))
    assert slack.t(msgid) == "Please add the number, like /cl-loop case C-2026-0001."
    assert words.typing(None) is words
    assert words.messages[msgid].facts == frozenset()


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-Hans", "zh"), ("ZH_cn.UTF-8", "zh"), ("en-GB", "en"), ("fr", "?"), ("", "?"), ("C", "?")],
)
def test_a_locale_names_one_of_our_languages_or_none(locale: str, language: str) -> None:
    assert language_of_locale(locale, default="?") == language
