"""The platform: it outlives every node, and is slow, silent, gone or broken as chance wants."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.conversation.ports import Addressee, Delivery
from tests.fakes.chat import FakeChat, Message, every_button
from tests.simulation.scene import Scene
from workflows.errors import Permanent, Retryable, Unknown
from workflows.moments import SECOND, Moment

if TYPE_CHECKING:
    from tests.simulation.node import Node

SLOW_S = 55.0  # longer than a send may take
LOST, NOT_ACCEPTED, SLOW, BUSY = 0.03, 0.02, 0.01, 0.04


class PoisonError(Exception):
    """Something that the code at hand can never digest."""


@dataclass(slots=True)
class Platform(FakeChat):
    """A chat platform. `knows_tokens`: whether it recognises a second copy of a message."""

    knows_tokens: bool = True
    busy: float = BUSY
    out_until: Moment | None = None
    poisoned: set[str] = field(default_factory=set)  # people whose messages break the adapter
    tokens: list[str] = field(default_factory=list)  # of every button that was ever shown
    posts: Counter[str] = field(default_factory=Counter)  # accepted, by message token
    excused: Counter[str] = field(default_factory=Counter)  # copies that nobody could avoid
    _shown: set[str] = field(default_factory=set)
    _of: dict[str, list[Message]] = field(default_factory=dict)
    _sorted: int = 0  # how many messages are in it

    def of(self, person: str) -> list[Message]:
        """As in every chat, without going through the messages of years again."""
        for message in itertools.islice(self.messages.values(), self._sorted, None):
            self._of.setdefault(message.person, []).append(message)
        self._sorted = len(self.messages)
        return self._of.get(person, [])

    def show(self, ref: str | None, delivery: Delivery) -> str:
        card = delivery.cards[delivery.to.language]
        for button in every_button(card):
            if button.token not in self._shown:
                self._shown.add(button.token)
                self.tokens.append(button.token)
        if ref is None:
            self.posts[delivery.token] += 1
            if not self.knows_tokens and delivery.token in self.messages:
                name = f"{delivery.token}#{self.posts[delivery.token]}"
                message = Message(ref=name, person=delivery.to.person, card=card)
                self.messages[name] = message
                return name
        return FakeChat.show(self, ref, delivery)


@dataclass(slots=True, kw_only=True)
class Line:
    """The platform as one node calls it."""

    scene: Scene
    node: Node
    platform: Platform

    name: str = "fake"
    silent: bool = True

    def languages(self, to: Addressee) -> tuple[str, ...]:
        return self.platform.languages(to)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        return self.platform.account(person=person, accounts=accounts)

    def wait(self, delivery: Delivery, *, ref: str | None = None) -> float:
        return 0.0

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        pass

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        return ""

    def answerable(self) -> Sequence[str]:
        return ()

    def share(self, replicas: int) -> None:
        pass

    def park(self, scope: str, seconds: float) -> None:
        pass

    async def post(self, delivery: Delivery) -> str:
        return await self._call(None, delivery)

    async def update(self, ref: str, delivery: Delivery) -> None:
        await self._call(ref, delivery)

    async def _call(self, ref: str | None, delivery: Delivery) -> str:
        scene, chance = self.scene, self.scene.chance
        token = delivery.token
        if ref is None:
            self.node.sends(token)
        try:
            await asyncio.sleep(chance.uniform(0.05, 1.5))
            await self.node.breathe()
            self._refuses(delivery)
            dice = chance.random() if scene.stormy else 1.0
            if dice < NOT_ACCEPTED:
                raise Unknown("no_reply")
            shown = self.platform.show(ref, delivery)
            scene.figures["messages"] += 1
            card = delivery.cards[delivery.to.language]
            scene.note(self.node.name, f"{'edit' if ref else 'post'} {token[:8]} {card.summary}")
            if dice < NOT_ACCEPTED + LOST:
                raise Unknown("no_reply")
            slow = scene.stormy and chance.random() < SLOW
            await asyncio.sleep(SLOW_S if slow else chance.uniform(0.05, 0.5))
            await self.node.breathe()
            return shown
        except BaseException as error:
            if ref is None:
                self.node.sent_in_vain(token, excused=not isinstance(error, Retryable | Permanent))
            raise

    def _refuses(self, delivery: Delivery) -> None:
        scene, person = self.scene, delivery.to.person
        if person in self.platform.poisoned:
            raise PoisonError("this card breaks the adapter")
        if person in self.platform.gone:
            raise Permanent("account_gone")
        out = self.platform.out_until
        if out is not None and scene.now() < out:
            raise Retryable("busy", after=(out - scene.now()) / SECOND / 2)
        if scene.stormy and scene.happens(self.platform.busy):
            raise Retryable("busy", after=scene.chance.choice((None, 3.0, 30.0)))
