"""Makes the draft that follows a proposal, by edits of the text of the version that was reviewed.

A limit that nobody meets becomes a longer one, and a step that is always approved is left out. Of
other proposals no draft can be made.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from workflows import toml_edits
from workflows.directory import Directory
from workflows.durations import Span, Unit, parse_span
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.metrics.proposals import Proposal, ProposalKind
from workflows.model.nodes import ApprovalNode
from workflows.moments import DAY, HOUR, MINUTE
from workflows.toml_lines import Path

DRAFTED = (ProposalKind.LIMIT, ProposalKind.ALWAYS_APPROVED)
"""The kinds of proposals of which a draft can be made."""

_WEEK = 7 / 5  # days for each working day


def draft_following(
    one: Proposal,
    loaded: Loaded,
    limits: Sequence[str],
    *,
    directory: Directory | None,
    calendars: Collection[str] | None,
) -> Loaded | None:
    """Return the draft that follows a proposal; None if there is none that could be published.

    Args:
        loaded: the version that was reviewed.
        limits: those of a longer limit, see `longer_limits`.
        directory, calendars: what the draft is checked against, see `check`.
    """
    try:
        text = _text(one, loaded, limits)
    except (toml_edits.CannotEdit, ValueError):
        return None
    if check(text, file="", directory=directory, calendars=calendars):
        return None
    return load_definition(text, file="")


def _text(one: Proposal, loaded: Loaded, limits: Sequence[str]) -> str:
    """Return the text of the draft. Raises CannotEdit, ValueError."""
    if one.kind is ProposalKind.LIMIT:
        return with_limits(loaded.text, one, limits)
    if one.kind is ProposalKind.ALWAYS_APPROVED:
        return without_step(loaded, one.node)
    raise toml_edits.CannotEdit(one.kind)


def longer_limits(text: str, one: Proposal, late: float, day: int) -> tuple[str, ...]:
    """Return the limits that are longer by a working time, in the order of the definition.

    A step has one; a clock of the whole case has one for each of its conditions.

    Args:
        late: the working time in microseconds.
        day: the working time of a day in microseconds.
    """
    tree = tomllib.loads(text)
    here = (_at(tree, path) for path in _paths(tree, one))
    return tuple(str(extended(parse_span(limit), late, day)) for limit in here)


def with_limits(text: str, one: Proposal, limits: Sequence[str]) -> str:
    """Return the text with these limits. Raises CannotEdit, also if their number is another one."""
    paths = _paths(tomllib.loads(text), one)
    if len(paths) != len(limits):
        raise toml_edits.CannotEdit(one.clock or one.node)
    for path, limit in zip(paths, limits, strict=True):
        text = toml_edits.set_value(text, path, limit)
    return text


def _paths(tree: Mapping[str, Any], one: Proposal) -> tuple[Path, ...]:
    """Return where the limits of a proposal are."""
    if not one.clock:
        return (("nodes", _place(tree, one.node), "due"),)
    several = tree["clocks"][one.clock]["within"]
    return tuple(("clocks", one.clock, "within", number, "limit") for number in range(len(several)))


def _at(tree: Any, path: Path) -> str:
    for part in path:
        tree = tree[part]
    return str(tree)


def extended(span: Span, late: float, day: int) -> Span:
    """Return a limit that is longer by this working time, in whole units of its own."""
    wall = 1 if span.is_working else _WEEK * DAY / day
    unit = {Unit.MINUTES: MINUTE, Unit.WORKING_MINUTES: MINUTE, Unit.DAYS: DAY}.get(span.unit, HOUR)
    if span.unit is Unit.WORKING_DAYS:
        unit = day
    return Span(amount=span.amount + ceil(late * wall / unit), unit=span.unit)


def _place(tree: Mapping[str, Any], node: str) -> int:
    return next(number for number, one in enumerate(tree["nodes"]) if one["id"] == node)


def without_step(loaded: Loaded, node_id: str) -> str:
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
