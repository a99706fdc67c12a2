"""What a case file knows."""

from handlers.documents.model import Words
from tests.unit.handlers.documents.samples import CONTENTS, casefile, content, ref


def test_the_latest_value_of_each_field_counts():
    latest = casefile().latest()

    assert latest["grade"] == "urgent"
    assert str(latest["resolution"]).startswith("重新找正")
    assert "decision" not in latest


def test_a_hidden_field_has_no_value():
    value = casefile("en", hidden=frozenset({"grade"})).latest()["grade"]

    assert isinstance(value, Words)
    assert value.text == "(not visible to the reader)"


def test_a_comment_is_quoted_as_it_was_written():
    assert casefile().written(ref("c9")).text == "处理得快，但第一次没有彻底解决。"
    assert casefile().written(None).text == "—"


def test_a_hidden_field_is_not_quoted():
    assert casefile(hidden=frozenset({"customer_answer"})).written(ref("c5")).text == "—"


def test_an_erased_comment_says_so():
    file = casefile("en", contents={**CONTENTS, "c9": content("c9", "survey")})

    assert file.written(ref("c9")).text == "(erased on request)"
