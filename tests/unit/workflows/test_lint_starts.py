"""A mistake in the starts of a wait node is refused at its line, with what to write."""

from __future__ import annotations

import pytest

from tests.unit.workflows.playbooks.test_resting import resting
from workflows.lint import check

TEXT = resting().text
NODE = "nodes.active"
STARTS = "nodes.active.starts"


def found(*changes):
    """(where, problem, hint) of what is wrong after these changes of the definition."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    findings = check(text, file="resting.toml")
    return [(one.where, one.problem, one.hint) for one in findings]


def test_the_definition_is_sound():
    assert found() == []


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        (
            'id = "yearly"',
            'id = "quarterly"',
            f"{STARTS}.quarterly.id",
            'there are two starts "quarterly"',
            "Rename one of them",
        ),
        (
            'every = "year"',
            'every = "year", at = "ends"',
            f"{STARTS}.yearly",
            '"yearly" has to say once when it starts',
            "Give exactly one of every, at and started_by",
        ),
        (
            'every = "year", ',
            "",
            f"{STARTS}.yearly",
            '"yearly" has to say once when it starts',
            "Give exactly one of every, at and started_by",
        ),
        (
            'every = "year"',
            'every = "year", first = "full"',
            f"{STARTS}.yearly.first",
            '"first" goes with every = "quarter"',
            "Take first away",
        ),
        (
            'at = "ends + 1d"',
            'at = "ends + 1d", after = "5d"',
            f"{STARTS}.ending.after",
            '"after" goes with every',
            "Take after away",
        ),
        (
            'after = "5wd"',
            'after = "5wd", before = "60d"',
            f"{STARTS}.quarterly.before",
            '"before" and "after" are both given',
            "Take before away",
        ),
        (
            'at = "ends + 1d"',
            'at = "ends + 1d", before = "60d"',
            f"{STARTS}.ending.before",
            '"before" goes with every',
            "Take before away",
        ),
        (
            'after = "5wd"',
            'after = "5h"',
            f"{STARTS}.quarterly.after",
            '"5h" does not fit here',
            'Write days or working days, such as "10d" or "5wd"',
        ),
        (
            'at = "ends + 1d"',
            'at = "what"',
            f"{STARTS}.ending.at",
            '"what" is of type text and gives no day',
            "Name a field of type date",
        ),
        (
            'started_by = "owner", label = { zh = "提出终止", en = "Propose to end it" }',
            'started_by = "owner"',
            f"{STARTS}.part",
            '"label" is missing',
            "Add label = … here",
        ),
        (
            'every = "year", to = "evaluate"',
            'every = "year", to = "ended"',
            f"{STARTS}.yearly.to",
            '"ended" is no step of a branch',
            "Name the first step of the branch",
        ),
        (
            'exclusive = ["end"]',
            'exclusive = ["sign"]',
            f"{NODE}.exclusive[0]",
            'no branch of "active" comes to "sign"',
            "Name a step of one of its branches",
        ),
        (
            'exclusive = ["end"]',
            'exclusive = ["end"]\nuntil = "ends"',
            f"{NODE}.next",
            '"next" is missing',
            "Add next = … here",
        ),
        (
            'form = "result"\n',
            'form = "result"\nreturn_to = ["sign"]\n',
            "nodes.assess.return_to[0]",
            '"sign" is outside of the branches of "active"',
            'Lead to a step of the branch, back to "active", or to an end',
        ),
        (
            'assignee = "person:li.na"\ndue = "5wd"\nladder = "step"\nnext = "active"',
            'assignee = "person:li.na"\ndue = "5wd"\nladder = "step"\nnext = "renew"',
            "nodes.sign.next",
            '"renew" is inside a branch of "active" and is only reached through it',
            'Lead to "active"',
        ),
        (
            'every = "year", to = "evaluate"',
            'every = "year", to = "evalute"',
            f"{STARTS}.yearly.to",
            'there is no node "evalute"',
            "Perhaps you mean evaluate",
        ),
    ],
)
def test_a_mistake_is_refused_at_its_line(old, new, place, problem, hint):
    assert (place, problem, hint) in found((old, new))


def test_a_case_does_not_rest_inside_a_branch():
    inner = """
[[nodes]]
id = "inner"
kind = "wait"
name = { zh = "内", en = "Inner" }
starts = [{ id = "again", every = "year", to = "look" }]
until = "ends"
next = "active"

[[nodes]]
id = "look"
kind = "task"
name = { zh = "看", en = "Look" }
assignee = "person:li.na"
due = "5wd"
ladder = "step"
next = "inner"

[[nodes]]
id = "ended"
"""
    changed = found(
        (
            'form = "renewal"\ndue = "20wd"\nladder = "step"\nnext = "active"',
            'form = "renewal"\ndue = "20wd"\nladder = "step"\nnext = "inner"',
        ),
        ('\n[[nodes]]\nid = "ended"\n', inner),
    )
    assert (
        "nodes.inner.starts",
        '"inner" has starts and is itself inside a branch of "active"',
        "A case rests outside of forks and of other branches",
    ) in changed
