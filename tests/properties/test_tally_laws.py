"""Laws of counting votes, for every rule and every ballot."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from workflows.flow.tally import Rule, Vote, needed, tally
from workflows.model.signers import Sign

CAST = ("approve", "reject", "return")

signs = st.one_of(
    st.sampled_from([Sign(kind=kind) for kind in ("all", "any", "any_approval", "in_turn")]),
    st.integers(1, 100).map(lambda percent: Sign(kind="need", percent=percent)),
    st.integers(1, 12).map(lambda votes: Sign(kind="need", votes=votes)),
)
awaits = st.sampled_from(["at_once", "after_all"])
rules = st.builds(Rule, sign=signs, on_reject=awaits, on_return=awaits)
weights = st.integers(1, 4)
votes = st.builds(Vote, choice=st.sampled_from(["", *CAST]), weight=weights)
ballots = st.lists(votes, min_size=1, max_size=5)
cast_ballots = st.lists(
    st.builds(Vote, choice=st.sampled_from(CAST), weight=weights), min_size=1, max_size=5
)


def share(ballot, choice):
    return sum(vote.weight for vote in ballot if vote.choice == choice)


def passed(rule, ballot):
    """Whether enough seats have approved, counted in fractions."""
    approved, total = (
        share(ballot, "approve"),
        share(ballot, "approve") + sum(vote.weight for vote in ballot if vote.choice != "approve"),
    )
    if rule.sign.percent is not None:
        return Fraction(approved, total) >= Fraction(rule.sign.percent, 100)
    if rule.sign.votes is not None:
        return approved >= rule.sign.votes
    return approved > 0 if rule.sign.kind in ("any", "any_approval") else approved == total


def ends(ballot):
    """Every way in which the seats that have not voted could vote."""
    fills = [CAST if vote.choice == "" else (vote.choice,) for vote in ballot]
    for choices in itertools.product(*fills):
        yield [
            Vote(choice=choice, weight=vote.weight)
            for vote, choice in zip(ballot, choices, strict=True)
        ]


@given(rules, ballots, st.randoms(use_true_random=False))
def test_the_order_of_the_seats_changes_nothing(rule, ballot, random):
    shuffled = random.sample(ballot, len(ballot))

    assert tally(rule, shuffled) == tally(rule, ballot)


@given(rules, cast_ballots)
def test_a_ballot_in_which_all_have_voted_is_decided_by_what_its_votes_say(rule, ballot):
    choices = {vote.choice for vote in ballot}
    if "return" in choices:
        wanted = "return"
    elif rule.sign.kind == "any":
        wanted = "reject" if "reject" in choices else "approve"
    else:
        wanted = "approve" if passed(rule, ballot) else "reject"

    assert tally(rule, ballot) == wanted


@given(rules)
def test_a_ballot_without_seats_or_without_votes_is_not_decided(rule):
    assert tally(rule, []) == ""
    assert tally(rule, [Vote(), Vote(weight=3)]) == ""


@given(rules, ballots)
@example(Rule(sign=Sign(kind="need", percent=50)), [Vote(choice="reject"), Vote()])
def test_a_reject_at_once_comes_exactly_when_approval_is_out_of_reach(rule, ballot):
    """Compared with every way in which the others could still vote."""
    cast = [vote.choice for vote in ballot if vote.choice]
    if rule.sign.kind == "any" or "return" in cast or not cast or len(cast) == len(ballot):
        return
    reachable = any(passed(rule, end) for end in ends(ballot))
    rejected = tally(rule, ballot) == "reject"

    assert rejected == (not reachable and rule.on_reject == "at_once")


@given(rules, ballots)
def test_an_approval_comes_as_soon_as_enough_have_approved_and_none_has_returned(rule, ballot):
    cast = [vote.choice for vote in ballot if vote.choice]
    if rule.sign.kind == "any" or "return" in cast:
        return

    assert (tally(rule, ballot) == "approve") == passed(rule, ballot)


@given(rules, ballots)
def test_a_return_precedes_everything_at_once_or_after_all(rule, ballot):
    choices = [vote.choice for vote in ballot]
    if "return" not in choices:
        assert tally(rule, ballot) != "return"
    elif rule.on_return == "at_once" or "" not in choices:
        assert tally(rule, ballot) == "return"
    else:
        assert tally(rule, ballot) == ""


@given(rules, ballots)
def test_what_is_approved_or_rejected_stays_so_whatever_the_others_vote_but_return(rule, ballot):
    """A ballot is decided once: the seats that are superseded could not have changed it."""
    verdict = tally(rule, ballot)
    if verdict == "" or rule.sign.kind == "any":
        return
    for end in ends(ballot):
        newly = [v.choice for v, was in zip(end, ballot, strict=True) if was.choice == ""]
        if "return" not in newly or verdict == "return":
            assert tally(rule, end) == verdict


@given(signs, ballots)
def test_what_is_needed_is_the_least_weight_that_is_enough(sign, ballot):
    total = sum(vote.weight for vote in ballot)
    need = needed(sign, ballot)

    if sign.percent is not None:
        assert need * 100 >= sign.percent * total > (need - 1) * 100
    elif sign.votes is not None:
        assert need == sign.votes
    else:
        assert need in (total, min(vote.weight for vote in ballot))
