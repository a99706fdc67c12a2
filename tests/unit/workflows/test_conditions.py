import dataclasses
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from workflows.condition_words import ConditionError, Problem, ValueType
from workflows.conditions import Condition, compile_condition

FIELDS = {
    "grade": ValueType.TEXT,
    "category": ValueType.TEXT,
    "description": ValueType.TEXT,
    "amount": ValueType.NUMBER,
    "harm": ValueType.BOOLEAN,
    "filed_on": ValueType.DATE,
    "answered": ValueType.DATETIME,
    "tags": ValueType.TEXTS,
}
CHOICES = {"grade": ["urgent", "normal", "low"], "tags": ("new", "repeat")}
VALUES = {
    "grade": "urgent",
    "category": "delivery",
    "description": "客户要求退款",
    "amount": Decimal("1200.50"),
    "harm": False,
    "filed_on": date(2026, 3, 2),
    "answered": datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    "tags": ["new"],
}


def condition(text: str) -> Condition:
    return compile_condition(text, fields=FIELDS, choices=CHOICES)


def refusal(text: str) -> ConditionError:
    with pytest.raises(ConditionError) as refused:
        condition(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('grade == "urgent"', True),
        ("grade == 'low'", False),
        ('"urgent" != grade', False),
        ('amount > 1000 and category in ["delivery", "damage"]', True),
        ('grade in ["low"] or amount >= 1200.5', True),
        ('grade not in ["low", "normal"]', True),
        ('not grade == "low" and not harm', True),
        ("harm", False),
        ("harm == false", True),
        ('"退款" in description', True),
        ('"new" in tags', True),
        ('"repeat" not in tags', True),
        ("category in tags", False),
        ("description in [category, grade]", False),
        ('filed_on < d"2026-03-03"', True),
        ('filed_on == d"2026-03-02"', True),
        ('answered >= d"2026-03-02T09:30+08:00"', True),
        ("answered < d'2026-03-02T01:30:00Z'", False),
        ("amount * 2 - 401 == (amount + 799.5) + 0", True),
        ("-amount < -1200", True),
        ("amount / 2 > 600", True),
        ("amount in [1, 1200.50]", True),
        ("harm\r\nor\n\tamount > 1", True),
        ("true", True),
        ("1 in [1] and false", False),
        ("grade in []", False),
    ],
)
def test_a_condition_means_what_it_says(text, expected):
    assert condition(text).evaluate(VALUES) is expected


