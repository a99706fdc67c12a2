"""The works that a service node may name, what each is given, and what it may find.

The list is closed: nothing else in a definition runs code. The works themselves are under
`handlers/services/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Work = Literal[
    "baseline",
    "as_is",
    "rehearse",
    "publish_check",
    "specification",
    "what_if",
    "pilot_forecast",
    "open_pilot",
    "prolong_pilot",
    "pilot_report",
    "roll_back",
    "open_batch",
    "batch_report",
    "release",
    "before_after",
]
Found = Literal["ok", "findings", "failed"]

PUBLISHER = "process-change"
"""The key of the only process whose nodes may change which version of a process is started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRule:
    """What a work is given: names that it needs, and further ones that it takes.

    With `judges` it may have findings; with `publishes` it changes what is released.
    """

    needs: tuple[str, ...] = ("process",)
    takes: tuple[str, ...] = ()
    judges: bool = False
    publishes: bool = False

    @property
    def outcomes(self) -> tuple[Found, ...]:
        """What a node with this work has to route."""
        return ("ok", "findings", "failed") if self.judges else ("ok", "failed")


_DRAFT = ("process", "draft")
_SECOND = ("department_2", "department_3")

WORKS: Mapping[Work, WorkRule] = MappingProxyType(
    {
        "baseline": WorkRule(),
        "as_is": WorkRule(),
        "rehearse": WorkRule(needs=_DRAFT, judges=True),
        "publish_check": WorkRule(needs=_DRAFT, judges=True),
        "specification": WorkRule(needs=_DRAFT),
        "what_if": WorkRule(needs=_DRAFT),
        "pilot_forecast": WorkRule(
            needs=("process", "department", "until"), takes=(*_SECOND, "main_figure")
        ),
        "open_pilot": WorkRule(
            needs=(*_DRAFT, "department", "until"), takes=(*_SECOND, "helper"), publishes=True
        ),
        "prolong_pilot": WorkRule(needs=("process", "until"), publishes=True),
        "pilot_report": WorkRule(takes=("main_figure",)),
        "roll_back": WorkRule(publishes=True),
        "open_batch": WorkRule(
            needs=(*_DRAFT, "department"), takes=(*_SECOND, "helper"), publishes=True
        ),
        "batch_report": WorkRule(takes=("main_figure",)),
        "release": WorkRule(needs=_DRAFT, publishes=True),
        "before_after": WorkRule(takes=("main_figure",)),
    }
)
