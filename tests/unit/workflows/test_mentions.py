"""Everything a definition says about people and conditions is found and read."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path

import pytest

from workflows.mentions import MentionPlace, conditions, people, read_texts
from workflows.model.definition import Definition

GOOD = tomllib.loads(
    (Path(__file__).parent / "definitions" / "good.toml").read_text(encoding="utf-8")
)


def test_every_people_expression_is_found_with_its_place():
    assert [(m.path, m.place, m.of) for m in people(Definition.model_validate(GOOD))] == [
        (("owner",), MentionPlace.OWNER, ""),
        (("started_by",), MentionPlace.STARTED_BY, ""),
        (("ladders", "step", "rungs", 0, "remind"), MentionPlace.LADDER, "step"),
        (("ladders", "step", "rungs", 1, "remind"), MentionPlace.LADDER, "step"),
        (("ladders", "step", "rungs", 2, "escalate"), MentionPlace.LADDER, "step"),
        (("ladders", "step", "rungs", 3, "escalate"), MentionPlace.LADDER, "step"),
        (("ladders", "silence", "rungs", 0, "remind"), MentionPlace.LADDER, "silence"),
        (("nodes", 0, "routes", 0, "set", "buyer"), MentionPlace.ROUTE, "sort"),
        (("nodes", 0, "routes", 1, "set", "buyer"), MentionPlace.ROUTE, "sort"),
        (("nodes", 1, "cc", 0, "to"), MentionPlace.COPY, "decide"),
        (("nodes", 1, "cc", 1, "to"), MentionPlace.COPY, "decide"),
        (("nodes", 1, "assignee"), MentionPlace.WORK, "decide"),
        (("nodes", 3, "candidates"), MentionPlace.WORK, "buy"),
        (("survey", "to"), MentionPlace.SURVEY, ""),
    ]


def test_every_condition_is_found_with_its_place():
    assert [(m.path, m.place, m.of) for m in conditions(Definition.model_validate(GOOD))] == [
        (("clocks", "answer", "within", 0, "when"), MentionPlace.CLOCK, "answer"),
        (("nodes", 0, "routes", 0, "when"), MentionPlace.ROUTE, "sort"),
        (("nodes", 1, "cc", 0, "when"), MentionPlace.COPY, "decide"),
        (("nodes", 2, "routes", 0, "when"), MentionPlace.ROUTE, "graded"),
    ]


def test_what_is_optional_may_be_missing():
    tree = {key: value for key, value in GOOD.items() if key not in {"started_by", "survey"}}
    found = [mention.place for mention in people(Definition.model_validate(tree))]
    assert MentionPlace.STARTED_BY not in found
    assert MentionPlace.SURVEY not in found


def condition_flaw(when):
    tree = copy.deepcopy(GOOD)
    tree["nodes"][0]["routes"][0]["when"] = when
    tree["forms"]["order"]["fields"].append(
        {"id": "colour", "type": "choices", "label": {"zh": "颜色", "en": "Colour"}}
    )
    (flaw,) = read_texts(Definition.model_validate(tree)).flaws
    assert flaw.path == ("nodes", 0, "routes", 0, "when")
    return flaw.problem, flaw.hint


@pytest.mark.parametrize(
    ("when", "problem", "hint"),
    [
        ("amuont > 1", "there is no such field at character 1: amuont", "Perhaps you mean amount"),
        (
            "x > 1",
            "there is no such field at character 1: x",
            "The fields are amount, boss, colour, grade, note, said, what, why",
        ),
        (
            'offer == "x"',
            "there is no such field at character 1: offer",
            "Files cannot be compared with anything",
        ),
        (
            'grade == "hihg"',
            'the field has no such option at character 10: "hihg"',
            "Perhaps you mean high",
        ),
        (
            '"red" in colour',
            'the field has no such option at character 1: "red"',
            "Give the field its options",
        ),
        (
            "amount >",
            "this is not a condition at character 9",
            'Write comparisons such as grade == "urgent", joined by and, or, not',
        ),
        (
            "amount ＞ 3",
            "this is a Chinese or typographic sign at character 8: ＞",
            "Write the plain > here",
        ),
        (" ", "the condition is empty", 'Leave "when" out where there is no condition'),
    ],
)
def test_a_condition_that_cannot_be_used_says_why(when, problem, hint):
    assert condition_flaw(when) == (problem, hint)


def test_the_same_mistake_is_reported_wherever_it_stands_and_the_rest_is_read():
    tree = copy.deepcopy(GOOD)
    tree["nodes"][0]["routes"][0]["set"]["buyer"] = "roll:buyer"
    tree["nodes"][1]["assignee"] = "roll:buyer"
    texts = read_texts(Definition.model_validate(tree))
    assert [flaw.path for flaw in texts.flaws] == [
        ("nodes", 0, "routes", 0, "set", "buyer"),
        ("nodes", 1, "assignee"),
    ]
    assert "roll:buyer" not in texts.people
    assert texts.people["role:chief"].roles == (("chief", ""),)
    assert texts.conditions["amount > 1000"].fields == {"amount"}
