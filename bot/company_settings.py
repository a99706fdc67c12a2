"""The settings of the company in `config.toml`: its names, its people in charge, its calendars."""

from __future__ import annotations

import dataclasses
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    Strict,
    ValidationInfo,
    field_validator,
)

from bot.findings import WrongValue
from bot.settings_values import (
    Region,
    Zone,
    apart,
    check_categories,
    check_hours,
    check_nights,
    read_hours,
    read_quiet_hours,
    read_weekday,
    read_weekend,
)
from workflows.calendar import CalendarData, QuietHours, WorkCalendar
from workflows.company_calendar import CompanyCalendar
from workflows.working_days import Hours

Number = Annotated[int, Strict()]
WorkingHours = Annotated[Hours, BeforeValidator(read_hours), AfterValidator(check_hours)]
Weekday = Annotated[int, BeforeValidator(read_weekday)]
Weekend = Annotated[
    Annotated[frozenset[int], Field(max_length=6)] | None, BeforeValidator(read_weekend)
]
Quiet = Annotated[InstanceOf[QuietHours] | None, BeforeValidator(read_quiet_hours)]
Days = tuple[date, ...]
CalendarName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Years = tuple[Annotated[Number, Field(ge=2000, le=2099)], ...]


class ConfigSection(BaseModel):
    """Base of all sections: frozen, defaults are validated, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class CalendarSettings(ConfigSection):
    """A further calendar; a setting that is left out is that of the company."""

    departments: tuple[str, ...] = ()  # ids of the departments that use it
    timezone: Zone | None = None
    calendar: Region | None = None
    holiday_categories: tuple[str, ...] | None = None
    weekend: Weekend = None
    working_hours: WorkingHours | None = None
    weekday_hours: dict[Weekday, WorkingHours] | None = None
    extra_off: Days | None = None
    extra_on: Days | None = None
    short_days: dict[date, WorkingHours] | None = None
    confirmed_years: Years | None = None

    def data(self, company: CalendarData) -> CalendarData:
        """Return the working calendar; ValueError names the setting that is wrong."""
        given = {
            _OF_CALENDAR.get(key, key): value
            for key, value in self
            if key != "departments" and value is not None
        }
        days = {"extra_off", "extra_on", "confirmed_years"} & given.keys()
        given.update({key: frozenset(given[key]) for key in days})
        return dataclasses.replace(company, **given)


_OF_CALENDAR = {
    "timezone": "zone",
    "calendar": "region",
    "working_hours": "hours",
    "holiday_categories": "categories",
}


class CompanySettings(ConfigSection):
    """Name, language, time zone, administrators and working hours of the company."""

    name: str = ""
    name_en: str = ""
    admins: tuple[str, ...] = ()
    language: Literal["zh", "en"] = "zh"
    timezone: Zone = "Asia/Shanghai"
    calendar: Region = "CN"
    holiday_categories: tuple[str, ...] = ()
    weekend: Weekend = None
    working_hours: WorkingHours = ((time(9), time(12)), (time(13, 30), time(18)))
    weekday_hours: dict[Weekday, WorkingHours] = {}
    quiet_hours: Quiet = QuietHours(start=time(22), end=time(8))
    extra_off: Days = ()
    extra_on: Days = ()
    short_days: dict[date, WorkingHours] = {}
    confirmed_years: Years = ()
    fiscal_year_starts: Annotated[Number, Field(ge=1, le=12)] = 1  # the month
    calendars: dict[CalendarName, CalendarSettings] = {}

    @field_validator("holiday_categories", mode="after")
    @classmethod
    def _known_there(cls, categories: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return check_categories(categories, region=info.data.get("calendar"))

    @field_validator("weekday_hours", "short_days", mode="after")
    @classmethod
    def _nights_apart(cls, days: dict[Any, Hours], info: ValidationInfo) -> dict[Any, Hours]:
        if "working_hours" in info.data:
            check_nights(info.data["working_hours"], days)
        return days

    @property
    def names(self) -> dict[str, str]:
        """The company's name by language; one name is used for both."""
        return {"zh": self.name, "en": self.name_en or self.name}

    @field_validator("extra_on", mode="after")
    @classmethod
    def _open_or_closed(cls, days: Days, info: ValidationInfo) -> Days:
        return apart(days, others=info.data.get("extra_off"))

    @field_validator("short_days", mode="after")
    @classmethod
    def _short_or_closed(cls, days: dict[date, Hours], info: ValidationInfo) -> dict[date, Hours]:
        apart(tuple(days), others=info.data.get("extra_off"))
        return days

    def calendar_data(self) -> CalendarData:
        """Return the working calendar of these settings."""
        return CalendarData(
            zone=self.timezone,
            hours=self.working_hours,
            weekday_hours=self.weekday_hours,
            region=self.calendar,
            categories=self.holiday_categories,
            weekend=self.weekend,
            extra_off=frozenset(self.extra_off),
            extra_on=frozenset(self.extra_on),
            short_days=self.short_days,
            confirmed_years=frozenset(self.confirmed_years),
            fiscal_year_starts=self.fiscal_year_starts,
        )

    @field_validator("calendars", mode="after")
    @classmethod
    def _calendars_possible(
        cls, calendars: dict[str, CalendarSettings], info: ValidationInfo
    ) -> dict[str, CalendarSettings]:
        if not calendars or set(cls.model_fields) - {"calendars"} > info.data.keys():
            return calendars  # what is wrong above is said there
        company = cls.model_construct(**info.data).calendar_data()
        departments: set[str] = set()
        for name, one in calendars.items():
            try:
                one.data(company)
            except ValueError as error:
                raise WrongValue("calendar_wrong", name=name, why=str(error)) from error
            for department in one.departments:
                if department in departments:
                    raise WrongValue("department_twice", department=department)
                departments.add(department)
        return calendars

    def work_calendar(self) -> WorkCalendar:
        """Return the calendar of the company, which knows the further ones."""
        company = self.calendar_data()
        if not self.calendars:
            return WorkCalendar(company)
        return CompanyCalendar(
            company,
            named={name: WorkCalendar(one.data(company)) for name, one in self.calendars.items()},
            departments={
                department: name
                for name, one in self.calendars.items()
                for department in one.departments
            },
        )
