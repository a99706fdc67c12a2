"""Lint of nodes, actions and clocks: people, form, time limit, ladder and next node are given."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflows import lint_processes, lint_services, lint_signers
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.clocks import Limit
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    GatewayNode,
    ProcessNode,
    ServiceNode,
    WorkNode,
)
from workflows.said import Saying, said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the nodes, actions and clocks of a definition."""
    yield from known(definition, ("start_form",), definition.start_form, "form")
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        if isinstance(node, GatewayNode):
            yield from _gateway(node, path)
        elif isinstance(node, ProcessNode):
            yield from lint_processes.flaws(definition, node, path)
        elif isinstance(node, ServiceNode):
            yield from lint_services.flaws(definition, node, path)
        elif isinstance(node, WorkNode):
            yield from _work(definition, node, path)
    yield from _start(definition)
    yield from _actions(definition)
    yield from _clocks(definition)
    if definition.pause is not None:
        yield from known(definition, ("pause", "ladder"), definition.pause.ladder, "ladder")


def known(definition: Definition, path: Path, key: str, what: str) -> Iterator[Flaw]:
    """Yield a flaw if the form, ladder or action does not exist."""
    tables: dict[str, Collection[str]] = {
        "form": definition.forms,
        "ladder": definition.ladders,
        "action": definition.actions,
    }
    if key not in tables[what]:
        otherwise = said("add_table", "Add [{table}.{key}]", table=f"{what}s", key=key)
        problem = said("no_such", 'there is no {what} "{key}"', what=_WHAT[what], key=key)
        yield Flaw(path=path, problem=problem, hint=nearest(key, tables[what], otherwise=otherwise))


_WHAT = {
    "form": said("a_form", "form"),
    "ladder": said("a_ladder", "ladder"),
    "action": said("an_action", "action"),
}


def _gateway(node: GatewayNode, path: Path) -> Iterator[Flaw]:
    yield from _default_last(
        [route.when for route in node.routes],
        (*path, "routes"),
        missing=said(
            "no_default_route",
            'where does the case go when no condition of "{node}" holds?',
            node=node.id,
        ),
    )


def _default_last(conditions: list[str | None], path: Path, *, missing: Saying) -> Iterator[Flaw]:
    """Yield a flaw unless exactly the last choice has no condition.

    Choices are tried in order, so that a choice after one without a condition is never taken.
    """
    for index, when in enumerate(conditions[:-1]):
        if when is None:
            yield Flaw(
                path=(*path, index),
                problem=said(
                    "default_early", "this has no condition, so nothing after it is ever looked at"
                ),
                hint=said("move_to_end", 'Give it a "when", or move it to the end'),
            )
    if conditions[-1] is not None:
        hint = said("add_default", 'Add a last one without "when"')
        yield Flaw(path=path, problem=missing, hint=hint)


def _work(definition: Definition, node: WorkNode, path: Path) -> Iterator[Flaw]:
    if isinstance(node, ApprovalNode):
        yield from lint_signers.flaws(node, path)
    if not node.workers:
        yield Flaw(
            path=path,
            problem=said("no_worker", 'nobody does the work of "{node}"', node=node.id),
            hint=said("give_assignee", "Give an assignee, or candidates of whom one claims it"),
        )
    if node.assignee is not None and node.candidates is not None:
        yield Flaw(
            path=(*path, "candidates"),
            problem=said("two_workers", '"{node}" has an assignee and candidates', node=node.id),
            hint=said("keep_one", "Keep one of the two"),
        )
    if node.form is not None:
        yield from known(definition, (*path, "form"), node.form, "form")
    yield from known(definition, (*path, "ladder"), node.ladder, "ladder")
    if isinstance(node, ApprovalNode) and node.visit_ladder is not None:
        yield from known(definition, (*path, "visit_ladder"), node.visit_ladder, "ladder")
    ladder = definition.ladders.get(node.ladder)
    if ladder is not None and all(rung.escalate is None for rung in ladder.rungs):
        yield Flaw(
            path=(*path, "ladder"),
            problem=said(
                "never_escalates",
                'the ladder "{ladder}" never escalates, so "{node}" could be late '
                "without anybody above knowing",
                ladder=node.ladder,
                node=node.id,
            ),
            hint=said("end_escalating", "End the ladder with a rung that escalates"),
        )
    for at, key in enumerate(node.requires):
        yield from _required(definition, node, key, (*path, "requires", at))


