"""Lint of the graph: every edge leads to a node, every path can end.

The edges are the ways that a case takes by a rule or by a decision. The `return_to` of a task only
offers to go back to an earlier node: it makes no node reachable and closes no loop, because a
person chooses it each time, with a reason. The return of an approval is an edge: if it leads back,
the definition has to limit it (`at_most`) and give the node that follows (`then`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from workflows.mentions import Flaw
from workflows.model.definition import Definition, Revocation
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
    WorkNode,
)
from workflows.said import Saying, said
from workflows.toml_lines import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge between two nodes. `outcome` and `route` distinguish the edges of one node."""

    source: str
    target: str
    path: Path
    outcome: str = ""  # of an approval
    route: int | None = None  # of a gateway
    goes_back: bool = False  # offered by return_to
    limited: bool = False  # a return with a limit, a revocation, or a bad result of a work
    branch: int | None = None  # of a fork; its edge to the join has none
    start: str = ""  # of a wait node, by its id

    @property
    def returns(self) -> bool:
        """Whether an approval returns a case by it."""
        return self.outcome == "return" and self.path[-1] != "then"

    @property
    def onward(self) -> bool:
        """Whether a case takes it without a return or a reject."""
        return not self.goes_back and self.outcome not in ("return", "reject") and not self.limited


def edges(definition: Definition) -> tuple[Edge, ...]:
    """Return every edge that a definition gives, also to targets that do not exist."""
    found: list[Edge] = []
    for index, node in enumerate(definition.nodes):
        found.extend(_edges_of(node, ("nodes", index)))
    if definition.revoke is not None:
        found.extend(_opened_again(definition, definition.revoke))
    return tuple(found)


def _opened_again(definition: Definition, revoke: Revocation) -> Iterator[Edge]:
    """Yield the ways of a completed case that its filer revokes."""
    for node in definition.nodes:
        if isinstance(node, EndNode) and node.status == "completed":
            yield Edge(source=node.id, target=revoke.to, path=("revoke", "to"), limited=True)


def _edges_of(node: Node, path: Path) -> Iterator[Edge]:
    if isinstance(node, TaskNode):
        yield Edge(source=node.id, target=node.next, path=(*path, "next"))
        for index, target in enumerate(node.return_to):
            back: Path = (*path, "return_to", index)
            yield Edge(source=node.id, target=target, path=back, goes_back=True)
    elif isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            way: Path = (*path, "outcomes", name)
            limited = name == "return" and outcome.at_most is not None
            for number, target in enumerate(outcome.to):
                yield Edge(
                    source=node.id,
                    target=target,
                    path=(*way, "to", number) if len(outcome.to) > 1 else (*way, "to"),
                    outcome=name,
                    limited=limited,
                )
            if outcome.then is not None:
                then = (*way, "then")
                yield Edge(source=node.id, target=outcome.then, path=then, outcome=name)
    elif isinstance(node, WaitNode):
        yield from _edges_of_wait(node, path)
    elif isinstance(node, ProcessNode | ServiceNode):
        for ending, target in node.outcomes.items():
            ended: Path = (*path, "outcomes", ending)
            again = ending in ("findings", "failed")  # somebody decides whether it is tried again
            yield Edge(source=node.id, target=target, path=ended, outcome=ending, limited=again)
    elif isinstance(node, GatewayNode):
        for index, route in enumerate(node.routes):
            to: Path = (*path, "routes", index, "to")
            yield Edge(source=node.id, target=route.to, path=to, route=index)
    elif isinstance(node, ForkNode):
        for index, branch in enumerate(node.branches):
            at: Path = (*path, "branches", index)
            yield Edge(source=node.id, target=branch.to, path=at, branch=index)
        yield Edge(source=node.id, target=node.join, path=(*path, "join"))


def _edges_of_wait(node: WaitNode, path: Path) -> Iterator[Edge]:
    for index, start in enumerate(node.starts):
        to: Path = (*path, "starts", index, "to")
        yield Edge(source=node.id, target=start.to, path=to, start=start.id)
    if node.next is not None:
        yield Edge(source=node.id, target=node.next, path=(*path, "next"))


