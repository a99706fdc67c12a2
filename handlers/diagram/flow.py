"""Reads the nodes and edges of a diagram, with their labels, from a definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from handlers.diagram.conditions import in_words
from handlers.i18n import translator
from workflows.lint_graph import edges, reachable
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
)

START = "$start"  # the id of a node cannot begin with "$"

Kind = Literal["start", "task", "approval", "gateway", "fork", "wait", "process", "service", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramNode:
    """A node of the diagram: those of the definition, and the start."""

    id: str
    kind: Kind
    label: str
    refused: bool = False  # an end that is no success


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramEdge:
    """An edge from a node to another one.

    `back` is set if it leads to an earlier node, `main` if a case takes it without a rejection or
    return.
    """

    source: str
    target: str
    label: str = ""
    back: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """All nodes in the order of the definition, and all edges, one for each pair of nodes."""

    steps: tuple[DiagramNode, ...]
    ways: tuple[DiagramEdge, ...]


def flow(definition: Definition, *, language: str) -> Flow:
    """Return the nodes and edges of a definition."""
    start = DiagramNode(id=START, kind="start", label=translator(language).t("diagram.start"))
    steps = [
        DiagramNode(
            id=n.id,
            kind=n.kind,
            label=n.name.of(language),
            refused=isinstance(n, EndNode) and n.status != "completed",
        )
        for n in definition.nodes
    ]
    ways: dict[tuple[str, str], DiagramEdge] = {}
    for way in _ways(definition, language):
        pair = way.source, way.target
        ways[pair] = _joined(ways[pair], way) if pair in ways else way
    back = _back(definition, (START, *(step.id for step in steps)), tuple(ways))
    return Flow(
        steps=(start, *steps),
        ways=tuple(
            DiagramEdge(
                source=source, target=target, label=way.label, back=pair in back, main=way.main
            )
            for pair, way in ways.items()
            for source, target in [pair]
        ),
    )


def _ways(definition: Definition, language: str) -> Iterator[DiagramEdge]:
    words = translator(language)
    yield DiagramEdge(source=START, target=definition.start, main=True)
    for node in definition.nodes:
        if isinstance(node, TaskNode):
            yield DiagramEdge(source=node.id, target=node.next, main=True)
            for target in node.return_to:
                yield DiagramEdge(source=node.id, target=target, label=words.t("diagram.return"))
        elif isinstance(node, ApprovalNode):
            yield from _outcomes(node, language)
        elif isinstance(node, WaitNode):
            yield from _starts(node, definition, language)
        elif isinstance(node, ProcessNode):
            for ending, to in node.outcomes.items():
                label = words.t(f"status.{ending}")
                yield DiagramEdge(
                    source=node.id, target=to, label=label, main=ending == "completed"
                )
        elif isinstance(node, ServiceNode):
            for result, to in node.outcomes.items():
                label = words.t(f"work.outcome.{result}") if result != "ok" else ""
                yield DiagramEdge(source=node.id, target=to, label=label, main=result == "ok")
        elif isinstance(node, GatewayNode):
            yield from _routes(node, definition, language)
        elif isinstance(node, ForkNode):
            yield from _branches(node, definition, language)


def _starts(node: WaitNode, definition: Definition, language: str) -> Iterator[DiagramEdge]:
    """Yield the ways of the starts of a node, each with what starts it, and that by which it ends.

    A day is named by its field, a button by its label.
    """
    words = translator(language)
    for start in node.starts:
        field = definition.named(start.at.field or "") if start.at is not None else None
        if start.label is not None:
            label = start.label.of(language)
        elif field is not None:
            label = field.label.of(language)
        else:
            label = words.t(f"diagram.every.{start.every}" if start.every else "diagram.expiry")
        yield DiagramEdge(source=node.id, target=start.to, label=label, main=True)
    if node.next is not None:
        yield DiagramEdge(source=node.id, target=node.next, main=True)


def _outcomes(node: ApprovalNode, language: str) -> Iterator[DiagramEdge]:
    words = translator(language)
    for key, outcome in node.outcomes.items():
        label = outcome.label.of(language) if outcome.label else words.t(f"diagram.{key}")
        for to in outcome.to:
            yield DiagramEdge(source=node.id, target=to, label=label, main=key == "approve")
        if outcome.then is not None:
            after = words.n("diagram.after", outcome.at_most or 1)
            yield DiagramEdge(source=node.id, target=outcome.then, label=after)


def _routes(node: GatewayNode, definition: Definition, language: str) -> Iterator[DiagramEdge]:
    if len({route.to for route in node.routes}) == 1:
        yield DiagramEdge(source=node.id, target=node.routes[0].to, main=True)
        return
    for route in node.routes:
        if route.when is None:
            label = translator(language).t("diagram.else")
        else:
            label = in_words(route.when, definition, language=language)
        yield DiagramEdge(source=node.id, target=route.to, label=label)


def _branches(node: ForkNode, definition: Definition, language: str) -> Iterator[DiagramEdge]:
    for branch in node.branches:
        label = in_words(branch.when, definition, language=language) if branch.when else ""
        yield DiagramEdge(source=node.id, target=branch.to, label=label, main=not branch.when)
    if node.may_be_passed:
        label = translator(language).t("diagram.none")
        yield DiagramEdge(source=node.id, target=node.join, label=label)


def _joined(one: DiagramEdge, other: DiagramEdge) -> DiagramEdge:
    labels = dict.fromkeys(label for label in (one.label, other.label) if label)
    return DiagramEdge(
        source=one.source,
        target=one.target,
        label=" / ".join(labels),
        main=one.main or other.main,
    )


def _back(
    definition: Definition, steps: tuple[str, ...], pairs: tuple[tuple[str, str], ...]
) -> frozenset[tuple[str, str]]:
    """Return the pairs that lead back: returns to a node before, and what closes a circle.

    A return into a branch of a fork must not be taken for the way on which the case first comes
    there, so a return leads on only where nothing else leads to its target.
    """
    returns = {
        (way.source, way.target) for way in edges(definition) if way.goes_back or way.returns
    }
    onward = tuple(pair for pair in pairs if pair not in returns)
    circles = backward(steps, onward)
    after: dict[str, set[str]] = {step: set() for step in steps}
    for source, target in {*onward} - circles:
        after[source].add(target)
    known = reachable({START}, after)
    back = {
        (source, to) for source, to in returns if to in known and source in reachable({to}, after)
    }
    left = tuple(pair for pair in pairs if pair not in back and pair not in circles)
    return circles | back | backward(steps, left)


def backward(
    steps: tuple[str, ...], pairs: tuple[tuple[str, str], ...]
) -> frozenset[tuple[str, str]]:
    """Return the pairs that lead back to a node on the current path of a depth-first search."""
    ahead: Mapping[str, list[str]] = {step: [] for step in steps}
    for source, target in pairs:
        ahead[source].append(target)
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for first in steps:
        trail = [(first, iter(ahead[first]))] if first not in done else []
        path = [first]
        while trail:
            step, rest = trail[-1]
            target = next(rest, "")
            if not target:
                done.add(step)
                trail.pop()
                path.pop()
            elif target in path:
                found.add((step, target))
            elif target not in done:
                trail.append((target, iter(ahead[target])))
                path.append(target)
    return frozenset(found)
