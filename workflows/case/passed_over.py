"""People who were passed over for a task or an escalation, with the reason."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Fallback = Literal[
    "",
    "supervisor",  # the filer's manager, by `self_approval`
    "dept_head",  # the head of the filer's department, by `self_approval`
    "nobody",  # whom `nobody` of the definition names
    "process_owner",
    "owners_manager",
    "admin",
]
Bar = Literal[
    "filer",
    "own_work",
    "not_same_as",
    "same_as",
    "excepted",
    "signer",
    "principal_filed",
    "left",
    "at_work",
    "told",
]


class PassedOver(Struct, frozen=True, kw_only=True):
    """A person whom the definition names and who was passed over, with the reason.

    `task` is given where the record is about one of several tasks. The reasons:

    * `filer`: they filed the case.
    * `own_work`: they performed the work that the approval judges.
    * `not_same_as`: they decided a node that `not_same_as` names, or somebody did for them.
    * `same_as`: somebody else decided the node that `same_as` names.
    * `excepted`: the definition excludes them.
    * `signer`: they have another seat among the signers of the same step.
    * `principal_filed`: they would be the deputy of the filer.
    * `left`: they are not active any more.
    * `at_work`, only for an escalation: they have the task.
    * `told`, only for an escalation: an earlier rung of this clock reached them.
    """

    person: str
    why: Bar
    task: str = ""
