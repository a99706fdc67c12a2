"""Planted defects, one for each promise that is easily broken: a harness that misses them is none.

Each is a small change of the wiring or of one attribute of the product, for as long as it lasts.
These are met by faults, in a storm; those of the rules of approvals are in `scripts.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.runtime.guard import HoldGate
from bot.runtime.sending import Sender
from bot.runtime.sweep import Sweep
from handlers import deliver, router, timers
from handlers.intents import Intent
from handlers.office import Office
from handlers.pages import Answer
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.unit import Database, Tx
from tests.simulation.company import COMPLAINT
from tests.simulation.node import Node, Wiring
from tests.simulation.play import Setting
from tests.simulation.storm import HOUR_S, Stalls
from workflows.moments import DAY
from workflows.records import DueTimer, OutboxRow

HARSH = Setting(days=1.0, processes=(COMPLAINT,), dies_every=2 * HOUR_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A planted defect, and the promise by which it must be found."""

    promise: str
    wiring: Wiring = field(default_factory=Wiring)
    planted: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext
    setting: Setting = HARSH
    first_seed: int = 1  # where it is found at once; the same seed for many, which share its check

    def harmed(self) -> Setting:
        return replace(self.setting, wiring=self.wiring)


@contextmanager
def swapped(where: Any, name: str, other: Any) -> Iterator[None]:
    """Another attribute, for a while."""
    before = getattr(where, name)
    setattr(where, name, other)
    try:
        yield
    finally:
        setattr(where, name, before)


# ---------------------------------------------------------------------------- on the way in


class _TakenBack(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


async def acknowledge_first(database: Database, office: Office, intent: Intent) -> Answer:
    """The answer goes out, and then it is committed."""

    class Trial:
        read = database.read

        async def run(self, unit: Callable[[Tx], Any]) -> Any:
            def tried(tx: Tx) -> Any:
                raise _TakenBack(unit(tx))

            return await database.run(tried)

    try:
        return await router._answer(Trial(), office, intent)  # what only shows is answered so
    except _TakenBack as taken:
        Node.begin_here(router.handle(database, office, intent))
        return taken.answer
    except Exception:  # noqa: BLE001 - then as always
        return await router.handle(database, office, intent)


@contextmanager
def forgetful_inbox() -> Iterator[None]:
    """Every delivery is taken for a new one."""
    with (
        swapped(Inbox, "seen", lambda self, *, source, key: None),
        swapped(Inbox, "remember", _remember_again),
    ):
        yield


_remember = Inbox.remember


def _remember_again(self: Inbox, **row: Any) -> None:
    with contextlib.suppress(Exception):
        _remember(self, **row)


# ---------------------------------------------------------------------------- timers


class MarksFirst(Sweep):
    """The timer is marked done in a transaction of its own; then what it stands for is done."""

    async def _one(self) -> bool:
        now = self._office.clock.now()

        def mark(tx: Tx) -> DueTimer | None:
            timer = next(iter(tx.timers.due(now=now, limit=1)), None)
            if timer is not None:
                tx.timers.postpone(timer, until=now + 900 * DAY, error="done")
            return timer

        timer = await self._db.run(mark)
        if timer is None:
            return False
        await self._db.run(lambda tx: timers.fire(tx, self._office, timer))
        return True


# ---------------------------------------------------------------------------- on the way out


class RecordsFirst(Sender):
    """A message is recorded as sent, and then it is sent."""

    async def _deliver(self, row: OutboxRow, sending: deliver.Sending) -> str:
        ref = sending.ref or sending.delivery.token
        at = self.around.clock.now()
        receipt = deliver.receipt(row, sending, ref=ref, at=at)
        await self.around.db.run(lambda tx: tx.outbox.posted(row, sent=receipt))
        return await Sender._deliver(self, row, sending)


class DropsOnError(Sender):
    """What cannot be sent at once is not sent."""

    async def _later(self, row: OutboxRow, course: Any, lease_until: Any) -> None:
        await self._report(lambda tx: tx.outbox.drop(row), lease_until)


_report = Outbox._report


def _unfenced(self: Outbox, statement: Any, row: OutboxRow, **values: Any) -> bool:
    """As the outbox itself, but whoever reports is believed, whoever has the row by now."""
    found = self._connection.exec_driver_sql(
        "SELECT claim, revision FROM outbox WHERE case_id = ? AND person = ? AND slot = ?",
        (row.case_id or "", row.to, row.slot),
    ).first()
    if found is not None:
        row = replace(row, claim=found.claim, revision=found.revision)
    return _report(self, statement, row, **values)


MUTANTS: Mapping[str, Mutant] = {
    "acknowledged before the commit": Mutant(
        promise="R1",
        wiring=Wiring(handle=acknowledge_first),
        setting=Setting(processes=(COMPLAINT,), days=1.0, dies_every=HOUR_S / 2),
        first_seed=4,
    ),
    "idempotency keys ignored": Mutant(promise="R2", planted=forgetful_inbox, first_seed=5),
    "clock guard off": Mutant(
        promise="R4",
        wiring=Wiring(gate=HoldGate),
        setting=Setting(processes=(COMPLAINT,), days=1.0, jumps_every=6 * HOUR_S),
    ),
    "timer marked in its own transaction": Mutant(
        promise="R3", wiring=Wiring(sweep=MarksFirst), first_seed=12
    ),
    "recorded before it was sent": Mutant(
        promise="R7", wiring=Wiring(sender=RecordsFirst), first_seed=5
    ),
    "dropped on an error": Mutant(promise="R7", wiring=Wiring(sender=DropsOnError), first_seed=5),
    "lease not fenced": Mutant(
        promise="R7",
        planted=lambda: swapped(Outbox, "_report", _unfenced),
        setting=Setting(
            processes=(COMPLAINT,),
            days=2.0,
            busy=0.5,
            stalls=Stalls(every_s=HOUR_S / 4, length_s=(62.0, 90.0), points=("send.after",)),
        ),
        first_seed=104,
    ),
}
