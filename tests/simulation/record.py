"""What was committed, as the world knows it, and the database as a node sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from handlers.intents import Intent
from handlers.pages import Answer
from storage.errors import StorageError
from storage.unit import Tx
from tests.simulation.chat import PoisonError
from workflows.case.effects import Effect, Post
from workflows.case.events import Event
from workflows.case.state import Case
from workflows.directory import Absence
from workflows.moments import Moment
from workflows.records import Change

if TYPE_CHECKING:
    from storage.database_sqlite import SqliteDatabase
    from tests.simulation.node import Node

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Input:
    """Something that a person did, and what the platform was told about it."""

    intent: Intent
    at: Moment  # when they first did it
    answers: list[Answer] = field(default_factory=list)
    attempts: int = 0

    @property
    def is_open(self) -> bool:
        """Whether nobody can say what became of it: it may have been done, or not."""
        lost = self.attempts > len(self.answers)
        return self.done is None and (lost or any(a.tone == "danger" for a in self.answers))

    @property
    def done(self) -> Answer | None:
        """The first answer that said: it is done."""
        return next((a for a in self.answers if a.tone == "good" and not a.form), None)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The true story, kept outside of everything that can break."""

    inputs: dict[str, Input] = field(default_factory=dict)
    events: list[tuple[Moment, str, Event]] = field(default_factory=list)
    posts: dict[tuple[str, str, str], Post] = field(default_factory=dict)
    absences: dict[str, Moment] = field(default_factory=dict)  # by id, when they were noted


@dataclass(slots=True)
class Unit:
    """What a unit that is under way will have done once it is committed."""

    changes: list[Change] = field(default_factory=list)
    posts: list[tuple[str, Post]] = field(default_factory=list)
    absences: list[str] = field(default_factory=list)


class NodeDatabase:
    """A real database that is away at times, slow at times, and whose commits are written down."""

    def __init__(self, node: Node, inner: SqliteDatabase) -> None:
        self._node = node
        self._inner = inner

    async def run(self, unit: Callable[[Tx], T]) -> T:
        node = self._node
        await node.breathe()
        node.reaches_database()

        def noted(tx: Tx) -> T:
            node.unit = doing = Unit()
            stores = cast("Any", tx).__dict__
            stores["cases"] = _Cases(tx.cases, doing, node)
            stores["outbox"] = _Outbox(tx.outbox, doing)
            stores["people"] = _People(tx.people, doing)
            try:
                return unit(tx)
            except BaseException:
                node.unit = None
                raise

        try:
            value = await self._inner.run(noted)
        except StorageError:
            node.not_recorded(asyncio.current_task())
            raise
        node.recorded(asyncio.current_task())
        return value

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        await self._node.breathe()
        self._node.reaches_database()
        return await self._inner.read(unit, by=by)


@dataclass(frozen=True, slots=True)
class NotedDatabase:
    """A real database that never fails, whose messages are written down."""

    inner: SqliteDatabase
    ledger: Ledger

    async def run(self, unit: Callable[[Tx], T]) -> T:
        doing = Unit()

        def noted(tx: Tx) -> T:
            cast("Any", tx).__dict__["outbox"] = _Outbox(tx.outbox, doing)
            return unit(tx)

        value = await self.inner.run(noted)
        self.ledger.posts.update({(of, one.to, one.slot): one for of, one in doing.posts})
        return value

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        return await self.inner.read(unit, by=by)


class _Cases:
    def __init__(self, inner: Any, unit: Unit, node: Node) -> None:
        self._inner = inner
        self._unit = unit
        self._node = node

    def load(self, case_id: str, *, lock: bool = True) -> Case | None:
        if case_id in self._node.poisoned:
            raise PoisonError("this case breaks whoever touches it")
        found: Case | None = self._inner.load(case_id, lock=lock)
        return found

    def save(self, change: Change) -> None:
        self._inner.save(change)
        self._unit.changes.append(change)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Outbox:
    def __init__(self, inner: Any, unit: Unit) -> None:
        self._inner = inner
        self._unit = unit

    def add(
        self,
        effects: Sequence[Effect],
        *,
        case_id: str | None,
        now: Moment,
        not_before: Mapping[str, Moment],
    ) -> None:
        self._inner.add(effects, case_id=case_id, now=now, not_before=not_before)
        posts = (effect for effect in effects if isinstance(effect, Post))
        self._unit.posts.extend((case_id or "", post) for post in posts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _People:
    def __init__(self, inner: Any, unit: Unit) -> None:
        self._inner = inner
        self._unit = unit

    def add_absence(self, absence: Absence, *, by: str) -> None:
        self._inner.add_absence(absence, by=by)
        self._unit.absences.append(absence.id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
