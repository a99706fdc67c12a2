"""People as a system sends them by SCIM: its users and groups, and what they make of the directory.

Users and groups are stored as they came, and everybody is made anew from them after each change.
So the order in which they arrive does not matter: a manager who comes later is found then.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.directory_source import FoundPerson
from bot.directory_sync import Source, Synced, plan_sync, put_in_force
from handlers import directory_news
from handlers.i18n import Translator
from handlers.office import Office, known_zone
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.records import DirectoryEntry

SCIM = "scim"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HELD = "directory.held"  # the setting with users whose leaving the guard has stopped
DELETE, DEACTIVATE = "delete", "deactivate"
_LABELS = {"id": "userName", "name": "displayName", "email": "emails", "manager": "manager"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The active users as people, and the people whom the system has never sent."""

    found: tuple[FoundPerson, ...]
    unknown: tuple[Person, ...]


def users_of(tx: Tx, *, without: Collection[str] = ()) -> Users:
    """Return everybody whom the system has sent, and who is here besides.

    `without` are users who count as inactive.
    """
    directory = tx.people.directory()
    entries = tx.entries.all(SCIM, "user")
    active = [one for one in entries if is_active(one) and one.id not in without]
    bound = set(tx.entries.bound(SCIM).values())
    unknown = [one for one in directory.people.values() if one.active and one.key not in bound]
    ids = _ids(active, directory)
    named = _named(entries)
    groups = _groups(tx)
    found = tuple(_person(one, ids[one.id], named, groups.get(one.id, ())) for one in active)
    return Users(found=found, unknown=tuple(_not_among(unknown, found)))


def is_active(entry: DirectoryEntry) -> bool:
    """Return whether a user is active."""
    return bool(entry.data.get("active", True))


def put_users(
    tx: Tx,
    office: Office,
    *,
    source: Source,
    words: Translator,
    accept: bool = False,
    dry_run: bool = False,
) -> Synced:
    """Make the people anew from the users.

    With `accept` the guard stops nothing, those leave whom it has stopped before, and those whom
    the system has never sent; with `dry_run` the result is what that would change.

    Raises:
        ConfigError: the findings about the users.
        Refusal: the guard stops it.
    """
    if accept and not dry_run:
        _let_go(tx)
    users, now = users_of(tx, without=held(tx) if dry_run else ()), office.clock.now()
    plan = plan_sync(
        tx,
        users.found,
        source=source,
        ids=office.ids,
        now=now,
        words=words,
        keep=() if accept or dry_run else users.unknown,
    )
    if dry_run:
        return plan.result()
    done = put_in_force(tx, plan, source=source, now=now, accept=accept)
    if accept:
        directory_news.settle(tx)
    return done


# ---------------------------------------------------------------------------- the guard


def held(tx: Tx) -> dict[str, str]:
    """Return the users whose leaving was stopped, and how the system wanted it."""
    found: dict[str, str] = json.loads(tx.settings.get(HELD) or "{}")
    return found


def hold(tx: Tx, office: Office, *, user: str, how: str) -> None:
    """Store that the guard has stopped the leaving of a user, and notify the administrators."""
    waiting = held(tx) | {user: how}
    tx.settings.put(HELD, json.dumps(waiting, sort_keys=True))
    people, bound = tx.people.directory().people, tx.entries.bound(SCIM)
    names = [people[bound[one]].id for one in waiting if one in bound]
    directory_news.tell_admins(tx, office, source=SCIM, leaving=sorted(names), earlier=0)


def release(tx: Tx, user: str) -> None:
    """Forget that the leaving of a user was stopped; the system has changed its mind."""
    waiting = held(tx)
    if waiting.pop(user, None):
        tx.settings.put(HELD, json.dumps(waiting, sort_keys=True))


def _let_go(tx: Tx) -> None:
    """Carry out what the guard has stopped."""
    waiting = held(tx)
    for user, how in waiting.items():
        entry = tx.entries.get(SCIM, user)
        if entry is not None:
            gone = replace(entry, data={**entry.data, "active": False})
            tx.entries.put([forgotten(entry) if how == DELETE else gone])
    if waiting:
        tx.settings.put(HELD, "{}")


