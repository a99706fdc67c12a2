"""A second statement of what becomes of a supplier over the years.

Told from the events, the forms that they name and the text of the definition as TOML, not from the
engine: which quarters and years are assessed, that a branch is alone at its target, which standing
the facts say, and that nothing starts for a supplier who was eliminated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from tests.simulation import quarters
from tests.simulation.approvals import file_of
from tests.simulation.days import DOWN, EARLY, Days, Wrong
from tests.simulation.forms import Forms
from tests.simulation.places import Places
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.actions.start import CaseStarted
from workflows.actions.take_back import DecisionTakenBack
from workflows.calendar import WorkCalendar
from workflows.case.events import SYSTEM, Event
from workflows.flow.ballots import BallotOpened
from workflows.flow.branch_events import (
    BranchEnded,
    BranchStarted,
    BranchTurned,
    RestBegan,
    StartDropped,
    StartDue,
)
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import NodeEntered, TaskCompleted
from workflows.flow.facts import FactNoted, FactVoided, ResultNoted
from workflows.flow.opening import TaskOpened
from workflows.moments import MINUTE, Moment

PROCESS = "supplier"
LATE = 21 * MINUTE  # what was due so short a time ago may still come
BY_DAY = ("certificate_out", "contract_out")
BY_PERIOD = ("quarterly", "yearly")
BAD = 70_00  # hundredths of a score below which a quarter is bad
WORK = (BranchStarted, StartDue, TaskOpened, BallotOpened, NodeEntered)  # what an end forbids


@dataclass(slots=True, kw_only=True)
class _Branch:
    """A branch that is open."""

    target: str
    subject: str
    periods: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result that counts, by the event that noted it."""

    seq: int
    fact: str
    option: str
    number: int
    of: int
    period: str
    scope: str


