"""The Telegram adapter: builds its parts, starts and stops them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from starlette.routing import BaseRoute
from telegram.error import TelegramError

from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.boot import prove_token, prove_webhook
from bot.platforms.telegram.chat import NAME, TelegramChat
from bot.platforms.telegram.clicks import Clicks
from bot.platforms.telegram.commands import CommandMenu
from bot.platforms.telegram.comments import Comments
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.files import SentFiles
from bot.platforms.telegram.forms.drawing import Drawings
from bot.platforms.telegram.groups import Groups
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.leftovers import Leftovers
from bot.platforms.telegram.messages import WrittenMessages
from bot.platforms.telegram.outage import Outage
from bot.platforms.telegram.pace import TelegramPace
from bot.platforms.telegram.parts import Parts
from bot.platforms.telegram.polling import Poller
from bot.platforms.telegram.settings import TelegramSettings
from bot.platforms.telegram.shown import Shown
from bot.platforms.telegram.strangers import Strangers
from bot.platforms.telegram.telling import tell
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from bot.platforms.telegram.webhook import Webhook
from bot.runtime.outsiders import TurnedAway, not_counted
from bot.runtime.owing import Owing
from bot.runtime.quiet import Quiet
from handlers.conversation.albums import Albums
from handlers.conversation.dialogue.sessions import Sessions
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.one_platform import Conversation
from handlers.conversation.purpose import Purposes
from handlers.conversation.unplaced import UnplacedTexts
from workflows.moments import MINUTE, Moment

log = structlog.stdlib.get_logger("closeloop.telegram")

COMMANDS_EVERY = 5 * MINUTE
LONGEST_S = 30.0
FIRST_S = 10.0  # for the check at the start


class TelegramPlatform:
    """Implements a chat platform. It is started once, and recovers from errors by itself.

    `seconds` is the clock of the rate limits, and `pause` waits for so many seconds.
    `turned_away` counts requests to the webhook without its secret.
    """

    name = NAME

    def __init__(
        self,
        settings: TelegramSettings,
        conversation: Conversation,
        *,
        seconds: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        turned_away: TurnedAway = not_counted,
    ) -> None:
        self._settings = settings
        self._conversation = conversation
        self._pause = pause
        self.api = Api(settings)
        pace, shown = TelegramPace(seconds=seconds, pause=pause), Shown()
        self.voice = Voice(self.api, pace)
        self.owing = Owing(self._conversation, partial(tell, self.voice), pause=pause)
        groups = Groups(settings.groups)
        self.chat = TelegramChat(self.api, pace, self.voice, conversation, shown, groups=groups)
        self._quiet = Quiet(pause)
        forms = self._make_forms()
        answers = Answers(
            api=self.api, voice=self.voice, forms=forms, shown=shown, owing=self.owing
        )
        self._commands = CommandMenu(self.api, conversation)
        files = SentFiles(self.api, conversation)
        self._albums = Albums(conversation)
        comments = Comments(
            conversation=conversation,
            answers=answers,
            files=files,
            albums=self._albums,
            quiet=self._quiet,
        )
        self._outage = Outage(conversation, self.owing)
        self._intake = self._make_intake(forms, answers, files, comments, groups)
        self._connection = Connection(pause=pause, heard=self._heard, missed=self._outage.failed)
        self._source: Poller | Webhook
        if settings.mode == "webhook":
            self._source = Webhook(
                settings, self.api, self._intake, self._connection, turned_away=turned_away
            )
        else:
            self._source = Poller(
                self.api, conversation, self._intake, self._connection, owner=settings.owner
            )
        self._commands_at: Moment | None = None
        self._greeted = False
        self._besides: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def _make_forms(self) -> Dialogue[KnownUpdate]:
        sessions = Sessions(self._conversation)
        drawings = Drawings(
            self._conversation, self.voice, sessions, quiet=self._quiet, owing=self.owing
        )
        return Dialogue(self._conversation, sessions, drawings)

    def _make_intake(
        self,
        forms: Dialogue[KnownUpdate],
        answers: Answers,
        files: SentFiles,
        comments: Comments,
        groups: Groups,
    ) -> Intake:
        talk, voice, quiet = self._conversation, self.voice, self._quiet
        leftovers = Leftovers(voice=voice, answers=answers, texts=UnplacedTexts(talk, forms))
        messages = WrittenMessages(
            conversation=talk,
            answers=answers,
            forms=forms,
            names=self._commands,
            files=files,
            comments=comments,
            leftovers=leftovers,
            purposes=Purposes(talk, forms.sessions),
        )
        clicks = Clicks(
            conversation=talk,
            voice=voice,
            answers=answers,
            forms=forms,
            quiet=quiet,
            leftovers=leftovers,
        )
        return Intake(
            self.api,
            talk,
            strangers=Strangers(self.api, voice, talk, company=self._settings.company),
            messages=messages,
            clicks=clicks,
            groups=groups,
            parts=Parts(self.api, talk, quiet),
            bot_id=self._settings.bot_id,
            pause=self._pause,
            returned=self._outage.show_to,
        )

    def connected(self) -> bool:
        """Return whether the token is valid and the last call succeeded."""
        return self._greeted and self._connection.healthy and not self.api.refused

    def routes(self) -> Sequence[BaseRoute]:
        """Return the route of the webhook, if updates are received by it."""
        return self._source.routes() if isinstance(self._source, Webhook) else ()

    async def start(self) -> None:
        """Begin to receive. Raises ConfigError when Telegram refuses the token or the webhook.

        If Telegram cannot be reached within ten seconds, this returns and it is tried again.
        """
        try:
            async with asyncio.timeout(FIRST_S):
                await prove_token(self._settings, self.api, pause=self._pause)
                self._is_known()
                if isinstance(self._source, Webhook):
                    await prove_webhook(self._source, self._settings)
        except (TelegramError, TimeoutError) as error:
            log.warning("telegram_not_reached", why=getattr(error, "message", "no answer in time"))
        self._task = asyncio.create_task(self._run(), name="telegram")

    async def stop(self) -> None:
        """Receive nothing more, and wait a few seconds for updates that are being handled."""
        await self._source.stop()
        tasks = [*self._besides, *((self._task,) if self._task is not None else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._source.release()
        await self._quiet.aclose()
        await self.voice.aclose()
        await self.owing.stop()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.api.aclose()

    async def _run(self) -> None:
        await self._greet()
        self.owing.start()
        with suppress(Exception):
            await self._albums.recover()
        with suppress(Exception):
            await self._intake.recover()
        await self._source.run()

    async def _greet(self) -> None:
        failures = 0
        while not self._greeted:
            try:
                await self.api.hello()
                self._is_known()
            except TelegramError as error:
                level = logging.ERROR if self.api.refused else logging.WARNING
                log.log(level, "telegram_not_reached", why=error.message, alarm=self.api.refused)
                await self._pause(min(2.0**failures, LONGEST_S))
                failures += 1

    def _is_known(self) -> None:
        self._greeted = True
        log.info("telegram_started", mode=self._settings.mode, bot=self.api.username)

    async def _heard(self) -> None:
        """Show open tasks after an outage, and every few minutes update the menus."""
        if await self._outage.heard():
            self._aside(self._outage.show_tasks())
        now = self._conversation.now()
        if self._commands_at is None or now - self._commands_at >= COMMANDS_EVERY:
            self._commands_at = now
            self._aside(self._commands.tell())

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work while updates are received; an error is logged."""
        task = asyncio.create_task(work)
        self._besides.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._besides.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("aside_failed", exc_info=error)
