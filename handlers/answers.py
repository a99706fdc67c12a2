"""Reading what people filled in: raw values of a form to clean ones, or what to mend, by field.

Limits stated here hold on every platform: texts by the definition's `max` (at most 3,000 characters
where it gives none), numbers within ±10¹², files as the upload allowed them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation

from workflows.definition import FieldType, Form, FormField
from workflows.directory import Directory
from workflows.errors import FormInvalid, Refusal

TEXT_MOST = 3000
NUMBER_MOST = Decimal(10) ** 12
BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def clean_text(value: object) -> str:
    """A text as it is kept: NFC, without control characters and direction overrides, trimmed.

    Line breaks and tabs stay. Direction overrides could make a text read as something else.
    """
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(BIDI)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def read_form(form: Form, raw: Mapping[str, object], *, directory: Directory) -> dict[str, object]:
    """Clean values of a form. Raises FormInvalid with every field that needs mending.

    Unknown fields are left out; empty optional ones are not among the values.
    """
    values: dict[str, object] = {}
    problems: dict[str, Refusal] = {}
    for field in form.fields:
        try:
            value = _READ[field.type](field, raw.get(field.id), directory)
        except Refusal as refusal:
            problems[field.id] = refusal
            continue
        if value in (None, "", []):
            if field.required:
                problems[field.id] = Refusal("field_required")
            continue
        values[field.id] = value
    if problems:
        raise FormInvalid(problems)
    return values


def read_text(raw: object, *, most: int = TEXT_MOST, required: bool = True) -> str:
    """A free text outside a form, such as a comment. Refusal when it is missing or too long."""
    text = clean_text(raw or "")
    if required and not text:
        raise FormInvalid({"text": Refusal("field_required")})
    if len(text) > most:
        raise FormInvalid({"text": Refusal("text_too_long", most=most, length=len(text))})
    return text


def _text(field: FormField, raw: object, _: Directory) -> object:
    text = clean_text(raw if raw is not None else "")
    if field.type is FieldType.TEXT:
        text = " ".join(text.split())
    most = field.max or TEXT_MOST
    if len(text) > most:
        raise Refusal("text_too_long", most=most, length=len(text))
    return text


def _number(field: FormField, raw: object, _: Directory) -> object:
    text = clean_text(raw if raw is not None else "").replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refusal("not_a_number") from None
    if not number.is_finite() or abs(number) > NUMBER_MOST:
        raise Refusal("not_a_number")
    if field.min is not None and number < field.min:
        raise Refusal("number_too_small", least=field.min)
    if field.max is not None and number > field.max:
        raise Refusal("number_too_large", most=field.max)
    return format(number, "f")


def _date(field: FormField, raw: object, _: Directory) -> object:
    text = clean_text(raw or "")
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refusal("not_a_date") from None


def _time(field: FormField, raw: object, _: Directory) -> object:
    text = clean_text(raw or "")
    if not text:
        return None
    try:
        return time.fromisoformat(text).isoformat(timespec="minutes")
    except ValueError:
        raise Refusal("not_a_time") from None


def _choice(field: FormField, raw: object, _: Directory) -> object:
    text = clean_text(raw or "")
    if text and field.option(text) is None:
        raise Refusal("not_an_option")
    return text


def _choices(field: FormField, raw: object, _: Directory) -> object:
    chosen = [clean_text(item) for item in raw] if isinstance(raw, list | tuple) else []
    if any(field.option(item) is None for item in chosen):
        raise Refusal("not_an_option")
    return list(dict.fromkeys(chosen))


def _person(field: FormField, raw: object, directory: Directory) -> object:
    text = clean_text(raw or "")
    if text and not directory.active(text):
        found = directory.by_id(text)
        if found is None or not found.active:
            raise Refusal("person_unknown")
        return found.key
    return text


def _department(field: FormField, raw: object, directory: Directory) -> object:
    text = clean_text(raw or "")
    if text and text not in directory.departments:
        raise Refusal("department_unknown")
    return text


def _files(field: FormField, raw: object, _: Directory) -> object:
    chosen = [str(item) for item in raw] if isinstance(raw, list | tuple) else []
    if len(chosen) > field.max_files:
        raise Refusal("too_many_files", most=field.max_files)
    return list(dict.fromkeys(chosen))


_READ: dict[FieldType, Callable[[FormField, object, Directory], object]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.PERSON: _person,
    FieldType.DEPARTMENT: _department,
    FieldType.FILES: _files,
}
