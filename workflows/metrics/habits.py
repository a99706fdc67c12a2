"""What the cases of a period do again and again, counted for proposals of a review.

Counted are the votes at each approval, how late each limit was met, work that goes to and fro, and
what the forms say in each field. Nobody's name is kept, and of an answer only whether it is always
the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from workflows.canonical import canonical_json
from workflows.metrics.following import RETURNED
from workflows.metrics.history import Act, Deadline, History, Stay
from workflows.metrics.measuring import INSTANT, VOTES, Ruler, counts
from workflows.model.fields import FieldType, FormField

Pair = tuple[str, str]  # two nodes; the same one twice if two people have it there

_NEVER_ALIKE = (FieldType.PERSON, FieldType.FILES, FieldType.ROWS)


@dataclass(slots=True)
class Votes:
    """The decisions at one approval."""

    n: int = 0
    against: int = 0  # rejected or returned
    timed: int = 0  # of which it is known when they were asked for
    instant: int = 0


@dataclass(slots=True)
class Loops:
    """How often work went from one place to another and back, and how long each way took."""

    cases: int = 0
    times: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Answers:
    """What was answered in one field."""

    asked: int = 0
    given: int = 0
    alike: bool = True
    first: str = ""  # the first answer, as canonical JSON


@dataclass(slots=True, kw_only=True)
class Habits:
    """What was counted so far, one case at a time."""

    ruler: Ruler
    votes: dict[str, Votes] = field(default_factory=dict)  # by node
    lateness: dict[Pair, list[float]] = field(default_factory=dict)  # by name and node; 0 is met
    loops: dict[tuple[bool, Pair], Loops] = field(default_factory=dict)  # whether between people
    at_node: Counter[str] = field(default_factory=Counter)  # cases that were at each step
    answers: dict[str, Answers] = field(default_factory=dict)  # by field

    def add(self, history: History) -> None:
        """Add a case."""
        if history.decided:
            self._votes(history.acts)
        for one in history.deadlines:
            self._deadline(one)
        self.at_node.update({stay.node for stay in history.stays})
        self._loops(people=True, found=_between_people(history.acts))
        self._loops(people=False, found=_between_steps(history.stays))

    def add_form(self, asked: Iterable[FormField], values: Mapping[str, object]) -> None:
        """Add the answers of one form; `asked` are the fields that its version has."""
        for one in asked:
            if one.certificate is not None or (one.required and one.type in _NEVER_ALIKE):
                continue  # a certificate may be asked for alone; of people nothing is kept
            answers = self.answers.setdefault(one.id, Answers())
            answers.asked += 1
            value = values.get(one.id)
            if value is None or value in ("", [], ()):
                continue
            answers.given += 1
            text = canonical_json(value)
            if answers.given == 1:
                answers.first = text
            answers.alike = answers.alike and text == answers.first

    def _votes(self, acts: Iterable[Act]) -> None:
        for act in acts:
            if act.outcome in VOTES:
                votes = self.votes.setdefault(act.node, Votes())
                votes.n += 1
                votes.against += act.outcome != "approve"
                if act.had_since is not None:
                    votes.timed += 1
                    votes.instant += act.at - act.had_since < INSTANT

    def _deadline(self, one: Deadline) -> None:
        """Add how late a limit was met; of one that is open and overdue, until the cut-off."""
        if not counts(one, self.ruler.cut_off):
            return
        late = 0 if one.met else self.ruler.working(one.due, one.stopped or self.ruler.cut_off)
        self.lateness.setdefault((one.name, one.node), []).append(late)

    def _loops(self, *, people: bool, found: Iterable[tuple[Pair, int, int]]) -> None:
        seen: set[Pair] = set()
        for pair, since, until in found:
            loops = self.loops.setdefault((people, pair), Loops())
            loops.cases += pair not in seen
            loops.times.append(self.ruler.working(since, until))
            seen.add(pair)


def _between_people(acts: Iterable[Act]) -> Iterator[tuple[Pair, int, int]]:
    """Yield where work went from one person to another and back without a decision."""
    turns: list[Act] = []
    for act in acts:
        if act.outcome:
            turns = []
        elif not turns or turns[-1].person != act.person:
            turns.append(act)
            if turns[-3:-2] and turns[-3].person == act.person:
                yield (turns[-3].node, turns[-2].node), turns[-3].at, act.at


def _between_steps(stays: Iterable[Stay]) -> Iterator[tuple[Pair, int, int]]:
    """Yield where a step sent work back, or left it without a decision, and it was done again."""
    for (a, b), (_, again) in pairwise(pairwise(stays)):
        if b.until is None or again.until is None or not again.again:
            continue
        follows = a.until is not None and a.until <= b.since and b.until <= again.since
        if a.node == again.node != b.node and follows and b.outcome in ("", RETURNED):
            yield (a.node, b.node), b.since, again.until