@pytest.mark.parametrize(
    ("text", "code", "word", "hint"),
    [
        # names and options
        ("amunt > 1", Problem.UNKNOWN_FIELD, "amunt", "amount"),
        ("harm AND harm", Problem.UNKNOWN_FIELD, "AND", "and"),
        ("zzz", Problem.UNKNOWN_FIELD, "zzz", ""),
        ('grade == "urgnet"', Problem.UNKNOWN_OPTION, '"urgnet"', "urgent"),
        ('"?" == grade', Problem.UNKNOWN_OPTION, '"?"', "low, normal, urgent"),
        ('grade in ["low", "Normal"]', Problem.UNKNOWN_OPTION, '"Normal"', "normal"),
        ('"nwe" in tags', Problem.UNKNOWN_OPTION, '"nwe"', "new"),
        ('"low" + "er" == grade', Problem.UNKNOWN_OPTION, "", "low"),
        # types
        ("category == 5", Problem.WRONG_TYPE, "", "text"),
        ('amount == "5"', Problem.WRONG_TYPE, '"5"', "number"),
        ("harm != category", Problem.WRONG_TYPE, "category", "boolean"),
        ('category > "a"', Problem.WRONG_TYPE, "category", "date or datetime or number"),
        ("harm < true", Problem.WRONG_TYPE, "harm", "date or datetime or number"),
        ("filed_on == answered", Problem.WRONG_TYPE, "answered", "date"),
        ("harm and amount", Problem.WRONG_TYPE, "amount", "boolean"),
        ("amount", Problem.WRONG_TYPE, "amount", "boolean"),
        ("not category", Problem.WRONG_TYPE, "category", "boolean"),
        ("-category == 1", Problem.WRONG_TYPE, "category", "number"),
        ("category + 1 == 2", Problem.WRONG_TYPE, "category", "number"),
        ("filed_on - filed_on == 0", Problem.WRONG_TYPE, "filed_on", "number"),
        ('category in "delivery"', Problem.WRONG_TYPE, '"delivery"', '["delivery"]'),
        ('category in "del" + "ivery"', Problem.WRONG_TYPE, "", ""),
        ("amount in description", Problem.WRONG_TYPE, "amount", "text"),
        ("category in amount", Problem.WRONG_TYPE, "amount", "text or texts"),
        ('amount in [1, "2"]', Problem.WRONG_TYPE, '"2"', "number"),
        ("(category == grade) > 1", Problem.WRONG_TYPE, "", ""),
        ("(amount + 1) and harm", Problem.WRONG_TYPE, "amount", "boolean"),
        ('1 < "a"', Problem.WRONG_TYPE, "", ""),
        ("1 / 0 > amount", Problem.WRONG_TYPE, "", ""),
        # what the language does not have
        ("amount ** 9 > 1", Problem.FORBIDDEN, "**", ""),
        ("amount // 9 > 1", Problem.FORBIDDEN, "//", ""),
        ("amount << 9 > 1", Problem.FORBIDDEN, "<<", ""),
        ("amount % 9 > 1", Problem.FORBIDDEN, "%", ""),
        ('category =~ "(a+)+$"', Problem.SYNTAX, "=~", "=="),
        ("category == null", Problem.FORBIDDEN, "null", ""),
        ('category("x")', Problem.FORBIDDEN, "category(", ""),
        ("(harm)(1)", Problem.FORBIDDEN, "", ""),
        ("category.length > 1", Problem.FORBIDDEN, ".", ""),
        ('tags[0] == "new"', Problem.FORBIDDEN, "tags", ""),
        ('[tags for tags in tags] == ["a"]', Problem.FORBIDDEN, "for", ""),
        ("harm ? harm : harm", Problem.FORBIDDEN, "?", ""),
        ("$today > filed_on", Problem.FORBIDDEN, "$", ""),
        ("harm && harm", Problem.FORBIDDEN, "&&", "and"),
        ("harm # why", Problem.SYNTAX, "#", ""),
        ("amount / amount > 1", Problem.MAYBE_ZERO, "amount", ""),
        ("amount / 0 > 1", Problem.MAYBE_ZERO, "", ""),
        ('["a"] == ["a", category]', Problem.FORBIDDEN, "", ""),
        # not sentences at all
        ("", Problem.EMPTY, "", ""),
        (" \n ", Problem.EMPTY, "", ""),
        ('grade = "low"', Problem.SYNTAX, "=", "=="),
        ("amount ＞ 3", Problem.FOREIGN_SIGN, "＞", ">"),
        ("grade == “urgent”", Problem.FOREIGN_SIGN, "“", '"'),
        ("（harm）", Problem.FOREIGN_SIGN, "（", "("),
        ("!harm", Problem.SYNTAX, "!", "not"),
        ('grade == "low', Problem.SYNTAX, '"low', ""),
        (r'grade == "a\"b"', Problem.SYNTAX, r'"a\"b"', ""),
        ('r"low" == grade', Problem.SYNTAX, 'r"low"', ""),
        ('filed_on == d"tomorrow"', Problem.SYNTAX, 'd"tomorrow"', 'd"2026-03-01"'),
        ('answered < d"2026-03-02T09:30"', Problem.SYNTAX, 'd"2026-03-02T09:30"', 'd"2026-03-01"'),
        ('filed_on == d"2026-02-30"', Problem.SYNTAX, 'd"2026-02-30"', ""),
        ("amount > 1e5", Problem.SYNTAX, "1e5", ""),
        ("amount > 1.2.3", Problem.SYNTAX, "1.2.3", ""),
        ("等级 == grade", Problem.SYNTAX, "等级", ""),
        ("amount >", Problem.SYNTAX, "", ""),
        ("1 < amount < 5", Problem.SYNTAX, "<", ""),
        ("harm )", Problem.SYNTAX, ")", ""),
        # too much
        ("x" * 501, Problem.TOO_LONG, "", ""),
        ("-" * 200 + "1 > 0", Problem.TOO_COMPLEX, "", ""),
        ("not " * 60 + "harm", Problem.TOO_COMPLEX, "", ""),
    ],
)
def test_a_mistake_is_refused_when_the_definition_is_loaded(text, code, word, hint):
    error = refusal(text)
    assert (error.code, error.word, error.hint) == (code, word, hint)
    assert error.text == text
    if word:
        assert error.position is not None
        assert text[error.position :].startswith(word)


