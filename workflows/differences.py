"""Compares two versions of a definition: what is new, gone, merged, in another order or changed.

Nodes, fields, clocks and everything else with an id are compared by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from workflows.lint_graph import edges, reachable
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
    WorkNode,
)
from workflows.toml_lines import Path

_IDS = ("id", "measure", "kind")  # keys that identify the entries of a list
_STEPS = (TaskNode, ApprovalNode, WaitNode, ProcessNode, ServiceNode)  # the nodes that take time


class Change(StrEnum):
    """What has happened to a part of a definition."""

    ADDED = "added"
    DROPPED = "dropped"
    MERGED = "merged"
    REORDERED = "reordered"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference.

    `place` is the path of the part, with ids instead of positions, such as ("nodes", "triage",
    "due"). `before` and `after` are its values as JSON, None where there is none; for merged and
    reordered nodes they are lists of ids. `nodes` are the nodes that it concerns.
    """

    change: Change
    place: Path
    before: Any = None
    after: Any = None
    nodes: tuple[str, ...] = ()


def differences(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """Return how one version differs from another, in the order of the definition.

    The order of nodes in the file is no difference, but their order on the way of a case is.
    """
    plain = _written(before), _written(after)
    found = [
        Difference(
            change=one.change,
            place=one.place,
            before=one.before,
            after=one.after,
            nodes=tuple(
                dict.fromkeys(
                    node for version in (before, after) for node in _nodes_at(version, one.place)
                )
            ),
        )
        for one in _compared(*plain, ())
    ]
    return (*_merged(before, after), *_reordered(before, after), *found)


def _written(definition: Definition) -> Any:
    return definition.model_dump(mode="json", by_alias=True)


# ------------------------------------------------------------------------------ values


def _compared(before: Any, after: Any, place: Path) -> Iterator[Difference]:
    if before == after:
        return
    old, new = _by_id(before), _by_id(after)
    if old is not None and new is not None:
        yield from _compared_tables(old, new, place)
        was, now = [key for key in old if key in new], [key for key in new if key in old]
        if was != now and place != ("nodes",):
            yield Difference(change=Change.REORDERED, place=place, before=was, after=now)
    elif _is_table(before) and _is_table(after):
        yield from _compared_tables(before, after, place)
    else:
        yield Difference(change=Change.CHANGED, place=place, before=before, after=after)


def _compared_tables(
    before: Mapping[str, Any], after: Mapping[str, Any], place: Path
) -> Iterator[Difference]:
    """Yield the differences of two tables; of parts of another kind only in what both have."""
    same_kind = before.get("kind") == after.get("kind") or not place
    for key in dict.fromkeys((*before, *after)):
        here = (*place, key)
        if key in before and key in after:
            yield from _compared(before[key], after[key], here)
        elif key in before and same_kind:
            yield Difference(change=Change.DROPPED, place=here, before=before[key])
        elif same_kind:
            yield Difference(change=Change.ADDED, place=here, after=after[key])


def _is_table(value: Any) -> bool:
    """Return whether a value has parts of its own; a text in two languages is one value."""
    if not isinstance(value, dict):
        return False
    texts = {"zh", "en"} >= set(value) > set()
    return not (texts and all(isinstance(one, str) for one in value.values()))


def _by_id(value: Any) -> dict[str, Any] | None:
    """Return the entries of a list by their ids, None for anything else."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    for key in _IDS:
        ids = [one.get(key) for one in value]
        if None not in ids and len({*ids}) == len(ids):
            return dict(zip(ids, value, strict=True))
    return None


# ------------------------------------------------------------------------------ nodes


def _nodes_at(definition: Definition, place: Path) -> tuple[str, ...]:
    """Return the nodes that a place concerns: a node, or those with its form, ladder or action."""
    part, key = place[0], place[1] if len(place) > 1 else None
    if part == "nodes":
        return (str(key),)
    work = [node for node in definition.nodes if isinstance(node, WorkNode)]
    if part == "forms":
        return tuple(node.id for node in work if node.form == key)
    if part == "ladders":
        return tuple(node.id for node in work if key in node.ladders)
    if part == "actions" and key in definition.actions:
        return definition.actions[str(key)].nodes
    return ()


def _merged(before: Definition, after: Definition) -> Iterator[Difference]:
    """Yield which dropped nodes were merged into which node, if there is no doubt.

    A node takes over a dropped one if it asks for all fields of its form or, if that has no form,
    is done by its people. A kept node must have been beside it, and must not have had all of this
    before; a new node takes over at least two that were beside each other. What two nodes could
    have taken over is left out.
    """
    old = {node.id: node for node in before.nodes if isinstance(node, WorkNode)}
    new = {node.id: node for node in after.nodes if isinstance(node, WorkNode)}
    gone = [key for key in old if not after.has_node(key)]
    near = _beside(before)
    into: dict[str, set[str]] = {}
    for key, node in new.items():
        had = _carried(before, old[key]) if key in old else frozenset()
        has = _carried(after, node)
        fits = {one for one in gone if _takes_over(_matter(before, old[one]), has=has, had=had)}
        into[key] = _together(fits, near, kept=key if before.has_node(key) else None)
    for key, parts in into.items():
        others = set[str]().union(*(one for other, one in into.items() if other != key))
        sure = [one for one in gone if one in parts - others]
        if len(sure) > (key not in old):
            place: Path = ("nodes", key)
            nodes = (key, *sure)
            yield Difference(
                change=Change.MERGED, place=place, before=sure, after=[key], nodes=nodes
            )


def _takes_over(matter: frozenset[str], *, has: frozenset[str], had: frozenset[str]) -> bool:
    return bool(matter) and matter <= has and not matter <= had


def _together(fits: set[str], near: Mapping[str, set[str]], *, kept: str | None) -> set[str]:
    """Return those of these nodes that are side by side with a kept node or with each other."""
    inside = {one: near.get(one, set()) & {*fits, kept or ""} for one in {*fits, kept or ""}}
    if kept is not None:
        return reachable({kept}, inside) - {kept}
    return {one for one in fits if inside[one]}


def _beside(definition: Definition) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for edge in edges(definition):
        if edge.onward:
            found.setdefault(edge.source, set()).add(edge.target)
            found.setdefault(edge.target, set()).add(edge.source)
    return found


def _fields(definition: Definition, node: WorkNode) -> frozenset[str]:
    form = definition.forms.get(node.form or "")
    return frozenset(f"field {field.id}" for field in (form.written if form else ()))


def _people(node: WorkNode) -> frozenset[str]:
    return frozenset(f"people {text}" for _, text in node.workers)


def _carried(definition: Definition, node: WorkNode) -> frozenset[str]:
    return _fields(definition, node) | _people(node)


def _matter(definition: Definition, node: WorkNode) -> frozenset[str]:
    return _fields(definition, node) or _people(node)


# ------------------------------------------------------------------------------ order


def _reordered(before: Definition, after: Definition) -> Iterator[Difference]:
    """Yield the groups of steps that a case meets in another order, with those that have moved."""
    steps = [one.id for one in before.nodes if isinstance(one, _STEPS) and after.has_node(one.id)]
    earlier, later = _following(before), _following(after)
    swapped = [
        (one, two)
        for one, two in combinations(steps, 2)
        if (two in earlier[one]) != (one in earlier[two])
        and (two in later[one]) != (one in later[two])
        and (two in earlier[one]) != (two in later[one])
    ]
    pairs: dict[str, set[str]] = {}
    for one, two in swapped:
        pairs.setdefault(one, set()).add(two)
        pairs.setdefault(two, set()).add(one)
    left = [one for one in steps if one in pairs]
    while left:
        group = reachable({left[0]}, pairs)
        left = [one for one in left if one not in group]
        place: Path = ("nodes",)
        yield Difference(
            change=Change.REORDERED,
            place=place,
            before=_in_order(group, earlier),
            after=_in_order(group, later),
            nodes=_moved([one for one in steps if one in group], pairs),
        )


def _following(definition: Definition) -> Mapping[str, set[str]]:
    """Return for each node what comes after it on a way without rejections and returns."""
    ahead: dict[str, set[str]] = {node.id: set() for node in definition.nodes}
    for edge in edges(definition):
        if edge.onward:
            ahead[edge.source].add(edge.target)
    return {node: reachable(targets, ahead) for node, targets in ahead.items()}


def _in_order(group: Iterable[str], following: Mapping[str, set[str]]) -> list[str]:
    ids = sorted(group)
    return sorted(ids, key=lambda one: sum(one in following[other] for other in ids))


def _moved(group: list[str], pairs: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the nodes without which the others are in the same order; both of two alike."""
    left = {one: set(pairs[one]) for one in group}
    moved: list[str] = []
    while any(left.values()):
        most = max(len(others) for others in left.values())
        top = [one for one in left if len(left[one]) == most]
        gone = top if most == 1 else top[:1]
        moved.extend(gone)
        left = {one: others - {*gone} for one, others in left.items() if one not in gone}
    return tuple(one for one in group if one in moved)
