"""The JSON of a rehearsal that the playground's page reads, as `page.py` is that of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.diagram.coverage import CoverageDiagram

Tone = Literal["info", "warn", "danger", "good"]
Seen = Literal["current", "seen", "part", "ahead", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFlaw:
    """A problem that prevents the publication of a draft."""

    place: str
    where: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStep:
    """A step of a script."""

    at_text: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNow:
    """The path that was played last."""

    number: int
    text: str
    note: str
    at_text: str
    in_text: str
    node: str
    trail: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTally:
    """How many things of one kind were covered."""

    kind: str
    label: str
    covered: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePartLine:
    """A part that can be looked at beside the nodes, such as a clock."""

    id: str
    name: str
    state: Seen
    state_text: str
    covered: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFinding:
    """A finding, with the shortest steps that show it."""

    code: str
    place: str
    where: str
    text: str
    hint: str
    concerns: str
    node: str
    script: tuple[PageStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """The result of a rehearsal, or the stage that it is in."""

    tone: Tone
    text: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGot:
    """Who gets the task of a node."""

    node: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGroup:
    """Who gets the tasks of whom."""

    who: str
    gets: tuple[PageGot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """Something that a rehearsal covers, with the shortest steps to it."""

    kind: str
    text: str
    state: Seen
    state_text: str
    script: tuple[PageStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """A node or another part in detail."""

    id: str
    name: str
    items: tuple[PageItem, ...]
    came_text: str
    trails: tuple[tuple[str, ...], ...]
    more_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRehearsal:
    """A rehearsal in its present state."""

    run: int
    process: str
    name: str
    file: str
    draft: bool
    stage: str
    going_on: bool
    steps: int
    situations: int
    size_text: str
    passed_text: str
    now: PageNow | None
    tallies: tuple[PageTally, ...]
    diagram: CoverageDiagram
    parts: tuple[PagePartLine, ...]
    findings: tuple[PageFinding, ...]
    verdict: PageVerdict
    groups: tuple[PageGroup, ...]
    part: PagePart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBegun:
    """The answer to the wish for a rehearsal."""

    begun: bool
    flaws: tuple[PageFlaw, ...] = ()
    rehearsal: PageRehearsal | None = None
