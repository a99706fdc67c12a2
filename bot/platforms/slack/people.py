"""Accounts of the workspace, and the people whom they belong to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.payloads import User
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import KnownPerson, Profile
from handlers.i18n import language_of_locale

log = structlog.stdlib.get_logger("closeloop.slack")

NAME = "slack"
MOST = 1000  # accounts whose language is remembered
_OUTSIDE = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


class AppIdentity:
    """The identity of the app and its workspace; every value is "" before the start."""

    def __init__(self) -> None:
        self._told: Mapping[str, str] = MappingProxyType({})

    def learn(self, told: Mapping[str, str]) -> None:
        """Set the answer of auth.test."""
        self._told = told

    @property
    def team(self) -> str:
        """The id of the workspace."""
        return self._told.get("team_id", "")

    @property
    def user(self) -> str:
        """The account of the bot."""
        return self._told.get("user_id", "")

    @property
    def bot(self) -> str:
        """The id of the bot."""
        return self._told.get("bot_id", "")

    @property
    def url(self) -> str:
        """The URL of the workspace."""
        return self._told.get("url", "")


class Accounts:
    """Finds the people of accounts."""

    def __init__(self, api: SlackApi, conversation: Conversation) -> None:
        self._api = api
        self._conversation = conversation
        self.app = AppIdentity()
        self._languages: OrderedDict[str, str] = OrderedDict()

    def language(self, account: str) -> str:
        """Return the language of an account, as Slack reported it last; "en" by default."""
        return self._languages.get(account, "en")

    def foreign(self, user: User) -> bool:
        """Return whether somebody belongs to another workspace."""
        return bool(self.app.team and user.team_id and user.team_id != self.app.team)

    async def who(self, user: User) -> KnownPerson | None:
        """Return the person of an account, which is linked by e-mail when it is seen first.

        Returns None for guests, bots and people of other workspaces, unless an administrator linked
        them.

        Raises:
            SlackProblem: Slack was asked for the profile and did not answer.
        """
        if self.foreign(user):
            return None
        known = await self._conversation.known(user.id)
        if known is None:
            return await self._enrol(user)
        self.note_language(user.id, known.language)
        return known

    async def profile(self, account: str) -> Mapping[str, Any]:
        """Return Slack's user object of an account; empty if there is none.

        Raises:
            SlackProblem: Slack did not answer.
        """
        try:
            answer = await self._api.call("users.info", user=account, include_locale="true")
        except SlackProblem as problem:
            if problem.kind not in (Trouble.TARGET, Trouble.DEFECT):
                raise
            log.info("slack_profile_unknown", account=account, error=problem.code)
            return {}
        found = answer.get("user")
        return found if isinstance(found, dict) else {}

    async def _enrol(self, user: User) -> KnownPerson | None:
        found = await self.profile(user.id)
        self.note_language(user.id, str(found.get("locale") or ""))
        if not found or not belongs(found, team=self.app.team):
            return None
        return await self._conversation.enrol(profile_of(found))

    def note_language(self, account: str, locale: str) -> None:
        """Remember the language in which Slack is displayed to an account."""
        self._languages[account] = language_of_locale(locale, default="en")
        while len(self._languages) > MOST:
            self._languages.popitem(last=False)

    async def names(self, accounts: tuple[str, ...]) -> dict[str, str]:
        """Return the names of mentioned accounts that are linked; at most ten."""
        found = {}
        for account in accounts[:10]:
            known = await self._conversation.known(account)
            if known is not None:
                found[account] = known.name
        return found


def belongs(found: Mapping[str, Any], *, team: str) -> bool:
    """Return whether an account is a full member of the workspace."""
    if any(found.get(trait) for trait in _OUTSIDE):
        return False
    return not team or found.get("team_id") in (None, "", team)


def profile_of(found: Mapping[str, Any]) -> Profile:
    """Return the profile in a user object of Slack."""
    inner = found.get("profile")
    return Profile(
        account=str(found["id"]),
        email=str((inner if isinstance(inner, dict) else {}).get("email") or ""),
        language=language_of_locale(str(found.get("locale") or "")),
        timezone=str(found.get("tz") or ""),
    )
