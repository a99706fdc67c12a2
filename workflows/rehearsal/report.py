"""The records of a rehearsal's result: coverage, findings, and the shortest script to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.moments import Moment
from workflows.rehearsal.items import Item


class Kind(StrEnum):
    """The kinds of findings."""

    DEAD_END = "dead_end"  # a running case that cannot go on
    UNREACHABLE = "unreachable"  # a node, route, outcome, rung … that no case reaches
    NOBODY = "nobody"  # a task for which nobody is found, so that the process owner gets it
    SELF = "self"  # an approval of one's own request or work
    UNFILLED = "unfilled"  # a gateway reads an empty field
    LOOP = "loop"  # a case can repeat the same nodes for ever
    UNESCALATED = "unescalated"  # a task can be overdue for ever without an escalation
    IDLE_RUNG = "idle_rung"  # an escalation that never reaches anybody new
    TOO_LARGE = "too_large"  # the definition exceeds the bound of a rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a script. `who` is a person's key, empty when time passed and a timer fired."""

    at: Moment
    who: str
    does: str
    node: str
    to: str = ""  # the target of a return; the clock that fired
    also: tuple[str, ...] = ()  # further targets of a return
    action: str = ""
    fills: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalFinding:
    """One finding. `code` selects its text, `facts` fill it; `where` and `line` give the place.

    `script` is the shortest way to reproduce it.
    """

    kind: Kind
    code: str
    file: str
    where: str
    line: int | None
    facts: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()  # keys of the filers, when it concerns only some
    to: tuple[str, ...] = ()  # who gets the work: as in Got
    script: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many items of one kind were covered."""

    kind: str
    all: tuple[Item, ...]
    missing: tuple[Item, ...]

    @property
    def covered(self) -> int:
        """The number of items that were covered."""
        return len(self.all) - len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """The people who get the work of a node.

    `to` are keys, "filer" for the filer, "peer" for another of the same group, "@manager", "@head",
    "@manager.head" … for the filer's own. `way` are the gateways on the path to the node, with the
    route that each took.
    """

    node: str
    way: tuple[tuple[str, int], ...]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People for whom the process gives work to the same people, and who these are."""

    people: tuple[str, ...]  # keys, in the order of readable ids
    gets: tuple[Got, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a rehearsal. `complete` unless it reached its bound."""

    process: str
    start: Moment
    situations: int
    steps: int
    complete: bool
    tallies: tuple[Tally, ...]
    groups: tuple[Group, ...]
    findings: tuple[RehearsalFinding, ...]

    @property
    def good(self) -> bool:
        """Whether there are no findings."""
        return not self.findings
