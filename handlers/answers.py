"""Validates submitted forms: converts raw values to clean ones, or reports problems by field.

The limits apply on every platform: a text has at most the definition's `max` characters (3,000 by
default), a number is within ±10¹² with at most 6 digits after the decimal point. Files were checked
when they were uploaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from handlers.i18n.typed_dates import read_day, read_time
from handlers.limits import check_limits
from handlers.rows import read_rows
from workflows.addresses import is_address
from workflows.case.world import World
from workflows.directory import Directory
from workflows.errors import FormInvalid, Refusal
from workflows.field_rules import is_asked, is_required, sum_of, values_before
from workflows.model.fields import FieldType, Form, FormField

TEXT_MOST = 3000
FILES_MOST = 5  # with a comment or another text outside a form
RAW_MOST = 100_000  # characters; a longer text is refused before it is cleaned
NUMBER_MOST = Decimal(10) ** 12
DIGITS_MOST = 6  # after the decimal point
_CHOSEN = (FieldType.CHOICE, FieldType.CHOICES, FieldType.PERSON, FieldType.DEPARTMENT)
BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
INVISIBLE = dict.fromkeys(map(ord, "\u061c\u180e\u200b\u200e\u200f\u2060\ufeff\u00ad"))

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x2212: ord("-")}
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?")


def clean_text(value: object) -> str:
    """Return a text in NFC, trimmed, without control characters and direction overrides.

    Line breaks and tabs are kept. Direction overrides are removed because they can make a text
    appear as another one. A text without visible characters becomes empty.
    """
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(BIDI)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    clean = "".join(kept).strip()
    seen = any(unicodedata.category(c) not in _UNSEEN for c in clean)
    return clean if seen else ""


def clean_line(value: object) -> str:
    """Return `clean_text` of a short text in one line, without invisible characters."""
    return " ".join(clean_text(value).translate(INVISIBLE).split())


def plain_forms(text: str) -> str:
    """Return a text in NFKC, which replaces full-width letters and digits by ordinary ones."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, kw_only=True)
class TakenForm:
    """What was read of a form, which may be incomplete.

    Args:
        asked: the fields that are asked, given the answers before them.
        values: the clean values of these fields, without empty ones, by the field's id.
        problems: why an answer is not valid, by the field's id.
        missing: why a required field must be answered, by the field's id.
    """

    asked: tuple[FormField, ...]
    values: Mapping[str, object]
    problems: Mapping[str, Refusal]
    missing: Mapping[str, Refusal]


def take_form(form: Form, raw: Mapping[str, object], *, world: World) -> TakenForm:
    """Read a form as far as it is filled in. Answers to fields that are not asked are left out.

    Args:
        raw: the answers, by the field's id.
        world: the world of the case, or of the case that the form starts.
    """
    asked: list[FormField] = []
    values: dict[str, object] = {}
    problems: dict[str, Refusal] = {}
    missing: dict[str, Refusal] = {}
    before = values_before(form, world)
    for field in form.fields:
        known = {**before, **values}
        if not is_asked(field, known, world.conditions):
            continue
        asked.append(field)
        try:
            value = _taken(field, raw.get(field.id), known, world)
        except Refusal as refusal:
            problems[field.id] = refusal
            continue
        if value not in (None, "", []):
            values[field.id] = value
            whole = field.certificate
            if whole is not None and whole.id not in values and whole.id not in problems:
                missing[whole.id] = Refusal("certificate_without_files")
            if field.sum_name is not None and isinstance(value, list):
                values[field.sum_name] = format(sum_of(field, value), "f")
        elif is_required(field, known, world.conditions):
            missing[field.id] = _missing(field)
    return TakenForm(asked=tuple(asked), values=values, problems=problems, missing=missing)


def _taken(field: FormField, raw: object, known: Mapping[str, object], world: World) -> object:
    """Return the clean value of a field, or an empty one; raise Refusal if it is not valid."""
    if field.type is FieldType.ROWS:
        return read_rows(field, raw, lambda column, cell: _taken(column, cell, {}, world))
    value = _READ[field.type](field, raw, world.directory)
    if value not in (None, "", []):
        check_limits(field, value, known, world)
    return value


