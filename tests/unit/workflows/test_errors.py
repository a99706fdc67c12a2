"""The tree of errors: stable codes, facts, and findings that say where."""

from __future__ import annotations

import pytest

from workflows import errors
from workflows.errors import (
    CloseloopError,
    ConfigError,
    DefinitionError,
    Finding,
    FormInvalid,
    Refusal,
    Retryable,
)


def test_an_error_carries_its_code_and_facts_and_says_them_to_developers():
    error = Refusal("not_your_task", owners=("p_1",), by=None)

    assert error.code == "not_your_task"
    assert error.facts == {"owners": ("p_1",), "by": None}
    assert str(error) == "not_your_task (by=None, owners=('p_1',))"
    assert str(Refusal("case_closed")) == "case_closed"


def test_an_invalid_form_names_the_fields_to_mend():
    problems = {"product": Refusal("field_missing"), "contact": Refusal("too_long", most=100)}
    error = FormInvalid(problems)

    assert isinstance(error, Refusal)
    assert error.code == "form_invalid"
    assert error.facts == {"fields": "contact, product"}
    assert error.problems == problems


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding(file="a.toml", where="", problem="empty"), "a.toml: empty"),
        (Finding(file="a.toml", where="nodes.x", problem="no due"), "a.toml: nodes.x: no due"),
        (
            Finding(file="a.toml", where="nodes.x", problem="no due", hint="Write due", line=7),
            "a.toml:7: nodes.x: no due → Write due",
        ),
    ],
)
def test_a_finding_says_where_what_and_what_to_do(finding, said):
    assert str(finding) == said


@pytest.mark.parametrize("kind", [DefinitionError, ConfigError])
def test_findings_are_told_all_at_once(kind):
    findings = [Finding(file="a.toml", where="", problem=text) for text in ("one", "two")]
    error = kind(findings)

    assert error.findings == tuple(findings)
    assert error.facts == {"count": 2}
    assert str(error) == "a.toml: one\na.toml: two"


def test_a_platform_may_wish_when_to_be_asked_again():
    assert Retryable("rate_limited", after=1.5).after == 1.5
    assert Retryable("unreachable", why="timeout").after is None


def test_the_docstring_draws_the_tree_as_it_is():
    drawn = errors.__doc__ or ""
    classes = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, CloseloopError)
    ]

    for kind in classes:
        if not kind.__name__.startswith("_"):
            assert kind.__name__ in drawn
