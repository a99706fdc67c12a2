"""Who was left out where work was given or people were told, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fallback = Literal["", "process_owner", "owners_manager", "admin"]
Bar = Literal["filer", "own_work", "excepted", "principal_filed", "left", "at_work", "told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """Somebody who was meant, and why they were left out; `task` where it is about one of several.

    `filer` filed the case, `own_work` performed what is to be judged, `excepted` is excluded by the
    definition, `principal_filed` would stand in for whoever filed it, `left` works here no more.
    `at_work` and `told` are for escalations: whoever has the task, or heard of it on this clock.
    """

    person: str
    why: Bar
    task: str = ""
