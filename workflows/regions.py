"""The nodes inside each branch of a fork, and of a wait node with starts, which is its own join.

A node is inside a branch if the branch leads to it by completing, approving or a gateway, before
the join and the ends. A node to which only a reject or a return leads is inside if it leads on to
the join and no way from the start passes it without the fork; else such a decision leaves the fork,
which cancels its other branches. A return from elsewhere into a branch of a fork is no such way;
a node to which only such returns lead is inside if it leads into the branch. A node may be inside
several branches of a wait node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows.lint_graph import Edge, edges, follow, reachable
from workflows.model.definition import Definition
from workflows.model.nodes import EndNode, ForkNode, WaitNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The nodes inside one branch of a fork, among them `branch`, its first."""

    fork: str
    branch: str
    join: str
    nodes: frozenset[str]


def regions(definition: Definition) -> tuple[Region, ...]:
    """Return the region of every branch, in the order of the definition."""
    forks = [*_forks(definition)]
    if not forks:
        return ()
    ways = edges(definition)
    ends = _ends(definition)
    return tuple(
        Region(
            fork=fork.id,
            branch=branch,
            join=_join(fork),
            nodes=_inside(branch, fork, ways, ends=ends, around=around, returned=returned),
        )
        for fork in forks
        for around in [outside(definition, fork, ways)]
        for returned in [_returned(definition, fork, ways)]
        for branch in _first(fork)
    )


def _ends(definition: Definition) -> frozenset[str]:
    return frozenset(node.id for node in definition.nodes if isinstance(node, EndNode))


def _forks(definition: Definition) -> Iterator[ForkNode | WaitNode]:
    for node in definition.nodes:
        if isinstance(node, ForkNode) or (isinstance(node, WaitNode) and node.starts):
            yield node


def _join(fork: ForkNode | WaitNode) -> str:
    return fork.join if isinstance(fork, ForkNode) else fork.id


def _first(fork: ForkNode | WaitNode) -> Iterable[str]:
    """Return the first nodes of its branches."""
    if isinstance(fork, ForkNode):
        return (branch.to for branch in fork.branches)
    return dict.fromkeys(start.to for start in fork.starts)


def outside(
    definition: Definition, fork: ForkNode | WaitNode, ways: tuple[Edge, ...]
) -> frozenset[str]:
    """Return the nodes to which a case can come without a branch of this fork."""
    into = _leading_in(definition, fork, ways)
    others = tuple(
        way
        for way in ways
        if way.source != fork.id or (way.branch is None and not way.start)
        if not (way.returns and way.target in into)
    )
    return frozenset(reachable({definition.start}, follow(others)))


def _leading_in(
    definition: Definition, fork: ForkNode | WaitNode, ways: tuple[Edge, ...]
) -> frozenset[str]:
    """Return the nodes that are inside a fork or lead into it past its beginning; none of others.

    Those of a wait node are only reached through it.
    """
    if isinstance(fork, WaitNode):
        return frozenset()
    onward = tuple(way for way in ways if way.onward and way.source not in (fork.id, fork.join))
    inside = _along(definition, fork, ways)
    return frozenset(reachable(inside, follow(onward, backwards=True)))


def _returned(
    definition: Definition, fork: ForkNode | WaitNode, ways: tuple[Edge, ...]
) -> frozenset[str]:
    """Return the nodes that lead into a branch and to which only returns lead."""
    into = _leading_in(definition, fork, ways) - _along(definition, fork, ways)
    return into.intersection(way.target for way in ways if way.returns)


def _along(
    definition: Definition, fork: ForkNode | WaitNode, ways: tuple[Edge, ...]
) -> frozenset[str]:
    """Return the nodes to which the branches lead without a return or a reject, up to the join."""
    stops = _ends(definition) | {fork.id, _join(fork)}
    onward = _without(follow(tuple(way for way in ways if way.onward)), stops)
    return frozenset(reachable({*_first(fork)}, onward) - stops)


def branches_of(definition: Definition) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return the (fork, branch) pairs of each node inside a fork; several if forks are nested."""
    found: dict[str, set[tuple[str, str]]] = {}
    for region in regions(definition):
        for node in region.nodes:
            found.setdefault(node, set()).add((region.fork, region.branch))
    return {node: frozenset(pairs) for node, pairs in found.items()}


def _inside(
    branch: str,
    fork: ForkNode | WaitNode,
    ways: tuple[Edge, ...],
    *,
    ends: frozenset[str],
    around: frozenset[str],
    returned: frozenset[str],
) -> frozenset[str]:
    """Return the nodes of a branch; `around` are those outside of the fork.

    Of those that are `returned` to, it has those that lead into it.
    """
    stops = ends | {fork.id, _join(fork)}
    onward = follow(tuple(way for way in ways if way.onward))
    found = reachable({branch}, _without(onward, stops)) - stops
    while True:
        asked = {way.target for way in ways if way.source in found and not way.goes_back}
        new: set[str] = set()
        for node in (asked | returned) - found - stops - around:
            after = reachable({node}, _without(onward, stops | around))
            if _join(fork) in after and (node in asked or after & found):
                new |= after - stops - around
        if not new:
            return frozenset(found)
        found |= new


def _without(neighbours: Mapping[str, set[str]], stops: frozenset[str]) -> Mapping[str, set[str]]:
    """Return the neighbours of all nodes but these, which lead nowhere."""
    return {node: after for node, after in neighbours.items() if node not in stops}
