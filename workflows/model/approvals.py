"""Who may decide an approval: the rules of `[approvals]`, which an approval may replace."""

from __future__ import annotations

from typing import Literal

from workflows.model.words import Model, People

SelfApproval = Literal["others_else_supervisor", "supervisor", "dept_head", "self", "pass"]
Repeated = Literal["none", "consecutive", "all"]

PROCESS_OWNER, REJECT, PASS = "process_owner", "reject", "pass"
NOBODY_WORDS = (PROCESS_OWNER, REJECT, PASS)  # all other values of `nobody` name people


class Approvals(Model):
    """The rules of every approval that gives none itself.

    `self_approval` says what follows where the filer would decide, `nobody` what follows where the
    definition names nobody, `repeated` whether a person who approved before decides again,
    `signers_may_be_added` whether whoever has an approval may add signers and ask for advice.
    """

    self_approval: SelfApproval = "others_else_supervisor"
    nobody: People = PROCESS_OWNER
    repeated: Repeated = "consecutive"
    signers_may_be_added: bool = True


UNWRITTEN = Approvals(repeated="none")
"""The rules of a definition without `[approvals]`, in which nothing is decided by a rule."""
