"""The directory: people, departments, accounts and absences.

Reading it for every decision would be slow, so the last directory is cached with the number of the
change that produced it. Each transaction that changes people increments that number; a unit that
has changed people reads its own changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    Text,
    bindparam,
    cast,
    delete,
    select,
    update,
)
from sqlalchemy import Integer as Int

from storage import tables as t
from storage.directory_rows import absence as absence_row
from storage.directory_rows import person as person_row
from storage.journal import Journal
from storage.login_tables import login_links, login_sessions
from storage.prepared import Prepared
from storage.statements import InEach, upsert
from storage.survey_tables import employee_survey_people
from workflows.case.effects import ACCOUNT
from workflows.case.events import SYSTEM
from workflows.directory import Absence, Department, Directory, Person
from workflows.moments import Moment

_CHANGES = "directory_changes"  # a row of `settings`

_PERSON_FIELDS = tuple(name for name in Person.__dataclass_fields__ if name in t.people.c)
_DEPARTMENT_FIELDS = tuple(Department.__dataclass_fields__)
_ABSENCE_FIELDS = tuple(Absence.__dataclass_fields__)

_NOBODY: frozenset[str] = frozenset()
_PEOPLE = select(t.people).order_by(t.people.c.key)
_ACCOUNTS = select(t.accounts).order_by(t.accounts.c.person, t.accounts.c.platform)
_DEPARTMENTS = select(t.departments).order_by(t.departments.c.id)
_ABSENCES = select(t.absences).order_by(t.absences.c.starts_at, t.absences.c.id)
_COUNT = Prepared(select(t.settings.c.value).where(t.settings.c.name == _CHANGES))
_COUNT_ON = InEach(
    lambda insert: (
        insert(t.settings)
        .values(name=_CHANGES, value="1")
        .on_conflict_do_update(
            index_elements=[t.settings.c.name],
            set_={"value": cast(cast(t.settings.c.value, Int) + 1, Text)},
        )
    )
)
_PUT_PERSON = upsert(t.people, update=(name for name in _PERSON_FIELDS if name != "key"))
_IDS = select(t.people.c.id, t.people.c.key)
_FREE_IDS = update(t.people).values(id=t.people.c.key)
_LEAVE = (
    update(t.people)
    .where(t.people.c.key.not_in(bindparam("stay", expanding=True)))
    .values(active=False)
)
_PUT_DEPARTMENT = upsert(t.departments, update=("name_zh", "name_en", "head"))
_NO_DEPARTMENT = delete(t.departments).where(
    t.departments.c.id.not_in(bindparam("stay", expanding=True))
)
_UNLINK = delete(t.accounts).where(
    t.accounts.c.person == bindparam("of"), t.accounts.c.platform == bindparam("on_platform")
)
_UNLINK_ALL = delete(t.accounts).where(t.accounts.c.person == bindparam("of"))
_LINK = upsert(t.accounts, update=("person",))
_NOTE = (
    update(t.accounts)
    .where(
        t.accounts.c.platform == bindparam("on_platform"),
        t.accounts.c.account == bindparam("of_account"),
    )
    .values(language=bindparam("speaks"), timezone=bindparam("lives_in"))
)
_PUT_ABSENCE = upsert(t.absences, update=_ABSENCE_FIELDS[1:])
_END_ABSENCE = (
    update(t.absences)
    .where(t.absences.c.id == bindparam("absence"))
    .values(ends_at=bindparam("end", type_=BigInteger))
)
_FORGET_PERSON = (
    update(t.people)
    .where(t.people.c.key == bindparam("of"))
    .values(
        id=t.people.c.key,
        name="",
        name_en="",
        title="",
        title_en="",
        email="",
        language="",
        timezone="",
        active=False,
    )
)
_FORGET_MESSAGES = tuple(
    delete(table).where(table.c.person == bindparam("of"))
    for table in (
        *(t.outbox, t.messages, t.mails, t.chat_messages, t.drafts),
        *(t.link_codes, t.link_notices, login_links, login_sessions, employee_survey_people),
    )
)
_FORGET_SAID = delete(t.chat_messages).where(t.chat_messages.c.author == bindparam("of"))
_OWNER = select(t.accounts.c.person).where(
    t.accounts.c.platform == bindparam("on_platform"),
    t.accounts.c.account == bindparam("of_account"),
)
_THEIR_ACCOUNTS = select(t.accounts.c.platform, t.accounts.c.account).where(
    t.accounts.c.person == bindparam("of")
)
_FORMER_ACCOUNTS = select(
    t.link_notices.c.platform, t.link_notices.c.account, t.link_notices.c.former
).where(t.link_notices.c.person == bindparam("of"))
_FORGET_ACCOUNT = tuple(
    delete(table).where(table.c.person == bindparam("address")) for table in (t.outbox, t.messages)
)
_FORGET_TRIES = delete(t.link_tries).where(t.link_tries.c.account == bindparam("of_account"))
_FORGET_ERRORS = tuple(
    update(table).where(table.c.error != "").values(error="") for table in (t.outbox, t.timers)
)


class DirectoryCache:
    """The directory that was read last, shared by all units of one database. Thread-safe."""

    def __init__(self) -> None:
        self._kept: tuple[str, dict[frozenset[str], Directory]] | None = None

    def get(self, change: str, admins: frozenset[str]) -> Directory | None:
        """Return the cached directory if it belongs to this change, else None."""
        kept = self._kept
        return kept[1].get(admins) if kept is not None and kept[0] == change else None

    def keep(self, change: str, admins: frozenset[str], directory: Directory) -> None:
        """Cache the directory of a change, instead of that of any other change."""
        kept = self._kept
        others = kept[1] if kept is not None and kept[0] == change else {}
        self._kept = (change, {**others, admins: directory})

    def clear(self) -> None:
        """Empty the cache; its directory may come from a transaction that was rolled back."""
        self._kept = None


class People:
    """The store of the directory. Each change is recorded with its actor `by` in the chain."""

    def __init__(
        self,
        connection: Connection,
        *,
        cache: DirectoryCache | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)
        self._cache = cache or DirectoryCache()
        self._changed = False
        self._seen: str | None = None

    def directory(self, *, admins: Iterable[str] = ()) -> Directory:
        """Return the directory. `admins` are ids from the configuration."""
        wanted = frozenset(admins)
        if self._changed:
            return _with_admins(self._read(), wanted)
        if self._seen is None:  # read once: a unit sees the same people throughout
            self._seen = _COUNT.scalar(self._connection) or ""
        directory = self._cache.get(self._seen, wanted)
        if directory is None:
            plain = self._cache.get(self._seen, _NOBODY) or self._read()
            directory = _with_admins(plain, wanted)
            self._cache.keep(self._seen, wanted, directory)
        return directory

    def replace(
        self,
        people: Sequence[Person],
        departments: Sequence[Department],
        *,
        by: str = SYSTEM,
        via: str = "",
    ) -> None:
        """Replace the whole directory. `via` is the source of the people, "" for a file.

        People who are not in it become inactive; keys do not change. An account given for a
        platform replaces the person's former account there; accounts on other platforms stay
        linked. An account given to another person is moved to them.
        """
        self._change()
        rows = [{name: getattr(person, name) for name in _PERSON_FIELDS} for person in people]
        for row in rows:
            row["roles"] = list(row["roles"])
        stay = [person.key for person in people]
        self._connection.execute(_LEAVE, {"stay": stay})
        self._free_ids(people)
        if rows:
            self._connection.execute(_PUT_PERSON.on(self._connection), rows)
        self._connection.execute(_NO_DEPARTMENT, {"stay": [one.id for one in departments]})
        if departments:
            self._connection.execute(
                _PUT_DEPARTMENT.on(self._connection),
                [{name: getattr(one, name) for name in _DEPARTMENT_FIELDS} for one in departments],
            )
        for person in people:
            for platform, account in sorted(person.accounts.items()):
                self._link(person.key, platform=platform, account=account)
        facts = {"via": via} if via else {}
        self._journal.record("PeopleImported", by=by, names=None, facts=facts)

    def link(
        self, key: str, *, platform: str, account: str, by: str = SYSTEM, how: str = "operator"
    ) -> None:
        """Link a person to an account, instead of the account they had on this platform.

        `how` is the means: "operator", "code" or "email".
        """
        self._change()
        place = {"on_platform": platform, "of_account": account}
        owners = {key, *self._connection.execute(_OWNER, place).scalars()}
        self._link(key, platform=platform, account=account)
        facts = {"platform": platform, "how": how, "person": key}
        names = [person_row(owner) for owner in owners]
        self._journal.record("AccountLinked", by=by, names=names, facts=facts)

    def _link(self, key: str, *, platform: str, account: str) -> None:
        self._connection.execute(_UNLINK, {"of": key, "on_platform": platform})
        self._connection.execute(
            _LINK.on(self._connection), {"person": key, "platform": platform, "account": account}
        )

    def note(self, *, platform: str, account: str, language: str, timezone: str) -> None:
        """Store the language and time zone that a platform reports; "" for unknown."""
        self._change()
        self._connection.execute(
            _NOTE,
            {
                "on_platform": platform,
                "of_account": account,
                "speaks": language,
                "lives_in": timezone,
            },
        )

    def unlink(self, key: str, *, platform: str, by: str = SYSTEM) -> None:
        """Remove a person's account on this platform."""
        self._change()
        self._connection.execute(_UNLINK, {"of": key, "on_platform": platform})
        facts = {"platform": platform, "person": key}
        self._journal.record("AccountUnlinked", by=by, names=[person_row(key)], facts=facts)

    def add_absence(self, absence: Absence, *, by: str = SYSTEM) -> None:
        """Store an absence; one with the same id is replaced."""
        self._change()
        row = {name: getattr(absence, name) for name in _ABSENCE_FIELDS}
        row["process"] = absence.process or None
        self._connection.execute(_PUT_ABSENCE.on(self._connection), row)
        self._journal.record("AbsenceSet", by=by, names=[absence_row(absence.id)])

    def end_absence(self, absence_id: str, *, at: Moment, by: str = SYSTEM) -> None:
        """End an absence at this time."""
        self._change()
        self._connection.execute(_END_ABSENCE, {"absence": absence_id, "end": at})
        self._journal.record("AbsenceEnded", by=by, names=[absence_row(absence_id)])

    def erase(self, key: str, *, files: Sequence[str] = (), by: str = SYSTEM) -> None:
        """Erase a person's name, address and accounts; the key remains and becomes inactive.

        Messages to the person are deleted too: in the outbox, the references to sent ones, and the
        playground's chat, including those to former accounts. The id contains the name, so the key
        replaces it. The error texts of other rows are emptied, because they may quote the person.
        `files` are the ids of the person's uploads, recorded in the event.
        """
        self._change()
        self._forget_accounts(key)
        self._connection.execute(_FORGET_PERSON, {"of": key})
        self._connection.execute(_UNLINK_ALL, {"of": key})
        for statement in (*_FORGET_MESSAGES, _FORGET_SAID):
            self._connection.execute(statement, {"of": key})
        for emptied in _FORGET_ERRORS:
            self._connection.execute(emptied)
        facts = {"person": key, "files": sorted(files)}
        self._journal.record("PersonErased", by=by, names=[person_row(key)], facts=facts)

    def _forget_accounts(self, key: str) -> None:
        """Delete what is addressed to an account of the person instead of the person."""
        found = {
            (row.platform, row.account)
            for row in self._connection.execute(_THEIR_ACCOUNTS, {"of": key})
        }
        for row in self._connection.execute(_FORMER_ACCOUNTS, {"of": key}):
            found |= {(row.platform, row.account), (row.platform, row.former)}
        for platform, account in sorted(found):
            for statement in _FORGET_ACCOUNT:
                self._connection.execute(statement, {"address": f"{ACCOUNT}{platform}:{account}"})
            self._connection.execute(_FORGET_TRIES, {"of_account": account})

    def _change(self) -> None:
        if not self._changed:
            self._journal.begin()
            self._changed = True
            self._connection.execute(_COUNT_ON.on(self._connection))

    def _free_ids(self, people: Sequence[Person]) -> None:
        """Give people whose id is about to change a temporary one, because two may swap ids."""
        wanted = {person.id: person.key for person in people}
        held = self._connection.execute(_IDS)
        moving = [key for name, key in held if name in wanted and wanted[name] != key]
        if moving:
            self._connection.execute(_FREE_IDS.where(t.people.c.key.in_(moving)))

    def _read(self) -> Directory:
        accounts: dict[str, dict[str, Any]] = {}
        for row in self._connection.execute(_ACCOUNTS):
            known = accounts.setdefault(row.person, {"accounts": {}})
            known["accounts"][row.platform] = row.account
            known["language_there"] = known.get("language_there") or row.language or ""
            known["timezone_there"] = known.get("timezone_there") or row.timezone or ""
        return Directory(
            people={
                row["key"]: _person(row, accounts.get(row["key"], {}))
                for row in self._connection.execute(_PEOPLE).mappings()
            },
            departments={
                row["id"]: Department(**row)
                for row in self._connection.execute(_DEPARTMENTS).mappings()
            },
            absences=tuple(
                Absence(**{**row, "process": row["process"] or ""})
                for row in self._connection.execute(_ABSENCES).mappings()
            ),
        )


def _with_admins(directory: Directory, wanted: frozenset[str]) -> Directory:
    """Return the directory with the administrators that have these ids."""
    if not wanted:
        return directory
    keys = frozenset(key for key, person in directory.people.items() if person.id in wanted)
    return dataclasses.replace(directory, admins=keys)


def _person(row: RowMapping, linked: Mapping[str, Any]) -> Person:
    fields: dict[str, Any] = dict(row)
    fields["roles"] = tuple(fields["roles"])
    return Person(**fields, **linked)
