"""Lint of alerts: what they watch, and levels that do not let them flap."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.alerts import Backlog, CaseAge, OpenTasks, Rate
from workflows.model.definition import Definition
from workflows.model.measures import known_rates, metric_named, more_is_better
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the alerts of a definition."""
    seen: set[str] = set()
    for index, alert in enumerate(definition.alerts):
        path: Path = ("alerts", index)
        if alert.id in seen:
            problem = said("two_alerts", 'there are two alerts "{id}"', id=alert.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
        seen.add(alert.id)
        match alert:
            case CaseAge():
                yield from _ages(alert, path)
            case Rate():
                yield from _rate(definition, alert, path)
            case Backlog():
                yield from _node(definition, alert.node, (*path, "node"))
                yield from _counts(alert, path)
            case _:
                yield from _counts(alert, path)


def _ages(alert: CaseAge, path: Path) -> Iterator[Flaw]:
    if not alert.raise_at.surely_exceeds(alert.clear_at):
        yield Flaw(
            path=(*path, "clear"),
            problem=said(
                "clear_not_shorter",
                "clear = {clear} is not shorter than raise = {raised}",
                clear=alert.clear_at,
                raised=alert.raise_at,
            ),
            hint=said("write_shorter", "Write a shorter time in the same unit"),
        )


def _counts(alert: Backlog | OpenTasks, path: Path) -> Iterator[Flaw]:
    if alert.clear_at >= alert.raise_at:
        yield Flaw(
            path=(*path, "clear"),
            problem=said(
                "clear_not_below",
                "clear = {clear} is not below raise = {raised}",
                clear=alert.clear_at,
                raised=alert.raise_at,
            ),
            hint=_BELOW,
        )


_BELOW = said(
    "write_below", "Write a lower number: between the two nothing changes, so that it does not flap"
)


def _node(definition: Definition, node: str, path: Path) -> Iterator[Flaw]:
    known = [one.id for one in definition.nodes if isinstance(one, TaskNode | ApprovalNode)]
    if node not in known:
        listed = ", ".join(known)
        otherwise = said("steps_of_people", "People work at {known}", known=listed)
        problem = said("no_step_of_people", 'nobody works at a step "{node}"', node=node)
        yield Flaw(path=path, problem=problem, hint=nearest(node, known, otherwise=otherwise))


def _rate(definition: Definition, alert: Rate, path: Path) -> Iterator[Flaw]:
    known = known_rates(tuple(definition.clocks))
    if alert.measure not in known:
        otherwise = said("the_rates", "The rates are {known}", known=", ".join(known))
        problem = said("no_rate", '"{measure}" is no rate', measure=alert.measure)
        hint = nearest(alert.measure, known, otherwise=otherwise)
        yield Flaw(path=(*path, "measure"), problem=problem, hint=hint)
        return
    raised, clear = share_of(alert.raise_at), share_of(alert.clear_at)
    better = more_is_better(metric_named(alert.measure))
    if clear <= raised if better else clear >= raised:
        problem = said(
            "clear_not_better",
            "clear = {clear} is not better than raise = {raised}, for {measure}",
            clear=alert.clear_at,
            raised=alert.raise_at,
            measure=alert.measure,
        )
        hint = (
            said("write_higher_rate", "Write a higher rate, since more is better")
            if better
            else said("write_lower_rate", "Write a lower rate, since less is better")
        )
        yield Flaw(path=(*path, "clear"), problem=problem, hint=hint)


def share_of(percent: str) -> float:
    """Return a percentage of a definition as a share between 0 and 1."""
    return float(percent.removesuffix("%")) / 100
