"""What of a definition can be changed in the chat, and the arguments of buttons that name it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode


class Kind(StrEnum):
    """What a spot shows or changes; the value is the first letter of its argument."""

    STEP = "s"  # shows what can be changed at a step
    FORM = "g"  # shows the fields of a form
    LIMIT = "l"
    LADDER = "d"
    RUNGS = "r"
    PEOPLE = "p"
    NAME = "n"
    CLOCK = "c"
    FIELD = "f"
    ADD = "a"


VIEW = "v"  # the argument that shows what the draft changes
DROP = "x"  # the argument that drops the draft
PAGE = "o-"  # begins the argument of a further page of steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A part of a definition and what can be changed of it.

    `path` is ("nodes", id), ("clocks", key), ("ladders", key), ("forms", key), or that of a form
    followed by the id of a field.
    """

    kind: Kind
    path: tuple[str, ...]

    @property
    def argument(self) -> str:
        """The argument of a button for it; ids may be too long for one, so it has a checksum."""
        return f"{self.kind}-{crc32('/'.join(self.path).encode()):08x}"


def spots(definition: Definition) -> Iterator[Spot]:
    """Yield everything that can be changed of a definition, in the order of the file."""
    for node in definition.nodes:
        yield from (Spot(kind=kind, path=("nodes", node.id)) for kind in (Kind.STEP, Kind.NAME))
        if isinstance(node, TaskNode | ApprovalNode):
            for kind in (Kind.LIMIT, Kind.LADDER, Kind.PEOPLE):
                yield Spot(kind=kind, path=("nodes", node.id))
    for key in definition.clocks:
        yield Spot(kind=Kind.CLOCK, path=("clocks", key))
    for key in definition.ladders:
        yield Spot(kind=Kind.RUNGS, path=("ladders", key))
    for key, form in definition.forms.items():
        yield from (Spot(kind=kind, path=("forms", key)) for kind in (Kind.FORM, Kind.ADD))
        for field in form.written:
            yield Spot(kind=Kind.FIELD, path=("forms", key, field.id))


def spot_at(definition: Definition, argument: str) -> Spot:
    """Return the spot that a button names. Raises Refusal `draft_moved_on` if it is gone."""
    for spot in spots(definition):
        if spot.argument == argument:
            return spot
    raise Refusal("draft_moved_on")
