"""People in Slack, as tests with a running bot move them: they wait for what they see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.adapters.running import PATIENCE_S, says
from tests.fakes.slack import FakeSlack, Person, Seen


class OnSlack:
    """Some of the company in Slack."""

    def __init__(self, slack: FakeSlack, names: tuple[str, ...]) -> None:
        self.slack = slack
        self.people = {name: _member(slack, name) for name in names}

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """As people.toml has them."""
        return {name: {"slack": person.id} for name, person in self.people.items()}

    def section(self, mode: str) -> dict[str, Any]:
        """As config.toml has it."""
        return {
            "enabled": True,
            "mode": mode,
            "bot_token": self.slack.bot_token,
            "app_token": self.slack.app_token,
            "signing_secret": self.slack.signing_secret,
            "api_url": self.slack.api_url,
        }

    async def card(self, name: str, *words: str, button: str = "") -> Seen:
        """Their newest card with all these words and this button, once it is there."""
        person = self.people[name]

        def shown() -> Seen | None:
            for seen in reversed(person.messages()):
                if all(word in seen.text for word in words) and (not button or has(seen, button)):
                    return seen
            return None

        found: Seen = await person.waits_for(shown, PATIENCE_S)
        return found

    async def until(self, name: str, true: Callable[[], bool]) -> None:
        """Until this is so before their eyes."""
        await self.people[name].waits_for(true, PATIENCE_S)

    async def presses(self, name: str, button: str, *words: str) -> Seen:
        """Press a button once it is there."""
        seen = await self.card(name, *words, button=button)
        label = next(label for label in seen.buttons if says(label, button))
        assert (await self.people[name].click(label, seen)).ok
        return seen

    async def fills(self, name: str, title: str, **values: Any) -> None:
        """Fill the form that opens, and send it."""
        modal = await self.people[name].waits_for_modal(title)
        assert await modal.submit({f"q:{key}": value for key, value in values.items()}) == {}

    async def decides(self, name: str, button: str, *words: str, **values: Any) -> Seen:
        """Press, fill what opens, send it."""
        seen = await self.presses(name, button, *words)
        await self.fills(name, "", **values)
        return seen

    def each_once(self) -> None:
        """No message of ours stands twice in a conversation."""
        tokens: Counter[str] = Counter()
        for channel in self.slack.world.channels.values():
            for message in channel.messages:
                payload = (message.metadata or {}).get("event_payload", {})
                if payload.get("token") and not message.deleted:
                    tokens[payload["token"]] += 1
        assert tokens
        assert [token for token, times in tokens.items() if times > 1] == []


def has(seen: Seen, button: str) -> bool:
    """Whether this button stands there."""
    return any(says(label, button) for label in seen.buttons)


def _member(slack: FakeSlack, name: str) -> Person:
    full = name.replace(".", " ").title()
    return slack.person(full, email=f"{name}@example.com", locale="zh-CN")
