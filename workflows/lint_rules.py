"""Lint of the rules of fields: when a field is asked, and limits that compare it with others.

A rule of a field reads only what is answered before the field: an earlier field of the same form,
or a field of another form that may be filled before this form is. So no rule can go in a circle,
and a limit is known when the field is asked. A condition also reads facts, as they are when the
form is opened; no case has any before it is filed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workflows.durations import Span
from workflows.fact_rules import Formulas
from workflows.lint_flow import facts
from workflows.lint_graph import nearest
from workflows.mentions import Flaw, Texts
from workflows.model.bounds import DayBound
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, FormField
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.said import said
from workflows.toml_lines import Path

_NUMBERS = frozenset({FieldType.NUMBER, FieldType.MONEY})
_DATES = frozenset({FieldType.DATE})
_DATE_NAMED = said("name_date_field", 'Name a field of type date, or write "today"')
_NUMBER_NAMED = said("name_number_field", "Name a field of type number or money, or write a number")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A field in its form: the ids of the form's fields, and those that other forms fill before."""

    field: FormField
    number: int
    path: Path
    own: Mapping[str, int]
    before: Callable[[], frozenset[str]]
    starts: bool  # whether it is in the start form
    kept: frozenset[str]  # the names of facts


def flaws(definition: Definition, texts: Texts, formulas: Formulas) -> Iterator[Flaw]:
    """Yield the flaws in the rules of all fields."""
    yield from _access(definition)
    for key, form in definition.forms.items():
        own = {name: n for n, field in enumerate(form.written) for name in field.names}
        for number, field in enumerate(form.written):
            place = _Place(
                field=field,
                number=number,
                path=("forms", key, "fields", number),
                own=own,
                before=lambda key=key: _filled_before(definition, key),  # type: ignore[misc]
                starts=key == definition.start_form,
                kept=frozenset(definition.kept),
            )
            yield from _when(place, texts)
            yield from _required(place, texts)
            yield from _facts(place, texts, formulas)
            yield from _limits(place, definition)
            yield from _order(place)


