"""People who were passed over for a task or an escalation, with the reason."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Fallback = Literal["", "process_owner", "owners_manager", "admin"]
Bar = Literal["filer", "own_work", "excepted", "principal_filed", "left", "at_work", "told"]


class PassedOver(Struct, frozen=True, kw_only=True):
    """A person whom the definition names and who was passed over, with the reason.

    `task` is given where the record is about one of several tasks. The reasons:

    * `filer`: they filed the case.
    * `own_work`: they performed the work that the approval judges.
    * `excepted`: the definition excludes them.
    * `principal_filed`: they would be the deputy of the filer.
    * `left`: they are not active any more.
    * `at_work`, only for an escalation: they have the task.
    * `told`, only for an escalation: an earlier rung of this clock reached them.
    """

    person: str
    why: Bar
    task: str = ""
