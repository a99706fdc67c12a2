"""Messages of people: to the app, in a thread under a card, or mentioning the app in a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.platforms.slack.attachments import Attachments, attached
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, EventBody, SlackEvent, User, ref_of
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.text import mentioned, plain, without_mention
from handlers.conversation.purpose import Comment, Purposes, Written, code_in
from handlers.i18n import translator

_CHANGED, _DELETED = "message_changed", "message_deleted"
_WRITTEN = ("", "file_share", "thread_broadcast")


class DirectMessages:
    """Handles messages: in the thread of a card they are comments on its case, else commands."""

    def __init__(self, it: Interact, attachments: Attachments) -> None:
        self._it = it
        self._attachments = attachments
        self._purposes = Purposes(it.conversation)

    @property
    def _bot_user(self) -> str:
        return self._it.people.app.user

    async def written(self, event: SlackEvent) -> Ack:
        """Handle a message in the conversation with the app."""
        body = event.event
        if body.channel_type != "im":
            return {}
        if body.subtype in (_CHANGED, _DELETED):
            await self._corrected(event)
        elif self._by_a_person(body):
            await self._take(event, body.text)
        return {}

    async def _corrected(self, event: SlackEvent) -> None:
        """Handle a changed or deleted message; a changed comment is corrected by another one."""
        more, changed = event.event.model_extra or {}, event.event.subtype == _CHANGED
        before = _told(more.get("previous_message"))
        now = _told(more.get("message")) if changed else before
        text, user = str(now.get("text", "")), str(before.get("user", ""))
        if not user or user == self._bot_user or before.get("bot_id") or now.get("bot_id"):
            return
        if changed and (not text or text == before.get("text")):
            return  # Slack added the preview of a link
        channel, thread = str(event.event.channel), str(before.get("thread_ts", ""))
        known, spot = await self._it.spot(
            User(id=user), channel=channel, thread=thread, key=event.event_id
        )
        if known is None:
            return
        names = await self._it.people.names(mentioned(text))
        written = Written(
            person=known.person,
            key=event.event_id,
            text=plain(text, names).strip(),
            file=bool(attached(before)),
            card=ref_of(channel, thread) if thread else "",
        )
        purpose = await self._purposes.of(written)
        words = translator(spot.language)
        if not isinstance(purpose, Comment):
            if changed:
                self._it.tell(spot, words.t("slack.edited"))
            return
        if not changed:
            self._it.tell(spot, words.t("slack.deleted", case=purpose.case_id))
            return
        said = self._it.conversation.corrected(
            known.person,
            purpose.case_id,
            written.text,
            key=event.event_id,
            language=spot.language,
        )
        await self._it.answered(spot, said)

    async def mention(self, event: SlackEvent) -> Ack:
        """Handle a mention in a channel; only the writer sees the answer."""
        if self._by_a_person(event.event):
            text = without_mention(event.event.text, self._bot_user)
            await self._take(event, text, private=True)
        return {}

    async def tell(self, event: SlackEvent, text: str) -> Ack:
        """Show a short text to whoever wrote, or changed what they wrote."""
        body, private = event.event, event.event.type == "app_mention"
        before = _told((body.model_extra or {}).get("previous_message"))
        user = body.user if self._by_a_person(body) else before.get("user")
        if isinstance(user, str) and (private or body.channel_type == "im"):
            spot = Spot(
                account=user,
                language=self._it.people.language(user),
                channel=str(body.channel),
                thread=body.thread_ts or (body.ts if private else ""),
                private=private,
            )
            self._it.tell(spot, text)
        return {}

    def _by_a_person(self, body: EventBody) -> bool:
        written = body.subtype in _WRITTEN and not body.hidden and not body.bot_id
        return written and isinstance(body.user, str) and body.user != self._bot_user

    async def _take(self, event: SlackEvent, raw: str, *, private: bool = False) -> None:
        body = event.event
        user = User(id=str(body.user), team_id=_team(body))
        in_thread = body.thread_ts not in ("", body.ts)
        known, spot = await self._it.spot(
            user,
            channel=str(body.channel),
            thread=body.thread_ts if in_thread or private else "",
            private=private,
            key=event.event_id,
        )
        text = plain(raw, await self._it.people.names(mentioned(raw))).strip()
        code = code_in(text)
        if code:
            linked = self._it.conversation.link(user.id, code, language=spot.language)
            self._it.give(spot, await linked)
            return
        if known is None:
            self._it.give(spot, self._it.stranger(spot))
            return
        files = attached(body.model_extra)
        written = Written(
            person=known.person,
            key=event.event_id,
            text=text,
            file=bool(files),
            card=ref_of(str(body.channel), body.thread_ts) if in_thread else "",
        )
        purpose = await self._purposes.of(written)
        if not isinstance(purpose, Comment):
            await self._without_a_case(spot, written)
        elif files:
            case_id = purpose.case_id
            await self._attachments.take(known, spot, case_id=case_id, text=text, files=files)
        else:
            said = self._it.conversation.commented(
                known.person, purpose.case_id, text, key=written.key
            )
            await self._it.answered(spot, said)

    async def _without_a_case(self, spot: Spot, written: Written) -> None:
        if written.file:
            told = translator(spot.language).t("slack.file.where")
            self._it.tell(replace(spot, key=""), told)
            if not written.text:
                return
        said = self._it.conversation.said(
            written.person, written.text or "/help", key=written.key, owed=True
        )
        await self._it.answered(spot, said)


def _told(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _team(body: EventBody) -> str:
    told = body.model_extra or {}
    return str(told.get("user_team") or told.get("team") or "")
