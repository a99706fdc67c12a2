"""Makes the diagram of a rehearsal, with the coverage of every node and edge."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from handlers.diagram.flow import START
from handlers.diagram.view import DrawnEdge, DrawnNode, diagram_view
from handlers.i18n import Translator, translator
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, ForkNode, GatewayNode, Node, TaskNode
from workflows.rehearsal.items import NONE, Item, items

State = Literal["current", "seen", "part", "ahead", "missed"]
Pair = tuple[str, str]
Count = tuple[int, int]  # covered, all


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageNode(DrawnNode):
    """A node with how much of it was covered: its outcomes and routes, and its rungs."""

    coverage: State
    ends: Count
    rungs: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageEdge(DrawnEdge):
    """An edge with how much of it was covered."""

    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageDiagram:
    """A diagram of a rehearsal with its size."""

    width: float
    height: float
    nodes: tuple[CoverageNode, ...]
    edges: tuple[CoverageEdge, ...]


def coverage_diagram(
    definition: Definition,
    *,
    language: str,
    seen: Collection[Item],
    current: str = "",
    over: bool = False,
) -> CoverageDiagram:
    """Return the "CoverageDiagram" of docs/reference/playground-api.md.

    Args:
        seen: the items that the rehearsal has covered.
        current: the node at which the rehearsal is.
        over: whether the rehearsal has ended; items that were not covered are then missed.
    """
    plain = diagram_view(definition, language=language, noted=True)
    of_node: dict[str, list[Item]] = {START: [_filed(definition)]}
    for item in items(definition):
        of_node.setdefault(item.of, []).append(item)
    of_pair = pair_items(definition)
    words = translator(language)
    return CoverageDiagram(
        width=plain.width,
        height=plain.height,
        nodes=tuple(
            _node(node, of_node[node.id], seen, words, current=current, over=over)
            for node in plain.nodes
        ),
        edges=tuple(_edge(edge, of_pair, seen, over=over) for edge in plain.edges),
    )


def _filed(definition: Definition) -> Item:
    """Return the item that is covered when a case is started."""
    return Item(kind="node", of=definition.start)


def coverage_state(wanted: Collection[Item], seen: Collection[Item], *, over: bool) -> State:
    """Return the state of a node or edge from its items that were covered."""
    covered = sum(item in seen for item in wanted)
    if covered == len(wanted):
        return "seen"
    return "part" if covered else "missed" if over else "ahead"


def _node(
    node: DrawnNode,
    wanted: Collection[Item],
    seen: Collection[Item],
    words: Translator,
    *,
    current: str,
    over: bool,
) -> CoverageNode:
    state = coverage_state(wanted, seen, over=over)
    rungs = [item for item in wanted if item.kind == "rung"]
    ends = [item for item in wanted if item.kind not in {"rung", "node"}]
    said = [words.t(f"rehearsal.state.{state}")]
    counts: dict[str, Any] = {}
    for name, several in (("ends", ends), ("rungs", rungs)):
        covered, of = counts[name] = (sum(item in seen for item in several), len(several))
        if several:
            said.append(words.t(f"rehearsal.count.{name}", covered=covered, of=of))
    here = node.id == current
    if here:
        said.insert(0, words.t("rehearsal.state.current"))
    drawn = replace(
        node,
        state="current" if here else state,
        state_text=words.t("rehearsal.joined").join(said),
    )
    return CoverageNode(**_parts(drawn), **counts, coverage=state)


def _edge(
    edge: DrawnEdge, of_pair: Mapping[Pair, list[Item]], seen: Collection[Item], *, over: bool
) -> CoverageEdge:
    state = coverage_state(of_pair[edge.source, edge.target], seen, over=over)
    return CoverageEdge(**_parts(replace(edge, taken=state == "seen")), state=state)


def _parts(drawn: DrawnNode | DrawnEdge) -> dict[str, Any]:
    return {one.name: getattr(drawn, one.name) for one in fields(drawn)}


def pair_items(definition: Definition) -> Mapping[Pair, list[Item]]:
    """Return the items of each edge; an edge can represent several outcomes."""
    found: dict[Pair, list[Item]] = {(START, definition.start): [_filed(definition)]}
    for node in definition.nodes:
        for target, item in _ways(node):
            found.setdefault((node.id, target), []).append(item)
    return found


def _ways(node: Node) -> Iterator[tuple[str, Item]]:
    if isinstance(node, TaskNode):
        yield node.next, Item(kind="outcome", of=node.id, name="complete")
        for target in node.return_to:
            yield target, Item(kind="return", of=node.id, name=target)
    elif isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            yield from ((to, Item(kind="outcome", of=node.id, name=name)) for to in outcome.to)
            if outcome.then is not None:
                yield outcome.then, Item(kind="limit", of=node.id, name=outcome.then)
    elif isinstance(node, ForkNode):
        for branch in node.branches:
            yield branch.to, Item(kind="branch", of=node.id, name=branch.to)
        if node.may_be_passed:
            yield node.join, Item(kind="branch", of=node.id, name=NONE)
    elif isinstance(node, GatewayNode):
        for number, route in enumerate(node.routes):
            yield route.to, Item(kind="route", of=node.id, name=str(number))
