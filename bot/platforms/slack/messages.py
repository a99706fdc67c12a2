"""What people write: to the app, under one of its cards, or mentioning it in a channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.platforms.slack.attachments import Attachments, attached
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, EventBody, SlackEvent, User, ref_of
from bot.platforms.slack.text import mentioned, plain, without_mention
from handlers.i18n import translator

_CODE = re.compile(r"/?link\s+([0-9]{4}-?[0-9]{4})", re.IGNORECASE | re.ASCII)
_CHANGED, _DELETED = "message_changed", "message_deleted"
_WRITTEN = ("", "file_share", "thread_broadcast")


class DirectMessages:
    """Text under a card is a comment on its case; anything else is a question to us."""

    def __init__(self, it: Interact, attachments: Attachments) -> None:
        self._it = it
        self._attachments = attachments

    @property
    def _bot_user(self) -> str:
        return self._it.people.us.user

    async def written(self, event: SlackEvent) -> Ack:
        """A message in the conversation with the app."""
        body = event.event
        if body.channel_type != "im":
            return {}
        if body.subtype in (_CHANGED, _DELETED):
            await self._corrected(event)
        elif self._by_a_person(body):
            await self._take(event, body.text)
        return {}

    async def _corrected(self, event: SlackEvent) -> None:
        """A comment that was changed is corrected by another; a deleted one stays in history."""
        more, changed = event.event.model_extra or {}, event.event.subtype == _CHANGED
        before = _told(more.get("previous_message"))
        now = _told(more.get("message")) if changed else before
        text, user = str(now.get("text", "")), str(before.get("user", ""))
        if not user or user == self._bot_user or before.get("bot_id") or now.get("bot_id"):
            return
        if changed and (not text or text == before.get("text")):
            return  # a preview of a link came
        channel, thread = str(event.event.channel), str(before.get("thread_ts", ""))
        known, spot = await self._it.spot(
            User(id=user), channel=channel, thread=thread, key=event.event_id
        )
        card = ref_of(channel, thread)
        case_id = await self._it.conversation.case_at(card) if thread else None
        if known is None or (case_id is None and not changed):
            return
        words = translator(spot.language)
        if case_id is None or not changed:
            told = words.t("slack.edited" if changed else "slack.deleted", case=case_id or "")
            self._it.tell(spot, told)
            return
        names = await self._it.people.names(mentioned(text))
        said = self._it.conversation.corrected(
            known.person,
            case_id,
            plain(text, names).strip(),
            key=event.event_id,
            language=spot.language,
        )
        await self._it.answered(spot, said)

    async def mention(self, event: SlackEvent) -> Ack:
        """The app was mentioned in a channel: the answer is for the writer's eyes alone."""
        if self._by_a_person(event.event):
            text = without_mention(event.event.text, self._bot_user)
            await self._take(event, text, private=True)
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
        code = _CODE.fullmatch(text)
        if code is not None:
            self._it.give(
                spot,
                await self._it.conversation.link(user.id, code[1], language=spot.language),
            )
            return
        if known is None:
            self._it.give(spot, self._it.stranger(spot))
            return
        case_id = None
        if in_thread:
            card = ref_of(str(body.channel), body.thread_ts)
            case_id = await self._it.conversation.case_at(card)
        files = attached(body.model_extra)
        if files and case_id is not None:
            await self._attachments.take(known, spot, case_id=case_id, text=text, files=files)
            return
        if files:
            told = translator(spot.language).t("slack.file.where")
            self._it.tell(replace(spot, key=""), told)
            if not text:
                return
        person, key, text = known.person, event.event_id, text or "/help"
        if case_id is None:
            said = self._it.conversation.said(person, text, key=key, owed=True)
        else:
            said = self._it.conversation.commented(person, case_id, text, key=key)
        await self._it.answered(spot, said)


def _told(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _team(body: EventBody) -> str:
    told = body.model_extra or {}
    return str(told.get("user_team") or told.get("team") or "")