def read_form(form: Form, raw: Mapping[str, object], *, world: World) -> dict[str, object]:
    """Validate a submitted form and return its clean values, by the field's id.

    Unknown fields, fields that are not asked, and empty optional ones are left out.

    Raises:
        FormInvalid: with the problem of every invalid field.
    """
    taken = take_form(form, raw, world=world)
    problems = {**taken.problems, **taken.missing}
    if problems:
        raise FormInvalid({f.id: problems[f.id] for f in taken.asked if f.id in problems})
    return dict(taken.values)


def _missing(field: FormField) -> Refusal:
    """Return the refusal for a required field that is empty, by the type of the field."""
    if field.type is FieldType.FILES:
        return Refusal("files_required")
    if field.type is FieldType.ROWS:
        return Refusal("rows_required")
    return Refusal("choice_required" if field.type in _CHOSEN else "field_required")


def read_text(raw: object, *, most: int = TEXT_MOST, required: bool = True) -> str:
    """Validate a text outside a form, such as a comment.

    Args:
        most: the maximum length in characters.
        required: whether an empty text is refused.

    Raises:
        FormInvalid: it is missing or too long.
    """
    try:
        text = clean_text(_typed(raw, most))
        if required and not text:
            raise Refusal("field_required")
        return _short_enough(text, most)
    except Refusal as refusal:
        raise FormInvalid({"text": refusal}) from None


def read_word(raw: object, field: str, problems: dict[str, Refusal]) -> str:
    """Validate a short answer outside a form. A problem is added to `problems` under `field`."""
    try:
        return _word(raw)
    except Refusal as refusal:
        problems[field] = refusal
        return ""


def read_files(raw: object) -> tuple[str, ...]:
    """Return the ids of files outside a form. Raises FormInvalid for too many or malformed ones."""
    try:
        found = _several(raw)
        if len(found) > FILES_MOST:
            raise Refusal("too_many_files", most=FILES_MOST)
    except Refusal as refusal:
        raise FormInvalid({"files": refusal}) from None
    return tuple(found)


def required_word(raw: object, field: str) -> str:
    """Return the answer to a required question. Raises FormInvalid if it is missing."""
    return required_words(raw, field)[0]


def required_words(raw: object, field: str) -> tuple[str, ...]:
    """Return the answers to a required question without duplicates. Raises FormInvalid if none."""
    try:
        found = _several(raw)
    except Refusal as refusal:
        raise FormInvalid({field: refusal}) from None
    if not found:
        raise FormInvalid({field: Refusal("choice_required")})
    return tuple(found)


def _typed(raw: object, most: int) -> str:
    """Return a raw value as text. Raises Refusal for another type and for more than `RAW_MOST`."""
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
    """Return a short answer, such as an option, a date or a person, as clean text."""
    return clean_line(_typed(raw, TEXT_MOST))


def read_ids(raw: object) -> tuple[str, ...]:
    """Return the ids in a message without duplicates. Raises FormInvalid if they are malformed."""
    try:
        return tuple(_several(raw))
    except Refusal as refusal:
        raise FormInvalid({"files": refusal}) from None


def _several(raw: object) -> list[str]:
    """Return one or several answers as a list without duplicates and empty ones."""
    if raw is None or raw == "":
        return []
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    return list(dict.fromkeys(filter(None, map(_word, given))))


def _text(field: FormField, raw: object, _: Directory) -> object:
    most = field.most_characters or TEXT_MOST
    clean = clean_line if field.type is FieldType.TEXT else clean_text
    return _short_enough(clean(_typed(raw, most)), most)


def _email(field: FormField, raw: object, _: Directory) -> object:
    text = plain_forms(_word(raw)).strip()
    if text and not is_address(text):
        raise Refusal("not_an_address")
    return text


def _number(field: FormField, raw: object, _: Directory) -> object:
    text = _word(raw).translate(_WIDE)
    if not text:
        return None
    if "," in text and not _GROUPED.fullmatch(text):
        raise Refusal("not_a_number")  # ambiguous: "1,5" is 1.5 in some countries
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Refusal("not_a_number") from None
    if not number.is_finite() or number.copy_abs() > NUMBER_MOST:
        raise Refusal("not_a_number")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DIGITS_MOST:
        raise Refusal("not_a_number")
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
    FieldType.EMAIL: _email,
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
