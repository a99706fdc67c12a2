"""What use cases need beside a transaction: company, calendar, clock, ids, definitions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, Protocol, get_args
from zoneinfo import ZoneInfo

from storage.unit import Tx
from workflows.calendar import QuietHours, WorkCalendar
from workflows.case.events import Event
from workflows.case.state import Case
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.loading import Loaded, load_definition
from workflows.moments import Moment
from workflows.ports import Ids, TimeSource
from workflows.records import StoredDefinition
from workflows.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company as the configuration describes it."""

    name: str
    name_en: str = ""  # where it differs
    language: str  # "zh" or "en"
    timezone: str
    admins: tuple[str, ...]  # readable ids
    quiet: QuietHours | None = None

    def name_in(self, language: str) -> str:
        """Return the company's name in a language."""
        return self.name_en or self.name if language == "en" else self.name

    def language_of(self, person: Person | None) -> str:
        """Return the language of a person: their own, else their account's, else the company's."""
        if person is None:
            return self.language
        return person.language or person.language_there or self.language

    def zone_of(self, person: Person | None) -> ZoneInfo:
        """Return the time zone of a person: their own, else their account's, else the company's.

        A zone that a platform reports and this machine does not know is ignored.
        """
        said = (person.timezone, person.timezone_there) if person is not None else ()
        zones = (known_zone(name) for name in (*said, self.timezone))
        return next(zone for zone in zones if zone is not None)

    def awake(self, person: Person | None, now: Moment) -> Moment:
        """Return when this person may get a quiet message: now, or at the end of quiet hours."""
        if self.quiet is None:
            return now
        return self.quiet.release(now, self.zone_of(person).key)


@lru_cache(maxsize=256)
def known_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of an IANA name, or None for "" and for an unknown name."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


class Shelf:
    """A cache of parsed definitions by hash; a published version never changes."""

    MOST = 64

    def __init__(self) -> None:
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()
        self._first: dict[str, Release] = {}

    def get(self, tx: Tx, hash: str) -> Loaded:
        """Return the definition with this hash. Raises Refusal when it is not stored."""
        found = self._loaded.get(hash)
        if found is None:
            stored = tx.definitions.get(hash)
            if stored is None:
                raise Refusal("definition_unknown", hash=hash[:12])
            found = self.load(stored)
        return found

    def of(self, tx: Tx, case: Case) -> Loaded:
        """Return the definition of a case; it has nodes of the earlier ones of the case too."""
        return (
            self.moved(tx, case, case.definition) if case.earlier else self.get(tx, case.definition)
        )

    def moved(self, tx: Tx, case: Case, hash: str) -> Loaded:
        """Return the definition with this hash for a case that has, or had, others."""
        earlier = [before for before, _ in reversed(case.earlier)]
        if hash != case.definition:
            earlier.insert(0, case.definition)
        return self.get(tx, hash).following(self.get(tx, one) for one in earlier)

    def load(self, stored: StoredDefinition) -> Loaded:
        """Return a stored definition, parsed at its first use."""
        found = self._loaded.get(stored.hash)
        if found is None:
            found = load_definition(stored.text, file=f"{stored.key}.toml")
            self._put(stored.hash, found)
        return found

    def change_of(self, tx: Tx, hash: str) -> Release | None:
        """Return the first release of a version by its hash, if a change of the process opened it.

        None for a version that was first put in force without a second person, as from the shell.
        """
        first = self._first.get(hash) or tx.releases.first_of(hash)
        if first is None:
            return None
        self._first[hash] = first  # which never changes, unlike later releases of the same text
        return first if first.second else None

    def draft(self, sha256: str) -> Loaded | None:
        """Return the definition of a draft by the hash of its file, or None if it was not read."""
        return self._loaded.get(f"draft:{sha256}")

    def put_draft(self, sha256: str, loaded: Loaded) -> None:
        """Keep the definition of a draft that was read, until others have taken its place."""
        self._put(f"draft:{sha256}", loaded)

    def _put(self, key: str, loaded: Loaded) -> None:
        self._loaded[key] = loaded
        while len(self._loaded) > self.MOST:
            self._loaded.popitem(last=False)


class SecurityWatch(Protocol):
    """Records security events, such as a press of a button that was never shown."""

    def note(self, event: str, /, **facts: object) -> None:
        """Record an event, after its transaction."""
        ...


class Unwatched:
    """A `SecurityWatch` that records nothing; for the command line and most tests."""

    def note(self, event: str, /, **facts: object) -> None:
        """Do nothing."""


HookType = Literal["case.started", "task.opened", "task.completed", "case.escalated", "case.closed"]
HOOK_TYPES: tuple[HookType, ...] = get_args(HookType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A system that gets webhooks: the id of its address, and the types that it wants."""

    target: str
    types: frozenset[HookType]


MailWay = Literal["send", "show", "off"]


class MailWriter(Protocol):
    """Writes the mails of definitions, and records in the case what it wrote."""

    @property
    def way(self) -> MailWay:
        """Whether mails are sent, or only shown in the history."""
        ...

    def follow(
        self, tx: Tx, office: Office, before: Case | None, case: Case, events: Sequence[Event]
    ) -> Case:
        """Write the mails that events of a decision lead to; return the case afterwards."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one person may upload within 24 hours."""

    uploads: int = 100
    upload_bytes: int = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The dependencies of every use case."""

    clock: TimeSource
    ids: Ids
    company: Company
    calendar: WorkCalendar
    shelf: Shelf = field(default_factory=Shelf)
    watch: SecurityWatch = field(default_factory=Unwatched)
    limits: Limits = field(default_factory=Limits)
    hooks: tuple[Hook, ...] = ()  # other systems that get webhooks
    mailing: MailWriter | None = None
    public_url: str = ""  # under which people reach the web server; "" if nobody does
    survey_key: Callable[[], bytes] = bytes  # returns the key that seals anonymous answers

    def directory(self, tx: Tx) -> Directory:
        """Return the directory, with the administrators of the configuration."""
        return tx.people.directory(admins=self.company.admins)
