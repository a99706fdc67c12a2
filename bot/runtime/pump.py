"""The pump: claims messages of the outbox and sends them.

At most `MOST` messages are being sent at once, one per person, higher lanes first. Two of these
places are never used for reminders and digests, so that an answer to a click does not wait for
them. The platforms' rate limits are checked before a message is rendered, and messages that have to
wait are put off by one statement. A claim is a lease: a process that was suspended past its end has
lost the row, and its report changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.runtime.guard import Gate
from bot.runtime.replicas import AGAIN, ANSWERING, Replicas
from bot.runtime.sending import LEASE, Sender
from handlers.deliver import Errand
from storage.unit import Tx
from workflows.case.effects import Lane
from workflows.moments import SECOND, Moment, seconds
from workflows.records import OutboxRow

MOST = 8
FOR_URGENT = 2
SPARE = 4  # claimed in addition, so that free places are filled at once
MOST_WAITING = 32
MOST_IN_A_STEP = 1000
CONTENDED = SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    row: OutboxRow
    until: Moment  # the end of its lease
    errands: tuple[Errand, ...]  # what may have to be sent, for the rate limits

    @property
    def low(self) -> bool:
        """Whether messages of this lane may wait for those of others."""
        return self.row.lane >= Lane.REMINDER

    @property
    def order(self) -> tuple[int, int]:
        return self.row.lane, int(self.row.id)


class Pump:
    """Sends the messages of the outbox.

    `owner` identifies this process among the replicas, also after a restart; `alone` says that
    there can be no other.
    """

    def __init__(self, sender: Sender, *, gate: Gate, owner: str, alone: bool) -> None:
        self._sender = sender
        self._db = sender.around.db
        self._clock = sender.around.clock
        self._gate = gate
        self._owner = owner
        self._alone = alone
        self._replicas = Replicas(sender.platforms, owner=owner)
        self._waiting: list[_Claimed] = []
        self._under_way: dict[asyncio.Task[None], _Claimed] = {}
        self._kicked = asyncio.Event()
        self._stopping = False
        self._put_off: list[tuple[OutboxRow, Moment]] = []  # and until when
        self._claimed = 0  # in this step

    async def start(self) -> None:
        """Release the claims of an earlier run of this process, and keep to the pauses of then."""
        await self._free()
        now = self._clock.now()
        self._replicas.heed(await self._db.read(lambda tx: tx.settings.leases(now=now)), now=now)

    def kick(self) -> None:
        """Look for new messages, even while others are being sent."""
        self._kicked.set()

    async def step(self) -> Moment | None:
        """Send the messages that are ready, up to a limit; return when to call again.

        Returns None during a hold.
        """
        self._claimed = 0
        while True:
            kicked = self._kicked.is_set()
            self._kicked.clear()
            next_at = await self._look()
            is_due = next_at is not None and next_at <= self._clock.now()
            may = not self._stopping
            if may and (is_due or self._waiting):
                may = await self._gate.is_open()
            before = self._claimed
            if may:
                if is_due and self._claimed < MOST_IN_A_STEP:
                    await self._claim(at_least=FOR_URGENT if kicked else 0)
                self._dispatch()
                await self._put_them_off()
            elif self._waiting:
                self._waiting.clear()
                await self._free()
            if self._under_way:
                await self._something_happens()
            elif self._claimed == before:
                break
        if not may:
            return None
        if self._claimed >= MOST_IN_A_STEP:
            return self._clock.now()
        return self._clock.now() + CONTENDED if is_due else next_at

    async def stop(self, *, within: float) -> None:
        """Claim nothing more, wait for messages that are being sent, and release the rest.

        `within` is the most to wait, in seconds.
        """
        self._stopping = True
        self.kick()
        if self._under_way:
            sent, late = await asyncio.wait(set(self._under_way), timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*sent, *late, return_exceptions=True)
        self._waiting.clear()
        await self._free()

    async def _free(self) -> None:
        def unit(tx: Tx) -> None:
            tx.outbox.release_leases(owner=self._owner)
            self._replicas.leave(tx)

        await self._db.run(unit)

    async def _look(self) -> Moment | None:
        """Return when a message is due next, once the rate limits fit the other replicas."""
        if self._alone:
            return await self._db.read(lambda tx: tx.outbox.next_at())
        now = self._clock.now()
        if self._replicas.must_join(now):
            await self._db.run(lambda tx: self._replicas.join(tx, now=now))
            self._replicas.joined(now)
        mine = self._replicas.answerable()
        if mine and self._replicas.others:
            await self._db.run(lambda tx: self._replicas.talk(tx, mine, now=now, lasts=ANSWERING))
        next_at, leases = await self._db.read(
            lambda tx: (tx.outbox.next_at(), tx.settings.leases(now=now))
        )
        self._replicas.heed(leases, now=now)
        return next_at

    async def _claim(self, *, at_least: int) -> None:
        """Claim messages for the free places; at least `at_least`, which may be new and urgent."""
        room = MOST + SPARE - len(self._under_way) - len(self._waiting)
        if len(self._waiting) < MOST_WAITING:
            room = max(room, at_least)
        if room <= 0:
            return
        now = self._clock.now()
        until = now + LEASE
        rows = await self._db.run(
            lambda tx: tx.outbox.claim(now=now, limit=room, owner=self._owner, lease_until=until)
        )
        if not rows:
            return
        self._claimed += len(rows)
        errands = await self._db.read(lambda tx: [self._sender.errands(tx, row) for row in rows])
        claimed = [
            _Claimed(row=row, until=until, errands=each)
            for row, each in zip(rows, errands, strict=True)
        ]
        self._waiting += await self._ours(claimed, now) if self._replicas.others else claimed
        self._waiting.sort(key=lambda claimed: claimed.order)

    async def _ours(self, claimed: Sequence[_Claimed], now: Moment) -> Sequence[_Claimed]:
        """Put off the messages to conversations that another replica has; return the rest."""
        names = [self._replicas.conversations(one.errands) for one in claimed]
        every = frozenset[str]().union(*names)
        taken = await self._db.run(lambda tx: self._replicas.talk(tx, every, now=now))
        ours = []
        for one, talks in zip(claimed, names, strict=True):
            if talks & taken:
                self._put_off.append((one.row, now + AGAIN))
            else:
                ours.append(one)
        return ours

    def _dispatch(self) -> None:
        while len(self._under_way) < MOST:
            claimed = next((one for one in self._waiting if self._may_go(one)), None)
            if claimed is None:
                return
            self._waiting.remove(claimed)
            ready, wait = self._sender.ask(claimed.errands)
            if wait and not ready:
                self._put_off.append((claimed.row, self._clock.now() + seconds(wait)))
                continue
            sending = self._sender.send(
                claimed.row, lease_until=claimed.until, ready=ready, wait=wait
            )
            self._under_way[asyncio.create_task(sending)] = claimed

    async def _put_them_off(self) -> None:
        """Put off the messages that the rate limits do not allow now; none was rendered."""
        put_off, self._put_off = self._put_off, []
        if put_off:
            await self._db.run(lambda tx: tx.outbox.put_off(put_off))

    def _may_go(self, claimed: _Claimed) -> bool:
        others = self._under_way.values()
        if any(other.row.to == claimed.row.to for other in others):
            return False
        return not claimed.low or sum(other.low for other in others) < MOST - FOR_URGENT

    async def _something_happens(self) -> None:
        """Wait until a message was sent or `kick` was called.

        Raises the error of the database that a message failed with, which ends this step. Those of
        others that failed at the same moment are retrieved too: asyncio reports an exception that
        nobody retrieved as an error of the program.
        """
        kicked = asyncio.ensure_future(self._kicked.wait())
        try:
            await asyncio.wait({kicked, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            kicked.cancel()
        arrived = [task for task in self._under_way if task.done()]
        for task in arrived:
            del self._under_way[task]
        failures = [task.exception() for task in arrived if not task.cancelled()]
        for failure in failures:
            if failure is not None:
                raise failure
