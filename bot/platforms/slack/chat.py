"""Delivers the messages of the outbox: posts and updates, within Slack's rate limits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import structlog

from bot.platforms.slack.api import EVERYTHING, SlackApi
from bot.platforms.slack.blocks import Rendered, content, metadata, plain_section, render
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.payloads import ref_of
from bot.platforms.slack.people import NAME
from bot.platforms.slack.replies import message_name
from bot.platforms.slack.response_urls import ResponseUrls
from bot.platforms.slack.sharing import Sharing
from bot.platforms.slack.text import escape
from handlers.conversation.ports import Addressee, Delivery
from workflows.moments import MINUTE, SECOND

log = structlog.stdlib.get_logger("closeloop.slack")

MOST = 10_000  # entries of each table in memory
CLOCKS_DIFFER = 10 * MINUTE
PAGES, PAGE = 5, 200  # of a conversation, to look up a message
# Kinds of cards that are also shown in the channel when they are posted in a thread.
LOUD_IN_THREAD = ("reminder", "escalation", "question", "closed", "closing", "survey")
_HARMLESS = (Trouble.LIMITED, Trouble.TRANSIENT, Trouble.TOKEN)


class SlackChat:
    """Implements `handlers.conversation.ports.ChatPort`."""

    name = NAME
    silent = False

    def __init__(
        self,
        api: SlackApi,
        response_urls: ResponseUrls,
        *,
        sharing: Sharing,
        channels: Mapping[str, str] = MappingProxyType({}),
        told: Callable[[str], None],
    ) -> None:
        self._api = api
        self._response_urls = response_urls
        self._sharing = sharing
        self._channels = channels  # ids by the names that definitions use
        self._told = told  # called with the key of each person to whom something was delivered
        self._rooms: OrderedDict[str, str] = OrderedDict()  # conversations by account
        # By the token of a delivery: attempts without effect, and how often its message was gone.
        self._unsent: OrderedDict[str, set[int]] = OrderedDict()
        self._reposts: OrderedDict[str, int] = OrderedDict()

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """Return the language of the reader."""
        return (to.language,)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Return the account of a person, or the id of a channel; "" if there is none."""
        if person.startswith("#"):
            return self._channels.get(person[1:], "")
        return accounts.get(NAME, "")

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Return for how many seconds a delivery must wait; 0 counts it as sent."""
        seconds = self._api.pace.wait([EVERYTHING, *self._keys(delivery, ref)])
        if seconds > 0:
            self._had_no_effect(delivery)
        return seconds

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Take back what `wait` counted, if the delivery is not sent after all."""
        self._api.pace.give_back(self._keys(delivery, ref))

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        """Return the account that a message is posted to, or the message that is changed."""
        return delivery.to.account if ref is None or _urged(delivery) else ref

    def answerable(self) -> Sequence[str]:
        """Return the messages that were clicked since the last call: Slack gave a response_url."""
        return self._response_urls.fresh()

    def share(self, replicas: int) -> None:
        """Keep to this part of the rate limits: there are so many replicas."""
        self._api.pace.share(replicas)

    def park(self, scope: str, seconds: float) -> None:
        """Let calls with this key wait: Slack demanded it of another replica."""
        self._api.pace.park(scope, seconds)

    def _keys(self, delivery: Delivery, ref: str | None) -> list[str]:
        keys = ["chat.postMessage", f"chat.postMessage {delivery.to.account}"]
        if ref is not None:
            changed = [] if self._response_urls.for_message(ref) else ["chat.update"]
            return [*changed, *(keys if _urged(delivery) else [])]
        if delivery.to.account not in self._rooms and not is_channel(delivery.to.account):
            keys.append("conversations.open")
        if self._may_be_there(delivery):
            keys.append("conversations.replies" if delivery.under else "conversations.history")
        return keys

    # ------------------------------------------------------------------ posting

    async def post(self, delivery: Delivery) -> str:
        """Post a message, in the thread of its card if it has one, and return its reference."""
        self._unsent.get(delivery.token, set()).discard(delivery.attempt)  # it is made
        ref = await self._post(delivery)
        self._told(delivery.to.person)
        return ref

    async def _post(self, delivery: Delivery) -> str:
        try:
            room = await self._room(delivery.to.account)
            thread = _thread(delivery, room)
            found = ""
            if self._may_be_there(delivery):
                found = await self._look_up(delivery, room, thread)
                if found:
                    log.info("slack_message_was_there", token=delivery.token)
            posted = found or await self._send(delivery, room, thread)
        except SlackProblem as problem:
            if problem.kind is Trouble.AMBIGUOUS and problem.method != "chat.postMessage":
                problem.kind = Trouble.TRANSIENT  # nothing was posted
            if problem.kind in _HARMLESS:
                self._had_no_effect(delivery)
            if problem.kind is Trouble.TARGET:
                self._rooms.pop(delivery.to.account, None)
            if problem.kind is Trouble.MESSAGE:
                problem.kind = Trouble.DEFECT  # a message that is being posted cannot be gone
            if problem.kind is Trouble.TARGET and is_channel(delivery.to.account):
                _channel_refused(delivery.to, problem)
            raise problem.delivery_error() from problem
        await self._followed(delivery, room, thread or posted)
        return ref_of(room, posted)

    async def _followed(self, delivery: Delivery, room: str, thread: str) -> None:
        """Post the documents of a case that ended under its card, which was posted before."""
        try:
            await self._sharing.documents(delivery, channel=room, thread=thread)
        except SlackProblem as problem:
            raise problem.delivery_error() from problem

    async def _send(self, delivery: Delivery, room: str, thread: str) -> str:
        card = delivery.cards[delivery.to.language]
        under: dict[str, Any] = {}
        if thread:
            under = {"thread_ts": thread}
            if card.kind in LOUD_IN_THREAD:
                under["reply_broadcast"] = True
        try:
            answer = await self._api.call(
                "chat.postMessage",
                place=delivery.to.account,
                channel=room,
                **content(render(card, language=delivery.to.language)),
                **under,
                metadata=metadata(delivery.token),
                client_msg_id=self._message_name(delivery.token),
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackProblem as problem:
            if problem.code not in ("thread_not_found", "cannot_reply_to_message") or not thread:
                raise
            return await self._send(delivery, room, "")  # the card above was deleted
        return str(answer["ts"])

    async def _room(self, account: str) -> str:
        if is_channel(account):
            return account
        room = self._rooms.get(account)
        if room is None:
            answer = await self._api.call("conversations.open", users=account)
            room = self._rooms[account] = str(answer["channel"]["id"])
            while len(self._rooms) > MOST:
                self._rooms.popitem(last=False)
        return room

    def _message_name(self, token: str) -> str:
        times = self._reposts.get(token, 0)
        return message_name(f"{token} {times}" if times else token)

    # ------------------------------------------------------------------ was it posted before?

    def _may_be_there(self, delivery: Delivery) -> bool:
        """Return whether an earlier attempt, of any process, may have posted the message.

        A channel is not read: there, Slack refuses a second message with the same `client_msg_id`.
        """
        if is_channel(delivery.to.account):
            return False
        unsent = self._unsent.get(delivery.token, set())
        return any(attempt not in unsent for attempt in range(1, delivery.attempt))

    def _had_no_effect(self, delivery: Delivery) -> None:
        self._unsent.setdefault(delivery.token, set()).add(delivery.attempt)
        self._unsent.move_to_end(delivery.token)
        while len(self._unsent) > MOST:
            self._unsent.popitem(last=False)

    async def _look_up(self, delivery: Delivery, room: str, thread: str) -> str:
        """Return the timestamp of the message with this delivery's token, "" if there is none."""
        method = "conversations.replies" if thread else "conversations.history"
        args: dict[str, Any] = {"channel": room, "limit": PAGE, "include_all_metadata": "true"}
        if thread:
            args["ts"] = thread
        if delivery.since is not None:
            args["oldest"] = f"{(delivery.since - CLOCKS_DIFFER) / SECOND:.6f}"
        for _ in range(PAGES):
            try:
                answer = await self._api.call(method, **args)
            except SlackProblem as problem:
                if problem.code == "thread_not_found":
                    return ""
                raise
            for message in answer.get("messages", ()):
                told = message.get("metadata") or {}
                if told.get("event_payload", {}).get("token") == delivery.token:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            args["cursor"] = cursor
        return ""

    # ------------------------------------------------------------------ changing

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Update a message: by the `response_url` of a recent click on it, else by chat.update."""
        await self._update(ref, delivery)
        self._told(delivery.to.person)

    async def _update(self, ref: str, delivery: Delivery) -> None:
        card = delivery.cards[delivery.to.language]
        shown = render(card, language=delivery.to.language)
        channel, _, ts = ref.partition("/")
        try:
            if not await self._by_response_url(ref, shown):
                await self._api.call("chat.update", channel=channel, ts=ts, **content(shown))
            if _urged(delivery):
                await self._nudge(delivery, channel, ts)
        except SlackProblem as problem:
            if problem.kind is Trouble.AMBIGUOUS:
                problem.kind = Trouble.TRANSIENT  # an update can be repeated
            if problem.kind is Trouble.MESSAGE:
                self._reposts[delivery.token] = self._reposts.get(delivery.token, 0) + 1
            raise problem.delivery_error() from problem

    async def _nudge(self, delivery: Delivery, channel: str, ts: str) -> None:
        """Post a text under an updated card, because Slack does not notify about updates."""
        card = delivery.cards[delivery.to.language]
        text = f"{card.summary}\n{card.note}".strip()
        self._api.pace.spend(["chat.postMessage", f"chat.postMessage {delivery.to.account}"])
        await self._api.call(
            "chat.postMessage",
            place=delivery.to.account,
            channel=channel,
            thread_ts=ts,
            reply_broadcast=True,
            text=escape(text),
            blocks=[plain_section(text)],
            client_msg_id=message_name(f"{delivery.token} {text}"),
        )

    async def _by_response_url(self, ref: str, shown: Rendered) -> bool:
        url = self._response_urls.for_message(ref)
        if not url or not self._response_urls.use(url):
            return False
        if await self._api.respond(url, {**content(shown), "replace_original": True}):
            return True
        self._response_urls.spent(url)
        return False


def _urged(delivery: Delivery) -> bool:
    """Return whether the reader must be notified of an update."""
    return delivery.notify and delivery.kind == "task"


def _thread(delivery: Delivery, room: str) -> str:
    """Return the card that a message belongs to, if it is in the same conversation."""
    channel, _, ts = (delivery.under or "").partition("/")
    return ts if channel == room else ""


def is_channel(account: str) -> bool:
    """Return whether an account is the id of a channel."""
    return account.startswith(("C", "G"))


def _channel_refused(to: Addressee, problem: SlackProblem) -> None:
    log.error(
        "slack_channel_refused",
        channel=to.person,
        id=to.account,
        error=problem.code,
        hint="type /invite @closeloop in that channel, or mend its id in [slack] channels",
    )
