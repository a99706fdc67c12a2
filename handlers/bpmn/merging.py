"""Adds the gateways at which the flows of a process come together.

BPMN lets several flows lead into a task, where each starts it; modelling tools and their checks
want a gateway. The branches of a fork come together in a gateway of the kind that parted them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from handlers.bpmn.parts import Element, Model, Way
from workflows.model.definition import Definition
from workflows.model.nodes import ForkNode
from workflows.regions import Region, regions


def merged(model: Model, definition: Definition) -> Model:
    """Return the model with one flow between two elements and a gateway where flows meet."""
    kinds = {one.id: one.kind for one in model.elements}
    elements, ways = [*model.elements], [*model.ways]
    forks = {node.id: node for node in definition.nodes if isinstance(node, ForkNode)}
    inside = [one for one in regions(definition) if one.fork in forks]
    for fork in sorted(forks.values(), key=lambda one: _size(one.id, inside)):
        join = Element(id=f"{fork.id}.join", kind=kinds[fork.id], joins=True)
        elements.append(join)
        ways = [_into(way, fork, join.id, inside) for way in ways]
        ways.append(Way(source=join.id, target=fork.join, origin=fork.id, main=True))
    ways = _single(ways)
    for element in tuple(elements):
        arriving = [way for way in ways if way.target == element.id]
        apart = _groups(arriving, element, inside)
        for number, group in enumerate(apart, start=1):
            if len(group) > 1:
                gate = f"{element.id}.merge{number if len(apart) > 1 else ''}"
                elements.append(Element(id=gate, kind="exclusiveGateway", joins=True))
                ways = [replace(way, target=gate) if way in group else way for way in ways]
                last = group[0].origin if element.joins else ""
                main = any(way.main for way in group)
                ways.append(Way(source=gate, target=element.id, origin=last, main=main))
    return replace(model, elements=tuple(elements), ways=tuple(ways))


def _size(fork: str, inside: Iterable[Region]) -> int:
    return sum(len(one.nodes) for one in inside if one.fork == fork)


def _into(way: Way, fork: ForkNode, join: str, inside: Iterable[Region]) -> Way:
    """Return a way that led from a branch of a fork to the node behind it, led to its join."""
    own = {fork.id}.union(*(one.nodes for one in inside if one.fork == fork.id))
    return replace(way, target=join) if way.target == fork.join and way.origin in own else way


def _groups(arriving: list[Way], element: Element, inside: Iterable[Region]) -> list[list[Way]]:
    """Return the ways that meet before an element; those of several branches meet in its join."""
    if not element.joins:
        return [arriving]
    fork = element.id.removesuffix(".join")
    branch: Mapping[str, str] = {
        node: one.branch for one in inside if one.fork == fork for node in one.nodes
    }

    def of(way: Way) -> str:
        return branch.get(way.origin, "")

    return [[*group] for _, group in groupby(sorted(arriving, key=of), key=of)]


def _single(ways: list[Way]) -> list[Way]:
    """Return the ways with those between the same two elements joined to one."""
    found: dict[tuple[str, str], Way] = {}
    for way in ways:
        pair = way.source, way.target
        found[pair] = _joined(found[pair], way) if pair in found else way
    return [*found.values()]


def _joined(one: Way, other: Way) -> Way:
    names = dict.fromkeys(name for name in (one.name, other.name) if name)
    either = f"({one.condition}) or ({other.condition})"
    default = one.default or other.default
    return replace(
        one,
        name=" / ".join(names),
        condition="" if default else either,
        default=default,
        main=one.main or other.main,
    )
