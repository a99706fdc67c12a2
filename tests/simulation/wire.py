"""From a person's finger to a node: what a platform delivers, again where nobody acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.intents import Intent
from handlers.pages import Answer
from tests.simulation.node import Node
from tests.simulation.record import Input, Ledger
from tests.simulation.scene import Scene

TRIES = 6
LATEST_S = 2 * 86400.0  # a repeated delivery may come as late as this
AGAIN, AT_ONCE, DROPPED = 0.04, 0.03, 0.2


@dataclass(slots=True, kw_only=True)
class Wire:
    """Delivers what people do, to any node that is up. Outlives them all."""

    scene: Scene
    nodes: Sequence[Node]
    ledger: Ledger

    async def deliver(self, intent: Intent) -> Answer | None:
        """The answer; None when the person was shown that it failed."""
        scene = self.scene
        scene.figures["interactions"] += 1
        self.ledger.inputs[intent.key] = Input(intent=intent, at=scene.now())
        if scene.stormy and scene.happens(AT_ONCE):
            scene.spawn(self._again(intent, scene.chance.uniform(0.0, 0.4)))
        answer = await self._until_acknowledged(intent)
        if answer is not None and scene.stormy and scene.happens(AGAIN):
            late = scene.chance.choice((5.0, 600.0, LATEST_S))
            scene.spawn(self._again(intent, scene.chance.uniform(0.0, late)))
        return answer

    async def upload(self, person: str) -> list[str]:
        """Upload a plan; the ids of what was kept."""
        up = [node for node in self.nodes if node.alive]
        return await self.scene.chance.choice(up).keeps(person) if up else []

    async def _until_acknowledged(self, intent: Intent) -> Answer | None:
        scene = self.scene
        for _ in range(TRIES):
            await asyncio.sleep(scene.chance.uniform(0.02, 0.5))
            answer = await self._once(intent)
            if answer is not None:
                return answer
            if scene.happens(DROPPED):
                break
            await asyncio.sleep(scene.chance.uniform(2.0, 300.0))
        return None

    async def _again(self, intent: Intent, after: float) -> None:
        await asyncio.sleep(after)
        self.scene.figures["redeliveries"] += 1
        await self._once(intent)

    async def _once(self, intent: Intent) -> Answer | None:
        up = [node for node in self.nodes if node.alive]
        if not up:
            return None
        node = self.scene.chance.choice(up)
        self.ledger.inputs[intent.key].attempts += 1
        answer = await node.receives(intent)
        said = "nobody answered" if answer is None else f"{answer.tone}: {answer.text[:60]}"
        self.scene.note(node.name, f"{_short(intent)} -> {said}")
        if answer is not None:
            self._judge(self.ledger.inputs[intent.key], answer)
        return answer

    def _judge(self, known: Input, answer: Answer) -> None:
        first = known.done
        known.answers.append(answer)
        if first is None or first.cards or answer.tone == "danger" or _is_away(answer):
            return
        if answer.text != first.text:
            key = known.intent.key
            self.scene.wrong("R1", f"{key} was answered {first.text!r}, again {answer.text!r}")


def _is_away(answer: Answer) -> bool:
    """Whether somebody was only told that the database could not be reached."""
    return any(word in answer.text for word in ("数据库", "database"))


def _short(intent: Intent) -> str:
    what = getattr(intent, "token", "") or getattr(intent, "text", "")
    return f"{type(intent).__name__} {intent.key} {what[:48]}"
