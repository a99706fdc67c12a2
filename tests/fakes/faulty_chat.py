"""A chat platform that does as it is told: late, broken, gone, or accepting and then silent."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.conversation.ports import Addressee, Delivery
from tests.fakes.chat import FakeChat
from workflows.errors import Unknown


@dataclass(slots=True)
class FaultyChat(FakeChat):
    """A `FakeChat` whose next calls go wrong as scripted; then it works again.

    A fault is an exception to raise instead of doing anything. `ACCEPTED_THEN_LOST` does what was
    asked and loses the reply. `gate` holds every call until it is set.
    """

    faults: deque[BaseException | str] = field(default_factory=deque)
    always: BaseException | None = None
    gate: asyncio.Event | None = None
    called: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[tuple[str, str]] = field(default_factory=list)  # what, token
    people: list[str] = field(default_factory=list)  # in the order of their calls
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    most_for_one: int = 0
    strangers: bool = False  # whether this platform knows nobody
    waits: deque[float] = field(default_factory=deque)  # how long the next messages have to wait
    replicas: int = 1  # among which it has to share its rates
    parked: dict[str, float] = field(default_factory=dict)  # for how long, by scope
    in_conversations: bool = False  # whether it limits what one person is sent
    clicked: list[str] = field(default_factory=list)  # conversations with a click to answer

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        return "" if self.strangers else FakeChat.account(self, person=person, accounts=accounts)

    def languages(self, to: Addressee) -> tuple[str, ...]:
        return (to.language,)

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        return self.waits.popleft() if self.waits else 0.0

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        return delivery.to.account if self.in_conversations else ""

    def answerable(self) -> Sequence[str]:
        clicked, self.clicked = self.clicked, []
        return clicked

    def share(self, replicas: int) -> None:
        self.replicas = replicas

    def park(self, scope: str, seconds: float) -> None:
        self.parked[scope] = seconds

    async def post(self, delivery: Delivery) -> str:
        return await self._call("post", None, delivery)

    async def update(self, ref: str, delivery: Delivery) -> None:
        await self._call("update", ref, delivery)

    async def _call(self, what: str, ref: str | None, delivery: Delivery) -> str:
        person = delivery.to.person
        self.calls.append((what, delivery.token))
        self.called.set()
        self.people.append(person)
        self.at_once[person] += 1
        self.most_at_once = max(self.most_at_once, self.at_once.total())
        self.most_for_one = max(self.most_for_one, self.at_once[person])
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
            return self._answer(ref, delivery)
        finally:
            self.at_once[person] -= 1

    def _answer(self, ref: str | None, delivery: Delivery) -> str:
        fault = self.faults.popleft() if self.faults else self.always
        if isinstance(fault, BaseException):
            raise fault
        shown = self.show(ref, delivery)
        if fault == ACCEPTED_THEN_LOST:
            raise Unknown("no_reply")
        return shown


ACCEPTED_THEN_LOST = "accepted, then lost"
