"""Turns the users of another directory into the records of `people.toml`.

What the source does not know is kept: linked accounts, roles that no group decides about, and
titles, languages and other fields that it has no value for. People are recognised by an id that
never changes there.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.directory_settings import PeopleRules
from bot.findings import ConfigSource, Findings, Keys, spell
from bot.people_file import PeopleFile, read_records
from handlers.i18n import Translator
from workflows.directory import Department, Directory, Person

KEPT = ("name_en", "title", "title_en", "email", "language", "timezone")
FOLLOWED = ("email",)  # of these, those that are emptied when they are empty there
_SLUG = 40
_HASHED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A user as the source has it.

    `values` has the fields of a person that the source knows, also empty ones. `manager` is the id
    of another user there. `where` names the user in messages, `labels` the attributes by field.
    """

    id: str
    where: str
    values: Mapping[str, str]
    department: str = ""
    manager: str = ""
    groups: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The records of a source.

    `known` are the keys of people by their ids in the records, "" for a new person; `users` the
    ids in the source by them. `no_manager` are those whose manager is not among the people.
    """

    file: PeopleFile
    known: Mapping[str, str]
    users: Mapping[str, str]
    no_manager: tuple[str, ...] = ()


def draft_of(
    found: Sequence[FoundPerson],
    *,
    rules: PeopleRules,
    current: Directory,
    bound: Mapping[str, str],
    source: str,
    words: Translator,
    keep: Iterable[Person] = (),
) -> Draft:
    """Return the records of a source, with the people to `keep` that it does not have.

    Args:
        bound: the keys of people by their ids in the source.
        source: what the source is called in messages.

    Raises:
        ConfigError: the findings, each with the user and the attribute.
    """
    kept = tuple(keep)
    keys = _recognised(found, current=current, bound=bound)
    names = {one.id: one.values.get("id", "") for one in found}
    departments = _Departments(rules, current)
    rows = [
        _row(one, current.people.get(keys[one.id]), departments, names=names, rules=rules)
        for one in found
    ]
    ids = {key: names[one] for one, key in keys.items() if key}
    ids |= {person.key: person.id for person in kept}
    rows += [_kept_row(person, ids) for person in kept]
    data = {"people": rows, "departments": departments.rows(rows, ids)}
    findings = _SourceFindings(
        source=ConfigSource(file=source, data=data), words=words, found_people=tuple(found)
    )
    if not rows:
        findings.add("nobody_found", ())
        findings.throw()
    return Draft(
        file=read_records(findings, departments=departments.known),
        known={names[one]: key for one, key in keys.items()}
        | {person.id: person.key for person in kept},
        users={name: one for one, name in names.items()},
        no_manager=tuple(
            sorted(names[one.id] for one in found if one.manager and one.manager not in names)
        ),
    )


def _recognised(
    found: Sequence[FoundPerson], *, current: Directory, bound: Mapping[str, str]
) -> dict[str, str]:
    """Return the key of each user, "" for a new person.

    Without a binding it is whoever has the id or the address and is active or was never bound; so
    a user name that was given again after somebody left does not bring them back.
    """
    taken = {bound[one.id] for one in found if one.id in bound}
    once_bound = set(bound.values())
    ids = {person.id.lower(): person for person in current.people.values()}
    mails = {
        person.email.lower(): person
        for person in current.people.values()
        if person.email and person.active and person.key not in once_bound
    }
    keys: dict[str, str] = {}
    for one in found:
        key = bound.get(one.id, "")
        if not key:
            named = ids.get(one.values.get("id", "").lower())
            if named is not None and not named.active and named.key in once_bound:
                named = None
            named = named or mails.get(one.values.get("email", "").lower())
            key = named.key if named is not None and named.key not in taken else ""
            taken.add(key)
        keys[one.id] = key
    return keys


def _row(
    one: FoundPerson,
    before: Person | None,
    departments: _Departments,
    *,
    names: Mapping[str, str],
    rules: PeopleRules,
) -> dict[str, Any]:
    """Return a person as a table of `people.toml`."""
    row: dict[str, Any] = {name: value for name, value in one.values.items() if value}
    for name in KEPT:
        unknown = name not in one.values or (name not in FOLLOWED and not one.values[name])
        if before is not None and unknown:
            row[name] = getattr(before, name)
    if "language" in row and row["language"] not in ("zh", "en"):
        row["language"] = _language(row["language"])
    row["department"] = departments.of(one, before)
    row["manager"] = names.get(one.manager, "")
    own = before.roles if before is not None else ()
    given = [role for group in rules.roles for role in rules.roles[group] if group in one.groups]
    roles = [*(role for role in own if role not in rules.governed), *given]
    row["roles"] = list(dict.fromkeys(roles))
    return {name: value for name, value in row.items() if value or name == "manager"}


def _kept_row(person: Person, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return a person whom the source does not have as they are; `ids` are those here by key."""
    fields = {name: getattr(person, name) for name in ("id", "name", "department", *KEPT)}
    return {**fields, "roles": list(person.roles), "manager": ids.get(person.manager, "")}


