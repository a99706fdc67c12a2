"""Reads single settings. A refusal is worded by the catalogue's `cli.finding.<code>`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, SecretStr, ValidationInfo

from bot.findings import WrongValue
from handlers.office import known_zone
from workflows.calendar import CalendarData, QuietHours
from workflows.working_days import NO_REGION, Hours

HIDDEN = "[secret]"  # shown instead of a secret

_PERIOD = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
_LOOSE_PERIOD = re.compile(r"\s*(\d{1,2})\s*[-–—~]\s*(\d{1,2})\s*")
_LAST_HOUR = 23
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*)(:\d{1,5})?")
_SECRET = re.compile(r"[!-~]+")  # it is sent in headers and URLs
_HARD_TO_GUESS = re.compile(r"[A-Za-z0-9_-]{16,256}")
_SHIPPED_REGIONS = (
    NO_REGION,
    "CN",
)  # checking others with the holidays library takes 0.4 s


def read_hours(value: Any) -> Any:
    """Read pairs of times such as "09:00-12:00"; 24:00 is the end of the day."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(_period(item) if isinstance(item, str) else item for item in value)


def check_hours(hours: Hours) -> Hours:
    """Check the hours of a day: at least one pair, ascending, without overlap."""
    try:
        return CalendarData(zone="UTC", region=NO_REGION, hours=hours).hours
    except ValueError as error:
        raise WrongValue("hours_order") from error


def read_weekday(value: Any) -> Any:
    """Read the name of a weekday; Monday is 0."""
    if not isinstance(value, str):
        return value
    if value.strip().lower()[:3] not in WEEKDAYS:
        raise WrongValue("weekday")
    return WEEKDAYS.index(value.strip().lower()[:3])


def read_weekend(value: Any) -> Any:
    """Read the weekdays of the weekend; an empty list means the weekend of the region."""
    if isinstance(value, list | tuple):
        return frozenset(map(read_weekday, value)) or None
    return value


def check_nights(hours: Hours, others: Mapping[Any, Hours]) -> None:
    """Check that hours after midnight end before the hours of any other day begin."""
    try:
        CalendarData(
            zone="UTC",
            region=NO_REGION,
            hours=hours,
            weekday_hours=dict(enumerate(others.values())),
        )
    except ValueError as error:
        raise WrongValue("nights_overlap") from error


def read_quiet_hours(value: Any) -> Any:
    """Read quiet hours such as "22:00-08:00"; "" means none."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        start, end = _period(value)
    except WrongValue as error:
        raise WrongValue("quiet_period", meant=_nearest_period(value)) from error
    if start == end:
        raise WrongValue("quiet_always")
    return QuietHours(start=start, end=end)


def check_zone(zone: str) -> str:
    """Check that this machine knows the time zone."""
    if known_zone(zone) is None:
        raise WrongValue("unknown_zone")
    return zone


def check_region(region: str) -> str:
    """Check that the public holidays of a country, or a part of one, are known."""
    if region not in _SHIPPED_REGIONS:
        try:
            CalendarData(zone="UTC", region=region)
        except ValueError as error:
            raise WrongValue("unknown_calendar") from error
    return region


def check_categories(categories: tuple[str, ...], *, region: object) -> tuple[str, ...]:
    """Check the categories of holidays against those that the region has."""
    if categories and isinstance(region, str):
        try:
            CalendarData(zone="UTC", region=region, categories=categories)
        except ValueError as error:
            raise WrongValue("unknown_category", why=str(error)) from error
    return categories


def apart(days: tuple[date, ...], *, others: object) -> tuple[date, ...]:
    """Check that no day is in the other list too."""
    if isinstance(others, tuple | Mapping):
        for day in days:
            if day in others:
                raise WrongValue("day_twice", day=day.isoformat())
    return days


def read_secret(value: Any, info: ValidationInfo) -> Any:
    """Read the value of `env:NAME` or `file:PATH`; any other text is the value itself."""
    if isinstance(value, SecretStr) or not isinstance(value, str):
        return value
    kind, _, name = value.partition(":")
    if kind == "env":
        if not os.environ.get(name):
            raise WrongValue("no_variable", name=name)
        return os.environ[name]
    if kind == "file":
        path = _folder(info) / name
        try:
            secret = path.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongValue("no_secret_file", path=str(path)) from error
        if not secret:
            raise WrongValue("no_secret_file", path=str(path))
        return secret
    return value


class Absent(SecretStr):
    """A secret that is not there, read for a command that uses none; using it raises WrongValue."""

    def __init__(self, why: WrongValue) -> None:
        super().__init__("")
        self._why = why

    def get_secret_value(self) -> str:
        """Raise the WrongValue that says what is not there."""
        raise self._why

    def __len__(self) -> int:
        """Raise it also for whoever asks whether there is a secret."""
        raise self._why


def read_if_used(value: Any, info: ValidationInfo) -> Any:
    """Read a secret, as `read_secret`; one that is not there is Absent if none is used."""
    try:
        return read_secret(value, info)
    except WrongValue as error:
        if not _without_secrets(info):
            raise
        return Absent(error)


def beside(path: Path, info: ValidationInfo) -> Path:
    """Resolve a path relative to the configuration file."""
    return _folder(info) / path.expanduser()


def database_url(url: str, info: ValidationInfo) -> str:
    """Check the URL of a database; a relative SQLite path is relative to the configuration."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgresql", "postgres"} and _is_postgres(rest):
        return f"postgresql://{rest}"
    if scheme != "sqlite" or not separator or not re.fullmatch(r"/[^?:]+", rest):
        raise WrongValue("database_url")
    return f"sqlite:///{_folder(info) / Path(rest[1:]).expanduser()}"


