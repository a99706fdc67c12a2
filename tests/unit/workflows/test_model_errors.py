"""Every error of the model is a sentence: what is wrong at which place, and what to do."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError, field_validator

from workflows import model_errors
from workflows.model.definition import Definition

GOOD = tomllib.loads(
    (Path(__file__).parent / "definitions" / "good.toml").read_text(encoding="utf-8")
)
LETTERS = "beginning with a letter"


def said(path, value):
    """What is said when the document has another value at this path; None takes the key away."""
    tree = copy.deepcopy(GOOD)
    here = tree
    for part in path[:-1]:
        here = here[part]
    if value is None:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    with pytest.raises(ValidationError) as error:
        Definition.model_validate(tree)
    (flaw,) = model_errors.flaws(error.value)
    return flaw.path, flaw.problem, flaw.hint


@pytest.mark.parametrize(
    ("path", "value", "problem", "hint"),
    [
        (("owner",), None, '"owner" is missing', "Add owner = … here"),
        (("nodes",), None, '"nodes" is missing', "Add at least one step: a table [[nodes]]"),
        (("name", "en"), None, '"en" is missing', "Every text stands here in both languages"),
        (("nodes", 3, "next"), None, '"next" is missing', "Add next = … here"),
        (("ownr",), "x", '"ownr" is not known here', "Perhaps you mean owner"),
        (("name", "fr"), "x", '"fr" is not known here', "Known here: zh, en"),
        (("nodes", 1, "dueue"), "x", '"dueue" is not known here', "Perhaps you mean due"),
        (("nodes", 0, "routes", 1, "two"), "x", '"two" is not known here', "Perhaps you mean to"),
        (("survey", "aks"), "x", '"aks" is not known here', "Known here: to, question, hint"),
        (("forms", "call", "fields", 0, "typ"), 1, '"typ" is not known here', "Perhaps you mean"),
        (("clocks", "answer", "within", 0, "limt"), 1, '"limt" is not', "Perhaps you mean limit"),
        (("nodes", 1, "outcomes", "approve", "into"), 1, '"into" is not', "Perhaps you mean to"),
        (("name",), "x", 'a table is expected, not "x"', 'Write { zh = "…", en = "…" }'),
        (("survey",), 7, "a table is expected, not 7", "Write { key = … }"),
        (("nodes", 4), 7, "a table is expected, not 7", "Write { key = … }"),
        (("forms",), [1], "a table is expected, not a list", "Write { key = … }"),
        (("departments",), "x", 'a list is expected, not "x"', "Write [ … ] around it"),
        (("nodes", 3, "requires"), {}, "a list is expected, not a table", "Write [ … ] around it"),
        (("start",), 3, "a text is expected, not 3", "Put it in quotes"),
        (("start",), True, "a text is expected, not true", "Put it in quotes"),
        (("ladders", "step", "rungs", 1, "times"), "x", "a whole number", "Write digits"),
        (("ladders", "step", "rungs", 1, "times"), 1.5, "a whole number is expected, not 1.5", ""),
        (("ladders", "step", "rungs", 1, "times"), [], "a whole number is expected, not a", ""),
        (("ladders", "step", "rungs", 1, "times"), 11, "11 is too great", "At most 10 is allowed"),
        (("ladders", "step", "rungs", 1, "times"), 0, "0 is too small", "At least 1 is allowed"),
        (("clocks", "answer", "pauses"), "maybe", "true or false is expected", "Write it without"),
        (("clocks", "answer", "pauses"), [], "true or false is expected, not a", ""),
        (("forms", "call", "fields", 0, "type"), "tex", '"tex" is not known here', "Perhaps you"),
        (("document", "sections", 1, "list"), "dogs", '"dogs" is not known here', "Known"),
        (("key",), "Order", '"Order" cannot stand', "Use small letters, digits, - and _, b"),
        (("case_prefix",), "o", '"o" cannot stand here', "Use one to four capital letters"),
        (("case_prefix",), "x" * 50, '"' + "x" * 40 + "…", "Use one to four capital letters"),
        (("owner",), "", "this is empty", "At least 1 is needed"),
        (("departments",), [], "this is empty", "At least 1 is needed"),
        (("nodes",), GOOD["nodes"][4:5], "this is too short", "At least 2 is needed"),
        (("owner",), "x" * 201, "this is too long", "At most 200 are allowed"),
        (("ladders", "step", "rungs"), GOOD["ladders"]["step"]["rungs"] * 3, "this is too", ""),
        (("nodes", 3, "due"), "soon", "'soon' is not a length of time", "Write a whole number"),
        (("nodes", 3, "due"), 5, "'5' is not a length of time", "Write a whole number"),
        (("ladders", "step", "rungs", 2, "at"), "late", '"late" does not fit here', 'Write "50%"'),
        (("ladders", "step", "rungs", 2, "at"), 5, "5 does not fit here", 'Write "50%"'),
        (("ladders", "step", "rungs", 2, "at"), "0%", '"0%" does not fit', "A share lies between"),
        (("ladders", "step", "rungs", 2, "at"), "due + 1y", "'1y' is not a length", "Write a"),
        (("forms", "call", "fields", 0, "max"), "9" * 5000, '"9999', "Write a whole number"),
        (("forms", "call", "fields", 0, "max_files"), "9" * 5000, '"9999', "Mend the value"),
    ],
)  # fmt: skip
def test_an_error_is_said_at_its_place(path, value, problem, hint):
    place, problem_said, hint_said = said(path, value)
    assert place == path
    assert problem_said.startswith(problem)
    assert hint_said.startswith(hint)


def test_a_wrong_key_is_said_at_the_key():
    """pydantic says "[key]", which is no place in the document."""
    set_ = {"Buyer": "role:buyer"}
    path, problem, hint = said(("nodes", 0, "routes", 0, "set"), set_)
    assert path == ("nodes", 0, "routes", 0, "set", "Buyer")
    assert problem == '"Buyer" cannot stand here'
    assert hint == f"Use small letters, digits and _, {LETTERS}"
    outcomes = {"approve": {"to": "done"}, "aprove": {"to": "done"}}
    path, problem, hint = said(("nodes", 1, "outcomes"), outcomes)
    assert path == ("nodes", 1, "outcomes", "aprove")
    assert (problem, hint) == ('"aprove" is not known here', "Perhaps you mean approve")


def test_a_node_says_what_kinds_there_are():
    kinds = (
        'Write kind = "task", "approval", "gateway", "fork", "wait", "process", "service" or "end"'
    )
    assert said(("nodes", 3, "kind"), None) == (("nodes", 3), '"kind" is missing', kinds)
    assert said(("nodes", 3, "kind"), "tsk") == (
        ("nodes", 3, "kind"),
        '"tsk" is no kind of node',
        kinds,
    )


def test_an_alert_says_what_kinds_there_are():
    kinds = 'Write kind = "case_age", "backlog", "open_tasks" or "rate"'
    alert = {"id": "a", "name": {"zh": "旧", "en": "Old"}, "raise": "3d", "clear": "2d"}
    assert said(("alerts",), [alert]) == (("alerts", 0), '"kind" is missing', kinds)
    wrong = said(("alerts",), [alert | {"kind": "age"}])
    assert wrong == (("alerts", 0, "kind"), '"age" is no kind of alert', kinds)
    unknown = said(("alerts",), [alert | {"kind": "case_age", "fr": "1h"}])
    assert unknown[:2] == (("alerts", 0, "fr"), '"fr" is not known here')
    assert unknown[2] == "Perhaps you mean for"
    percent = alert | {"kind": "rate", "measure": "on_time", "raise": "80", "clear": "85%"}
    assert said(("alerts",), [percent])[0] == ("alerts", 0, "raise")


def test_a_rung_has_one_purpose():
    rung = ("ladders", "step", "rungs", 2)
    said_both = said((*rung, "remind"), "assignee")
    said_none = said((*rung, "escalate"), None)
    expected = (
        (*rung, "escalate"),
        "a rung reminds, escalates, hands the task over, decides it or charges points",
        "Give exactly one of remind, escalate, reassign, outcome and points",
    )
    assert said_both == said_none == expected
    assert said((*rung, "remind"), 7)[0] == (*rung, "remind")  # and nothing about the purpose


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("too late: come earlier", "too late", "Come earlier"),
        ("come earlier", '"x" does not fit here', "Come earlier"),
    ],
)
def test_a_validator_may_say_it_in_its_own_words(text, problem, hint):
    class Late(BaseModel):
        when: str

        @field_validator("when")
        @classmethod
        def _refuse(cls, _: str) -> str:
            raise ValueError(text)

    with pytest.raises(ValidationError) as error:
        Late.model_validate({"when": "x"})
    (flaw,) = model_errors.flaws(error.value, model=Late)
    assert (flaw.problem, flaw.hint) == (problem, hint)
