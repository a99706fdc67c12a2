"""What a story of the rig is made of: the steps of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does: say something, or press a button and fill what opens."""

    who: str
    verb: str  # "say", or that of a button
    values: Mapping[str, object] | None = None
    text: str = ""  # what is said, or what shows the button
    hours: tuple[int, ...] = ()  # from the beginning: everything due is done at each, then this
    people: Mapping[str, str] = field(default_factory=dict)  # fields with a person, by their id
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)  # fields with a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case, from its filing on, or from the end of another story about it."""

    name: str
    case: str
    steps: tuple[Step, ...]
    after: str = ""  # the story that comes before
