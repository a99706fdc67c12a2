"""Reads people and groups from an LDAP server: all of them, or an error.

The library is synchronous; `read_directory` runs it in a daemon thread, so that a server that does
not answer never delays the end of the process. Every answer has a time limit, and so has the whole.
A reading is an error as soon as one answer is not complete: people who are missing from an answer
would count as people who have left.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.directory_settings import Ldap
from workflows.errors import Refusal

T = TypeVar("T")

PAGED = "1.2.840.113556.1.4.319"  # simple paged results, RFC 2696
WHOLE_S = 10 * 60.0  # for one reading
MOST_PEOPLE = 200_000
MOST_GROUPS = 1000  # that are looked into for one role
_MEMBERS = ("member", "uniqueMember", "memberUid")
_GROUPS = "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
_GUID = 16  # bytes of an objectGUID

# What went wrong, by the result that the server gave.
_CODES = {
    3: "time_limit",
    4: "size_limit",
    10: "referral",
    11: "size_limit",
    32: "no_base",
    49: "credentials",
    50: "not_allowed",
}


class DirectoryUnreadable(Refusal):
    """A reading that failed or is not complete. Nothing may be changed after it."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(f"ldap_{why}", **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the server: its attributes by their names in lower case."""

    dn: str
    values: Mapping[str, tuple[bytes, ...]]

    def first(self, *names: str) -> str:
        """Return the first value of the first of these attributes that has any, or ""."""
        return next((value for name in names for value in self.all(name) if value), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of an attribute as text; one of 16 bytes that is none is a GUID."""
        return tuple(map(_text, self.values.get(name.lower(), ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: the entries of people, and the members of each group that was asked for.

    A member is a name in lower case as `plain_dn` writes it, or the id of a user.
    """

    people: tuple[Entry, ...]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        if len(value) == _GUID:
            return str(uuid.UUID(bytes_le=value))
        return value.decode("utf-8", "replace").strip()


def guid(value: bytes) -> str:
    """Return the text of an objectGUID, whose bytes may be text by chance."""
    return str(uuid.UUID(bytes_le=value)) if len(value) == _GUID else _text(value)


async def read_directory(settings: Ldap) -> Reading:
    """Read the people and the groups of the configuration.

    Raises:
        DirectoryUnreadable: nothing was read, or not all.
    """
    return await _in_thread(lambda: _Reader(settings).read())


async def _in_thread(work: Callable[[], T]) -> T:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as found:  # noqa: BLE001 - it is raised where somebody waits
            error = found
        try:
            loop.call_soon_threadsafe(settle, result, error)
        except RuntimeError:  # the loop has ended meanwhile
            return

    threading.Thread(target=run, name="ldap", daemon=True).start()
    return await done


class _Reader:
    """One connection to the server."""

    def __init__(self, settings: Ldap) -> None:
        with warnings.catch_warnings():
            # It uses names of pyasn1 that are to go; pyproject.toml bounds the version.
            warnings.simplefilter("ignore", DeprecationWarning)
            import ldap3
            import ldap3.core.exceptions

        self._ldap: Any = ldap3
        self._errors: Any = ldap3.core.exceptions
        self._settings = settings
        self._until = time.monotonic() + WHOLE_S
        self._connection: Any = None

    def read(self) -> Reading:
        """Read everything and close the connection."""
        try:
            self._open()
            people = tuple(self._people())
            return Reading(people=people, members=self._groups(people))
        except self._errors.LDAPException as error:
            raise DirectoryUnreadable(self._why(error), reason=_plain(error)) from error
        except (OSError, EOFError) as error:
            raise DirectoryUnreadable("connection", reason=_plain(error)) from error
        finally:
            self._close()

    def _open(self) -> None:
        settings, ldap = self._settings, self._ldap
        host, port = settings.address
        sealed = settings.url.startswith("ldaps://")
        tls = self._tls() if sealed or settings.starttls else None
        server = ldap.Server(
            host,
            port=port,
            use_ssl=sealed,
            tls=tls,
            get_info=ldap.NONE,
            connect_timeout=settings.timeout_s,
        )
        password = settings.password.get_secret_value() if settings.password else None
        self._connection = ldap.Connection(
            server,
            user=settings.bind_dn or None,
            password=password,
            authentication=ldap.SIMPLE if settings.bind_dn else ldap.ANONYMOUS,
            auto_referrals=False,
            check_names=False,
            read_only=True,
            receive_timeout=settings.timeout_s,
        )
        self._connection.open()
        if settings.starttls and not self._connection.start_tls():
            raise DirectoryUnreadable("tls", reason=self._said())
        if not self._connection.bind():
            raise self._failed(settings.bind_dn)

    def _tls(self) -> Any:
        """Return how connections are encrypted: by the standard library, which checks the name.

        What the client library would call for that is gone from Python 3.12.
        """
        file = self._settings.ca_file

        class Sealed(self._ldap.Tls):  # type: ignore[misc, name-defined]
            def wrap_socket(self, connection: Any, **_: object) -> None:
                context = ssl.create_default_context(cafile=file)
                host = connection.server.host
                connection.socket = context.wrap_socket(connection.socket, server_hostname=host)

        return Sealed(validate=ssl.CERT_REQUIRED)

    def _close(self) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(self._errors.LDAPException, OSError):
            self._connection.unbind()
        if self._connection.socket is not None:  # it was never connected
            self._connection.socket.close()

    # ------------------------------------------------------------------ people

    def _people(self) -> Iterator[Entry]:
        names = {"userAccountControl", *self._attributes()}
        count = 0
        for base in self._settings.base:
            for entry in self._search(base, self._settings.people_filter, names):
                count += 1
                if count > MOST_PEOPLE:
                    raise DirectoryUnreadable("too_many", most=MOST_PEOPLE)
                yield entry

    def _attributes(self) -> Iterator[str]:
        from bot.directory_settings import FIELDS

        for name in FIELDS:
            yield from (one for one in self._settings.names_of(name) if ":" not in one)

    def _search(self, base: str, wanted: str, names: set[str]) -> Iterator[Entry]:
        """Yield the entries below a base, page by page; every page must be there."""
        cookie: bytes | None = None
        while True:
            if time.monotonic() > self._until:
                raise DirectoryUnreadable("time_limit", base=base)
            self._connection.search(
                base,
                wanted,
                search_scope=self._ldap.SUBTREE,
                attributes=sorted(names),
                paged_size=self._settings.page_size,
                paged_criticality=True,
                paged_cookie=cookie,
            )
            if self._connection.result["result"] != 0:
                raise self._failed(base)
            yield from self._entries(base)
            control = (self._connection.result.get("controls") or {}).get(PAGED)
            if control is None:
                raise DirectoryUnreadable("no_pages", base=base)
            cookie = control["value"]["cookie"]
            if not cookie:
                return

    def _entries(self, base: str) -> Iterator[Entry]:
        for one in self._connection.response or ():
            if one["type"] == "searchResRef":
                if self._settings.refuses_referrals:
                    raise DirectoryUnreadable("referral", base=base, to=", ".join(one["uri"]))
                continue
            raw = one["raw_attributes"]
            yield Entry(
                dn=one["dn"],
                values={name.lower(): tuple(raw[name]) for name in raw if raw[name]},
            )

    # ------------------------------------------------------------------ groups

    def _groups(self, people: tuple[Entry, ...]) -> Mapping[str, frozenset[str]]:
        """Return the members of the groups that the configuration names, groups in them too."""
        rules, known = self._settings, {plain_dn(entry.dn) for entry in people}
        wanted = [name for name in {**rules.roles, **rules.departments} if "=" in name]
        return {group: frozenset(self._members(group, known)) for group in wanted}

    def _members(self, group: str, known: set[str]) -> Iterator[str]:
        waiting, seen = [group], {plain_dn(group)}
        while waiting:
            current = waiting.pop()
            entry = self._one(current, "(objectClass=*)" if current == group else _GROUPS)
            if entry is None:
                if current == group:
                    raise DirectoryUnreadable("no_group", group=group)
                continue
            for member in self._all_members(entry):
                name = plain_dn(member)
                yield name
                if "=" in member and name not in known and name not in seen:
                    seen.add(name)
                    waiting.append(member)
            if len(seen) > MOST_GROUPS:
                raise DirectoryUnreadable("too_many_groups", group=group, most=MOST_GROUPS)

    def _one(self, dn: str, wanted: str, names: tuple[str, ...] = _MEMBERS) -> Entry | None:
        self._connection.search(dn, wanted, search_scope=self._ldap.BASE, attributes=list(names))
        result = self._connection.result["result"]
        if result == 32:  # noqa: PLR2004 - noSuchObject
            return None
        if result != 0:
            raise self._failed(dn)
        return next(self._entries(dn), None)

    def _all_members(self, entry: Entry) -> Iterator[str]:
        """Yield the members of a group; Active Directory gives those of a large one in parts."""
        for name in tuple(entry.values):
            attribute, _, part = name.partition(";range=")
            if attribute not in map(str.lower, _MEMBERS):
                continue
            yield from entry.all(name)
            while part and not part.endswith("*"):
                start = int(part.partition("-")[2]) + 1
                further = self._one(entry.dn, "(objectClass=*)", (f"{attribute};range={start}-*",))
                found = [one for one in (further.values if further else ()) if ";range=" in one]
                if further is None or not found:
                    raise DirectoryUnreadable("no_pages", base=entry.dn)
                yield from further.all(found[0])
                part = found[0].partition(";range=")[2]

    # ------------------------------------------------------------------ what went wrong

    def _failed(self, base: str) -> DirectoryUnreadable:
        result = self._connection.result
        why = _CODES.get(result["result"], "result")
        return DirectoryUnreadable(why, base=base, reason=self._said())

    def _said(self) -> str:
        result = self._connection.result
        said = str(result.get("message") or "").strip()
        return f"{result.get('description', '')} {said}".strip()

    def _why(self, error: Exception) -> str:
        errors = self._errors
        if isinstance(error, errors.LDAPInvalidFilterError):
            return "filter"
        if isinstance(error, errors.LDAPStartTLSError | errors.LDAPSSLConfigurationError):
            return "tls"
        return "connection"


def _plain(error: Exception) -> str:
    """Return what an error says in one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def plain_dn(name: str) -> str:
    """Return a distinguished name as it is compared: lower case, without needless escapes."""
    parts = []
    for part in _split(name):
        attribute, _, value = part.partition("=")
        parts.append(f"{attribute.strip()}={_unescaped(value.strip())}" if value else part.strip())
    return ",".join(parts).lower()


def _split(name: str) -> Iterator[str]:
    start, escaped = 0, False
    for index, sign in enumerate(name):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == ",":
            yield name[start:index]
            start = index + 1
    yield name[start:]


def _unescaped(value: str) -> str:
    """Return a value of a name without escapes; commas stay escaped."""
    plain, index = bytearray(), 0
    while index < len(value):
        sign = value[index]
        code = value[index + 1 : index + 3]
        if sign == "\\" and len(code) == 2 and all(one in "0123456789abcdefABCDEF" for one in code):  # noqa: PLR2004
            plain += bytes([int(code, 16)])
            index += 3
        elif sign == "\\" and code:
            plain += code[:1].encode()
            index += 2
        else:
            plain += sign.encode()
            index += 1
    return plain.decode("utf-8", "replace").replace(",", "\\,")


def ou_of(name: str) -> str:
    """Return the nearest organizational unit in a distinguished name, or ""."""
    parts = (part.partition("=") for part in _split(name))
    return next(
        (
            _unescaped(value.strip()).replace("\\,", ",")
            for key, _, value in parts
            if key.strip().lower() == "ou"
        ),
        "",
    )
