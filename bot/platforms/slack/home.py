"""The Home tab: a person's tasks, what they can start, their cases and their absence.

It is published when somebody opens it, and again shortly after a change, for those who opened it
recently. Two processes may publish at once: each gives Slack the hash of the view that it replaces,
and the slower one reads everything again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.platforms.slack.api import EVERYTHING, SlackApi
from bot.platforms.slack.blocks import Block, button_blocks, card_blocks, plain_section, plain_text
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, SlackEvent, User
from handlers.i18n import translator
from handlers.pages import Home

log = structlog.stdlib.get_logger("closeloop.slack")

METHOD = "views.publish"
HOME = "cl:home"
LOOKED_S = 600.0  # a Home tab is kept up to date for this time after it was opened
MOST = 1000  # Home tabs that are kept up to date
BLOCKS = 100  # in one view, docs.slack.dev/reference/views
TRIES = 4
_AGAIN = (
    Trouble.LIMITED,
    Trouble.TRANSIENT,
    Trouble.AMBIGUOUS,
)  # publishing can be repeated


@dataclass(slots=True)
class _Look:
    """A Home tab that somebody opened recently."""

    account: str
    person: str
    language: str
    until: float
    hash: str = ""  # Slack's hash of the published view
    shown: str = ""  # the digest of its content
    pending: bool = False  # a task publishes it soon
    changed: bool = False  # something changed after it was published


class HomeTab:
    """Publishes Home tabs; errors of Slack are logged and not raised."""

    def __init__(
        self, it: Interact, api: SlackApi, *, now: Callable[[], float], coalesce: float
    ) -> None:
        self._it = it
        self._api = api
        self._now = now
        self._looks: OrderedDict[str, _Look] = OrderedDict()  # by account
        self._coalesce = coalesce
        it.conversation.listen(self.touched)

    # ------------------------------------------------------------------ what happens

    async def opened(self, event: SlackEvent) -> Ack:
        """Handle that somebody opened the app; only the Home tab is of interest."""
        body = event.event
        told = body.model_extra or {}
        if told.get("tab", "home") != "home" or not isinstance(body.user, str):
            return {}
        view = told.get("view")
        seen = str(view.get("hash") or "") if isinstance(view, dict) else ""
        user = User(id=body.user, team_id=event.team_id)
        self._it.inflight.spawn(self._greet(user, seen), what="home")
        return {}

    async def _greet(self, user: User, seen: str) -> None:
        known, spot = await self._it.spot(user)
        look = self._looks.pop(user.id, None)
        if look is None or look.hash != seen:  # this process has not published what they see
            look = _Look(user.id, "", "", 0.0, hash=seen)
        look.person, look.language = known.person if known else "", spot.language
        look.until = self._now() + LOOKED_S
        self._looks[user.id] = look
        while len(self._looks) > MOST:
            self._looks.popitem(last=False)
        await self._publish(look)

    def touched(self, person: str) -> None:
        """Publish a person's Home tab soon, if they opened it recently."""
        for look in self._looks.values():
            if look.person != person or self._now() >= look.until:
                continue
            look.changed = True
            if not look.pending:
                look.pending = True
                self._it.inflight.spawn(self._soon(look), what="home")

    async def _soon(self, look: _Look) -> None:
        try:
            while look.changed:
                await asyncio.sleep(self._coalesce)
                look.changed = False
                await self._publish(look)
        finally:
            look.pending = False

    # ------------------------------------------------------------------ publishing

    async def _publish(self, look: _Look) -> None:
        if self._api.broken:
            return
        try:
            for _ in range(TRIES):
                if await self._published(look):
                    return
        except SlackProblem as problem:
            log.warning("slack_home_not_published", error=str(problem), account=look.account)

    async def _published(self, look: _Look) -> bool:
        """Publish the current view; return False if it must be tried again."""
        while (wait := self._api.pace.wait([EVERYTHING, METHOD])) > 0:
            await self._api.pause(wait)
        view = await self._view(look)
        shown = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if look.hash and look.shown == shown:
            return True
        upon = {"hash": look.hash} if look.hash else {}
        try:
            answer = await self._api.call(METHOD, user_id=look.account, view=view, **upon)
        except SlackProblem as problem:
            look.hash = look.shown = ""
            if problem.code == "hash_conflict":
                return False
            if problem.kind not in _AGAIN:
                raise
            await self._api.pause(problem.after or 1.0)
            return False
        told = answer.get("view")
        look.hash = str(told.get("hash") or "") if isinstance(told, dict) else ""
        look.shown = shown
        return True

    async def _view(self, look: _Look) -> Block:
        if not look.person:
            _, spot = await self._it.spot(User(id=look.account))
            return home_view([plain_section(self._it.stranger(spot).text)])
        found = await self._it.conversation.home(person=look.person, language=look.language)
        return home_view(home_blocks(found, language=look.language))


# ---------------------------------------------------------------------- drawing


def home_view(blocks: list[Block]) -> Block:
    """Return the view with these blocks."""
    return {"type": "home", "callback_id": HOME, "blocks": blocks[:BLOCKS]}


def home_blocks(home: Home, *, language: str) -> list[Block]:
    """Return the blocks of a person's page: tasks, what can be started, cases, absence."""
    words = translator(language)
    blocks = card_blocks(home.tasks, language=language)
    if home.starts:
        mark = hashlib.sha256(repr(home.starts).encode()).hexdigest()[:10]
        blocks += [
            {"type": "divider"},
            {"type": "header", "text": plain_text(words.t("slack.home.start"), 140)},
            *button_blocks(home.starts, words=words, mark=f"start-{mark}"),
        ]
    for card in (home.cases, home.away):
        blocks += [{"type": "divider"}, *card_blocks(card, language=language)]
    return numbered(blocks)


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with unique ids: several cards are on one surface."""
    found: list[Block] = []
    number = 0
    for place, block in enumerate(blocks):
        shown: dict[str, Any] = dict(block)
        if block["type"] == "actions":
            elements = []
            for element in block["elements"]:
                name = str(element["action_id"]).rpartition(":")[0]
                elements.append({**element, "action_id": f"{name}:{number}"})
                number += 1
            shown |= {"elements": elements, "block_id": f"{block['block_id']}:{place}"}
        found.append(shown)
    return found