def _is_postgres(rest: str) -> bool:
    """Return whether a text is `user:password@host:port,host:port/database?more`."""
    before, _, _ = rest.partition("?")
    user, _, hosts = before.partition("/")[0].rpartition("@")
    if not rest or "@" in user or "#" in rest or not rest.isprintable() or " " in rest:
        return False
    return all(_HOST.fullmatch(host) for host in hosts.split(","))


def web_address(url: str) -> str:
    """Check the address of a web server."""
    if not is_web_address(url):
        raise WrongValue("web_address")
    return url


def is_web_address(url: str) -> bool:
    """Return whether a text is the address of a web server, without a query."""
    found = urlsplit(url)
    return found.scheme in {"http", "https"} and bool(found.hostname) and not found.query


def is_public(url: str) -> bool:
    """Return whether a platform may call an address: https, or this machine for trials."""
    found = urlsplit(url)
    return found.scheme == "https" or found.hostname in {"127.0.0.1", "localhost"}


def needed(
    secret: SecretStr | None, info: ValidationInfo, *, wanted: bool, ours: bool = False
) -> SecretStr | None:
    """Return a secret that is required once its platform is enabled; a blank one counts as missing.

    `ours` is for secrets by which a platform identifies itself to us: they must not be guessable.
    """
    if isinstance(secret, Absent):
        return secret
    said = secret.get_secret_value() if secret is not None else ""
    wanted = wanted and bool(info.data.get("enabled"))
    if not said.strip():
        if wanted and not _without_secrets(info):
            raise WrongValue("secret_missing", key=str(info.field_name))
        return None
    if not _SECRET.fullmatch(said):
        raise WrongValue("secret_unusable")
    if wanted and ours and not _HARD_TO_GUESS.fullmatch(said):
        raise WrongValue("secret_weak")
    return secret


def hard_to_guess(secret: SecretStr) -> SecretStr:
    """Check a secret by which another system identifies itself to us."""
    if isinstance(secret, Absent):
        return secret
    said = secret.get_secret_value()
    if not said.strip():
        raise WrongValue("secret_blank")
    if not _HARD_TO_GUESS.fullmatch(said):
        raise WrongValue("secret_weak")
    return secret


def secrets_of(section: Any) -> set[str]:
    """Return the keys of a section whose values are secret."""
    return {
        name
        for name, field in getattr(section, "model_fields", {}).items()
        if not field.repr or SecretStr in _parts(field.annotation)
    }


def _parts(annotation: Any) -> set[Any]:
    inner = get_args(annotation)
    return {annotation}.union(*map(_parts, inner)) if inner else {annotation}


def entries_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model of the entries of a list such as `tuple[Model, ...]`, or None."""
    models = (one for one in _parts(annotation) if isinstance(one, type))
    return next((one for one in models if issubclass(one, BaseModel)), None)


Secret = Annotated[SecretStr, BeforeValidator(read_if_used)]
Zone = Annotated[str, AfterValidator(check_zone)]
Region = Annotated[str, AfterValidator(check_region)]


def _folder(info: ValidationInfo) -> Path:
    context = info.context or {}
    return Path(context.get("folder", "."))


def _without_secrets(info: ValidationInfo) -> bool:
    """Return whether the configuration is read for a command that uses no secret."""
    return bool((info.context or {}).get("without_secrets"))


def _nearest_period(text: str) -> str:
    """Return a corrected spelling of two times of day, for the hint of a finding."""
    found = _LOOSE_PERIOD.fullmatch(text)
    if found is None or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_HOUR:
        return "22:00-08:00"
    return f"{int(found[1]):02}:00-{int(found[2]):02}:00"


def _period(text: str) -> tuple[time, time]:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise WrongValue("period")
    return _time(found[1], found[2]), _time(found[3], found[4])


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour) % 24 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError as error:
        raise WrongValue("period") from error
