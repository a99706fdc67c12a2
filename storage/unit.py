"""The transaction that a unit of work gets, and the protocol of a database that runs units.

A **unit of work** is a plain synchronous function of a `Tx`. `Database.run(unit)` runs it in one
transaction and returns when the commit is durable. After a `Conflict` (the version of a case
changed meanwhile) the unit is run again from the start, so a unit must have no effects except
through its `Tx`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from storage.alerts import Alerts
from storage.cases import Cases
from storage.chat import ChatLog
from storage.contents import Contents
from storage.dead import DeadLetters
from storage.definitions import Definitions
from storage.digests import Digests
from storage.directory_entries import DirectoryEntries
from storage.drafts import Drafts
from storage.files import FileRecords
from storage.imports import Imports
from storage.inbox import Inbox
from storage.journal import UNSEALED, Journal, Seal
from storage.link_codes import LinkCodes
from storage.logins import Logins
from storage.mails import Mails
from storage.outbox import Outbox
from storage.people import DirectoryCache, People
from storage.points import PointsLedger
from storage.registers import Registers
from storage.releases import Releases
from storage.reviews import Reviews
from storage.settings import Settings
from storage.surveys import Surveys
from storage.table_values import TableValues
from storage.timers import Timers
from storage.trainings import Trainings
from storage.unique_values import UniqueValues
from storage.webhooks import Webhooks
from storage.worklist import Worklist

T = TypeVar("T")


class Tx:
    """One transaction: one store per family of tables, created on first use."""

    def __init__(
        self,
        connection: Connection,
        *,
        directories: DirectoryCache | None = None,
        read_only: bool = False,
        seal: Seal = UNSEALED,
    ) -> None:
        self.connection = connection
        self._directories = directories
        self._read_only = read_only
        self._seal = seal

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection, read_only=self._read_only)

    @cached_property
    def worklist(self) -> Worklist:
        return Worklist(self.connection)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.connection, read_only=self._read_only)

    @cached_property
    def contents(self) -> Contents:
        return Contents(self.connection)

    @cached_property
    def definitions(self) -> Definitions:
        return Definitions(self.connection, journal=self.journal)

    @cached_property
    def releases(self) -> Releases:
        return Releases(self.connection, journal=self.journal)

    @cached_property
    def points(self) -> PointsLedger:
        return PointsLedger(self.connection)

    @cached_property
    def registers(self) -> Registers:
        return Registers(self.connection)

    @cached_property
    def table_values(self) -> TableValues:
        return TableValues(self.connection, journal=self.journal)

    @cached_property
    def unique_values(self) -> UniqueValues:
        return UniqueValues(self.connection)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.connection)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.connection, seal=self._seal)

    @cached_property
    def people(self) -> People:
        return People(self.connection, cache=self._directories, journal=self.journal)

    @cached_property
    def entries(self) -> DirectoryEntries:
        return DirectoryEntries(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.connection)

    @cached_property
    def mails(self) -> Mails:
        return Mails(self.connection)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.connection)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self.connection)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection)

    @cached_property
    def surveys(self) -> Surveys:
        return Surveys(self.connection)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.connection)

    @cached_property
    def trainings(self) -> Trainings:
        return Trainings(self.connection)

    @cached_property
    def dead(self) -> DeadLetters:
        return DeadLetters(self.connection)

    @cached_property
    def files(self) -> FileRecords:
        return FileRecords(self.connection)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection, journal=self.journal)

    @cached_property
    def chat(self) -> ChatLog:
        return ChatLog(self.connection)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.connection)

    @cached_property
    def logins(self) -> Logins:
        return Logins(self.connection)

    @cached_property
    def codes(self) -> LinkCodes:
        return LinkCodes(self.connection)


class Database(Protocol):
    """Runs units of work. Implemented by `SqliteDatabase` and `PostgresDatabase`."""

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit in one transaction and return its result once the commit is durable.

        Raises whatever the unit raises, after a rollback, and `StorageError` when the database
        fails.
        """
        ...

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        """Run a unit that only reads, on a consistent snapshot, without waiting for writers.

        `by` is the key of the person who asked. Each person may have only a few reads at a time;
        further ones wait, and when too many wait, Refusal `too_many_at_once` is raised. An empty
        `by` has no limit.
        """
        ...