@dataclass(slots=True, kw_only=True)
class Supplier:
    """What one supplier must keep to."""

    told_wrong: Wrong
    calendar: WorkCalendar
    bodies: Mapping[str, Any]  # the contents of the case by id
    forms: Forms = field(init=False)
    days: Days = field(init=False)
    at: dict[str, str] = field(default_factory=dict)  # the node of each task
    places: Places = field(default_factory=Places)
    results: list[Result] = field(default_factory=list)  # that are not void
    open: dict[str, _Branch] = field(default_factory=dict)  # by scope
    waiting: dict[tuple[str, str, str], StartDue] = field(default_factory=dict)
    begun: dict[str, list[str]] = field(default_factory=dict)  # the periods of each start
    rests: date | None = None  # since when
    standing: str = "applicant"
    contract: str = "none"
    over: Event | None = None
    last: Event | None = None

    def __post_init__(self) -> None:
        self.forms = Forms(definition=file_of(PROCESS), bodies=self.bodies)
        self.days = Days(wrong=self.wrong, definition=file_of(PROCESS), calendar=self.calendar)

    def wrong(self, promise: str, event: Event, why: str) -> None:
        self.told_wrong(promise, event, why)

    def tell(self, at: Moment, event: Event) -> None:
        if self.last is not None and self.last.at != event.at:
            self._settled(self.last)
        if self.over is not None and isinstance(event.body, WORK):
            self.wrong("eliminated", event, "the case is over")
        self.places.tell(event.body)
        rule = _RULES.get(type(event.body))
        if rule is not None:
            rule(self, at, event, event.body)
        self.last = event

    def ends(self, now: Moment) -> None:
        """Nothing more happens: everything until now was seen, and what waits has a reason."""
        assert self.last is not None, "a case has events"
        self._settled(self.last)
        if self.over is not None:
            return
        self.days.ends(now - LATE)
        self._periods(now - LATE, self.last)
        for one in self.waiting.values():
            if not self._blocked(one.to, one.subject):
                self.wrong("starts", self.last, f"nothing bars {one}, which still waits")

    # ------------------------------------------------------------------ forms, facts

    def started(self, at: Moment, event: Event, body: CaseStarted) -> None:
        self.forms.takes("", body.content.id, asked=self.forms.application)

    def opened(self, at: Moment, event: Event, body: TaskOpened) -> None:
        self.at[body.task] = body.node

    def ballot(self, at: Moment, event: Event, body: BallotOpened) -> None:
        self.at.update((seat.task, body.node) for seat in body.seats)

    def completed(self, at: Moment, event: Event, body: TaskCompleted) -> None:
        node = self.at.get(body.task, "")
        if body.content is not None:
            self.forms.takes(body.task, body.content.id, asked=self._asked(node, body.task))
        if node in ("contract", "renewal"):
            self.contract = "valid"
        if self.rests is not None:
            self.days.look(event, self.forms)

    def _asked(self, node: str, task: str) -> tuple[str, ...]:
        """What the application asked for at a node: of all, or the certificate of the branch."""
        if node == "amend":
            return self.forms.application
        branch = self.open.get(self.places.branch_of(task))
        return (branch.subject,) if node == "renew_certificate" and branch is not None else ()

    def taken_back(self, at: Moment, event: Event, body: DecisionTakenBack) -> None:
        self.forms.drop(body.task)
        if self.rests is not None:
            self.days.look(event, self.forms)

    def noted(self, at: Moment, event: Event, body: ResultNoted) -> None:
        one = Result(
            seq=event.seq,
            fact=body.fact,
            option=body.option,
            number=body.number,
            of=body.of,
            period=body.period,
            scope=body.scope,
        )
        self.results.append(one)
        if body.fact == "quarter.score" and body.number != self._weighed():
            self.wrong("standing", event, f"the forms say {self._weighed()}")

    def calculated(self, at: Moment, event: Event, body: FactNoted) -> None:
        self.wrong("standing", event, "no fact of a supplier is calculated from one form")

    def voided(self, at: Moment, event: Event, body: FactVoided) -> None:
        self.results = [one for one in self.results if one.seq not in body.facts]

    def fact(self, name: str) -> Result | None:
        """The latest result of a name that counts."""
        return next((one for one in reversed(self.results) if one.fact == name), None)

    def _weighed(self) -> int | None:
        """The score of the forms, in hundredths."""
        items = file_of(PROCESS)["scorecards"]["quarter"]["items"]
        given = [(self.forms.value(one["field"]), one["weight"]) for one in items]
        total = sum(Decimal(str(value)) * weight for value, weight in given)
        return int(total.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))

    # ------------------------------------------------------------------ branches

    def rest(self, at: Moment, event: Event, body: RestBegan) -> None:
        self.rests = self.calendar.day_of(event.at)
        self.standing = "active"
        self.days.look(event, self.forms)

    def begins(self, at: Moment, event: Event, body: BranchStarted) -> None:
        key = (body.start, body.subject, body.period)
        waited = self.waiting.pop(key, None) is not None
        if self._alone(event, body.to, body.subject):
            self.wrong("one branch", event, f"an exclusive one is open: {self.open}")
        periods = [body.period] if body.start in BY_PERIOD else []
        self.open[body.scope] = _Branch(target=body.to, subject=body.subject, periods=periods)
        self._by_whom(event, body)
        self._due(at, event, body, waited=waited)

    def waits(self, at: Moment, event: Event, body: StartDue) -> None:
        key = (body.start, body.subject, body.period)
        if key in self.waiting:
            self.wrong("starts", event, "it waits already")
        if not self._blocked(body.to, body.subject):
            self.wrong("starts", event, "nothing bars it")
        self.waiting[key] = body
        self._due(at, event, body, waited=False)

    def dropped(self, at: Moment, event: Event, body: StartDropped) -> None:
        gone = [key for key in self.waiting if key[:2] == (body.start, body.subject)]
        if not gone or body.start in BY_PERIOD:
            self.wrong("starts", event, "a period is never dropped, nor what does not wait")
        for key in gone:
            del self.waiting[key]

    def turned(self, at: Moment, event: Event, body: BranchTurned) -> None:
        branch = self.open.pop(body.scope)
        self._alone(event, body.to, body.subject)
        if branch.target == "assess":
            self._assessed(event, body.scope, branch)
        self.open[body.scope] = branch
        branch.target, branch.subject = body.to, body.subject

    def ended(self, at: Moment, event: Event, body: BranchEnded) -> None:
        branch = self.open.pop(body.scope)
        if branch.target == "assess":
            self._assessed(event, body.scope, branch)
        if not body.into:
            return
        other = self.open[body.into]
        if other.target != body.to:
            self.wrong("one branch", event, f"it joins one for {other.target}")

    def _alone(self, event: Event, target: str, subject: str) -> bool:
        """Find another branch with this target and subject; whether one is exclusive."""
        for one in self.open.values():
            if (one.target, one.subject) == (target, subject):
                self.wrong("one branch", event, "another one is open for the same")
        return any(one.target in self._exclusive for one in self.open.values())

    def _blocked(self, target: str, subject: str) -> bool:
        same = any((one.target, one.subject) == (target, subject) for one in self.open.values())
        return same or any(one.target in self._exclusive for one in self.open.values())

    @property
    def _exclusive(self) -> tuple[str, ...]:
        nodes = file_of(PROCESS)["nodes"]
        return tuple(next(one for one in nodes if one["id"] == "active")["exclusive"])

    def _by_whom(self, event: Event, body: BranchStarted) -> None:
        pressed = body.start in ("certificate_new", "part")
        if pressed == (event.actor == SYSTEM):
            self.wrong("R8", event, "a button is pressed by somebody, a clock by nobody")

    def _due(
        self, at: Moment, event: Event, body: BranchStarted | StartDue, *, waited: bool
    ) -> None:
        """A start is due: by its day or its period, once; some suspend the supplier."""
        if body.start in BY_DAY:
            self.days.began(at, event, body, waited=waited)
            contract = body.start == "contract_out"
            if contract and not waited:
                self.contract = "over"
            if (contract or self.forms.required(body.subject)) and not waited:
                self.standing = "suspended"
        if body.start in BY_PERIOD and not waited:
            self._period_due(at, event, body)

    # ------------------------------------------------------------------ quarters and years

    def _period_due(self, at: Moment, event: Event, body: BranchStarted | StartDue) -> None:
        seen = self.begun.setdefault(body.start, [])
        if body.period in seen:
            self.wrong("quarters", event, f"{body.period} is assessed a second time")
        seen.append(body.period)
        due = dict(self._expected(body.start, len(seen))).get(body.period)
        if due is None:
            self.wrong("quarters", event, f"{body.period} is not the next one: {seen}")
        elif at < due - EARLY:
            self.wrong("quarters", event, f"{body.period} is not over")

    def _periods(self, until: Moment, event: Event) -> None:
        """Every period that was due until then has begun, or waits."""
        for start in BY_PERIOD if self.rests is not None else ():
            seen = self.begun.get(start, [])
            for period, due in self._expected(start, len(seen) + 1):
                if due < until and period not in seen:
                    self.wrong("quarters", event, f"{start} {period} was never assessed")

    def _expected(self, start: str, count: int) -> Iterator[tuple[str, Moment]]:
        """The first periods of a start since the supplier rests, and when each is due."""
        assert self.rests is not None, "periods are those of a rest"
        due = quarters.year if start == "yearly" else quarters.quarter
        for number in range(count):
            yield due(self.calendar, self.rests, number)

    def _assessed(self, event: Event, scope: str, branch: _Branch) -> None:
        """A quarter is over: it has one result that counts, and it is its own."""
        scores = [one for one in self.results if (one.fact, one.scope) == ("quarter.score", scope)]
        if [one.period for one in scores] != branch.periods:
            self.wrong("quarters", event, f"{branch.periods} has the results {scores}")

    # ------------------------------------------------------------------ standing

    def entered(self, at: Moment, event: Event, body: NodeEntered) -> None:
        today = self.calendar.day_of(event.at)
        valid = self.contract == "valid" and not self.forms.lacking(today)
        if body.node == "reinstatement" and valid:
            self.standing = "active"

    def warned(self, at: Moment, event: Event, body: Reminded | Escalated) -> None:
        self.days.warned(body.clock, (body.rung,))

    def left_out(self, at: Moment, event: Event, body: RungsCollapsed) -> None:
        self.days.warned(body.clock, body.rungs)

    def closed(self, at: Moment, event: Event, body: CaseClosed) -> None:
        self.over = event
        ended = {"completed": "eliminated", "rejected": "refused"}
        self.standing = ended.get(body.status, self.standing)
        if self.standing == "eliminated":
            self.contract = "ended"
        self.days.ends(event.at - DOWN)
        self._periods(event.at - DOWN, event)
        self.open.clear()
        self.waiting.clear()

    def _settled(self, event: Event) -> None:
        """A decision is complete: the facts say what happened."""
        scores = [one for one in self.results if one.fact == "quarter.score"]
        last = scores[-4:]
        bad = next((n for n, one in enumerate(reversed(scores)) if one.number >= BAD), len(scores))
        average = Fraction(sum(one.number for one in last), len(last) or 1)
        said = {
            "standing": self.standing,
            "contract_state": self.contract,
            "year_score": (round(average), len(last)) if last else None,
            "bad_quarters": 100 * bad if scores else None,
            "quarter.grade": _grade(last[-1].number) if last else None,
        }
        for name, expected in said.items():
            one = self.fact(name)
            found: object = None if one is None else one.option or one.number
            if one is not None and one.of:
                found = (one.number, one.of)
            if found != expected:
                self.wrong("standing", event, f"{name} is {found}, but it happened {expected}")


def _grade(score: int) -> str:
    """The grade of a score in hundredths."""
    grades = file_of(PROCESS)["scorecards"]["quarter"]["grades"]
    return str(next(one["id"] for one in grades if score >= 100 * one["from"]))


_RULES: Mapping[type, Callable[[Supplier, Moment, Event, Any], None]] = {
    CaseStarted: Supplier.started,
    TaskOpened: Supplier.opened,
    BallotOpened: Supplier.ballot,
    TaskCompleted: Supplier.completed,
    DecisionTakenBack: Supplier.taken_back,
    ResultNoted: Supplier.noted,
    FactNoted: Supplier.calculated,
    FactVoided: Supplier.voided,
    RestBegan: Supplier.rest,
    BranchStarted: Supplier.begins,
    StartDue: Supplier.waits,
    StartDropped: Supplier.dropped,
    BranchTurned: Supplier.turned,
    BranchEnded: Supplier.ended,
    NodeEntered: Supplier.entered,
    Reminded: Supplier.warned,
    Escalated: Supplier.warned,
    RungsCollapsed: Supplier.left_out,
    CaseClosed: Supplier.closed,
}
