"""A wrong value of the keys of a node with a work of the product is refused with what to write."""

from __future__ import annotations

import pytest

from tests.unit.workflows.playbooks.test_services import PROCESS
from workflows.lint import check

TEXT = PROCESS.text
NODE = "nodes.played"


def found(old, new):
    """(where, problem, hint) of what is wrong after this change of the definition."""
    assert TEXT.count(old) == 1, old
    findings = check(TEXT.replace(old, new), file="sample.toml")
    return [(one.where, one.problem, one.hint) for one in findings]


def test_the_definition_is_sound():
    assert check(TEXT, file="sample.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        (
            ', failed = "again" }',
            " }",
            "outcomes",
            'where does "played" lead when the result is failed?',
            'Add failed = "…" with a node',
        ),
        (
            'work = "rehearse"\nvalues = { process = "what", draft = "what" }',
            'work = "specification"\nvalues = { process = "what", draft = "what" }',
            "outcomes.findings",
            'the work "specification" never ends with findings',
            "Leave it out",
        ),
        (
            ', draft = "what" }',
            " }",
            "values",
            'the work "rehearse" needs "draft"',
            "Add draft = … with a field of the case",
        ),
        (
            ', draft = "what" }',
            ', draft = "what", until = "what" }',
            "values.until",
            'the work "rehearse" takes no "until"',
            "It takes process, draft",
        ),
        (
            'findings = "again"',
            'findings = "played"',
            "outcomes.findings",
            "nobody sees the result findings first",
            "Lead it to a task, an approval or an end",
        ),
        (
            ', draft = "what" }',
            ', draft = "whaat" }',
            "values.draft",
            'there is no field or fact "whaat"',
            "Perhaps you mean what",
        ),
    ],
)
def test_a_wrong_value_is_refused(old, new, place, problem, hint):
    assert found(old, new) == [(f"{NODE}.{place}", problem, hint)]


def test_only_the_process_of_changes_may_change_what_is_in_force():
    text = TEXT.replace('work = "rehearse"', 'work = "release"').replace('findings = "again", ', "")
    problem = (
        'only the process "process-change" may have the work "release", '
        "which changes what is in force"
    )
    (finding,) = check(text, file="sample.toml")
    assert (finding.where, finding.problem) == (f"{NODE}.work", problem)
