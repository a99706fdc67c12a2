"""The buttons of files on cards: the file comes under the card, or to whoever wants it."""

from __future__ import annotations

from collections import OrderedDict

import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, BlockActions
from bot.platforms.slack.presses import Presses, key_of
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.sharing import Sharing
from handlers.conversation.refused import refusal_text
from handlers.i18n import translator
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.slack")

MOST_KEYS = 1000


class FilePresses:
    """Each press once."""

    def __init__(self, it: Interact, presses: Presses, sharing: Sharing, api: SlackApi) -> None:
        self._it = it
        self._presses = presses
        self._sharing = sharing
        self._api = api
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def pressed(self, done: BlockActions) -> Ack:
        """Somebody wants a file: it comes under the card, or into their own conversation."""
        known, spot = await self._presses.spot(done)
        if known is None:
            self._it.give(spot, self._it.stranger(spot))
        elif key_of(done) not in self._seen:
            self._seen[key_of(done)] = None
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            self._it.inflight.spawn(self._bring(done, known.person, spot), what="file")
        return {}

    async def _bring(self, done: BlockActions, person: str, spot: Spot) -> None:
        words = translator(spot.language)
        where = done.container
        here = where.type == "message" and not where.is_ephemeral
        here = here and where.channel_id.startswith("D")
        try:
            channel, thread = where.channel_id, where.thread_ts or where.message_ts
            if not here:
                answer = await self._api.call("conversations.open", users=done.user.id)
                channel, thread = str(answer["channel"]["id"]), ""
            await self._sharing.share(
                [done.actions[0].token], person=person, channel=channel, thread=thread
            )
        except Refusal as refusal:
            await self._it.replies.tell(spot, refusal_text(refusal, words))
        except SlackProblem as problem:
            log.warning("slack_file_not_sent", error=str(problem))
            await self._it.replies.tell(spot, words.t("slack.file.not_sent"))
        else:
            if not here:
                await self._it.replies.tell(spot, words.t("slack.file.sent"))
