"""What the use cases need of the outside, as Protocols: time, ids, and one transaction's stores.

A **unit** is a plain synchronous function of a `Tx`. `Database.run(unit)` executes it whole, in one
transaction, perhaps again after a `Conflict`; when the awaitable returns, the unit is durable. A
unit must not do anything but through its `Tx`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from workflows.directory import Absence, Department, Directory, Person
from workflows.events import SYSTEM
from workflows.message_ports import (
    ChatLog,
    DeadLetters,
    Digests,
    Drafts,
    Inbox,
    LinkCodes,
    Outbox,
)
from workflows.records import (
    CaseQuery,
    CaseRow,
    ChainedEvent,
    Change,
    Content,
    DueTimer,
    Head,
    StoredDefinition,
    StoredFile,
    TaskRow,
)
from workflows.state import Case

T = TypeVar("T")


class Clock(Protocol):
    """The time of day. Always aware, always UTC."""

    def now(self) -> datetime:
        """The instant of now."""
        ...


class Ids(Protocol):
    """Where opaque names and salts come from."""

    def new(self, kind: str) -> str:
        """A new opaque id, `<kind>_<random>`, never given before."""
        ...

    def salt(self) -> str:
        """128 random bits in hexadecimal."""
        ...


class CaseStore(Protocol):
    """Cases with their events, tasks and timers."""

    def next_id(self, *, prefix: str, year: int) -> str:
        """The next free case number, e.g. C-2026-0042. Numbers are never given twice."""
        ...

    def load(self, case_id: str, *, lock: bool = True) -> Case | None:
        """The snapshot of a case, locked against other units until this one ends."""
        ...

    def save(self, change: Change) -> None:
        """Append events to the chain; write snapshot, tasks, timers. Conflict if too slow."""
        ...

    def events(self, case_id: str) -> tuple[ChainedEvent, ...]:
        """All events of a case, oldest first."""
        ...

    def event(self, case_id: str, seq: int) -> ChainedEvent | None:
        """One event of a case."""
        ...

    def find(self, query: CaseQuery) -> tuple[CaseRow, ...]:
        """The cases that fit."""
        ...

    def participants(self, case_id: str) -> frozenset[str]:
        """Everybody who has or ever had a part in the case: nobody is taken from this list."""
        ...

    def open_ids(self, *, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Ids of running cases, in order, to walk over all of them in pages."""
        ...

    def overdue_ids(self, *, now: datetime, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Ids of running cases with a running clock that is past its due time, in pages."""
        ...

    def heads(self, *, after: str = "", limit: int = 500) -> tuple[Head, ...]:
        """The chain heads of all cases, in order, in pages."""
        ...


class WorkList(Protocol):
    """Open tasks across cases."""

    def of(self, people: Sequence[str], *, limit: int = 100) -> tuple[TaskRow, ...]:
        """Open tasks that any of these people own or may claim, the earliest due first."""
        ...

    def ownerless(self, *, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Ids of running cases with an open task that nobody may act on, in order, in pages."""
        ...

    def loads(self, people: Iterable[str]) -> Mapping[str, int]:
        """How many open tasks each of these people has."""
        ...

    def turns(self, people: Iterable[str]) -> Mapping[str, int]:
        """How many tasks each of these people was ever given."""
        ...


class TimerStore(Protocol):
    """Timers, one row for each running clock; written by `CaseStore.save`."""

    def due(self, *, now: datetime, limit: int) -> tuple[DueTimer, ...]:
        """Timers whose time has come, earliest first; PostgreSQL skips rows held by others."""
        ...

    def postpone(self, timer: DueTimer, *, until: datetime, error: str) -> int:
        """A timer could not be handled: try again at `until`. Returns how often that happened."""
        ...

    def next_at(self) -> datetime | None:
        """When the earliest timer is due."""
        ...

    def of_case(self, case_id: str) -> tuple[DueTimer, ...]:
        """The timers of a case, due or not."""
        ...


class ContentStore(Protocol):
    """Personal content."""

    def put(self, content: Content) -> None:
        """Keep a piece of content."""
        ...

    def of_case(self, case_id: str) -> Mapping[str, Content]:
        """All content of a case, by id."""
        ...

    def by_author(self, person: str) -> tuple[Content, ...]:
        """All content that a person wrote."""
        ...

    def erase(self, content_ids: Sequence[str]) -> None:
        """Remove body and salt of these; what remains is the digest."""
        ...


class DefinitionStore(Protocol):
    """Published definitions; a published version never changes."""

    def publish(self, *, key: str, hash: str, text: str, at: datetime, by: str) -> StoredDefinition:
        """Put a version in force. The same text as the one in force changes nothing."""
        ...

    def get(self, hash: str) -> StoredDefinition | None:
        """A version by its hash."""
        ...

    def current(self) -> tuple[StoredDefinition, ...]:
        """The version in force of every process, by key."""
        ...


class Journal(Protocol):
    """The chain of the directory; the other stores write it whenever they change a row of it."""

    def begun(self) -> bool:
        """Whether there is a chain."""
        ...

    def begin(self) -> None:
        """Take everything that is in force into the chain, if there is none yet."""
        ...


class PeopleStore(Protocol):
    """The directory in force. `by` is the key of whoever changes it, for its chain."""

    def directory(self, *, admins: Iterable[str] = ()) -> Directory:
        """Everybody. `admins` are readable ids from the configuration."""
        ...

    def replace(
        self, people: Sequence[Person], departments: Sequence[Department], *, by: str = SYSTEM
    ) -> None:
        """Put a whole directory in force. People who are missing become inactive, keys stay.

        Accounts that are given replace those on the same platform; other accounts stay linked.
        """
        ...

    def link(
        self, key: str, *, platform: str, account: str, by: str = SYSTEM, how: str = "operator"
    ) -> None:
        """Link a person to an account, which may have been somebody else's."""
        ...

    def note(self, *, platform: str, account: str, language: str, timezone: str) -> None:
        """Keep what a linked account says of its person; "" for what it does not say."""
        ...

    def unlink(self, key: str, *, platform: str, by: str = SYSTEM) -> None:
        """Take a person's account on a platform away."""
        ...

    def add_absence(self, absence: Absence, *, by: str = SYSTEM) -> None:
        """Keep an absence."""
        ...

    def end_absence(self, absence_id: str, *, at: datetime, by: str = SYSTEM) -> None:
        """End an absence at `at`."""
        ...

    def erase(self, key: str, *, files: Sequence[str] = (), by: str = SYSTEM) -> None:
        """Remove name, address and accounts of a person; the key stays.

        `files` are theirs whose records went with them.
        """
        ...


class FileStore(Protocol):
    """Records of files; the bytes are kept by a `Files` port."""

    def put(self, file: StoredFile) -> None:
        """Keep a record."""
        ...

    def get(self, file_id: str) -> StoredFile | None:
        """The record with this id."""
        ...

    def attach(self, file_ids: Sequence[str], *, case_id: str) -> None:
        """Bind uploaded files to a case."""
        ...

    def of_case(self, case_id: str) -> tuple[StoredFile, ...]:
        """All files of a case."""
        ...

    def by_owner(self, person: str) -> tuple[StoredFile, ...]:
        """All files that a person sent, those included that no form took."""
        ...

    def sent_since(self, person: str, since: datetime) -> tuple[int, int]:
        """How many files a person has sent since then, and of how many bytes."""
        ...

    def unused(self, *, before: datetime) -> tuple[tuple[str, str], ...]:
        """Uploads of before that no case took: (id, owner) of each."""
        ...

    def known(self, file_ids: Sequence[str]) -> frozenset[str]:
        """Those of these that have a record."""
        ...

    def forget(self, file_ids: Sequence[str]) -> None:
        """Remove these records, names and all; their bytes are doomed until they are `removed`."""
        ...

    def doomed(self) -> tuple[str, ...]:
        """Files without a record whose bytes are still to be removed."""
        ...

    def removed(self, file_ids: Sequence[str]) -> None:
        """The bytes of these are gone."""
        ...


class Settings(Protocol):
    """Small facts about the deployment: last tick, calendar fingerprint, hold, clock offset."""

    def get(self, name: str) -> str | None:
        """The value, or None."""
        ...

    def put(self, name: str, value: str) -> None:
        """Keep a value."""
        ...

    def take_slot(self, *, job: str, slot: str, at: datetime) -> bool:
        """Whether this replica may run this slot of a calendar job: true for exactly one."""
        ...

    def take_lease(self, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Whether `owner` alone has what `name` names until then, anew or still."""
        ...

    def end_lease(self, name: str, *, owner: str) -> None:
        """Give a lease back, if it is the owner's."""
        ...


class Tx(Protocol):
    """One transaction."""

    @property
    def cases(self) -> CaseStore: ...
    @property
    def worklist(self) -> WorkList: ...
    @property
    def timers(self) -> TimerStore: ...
    @property
    def contents(self) -> ContentStore: ...
    @property
    def definitions(self) -> DefinitionStore: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def dead(self) -> DeadLetters: ...
    @property
    def files(self) -> FileStore: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def chat(self) -> ChatLog: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def codes(self) -> LinkCodes: ...


class Database(Protocol):
    """Runs units of work."""

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Execute a unit in one transaction; returns after the commit is durable."""
        ...

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        """Execute a unit that only reads, on a snapshot, without waiting for writers.

        `by` is the person who asked, of whose units few are executed at once; others wait for their
        turn, and Refusal `too_many_at_once` when very many wait. "" is nobody: at once.
        """
        ...


class Files(Protocol):
    """Where the bytes of files are kept, under random names."""

    async def write(self, file_id: str, content: bytes) -> None:
        """Keep bytes durably before the record is committed."""
        ...

    async def read(self, file_id: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone."""
        ...

    async def remove(self, file_id: str) -> None:
        """Remove the bytes; nothing happens when they are gone."""
        ...
