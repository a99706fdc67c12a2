"""The calendar of a company that has further ones, which a step or a department may name."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from workflows.calendar import CalendarData, WorkCalendar


class CompanyCalendar(WorkCalendar):
    """The company's own calendar, with the further ones by name."""

    __slots__ = ("_departments", "_named")

    def __init__(
        self,
        data: CalendarData,
        *,
        named: Mapping[str, WorkCalendar],
        departments: Mapping[str, str],
    ) -> None:
        """Take the company's data, the further calendars, and which department uses which."""
        super().__init__(data)
        self._named = dict(named)
        self._departments = dict(departments)

    def named(self, name: str | None) -> WorkCalendar:
        """Return the calendar with this name, the company's for None and for an unknown name."""
        return self if name is None else self._named.get(name, self)

    def name_for(self, departments: Collection[str]) -> str | None:
        """Return the name of the calendar that all these use; None for the company's."""
        names = {self._departments.get(one) for one in departments}
        return names.pop() if len(names) == 1 else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the further calendars."""
        return tuple(self._named)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all calendars with their names."""
        parts = [f"{name} {one.fingerprint}" for name, one in sorted(self._named.items())]
        return hashlib.sha256("\n".join((super().fingerprint, *parts)).encode()).hexdigest()
