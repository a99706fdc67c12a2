"""Results of a scorecard without the tasks behind them, for counts and averages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec.structs import replace

from tests.unit.workflows.playbook import Playbook
from workflows.case.draft import Draft
from workflows.case.scope import Opened, Reason, Scope
from workflows.case.spot import Spot
from workflows.flow import facts, scores
from workflows.loading import Loaded, load_definition

QUARTERS = 200  # more than any test scores


@cache
def scoring() -> Loaded:
    """The process of two scorers."""
    path = Path(__file__).parent / "scoring.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


class Quarters:
    """A case whose quarters are scored one after the other, each in a scope of its own."""

    def __init__(self, play: Playbook) -> None:
        """Take the case of a playbook, to which nothing is added."""
        reasons = (Reason(start="quarterly", period=f"2026-Q{n}") for n in range(1, QUARTERS))
        branches = tuple(
            Scope(id=f"v{n}", opened=Opened(target="both", reasons=(reason,)))
            for n, reason in enumerate(reasons, start=1)
        )
        case = replace(play.case, scopes=(*play.case.scopes, *branches))
        self.draft = Draft(case, actor="p_wumin", via="web", values={}, world=play.world)
        self.quarters = 0

    def scored(self, score: float | str, *, quarter: int | None = None) -> Quarters:
        """Score the next quarter, or this one again."""
        if quarter is None:
            self.quarters = quarter = self.quarters + 1
        self.draft.values = {"quality": score, "price": score}
        scores.work_out(self.draft, "quarter", Spot(scope=f"v{quarter}", branch="b"))
        return self

    def voided(self, quarter: int) -> Quarters:
        """Let the score of a quarter count no more."""
        found = [one.seq for one in self.draft.case.facts if one.scope == f"v{quarter}"]
        facts.void(self.draft, found, why="taken_back")
        facts.recount(self.draft)
        return self

    def without(self, seqs: tuple[int, ...]) -> Quarters:
        """Let the facts of these events leave the state."""
        case = self.draft.case
        stays = tuple(one for one in case.facts if one.seq not in seqs)
        draft = Draft(
            replace(case, facts=stays),
            actor="p_wumin",
            via="web",
            values={},
            world=self.draft.world,
        )
        self.draft = draft
        return self

    def number(self, name: str) -> int | None:
        """The number of a fact in hundredths, None if it is not known."""
        fact = self.draft.case.fact(name)
        return None if fact is None else fact.number