def nearest(word: str, known: Collection[str], *, otherwise: Saying) -> Saying:
    """Return a hint with the known word most similar to this one."""
    close = get_close_matches(word, known, n=1)
    return said("perhaps", "Perhaps you mean {word}", word=close[0]) if close else otherwise


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the graph of a definition."""
    ways = edges(definition)
    broken = [*_duplicates(definition), *_unknown(definition, ways)]
    yield from broken
    yield from _decisions(definition)
    yield from _only_returns(definition)
    if not broken:  # to report one mistake only once
        yield from _revoking(definition)
        yield from _unreachable(definition, ways)
        yield from _endless(definition, ways)
        yield from _returns(definition, ways)
        yield from _loops(definition, ways)


def _duplicates(definition: Definition) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, node in enumerate(definition.nodes):
        if node.id in seen:
            problem = said("two_nodes", 'there are two nodes "{node}"', node=node.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=("nodes", index, "id"), problem=problem, hint=hint)
        seen.add(node.id)


def _unknown(definition: Definition, ways: tuple[Edge, ...]) -> Iterator[Flaw]:
    known = [node.id for node in definition.nodes]
    named: list[tuple[Path, str]] = [(("start",), definition.start)]
    named.extend((edge.path, edge.target) for edge in ways)
    if definition.withdraw_until not in {"first_decision", "end"}:
        named.append((("withdraw_until",), definition.withdraw_until))
    if definition.business_end is not None:
        named.append((("business_end",), definition.business_end))
    for key, action in definition.actions.items():
        named.extend((("actions", key, "nodes", at), node) for at, node in enumerate(action.nodes))
    otherwise = said("the_nodes", "The nodes are {known}", known=", ".join(known))
    for path, node_id in dict.fromkeys(named):
        if node_id not in known:
            problem = said("no_node", 'there is no node "{node}"', node=node_id)
            yield Flaw(
                path=path, problem=problem, hint=nearest(node_id, known, otherwise=otherwise)
            )


def _decisions(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the outcomes of approvals."""
    for index, node in enumerate(definition.nodes):
        if not isinstance(node, ApprovalNode):
            continue
        path: Path = ("nodes", index, "outcomes")
        if "approve" not in node.outcomes:
            yield Flaw(
                path=path,
                problem=said("no_approve", "an approval that nobody can approve"),
                hint=said("add_approve", "Add [nodes.outcomes.approve] to {node}", node=node.id),
            )
        for name, outcome in node.outcomes.items():
            if outcome.at_most is None and outcome.then is not None:
                yield Flaw(
                    path=(*path, name, "then"),
                    problem=said("then_alone", '"then" says what follows the last return'),
                    hint=said("say_at_most", 'Say how many there may be: "at_most"'),
                )
            elif outcome.at_most is not None and name != "return":
                yield Flaw(
                    path=(*path, name, "at_most"),
                    problem=said(
                        "only_returns", 'only returns are counted, "{outcome}" is not', outcome=name
                    ),
                    hint=said("take_limit_away", "Take at_most and then away"),
                )


