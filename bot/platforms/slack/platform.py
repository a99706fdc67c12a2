"""The Slack adapter: creates its parts, starts and stops them, and says whether it is connected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from starlette.routing import BaseRoute

from bot.platforms.slack import table
from bot.platforms.slack.api import Pause, SlackApi
from bot.platforms.slack.attachments import Attachments
from bot.platforms.slack.boot import Booted, boot
from bot.platforms.slack.chat import SlackChat
from bot.platforms.slack.commands import SlashCommands
from bot.platforms.slack.directory import SlackMembers, Tokens
from bot.platforms.slack.errors import SlackProblem
from bot.platforms.slack.files import FileDownloads
from bot.platforms.slack.gateway import Gateway, Routes
from bot.platforms.slack.home import HomeTab
from bot.platforms.slack.inflight import Inflight
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.messages import DirectMessages
from bot.platforms.slack.pace import SlackPace
from bot.platforms.slack.people import NAME, Accounts
from bot.platforms.slack.presses import FilePresses, Presses
from bot.platforms.slack.receiving import Receiving
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.response_urls import ResponseUrls
from bot.platforms.slack.rows import RowForms
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.sharing import Sharing
from bot.platforms.slack.shortcuts import Shortcuts
from bot.platforms.slack.sockets import Sockets
from bot.platforms.slack.submissions import Submissions
from bot.platforms.slack.times import USUAL, SlackTimes
from bot.platforms.slack.web import HttpEndpoint
from bot.runtime.outsiders import TurnedAway, not_counted
from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.conversation.ports import ChatPort
from workflows.errors import ConfigError

log = structlog.stdlib.get_logger("closeloop.slack")

LONGEST_WAIT_S = 30.0  # between two attempts to reach Slack at start
DRAIN_S = 2.0  # for background work at shutdown; what is cancelled continues after the next start


class SlackPlatform:
    """Implements `bot.app.platforms.Platform`.

    `steady` is a monotonic clock, `wall` the time of day as a POSIX timestamp, both in seconds.
    """

    name = NAME

    def __init__(
        self,
        settings: SlackSettings,
        conversation: Conversation,
        *,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        pause: Pause = asyncio.sleep,
        turned_away: TurnedAway = not_counted,
        times: SlackTimes = USUAL,
    ) -> None:
        self._settings = settings
        self._turned_away = turned_away
        self.inflight = Inflight()
        self.api = SlackApi(settings, SlackPace(steady), pause=pause)
        self.response_urls = ResponseUrls(steady)
        self.people = Accounts(self.api, conversation)
        self.sheets = OpenSheets(conversation)
        self.replies = Replies(
            self.api, conversation, sheets=self.sheets, response_urls=self.response_urls
        )
        self.interact = Interact(
            settings,
            conversation,
            people=self.people,
            replies=self.replies,
            sheets=self.sheets,
            inflight=self.inflight,
            loading_after=times.loading_after,
        )
        self.home = HomeTab(self.interact, self.api, now=steady, coalesce=times.coalesce)
        self._concerns(conversation)
        self.gateway = self._gateway(conversation, times)
        self.sockets = Sockets(
            self.gateway.app, settings.app_token, inflight=self.inflight, times=times
        )
        self.chat: ChatPort = SlackChat(
            self.api,
            self.response_urls,
            sharing=self.sharing,
            channels=settings.channels,
            told=conversation.concerned,
        )
        self._wall = wall
        self._booted = False
        self._booting: asyncio.Task[Any] | None = None
        self._daily: asyncio.Task[None] | None = None

    def _concerns(self, conversation: Conversation) -> None:
        """Create the parts that handle payloads."""
        downloads = FileDownloads(self._settings, self.api)
        attachments = Attachments(self.interact, downloads)
        self.receiving = Receiving(
            self.interact.conversation,
            downloads=downloads,
            replies=self.replies,
            sheets=self.sheets,
            inflight=self.inflight,
            elsewhere=attachments.resume,
        )
        self.messages = DirectMessages(self.interact, attachments)
        self.sharing = Sharing(self.api, conversation)
        self.shortcuts = Shortcuts(self.interact)
        self.directory = SlackMembers(self.api, conversation, self.people)

    def _gateway(self, conversation: Conversation, times: SlackTimes) -> Gateway:
        return Gateway(
            self.api,
            conversation,
            routes=self._routes(),
            people=self.people,
            inflight=self.inflight,
            prefix=self._settings.command_prefix,
            answer_within=times.answer_within,
        )

    def _routes(self) -> Routes:
        routes, presses = Routes(), Presses(self.interact, self.response_urls)
        files = FilePresses(self.interact, presses, self.sharing, self.api)
        table.add_commands(routes, SlashCommands(self.interact))
        table.add_cards(routes, presses, files)
        forms = Submissions(self.interact, self.receiving)
        table.add_forms(routes, forms)
        table.add_rows(routes, RowForms(self.interact), forms)
        table.add_words(routes, self.messages, self.shortcuts)
        table.add_people(routes, self.home, self.directory, Tokens(self.api))
        return routes

    def connected(self) -> bool:
        """Return whether it can receive and send now."""
        if not self._booted or self.api.broken:
            return False
        return self._settings.mode == "http" or self.sockets.alive > 0

    def routes(self) -> Sequence[BaseRoute]:
        """Return the route that Slack sends to; none in socket mode."""
        if self._settings.mode != "http":
            return ()
        endpoint = HttpEndpoint(
            self.gateway.app,
            self._settings.signing_secret,
            now=self._wall,
            inflight=self.inflight,
            ready=lambda: self.api.client.session is not None,
            turned_away=self._turned_away,
        )
        return (endpoint.route(),)

    # ------------------------------------------------------------------ life

    async def start(self) -> None:
        """Check the tokens, then start to receive.

        If Slack cannot be reached, this returns and it is retried in the background.

        Raises:
            ConfigError: Slack refuses a token, or a scope is missing.
        """
        await self.api.open()
        try:
            await self._begin(await boot(self._settings, self.api))
        except SlackProblem as problem:
            log.warning("slack_not_reached", error=str(problem))
            self._booting = asyncio.ensure_future(self._keep_trying())
        except ConfigError:
            await self.api.aclose()
            raise

    async def _begin(self, booted: Booted) -> None:
        self.people.app.learn(booted.identity)
        if self._settings.mode == "socket":
            self.sockets.start(booted.socket_url)
        self._booted = True
        log.info("slack_started", mode=self._settings.mode, team=booted.identity.get("team", ""))
        self.inflight.spawn(self.receiving.resume(), what="resume")
        self.replies.owing.start()
        self._daily = asyncio.ensure_future(self.directory.daily())

    async def _keep_trying(self) -> None:
        wait = 1.0
        while not self._booted:
            await self.api.pause(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)
            try:
                await self._begin(await boot(self._settings, self.api))
            except SlackProblem as problem:
                log.warning("slack_not_reached", error=str(problem))
            except ConfigError as refused:
                log.critical("slack_refused", findings=str(refused))

    async def stop(self) -> None:
        """Accept nothing new; payloads that are being handled end within a few seconds."""
        for task in (self._booting, self._daily):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self.sockets.stop()
        await self.inflight.drained(within=DRAIN_S)
        await self.replies.owing.stop()

    async def aclose(self) -> None:
        """Close the connections, after the last message was sent."""
        await self.inflight.drained(within=0)
        await self.api.aclose()
