"""Slash commands: those of the processes, and `/loop` for everything else."""

from __future__ import annotations

import re

from bot.platforms.slack.blocks import content, render_all
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, SlashCommand, User
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.settings import OWN_COMMAND
from bot.platforms.slack.text import plain
from handlers.conversation.purpose import code_in
from handlers.pages import Answer

_CASE_NUMBER = re.compile(r"\s*[A-Za-z]{1,4}-[0-9]{4}-[0-9]+\s*", re.ASCII)


class SlashCommands:
    """Handles slash commands; answers are in the acknowledgement where possible, without a call."""

    def __init__(self, it: Interact) -> None:
        self._it = it

    async def typed(self, command: SlashCommand) -> Ack:
        """Handle a command and return the acknowledgement."""
        user = User(id=command.user_id, team_id=command.team_id)
        known, spot = await self._it.spot(
            user,
            trigger=command.trigger_id,
            response_url=command.response_url,
            key=command.trigger_id,
        )
        text = self.line(command)
        code = code_in(text)
        if code:
            answer = await self._it.conversation.link(spot.account, code, language=spot.language)
        elif known is None:
            answer = self._it.stranger(spot)
        else:
            said = self._it.conversation.said(known.person, text, key=command.trigger_id)
            answer, spot = await self._it.ask(spot, said)
        if answer.form is not None or spot.view:
            self._it.give(spot, answer)
            return {}
        return _spoken(answer, spot)

    def line(self, command: SlashCommand) -> str:
        """Return what was typed as a command such as `/tasks`, or the number of a case."""
        name = command.command[1:].removeprefix(self._it.settings.command_prefix)
        text = plain(command.text).strip()
        if name != OWN_COMMAND:
            return f"/{name} {text}".strip()
        if _CASE_NUMBER.fullmatch(text):
            return text
        return f"/{text.removeprefix('/')}" if text else "/help"

    async def tell(self, command: SlashCommand, text: str) -> Ack:
        """Return a short text as the acknowledgement."""
        return {"text": text, "response_type": "ephemeral"}

    async def later(self, command: SlashCommand, ack: Ack) -> None:
        """Send the answer by `response_url` when the acknowledgement was sent before it."""
        if ack and command.response_url:
            await self._it.replies.respond(command.response_url, ack)


def _spoken(answer: Answer, spot: Spot) -> Ack:
    if not answer.words and not answer.cards:
        return {}
    shown = render_all(answer.cards, text=answer.words, link=answer.link, language=spot.language)
    quiet = {"unfurl_links": False, "unfurl_media": False} if answer.link else {}
    return {**content(shown), **quiet, "response_type": "ephemeral"}
