"""Reading what people filled in: raw values of a form to clean ones, or what to mend, by field.

Limits stated here hold on every platform: texts by the definition's `max` (3,000 characters where
it gives none), numbers within ±10¹² with at most 6 digits after the point, files as the upload
allowed them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from handlers.i18n.typed_dates import read_day, read_time
from workflows.definition import FieldType, Form, FormField
from workflows.directory import Directory
from workflows.errors import FormInvalid, Refusal

TEXT_MOST = 3000
FILES_MOST = 5  # with free words
RAW_MOST = 100_000  # characters that are looked at at all
NUMBER_MOST = Decimal(10) ** 12
DIGITS_MOST = 6  # after the point
_CHOSEN = (FieldType.CHOICE, FieldType.CHOICES, FieldType.PERSON, FieldType.DEPARTMENT)
BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
INVISIBLE = dict.fromkeys(map(ord, "\u061c\u180e\u200b\u200e\u200f\u2060\ufeff\u00ad"))

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?")


def clean_text(value: object) -> str:
    """A text as it is kept: NFC, without control characters and direction overrides, trimmed.

    Line breaks and tabs stay. Direction overrides could make a text read as something else. A text
    in which nothing can be seen is empty.
    """
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(BIDI)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    clean = "".join(kept).strip()
    seen = any(unicodedata.category(c) not in _UNSEEN for c in clean)
    return clean if seen else ""


def clean_line(value: object) -> str:
    """A short text, such as a name: `clean_text` in one line and without invisible characters."""
    return " ".join(clean_text(value).translate(INVISIBLE).split())


def plain_forms(text: str) -> str:
    """What was typed with full-width letters and digits, as a command or a number is written."""
    return unicodedata.normalize("NFKC", text)


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
                problems[field.id] = _missing(field)
            continue
        values[field.id] = value
    if problems:
        raise FormInvalid(problems)
    return values


def _missing(field: FormField) -> Refusal:
    """What is said of a field that must be answered, in words that fit how it is answered."""
    if field.type is FieldType.FILES:
        return Refusal("files_required")
    return Refusal("choice_required" if field.type in _CHOSEN else "field_required")


def read_text(raw: object, *, most: int = TEXT_MOST, required: bool = True) -> str:
    """A free text outside a form, such as a comment. Refusal when it is missing or too long."""
    try:
        text = clean_text(_typed(raw, most))
        if required and not text:
            raise Refusal("field_required")
        return _short_enough(text, most)
    except Refusal as refusal:
        raise FormInvalid({"text": refusal}) from None


def read_word(raw: object, field: str, problems: dict[str, Refusal]) -> str:
    """A short answer outside a form; what is wrong with it is put among the problems."""
    try:
        return _word(raw)
    except Refusal as refusal:
        problems[field] = refusal
        return ""


def read_files(raw: object) -> tuple[str, ...]:
    """The files that came with free words. FormInvalid when they are too many or unreadable."""
    try:
        found = _several(raw)
        if len(found) > FILES_MOST:
            raise Refusal("too_many_files", most=FILES_MOST)
    except Refusal as refusal:
        raise FormInvalid({"files": refusal}) from None
    return tuple(found)


def required_word(raw: object, field: str) -> str:
    """The answer to a question of our own sheets that must be answered. Raises FormInvalid."""
    return required_words(raw, field)[0]


def required_words(raw: object, field: str) -> tuple[str, ...]:
    """The answers to a question that must be answered, each once. Raises FormInvalid."""
    try:
        found = _several(raw)
    except Refusal as refusal:
        raise FormInvalid({field: refusal}) from None
    if not found:
        raise FormInvalid({field: Refusal("choice_required")})
    return tuple(found)


def _typed(raw: object, most: int) -> str:
    """What was typed, before it is looked at; Refusal for what no form sends and no text holds."""
    if raw is None:
        return ""
    if not isinstance(raw, str | int | float | Decimal):
        raise Refusal("not_readable")
    text = str(raw)
    if len(text) > RAW_MOST:
        raise Refusal("text_too_long", most=most, length=len(text))
    return text


def _short_enough(text: str, most: int) -> str:
    if len(text) > most:
        raise Refusal("text_too_long", most=most, length=len(text))
    return text


def _word(raw: object) -> str:
    """A short answer: an option, a date, a person."""
    return clean_line(_typed(raw, TEXT_MOST))


def read_ids(raw: object) -> tuple[str, ...]:
    """Ids that came with a message, each once; FormInvalid when they are unreadable."""
    try:
        return tuple(_several(raw))
    except Refusal as refusal:
        raise FormInvalid({"files": refusal}) from None


def _several(raw: object) -> list[str]:
    """Several answers; one that came alone is a list of one."""
    if raw is None or raw == "":
        return []
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    return list(dict.fromkeys(filter(None, map(_word, given))))


def _text(field: FormField, raw: object, _: Directory) -> object:
    most = field.max or TEXT_MOST
    clean = clean_line if field.type is FieldType.TEXT else clean_text
    return _short_enough(clean(_typed(raw, most)), most)


def _number(field: FormField, raw: object, _: Directory) -> object:
    text = _word(raw).replace("，", ",")
    if not text:
        return None
    if "," in text and not _GROUPED.fullmatch(text):
        raise Refusal("not_a_number")  # "1,5" is one and a half to some, and fifteen to us
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Refusal("not_a_number") from None
    if not number.is_finite() or abs(number) > NUMBER_MOST:
        raise Refusal("not_a_number")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DIGITS_MOST:
        raise Refusal("not_a_number")
    if field.min is not None and number < field.min:
        raise Refusal("number_too_small", least=field.min)
    if field.max is not None and number > field.max:
        raise Refusal("number_too_large", most=field.max)
    return format(number, "f")


def _date(field: FormField, raw: object, _: Directory) -> object:
    text = _word(raw)
    if not text:
        return None
    try:
        return read_day(text).isoformat()
    except ValueError:
        raise Refusal("not_a_date") from None


def _time(field: FormField, raw: object, _: Directory) -> object:
    text = _word(raw)
    if not text:
        return None
    try:
        return read_time(text).isoformat(timespec="minutes")
    except ValueError:
        raise Refusal("not_a_time") from None


def _choice(field: FormField, raw: object, _: Directory) -> object:
    text = _word(raw)
    if text and field.option(text) is None:
        raise Refusal("not_an_option")
    return text


def _choices(field: FormField, raw: object, _: Directory) -> object:
    chosen = _several(raw)
    if any(field.option(item) is None for item in chosen):
        raise Refusal("not_an_option")
    return chosen


def _person(field: FormField, raw: object, directory: Directory) -> object:
    text = _word(raw)
    if text and not directory.active(text):
        found = directory.by_id(text)
        if found is None or not found.active:
            raise Refusal("person_unknown")
        return found.key
    return text


def _department(field: FormField, raw: object, directory: Directory) -> object:
    text = _word(raw)
    if text and text not in directory.departments:
        raise Refusal("department_unknown")
    return text


def _files(field: FormField, raw: object, _: Directory) -> object:
    chosen = _several(raw)
    if len(chosen) > field.max_files:
        raise Refusal("too_many_files", most=field.max_files)
    return chosen


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
