"""Makes people of the entries of an LDAP server, by the attributes of the configuration."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bot.directory_settings import FIELDS, Ldap
from bot.directory_source import FoundPerson
from bot.ldap_reading import DirectoryUnreadable, Entry, Reading, guid, ou_of, plain_dn

_DISABLED = 0x2  # of userAccountControl in Active Directory
_PLACE = "dn:ou"
_APART = ("stable", "department", "manager")


def found_people(reading: Reading, settings: Ldap) -> tuple[FoundPerson, ...]:
    """Return the people of a reading, without accounts that are disabled.

    Raises:
        DirectoryUnreadable: an entry lacks the attribute by which it is recognised, or two have
            the same.
    """
    entries = [entry for entry in reading.people if not _is_disabled(entry)]
    stable = {plain_dn(entry.dn): _stable(entry, settings) for entry in entries}
    seen: dict[str, str] = {}
    for entry in entries:
        other = seen.setdefault(stable[plain_dn(entry.dn)], entry.dn)
        if plain_dn(other) != plain_dn(entry.dn):
            raise DirectoryUnreadable("same_id", first=other, second=entry.dn)
    once = {plain_dn(entry.dn): entry for entry in entries}  # bases may lie in each other
    return tuple(_person(entry, stable, reading, settings) for entry in once.values())


def person_id(text: str) -> str:
    """Return the id of a person for a user name: of an address, what is before the @."""
    return text.partition("@")[0]


def _is_disabled(entry: Entry) -> bool:
    with contextlib.suppress(ValueError):
        return bool(int(entry.first("userAccountControl") or "0") & _DISABLED)
    return False


def _stable(entry: Entry, settings: Ldap) -> str:
    for name in settings.names_of("stable"):
        for value in entry.values.get(name.lower(), ()):
            return guid(value) if name.lower() == "objectguid" else entry.first(name)
    raise DirectoryUnreadable(
        "no_stable", dn=entry.dn, attribute=", ".join(settings.names_of("stable"))
    )


def _person(entry: Entry, stable: dict[str, str], reading: Reading, settings: Ldap) -> FoundPerson:
    named = {name: settings.names_of(name) for name in FIELDS}
    values = {
        name: entry.first(*found) for name, found in named.items() if found and name not in _APART
    }
    values["id"] = person_id(values.get("id", ""))
    manager = entry.first(*named["manager"])
    own = {plain_dn(entry.dn), entry.first("uid").lower()} - {""}
    return FoundPerson(
        id=stable[plain_dn(entry.dn)],
        where=entry.dn,
        values=values,
        department=next(_departments(entry, named["department"]), ""),
        manager=stable.get(plain_dn(manager), manager) if manager else "",
        groups=frozenset(group for group, members in reading.members.items() if own & members),
        labels={name: " / ".join(found) for name, found in named.items() if found},
    )


def _departments(entry: Entry, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = ou_of(entry.dn) if name == _PLACE else entry.first(name)
        if value:
            yield value