def test_an_error_reads_as_a_sentence():
    assert str(refusal('amount > 1 and grade == "urgnet"')) == (
        'the field has no such option at character 25: "urgnet" (perhaps: urgent)'
    )
    assert str(refusal("")) == "the condition is empty"
    assert isinstance(refusal(""), ValueError)


def test_every_problem_has_words():
    assert all(str(ConditionError(problem, text="")) for problem in Problem)


def test_nesting_up_to_the_limit_is_fine():
    assert condition("not " * 58 + "harm").evaluate(VALUES) is False
    assert condition(" and ".join(["harm"] * 55)).evaluate(VALUES) is False


def test_a_full_stack_is_an_error_of_the_condition_and_not_a_crash():
    def compile_at(depth: int) -> object:
        if depth:
            return compile_at(depth - 1)
        return refusal("not " * 120 + "harm")

    condition("harm")  # the parser is imported at a comfortable depth
    frame, used = sys._getframe(), 0
    while frame.f_back is not None:
        frame, used = frame.f_back, used + 1
    error = compile_at(sys.getrecursionlimit() - used - 150)
    assert isinstance(error, ConditionError)
    assert error.code is Problem.TOO_COMPLEX
    assert condition("not harm").evaluate(VALUES) is True


@pytest.mark.parametrize("text", ["amount > 1000", "not amount > 1000", "harm or amount > 1000"])
@pytest.mark.parametrize("values", [{}, {"amount": None}, {"harm": True}])
def test_a_field_that_is_not_filled_yet_makes_the_condition_false(text, values):
    assert condition(text).evaluate(values) is False


def test_only_the_fields_it_names_matter():
    checked = condition("not harm")
    assert checked.fields == {"harm"}
    assert checked.evaluate({"harm": False, "amount": object()}) is True


def test_no_float_is_ever_compared_in_binary():
    assert condition("amount + 0.2 == 0.3").evaluate({"amount": 0.1}) is True


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("amount == 5", {"amount": 5}),
        ("amount == 5", {"amount": "5.00"}),
        ('filed_on == d"2026-03-02"', {"filed_on": "2026-03-02"}),
        ('answered == d"2026-03-02T01:30Z"', {"answered": "2026-03-02T09:30:00+08:00"}),
        ('"new" in tags', {"tags": ("new",)}),
        ('"new" not in tags', {"tags": []}),
    ],
)
def test_values_may_come_as_json_carries_them(text, values):
    assert condition(text).evaluate(values) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('grade == "low"', 5),
        ("amount > 1", True),
        ("amount > 1", "many"),
        ("amount > 1", "1" * 61),
        ("amount > 1", float("nan")),
        ("amount > 1", float("inf")),
        ("amount > 1", 10**31),
        ("amount > 1", [1]),
        ("harm", "yes"),
        ('filed_on > d"2026-01-01"', 20260101),
        ('filed_on > d"2026-01-01"', "tomorrow"),
        ('filed_on > d"2026-01-01"', datetime(2026, 1, 1, tzinfo=UTC)),
        ('answered > d"2026-01-01"', date(2026, 1, 1)),
        ('answered > d"2026-01-01"', "2026-01-01T10:00"),
        ('"new" in tags', "new"),
        ('"new" in tags', ["new", 1]),
    ],
)
def test_a_value_of_another_type_is_a_defect_that_names_the_field(text, value):
    checked = condition(text)
    (name,) = checked.fields
    with pytest.raises(ConditionError) as refused:
        checked.evaluate({name: value})
    assert (refused.value.code, refused.value.word) == (Problem.BAD_VALUE, name)


def test_choices_are_optional():
    free = compile_condition('grade == "anything"', fields=FIELDS)
    assert free.evaluate({"grade": "anything"}) is True


def test_conditions_are_values():
    assert condition("harm") == condition("harm")
    assert hash(condition("harm")) == hash(condition("harm"))
    assert condition("harm") != condition("not harm")
    with pytest.raises(dataclasses.FrozenInstanceError):
        condition("harm").text = "true"  # type: ignore[misc]


def test_the_parser_is_not_imported_before_the_first_condition():
    code = "import sys, workflows.conditions; sys.exit('rule_engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