def _language(tag: str) -> str:
    """Return the language of a tag such as "zh-CN, en;q=0.8" if it is one of ours, or ""."""
    start = tag.strip()[:2].lower()
    return start if start in ("zh", "en") else ""


class _Departments:
    """The departments of the directory, and those that the source names besides."""

    def __init__(self, rules: PeopleRules, current: Directory) -> None:
        self._rules = rules
        self._current = current
        self._by_name: dict[str, str] = {}
        for one in current.departments.values():
            for name in (one.name_en, one.name_zh, one.id):
                self._by_name[name.casefold()] = one.id
        self._mapped = {name.casefold(): one for name, one in rules.departments.items()}
        self._new: dict[str, str] = {}

    @property
    def known(self) -> Collection[str]:
        """The ids that people may belong to."""
        return {*self._current.departments, *self._new}

    def of(self, one: FoundPerson, before: Person | None) -> str:
        """Return the id of a user's department."""
        groups = (name for name in self._rules.departments if name in one.groups)
        text = one.department or next(groups, "")
        if not text:
            unknown = "department" not in one.labels and before is not None
            found = before.department if unknown and before is not None else ""
            return self._there(found or self._rules.default_department)
        name = text.casefold()
        mapped = self._mapped.get(name)
        if mapped is not None:
            return self._there(mapped, text)
        if name not in self._by_name:
            self._by_name[name] = self._slug(text)
            self._new[self._by_name[name]] = text
        return self._by_name[name]

    def _there(self, key: str, name: str = "") -> str:
        if key and key not in self._current.departments:
            self._new.setdefault(key, name or key)
        return key

    def _slug(self, text: str) -> str:
        """Return an id for the name of a new department."""
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_SLUG]
        if re.match("[a-z]", slug) and text.isascii() and slug not in self.known:
            return slug
        return f"d-{hashlib.sha256(text.casefold().encode()).hexdigest()[:_HASHED]}"

    def rows(
        self, people: Sequence[Mapping[str, Any]], ids: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """Return the departments as tables of `people.toml`, each with its head."""
        new = [Department(id=one, name_zh=name, name_en=name) for one, name in self._new.items()]
        return [
            {
                "id": one.id,
                "name": {"zh": one.name_zh, "en": one.name_en},
                "head": self._head(one, ids.get(one.head, ""), people),
            }
            for one in (*self._current.departments.values(), *new)
        ]

    def _head(self, one: Department, head: str, people: Sequence[Mapping[str, Any]]) -> str:
        """Return who heads a department: as configured, as before, or as reporting lines say.

        By these it is the only member who reports to nobody of the department, if others do. A
        head who reports to somebody of the department is none any more.
        """
        if one.id in self._rules.heads:
            return self._rules.heads[one.id]
        members = {row.get("id", ""): row["manager"] for row in people}
        inside = {row.get("id", "") for row in people if row.get("department") == one.id}
        tops = {name for name in inside if members[name] not in inside}
        if head and (head in tops or head not in inside):
            return head
        if len(tops) == 1 and len(inside) > 1:
            return str(next(iter(tops)))
        return head


@dataclass(frozen=True, kw_only=True)
class _SourceFindings(Findings):
    """Findings that name the user and the attribute instead of the line."""

    found_people: tuple[FoundPerson, ...] = ()

    def add(self, code: str, keys: Keys, /, *, where: str = "", **facts: object) -> None:
        """Add a finding; one about a user says which and where it comes from."""
        code = {"repeated": "repeated_there", "missing": "missing_there"}.get(code, code)
        super().add(code, keys, where=where or " ".join(self._named(keys)), **facts)

    def place(self, keys: Keys) -> object:
        """Return the user that a path of keys is about."""
        return next(self._named(keys), "")

    def _named(self, keys: Keys) -> Iterator[str]:
        if keys[:1] != ("people",) or len(keys) == 1:
            yield spell(keys, self.source.data)
            return
        index = keys[1]
        if not isinstance(index, int) or index >= len(self.found_people):
            yield str(self.source.data["people"][index]["id"])
            return
        one = self.found_people[index]
        yield one.where
        if len(keys) > 2:  # noqa: PLR2004
            yield f"[{one.labels.get(str(keys[2]), keys[2])}]"
