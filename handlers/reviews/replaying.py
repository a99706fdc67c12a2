"""What the period would have been with a proposal: its cases replayed through a draft (what-if).

A limit that nobody meets becomes the one that 85 of 100 would have kept, and a step that is always
approved is left out. Of other proposals no draft can be computed, or a replay says nothing: a field
takes no time of its own. Nothing is said either where the unchanged replay does not reproduce the
cases.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Any

from handlers import start
from handlers.office import Office
from handlers.reports.cases import working_day
from handlers.reviews.counting import ReviewedPeriods
from handlers.what_if.quarter import read_quarter
from storage.unit import Database, Tx
from workflows import toml_edits
from workflows.directory import Directory
from workflows.durations import Span, Unit, parse_span
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.metrics.estimates import quantile
from workflows.metrics.proposals import Forecast, Proposal, ProposalKind, proposals_of
from workflows.metrics.reviewing import Counted
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode
from workflows.moments import DAY, HOUR, MINUTE
from workflows.ports import Apart
from workflows.toml_lines import Path
from workflows.what_if.comparing import Quarter, WhatIf, what_ifs

CASES_MOST, DRAFTS_MOST, REPLAYS = 200, 2, 10  # some ten seconds of processor time
KEPT = 0.85  # of the limits are kept with the new one
_WEEK = 7 / 5  # days for each working day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A draft that follows a proposal, the figure that shows it, and its new limit if any."""

    proposal: Proposal
    draft: Loaded
    metric: str
    limit: str = ""


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
        limit=one.limit,
    )


# ---------------------------------------------------------------------------- drafts


def _drafted(
    one: Proposal,
    loaded: Loaded,
    found: Counted,
    company: tuple[Directory, frozenset[str]],
    day: int,
) -> _Drafted | None:
    """Return a draft that follows a proposal; None if there is none that could be published."""
    limit, metric = "", str(Metric.HANDLING)
    try:
        if one.kind is ProposalKind.LIMIT:
            late = quantile(sorted(found.habits.lateness[one.clock, one.node]), KEPT)
            text, limit = _longer(loaded.text, one, late, day)
            metric = f"{Metric.ON_TIME}:{one.clock}" if one.clock else str(Metric.STEPS_ON_TIME)
        elif one.kind is ProposalKind.ALWAYS_APPROVED:
            text = _without(loaded, one.node)
        else:
            return None
    except (toml_edits.CannotEdit, ValueError):
        return None
    directory, calendars = company
    if check(text, file="", directory=directory, calendars=calendars):
        return None
    draft = load_definition(text, file="")
    return _Drafted(proposal=one, draft=draft, metric=metric, limit=limit)


def _longer(text: str, one: Proposal, late: float, day: int) -> tuple[str, str]:
    """Return the text with longer limits, and the last of them. Raises CannotEdit, ValueError."""
    tree, limit = tomllib.loads(text), ""
    if one.clock:
        several = tree["clocks"][one.clock]["within"]
        paths: list[Path] = [
            ("clocks", one.clock, "within", number, "limit") for number in range(len(several))
        ]
    else:
        paths = [("nodes", _place(tree, one.node), "due")]
    for path in paths:
        here: Any = tree
        for part in path:
            here = here[part]
        limit = str(_extended(parse_span(here), late, day))
        text = toml_edits.set_value(text, path, limit)
    return text, limit


def _extended(span: Span, late: float, day: int) -> Span:
    """Return a limit that is longer by this working time, in whole units of its own."""
    wall = 1 if span.is_working else _WEEK * DAY / day
    unit = {Unit.MINUTES: MINUTE, Unit.WORKING_MINUTES: MINUTE, Unit.DAYS: DAY}.get(span.unit, HOUR)
    if span.unit is Unit.WORKING_DAYS:
        unit = day
    return Span(amount=span.amount + ceil(late * wall / unit), unit=span.unit)


def _place(tree: Mapping[str, Any], node: str) -> int:
    return next(number for number, one in enumerate(tree["nodes"]) if one["id"] == node)


def _without(loaded: Loaded, node_id: str) -> str:
    """Return the text without an approval: what led to it leads to where its approval leads.

    Nodes to which nothing else leads go with it. Raises CannotEdit if its approval leads to several
    nodes, or a return can lead to it only.
    """
    node, text = loaded.definition.node(node_id), loaded.text
    approved = node.outcomes.get("approve") if isinstance(node, ApprovalNode) else None
    if approved is None or len(approved.to) != 1:
        raise toml_edits.CannotEdit(node_id)
    text = _removed(text, node_id)
    while (path := next(_mentions(tomllib.loads(text), (), node_id), None)) is not None:
        if isinstance(path[-1], int) and path[-2] != "branches":
            text = toml_edits.remove_element(text, path)
        else:
            text = toml_edits.set_value(text, path, approved.to[0])
    while (orphan := next(_orphans(tomllib.loads(text)), None)) is not None:
        text = _removed(text, orphan)
    return text


def _removed(text: str, node: str) -> str:
    return toml_edits.remove_element(text, ("nodes", _place(tomllib.loads(text), node)))


_LEADS = ("start", "next", "to", "then", "withdraw_until")
_LISTS = ("to", "return_to", "not_same_as", "branches")


def _mentions(tree: Any, path: Path, node: str) -> Iterator[Path]:
    """Yield where a node is named as what comes next, or in a list of nodes."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if value == node and path[-1:] == ("return",):
                raise toml_edits.CannotEdit(path)
            if value == node and (key in _LEADS or path[-1:] == ("outcomes",)):
                yield (*path, key)
            elif not isinstance(value, str):
                yield from _mentions(value, (*path, key), node)
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            if value == node and path[-1] in _LISTS:
                yield (*path, number)
            elif not isinstance(value, str):
                yield from _mentions(value, (*path, number), node)


def _orphans(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yield the nodes that nothing outside of them names."""
    named = Counter(_texts(tree))
    for one in tree["nodes"]:
        if named[one["id"]] == Counter(_texts(one))[one["id"]]:
            yield one["id"]


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping | list):
        for value in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _texts(value)
