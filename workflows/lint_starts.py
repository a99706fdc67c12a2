"""Lint of wait nodes with starts: each start says when, and its branch stays inside.

A branch is left by its wait node and by ends. A case comes into it only through the node.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_checks import list_flaw
from workflows.lint_graph import edges
from workflows.lint_nodes import known
from workflows.lint_waits import day_flaws
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.nodes import EndNode, WaitNode
from workflows.model.starts import Start
from workflows.regions import regions
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the starts of a definition, those of the graph only if all nodes exist."""
    waits = [
        (index, node)
        for index, node in enumerate(definition.nodes)
        if isinstance(node, WaitNode) and (node.starts or node.exclusive)
    ]
    known = {node.id for node in definition.nodes}
    for index, node in waits:
        path: Path = ("nodes", index)
        yield from _ids(node, path)
        for number, start in enumerate(node.starts):
            yield from _start(definition, node, start, (*path, "starts", number))
        yield from _exclusive(definition, node, path)
    ways = edges(definition)
    if waits and definition.start in known and all(way.target in known for way in ways):
        for index, node in waits:
            yield from _branches(definition, node, ("nodes", index))


def _ids(node: WaitNode, path: Path) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, start in enumerate(node.starts):
        if start.id in seen:
            yield Flaw(
                path=(*path, "starts", index, "id"),
                problem=said("two_starts", 'there are two starts "{start}"', start=start.id),
                hint=said("rename_one", "Rename one of them"),
            )
        seen.add(start.id)


def _start(definition: Definition, node: WaitNode, start: Start, path: Path) -> Iterator[Flaw]:
    """Yield what is wrong in a start itself."""
    if len(start.whens) != 1:
        yield Flaw(
            path=path,
            problem=said("when_starts", '"{start}" has to say once when it starts', start=start.id),
            hint=said("one_when", "Give exactly one of every, at, on_expiry_of and started_by"),
        )
        return
    if start.at is not None:
        yield from day_flaws(definition, node, start.at, (*path, "at"))
    yield from _keys(start, path)
    yield from _certificates(definition, start, path)
    ends = {one.id for one in definition.nodes if isinstance(one, EndNode)}
    if start.to in (node.id, *ends):
        yield Flaw(
            path=(*path, "to"),
            problem=said("starts_nothing", '"{node}" is no step of a branch', node=start.to),
            hint=said("name_first_step", "Name the first step of the branch"),
        )


def _keys(start: Start, path: Path) -> Iterator[Flaw]:
    """Yield the keys that do not go with when it starts, and those that are missing."""
    needs = (
        ("first", start.first is not None, start.every == "quarter", 'every = "quarter"'),
        ("after", start.after is not None, start.every is not None, "every"),
        ("before", start.before is not None, start.every is not None, "every"),
        ("label", start.label is not None, start.started_by is not None, "started_by"),
        ("for_each", start.for_each is not None, start.started_by is not None, "started_by"),
        ("ladder", start.ladder is not None, start.on_expiry_of is not None, "on_expiry_of"),
        (
            "note_if_required",
            bool(start.note_if_required),
            start.on_expiry_of is not None,
            "on_expiry_of",
        ),
    )
    for key, given, fits, other in needs:
        if given and not fits:
            yield Flaw(
                path=(*path, key),
                problem=said("goes_with", '"{key}" goes with {other}', key=key, other=other),
                hint=said("take_key_away", "Take {key} away", key=key),
            )
    if start.after is not None and start.before is not None:
        yield Flaw(
            path=(*path, "before"),
            problem=said("before_and_after", '"before" and "after" are both given'),
            hint=said("take_key_away", "Take {key} away", key="before"),
        )
    missing = (
        ("label", start.started_by is not None and start.label is None),
        ("ladder", start.on_expiry_of is not None and start.ladder is None),
    )
    for key in (key for key, lacks in missing if lacks):
        yield Flaw(
            path=path,
            problem=said("missing", '"{key}" is missing', key=key),
            hint=said("add_key", "Add {key} = … here", key=key),
        )