def forgotten(entry: DirectoryEntry) -> DirectoryEntry:
    """Return a user who was deleted: whose person it was stays, so that nobody else becomes it."""
    return replace(entry, kind="gone", name="", external="", data={})


# ---------------------------------------------------------------------------- users


def _ids(active: Sequence[DirectoryEntry], directory: Directory) -> dict[str, str]:
    """Return an id for each user: the part before the @, or all of it if two share that."""
    short = {one.id: _plain(one.data["userName"].partition("@")[0]) for one in active}
    whole = {one.id: _plain(one.data["userName"].replace("@", ".")) for one in active}
    shared = Counter(name.lower() for name in short.values())
    given: dict[str, str] = {}
    for one in active:
        person = directory.people.get(one.person or "")
        kept = person.id if person is not None else ""
        if shared[short[one.id].lower()] == 1 or kept == short[one.id]:
            given[one.id] = short[one.id]
        else:
            taken = any(short[one.id].lower() == name.lower() for name in given.values())
            first = not taken and not _held_by_other(short[one.id], one, active, directory)
            given[one.id] = short[one.id] if first and kept != whole[one.id] else whole[one.id]
    return given


def _held_by_other(
    name: str, one: DirectoryEntry, active: Sequence[DirectoryEntry], directory: Directory
) -> bool:
    holder = directory.by_id(name)
    return holder is not None and any(
        other.person == holder.key for other in active if other.id != one.id
    )


def _plain(text: str) -> str:
    """Return a user name as an id may be."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")


def _named(entries: Sequence[DirectoryEntry]) -> dict[str, str]:
    """Return the ids of users by everything that another may name them with."""
    named: dict[str, str] = {}
    for one in entries:
        for name in (one.name, one.external.lower(), one.id.lower()):
            if name:
                named[name] = one.id
    return named


def _groups(tx: Tx) -> dict[str, list[str]]:
    """Return the names of the groups of each user."""
    groups: dict[str, list[str]] = {}
    for group in tx.entries.all(SCIM, "group"):
        for member in group.data.get("members", ()):
            groups.setdefault(member["value"], []).append(group.data["displayName"])
    return groups


def _person(
    entry: DirectoryEntry, name: str, named: Mapping[str, str], groups: Sequence[str]
) -> FoundPerson:
    data = entry.data
    more = data.get(ENTERPRISE, {})
    boss = str(more.get("manager", {}).get("value", ""))
    zone = data.get("timezone", "")
    values = {
        "id": name,
        "name": _full_name(data),
        "email": _mail(data),
        "title": data.get("title", ""),
        "language": data.get("preferredLanguage") or data.get("locale", ""),
        "timezone": zone if known_zone(zone) else "",
    }
    return FoundPerson(
        id=entry.id,
        where=data["userName"],
        values=values,
        department=more.get("department", ""),
        manager=named.get(boss.lower(), boss),
        groups=frozenset(groups),
        labels=_LABELS,
    )


def _full_name(data: Mapping[str, Any]) -> str:
    name = data.get("name", {})
    parts = " ".join(filter(None, (name.get("givenName"), name.get("familyName"))))
    return str(data.get("displayName") or name.get("formatted") or parts or data["userName"])


def _mail(data: Mapping[str, Any]) -> str:
    """Return the primary address, else that of work, else any; a user name may be one."""
    mails = [one for one in data.get("emails", ()) if one.get("value")]
    mails.sort(key=lambda one: (not one.get("primary"), one.get("type") != "work"))
    if mails:
        return str(mails[0]["value"])
    name = str(data["userName"])
    return name if "@" in name else ""


def _not_among(unknown: Sequence[Person], found: Sequence[FoundPerson]) -> Iterator[Person]:
    """Yield the people whom no new user will turn out to be."""
    ids = {one.values["id"].lower() for one in found}
    mails = {one.values["email"].lower() for one in found} - {""}
    for one in unknown:
        if one.id.lower() not in ids and one.email.lower() not in mails:
            yield one
