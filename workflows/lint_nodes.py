"""Does every step say what it needs: people, a form, a time limit, a ladder, a way on?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflows.definition import (
    Definition,
    EndNode,
    GatewayNode,
    Limit,
    WorkNode,
)
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """What is missing or wrong in the nodes, actions and clocks of a definition."""
    yield from _known(definition, ("start_form",), definition.start_form, "form")
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        if isinstance(node, GatewayNode):
            yield from _gateway(node, path)
        elif not isinstance(node, EndNode):
            yield from _work(definition, node, path)
    yield from _start(definition)
    yield from _actions(definition)
    yield from _clocks(definition)
    if definition.pause is not None:
        yield from _known(definition, ("pause", "ladder"), definition.pause.ladder, "ladder")


def _known(definition: Definition, path: Path, key: str, what: str) -> Iterator[Flaw]:
    """Nothing if the form, ladder or action exists."""
    tables: dict[str, Collection[str]] = {
        "form": definition.forms,
        "ladder": definition.ladders,
        "action": definition.actions,
    }
    if key not in tables[what]:
        hint = nearest(key, tables[what], otherwise=f"Add [{what}s.{key}]")
        yield Flaw(path=path, problem=f'there is no {what} "{key}"', hint=hint)


def _gateway(node: GatewayNode, path: Path) -> Iterator[Flaw]:
    yield from _default_last(
        [route.when for route in node.routes],
        (*path, "routes"),
        missing=f'where does the case go when no condition of "{node.id}" holds?',
    )


def _default_last(conditions: list[str | None], path: Path, *, missing: str) -> Iterator[Flaw]:
    """Choices are tried in order: the last one has no condition, all before it have one."""
    for index, when in enumerate(conditions[:-1]):
        if when is None:
            yield Flaw(
                path=(*path, index),
                problem="this has no condition, so nothing after it is ever looked at",
                hint='Give it a "when", or move it to the end',
            )
    if conditions[-1] is not None:
        yield Flaw(path=path, problem=missing, hint='Add a last one without "when"')


def _work(definition: Definition, node: WorkNode, path: Path) -> Iterator[Flaw]:
    if node.assignee is None and node.candidates is None:
        yield Flaw(
            path=path,
            problem=f'nobody does the work of "{node.id}"',
            hint="Give an assignee, or candidates of whom one claims it",
        )
    if node.assignee is not None and node.candidates is not None:
        yield Flaw(
            path=(*path, "candidates"),
            problem=f'"{node.id}" has an assignee and candidates',
            hint="Keep one of the two",
        )
    if node.form is not None:
        yield from _known(definition, (*path, "form"), node.form, "form")
    yield from _known(definition, (*path, "ladder"), node.ladder, "ladder")
    ladder = definition.ladders.get(node.ladder)
    if ladder is not None and all(rung.escalate is None for rung in ladder.rungs):
        yield Flaw(
            path=(*path, "ladder"),
            problem=f'the ladder "{node.ladder}" never escalates, so "{node.id}" could be late '
            "without anybody above knowing",
            hint="End the ladder with a rung that escalates",
        )
    for at, key in enumerate(node.requires):
        yield from _required(definition, node, key, (*path, "requires", at))


def _required(definition: Definition, node: WorkNode, key: str, path: Path) -> Iterator[Flaw]:
    yield from _known(definition, path, key, "action")
    action = definition.actions.get(key)
    if action is not None and node.id not in action.nodes:
        yield Flaw(
            path=path,
            problem=f'"{key}" is required but not offered in "{node.id}"',
            hint=f'Add "{node.id}" to the nodes of [actions.{key}]',
        )


def _start(definition: Definition) -> Iterator[Flaw]:
    ends = {node.id for node in definition.nodes if isinstance(node, EndNode)}
    if definition.start in ends:
        problem = "the case would end as soon as it is filed"
        yield Flaw(path=("start",), problem=problem, hint="Begin with the first step")


def _actions(definition: Definition) -> Iterator[Flaw]:
    idle = {n.id: n.kind for n in definition.nodes if isinstance(n, GatewayNode | EndNode)}
    for key, action in definition.actions.items():
        yield from _known(definition, ("actions", key, "form"), action.form, "form")
        for at, node_id in enumerate(action.nodes):
            if node_id in idle:
                yield Flaw(
                    path=("actions", key, "nodes", at),
                    problem=f'nobody works in "{node_id}", it is a node of kind {idle[node_id]}',
                    hint="Actions are recorded in nodes of kind task or approval",
                )


def _clocks(definition: Definition) -> Iterator[Flaw]:
    for key, clock in definition.clocks.items():
        path: Path = ("clocks", key)
        yield from _known(definition, (*path, "ladder"), clock.ladder, "ladder")
        if clock.until != "end" and clock.until not in definition.actions:
            hint = nearest(clock.until, definition.actions, otherwise='Name an action, or "end"')
            problem = f'there is no action "{clock.until}"'
            yield Flaw(path=(*path, "until"), problem=problem, hint=hint)
        yield from _limits(clock.within, (*path, "within"))
        if clock.pauses and definition.pause is None:
            yield Flaw(
                path=(*path, "pauses"),
                problem="nothing pauses this clock, because questions to the filer are not offered",
                hint="Add [pause], or take pauses away",
            )


def _limits(within: tuple[Limit, ...], path: Path) -> Iterator[Flaw]:
    missing = "what is the limit when no condition holds?"
    yield from _default_last([limit.when for limit in within], path, missing=missing)
