"""Scorecards: worked out when the case enters their gateway, from the forms that were taken.

A scorecard has one result in each scope: a later one replaces it.
"""

from __future__ import annotations

from workflows.calculating import score_of
from workflows.case.draft import Draft
from workflows.case.spot import Spot
from workflows.case.state import Case
from workflows.flow import facts


def work_out(draft: Draft, key: str, spot: Spot) -> None:
    """Note the score and the grade of a scorecard from the forms that were taken.

    Nothing is noted if one of its fields has no value any more.
    """
    card = draft.world.definition.scorecards[key]
    score = score_of(card, draft.values)
    if score is None:
        return
    grade = card.grade(score)
    names = (f"{key}.score", f"{key}.grade")
    before = (one for name in names for one in facts.history(draft.case, name))
    facts.void(draft, (one.seq for one in before if one.scope == spot.scope), why="again")
    period = period_at(draft.case, spot)
    note = facts.ResultNoted(fact=names[0], number=score, period=period, scope=spot.scope)
    draft.cause(note)
    graded = facts.ResultNoted(fact=names[1], option=grade.id, period=period, scope=spot.scope)
    draft.cause(graded)
    facts.recount(draft)


def period_at(case: Case, spot: Spot) -> str:
    """Return the period for which the branch around a place was started; "" for none."""
    scopes = (case.scope(one.scope).opened for one in case.around(spot) if one.scope)
    reasons = (reason for opened in scopes if opened is not None for reason in opened.reasons)
    return next((reason.period for reason in reasons if reason.period), "")
