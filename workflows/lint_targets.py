"""Lint of nodes that start a case of another process, against the start form of that process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.errors import Finding
from workflows.lint_graph import nearest
from workflows.loading import Loaded
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, FormField
from workflows.model.nodes import ProcessNode
from workflows.said import said
from workflows.toml_lines import Path

_NUMBERS = (FieldType.NUMBER, FieldType.MONEY)
_WRITTEN = (
    FieldType.TEXT,
    FieldType.LONG_TEXT,
    FieldType.EMAIL,
    *_NUMBERS,
    FieldType.DATE,
    FieldType.TIME,
    FieldType.CHOICE,
)
_FILLED_BY: Mapping[FieldType, tuple[FieldType, ...]] = {
    FieldType.TEXT: _WRITTEN,
    FieldType.LONG_TEXT: _WRITTEN,
    FieldType.NUMBER: _NUMBERS,
    FieldType.MONEY: _NUMBERS,
    FieldType.CHOICES: (FieldType.CHOICES, FieldType.CHOICE),
}  # any other type only by itself


def against_others(loaded: Loaded, others: Mapping[str, Definition]) -> tuple[Finding, ...]:
    """Return the findings about processes that nodes start, and about values for their forms.

    `others` are the definitions of the other processes by their keys.
    """
    return loaded.source.findings(_flaws(loaded.definition, others))


def _flaws(definition: Definition, others: Mapping[str, Definition]) -> Iterator[Flaw]:
    for index, node in enumerate(definition.nodes):
        if not isinstance(node, ProcessNode):
            continue
        path: Path = ("nodes", index)
        target = others.get(node.process)
        if target is not None:
            yield from _missing(node, target, path)
            yield from _values(definition, node, target, path)
            continue
        beside = said("process_beside", "Put its file beside this one, or publish it first")
        yield Flaw(
            path=(*path, "process"),
            problem=said("no_process", 'there is no process "{process}"', process=node.process),
            hint=nearest(node.process, tuple(others), otherwise=beside),
        )


def _missing(node: ProcessNode, target: Definition, path: Path) -> Iterator[Flaw]:
    for field in target.forms[target.start_form].fields:
        if not field.always or field.id in node.values:
            continue
        if field.type is FieldType.FILES:
            problem = said(
                "target_files",
                'the start form of "{process}" requires the files "{field}", '
                "and files are not copied into another case",
                process=target.key,
                field=field.id,
            )
            hint = said("files_later", "Make them optional there, or ask for them in a later form")
        else:
            problem = said(
                "target_missing",
                '"{node}" leaves out "{field}", which the start form of "{process}" requires',
                node=node.id,
                field=field.id,
                process=target.key,
            )
            hint = said(
                "fill_target", 'Add {field} = "…" with a field or fact of here', field=field.id
            )
        yield Flaw(path=(*path, "values"), problem=problem, hint=hint)


def _values(
    definition: Definition, node: ProcessNode, target: Definition, path: Path
) -> Iterator[Flaw]:
    asked = {field.id: field for field in target.forms[target.start_form].fields}
    for name, source in node.values.items():
        place = (*path, "values", name)
        field = asked.get(name)
        if field is not None:
            yield from _fits(definition, source, field, target, place)
            continue
        otherwise = said("the_fields", "The fields are {known}", known=", ".join(asked))
        yield Flaw(
            path=place,
            problem=said(
                "no_target",
                'the start form of "{process}" has no field "{field}"',
                process=target.key,
                field=name,
            ),
            hint=nearest(name, tuple(asked), otherwise=otherwise),
        )


def _fits(
    definition: Definition, source: str, field: FormField, target: Definition, place: Path
) -> Iterator[Flaw]:
    if field.type is FieldType.FILES:
        problem = said("files_stay", "files are not copied into another case")
        yield Flaw(path=place, problem=problem, hint=said("leave_out", "Leave it out"))
        return
    given = _type_of(definition, source)
    wanted = _FILLED_BY.get(field.type, (field.type,))
    if given not in wanted:
        problem = said(
            "target_type",
            '"{source}" is of type {given}, and "{field}" of "{process}" of type {wanted}',
            source=source,
            field=field.id,
            process=target.key,
            given=given,
            wanted=field.type,
        )
        hint = said("pass_types", "Pass on a value of type {types}", types=", ".join(wanted))
        yield Flaw(path=place, problem=problem, hint=hint)
    elif field.options:
        known = {option.id for option in field.options}
        extra = [option for option in _options_of(definition, source) if option not in known]
        if extra:
            problem = said(
                "target_options",
                '"{field}" of "{process}" has no option {options}, which "{source}" may have',
                source=source,
                field=field.id,
                process=target.key,
                options=", ".join(extra),
            )
            hint = said("same_options", "Give both the same options")
            yield Flaw(path=place, problem=problem, hint=hint)


def _type_of(definition: Definition, name: str) -> FieldType:
    """Return the type of a field or fact; the sum of rows and a fact without options are numbers.

    A name that does not exist is a finding of `lint_processes`, so the definition was not loaded.
    """
    fact = definition.kept.get(name)
    if fact is not None:
        return FieldType.CHOICE if fact.options else FieldType.NUMBER
    field = definition.field(name)
    return FieldType.NUMBER if field is None else field.type


def _options_of(definition: Definition, name: str) -> tuple[str, ...]:
    """Return the options of a fact, or of a field in all forms that ask for it."""
    fact = definition.kept.get(name)
    if fact is not None:
        return tuple(option.id for option in fact.options)
    found = (field.options for _, field in definition.all_fields() if field.id == name)
    return tuple(dict.fromkeys(option.id for options in found for option in options))
