"""In how few hands a step is, counted for risks: who decides it, what comes back, what stays late.

People are counted, and not named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from workflows.metrics.history import History
from workflows.metrics.measuring import VOTES


@dataclass(slots=True, kw_only=True)
class Hands:
    """What was counted so far, one case at a time.

    `several` are cases in which at least two steps were voted on, and `twice` those of them in
    which one person did at two. `ladder_ends` counts how often the last rung of a ladder was
    reached, by node or by the name of a deadline of the case.
    """

    decided: dict[str, Counter[str]] = field(default_factory=dict)  # by node and person
    returns: Counter[str] = field(default_factory=Counter)  # by node
    ladder_ends: Counter[str] = field(default_factory=Counter)
    several: int = 0
    twice: int = 0

    def add(self, history: History) -> None:
        """Add a case."""
        voted: dict[str, set[str]] = {}
        for act in history.acts:
            if act.outcome:
                self.decided.setdefault(act.node, Counter())[act.person] += 1
                self.returns[act.node] += act.outcome == "return"
            if act.outcome in VOTES:
                voted.setdefault(act.person, set()).add(act.node)
        if len({node for nodes in voted.values() for node in nodes}) > 1:
            self.several += 1
            self.twice += any(len(nodes) > 1 for nodes in voted.values())
        self.ladder_ends.update(history.ladder_ends)

    def decisions(self, node: str) -> int:
        """Return how many decisions people made at a node."""
        return sum(self.decided.get(node, Counter()).values())

    def people(self, node: str) -> int:
        """Return how many people decided at a node."""
        return len(self.decided.get(node, Counter()))
