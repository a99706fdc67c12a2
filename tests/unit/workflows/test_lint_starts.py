"""A mistake in the starts of a wait node is refused at its line, with what to write."""

from __future__ import annotations

import pytest

from tests.unit.workflows.playbooks.test_resting import resting
from tests.unit.workflows.playbooks.test_resting_certificates import expiring
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
            "Give exactly one of every, at, on_expiry_of and started_by",
        ),
        (
            'every = "year", ',
            "",
            f"{STARTS}.yearly",
            '"yearly" has to say once when it starts',
            "Give exactly one of every, at, on_expiry_of and started_by",
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


CERTIFICATES = expiring().text


def certificate_flaws(old, new):
    assert CERTIFICATES.count(old) == 1, old
    findings = check(CERTIFICATES.replace(old, new), file="expiring.toml")
    return [(one.where, one.problem, one.hint) for one in findings]


OUT = 'on_expiry_of = "certificates(supplier)", ladder = "certificate", '
ABOUT_A_TASK = (
    'the ladder "certificate" is about a task, and there is none before the expiry',
    "Name a role, a person or owner, without may_take_over",
)


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        (
            'on_expiry_of = "certificates(supplier)"',
            'on_expiry_of = "certificates(suplier)"',
            f"{STARTS}.out.on_expiry_of",
            'there is no form "suplier"',
            "Perhaps you mean supplier",
        ),
        (
            'for_each = "certificates(supplier)"',
            'for_each = "papers"',
            f"{STARTS}.new.for_each",
            '"papers" is no list of certificates',
            "Write certificates(…) with the name of a form",
        ),
        (
            ', ladder = "certificate"',
            "",
            f"{STARTS}.out",
            '"ladder" is missing',
            "Add ladder = … here",
        ),
        (
            ', ladder = "certificate"',
            ', ladder = "certificates"',
            f"{STARTS}.out.ladder",
            'there is no ladder "certificates"',
            "Perhaps you mean certificate",
        ),
        (
            'started_by = "person:li.na", for_each = ',
            'started_by = "person:li.na", ladder = "certificate", for_each = ',
            f"{STARTS}.new.ladder",
            '"ladder" goes with on_expiry_of',
            "Take ladder away",
        ),
        (
            'started_by = "person:li.na", for_each = ',
            'started_by = "person:li.na", note_if_required = { standing = "active" }, for_each = ',
            f"{STARTS}.new.note_if_required",
            '"note_if_required" goes with on_expiry_of',
            "Take note_if_required away",
        ),
        (
            'note_if_required = { standing = "suspended" }',
            'note_if_required = { standing = "gone" }',
            f"{STARTS}.out.note_if_required.standing",
            '"standing" has no option "gone"',
            "Perhaps you mean applicant, active, suspended",
        ),
        (
            '{ at = "due - 7d", escalate = "owner" }',
            '{ at = "due + 7d", escalate = "owner" }',
            f"{STARTS}.out.ladder",
            'the ladder "certificate" has "due + 7d", which is not once before the expiry',
            'Write "due - 30d" or "due", without every and times',
        ),
        (
            'remind = "person:li.na" }',
            'remind = "assignee" }',
            f"{STARTS}.out.ladder",
            *ABOUT_A_TASK,
        ),
        (
            'to = "renew", note_if_required = { standing = "suspended" }',
            'to = "renew", for_each = "certificates(supplier)"',
            f"{STARTS}.out.for_each",
            '"for_each" goes with started_by',
            "Take for_each away",
        ),
        (
            'to = "part" },',
            'to = "renew" },',
            "nodes.renew.only",
            '"renew" is not only in branches about a certificate',
            "Lead here only from starts with on_expiry_of or for_each",
        ),
    ],
)
def test_a_start_about_certificates_is_refused_at_its_line(old, new, place, problem, hint):
    assert (place, problem, hint) in certificate_flaws(old, new)


def test_the_definition_with_certificates_is_sound():
    assert check(CERTIFICATES, file="expiring.toml") == ()
