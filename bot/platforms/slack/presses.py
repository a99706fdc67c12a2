"""Buttons and menus on cards. A button of a file posts the file."""

from __future__ import annotations

from collections import OrderedDict

import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, BlockActions, ref_of
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.response_urls import ResponseUrls
from bot.platforms.slack.sharing import Sharing
from handlers.conversation.ports import KnownPerson
from handlers.conversation.refused import refusal_text
from handlers.i18n import translator
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.slack")

MOST_KEYS = 1000  # presses of file buttons that are remembered


class Presses:
    """Handles presses. What a press may do never depends on the card that it was on."""

    def __init__(self, it: Interact, response_urls: ResponseUrls) -> None:
        self._it = it
        self._response_urls = response_urls

    async def pressed(self, done: BlockActions) -> Ack:
        """Handle a press of a button, or a choice in the menu."""
        self._note_response_url(done)
        known, spot = await self.spot(done)
        token = done.actions[0].token
        if known is None:
            objected = await self._it.conversation.objects(
                spot.account, token, language=spot.language
            )
            self._it.give(spot, objected or self._it.stranger(spot))
            return {}
        pressed = self._it.conversation.pressed(known.person, token, key=key_of(done))
        await self._it.answered(spot, pressed)
        return {}

    async def spot(self, done: BlockActions) -> tuple[KnownPerson | None, Spot]:
        """Return who pressed, or None, and where their answer is shown."""
        modal = done.view is not None and done.view.type == "modal"
        return await self._it.spot(
            done.user,
            trigger=done.trigger_id,
            response_url=done.response_url,
            upon=modal,
            key=key_of(done),
        )

    async def tell(self, done: BlockActions, text: str) -> Ack:
        """Show a short text and return an empty acknowledgement."""
        spot = Spot(
            account=done.user.id,
            language=self._it.people.language(done.user.id),
            response_url=done.response_url,
        )
        self._it.tell(spot, text)
        return {}

    def _note_response_url(self, done: BlockActions) -> None:
        where = done.container
        if where.type == "message" and not where.is_ephemeral and done.response_url:
            ref = ref_of(where.channel_id, where.message_ts)
            self._response_urls.note(done.response_url, message=ref)


def key_of(done: BlockActions) -> str:
    """Return the idempotency key of a press."""
    action, where = done.actions[0], done.container
    place = where.message_ts or where.view_id
    return f"press:{done.user.id}:{place}:{action.action_id}:{action.action_ts}"


class FilePresses:
    """Handles presses of file buttons: each posts its file once."""

    def __init__(self, it: Interact, presses: Presses, sharing: Sharing, api: SlackApi) -> None:
        self._it = it
        self._presses = presses
        self._sharing = sharing
        self._api = api
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def pressed(self, done: BlockActions) -> Ack:
        """Post the file under its card, or in the direct messages of the person."""
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
