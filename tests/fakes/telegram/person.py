"""People on Telegram: they can press only what was rendered and is still there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.fakes.telegram.clicks import Click, Toast
from tests.fakes.telegram.html_text import found_in
from tests.fakes.telegram.keyboards import buttons
from tests.fakes.telegram.world import Account, Chat, Json, Message

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

MAX_TEXT = 4096
Wanted = str | Callable[[Message], bool]
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Person:
    """One account. Messages go to the private chat with the bot unless a chat is named."""

    def __init__(self, fake: TelegramFake, account: Account) -> None:
        self.fake = fake
        self.account = account
        self.chat = fake.world.chats[account.id]

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def name(self) -> str:
        return f"{self.account.first_name} {self.account.last_name}".strip()

    # ---------------------------------------------------------------- reading
    def messages(self, chat: Chat | None = None) -> list[Message]:
        """What stands in the chat now, the oldest first."""
        return [m for m in (chat or self.chat).messages.values() if not m.deleted]

    def last(self, chat: Chat | None = None) -> Message:
        """The newest message of the bot."""
        found = [m for m in self.messages(chat) if m.sender is self.fake.bot]
        assert found, f"{self.name} got no message"
        return found[-1]

    async def waits_for(
        self,
        wanted: Wanted,
        *,
        chat: Chat | None = None,
        after: Message | None = None,
        within: float = 10,
    ) -> Message:
        """The newest message of the bot that fits, now or as soon as it comes.

        `after` looks only below that message.
        """
        fits = _fits(wanted)
        above = after.id if after is not None else 0

        def look() -> Message | None:
            shown = [m for m in self.messages(chat) if m.id > above]
            own = [m for m in shown if m.sender is self.fake.bot]
            return next((message for message in reversed(own) if fits(message)), None)

        try:
            return await self.fake.world.signal.until(look, within=within)
        except TimeoutError:
            raise AssertionError(self._missing(wanted, chat)) from None

    async def sees_no_more(
        self, wanted: Wanted, *, chat: Chat | None = None, within: float = 10
    ) -> None:
        """Until no message of the bot fits any more."""
        fits = _fits(wanted)

        def look() -> bool:
            return not any(fits(m) for m in self.messages(chat) if m.sender is self.fake.bot)

        await self.fake.world.signal.until(look, within=within)

    def screen(self, chat: Chat | None = None) -> str:
        """What the end of the chat looks like, for a test that explains itself."""
        shown = [f"  {m.id}: {m.text!r} {m.labels}" for m in self.messages(chat)[-12:]]
        return "\n".join(shown) or "  (empty)"

    def _missing(self, wanted: Wanted, chat: Chat | None) -> str:
        what = repr(wanted) if isinstance(wanted, str) else "what was waited for"
        return f"{self.name} does not see {what}; the chat:\n{self.screen(chat)}"

    # ---------------------------------------------------------------- writing
    async def says(
        self,
        text: str,
        *,
        reply_to: Message | None = None,
        chat: Chat | None = None,
        thread: int | None = None,
    ) -> Message:
        """Write; what is too long for one message is sent as several, as clients do."""
        text = text.strip()
        assert text, "no client sends nothing"
        while len(text) > MAX_TEXT:
            first, text = text[:MAX_TEXT], text[MAX_TEXT:]
            self._post({"text": first}, reply_to=reply_to, chat=chat, thread=thread)
        body: Json = {"text": text}
        if entities := found_in(text):
            body["entities"] = entities
        return self._post(body, reply_to=reply_to, chat=chat, thread=thread)

    async def starts(self, payload: str = "") -> Message:
        """/start, with a payload as a deep link carries it."""
        assert not payload or PAYLOAD.fullmatch(payload), f"no client sends {payload!r}"
        return await self.says(f"/start {payload}".strip())

    async def opens(self, deep_link: str) -> Message:
        """Follow a link to the bot: t.me/<bot>?start=…"""
        parts = urlsplit(deep_link if "://" in deep_link else f"https://{deep_link}")
        bot = parts.path.strip("/")
        assert parts.netloc == "t.me", deep_link
        assert bot.lower() == self.fake.bot.username.lower(), deep_link
        return await self.starts(parse_qs(parts.query).get("start", [""])[0])

    async def edits(self, message: Message, text: str) -> None:
        """Change an own message."""
        assert message.sender is self.account
        message.change({"text": text}, None, self.fake.now())
        self._tell(message, "edited_message")

    def _post(
        self,
        body: Json,
        *,
        reply_to: Message | None = None,
        chat: Chat | None = None,
        thread: int | None = None,
    ) -> Message:
        place = chat or self.chat
        assert not self.account.deactivated, f"{self.name} has no account any more"
        if place.private:
            assert not self.account.blocked, f"{self.name} has to unblock the bot first"
            self.account.started = True
        else:
            assert self.id in place.members, f"{self.name} is not in {place.title}"
        message = self.fake.world.post(
            place, body, self.account, reply_to=reply_to, thread=thread or _thread(reply_to)
        )
        self._tell(message, "message")
        return message

    def _tell(self, message: Message, kind: str) -> None:
        if message.chat.private or self._is_for_bot(message):
            self.fake.announce(message, kind)
        self.fake.world.signal.ring()

    def _is_for_bot(self, message: Message) -> bool:
        """What a bot in privacy mode gets to see in a group."""
        status = message.chat.bot_status
        if status in {"left", "kicked"}:
            return False
        if status == "administrator" or not self.fake.privacy:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.fake.bot:
            return True
        me = f"@{self.fake.bot.username}".lower()
        for word in re.findall(r"(?<!\S)/[A-Za-z0-9_]+(?:@\w+)?(?![\w/])", message.text):
            if "@" not in word or word.lower().endswith(me):
                return True
        return re.search(rf"{re.escape(me)}\b", message.text.lower()) is not None

    # ---------------------------------------------------------------- files
    async def sends_document(
        self,
        name: str,
        content: bytes,
        mime: str = "application/octet-stream",
        *,
        caption: str = "",
        size: int | None = None,
        told: bool = True,
        reply_to: Message | None = None,
        chat: Chat | None = None,
    ) -> Message:
        """A file; `size` pretends that it is longer than its content.

        Without `told`, the message does not give its size, which the Bot API calls optional.
        """
        document = self._document(name, content, mime, size)
        if not told:
            del document["document"]["file_size"]
        body = document | _caption(caption)
        return self._post(body, reply_to=reply_to, chat=chat)

    async def sends_photo(
        self,
        content: bytes,
        *,
        caption: str = "",
        reply_to: Message | None = None,
        chat: Chat | None = None,
    ) -> Message:
        return self._post(self._photo(content) | _caption(caption), reply_to=reply_to, chat=chat)

    async def sends_video(self, content: bytes, *, reply_to: Message | None = None) -> Message:
        from tests.fakes.telegram.files import video_json

        return self._post(video_json(self.fake.world, content), reply_to=reply_to)

    async def sends_album(
        self, photos: Sequence[bytes], *, caption: str = "", chat: Chat | None = None
    ) -> list[Message]:
        """Several photos at once: one message each, with a common mark."""
        album = str(secrets.randbits(60))
        found = []
        for number, content in enumerate(photos):
            body = self._photo(content) | {"media_group_id": album}
            found.append(self._post(body | _caption("" if number else caption), chat=chat))
        return found

    def _document(self, name: str, content: bytes, mime: str, size: int | None) -> Json:
        from tests.fakes.telegram.files import document_json

        return document_json(
            self.fake.world.store(name=name, mime=mime, content=content, kind="document", size=size)
        )

    def _photo(self, content: bytes) -> Json:
        from tests.fakes.telegram.files import photo_json

        return photo_json(self.fake.world, content)

    # ---------------------------------------------------------------- pressing
    async def taps(
        self,
        label: str,
        *,
        in_message: Message | None = None,
        chat: Chat | None = None,
        within: float = 10,
    ) -> Toast:
        """Press a button that is there; returns what the bot answered."""
        message, button = self._button(label, in_message, chat)
        if "callback_data" in button:
            return await self._click(message, button["callback_data"]).answered(within)
        if "url" in button:
            if self._is_deep_link(button["url"]):
                await self.opens(button["url"])
            return Toast(url=button["url"])
        if "copy_text" in button:
            return Toast(copied=button["copy_text"]["text"])
        if "web_app" in button:
            return Toast(url=button["web_app"]["url"])
        await self.says(button["text"], chat=message.chat)
        return Toast()

    def presses(
        self, label: str, *, in_message: Message | None = None, chat: Chat | None = None
    ) -> Click:
        """Press and go on: the click is on its way; `await click.answered()` for the answer."""
        message, button = self._button(label, in_message, chat)
        return self._click(message, button["callback_data"])

    def presses_old(self, label: str, message: Message) -> Click:
        """Press what an earlier version of a message showed: the screen was not refreshed."""
        for version in reversed(message.past):
            for button in buttons(version.markup):
                if _reads(button["text"], label):
                    return self._click(message, button["callback_data"])
        raise AssertionError(f"{label!r} never stood under message {message.id}")

    def forges(self, data: str, message: Message) -> Click:
        """A click with data of no button, as a bad client can send it."""
        return self._click(message, data)

    def _click(self, message: Message, data: str) -> Click:
        fake = self.fake
        click = Click(
            id=str(secrets.randbits(62) | 1 << 61),
            by=self.account,
            message=message,
            data=data,
            at=fake.now(),
            signal=fake.world.signal,
        )
        fake.clicks[click.id] = click
        if message.chat.bot_status in {"left", "kicked"}:
            click.delivered = False
            return click
        told = fake.tell("callback_query", click.json(), queue=f"clicks of {self.id}")
        click.delivered = told is not None
        return click

    def _button(
        self, label: str, message: Message | None, chat: Chat | None
    ) -> tuple[Message, Json]:
        if message is not None:
            assert not message.deleted, f"message {message.id} is deleted"
            assert self._sees(message.chat), f"{self.name} cannot see message {message.id}"
        places = [message] if message else list(reversed(self.messages(chat)))
        for exact in (True, False):
            for place in places:
                for button in place.buttons:
                    if button["text"] == label or (not exact and _reads(button["text"], label)):
                        return place, button
        shown = [f"{place.id}: {place.labels}" for place in places if place.labels]
        raise AssertionError(f"{self.name} sees no button {label!r}; there are {shown}")

    def _is_deep_link(self, url: str) -> bool:
        parts = urlsplit(url)
        bot = self.fake.bot.username.lower()
        return parts.netloc == "t.me" and parts.path.strip("/").lower() == bot

    def _sees(self, chat: Chat) -> bool:
        return chat is self.chat or self.id in chat.members

    # ---------------------------------------------------------------- leaving
    async def blocks_bot(self) -> None:
        self.account.blocked = True
        self._member("member", "kicked")

    async def unblocks_bot(self) -> None:
        self.account.blocked = False
        self._member("kicked", "member")

    async def leaves_telegram(self) -> None:
        """The account is deleted."""
        self.account.deactivated = True

    def _member(self, before: str, after: str) -> None:
        bot = self.fake.bot.json()
        told = {
            "chat": self.chat.json(),
            "from": self.account.json(),
            "date": int(self.fake.now()),
            "old_chat_member": member_json(before, bot),
            "new_chat_member": member_json(after, bot),
        }
        self.fake.tell("my_chat_member", told, queue=f"chat {self.chat.id}")


def member_json(status: str, user: Json) -> Json:
    told: Json = {"status": status, "user": user}
    if status == "kicked":
        told["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users "
            "can_post_stories can_edit_stories can_delete_stories"
        )
        told |= dict.fromkeys(rights.split(), False)
    return told


def _thread(reply_to: Message | None) -> int | None:
    return reply_to.thread if reply_to is not None else None


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}


def _reads(text: str, label: str) -> bool:
    return label in text


def _fits(wanted: Wanted) -> Callable[[Message], bool]:
    if isinstance(wanted, str):
        return lambda message: wanted in message.text
    return wanted
