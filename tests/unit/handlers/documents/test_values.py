"""Field values in words."""

import pytest

from handlers.documents.values import value_text
from workflows.definition import FormField, Option, Text

LABEL = Text(zh="字段", en="Field")
OPTIONS = (Option(id="a", zh="甲", en="Alpha"), Option(id="b", zh="乙", en="Beta"))


def said(kind, value, language="zh"):
    field = FormField.model_validate({"id": "x", "type": kind, "label": LABEL, "options": OPTIONS})
    return value_text(
        field, value, language=language, names={"p1": "王芳"}, departments={"sales": "销售部"}
    )


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", "#x", "#x"),
        ("text", None, ""),
        ("text", "", ""),
        ("choices", [], ""),
        ("choice", "a", "甲"),
        ("choice", "gone", "gone"),
        ("choices", ["a", "b"], "甲、乙"),
        ("person", "p1", "王芳"),
        ("person", "p9", "p9"),
        ("department", "sales", "销售部"),
        ("number", 0, "0"),
        ("number", 12.5, "12.5"),
        ("money", "1200", "1200"),
        ("money", {"amount": "1200.00", "currency": "CNY"}, "1200.00 CNY"),
        ("date", "2026-03-05", "2026年3月5日"),
        ("date", "soon", "soon"),
        ("time", "16:30", "16:30"),
    ],
)
def test_a_value_is_said(kind, value, text):
    assert said(kind, value) == text


def test_a_value_is_said_in_the_readers_language():
    assert said("choices", ["a", "b"], "en") == "Alpha, Beta"
    assert said("date", "2026-03-05", "en") == "5 Mar 2026"
