"""A wrong value of the keys of a node that starts another case is refused with what to write."""

from __future__ import annotations

import pytest

from tests.unit.workflows.playbooks.test_other_cases import PROCESS
from workflows.lint import check

TEXT = PROCESS.text
NODE = "nodes.other"


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
            'process = "purchase"',
            'process = "sample"',
            "process",
            '"other" starts its own process',
            "Name another process, or lead back by a return",
        ),
        (
            'process = "purchase"',
            'process = "Purchase"',
            "process",
            '"Purchase" cannot stand here',
            "Use small letters, digits, - and _, beginning with a letter",
        ),
        (
            ', withdrawn = "again" }',
            " }",
            "outcomes",
            'where does "other" lead when the other case ends as withdrawn?',
            'Add withdrawn = "…" with a node',
        ),
        (
            'rejected = "refused"',
            'rejected = "refusd"',
            "outcomes.rejected",
            'there is no node "refusd"',
            "Perhaps you mean refused",
        ),
        (
            'rejected = "refused"',
            'reject = "refused"',
            "outcomes.reject",
            '"reject" is not known here',
            "Perhaps you mean rejected",
        ),
        (
            'values = { title = "what" }',
            'values = { title = "waht" }',
            "values.title",
            'there is no field or fact "waht"',
            "Perhaps you mean what",
        ),
        (
            'values = { title = "what" }',
            'values = { title = "what" }\nfiled_by = "filler"',
            "filed_by",
            'no gateway sets "filler"',
            "Perhaps you mean filer",
        ),
        (
            'values = { title = "what" }',
            'values = { title = "what" }\ndue = "1d"',
            "due",
            '"due" is not known here',
            "Known here: id, name, cc, kind, process, filed_by, values, outcomes",
        ),
    ],
)
def test_a_mistake_is_refused_at_its_line(old, new, place, problem, hint):
    assert (f"{NODE}.{place}", problem, hint) in found(old, new)


def test_files_are_not_passed_on():
    field = '{ id = "what", type = "text", required = true, label = { zh = "事", en = "What" } }'
    paper = '{ id = "paper", type = "files", label = { zh = "文件", en = "Paper" } }'
    text = TEXT.replace(field, f"{field}, {paper}").replace('title = "what"', 'title = "paper"')
    (finding,) = check(text, file="sample.toml")

    assert finding.problem == "files are not copied into another case"
    assert finding.hint == "Leave it out"
