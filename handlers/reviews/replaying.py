"""What the period would have been with a proposal: its cases replayed through a draft (what-if).

A limit that nobody meets becomes the one that 85 of 100 would have kept, and a step that is always
approved is left out. Of other proposals no draft can be computed, or a replay says nothing: a field
takes no time of its own. Nothing is said either where the unchanged replay does not reproduce the
cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from handlers import start
from handlers.office import Office
from handlers.reports.cases import working_day
from handlers.reviews.counting import ReviewedPeriods
from handlers.reviews.drafting import DRAFTED, draft_following, longer_limits
from handlers.what_if.quarter import read_quarter
from storage.unit import Database, Tx
from workflows.directory import Directory
from workflows.loading import Loaded
from workflows.metrics.estimates import quantile
from workflows.metrics.proposals import Forecast, Proposal, ProposalKind, proposals_of
from workflows.metrics.reviewing import Counted
from workflows.model.measures import Metric
from workflows.ports import Apart
from workflows.what_if.comparing import Quarter, WhatIf, what_ifs

CASES_MOST, DRAFTS_MOST, REPLAYS = 200, 2, 10  # some ten seconds of processor time
KEPT = 0.85  # of the limits are kept with the new one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A draft that follows a proposal, the figure that shows it, and its new limits if any."""

    proposal: Proposal
    draft: Loaded
    metric: str
    limits: tuple[str, ...] = ()


async def foreseen(
    database: Database, office: Office, periods: ReviewedPeriods, found: Counted, *, apart: Apart
) -> Counted:
    """Return what was counted with the forecasts of its proposals."""
    read = partial(_read, office=office, periods=periods, found=found)
    drafted, quarter = await database.read(read)
    if quarter is None:
        return found
    return replace(found, forecasts=await apart(partial(_replayed, drafted, quarter)))


def _read(
    tx: Tx, *, office: Office, periods: ReviewedPeriods, found: Counted
) -> tuple[tuple[_Drafted, ...], Quarter | None]:
    """Return the drafts, those that would save most first, and the cases of the period."""
    loaded = start.current(tx, office, periods.process)
    company = office.directory(tx), frozenset(office.calendar.names)
    proposals = proposals_of(loaded.definition, found.now.all, found.habits)
    every = (_drafted(one, loaded, found, company, working_day(office)) for one in proposals)
    drafted = tuple(one for one in every if one is not None)[:DRAFTS_MOST]
    if not drafted:
        return (), None
    last = periods.last
    read = read_quarter(tx, office, loaded, since=last.since, until=last.until, most=CASES_MOST)
    return drafted, read.quarter


def _replayed(several: tuple[_Drafted, ...], quarter: Quarter) -> Mapping[Proposal, Forecast]:
    results = what_ifs(quarter, [one.draft for one in several], replays=REPLAYS)
    pairs = zip(several, results, strict=True)
    made = {one.proposal: _forecast(one, result) for one, result in pairs}
    return {proposal: one for proposal, one in made.items() if one is not None}


def _forecast(one: _Drafted, result: WhatIf) -> Forecast | None:
    row = next((row for row in result.rows if row.name == one.metric), None)
    if row is None or row.unchanged.value is None:
        return None
    after = row.draft
    if after.value is None or after.low is None or after.high is None:
        return None
    return Forecast(
        metric=one.metric,
        before=row.unchanged.value,
        after=after.value,
        low=after.low,
        high=after.high,
        n=result.cases,
        limit=one.limits[-1] if one.limits else "",
        limits=one.limits,
    )


def _drafted(
    one: Proposal,
    loaded: Loaded,
    found: Counted,
    company: tuple[Directory, frozenset[str]],
    day: int,
) -> _Drafted | None:
    """Return the draft that follows a proposal and what shows it; None if there is none."""
    if one.kind not in DRAFTED:
        return None
    limits: tuple[str, ...] = ()
    metric = str(Metric.HANDLING)
    if one.kind is ProposalKind.LIMIT:
        late = quantile(sorted(found.habits.lateness[one.clock, one.node]), KEPT)
        limits = longer_limits(loaded.text, one, late, day)
        metric = f"{Metric.ON_TIME}:{one.clock}" if one.clock else str(Metric.STEPS_ON_TIME)
    directory, calendars = company
    draft = draft_following(one, loaded, limits, directory=directory, calendars=calendars)
    if draft is None:
        return None
    return _Drafted(proposal=one, draft=draft, metric=metric, limits=limits)
