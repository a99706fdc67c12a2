"""In how few hands a step is: people who decide, returns, ladders that were climbed to the end."""

from __future__ import annotations

from msgspec.structs import replace

from tests.unit.workflows.metrics.histories import act, case
from workflows.metrics.hands import Hands

VOTES = (
    act("09:10", "x", "approve"),
    replace(act("09:20", "x", "return"), node="b"),
    act("09:30", "y", "approve"),
    act("09:40", "y"),  # decided nothing
)


def counted(*histories):
    hands = Hands()
    for history in histories:
        hands.add(history)
    return hands


def test_decisions_people_and_returns_are_counted_by_node():
    """L2.1."""
    hands = counted(case(acts=VOTES), case(acts=VOTES[:1]))

    assert (hands.decisions("n"), hands.people("n")) == (3, 2)
    assert (hands.decisions("b"), hands.people("b"), hands.returns["b"]) == (1, 1, 1)
    assert (hands.decisions("c"), hands.people("c"), hands.returns["n"]) == (0, 0, 0)


def test_who_votes_at_two_steps_of_a_case_is_counted_once():
    apart = (VOTES[1], VOTES[2])
    work = act("09:50", "y", "complete")

    hands = counted(case(acts=VOTES), case(acts=apart), case(acts=(VOTES[0], work)))

    assert (hands.several, hands.twice) == (2, 1)


def test_ladders_that_ended_are_counted():
    hands = counted(case(ladder_ends=("b", "closing")), case(ladder_ends=("b",)))

    assert hands.ladder_ends == {"b": 2, "closing": 1}
