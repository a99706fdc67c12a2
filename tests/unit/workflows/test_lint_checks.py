"""A wrong key of an approval that checks certificates one by one is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.lint import check

TEXT = (Path(__file__).parent / "playbooks" / "checks.toml").read_text(encoding="utf-8")
CHECK = 'for_each = "certificates(supplier)"\ncandidates = "role:complaint-desk"\n'
ONE_TASK = "With for_each the approval is one task with a verdict for each"


def found(old, new):
    """(where, line, problem, hint) of what is wrong after this change of the definition."""
    assert old in TEXT, old
    findings = check(TEXT.replace(old, new), file="checks.toml")
    assert all(one.file == "checks.toml" and one.line for one in findings)
    return [(one.where.removeprefix("nodes.check."), one.problem, one.hint) for one in findings]


def test_the_definition_is_sound():
    assert check(TEXT, file="checks.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        (
            "certificates(supplier)",
            "papers",
            "for_each",
            '"papers" is no list of certificates',
            "Write certificates(…) with the name of a form",
        ),
        (
            "certificates(supplier)",
            "certificates(suplier)",
            "for_each",
            'there is no form "suplier"',
            "Perhaps you mean supplier",
        ),
        (
            "certificates(supplier)",
            "certificates(x)",
            "for_each",
            'there is no form "x"',
            "The forms are supplier, finding",
        ),
        (
            "certificates(supplier)",
            "certificates(finding)",
            "for_each",
            'the form "finding" asks for no certificate',
            "Give it a field of the type certificate",
        ),
        (
            'type = "certificate", required = true',
            'type = "certificate"',
            "for_each",
            'no certificate of the form "supplier" is required, so there may be nothing to check',
            "Let one of them be required",
        ),
        (
            CHECK,
            f"{CHECK}low_risk = true\n",
            "low_risk",
            '"low_risk" does not go with for_each',
            ONE_TASK,
        ),
        (
            CHECK,
            f"{CHECK}signers_may_be_added = true\n",
            "signers_may_be_added",
            '"signers_may_be_added" does not go with for_each',
            ONE_TASK,
        ),
        (
            CHECK,
            CHECK.replace("candidates =", "signers ="),
            "signers",
            '"signers" does not go with for_each',
            ONE_TASK,
        ),
        (
            CHECK,
            f'{CHECK}access = {{ supplier = "edit" }}\n',
            "access",
            "whoever checks certificates changes no other field",
            "Let it be changed in another step",
        ),
        (
            'to = ["amend"]\nresume',
            'to = ["amend", "admission"]\nresume',
            "outcomes.return.to",
            "certificates of one check go back to one step together",
            "Name one step in to",
        ),
        (
            CHECK,
            f'{CHECK}sign = "all"\n',
            "sign",
            '"sign" counts signers, and there are none',
            "Give signers instead of an assignee, or take it away",
        ),
    ],
)
def test_a_mistake_is_named_with_its_remedy(old, new, place, problem, hint):
    assert (place, problem, hint) in found(old, new)


def test_where_nothing_can_expire_refuse_expired_is_refused():
    plain = TEXT.replace('type = "certificate"', 'type = "files"').replace(
        'for_each = "certificates(supplier)"\n', ""
    )
    plain = plain.replace("expires = true, label", "label")
    plain = plain.replace('on_reject = "after_all"\non_return = "after_all"\n', "")
    [one] = check(plain, file="checks.toml")
    assert one.problem == "no form has a certificate that could expire"
