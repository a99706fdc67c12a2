"""The settings of the directory that people come from: `[ldap]` and `[scim]`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
)

from bot.company_settings import ConfigSection, Number
from bot.findings import WrongValue
from bot.settings_values import Secret, beside, hard_to_guess
from workflows.durations import parse_span
from workflows.moments import DAY, MINUTE, Moment

Flag = Annotated[bool, Strict()]
Source = Literal["file", "ldap", "scim"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]

_HERE = ("localhost", "127.0.0.1", "::1")
_PORTS = {"ldap": 389, "ldaps": 636}
LEAST, MOST = 5 * MINUTE, 7 * DAY  # between two readings


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]


class PeopleRules(ConfigSection):
    """How groups and names of departments elsewhere become roles and departments here."""

    departments: dict[str, Key] = Field(default={})
    default_department: Key | Literal[""] = ""
    heads: dict[Key, str] = Field(default={})  # ids of people by department
    roles: dict[str, Annotated[tuple[Key, ...], BeforeValidator(_one_or_more)]] = Field(default={})

    @property
    def governed(self) -> frozenset[str]:
        """The roles that groups decide about; others are kept as they are."""
        return frozenset(role for roles in self.roles.values() for role in roles)


# The attributes by what they are for; the first that an entry has is taken. `dn:ou` is the part
# of its name.
_DEFAULTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "openldap": {
        "stable": ("entryUUID",),
        "id": ("uid",),
        "name": ("displayName", "cn"),
        "email": ("mail",),
        "title": ("title",),
        "department": ("departmentNumber", "ou", "dn:ou"),
        "manager": ("manager",),
        "language": ("preferredLanguage",),
    },
    "active-directory": {
        "stable": ("objectGUID",),
        "id": ("sAMAccountName",),
        "name": ("displayName", "cn"),
        "email": ("mail",),
        "title": ("title",),
        "department": ("department",),
        "manager": ("manager",),
        "language": ("preferredLanguage",),
    },
}
_FILTERS = {
    "openldap": "(objectClass=inetOrgPerson)",
    "active-directory": "(&(objectCategory=person)(objectClass=user))",
}
_FIELDS = ("stable", "id", "name", "name_en", "email", "title", "title_en", "department")
FIELDS = (*_FIELDS, "manager", "language", "timezone")


def _ldap_url(url: str) -> str:
    found = urlsplit(url)
    try:
        found.port  # noqa: B018 - raises for a port that is none
    except ValueError as error:
        raise WrongValue("ldap_url") from error
    more = found.path.strip("/") or found.query or found.fragment or found.username
    if found.scheme not in _PORTS or not found.hostname or more:
        raise WrongValue("ldap_url")
    return url


def _filter(text: str) -> str:
    if text and not (text.startswith("(") and text.endswith(")")):
        raise WrongValue("ldap_filter")
    return text


def _every(text: str) -> str:
    if text:
        try:
            span = parse_span(text)
        except ValueError as error:
            raise WrongValue("sync_every") from error
        if span.is_working or not LEAST <= span.microseconds <= MOST:
            raise WrongValue("sync_every")
    return text


class Ldap(PeopleRules):
    """The LDAP server, and how its entries become people."""

    url: Annotated[str, AfterValidator(lambda url: _ldap_url(url) if url else url)] = ""
    starttls: Flag = False
    ca_file: Annotated[Path, AfterValidator(beside)] | None = None
    bind_dn: str = ""
    password: Secret | None = None
    kind: Literal["openldap", "active-directory"] = "openldap"
    base: Names = ()
    filter: Annotated[str, AfterValidator(_filter)] = ""
    attributes: dict[str, Names] = Field(default={})
    referrals: Literal["refuse", "ignore", ""] = ""
    page_size: Annotated[Number, Field(ge=1, le=1000)] = 500
    timeout_s: Annotated[Number, Field(ge=1, le=300)] = 30
    every: Annotated[str, AfterValidator(_every)] = ""

    @field_validator("attributes", mode="after")
    @classmethod
    def _known(cls, given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name in given:
            if name not in FIELDS:
                raise WrongValue("ldap_attribute", name=name, known=", ".join(FIELDS))
        return given

    @field_validator("starttls", mode="after")
    @classmethod
    def _sealed(cls, starttls: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a value
        found = urlsplit(info.data.get("url", ""))
        if found.scheme == "ldap" and not starttls and found.hostname not in _HERE:
            raise WrongValue("ldap_open", host=str(found.hostname))
        if found.scheme == "ldaps" and starttls:
            raise WrongValue("ldap_twice_sealed")
        return starttls

    def names_of(self, name: str) -> tuple[str, ...]:
        """Return the attributes of the server for one of `FIELDS`, best first; () for none."""
        return self.attributes.get(name, _DEFAULTS[self.kind].get(name, ()))

    @property
    def people_filter(self) -> str:
        """The filter that finds people."""
        return self.filter or _FILTERS[self.kind]

    @property
    def refuses_referrals(self) -> bool:
        """Whether a reference to another server makes a reading incomplete.

        Active Directory has some to its own partitions in every reading of a domain.
        """
        return (self.referrals or {"openldap": "refuse"}.get(self.kind, "ignore")) == "refuse"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        found = urlsplit(self.url)
        return found.hostname or "", found.port or _PORTS[found.scheme]

    @property
    def interval(self) -> Moment:
        """The time between two readings of the running bot, in microseconds; 0 for none."""
        return parse_span(self.every).microseconds if self.every else 0


class Scim(PeopleRules):
    """The token of the system that provisions people over SCIM."""

    token: Annotated[Secret, AfterValidator(hard_to_guess)] | None = None
    requests_a_minute: Annotated[Number, Field(ge=1, le=100_000)] = 3000
