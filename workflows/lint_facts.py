"""Lint of facts: what they are made of, and what the ways of nodes note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.facts import FactRule
from workflows.model.nodes import ApprovalNode, EndNode, GatewayNode, TaskNode, WaitNode, WorkNode
from workflows.model.words import Option
from workflows.said import said
from workflows.toml_lines import Path

_KINDS = ("value", "options", "count", "average")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in what facts are made of, and in what the ways of nodes note."""
    for key, rule in definition.facts.items():
        yield from _made_of(key, rule)
        yield from _options(key, rule)
    for index, node in enumerate(definition.nodes):
        for number, name in enumerate(node.shows if isinstance(node, WorkNode) else ()):
            if name not in definition.kept:
                known = ", ".join(definition.kept)
                otherwise = said("the_facts", "The facts are {known}", known=known)
                hint = nearest(name, definition.kept, otherwise=otherwise)
                problem = said("no_fact", 'there is no fact "{fact}"', fact=name)
                yield Flaw(path=("nodes", index, "shows", number), problem=problem, hint=hint)
    for path, note in _notes(definition):
        for name, option in note.items():
            yield from _noted(definition, (*path, name), name, option)


def _made_of(key: str, rule: FactRule) -> Iterator[Flaw]:
    """Yield a flaw unless a fact is made of exactly one thing, with the keys that belong to it."""
    given = [kind for kind in _KINDS if kind in rule.model_fields_set]
    if not given:
        yield Flaw(
            path=("facts", key),
            problem=said("fact_of_nothing", 'nothing says what "{fact}" is', fact=key),
            hint=said("say_fact", "Give it one of: {kinds}", kinds=", ".join(_KINDS)),
        )
    for kind in given[1:]:
        yield Flaw(
            path=("facts", key, kind),
            problem=said(
                "fact_of_two",
                '"{fact}" has "{first}" already, so it cannot have "{kind}"',
                fact=key,
                first=given[0],
                kind=kind,
            ),
            hint=said("two_facts", "Make two facts of it"),
        )
    for name, kinds in _BELONGS.items():
        if name in rule.model_fields_set and given and given[0] not in kinds:
            yield Flaw(
                path=("facts", key, name),
                problem=said(
                    "fact_key",
                    '"{name}" means nothing for a fact with "{kind}"',
                    name=name,
                    kind=given[0],
                ),
                hint=said("fact_key_of", 'It belongs to "{kinds}"', kinds=", ".join(kinds)),
            )


_BELONGS = {
    "currency": ("value",),
    "first": ("options",),
    "in_a_row": ("count",),
    "of_last": ("average",),
}


def _options(key: str, rule: FactRule) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, option in enumerate(rule.options):
        if option.id in seen:
            problem = said("two_options", 'there are two options "{option}"', option=option.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=("facts", key, "options", index, "id"), problem=problem, hint=hint)
        seen.add(option.id)
    if rule.first is not None and rule.options and rule.first not in seen:
        yield _no_option(("facts", key, "first"), key, rule.first, rule.options)


def _notes(definition: Definition) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield what each way notes, with its place."""
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        if isinstance(node, TaskNode | EndNode):
            yield (*path, "note"), node.note
        elif isinstance(node, ApprovalNode):
            for name, outcome in node.outcomes.items():
                yield (*path, "outcomes", name, "note"), outcome.note
        elif isinstance(node, GatewayNode):
            for number, route in enumerate(node.routes):
                yield (*path, "routes", number, "note"), route.note
        elif isinstance(node, WaitNode):
            for number, start in enumerate(node.starts):
                yield (*path, "starts", number, "note"), start.note
                yield (*path, "starts", number, "note_if_required"), start.note_if_required


def _noted(definition: Definition, path: Path, name: str, option: str) -> Iterator[Flaw]:
    rule = definition.facts.get(name)
    with_options = [key for key, one in definition.facts.items() if one.options]
    if rule is None:
        otherwise = said("add_table", "Add [{table}.{key}]", table="facts", key=name)
        problem = said("no_fact", 'there is no fact "{fact}"', fact=name)
        yield Flaw(
            path=path, problem=problem, hint=nearest(name, with_options, otherwise=otherwise)
        )
    elif not rule.options:
        problem = said(
            "not_noted", '"{fact}" has no options, so nothing can be noted for it', fact=name
        )
        hint = said("note_options", "Note a fact with options, or give it options")
        yield Flaw(path=path, problem=problem, hint=hint)
    elif all(one.id != option for one in rule.options):
        yield _no_option(path, name, option, rule.options)


def _no_option(path: Path, fact: str, option: str, options: tuple[Option, ...]) -> Flaw:
    known = [one.id for one in options]
    otherwise = said("perhaps", "Perhaps you mean {word}", word=", ".join(known))
    problem = said(
        "no_such_option", '"{field}" has no option "{option}"', field=fact, option=option
    )
    return Flaw(path=path, problem=problem, hint=nearest(option, known, otherwise=otherwise))
