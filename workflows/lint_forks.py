"""Lint of forks: branches run beside each other, and all of them come to the join.

A branch is left by its join, by an end, and by a return or a reject that leads out of the fork. A
case comes into a branch only through the fork, and by a return of an approval after the join.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from workflows.lint_graph import Edge, edges, follow, reachable
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.nodes import EndNode, ForkNode
from workflows.regions import Region, outside, regions
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the forks of a definition, those of the graph only if all nodes exist."""
    forks = [(n, node) for n, node in enumerate(definition.nodes) if isinstance(node, ForkNode)]
    if not forks:
        return
    broken = [flaw for index, fork in forks for flaw in _written(definition, fork, index)]
    yield from broken
    known = {node.id for node in definition.nodes}
    ways = edges(definition)
    if broken or definition.start not in known or any(way.target not in known for way in ways):
        return
    found = tuple(one for one in regions(definition) if one.fork in {fork.id for _, fork in forks})
    for _, fork in forks:
        own = [region for region in found if region.fork == fork.id]
        jumps = [*_jumps(definition, fork, own, ways)]
        yield from jumps
        if not jumps:
            yield from _never_joining(definition, own, ways)
    yield from _entered(definition, found)


def _written(definition: Definition, fork: ForkNode, index: int) -> Iterator[Flaw]:
    """Yield what is wrong in the fork itself."""
    path: Path = ("nodes", index)
    ends = {node.id for node in definition.nodes if isinstance(node, EndNode)}
    if len(fork.branches) == 1:
        yield Flaw(
            path=(*path, "branches"),
            problem=said("one_branch", '"{fork}" has only one branch', fork=fork.id),
            hint=said("more_branches", "Name two branches or more, or lead to the node directly"),
        )
    if fork.join == fork.id:
        yield Flaw(
            path=(*path, "join"),
            problem=said("joins_itself", '"{fork}" is its own join', fork=fork.id),
            hint=said("other_join", "Name the node that follows when all branches have come"),
        )
    seen: set[str] = set()
    for at, branch in enumerate(fork.branches):
        place = (*path, "branches", at)
        if branch.to in seen:
            yield Flaw(
                path=place,
                problem=said("branch_twice", '"{node}" is a branch twice', node=branch.to),
                hint=said("take_one_away", "Take one of the two away"),
            )
        seen.add(branch.to)
        if branch.to == fork.join:
            yield Flaw(
                path=place,
                problem=said("branch_is_join", 'the branch "{node}" is the join', node=branch.to),
                hint=said("work_between", "A branch has a step of its own before the join"),
            )
        elif branch.to == fork.id:
            yield Flaw(
                path=place,
                problem=said("branch_is_fork", '"{fork}" is a branch of itself', fork=fork.id),
                hint=said("name_first_step", "Name the first step of the branch"),
            )
        elif branch.to in ends:
            yield Flaw(
                path=place,
                problem=said(
                    "branch_is_end",
                    'the branch "{node}" ends the case as soon as it comes to "{fork}"',
                    node=branch.to,
                    fork=fork.id,
                ),
                hint=said("name_first_step", "Name the first step of the branch"),
            )


def _jumps(
    definition: Definition, fork: ForkNode, own: list[Region], ways: tuple[Edge, ...]
) -> Iterator[Flaw]:
    """Yield the edges that lead from one branch into another, and into or out of the fork."""
    around = outside(definition, fork, ways)
    onward = follow(tuple(way for way in ways if way.onward and way.source != fork.id))
    ends = {node.id for node in definition.nodes if isinstance(node, EndNode)}
    for region in own:
        others = {one.branch: one.nodes for one in own if one.branch != region.branch}
        alone = region.nodes - around - frozenset().union(*others.values())
        out = []
        for way in ways:
            if way.source not in alone or way.target in {*alone, *ends, region.join}:
                continue
            other = next((one for one in others if way.target in others[one]), None)
            if other is not None:
                out.append(_into_other(way, region, other))
            elif way.onward and region.join not in reachable({way.target}, onward):
                out.append(_leaves(way, region))
        yield from out or _entering(definition, region, ways, others.values())


def _entering(
    definition: Definition, region: Region, ways: tuple[Edge, ...], beside: Iterable[frozenset[str]]
) -> Iterator[Flaw]:
    """Yield the edges that lead into a branch from outside of its fork, but no return after it."""
    if definition.start in region.nodes:
        yield _enters(("start",), definition.start, region)
    inside = region.nodes.union(*beside)
    onward = tuple(way for way in ways if not (way.returns or way.limited))
    after = reachable({region.join}, _past(follow(onward), inside))
    for way in ways:
        if way.target not in region.nodes or way.source in inside:
            continue
        direct = way.source == region.fork and way.branch is not None
        if not direct and not (way.returns and way.source in after):
            yield _enters(way.path, way.target, region)


def _past(neighbours: Mapping[str, set[str]], inside: Collection[str]) -> Mapping[str, set[str]]:
    """Return the neighbours of all nodes outside of a fork."""
    return {node: found for node, found in neighbours.items() if node not in inside}


def _into_other(way: Edge, region: Region, other: str) -> Flaw:
    return Flaw(
        path=way.path,
        problem=said(
            "into_other_branch",
            '"{target}" belongs to the branch "{other}", not to "{branch}"',
            target=way.target,
            other=other,
            branch=region.branch,
        ),
        hint=said("stay_in_branch", 'A branch leads to "{join}"', join=region.join),
    )


def _leaves(way: Edge, region: Region) -> Flaw:
    return Flaw(
        path=way.path,
        problem=said(
            "leaves_fork",
            'this leads out of the branch "{branch}" past its join',
            branch=region.branch,
        ),
        hint=said(
            "leave_by_join",
            'Lead to "{join}" or to an end; only a return or a reject leaves a fork',
            join=region.join,
        ),
    )


def _enters(path: Path, node: str, region: Region) -> Flaw:
    return Flaw(
        path=path,
        problem=said(
            "into_branch",
            '"{node}" is inside the fork "{fork}" and is only reached through it',
            node=node,
            fork=region.fork,
        ),
        hint=said("lead_to_fork", 'Lead to "{fork}", or to a step before it', fork=region.fork),
    )


def _never_joining(
    definition: Definition, own: list[Region], ways: tuple[Edge, ...]
) -> Iterator[Flaw]:
    """Yield the branches that do not come to the join, so that the others would wait in vain."""
    for region in own:
        if any(way.source in region.nodes and way.target == region.join for way in ways):
            continue
        index = next(n for n, node in enumerate(definition.nodes) if node.id == region.branch)
        yield Flaw(
            path=("nodes", index),
            problem=said(
                "never_joins",
                'the branch "{branch}" never comes to "{join}", where "{fork}" waits for it',
                branch=region.branch,
                join=region.join,
                fork=region.fork,
            ),
            hint=said("stay_in_branch", 'A branch leads to "{join}"', join=region.join),
        )


def _entered(definition: Definition, found: tuple[Region, ...]) -> Iterator[Flaw]:
    """Yield the revocation that would be confirmed inside a fork."""
    revoke = definition.revoke
    for region in found:
        if revoke is not None and revoke.to in region.nodes:
            yield _enters(("revoke", "to"), revoke.to, region)
