"""People on Telegram, as tests with a running bot move them: they wait for what they see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.adapters.running import PATIENCE_S, says
from tests.fakes.telegram import Message, TelegramFake

SECRET = "a-webhook-secret-of-a-test"


class OnTelegram:
    """Some of the company at their telephones."""

    def __init__(self, fake: TelegramFake, names: tuple[str, ...]) -> None:
        self.fake = fake
        self.people = {
            name: fake.person(name, language_code="zh-hans", started=True) for name in names
        }

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """As people.toml has them."""
        return {name: {"telegram": person.id} for name, person in self.people.items()}

    def section(self, mode: str) -> dict[str, Any]:
        """As config.toml has it."""
        return {
            "enabled": True,
            "mode": mode,
            "token": self.fake.token,
            "webhook_secret": SECRET,
            "api_url": self.fake.url,
        }

    async def sees(self, name: str, *words: str, button: str = "") -> Message:
        """Their newest message with all these words and this button, once it is there."""

        def fits(message: Message) -> bool:
            there = not button or any(says(label, button) for label in message.labels)
            return there and all(word in message.text for word in words)

        return await self.people[name].waits_for(fits, within=PATIENCE_S)

    async def until(self, true: Callable[[], bool]) -> None:
        """Until this is so."""
        await self.fake.world.signal.until(true, within=PATIENCE_S)

    async def taps(self, name: str, button: str, *words: str) -> Message:
        """Tap a button once it is there."""
        message = await self.sees(name, *words, button=button)
        label = next(label for label in message.labels if says(label, button))
        await self.people[name].taps(label, in_message=message, within=PATIENCE_S)
        return message

    async def answers(self, name: str, *answers: str) -> None:
        """Answer one question after the other: `label` is tapped, `question+words` are typed."""
        for answer in answers:
            question, plus, words = answer.partition("+")
            if plus:
                await self.sees(name, question)
                await self.people[name].says(words)
                await self.fake.confirmed(within=PATIENCE_S)
            else:
                await self.taps(name, answer)
