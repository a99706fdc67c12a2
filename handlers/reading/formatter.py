"""Formats values for one reader, with one method for each kind of value.

Texts and names are in the reader's language, times in the reader's time zone. The JSON for programs
is made by `record.py`, with ids and ISO 8601 times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from handlers.i18n import Translator, dates, translator
from handlers.i18n.amounts import thousands
from handlers.office import Office
from handlers.pages import FileLink
from handlers.rows import rows_in
from workflows.case.events import SYSTEM
from workflows.directory import Department, Directory, Person
from workflows.durations import Span
from workflows.field_rules import sum_of
from workflows.model.fields import FieldType, FormField
from workflows.model.words import Text
from workflows.moments import Moment
from workflows.records import StoredFile

ROWS_WRITTEN_OUT = 3


@dataclass(frozen=True, kw_only=True)
class Formatter:
    """Formats values for one reader at the time `now`.

    Args:
        directory: the people and departments whose names are written.
        language: "zh" or "en".
        zone: the time zone of the formatted times.
        now: the time from which "today" and "in 2 h" are counted.
        lasting: the text is read on other days too, so it has no "today" and no "tomorrow".
        on_paper: the text is in a document or a table and may be read years later: every time has
            its year.
        files: the uploaded files that values may refer to, by id.
    """

    directory: Directory
    language: str
    zone: ZoneInfo
    now: Moment
    lasting: bool = False
    on_paper: bool = False
    files: Mapping[str, StoredFile] = field(default_factory=dict)

    @cached_property
    def words(self) -> Translator:
        """The catalogue of the reader's language."""
        return translator(self.language)

    def text(self, text: Text) -> str:
        """Return a text of a definition in the reader's language."""
        return text.of(self.language)

    def listed(self, texts: Iterable[str]) -> str:
        """Return several texts as a list in one line."""
        return self.words.t("name.separator").join(texts)

    # ------------------------------------------------------------------ people

    def name(self, key: str | None) -> str:
        """Return the name of the person with this key, or of the program for None and `SYSTEM`."""
        if key is None or key == SYSTEM:
            return self.words.t("name.system")
        return name_of(self.directory.get(key), self.language)

    def names(self, keys: Iterable[str]) -> str:
        """Return the names of several people as a list in one line."""
        return self.listed(map(self.name, keys))

    def performer(self, actor: str | None, *, on_behalf_of: str | None) -> str:
        """Return the name of the actor: "B", or "B (for A)" if a deputy acted."""
        if on_behalf_of is None:
            return self.name(actor)
        return self.words.t(
            "name.on_behalf", deputy=self.name(actor), principal=self.name(on_behalf_of)
        )

    def department(self, department_id: str) -> str:
        """Return the name of a department, or its id if the directory no longer has it."""
        found = self.directory.departments.get(department_id)
        return department_id if found is None else department_name(found, self.language)

    # ------------------------------------------------------------------ times

    def at(self, at: Moment) -> str:
        """Return a time as "today 16:30".

        With `lasting` it is "Mon 2 Mar 16:30", with `on_paper` "2 Mar 2026 16:30".
        """
        if self.on_paper:
            return dates.full(at, zone=self.zone, language=self.language)
        write = dates.lasting if self.lasting else dates.moment
        return write(at, zone=self.zone, language=self.language, now=self.now)

    def due(self, at: Moment) -> str:
        """Return a due time with the time left: "today 16:30, in 2 h"."""
        return self.words.t("time.due", at=self.at(at), left=self.left(at))

    def left(self, at: Moment) -> str:
        """Return the distance to a due time: "in 2 h", "3 h overdue"."""
        return dates.relative(at, now=self.now, language=self.language)

    def ahead(self, at: Moment) -> str:
        """Return the time until something happens by itself: "in 2 h"."""
        return dates.ahead(at, now=self.now, language=self.language)

    def sortable(self, at: Moment | None) -> str:
        """Return a time for spreadsheets: "2026-11-22 16:30"; "" for None."""
        return "" if at is None else dates.sortable(at, zone=self.zone)

    def length(self, delta: int) -> str:
        """Return a duration of microseconds: "2 h 40 min"."""
        return dates.duration(delta, language=self.language)

    def span(self, limit: Span) -> str:
        """Return a limit as its definition gives it: "3 working days"."""
        return dates.span(limit, language=self.language)

    def day(self, text: str) -> str:
        """Format a date that is stored as "2026-11-22". Any other text is returned unchanged."""
        try:
            return dates.calendar_day(date.fromisoformat(text), language=self.language)
        except ValueError:
            return text

    # ------------------------------------------------------------------ fields

    def value(self, field: FormField, value: object) -> str:
        """Return the value of a form field as text; "" if it is empty."""
        if value is None or value in ("", [], ()):
            return ""
        many = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        match field.type:
            case FieldType.CHOICE | FieldType.CHOICES:
                return self.listed(self.option(field, one) for one in many)
            case FieldType.PERSON:
                return self.names(many)
            case FieldType.DEPARTMENT:
                return self.listed(map(self.department, many))
            case FieldType.FILES:
                return self.listed(link.name for link in self.links(value))
            case FieldType.DATE:
                return self.listed(map(self.day, many))
            case FieldType.MONEY:
                return self.listed(map(thousands, many))
            case FieldType.ROWS:
                return self.rows_in_short(field, value)
            case _:
                return self.listed(many)

    def table(self, field: FormField, value: object) -> tuple[tuple[str, ...], ...]:
        """Return the rows of a field as texts, one for each column."""
        return tuple(
            tuple(self.value(column, row.get(column.id)) for column in field.columns)
            for row in rows_in(value)
        )

    def total(self, field: FormField, value: object) -> str:
        """Return the sum of the rows of a field as a text; "" if it has none."""
        if field.sum is None:
            return ""
        total = format(sum_of(field, rows_in(value)), "f")
        column = next(one for one in field.columns if one.id == field.sum)
        return thousands(total) if column.type is FieldType.MONEY else total

    def rows_in_short(self, field: FormField, value: object) -> str:
        """Return the number of rows and their sum: "3 rows, total 1200.50".

        A few rows without a sum are written out.
        """
        lines = self._lines(field, value)
        if field.sum is None and len(lines) <= ROWS_WRITTEN_OUT:
            return self.words.t("rows.separator").join(lines)
        return self._counted(field, value)

    def rows_in_full(self, field: FormField, value: object) -> str:
        """Return the rows of a field, one a line, and their sum if they have one."""
        lines = [
            self.words.t("rows.line", number=number, cells=cells)
            for number, cells in enumerate(self._lines(field, value), start=1)
        ]
        return "\n".join(lines if field.sum is None else (*lines, self._counted(field, value)))

    def _lines(self, field: FormField, value: object) -> list[str]:
        between = self.words.t("rows.cells")
        return [between.join(filter(None, row)) for row in self.table(field, value)]

    def _counted(self, field: FormField, value: object) -> str:
        count = self.words.n("rows.count", len(rows_in(value)))
        total = self.total(field, value)
        return count if not total else self.words.t("rows.total", count=count, total=total)

    def option(self, field: FormField, option_id: str) -> str:
        """Return the label of an option, or its id if the field no longer has that option."""
        option = field.option(option_id)
        return option_id if option is None else self.text(option)

    def links(self, file_ids: object) -> tuple[FileLink, ...]:
        """Return links to the files with these ids; files that no longer exist are left out."""
        found = (self.files.get(file_id) for file_id in self.ids_of(file_ids))
        return tuple(
            FileLink(id=file.id, name=file.name, media_type=file.media_type, size=file.size)
            for file in found
            if file is not None
        )

    @staticmethod
    def ids_of(value: object) -> tuple[str, ...]:
        """Return the file ids in the value of a field for files."""
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def formatter(
    office: Office, directory: Directory, *, reader: Person | None, language: str
) -> Formatter:
    """Return the formatter for a reader; with None it uses the company's time zone."""
    return Formatter(
        directory=directory,
        language=language,
        zone=office.company.zone_of(reader),
        now=office.clock.now(),
    )


def name_of(person: Person | None, language: str) -> str:
    """Return a person's name in a language, or a text that says that the person was erased."""
    if person is None or not person.name:
        return translator(language).t("name.erased")
    if language == "en" and person.name_en:
        return person.name_en
    return person.name


def department_name(department: Department, language: str) -> str:
    """Return a department's name in a language."""
    return department.name_zh if language == "zh" else department.name_en