def _access(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in what the people of a node may do with the fields of other forms."""
    known = {field.id for _, field in definition.all_fields()}
    for index, node in enumerate(definition.nodes):
        if not isinstance(node, TaskNode | ApprovalNode):
            continue
        form = definition.forms.get(node.form or "")
        own = {field.id for field in form.fields} if form is not None else set()
        for name, access in node.access.items():
            path: Path = ("nodes", index, "access", name)
            if name not in known:
                every = said("the_fields", "The fields are {known}", known=", ".join(sorted(known)))
                problem = said("no_field", 'no form has a field "{field}"', field=name)
                yield Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=every))
            elif name in own:
                problem = said("own_access", 'the form of this node asks for "{field}"', field=name)
                yield Flaw(path=path, problem=problem, hint=said("leave_out", "Leave it out"))
            elif access == "edit" and _shared(definition, node.form):
                problem = said("edit_form", "fields are changed with a form of this node alone")
                hint = said("own_form", "Give the node a form that nothing else uses")
                yield Flaw(path=path, problem=problem, hint=hint)


def _shared(definition: Definition, form: str | None) -> bool:
    """Return whether a form is none, the start form, or used by several nodes and actions."""
    nodes = (node for node in definition.nodes if isinstance(node, TaskNode | ApprovalNode))
    used = [*(node.form for node in nodes), *(a.form for a in definition.actions.values())]
    return form is None or form == definition.start_form or used.count(form) > 1


def _when(place: _Place, texts: Texts) -> Iterator[Flaw]:
    field = place.field
    if field.when is None:
        return
    if field.main:
        yield Flaw(
            path=(*place.path, "when"),
            problem=said(
                "main_when",
                '"{field}" takes the text after the command, so it is always asked',
                field=field.id,
            ),
            hint=said("main_always", 'Leave "when" out, or mark another text field as main'),
        )
    yield from _read(place, "when", field.when, texts)


def _required(place: _Place, texts: Texts) -> Iterator[Flaw]:
    field = place.field
    if field.required_when is None:
        return
    if field.required:
        yield Flaw(
            path=(*place.path, "required_when"),
            problem=said(
                "required_anyway", '"{field}" is required without a condition', field=field.id
            ),
            hint=said("one_requirement", "Leave out required, or required_when"),
        )
    yield from _read(place, "required_when", field.required_when, texts)


def _read(place: _Place, key: str, text: str, texts: Texts) -> Iterator[Flaw]:
    """Yield the flaws in the fields that the condition of a field reads."""
    condition = texts.conditions.get(text)
    for name in sorted(condition.fields - place.kept) if condition is not None else ():
        yield from _too_early(place, key, name)


def _facts(place: _Place, texts: Texts, formulas: Formulas) -> Iterator[Flaw]:
    """Yield the facts that the conditions of a field read and that no case has at that time."""
    for key, text in (("when", place.field.when), ("required_when", place.field.required_when)):
        condition = texts.conditions.get(text or "")
        for name in sorted(condition.fields & place.kept) if condition is not None else ():
            path = (*place.path, key)
            formula = formulas.by_fact.get(name)
            if place.starts:
                problem = said(
                    "no_facts_yet",
                    'a case has no facts before it is filed, so no "{fact}"',
                    fact=name,
                )
                hint = said("ask_later", "Ask for the field in a form that is filled in later")
                yield Flaw(path=path, problem=problem, hint=hint)
            elif formula is not None and not formula.behind <= place.before():
                problem = said(
                    "fact_unfilled", '"{fact}" is never calculated before this form', fact=name
                )
                hint = said("facts_before", "Read a fact of forms that are filled in before")
                yield Flaw(path=path, problem=problem, hint=hint)


def _limits(place: _Place, definition: Definition) -> Iterator[Flaw]:
    field = place.field
    for key, named in _named(field):
        kinds, hint = (_DATES, _DATE_NAMED) if key.startswith("not_") else (_NUMBERS, _NUMBER_NAMED)
        found = definition.field(named)
        path = (*place.path, key)
        if kinds is _NUMBERS and found is None and definition.named(named) is not None:
            yield from _too_early(place, key, named)
        elif found is None:
            known = [f.id for f in definition.every_field() if f.type in kinds and f is not field]
            problem = said("no_field", 'no form has a field "{field}"', field=named)
            yield Flaw(path=path, problem=problem, hint=nearest(named, known, otherwise=hint))
        elif found.type not in kinds:
            problem = said(
                "not_comparable",
                '"{field}" is of type {type} and cannot be compared with "{own}"',
                field=named,
                type=(found.certificate or found).type,
                own=field.id,
            )
            yield Flaw(path=path, problem=problem, hint=hint)
        else:
            yield from _too_early(place, key, named)


def _named(field: FormField) -> Iterator[tuple[str, str]]:
    """Yield the fields that the limits of a field name, each with the key of the limit."""
    for key, day in (("not_before", field.not_before), ("not_after", field.not_after)):
        if day is not None and day.field is not None and field.type in _DATES:
            yield key, day.field
    for key, number in (("min", field.min), ("max", field.max)):
        if isinstance(number, str) and field.type in _NUMBERS:
            yield key, number


def _too_early(place: _Place, key: str, name: str) -> Iterator[Flaw]:
    """Yield a flaw unless the field `name` is answered before the field of the place."""
    path, field = (*place.path, key), place.field.id
    if name == field:
        problem = said("rule_itself", '"{field}" cannot depend on itself', field=field)
        hint = said("name_other", "Name a field that is asked before it")
        yield Flaw(path=path, problem=problem, hint=hint)
    elif place.own.get(name, -1) > place.number:
        problem = said("rule_later", '"{other}" is asked after "{field}"', other=name, field=field)
        hint = said(
            "swap_fields",
            'Put "{other}" before "{field}", or write the rule there',
            other=name,
            field=field,
        )
        yield Flaw(path=path, problem=problem, hint=hint)
    elif name not in place.own and name not in place.before():
        problem = said("rule_unfilled", '"{other}" is never filled before this form', other=name)
        hint = said("ask_here", "Ask for it in this form, or in one that is filled before")
        yield Flaw(path=path, problem=problem, hint=hint)


def _filled_before(definition: Definition, form: str) -> frozenset[str]:
    """Return what may be filled in before a form, wherever it is used, without the form itself."""
    if form == definition.start_form:
        return frozenset()
    possible = facts(definition).possible
    found: list[frozenset[str]] = []
    for node in definition.nodes:
        if not isinstance(node, TaskNode | ApprovalNode) or node.id not in possible:
            continue
        here = [a.form for a in definition.actions.values() if node.id in a.nodes]
        if form in (node.form, *here):
            forms = [definition.forms[key] for key in here if key in definition.forms]
            with_actions = {name for one in forms for field in one.fields for name in field.names}
            found.append(frozenset({name for _, name in possible[node.id]} | with_actions))
    every = frozenset(name for _, field in definition.all_fields() for name in field.names)
    return frozenset.intersection(*found) if found else every  # an unused form: found elsewhere


def _order(place: _Place) -> Iterator[Flaw]:
    """Yield a flaw if the limits of a date leave no day."""
    first, last = place.field.not_before, place.field.not_after
    if first is None or last is None or first.field != last.field:
        return
    if (units := {one.span.unit for one in (first, last) if one.span}) and len(units) > 1:
        return  # working days and days by the wall are compared on each calendar only
    if _offset(first) > _offset(last):
        yield Flaw(
            path=(*place.path, "not_after"),
            problem=said(
                "no_day_fits",
                "not before {first} and not after {last}: no day fits",
                first=first.text,
                last=last.text,
            ),
            hint=said("exchange", "Exchange the two"),
        )


def _offset(bound: DayBound) -> int:
    span: Span | None = bound.span
    return bound.sign * span.amount if span is not None else 0
