"""A scope of a case: a part with its own counts, such as a fork, or a branch of a wait node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from workflows.moments import Moment


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What opened a branch of a wait node, or came to it later.

    It is a start of the node, for a subject or a period where it has one. `period` is that of
    `workflows.periods`, or the day that a start waited for.
    """

    start: str
    subject: str = ""
    period: str = ""


class DueStart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A start that is due and waits, because a branch is open that has to end first."""

    reason: Reason
    at: Moment


def last_named(people: Iterable[str]) -> tuple[str, ...]:
    """Return these people once each, in the order in which they are named for the last time."""
    return tuple(dict.fromkeys([*people][::-1]))[::-1]


class Left(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a node of branches whose tasks have left the state.

    People are named once, the last one last. `visits` is their greatest number in one branch.
    """

    node: str
    visits: int = 0
    people: tuple[str, ...] = ()  # who had a part in one of its tasks
    owners: tuple[str, ...] = ()  # who had one in the end
    assignees: tuple[str, ...] = ()  # of those that were decided
    doers: tuple[str, ...] = ()  # for whom a valid decision counts
    last: tuple[str, ...] = ()  # for whom the last one counts

    def then(self, later: Left) -> Left:
        """Return this together with what is known of later branches; with its node."""
        return Left(
            node=later.node,
            visits=max(self.visits, later.visits),
            people=last_named((*self.people, *later.people)),
            owners=last_named((*self.owners, *later.owners)),
            assignees=last_named((*self.assignees, *later.assignees)),
            doers=last_named((*self.doers, *later.doers)),
            last=later.last or self.last,
        )


class Rest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the scope of a wait node keeps about its starts.

    `latest` has the last reason of each start and subject; of quarters the greatest name so far.
    """

    due: tuple[DueStart, ...] = ()
    latest: tuple[Reason, ...] = ()
    left: tuple[Left, ...] = ()  # of branches that have ended
    closing: bool = False  # its day has come; no branch starts, and the last one that ends leaves

    def last(self, start: str, subject: str = "") -> str:
        """Return the last period or day for which a start was due, "" before the first."""
        found = (one for one in self.latest if (one.start, one.subject) == (start, subject))
        return next((one.period for one in found), "")

    def due_now(self, reason: Reason) -> Rest:
        """Return the rest with this as the last reason of its start."""
        before = self.last(reason.start, reason.subject)
        period = max(before, reason.period) if "Q" in before else reason.period
        others = self.without(reason.start, reason.subject, self.latest)
        return replace(self, latest=(*others, replace(reason, period=period)))

    def waiting(self, start: str, subject: str = "") -> tuple[DueStart, ...]:
        """Return what is due of a start and waits."""
        same = (start, subject)
        return tuple(one for one in self.due if (one.reason.start, one.reason.subject) == same)

    @staticmethod
    def without(start: str, subject: str, reasons: tuple[Reason, ...]) -> Iterator[Reason]:
        """Yield these reasons without those of a start for a subject."""
        return (one for one in reasons if (one.start, one.subject) != (start, subject))


class Opened(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a branch of a wait node: its target now, and why it runs.

    `turns` has the targets that it had before, each with the number of visits of the case when it
    went on to the next.
    """

    target: str
    subject: str = ""
    reasons: tuple[Reason, ...] = ()
    turns: tuple[tuple[int, str], ...] = ()


class Scope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a case that has its own counts of rounds, returns, actions and copies.

    The whole case is the scope with the empty id; a fork opens one with the id of its visit. A wait
    node with starts does, too, and each of its branches has one inside.
    """

    id: str = ""
    fork: str = ""  # the node
    parent: str = ""  # the scope around it
    branch: str = ""  # the branch of the fork around it, if any
    open: tuple[str, ...] = ()  # branches that have not come to the join, in order
    joined: bool = False  # whether all have
    rounds: tuple[tuple[str, int], ...] = ()  # (node, visits)
    returns: tuple[tuple[str, int], ...] = ()  # (node, how often its approval returned the case)
    actions: tuple[str, ...] = ()  # recorded in its tasks
    copied: tuple[str, ...] = ()  # people who were copied in
    rest: Rest | None = None  # of a wait node with starts
    opened: Opened | None = None  # of one of its branches
    ended_at: Moment = 0  # when this branch ended
