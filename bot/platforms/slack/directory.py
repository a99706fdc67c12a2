"""Links the members of the workspace to people by e-mail, and keeps their language and time zone.

All members are read at start and once a day, and single ones when they do something or Slack
reports that they joined or changed. Guests, bots and people of other workspaces are never linked by
e-mail. The account of a deactivated member is unlinked.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import structlog

from bot.platforms.slack.api import EVERYTHING, SlackApi
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.payloads import Ack, SlackEvent
from bot.platforms.slack.people import Accounts, belongs, profile_of
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Profile

log = structlog.stdlib.get_logger("closeloop.slack")

METHOD = "users.list"
LEASE, DAY_LEASE = "slack directory", "slack directory of the day"
LEASE_S = 900.0  # longer than reading all members takes
DAY_S = 24 * 3600.0
PAGE, PAGES = 200, 1000
BREATH = 20  # members between two turns of the event loop
_AGAIN = (Trouble.LIMITED, Trouble.TRANSIENT, Trouble.AMBIGUOUS)


class SlackMembers:
    """Reads the members. What fails is repeated the next day, or when the member is seen."""

    def __init__(self, api: SlackApi, conversation: Conversation, people: Accounts) -> None:
        self._api = api
        self._conversation = conversation
        self._people = people
        self.owner = uuid.uuid4().hex
        self._noted: dict[str, Profile] = {}  # the stored profile of each account

    async def daily(self) -> None:
        """Read all members now and then once a day, in one of the replicas; never returns."""
        await self.look()
        while True:
            await asyncio.sleep(DAY_S)
            await self.look(daily=True)

    async def look(self, *, daily: bool = False) -> None:
        """Read all members, unless another process holds the lease for it.

        `daily`: the lease is kept for half a day, so that one replica reads them once a day.
        """
        name, seconds = (DAY_LEASE, DAY_S / 2) if daily else (LEASE, LEASE_S)
        try:
            if not await self._conversation.take_lease(name, owner=self.owner, seconds=seconds):
                return
            count = await self._everybody()
            log.info("slack_directory_read", members=count)
            if not daily:
                await self._conversation.end_lease(name, owner=self.owner)
        except SlackProblem as problem:
            log.warning("slack_directory_failed", error=str(problem))
        except Exception:  # repeated the next day; members who are seen are linked meanwhile
            log.exception("slack_directory_failed")

    async def _everybody(self) -> int:
        count, cursor = 0, ""
        for _ in range(PAGES):
            page = await self._page(cursor)
            for member in page.get("members") or ():
                await self._take_alone(member)
                count += 1
                if count % BREATH == 0:
                    await asyncio.sleep(0)
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return count

    async def _take_alone(self, member: Mapping[str, Any]) -> None:
        """Take one member; an error in the profile is logged and does not affect the others."""
        try:
            await self.take(member)
        except SlackProblem:
            raise
        except Exception:
            log.exception("slack_member_failed", account=str(member.get("id") or ""))

    async def _page(self, cursor: str) -> Mapping[str, Any]:
        more = {"cursor": cursor} if cursor else {}
        for _ in range(5):
            while (wait := self._api.pace.wait([EVERYTHING, METHOD])) > 0:
                await self._api.pause(wait)
            try:
                return await self._api.call(METHOD, limit=PAGE, include_locale="true", **more)
            except SlackProblem as problem:
                if problem.kind not in _AGAIN:
                    raise
                await self._api.pause(problem.after or 2.0)
        raise SlackProblem(Trouble.TRANSIENT, "not_answered", method=METHOD)

    # ------------------------------------------------------------------ one of them

    async def changed(self, event: SlackEvent) -> Ack:
        """Handle that somebody joined or changed their profile."""
        if isinstance(event.event.user, dict):
            await self.take(event.event.user)
        return {}

    async def take(self, member: Mapping[str, Any]) -> None:
        """Link one member and store their language and time zone, or unlink a deactivated one.

        `member` is a user object of Slack, docs.slack.dev/reference/objects/user-object.
        """
        account = str(member.get("id") or "")
        if not account:
            return
        if member.get("deleted"):
            self._noted.pop(account, None)
            if await self._conversation.known(account) is not None:
                await self._conversation.left(account)
                log.info("slack_account_left", account=account)
            return
        if not belongs(member, team=self._people.app.team):
            return
        profile = profile_of(member)
        self._people.note_language(account, str(member.get("locale") or ""))
        there = await self._conversation.known(account)
        if there is None or self._noted.get(account) != profile:
            await self._conversation.enrol(profile)
            self._noted[account] = profile


class Tokens:
    """Handles that the token was revoked, or the app removed."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def ended(self, event: SlackEvent) -> Ack:
        """Call Slack to notice that the token is refused; the outbox then waits, with an alarm."""
        try:
            await self._api.call("auth.test")
        except SlackProblem as problem:
            log.warning("slack_token_ended", told=event.event.type, error=problem.code)
        return {}
