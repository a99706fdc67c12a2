"""Inputs and outputs: forms with their fields, documents, mails, results; and empty forms."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.limits import day_rule
from handlers.rendering.model import Block, DocumentSection, Field, FieldTable, StyledText
from handlers.reports.numbers import DASH
from handlers.specification.source import SpecificationSource
from workflows.model.facts import FactRule, Table
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.nodes import ApprovalNode, TaskNode

_COLUMNS = {"field": 4, "type": 2, "required": 2, "rules": 6}
_LINE = "_" * 24


def forms_of(source: SpecificationSource) -> DocumentSection:
    """Return each form with where it is filled in, and the fields with their rules."""
    blocks: list[Block] = []
    for key, form in source.definition.forms.items():
        name, places = source.form.text(form.name), source.joined(_places(source, key))
        blocks.append(source.paragraph(source.words.t("spec.form.at", form=name, places=places)))
        blocks.append(source.table(_COLUMNS, _rows(source, form.written)))
    return DocumentSection(title=source.words.t("spec.section.forms"), blocks=tuple(blocks))


def _places(source: SpecificationSource, key: str) -> Iterator[str]:
    """Yield where a form is filled in."""
    definition, form, t = source.definition, source.form, source.words.t
    if key == definition.start_form:
        yield t("spec.form.start")
    for node in definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode) and node.form == key:
            yield form.text(node.name)
    for action in definition.actions.values():
        if action.form == key:
            nodes = source.nodes(action.nodes)
            yield t("spec.form.action", action=form.text(action.name), nodes=nodes)


def _rows(source: SpecificationSource, fields: tuple[FormField, ...]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        yield _row(source, field, source.form.text(field.label))
        for column in field.columns:
            label = source.words.t(
                "spec.field.column",
                field=source.form.text(field.label),
                column=source.form.text(column.label),
            )
            yield _row(source, column, label)


def _row(source: SpecificationSource, field: FormField, label: str) -> tuple[str, ...]:
    t = source.words.t
    if field.required:
        needed = t("spec.required")
    elif field.required_when is not None:
        needed = t("spec.required_if", condition=source.condition(field.required_when))
    else:
        needed = t("spec.optional")
    kind = t(f"spec.type.{field.type}")
    return label, kind, needed, source.joined(_rules(source, field))


def _rules(source: SpecificationSource, field: FormField) -> Iterator[str]:
    """Yield what a value of a field must be."""
    t, form = source.words.t, source.form
    if field.when is not None:
        yield t("spec.rule.when", condition=source.condition(field.when))
    if field.options:
        yield t("spec.rule.options", options=form.listed(map(form.text, field.options)))
    if field.unique:
        yield t("spec.rule.unique")
    yield from _bounds(source, field)
    if field.type in (FieldType.FILES, FieldType.CERTIFICATE):
        if field.accept:
            yield form.listed(t(f"file.kind.{kind}") for kind in field.accept)
        yield t("spec.rule.files", most=field.max_files)
    if field.expires:
        yield t("spec.rule.expires")
    if field.type is FieldType.ROWS:
        yield t("spec.rule.rows", least=field.least_rows, most=field.max_rows)
        if field.sum is not None:
            column = next(one for one in field.columns if one.id == field.sum)
            yield t("spec.rule.sum", column=form.text(column.label))
    if field.hint is not None:
        yield form.text(field.hint)


def _bounds(source: SpecificationSource, field: FormField) -> Iterator[str]:
    t = source.words.t
    if field.most_characters is not None and field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        yield t("spec.rule.characters", most=f"{field.most_characters:,}")
        return
    for side, bound in (("min", field.min), ("max", field.max)):
        if isinstance(bound, int):
            yield t(f"spec.rule.{side}", bound=f"{bound:,}")
        elif bound is not None:
            yield t(f"spec.rule.{side}", bound=t("rule.field", label=source.field(bound)))
    for side, day in (("not_before", field.not_before), ("not_after", field.not_after)):
        if day is not None:
            rule = day_rule(day, source.definition).in_words(source.form.language)
            yield t(f"spec.rule.{side}", rule=rule)


def outputs_of(source: SpecificationSource) -> DocumentSection:
    """Return what a case leaves behind: its results, its document and its mails."""
    definition, form, t = source.definition, source.form, source.words.t
    rows = [
        *((form.text(rule.name), _made(source, rule)) for rule in definition.facts.values()),
        *(
            (
                form.text(card.name),
                t(
                    "spec.made.score",
                    fields=form.listed(
                        t("spec.weight", field=source.field(item.field), weight=item.weight)
                        for item in card.items
                    ),
                ),
            )
            for card in definition.scorecards.values()
        ),
    ]
    rows += ((key, _numbers(source, one)) for key, one in definition.tables.items())
    if (document := definition.document) is not None:
        parts = form.listed(form.text(part.title) for part in document.sections)
        rows.append((form.text(document.name), t("spec.made.document", parts=parts)))
    rows += (
        (form.text(mail.name), t("spec.made.mail", field=source.field(mail.to)))
        for mail in definition.mails
    )
    blocks = (source.table({"output": 3, "made": 7}, rows),) if rows else ()
    return DocumentSection(title=t("spec.section.outputs"), blocks=blocks)


def _numbers(source: SpecificationSource, table: Table) -> str:
    """Return the numbers of a table, each with the option that it is for."""
    field = source.definition.field(table.of)
    numbers = (
        source.words.t("spec.table.number", option=_option(source, field, key), number=number)
        for key, number in table.values.items()
    )
    return source.words.t(
        "spec.table", field=source.field(table.of), numbers=source.form.listed(numbers)
    )


def _option(source: SpecificationSource, field: FormField | None, key: str) -> str:
    return key if field is None else source.form.option(field, key)


def _made(source: SpecificationSource, rule: FactRule) -> str:
    t = source.words.t
    if rule.value is not None:
        return t("spec.made.value", value=_calculated(source, rule.value))
    if rule.options:
        return t("spec.made.noted", options=source.form.listed(map(source.form.text, rule.options)))
    if rule.count is not None:
        key = "spec.made.in_a_row" if rule.in_a_row else "spec.made.count"
        return t(key, condition=source.condition(rule.count))
    named = source.definition.kept.get(rule.average or "")
    of = rule.average or DASH if named is None else source.form.text(named.name)
    return t("spec.made.average", of=of)


def _calculated(source: SpecificationSource, value: str) -> str:
    """Return a calculation with the labels of its fields instead of their ids."""
    parts = (source.field(part) for part in value.split())
    return " ".join(parts)


def samples_of(source: SpecificationSource) -> DocumentSection:
    """Return every form as it is when it is empty."""
    blocks: list[Block] = []
    for form in source.definition.forms.values():
        blocks.append(source.paragraph(source.form.text(form.name)))
        blocks.append(_sample(source, form))
    return DocumentSection(title=source.words.t("spec.section.samples"), blocks=tuple(blocks))


def _sample(source: SpecificationSource, form: Form) -> FieldTable:
    rows = (
        Field(
            label=source.form.text(field.label)
            + (source.words.t("spec.sample.star") if field.required else ""),
            value=StyledText(text=_blank(source, field)),
        )
        for field in form.fields
    )
    return FieldTable(rows=tuple(rows))


def _blank(source: SpecificationSource, field: FormField) -> str:
    t, form = source.words.t, source.form
    if field.options:
        return "   ".join(t("spec.sample.option", option=form.text(one)) for one in field.options)
    if field.type is FieldType.DATE:
        return t("spec.sample.date")
    if field.type is FieldType.FILES:
        return t("spec.rule.files", most=field.max_files)
    if field.type is FieldType.ROWS:
        return t(
            "spec.sample.columns", columns=form.listed(form.text(c.label) for c in field.columns)
        )
    return _LINE
