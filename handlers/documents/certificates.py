"""Builds the list of certificates in the document of a case: files, expiry, verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handlers.documents import cells
from handlers.documents.source import DocumentSource
from handlers.i18n import dates
from handlers.rendering.model import Block, StyledText, Table, TextTone
from workflows.case.draft import readable
from workflows.field_rules import is_asked, is_required, today
from workflows.model.fields import FormField

_TITLES = (
    ("certificate", 11),
    ("files", 12),
    ("valid_until", 11),
    ("validity", 7),
    ("verdict", 9),
)
_TONES = {"approve": TextTone.GOOD, "reject": TextTone.DANGER, "return": TextTone.WARN}


def certificates(source: DocumentSource) -> Iterator[Block]:
    """Yield a table with a row for each certificate that was handed in or is required."""
    forms = source.reading.definition.forms.values()
    found = {field.id: field for form in forms for field in form.certificates}
    rows = tuple(row for field in found.values() if (row := _row(source, field)))
    if rows:
        yield Table(columns=cells.columns(source, _TITLES), rows=rows)


def _row(source: DocumentSource, field: FormField) -> tuple[StyledText, ...] | None:
    reading = source.reading
    files, expiry = (reading.latest(part) for part in field.parts)
    known, conditions = readable(reading.case, reading.world.values), reading.world.conditions
    needed = is_asked(field, known, conditions) and is_required(field, known, conditions)
    if field.id in reading.hidden or not (files.value or files.erased or needed):
        return None
    name = StyledText(text=reading.text(field.label))
    if files.erased:
        return name, source.erased(), source.dash(), source.dash(), _verdict(source, field)
    day = date.fromisoformat(str(expiry.value)) if expiry.value else None
    until = dates.calendar_day(day, language=reading.language) if day else ""
    return (
        name,
        source.shown(files.text),
        source.shown(until),
        _validity(source, files.value, day),
        _verdict(source, field),
    )


def _verdict(source: DocumentSource, field: FormField) -> StyledText:
    """Return what was decided last about a certificate, by itself or among others, or a dash.

    Without the sign that a card has: the font of the PDF has none for a return.
    """
    reading = source.reading
    for task in reversed(reading.case.tasks):
        branch = reading.case.started(task.spot)
        opened = branch.opened if branch is not None else None
        if opened is not None and opened.subject == field.id and task.outcome in _TONES:
            text = source.words.t(f"document.verdict.{task.outcome}")
            return StyledText(text=text, tone=_TONES[task.outcome])
        for one in task.verdicts:
            if one.subject == field.id and one.outcome and not task.voided:
                text = source.words.t(f"document.verdict.{one.outcome}")
                if one.rule:
                    text = source.words.t("verdict.unchanged", verdict=text)
                return StyledText(text=text, tone=_TONES[one.outcome])
    return source.dash()


def _validity(source: DocumentSource, files: object, day: date | None) -> StyledText:
    if not files:
        state, tone = "missing", TextTone.DANGER
    elif day is None:
        state, tone = "lasting", TextTone.NEUTRAL
    elif day < today(source.reading.world):
        state, tone = "expired", TextTone.DANGER
    else:
        state, tone = "valid", TextTone.GOOD
    return StyledText(text=source.words.t(f"document.certificate.{state}"), tone=tone)
