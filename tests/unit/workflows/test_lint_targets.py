"""A node that starts another case is checked against the start form of that process."""

from __future__ import annotations

from functools import cache

import pytest

from tests.unit.workflows.rehearsal.rehearsed import whole
from workflows.lint_targets import against_others
from workflows.loading import Loaded, load_definition


def field(name: str, type: str, more: str = "") -> str:
    return f'{{ id = "{name}", type = "{type}", label = {{ zh = "项", en = "Item" }}{more} }}'


def options(*ids: str) -> str:
    each = ", ".join(f'{{ id = "{one}", zh = "{one}", en = "{one}" }}' for one in ids)
    return f", options = [{each}]"


def form(key: str, *fields: str) -> str:
    listed = ",\n  ".join(fields)
    return f'[forms.{key}]\nname = {{ zh = "表", en = "Form" }}\nfields = [\n  {listed},\n]\n'


NEEDED = ", required = true"
LINES = f', sum = "cost", columns = [{field("cost", "money", NEEDED)}]'
OURS = form(
    "request",
    field("what", "text", NEEDED),
    field("cost", "money"),
    field("until", "date"),
    field("hour", "time"),
    field("grade", "choice", options("good", "poor")),
    field("who", "person"),
    field("lines", "rows", LINES),
)
THEIRS = form(
    "request",
    field("title", "text", NEEDED),
    field("amount", "number"),
    field("day", "date"),
    field("mark", "choice", options("good", "fair")),
    field("marks", "choices", options("good", "poor")),
    field("boss", "person"),
    field("papers", "files"),
    field("reason", "text", f'{NEEDED}, when = "amount > 5"'),
)
NODE = """
[[nodes]]
id = "first"
kind = "process"
name = { zh = "另一个流程", en = "Another process" }
process = "other"
values = { title = "what" }
outcomes = { completed = "done", rejected = "done", withdrawn = "done" }
"""
TASK = """
[[nodes]]
id = "first"
kind = "task"
name = { zh = "办理", en = "Work" }
assignee = "filer"
due = "1wd"
ladder = "step"
next = "done"
"""
FACT = """
[facts.verdict]
name = { zh = "结论", en = "Verdict" }
options = [{ id = "good", zh = "好", en = "Good" }, { id = "bad", zh = "差", en = "Bad" }]
first = "good"

[facts.share]
name = { zh = "份额", en = "Share" }
value = "what_cost * 2"
"""


@cache
def source(values: str = 'title = "what"', process: str = "other") -> Loaded:
    node = NODE.replace('title = "what"', values).replace('"other"', f'"{process}"')
    facts = FACT.replace("what_cost", "lines_sum")
    return load_definition(whole(OURS + facts + node), file="sample.toml")


@cache
def other(old: str = "", new: str = "") -> Loaded:
    text = whole(THEIRS + TASK).replace("sample", "other").replace('"S"', '"T"')
    assert old in text
    return load_definition(text.replace(old, new, 1), file="other.toml")


def found(loaded: Loaded, target: Loaded) -> list[tuple[str, str, str]]:
    findings = against_others(loaded, {target.definition.key: target.definition})
    return [(one.where.removeprefix("nodes.first."), one.problem, one.hint) for one in findings]


@pytest.mark.parametrize(
    "values",
    [
        'title = "what"',
        'title = "until", amount = "cost", day = "until", boss = "who"',
        'title = "hour", amount = "lines_sum"',
        'title = "grade", amount = "share", marks = "grade"',
    ],
)
def test_what_fits_the_start_form_is_no_finding(values):
    assert found(source(values), other()) == []


@pytest.mark.parametrize(
    ("values", "place", "problem", "hint"),
    [
        (
            'amount = "cost"',
            "values",
            '"first" leaves out "title", which the start form of "other" requires',
            'Add title = "…" with a field or fact of here',
        ),
        (
            'title = "what", amont = "cost"',
            "values.amont",
            'the start form of "other" has no field "amont"',
            "Perhaps you mean amount",
        ),
        (
            'title = "what", zzz = "cost"',
            "values.zzz",
            'the start form of "other" has no field "zzz"',
            "The fields are title, amount, day, mark, marks, boss, papers, reason",
        ),
        (
            'title = "who"',
            "values.title",
            '"who" is of type person, and "title" of "other" of type text',
            "Pass on a value of type text, long_text, email, number, money, date, time, choice",
        ),
        (
            'title = "what", amount = "until"',
            "values.amount",
            '"until" is of type date, and "amount" of "other" of type number',
            "Pass on a value of type number, money",
        ),
        (
            'title = "what", day = "lines_sum"',
            "values.day",
            '"lines_sum" is of type number, and "day" of "other" of type date',
            "Pass on a value of type date",
        ),
        (
            'title = "what", boss = "share"',
            "values.boss",
            '"share" is of type number, and "boss" of "other" of type person',
            "Pass on a value of type person",
        ),
        (
            'title = "what", mark = "grade"',
            "values.mark",
            '"mark" of "other" has no option poor, which "grade" may have',
            "Give both the same options",
        ),
        (
            'title = "what", mark = "verdict"',
            "values.mark",
            '"mark" of "other" has no option bad, which "verdict" may have',
            "Give both the same options",
        ),
        (
            'title = "what", papers = "cost"',
            "values.papers",
            "files are not copied into another case",
            "Leave it out",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_a_finding(values, place, problem, hint):
    assert found(source(values), other()) == [(place, problem, hint)]


def test_required_files_of_the_start_form_cannot_be_passed_on():
    target = other('"papers", type = "files"', '"papers", type = "files", required = true')
    problem = (
        'the start form of "other" requires the files "papers", '
        "and files are not copied into another case"
    )
    hint = "Make them optional there, or ask for them in a later form"

    assert found(source(), target) == [("values", problem, hint)]


@pytest.mark.parametrize(
    ("process", "hint"),
    [
        ("othr", "Perhaps you mean other"),
        ("zzz", "Put its file beside this one, or publish it first"),
    ],
)
def test_a_process_that_does_not_exist_is_a_finding(process, hint):
    loaded = source(process=process)
    (finding,) = against_others(loaded, {"other": other().definition})

    assert (finding.file, finding.where) == ("sample.toml", "nodes.first.process")
    assert loaded.text.splitlines()[(finding.line or 0) - 1] == f'process = "{process}"'
    assert (finding.problem, finding.hint) == (f'there is no process "{process}"', hint)
