"""What a training card says, worked out from the definition that runs.

Texts of the definition's own table `[training]` come first.
"""

from __future__ import annotations

from collections.abc import Iterator

from handlers.differences.wording import DifferenceWords
from handlers.reports.flow_steps import outcome_labels
from handlers.specification.source import SpecificationSource
from workflows.differences import Change, Difference, differences
from workflows.lint_graph import edges
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
    WorkNode,
)

STEPS_MOST = 12
CHANGES_MOST = 5
FIELDS_MOST = 8
VALUE_MOST = 60  # characters of a value before or after
_STEPS = (TaskNode, ApprovalNode, ProcessNode, ServiceNode, WaitNode)


def contents(source: SpecificationSource) -> str:
    """Return what the process is for."""
    own, form = source.definition.training, source.form
    said = (None if own is None else own.contents, source.definition.purpose)
    return "\n".join(form.text(one) for one in said if one is not None)


def steps(source: SpecificationSource) -> Iterator[str]:
    """Yield the steps in the order of the flow, with who does them and their limits."""
    found = [node for node in _in_order(source.definition) if isinstance(node, _STEPS)]
    for number, node in enumerate(found[:STEPS_MOST], start=1):
        yield _step(source, number, node)
    if len(found) > STEPS_MOST:
        yield source.words.n("training.more_steps", len(found) - STEPS_MOST)


def _in_order(definition: Definition) -> Iterator[Node]:
    """Yield the nodes as a case meets them; those that only a return reaches come last."""
    ahead: dict[str, list[str]] = {}
    for edge in edges(definition):
        if edge.onward:
            ahead.setdefault(edge.source, []).append(edge.target)
    order = [definition.start]
    for node_id in order:
        order += dict.fromkeys(one for one in ahead.get(node_id, ()) if one not in order)
    rest = (node.id for node in definition.nodes if node.id not in order)
    yield from map(definition.node, (*order, *rest))


def _step(source: SpecificationSource, number: int, node: Node) -> str:
    name = source.form.text(node.name)
    if not isinstance(node, TaskNode | ApprovalNode):
        return source.words.t("training.step.plain", number=number, step=name)
    who = source.people(*(text for _, text in node.workers))
    limit = source.form.span(node.due)
    return source.words.t("training.step", number=number, step=name, who=who, limit=limit)


# ---------------------------------------------------------------------------- how to use it


def how(source: SpecificationSource, node_id: str) -> Iterator[str]:
    """Yield what the reader does: files a case, or has a step.

    Args:
        node_id: the step at which they first use the version; "" for filing a case.
    """
    own, definition, t = source.definition.training, source.definition, source.words.t
    if own is not None and own.how is not None:
        yield source.form.text(own.how)
    if node_id:
        node = definition.work_node(node_id)
        limit = source.form.span(node.due)
        yield t("training.own", step=source.form.text(node.name), limit=limit)
        yield from _at_step(source, node)
        return
    form = source.form.text(definition.forms[definition.start_form].name)
    yield t("training.file", command=definition.command, form=form)
    for node in _of_filer(source):
        limit = source.form.span(node.due)
        yield t("training.later", step=source.form.text(node.name), limit=limit)


def _of_filer(source: SpecificationSource) -> Iterator[WorkNode]:
    for node in source.definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode) and node.assignee == "filer":
            yield node


def _at_step(source: SpecificationSource, node: WorkNode) -> Iterator[str]:
    form, t = source.form, source.words.t
    if node.form is not None:
        yield t("training.form", form=form.text(source.definition.forms[node.form].name))
    if isinstance(node, ApprovalNode):
        yield t("training.decide", outcomes=form.listed(outcome_labels(form, node)))
    if node.requires:
        names = (form.text(source.definition.actions[key].name) for key in node.requires)
        yield t("training.requires", actions=form.listed(names))


# ---------------------------------------------------------------------------- what to mind


def cautions(source: SpecificationSource, node_id: str) -> Iterator[str]:
    """Yield the rules that the reader has to mind: limits, what happens when late, and who decides.

    `node_id` is as for `how`.
    """
    own, definition = source.definition.training, source.definition
    if own is not None and own.cautions is not None:
        yield source.form.text(own.cautions)
    yield from _clocks(source)
    node = definition.work_node(node_id) if node_id else next(_of_filer(source), None)
    if node is not None:
        yield from _late(source, node)
    yield from _required(
        source, node.form if node_id and node is not None else definition.start_form
    )
    yield from _separation(source, node if node_id else None)


def _clocks(source: SpecificationSource) -> Iterator[str]:
    form, t = source.form, source.words.t
    for clock in source.definition.clocks.values():
        for one in clock.within:
            name, limit = form.text(clock.name), form.span(one.limit)
            if one.when is not None:
                when = source.condition(one.when)
                yield t("training.clock.when", clock=name, when=when, limit=limit)
            elif len(clock.within) > 1:
                yield t("training.clock.else", clock=name, limit=limit)
            else:
                yield t("training.clock", clock=name, limit=limit)


def _late(source: SpecificationSource, node: WorkNode) -> Iterator[str]:
    """Yield whom the escalations of a step reach, in their order."""
    rungs = (rung for key in node.ladders for rung in source.definition.ladders[key].rungs)
    told = dict.fromkeys(rung.escalate for rung in rungs if rung.escalate is not None)
    if told:
        order = source.words.t("difference.order").join(map(source.people, told))
        step = source.form.text(node.name)
        yield source.words.t("training.late", step=step, people=order)


def _required(source: SpecificationSource, form_key: str | None) -> Iterator[str]:
    if form_key is None:
        return
    fields = [one for one in source.definition.forms[form_key].written if one.required]
    labels = [source.form.text(one.label) for one in fields[:FIELDS_MOST]]
    if len(fields) > FIELDS_MOST:
        labels.append(source.words.t("figures.more", count=f"{len(fields) - FIELDS_MOST}"))
    if labels:
        yield source.words.t("training.required", fields=source.form.listed(labels))


def _separation(source: SpecificationSource, node: WorkNode | None) -> Iterator[str]:
    """Yield who decides instead of a reader who filed the case, or did an earlier step."""
    t = source.words.t
    if node is None:
        return
    if isinstance(node, ApprovalNode) and node.assignee != "filer":
        rule = source.definition.rules_of(node).self_approval
        yield t("training.self_approval", rule=t(f"spec.self_approval.{rule}"))
    if node.not_same_as:
        yield t("training.not_same_as", nodes=source.nodes(node.not_same_as))


# ---------------------------------------------------------------------------- what changed


def changes(source: SpecificationSource) -> Iterator[str]:
    """Yield what differs from the version before, the first few; nothing without one."""
    if source.before is None:
        return
    before, after = source.before.definition, source.definition
    say = DifferenceWords(before=before, after=after, write=source.form)
    found = [one for one in differences(before, after) if one.place[0] != "training"]
    for one in found[:CHANGES_MOST]:
        yield _change(say, one)
    if len(found) > CHANGES_MOST:
        yield say.words.n("training.more_changes", len(found) - CHANGES_MOST)


def _change(say: DifferenceWords, one: Difference) -> str:
    facts = {"part": say.part(one), "what": say.what(one)}
    if one.change in (Change.ADDED, Change.DROPPED):
        return say.words.t("training.change.whole", **facts)
    was, becomes = _short(say.was(one)), _short(say.becomes(one))
    return say.words.t("training.change", **facts, was=was, becomes=becomes)


def _short(value: str) -> str:
    return value if len(value) <= VALUE_MOST else f"{value[: VALUE_MOST - 1]}…"
