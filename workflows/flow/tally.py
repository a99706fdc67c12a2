"""Counts the votes of a ballot: the rule of a definition and the votes so far give the outcome.

The rule is pure and counts in integers. A vote that is void is not passed to it, so totals follow
the seats that count.

* A **return** decides at once, or with `on_return = "after_all"` when every seat has voted. Until
  then nothing else decides, because a return precedes a reject and an approval.
* An **approval** decides as soon as enough seats have approved.
* A **reject** decides as soon as the approval cannot be reached any more, or with
  `on_reject = "after_all"` when every seat has voted.
* With "any" the first decision decides, so there is nothing to count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workflows.model.signers import Await, Sign

Choice = Literal["", "approve", "reject", "return"]  # "" while there is no decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What decides a ballot."""

    sign: Sign
    on_reject: Await = "at_once"
    on_return: Await = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The vote of one seat."""

    choice: Choice = ""
    weight: int = 1


def tally(rule: Rule, votes: Sequence[Vote]) -> Choice:
    """Return the outcome that these votes give, "" while they give none.

    `votes` has every seat whose vote is not void, also those that have not voted. A ballot without
    seats is never decided.
    """
    cast = [vote.choice for vote in votes if vote.choice]
    waiting = len(cast) < len(votes)
    if "return" in cast:
        return "" if waiting and rule.on_return == "after_all" else "return"
    if rule.sign.kind == "any":
        return ("reject" if "reject" in cast else "approve") if cast else ""
    lacking = needed(rule.sign, votes) - _weight(votes, "approve")
    if votes and lacking <= 0:
        return "approve"
    if waiting and (rule.on_reject == "after_all" or lacking <= _weight(votes, "")):
        return ""
    return "reject" if cast else ""


def needed(sign: Sign, votes: Sequence[Vote]) -> int:
    """Return the sum of weights that has to approve."""
    total = sum(vote.weight for vote in votes)
    if sign.votes is not None:
        return sign.votes
    if sign.percent is not None:
        return -(-sign.percent * total // 100)  # rounded up: approved * 100 >= percent * total
    if sign.kind in ("all", "in_turn"):
        return total
    return min((vote.weight for vote in votes), default=0)  # one approval


def _weight(votes: Sequence[Vote], choice: Choice) -> int:
    return sum(vote.weight for vote in votes if vote.choice == choice)
