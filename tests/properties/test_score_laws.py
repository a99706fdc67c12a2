"""Counts and averages equal a plain recount of the results that are not void, after any history."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from itertools import takewhile

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.workflows.deeds import file
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks.scored import Quarters, scoring
from workflows.case.events import fold
from workflows.flow import facts

CENT = Decimal("0.01")
BAD = Decimal(70)


def average(scores: list[Decimal]) -> int:
    """The average in hundredths, as somebody would work it out on paper."""
    exact = sum(scores, Decimal()) / len(scores)
    return int(exact.quantize(CENT, rounding=ROUND_HALF_EVEN) * 100)


class Scores(RuleBasedStateMachine):
    """Quarters are scored, scored again, and made void in any order; standings are noted."""

    @initialize()
    def file(self) -> None:
        play = Playbook(scoring())
        play >> file("wu.min", who="ACME") << whatever
        self.history = play.history
        self.quarters = Quarters(play)
        self.valid: dict[int, Decimal] = {}  # by quarter, in the order in which they were scored
        self.standings = ["good"]

    @rule(hundredths=st.integers(0, 10_000))
    def score(self, hundredths: int) -> None:
        self.quarters.scored(str(Decimal(hundredths).scaleb(-2)))
        self.valid[self.quarters.quarters] = Decimal(hundredths).scaleb(-2)

    @rule(data=st.data(), hundredths=st.integers(0, 10_000))
    def score_again(self, data: st.DataObject, hundredths: int) -> None:
        if self.quarters.quarters:
            quarter = data.draw(st.integers(1, self.quarters.quarters))
            self.quarters.scored(str(Decimal(hundredths).scaleb(-2)), quarter=quarter)
            self.valid.pop(quarter, None)
            self.valid[quarter] = Decimal(hundredths).scaleb(-2)

    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        if self.valid:
            quarter = data.draw(st.sampled_from(sorted(self.valid)))
            self.quarters.voided(quarter)
            del self.valid[quarter]

    @rule(option=st.sampled_from(["good", "bad"]))
    def stand(self, option: str) -> None:
        facts.note_options(self.quarters.draft, {"standing": option})
        if self.standings[-1] != option:
            self.standings.append(option)

    @invariant()
    def the_facts_are_a_recount_of_what_is_valid(self) -> None:
        scores, number = [*self.valid.values()], self.quarters.number
        if not scores:
            for name in ("quarter.score", "bad_quarters", "failed", "year_score", "ever"):
                assert number(name) is None, name
            return
        in_a_row = len([*takewhile(lambda score: score < BAD, reversed(scores))])
        assert number("bad_quarters") == 100 * in_a_row
        assert number("failed") == 100 * sum(score < BAD for score in scores)
        assert number("ever") == average(scores)
        year = self.quarters.draft.case.fact("year_score")
        assert year is not None
        assert (year.number, year.of) == (average(scores[-4:]), len(scores[-4:]))
        assert number("times_bad") == 100 * self.standings.count("bad")

    @invariant()
    def the_events_alone_give_the_same_facts(self) -> None:
        events = (*self.history, *(event for event, _ in self.quarters.draft.steps))
        assert fold(events).facts == self.quarters.draft.case.facts


TestScores = Scores.TestCase
