"""What a rehearsal tells: what was seen, what is wrong, and the shortest way to see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workflows.rehearsal.items import Item


class Kind(StrEnum):
    """What can be wrong."""

    DEAD_END = "dead_end"  # a running case that nothing leads on
    UNREACHABLE = "unreachable"  # a node, route, outcome, rung … that no case comes to
    NOBODY = "nobody"  # work that finds nobody and falls to the process owner
    SELF = "self"  # an approval by whom it is about
    UNFILLED = "unfilled"  # a gateway reads a field that nobody filled
    LOOP = "loop"  # a case can go round for ever
    UNESCALATED = "unescalated"  # a step can be late for ever without anybody above knowing
    IDLE_RUNG = "idle_rung"  # an escalation that never tells anybody new
    TOO_LARGE = "too_large"  # there is more than a rehearsal looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a script. `who` is a person's key, empty when time passed and a timer fired."""

    at: datetime
    who: str
    does: str
    node: str
    to: str = ""  # the target of a return; the clock that fired
    action: str = ""
    fills: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing to mend. `code` picks its text, `facts` fill it; `where` and `line` say the place.

    `script` is the shortest way to see it.
    """

    kind: Kind
    code: str
    file: str
    where: str
    line: int | None
    facts: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()  # keys of those who file, when it concerns only some
    to: tuple[str, ...] = ()  # who gets the work: as in Got
    script: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much of one kind of thing was seen."""

    kind: str
    all: tuple[Item, ...]
    missing: tuple[Item, ...]

    @property
    def covered(self) -> int:
        """How many were seen."""
        return len(self.all) - len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """Who gets the work of a node.

    `to` are keys, "filer" for whoever files, "peer" for another of the same group, "@manager",
    "@head", "@manager.head" … for somebody's own. `way` are the gateways on the way there, with
    the route that each took.
    """

    node: str
    way: tuple[tuple[str, int], ...]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People for whom the process does the same, and who gets their work."""

    people: tuple[str, ...]  # keys, in the order of readable ids
    gets: tuple[Got, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a rehearsal found out. `complete` unless it hit its bound."""

    process: str
    start: datetime
    situations: int
    steps: int
    complete: bool
    tallies: tuple[Tally, ...]
    groups: tuple[Group, ...]
    findings: tuple[Found, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.findings
