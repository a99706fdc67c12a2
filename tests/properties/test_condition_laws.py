"""Whatever an author writes: it is refused with a ConditionError, or it can never fail later."""

from datetime import UTC
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from workflows.condition_words import ConditionError, ValueType
from workflows.conditions import compile_condition

FIELDS = {
    "t": ValueType.TEXT,
    "n": ValueType.NUMBER,
    "b": ValueType.BOOLEAN,
    "d": ValueType.DATE,
    "m": ValueType.DATETIME,
    "ts": ValueType.TEXTS,
}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "t": st.none() | st.text(max_size=5),
        "n": st.none()
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
        | st.integers(-(10**30), 10**30)
        | st.floats(-1e30, 1e30),
        "b": st.none() | st.booleans(),
        "d": st.none() | st.dates(),
        "m": st.none() | st.datetimes(timezones=st.just(UTC)),
        "ts": st.none() | st.lists(st.text(max_size=3), max_size=3),
    },
)
OPERATORS = ["and", "or", "in", "not in", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"]
WORDS = [
    *FIELDS,
    *OPERATORS,
    *("not", "true", "false", "null", "for", "if", "inf", "else", "(", ")", "[", "]", ","),
    *("**", "//", "%", "=~", ".", "?", ":", "??", "&.", "{", "}", "$", "#", "\n", '"', "\\"),
    *('"a"', "'é'", '""', "0", "1", "2.50", "9" * 40, 'd"2026-03-01"', 't"P1D"', 'b"x"'),
]
soup = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
glued = st.lists(st.sampled_from(WORDS), max_size=10).map("".join)


def grown(below):
    """Sentences that are mostly well formed, so that many get past the first gate."""
    two = st.tuples(below, st.sampled_from(OPERATORS), below)
    return (
        two.map(" ".join)
        | two.map(lambda parts: f"({' '.join(parts)})")
        | below.map(lambda part: f"not {part}")
        | below.map(lambda part: f"-{part}")
        | st.lists(below, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
    )


leaves = st.sampled_from([*FIELDS, '"a"', "0", "1", "2.5", "9" * 60, 'd"2026-03-01"', "true"])
sentences = st.recursive(leaves, grown, max_leaves=12)


@given(soup | glued | sentences | st.text(max_size=40), VALUES)
def test_a_text_is_refused_or_works_with_whatever_a_form_holds(text, values):
    try:
        condition = compile_condition(text, fields=FIELDS)
    except ConditionError:
        return
    assert condition.evaluate(values) in {True, False}
    if any(values.get(name) is None for name in condition.fields):
        assert condition.evaluate(values) is False


numbers = st.sampled_from(["n", "1", "2.5", "(n + 1)", "n * 3", "-n"])
comparisons = st.one_of(
    st.tuples(numbers, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers).map(" ".join),
    st.sampled_from(["b", "true", 't == "a"', 't in ["a", "b"]', 't not in ["a"]', '"a" in t']),
)
propositions = st.recursive(
    comparisons,
    lambda below: (
        st.tuples(below, st.sampled_from(["and", "or"]), below).map(lambda p: f"({' '.join(p)})")
        | below.map(lambda p: f"(not {p})")
    ),
    max_leaves=6,
)


@given(propositions, st.sampled_from(["a", "b", "c"]), st.integers(-3, 3), st.booleans())
def test_a_condition_means_what_the_same_text_means_in_python(text, t, n, b):
    """The promise behind exporting conditions to engines that evaluate Python."""
    condition = compile_condition(text, fields=FIELDS)
    python = eval(text, {"true": True, "false": False}, {"t": t, "n": n, "b": b})
    given_all = {"t": t, "n": Decimal(n), "b": b}
    assert condition.evaluate(given_all) is python