def _required(definition: Definition, node: WorkNode, key: str, path: Path) -> Iterator[Flaw]:
    yield from known(definition, path, key, "action")
    action = definition.actions.get(key)
    if action is not None and node.id not in action.nodes:
        yield Flaw(
            path=path,
            problem=said(
                "not_offered",
                '"{action}" is required but not offered in "{node}"',
                action=key,
                node=node.id,
            ),
            hint=said(
                "offer_action",
                'Add "{node}" to the nodes of [actions.{action}]',
                node=node.id,
                action=key,
            ),
        )


def _start(definition: Definition) -> Iterator[Flaw]:
    ends = {node.id for node in definition.nodes if isinstance(node, EndNode)}
    if definition.start in ends:
        problem = said("start_is_end", "the case would end as soon as it is filed")
        hint = said("begin_first", "Begin with the first step")
        yield Flaw(path=("start",), problem=problem, hint=hint)


def _actions(definition: Definition) -> Iterator[Flaw]:
    idle = {n.id: n.kind for n in definition.nodes if not isinstance(n, WorkNode)}
    for key, action in definition.actions.items():
        yield from known(definition, ("actions", key, "form"), action.form, "form")
        for at, node_id in enumerate(action.nodes):
            if node_id in idle:
                yield Flaw(
                    path=("actions", key, "nodes", at),
                    problem=said(
                        "idle_node",
                        'nobody works in "{node}", it is a node of kind {kind}',
                        node=node_id,
                        kind=idle[node_id],
                    ),
                    hint=said(
                        "where_actions", "Actions are recorded in nodes of kind task or approval"
                    ),
                )


def _clocks(definition: Definition) -> Iterator[Flaw]:
    for key, clock in definition.clocks.items():
        path: Path = ("clocks", key)
        yield from known(definition, (*path, "ladder"), clock.ladder, "ladder")
        if clock.until != "end" and clock.until not in definition.actions:
            otherwise = said("name_action", 'Name an action, or "end"')
            hint = nearest(clock.until, definition.actions, otherwise=otherwise)
            problem = said(
                "no_such", 'there is no {what} "{key}"', what=_WHAT["action"], key=clock.until
            )
            yield Flaw(path=(*path, "until"), problem=problem, hint=hint)
        yield from _limits(clock.within, (*path, "within"))
        action = definition.actions.get(clock.until)
        if clock.until == "end":
            yield from _too_short(definition, clock.within, (*path, "within"))
        elif action is not None and definition.start not in action.nodes:
            yield from _too_short(definition, clock.within, (*path, "within"), until=clock.until)
        if clock.pauses and definition.pause is None:
            yield Flaw(
                path=(*path, "pauses"),
                problem=said(
                    "no_pause",
                    "nothing pauses this clock, because questions to the filer are not offered",
                ),
                hint=said("add_pause", "Add [pause], or take pauses away"),
            )


def _too_short(
    definition: Definition, within: tuple[Limit, ...], path: Path, *, until: str = ""
) -> Iterator[Flaw]:
    """Yield limits that end before the first node is due.

    A limit is that of the whole case, or the one `until` an action.
    """
    first = next((node for node in definition.nodes if node.id == definition.start), None)
    for index, limit in enumerate(within):
        if isinstance(first, WorkNode) and first.due.surely_exceeds(limit.limit):
            whole = said(
                "limit_too_short",
                'the whole case within {limit}, but "{node}" alone is due after {due}',
                limit=str(limit.limit),
                node=first.id,
                due=str(first.due),
            )
            action = said(
                "action_too_short",
                '"{until}" within {limit}, but "{node}" comes before it and is due after {due}',
                until=until,
                limit=str(limit.limit),
                node=first.id,
                due=str(first.due),
            )
            yield Flaw(
                path=(*path, index, "limit"),
                problem=action if until else whole,
                hint=said("longer_limit", "Give the case more time, or its first step less"),
            )


def _limits(within: tuple[Limit, ...], path: Path) -> Iterator[Flaw]:
    missing = said("no_default_limit", "what is the limit when no condition holds?")
    yield from _default_last([limit.when for limit in within], path, missing=missing)
