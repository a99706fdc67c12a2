"""The limits of fields for people: the refusals of values outside them, and the limits in words.

Limits are computed by `workflows.field_rules`. A refusal names the limit and the rule that it
follows from, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.i18n import dates, translator
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.field_rules import limits, today
from workflows.model.bounds import DayBound
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, FormField
from workflows.model.words import Text
from workflows.working_days import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """The rule of a limit of a date: the limit, and the label of the field that it names."""

    bound: DayBound
    label: Text | None

    def in_words(self, language: str) -> str:
        """Return the rule as a part of a sentence: "20 working days after today"."""
        words, bound = translator(language), self.bound
        day = words.t("rule.today")
        if self.label is not None:
            day = words.t("rule.field", label=self.label.of(language))
        if bound.span is None:
            return day
        msgid = "rule.day_before" if bound.sign < 0 else "rule.day_after"
        return words.t(msgid, span=dates.span(bound.span, language=language), day=day)


def check_limits(
    field: FormField, value: object, values: Mapping[str, object], world: World
) -> None:
    """Raise Refusal if a clean value is outside the limits of its field.

    Args:
        values: the values that the limits may name, by the field's id.
    """
    if field.type is FieldType.DATE:
        _check_day(field, date.fromisoformat(str(value)), values, world)
    elif field.type in (FieldType.NUMBER, FieldType.MONEY):
        _check_number(field, Decimal(str(value)), values, world)


def _check_day(field: FormField, day: date, values: Mapping[str, object], world: World) -> None:
    try:
        found = limits(field, values, world)
    except ValueError:
        raise Refusal("date_beyond_calendar", first=FIRST_YEAR, last=LAST_YEAR) from None
    if field.is_expiry and day < today(world):
        raise Refusal("certificate_expired", day=day)
    first, last = field.not_before, field.not_after
    if first is not None and found.earliest is not None and day < found.earliest:
        rule = day_rule(first, world.definition)
        raise Refusal("date_too_early", limit=found.earliest, rule=rule)
    if last is not None and found.latest is not None and day > found.latest:
        rule = day_rule(last, world.definition)
        raise Refusal("date_too_late", limit=found.latest, rule=rule)


def _check_number(
    field: FormField, number: Decimal, values: Mapping[str, object], world: World
) -> None:
    found = limits(field, values, world)
    if found.least is not None and number < found.least:
        raise _number_refusal("number_too_small", field.min, {"least": found.least}, world)
    if found.most is not None and number > found.most:
        raise _number_refusal("number_too_large", field.max, {"most": found.most}, world)


def _number_refusal(
    code: str, bound: int | str | None, facts: Mapping[str, Decimal], world: World
) -> Refusal:
    """Return the refusal of a number; it names the field that the limit is the value of."""
    label = _label(bound, world.definition)
    plain = {name: format(limit, "f") for name, limit in facts.items()}
    if label is None:
        return Refusal(code, **plain)
    return Refusal(f"{code}_by_field", label=label, **plain)


def limits_in_words(
    field: FormField, values: Mapping[str, object], *, language: str, world: World
) -> str:
    """Return the limits of a field that name today, another field or a range, one a line.

    Each limit of a date that is known by `values` is given with its date. Returns "" without any.
    """
    words = translator(language)
    with suppress(ValueError):
        found = limits(field, values, world)
        parts = []
        for key, bound, limit in (
            ("not_before", field.not_before, found.earliest),
            ("not_after", field.not_after, found.latest),
        ):
            if bound is None:
                continue
            rule = day_rule(bound, world.definition).in_words(language)
            if limit is None:
                parts.append(words.t(f"rule.{key}", rule=rule))
            else:
                day = dates.calendar_day(limit, language=language)
                parts.append(words.t(f"rule.{key}.day", day=day, rule=rule))
        if isinstance(field.min, int) and isinstance(field.max, int):
            parts.append(words.t("rule.range", least=field.min, most=field.max))
        for key, number in (("min", field.min), ("max", field.max)):
            label = _label(number, world.definition)
            if label is not None:
                parts.append(words.t(f"rule.{key}", label=label.of(language)))
        return "\n".join(parts)
    return ""


def day_rule(bound: DayBound, definition: Definition) -> DayRule:
    """Return the rule of a day that a definition gives, for people."""
    return DayRule(bound=bound, label=_label(bound.field, definition))


def _label(bound: int | str | None, definition: Definition) -> Text | None:
    """Return the label of the field that a limit names, None if it names none."""
    field = definition.named(bound) if isinstance(bound, str) else None
    return None if field is None else field.label