def _certificates(definition: Definition, start: Start, path: Path) -> Iterator[Flaw]:
    """Yield what is wrong in the list of certificates of a start, and in the ladder before."""
    for key in ("on_expiry_of", "for_each"):
        text = getattr(start, key)
        wrong = list_flaw(definition, text) if text is not None else None
        if wrong is not None:
            yield Flaw(path=(*path, key), problem=wrong[0], hint=wrong[1])
    if start.on_expiry_of is None or start.ladder is None:
        return
    yield from known(definition, (*path, "ladder"), start.ladder, "ladder")
    ladder = definition.ladders.get(start.ladder)
    for rung in ladder.rungs if ladder is not None else ():
        later = rung.at.span is not None and rung.at.sign > 0
        if rung.at.percent is not None or rung.at.base == "start" or later or rung.times > 1:
            yield Flaw(
                path=(*path, "ladder"),
                problem=said(
                    "not_before_expiry",
                    'the ladder "{ladder}" has "{at}", which is not once before the expiry',
                    ladder=start.ladder,
                    at=rung.at.text,
                ),
                hint=said("rungs_before", 'Write "due - 30d" or "due", without every and times'),
            )
        if rung.may_take_over or "assignee" in f"{rung.remind} {rung.escalate}":
            yield Flaw(
                path=(*path, "ladder"),
                problem=said(
                    "nobody_works_yet",
                    'the ladder "{ladder}" is about a task, and there is none before the expiry',
                    ladder=start.ladder,
                ),
                hint=said(
                    "name_who_is_told", "Name a role, a person or owner, without may_take_over"
                ),
            )


def _exclusive(definition: Definition, node: WaitNode, path: Path) -> Iterator[Flaw]:
    inside = {name for one in regions(definition) if one.fork == node.id for name in one.nodes}
    for index, name in enumerate(node.exclusive):
        if name not in inside:
            yield Flaw(
                path=(*path, "exclusive", index),
                problem=said(
                    "not_in_branch",
                    'no branch of "{wait}" comes to "{node}"',
                    wait=node.id,
                    node=name,
                ),
                hint=said("name_branch_node", "Name a step of one of its branches"),
            )


def _branches(definition: Definition, node: WaitNode, path: Path) -> Iterator[Flaw]:
    """Yield the ways that lead into the branches of a node from outside, and out of them."""
    found = regions(definition)
    inside = {name for one in found if one.fork == node.id for name in one.nodes}
    around = next((one for one in found if node.id in one.nodes), None)
    if around is not None:
        yield Flaw(
            path=(*path, "starts"),
            problem=said(
                "rests_inside",
                '"{node}" has starts and is itself inside a branch of "{fork}"',
                node=node.id,
                fork=around.fork,
            ),
            hint=said("rest_outside", "A case rests outside of forks and of other branches"),
        )
        return
    ends = {one.id for one in definition.nodes if isinstance(one, EndNode)}
    for way in edges(definition):
        if way.source in inside and way.target not in {*inside, *ends, node.id}:
            yield Flaw(
                path=way.path,
                problem=said(
                    "leaves_branch",
                    '"{target}" is outside of the branches of "{wait}"',
                    target=way.target,
                    wait=node.id,
                ),
                hint=said(
                    "stay_in_starts",
                    'Lead to a step of the branch, back to "{wait}", or to an end',
                    wait=node.id,
                ),
            )
        elif way.target in inside and way.source not in {*inside, node.id, *ends}:
            yield Flaw(
                path=way.path,
                problem=said(
                    "into_start",
                    '"{node}" is inside a branch of "{wait}" and is only reached through it',
                    node=way.target,
                    wait=node.id,
                ),
                hint=said("lead_to_wait", 'Lead to "{wait}"', wait=node.id),
            )
