"""What a person, or the clock, wants of a case: a command decides itself.

Each action has its command in its own module under `workflows.actions`. A form's values travel
beside the reference to the content that keeps them: the engine looks at the values, the event keeps
the reference.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.case.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(ABC):
    """Something to be done. `actor` is a person's key or "system", `via` where it came from."""

    actor: str
    via: str
    values: Mapping[str, object] = field(default_factory=dict)  # of the form that was sent with it

    @abstractmethod
    def decide(self, draft: Draft) -> None:
        """Add the events that this leads to. Raises Refusal; what was added is void then."""