def _revoking(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaw of a revocation that nobody would confirm."""
    revoke = definition.revoke
    if revoke is not None and not isinstance(definition.node(revoke.to), WorkNode):
        yield Flaw(
            path=("revoke", "to"),
            problem=said(
                "revoke_to_nobody", 'nobody confirms a revocation at "{node}"', node=revoke.to
            ),
            hint=said("confirm_revocation", "Name a task or an approval"),
        )


def _only_returns(definition: Definition) -> Iterator[Flaw]:
    """Yield what only a return may have, where another outcome has it."""
    for index, node in enumerate(definition.nodes):
        for name, outcome in node.outcomes.items() if isinstance(node, ApprovalNode) else ():
            path: Path = ("nodes", index, "outcomes", name)
            if name != "return" and len(outcome.to) > 1:
                yield Flaw(
                    path=(*path, "to"),
                    problem=said(
                        "several_targets", '"{outcome}" leads to one node only', outcome=name
                    ),
                    hint=said("one_target", "Only a return may offer several nodes"),
                )
            if name != "return" and outcome.resume != "replay":
                yield Flaw(
                    path=(*path, "resume"),
                    problem=said("no_resume", '"{outcome}" does not come back', outcome=name),
                    hint=said("resume_of_return", 'Only a return has "resume"'),
                )


def _unreachable(definition: Definition, ways: tuple[Edge, ...]) -> Iterator[Flaw]:
    reached = reachable({definition.start}, follow(ways))
    for index, node in enumerate(definition.nodes):
        if node.id not in reached:
            yield Flaw(
                path=("nodes", index),
                problem=said(
                    "unreachable", 'no path leads from the start to "{node}"', node=node.id
                ),
                hint=said("lead_there", "Lead a path there, or remove the node"),
            )


def _endless(definition: Definition, ways: tuple[Edge, ...]) -> Iterator[Flaw]:
    ends = {node.id: node for node in definition.nodes if isinstance(node, EndNode)}
    back = follow(ways, backwards=True)
    ending = reachable(set(ends), back)
    for index, node in enumerate(definition.nodes):
        if node.id not in ending:
            yield Flaw(
                path=("nodes", index),
                problem=said("endless", 'no path leads from "{node}" to an end', node=node.id),
                hint=said("lead_to_end", 'Lead a path to a node of kind "end"'),
            )
    reached = reachable({definition.start}, follow(ways))
    if not any(key in reached and end.status == "completed" for key, end in ends.items()):
        yield Flaw(
            path=("nodes",),
            problem=said("never_completed", "no case can ever be completed"),
            hint=said(
                "lead_to_completed", 'Lead a path to an end node with the status "completed"'
            ),
        )


def _returns(definition: Definition, ways: tuple[Edge, ...]) -> Iterator[Flaw]:
    """Yield the ways back that are offered to a person and lead to no earlier node."""
    forward = follow(ways)
    back = [edge for edge in ways if edge.goes_back or _chosen(definition, edge)]
    after = {node: reachable(forward.get(node, ()), forward) for node in {e.target for e in back}}
    for edge in back:
        if edge.source not in after[edge.target]:
            yield Flaw(
                path=edge.path,
                problem=said(
                    "never_before",
                    '"{target}" never comes before "{node}"',
                    target=edge.target,
                    node=edge.source,
                ),
                hint=said("return_before", "A return leads to a node that comes before it"),
            )


def _chosen(definition: Definition, edge: Edge) -> bool:
    """Return whether this is one of several nodes that a return of an approval offers."""
    node = definition.node(edge.source)
    return isinstance(node, ApprovalNode) and edge.returns and len(node.outcomes["return"].to) > 1


def _loops(definition: Definition, ways: tuple[Edge, ...]) -> Iterator[Flaw]:
    """Yield every edge that closes a loop without a limit."""
    endless = [edge for edge in ways if not (edge.limited or edge.goes_back or edge.start)]
    done: set[str] = set()
    trail: list[str] = []

    def visit(node: str) -> Iterator[Flaw]:
        trail.append(node)
        for edge in endless:
            if edge.source != node or edge.target in done:
                continue
            if edge.target in trail:
                circle = [*trail[trail.index(edge.target) :], edge.target]
                yield Flaw(
                    path=edge.path,
                    problem=said(
                        "circle",
                        "a case can go round for ever: {circle}",
                        circle=" → ".join(circle),
                    ),
                    hint=said(
                        "limit_circle",
                        "Make one of these paths an approval's return with at_most and then",
                    ),
                )
            else:
                yield from visit(edge.target)
        done.add(trail.pop())

    for node in definition.nodes:
        if node.id not in done:
            yield from visit(node.id)


def follow(ways: tuple[Edge, ...], *, backwards: bool = False) -> Mapping[str, set[str]]:
    """Return the direct neighbours of every node, without the edges of `return_to`."""
    found: dict[str, set[str]] = {}
    for edge in ways:
        if not edge.goes_back:
            source, target = edge.source, edge.target
            if backwards:
                source, target = target, source
            found.setdefault(source, set()).add(target)
    return found


def reachable(start: Collection[str], neighbours: Mapping[str, set[str]]) -> set[str]:
    """Return everything that is reachable from these nodes, including them."""
    found, todo = set(start), list(start)
    while todo:
        new = neighbours.get(todo.pop(), set()) - found
        found |= new
        todo.extend(new)
    return found
