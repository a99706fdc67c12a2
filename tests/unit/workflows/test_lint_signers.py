"""A wrong value of the keys of several signers is refused with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.lint import check

TEXT = (Path(__file__).parent / "definitions" / "signers.toml").read_text(encoding="utf-8")
SIGN = 'Write "all", "any", "any_approval", "in_turn", { need = "60%" } or { need = 2 }'
SIGNERS = 'Write "role:executive", or a list: ["owner", "head(finance)"]'
SIGNER = 'Write people, such as "owner", or { who = "owner", weight = 2 }'
SHARE = 'Write a share from "1%" to "100%"'


def found(key, value):
    """(place, hint) of what is wrong with a value of a key in the first node of the file."""
    lines = TEXT.splitlines()
    line = next(number for number, one in enumerate(lines) if one.startswith(f"{key} = "))
    lines[line] = f"{key} = {value}"
    findings = check("\n".join(lines), file="signers.toml")
    here = [one for one in findings if one.line == line + 1]
    assert all(one.file == "signers.toml" for one in here)
    return [(one.where, one.problem, one.hint) for one in here]


@pytest.mark.parametrize(
    ("value", "place", "problem", "hint"),
    [
        ("3", "", "3 does not fit here", SIGNERS),
        ("true", "", "true does not fit here", SIGNERS),
        ('{ who = "owner" }', "", "a table does not fit here", SIGNERS),
        ('""', "", '"" does not fit here', SIGNERS),
        (f'"{"x" * 201}"', "", f'"{"x" * 40}…" does not fit here', SIGNERS),
        ("[]", "", "this is empty", "At least 1 is needed"),
        (str(["owner"] * 51), "", "this is too long", "At most 50 are allowed"),
        ("[3]", "", "a list does not fit here", SIGNER),
        ("[[]]", "", "a list does not fit here", SIGNER),
        ('[""]', "[0].who", "this is empty", "At least 1 is needed"),
        ("[{ weight = 2 }]", "[0].who", '"who" is missing', "Add who = … here"),
        (
            '[{ who = "owner", wait = 2 }]',
            "[0].wait",
            '"wait" is not known here',
            "Perhaps you mean weight",
        ),
        (
            '[{ who = "owner", weight = 0 }]',
            "[0].weight",
            "0 is too small",
            "At least 1 is allowed",
        ),
        (
            '[{ who = "owner", weight = 101 }]',
            "[0].weight",
            "101 is too great",
            "At most 100 is allowed",
        ),
        (
            '[{ who = "owner", weight = 1.5 }]',
            "[0].weight",
            "a whole number is expected, not 1.5",
            "Write digits, without quotes",
        ),
        ('"rol:x"', "", 'at character 1: "rol" is not known here', None),
    ],
)
def test_wrong_signers_are_refused(value, place, problem, hint):
    [(where, says, what)] = found("signers", value)

    assert (where, says) == (f"nodes.both.signers{place}", problem)
    assert hint is None or what == hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ('"most"', SIGN),
        ('""', SIGN),
        ("2", SIGN),
        ("true", SIGN),
        ('["all"]', SIGN),
        ("{}", SIGN),
        ('{ ned = "60%" }', SIGN),
        ("{ need = 2, of = 3 }", SIGN),
        ('{ need = "60" }', SHARE),
        ('{ need = "0%" }', SHARE),
        ('{ need = "101%" }', SHARE),
        ('{ need = "-5%" }', SHARE),
        ('{ need = "60.5%" }', SHARE),
        ('{ need = "" }', SHARE),
        ("{ need = 0 }", "Write a number of votes, at least 1"),
        ("{ need = -1 }", "Write a number of votes, at least 1"),
        ("{ need = 5001 }", "Write a number of votes, at least 1"),
        ("{ need = 1.5 }", 'Write a share, such as "60%", or a number of votes'),
        ("{ need = true }", 'Write a share, such as "60%", or a number of votes'),
        ("{ need = [2] }", 'Write a share, such as "60%", or a number of votes'),
    ],
)
def test_a_wrong_rule_is_refused(value, hint):
    [(where, problem, what)] = found("sign", value)

    assert where == "nodes.both.sign"
    assert problem.endswith("does not fit here")
    assert what == hint


@pytest.mark.parametrize("key", ["on_reject", "on_return"])
def test_when_a_vote_counts_is_one_of_two_words(key):
    [(where, problem, hint)] = found(key, '"later"')

    assert (where, problem) == (f"nodes.nobody.{key}", '"later" is not known here')
    assert hint == "Known here: at_once, after_all"


@pytest.mark.parametrize(
    "value",
    ['"all"', '"any"', '"any_approval"', '"in_turn"', '{ need = "60%" }', "{ need = 1 }"],
)
def test_each_rule_is_accepted(value):
    assert found("sign", value) == []


def test_a_task_has_no_signers():
    findings = check(TEXT.replace('kind = "approval"', 'kind = "task"', 1), file="signers.toml")
    unknown = {one.where for one in findings if one.problem.endswith("is not known here")}

    assert {"nodes.both.signers", "nodes.both.sign"} <= unknown
