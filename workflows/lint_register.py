"""Lint of a register: its command, and the fields and facts that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflows.lint_fields import taken
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.register import CERTIFICATES, Register
from workflows.said import said
from workflows.toml_lines import Path

SUPPLIERS = "suppliers"  # a command that everybody has, for the register of this name
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the register of a definition, if it has one."""
    register = definition.listing
    if register is None:
        return
    yield from _command(definition, register)
    yield from _only(definition, register)
    fields = {name for _, field in definition.all_fields() for name in field.names}
    for index, column in enumerate(register.columns):
        known = (*fields, *definition.kept, CERTIFICATES)
        if column not in known:
            yield _unknown(column, known, ("register", "columns", index))
        elif column in register.columns[:index]:
            yield Flaw(
                path=("register", "columns", index),
                problem=said("two_columns", 'there are two columns "{column}"', column=column),
                hint=said("leave_one_out", "Leave one of them out"),
            )
    for index, name in enumerate(register.find_by):
        field = definition.field(name)
        if field is None:
            yield _unknown(name, fields, ("register", "find_by", index))
        elif field.type not in _TEXTS:
            yield Flaw(
                path=("register", "find_by", index),
                problem=said(
                    "not_searched",
                    '"{field}" is of type {type} and has no words',
                    field=name,
                    type=field.type,
                ),
                hint=said("search_texts", "Name fields of type text"),
            )
    yield from _chart(definition, register)


def _command(definition: Definition, register: Register) -> Iterator[Flaw]:
    command, path = register.command, ("register", "command")
    if command == definition.command:
        yield Flaw(
            path=path,
            problem=said(
                "command_twice",
                "/{command} starts a case of this process already",
                command=command,
            ),
            hint=said("name_with_hyphen", "Choose another name, for example one with a hyphen"),
        )
    else:
        yield from taken(command, path=path, but=(SUPPLIERS,))


def _only(definition: Definition, register: Register) -> Iterator[Flaw]:
    with_options = [name for name, kept in definition.kept.items() if kept.options]
    for name, options in register.only.items():
        path: Path = ("register", "only", name)
        if name not in with_options:
            yield _no_options(name, with_options, path)
            continue
        known = [option.id for option in definition.kept[name].options]
        for index, option in enumerate(options):
            if option not in known:
                problem = said(
                    "no_such_option",
                    '"{field}" has no option "{option}"',
                    field=name,
                    option=option,
                )
                otherwise = said("the_options", "The options are {known}", known=", ".join(known))
                hint = nearest(option, known, otherwise=otherwise)
                yield Flaw(path=(*path, index), problem=problem, hint=hint)


def _no_options(name: str, known: Collection[str], path: Path) -> Flaw:
    problem = said("no_fact_with_options", 'there is no fact "{fact}" with options', fact=name)
    otherwise = said("add_fact_options", "Add a fact with options")
    return Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=otherwise))


def _chart(definition: Definition, register: Register) -> Iterator[Flaw]:
    numbers = [name for name, kept in definition.kept.items() if not kept.options]
    if register.chart is not None and register.chart not in numbers:
        problem = said("no_number_fact", '"{fact}" is no fact with numbers', fact=register.chart)
        otherwise = said("add_number_fact", "Add a fact that is calculated, or a scorecard")
        hint = nearest(register.chart, numbers, otherwise=otherwise)
        yield Flaw(path=("register", "chart"), problem=problem, hint=hint)


def _unknown(name: str, known: Collection[str], path: Path) -> Flaw:
    problem = said("no_column", 'there is no field or fact "{name}"', name=name)
    every = said("the_columns", "They are {known}", known=", ".join(sorted(known)))
    return Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=every))
