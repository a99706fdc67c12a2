"""The history of a case as figures read it: the same record for our cases and for imported ones.

It has times, people and nodes, and no content. Times are moments; the state is that of the cut-off,
the end of the observation: nothing that happened later is in it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from workflows.metrics.desk_time import Held, Span
from workflows.moments import Moment


class Ending(StrEnum):
    """How the handling of a case has ended, if it has."""

    OPEN = "open"
    ENDED = "ended"
    REJECTED = "rejected"
    DROPPED = (
        "dropped"  # withdrawn, merged or terminated: nobody knows how long it would have taken
    )


class Stay(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visit of a node at which people work, from its beginning to its end.

    `first_act` is when a person first did something there; `outcome` is the last decision made
    there, and `by` the person who made it, "" if a rule or a timer did. `again` says that its work
    is done once more, which a branch that begins each quarter is not.
    """

    node: str
    since: Moment
    until: Moment | None = None
    again: bool = False
    first_act: Moment | None = None
    outcome: str = ""
    by: str = ""


class Act(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a person did with the work of a case; `outcome` if it decided a task."""

    at: Moment
    person: str
    node: str
    outcome: str = ""
    had_since: Moment | None = None  # since when the person had the task that is decided


class Deadline(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A limit of a case (`name`) or of a step (`node`), as it was when its clock stopped.

    `met` is None while the clock runs or is paused, and where it ended without being met or missed.
    """

    due: Moment
    name: str = ""
    node: str = ""
    stopped: Moment | None = None
    met: bool | None = None


class Reported(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem with the process that somebody reported in a case; `content` is its text's id."""

    at: Moment
    node: str
    kind: str
    content: str = ""


class History(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case until the cut-off."""

    case: str
    process: str
    version: str
    filed: Moment
    filer: str = ""
    department: str = ""  # of the filer
    grade: str = ""
    ending: Ending = Ending.OPEN
    ended: Moment | None = None  # the business end
    stays: tuple[Stay, ...] = ()  # in the order in which they began
    acts: tuple[Act, ...] = ()
    held: tuple[Held, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    pauses: tuple[Span, ...] = ()  # of any of its tasks; they may overlap
    problems: tuple[Reported, ...] = ()
    ladder_ends: tuple[str, ...] = ()  # whose last rung fired: nodes, names of deadlines
    reopened: bool = False
    asked: bool = False  # whether the survey after its end was sent
    score: int | None = None  # and its answer, from 1 to 5
    imported: bool = False
    decided: bool = True  # whether it is known what was decided at its steps
