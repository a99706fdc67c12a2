"""Buttons and menus on cards, wherever the card is shown."""

from __future__ import annotations

from bot.platforms.slack.hooks import Hooks
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, BlockActions, ref_of
from bot.platforms.slack.replies import Spot
from handlers.conversation.ports import KnownPerson


class Presses:
    """A press is judged by the desk alone: where the button stood proves nothing."""

    def __init__(self, it: Interact, hooks: Hooks) -> None:
        self._it = it
        self._hooks = hooks

    async def pressed(self, done: BlockActions) -> Ack:
        """Somebody pressed a button or chose from More."""
        self._note_hook(done)
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
        """Who pressed, and where they wait for the answer."""
        modal = done.view is not None and done.view.type == "modal"
        return await self._it.spot(
            done.user,
            trigger=done.trigger_id,
            hook=done.response_url,
            upon=modal,
            key=key_of(done),
        )

    async def tell(self, done: BlockActions, text: str) -> Ack:
        """A short text instead of an answer."""
        spot = Spot(
            account=done.user.id,
            language=self._it.people.language(done.user.id),
            hook=done.response_url,
        )
        self._it.tell(spot, text)
        return {}

    def _note_hook(self, done: BlockActions) -> None:
        where = done.container
        if where.type == "message" and not where.is_ephemeral and done.response_url:
            ref = ref_of(where.channel_id, where.message_ts)
            self._hooks.note(done.response_url, message=ref)


def key_of(done: BlockActions) -> str:
    """Names this press: the same for every delivery of it."""
    action, where = done.actions[0], done.container
    place = where.message_ts or where.view_id
    return f"press:{done.user.id}:{place}:{action.action_id}:{action.action_ts}"
