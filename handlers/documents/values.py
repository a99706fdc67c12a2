"""The value of a form field in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from handlers.i18n import translator
from handlers.i18n.dates import calendar_day
from workflows.definition import FieldType, FormField


def value_text(
    field: FormField,
    value: Any,
    *,
    language: str,
    names: Mapping[str, str],
    departments: Mapping[str, str],
) -> str:
    """What a person reads for the stored value of a field; "" when nothing was filled in.

    `names` are by person key, `departments` by id; what is in neither is shown as it was stored.
    """
    if value is None or value in ("", [], {}):
        return ""
    many = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    match field.type:
        case FieldType.CHOICE | FieldType.CHOICES:
            return _listed(_options(field, many, language), language)
        case FieldType.PERSON:
            return _listed((names.get(key, key) for key in many), language)
        case FieldType.DEPARTMENT:
            return _listed((departments.get(key, key) for key in many), language)
        case FieldType.MONEY if isinstance(value, Mapping):
            return " ".join(str(part) for part in value.values())
        case FieldType.DATE:
            return _day(many[0], language)
        case _:
            return _listed(many, language)


def _options(field: FormField, ids: Iterable[str], language: str) -> Iterable[str]:
    for option_id in ids:
        option = field.option(option_id)
        yield option.of(language) if option is not None else option_id


def _listed(words: Iterable[str], language: str) -> str:
    return translator(language).t("document.list_comma").join(words)


def _day(text: str, language: str) -> str:
    try:
        return calendar_day(date.fromisoformat(text), language=language)
    except ValueError:
        return text
