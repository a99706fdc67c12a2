"""What a document says of a case's fields and of what people wrote."""

from tests.unit.handlers.documents.samples import CONTENTS, content, reading, ref, source


def test_the_latest_value_of_each_field_counts():
    latest = {one.field.id: one for one in reading().fields}

    assert latest["grade"].value == "urgent"
    assert latest["grade"].text == "紧急"
    assert latest["resolution"].text.startswith("重新找正")
    assert not latest["decision"].asked


def test_a_value_that_was_left_empty_later_is_not_shown_any_more():
    left = {**CONTENTS, "c7": content("c7", "form:customer_answer", "p4", values={})}
    latest = {one.field.id: one for one in reading(contents=left).fields}

    assert latest["customer_answer"].asked
    assert latest["customer_answer"].text == ""


def test_a_newer_erased_value_does_not_show_the_older_one():
    erased = {**CONTENTS, "c6": content("c6", "form:resolution")}
    latest = {one.field.id: one for one in reading(contents=erased).fields}

    assert latest["root_cause"].erased
    assert (latest["root_cause"].value, latest["root_cause"].text) == (None, "")


def test_a_comment_is_quoted_as_it_was_written():
    quote = source().said(ref("c9"))

    assert quote is not None
    assert quote.text == "处理得快，但第一次没有彻底解决。"
    assert source().said(None) is None


def test_an_erased_comment_says_so():
    quote = source("en").said(ref("c10"))

    assert quote is not None
    assert quote.text == "(content erased on request)"
