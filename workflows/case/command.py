"""The base class of commands: a change of a case that a person or a timer requests.

Each action defines its command in its own module under `workflows.actions`. The values of a form
are passed beside the reference to the stored content: the engine evaluates the values, the event
stores the reference.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.case.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(ABC):
    """A requested change. `actor` is a person's key or "system", `via` where it came from."""

    actor: str
    via: str
    values: Mapping[str, object] = field(default_factory=dict)  # of the submitted form

    @abstractmethod
    def decide(self, draft: Draft) -> None:
        """Add the resulting events to the draft.

        Raises Refusal when a rule forbids the change; the draft is discarded then.
        """
