"""The common part of all interactions: find the person, await the answer, show it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.platforms.slack.inflight import Inflight
from bot.platforms.slack.payloads import User
from bot.platforms.slack.people import Accounts
from bot.platforms.slack.replies import Replies, Spot
from bot.platforms.slack.settings import OWN_COMMAND, SlackSettings
from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.conversation.ports import KnownPerson
from handlers.i18n import translator
from handlers.pages import Answer


class Interact:
    """Common to all kinds of interactions.

    `loading_after` is in seconds: if an answer takes longer, a modal asks the person to wait.
    """

    def __init__(
        self,
        settings: SlackSettings,
        conversation: Conversation,
        *,
        people: Accounts,
        replies: Replies,
        sheets: OpenSheets,
        inflight: Inflight,
        loading_after: float,
    ) -> None:
        self.settings = settings
        self.conversation = conversation
        self.people = people
        self.replies = replies
        self.sheets = sheets
        self.inflight = inflight
        self._loading_after = loading_after

    async def spot(self, user: User, **where: str | bool) -> tuple[KnownPerson | None, Spot]:
        """Return the person of an account, or None, and where their answer is shown."""
        known = await self.people.who(user)
        language = known.language if known else self.people.language(user.id)
        person = known.person if known else ""
        given = {name: value for name, value in where.items() if value}
        return known, Spot(account=user.id, language=language, person=person, **given)  # type: ignore[arg-type]

    def stranger(self, spot: Spot) -> Answer:
        """Return the answer to an account that belongs to nobody."""
        command = f"/{self.settings.command_prefix}{OWN_COMMAND}"
        company = self.settings.company.get(spot.language) or "closeloop"
        words = translator(spot.language)
        return Answer(text=words.t("slack.stranger", company=company, command=command))

    async def ask(self, spot: Spot, asked: Coroutine[Any, Any, Answer]) -> tuple[Answer, Spot]:
        """Await an answer; return it, and the spot with the modal that opened if it took long."""
        handling = self.inflight.spawn(asked, what="interaction")
        done, _ = await asyncio.wait({handling}, timeout=self._loading_after)
        if not done and spot.trigger and not spot.view:
            spot = replace(spot, view=await self.replies.loading(spot), trigger="")
        return await handling, spot

    async def answered(self, spot: Spot, asked: Coroutine[Any, Any, Answer]) -> None:
        """Await an answer and show it in the background."""
        answer, spot = await self.ask(spot, asked)
        self.give(spot, answer)

    def give(self, spot: Spot, answer: Answer) -> None:
        """Show an answer in the background."""
        self.inflight.spawn(self.replies.give(spot, answer), what="answer")

    def tell(self, spot: Spot, text: str) -> None:
        """Show a text in the background."""
        self.give(spot, Answer(text=text))
