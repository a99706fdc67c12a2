"""What Telegram remembers: people, chats, messages and files."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.errors import BLOCKED, DEACTIVATED, NEVER_STARTED, ApiError, bad, migrated
from tests.fakes.telegram.html_text import Entity
from tests.fakes.telegram.keyboards import Markup, buttons
from tests.fakes.telegram.signal import Signal

HOUR = 3600
Json = dict[str, Any]


@dataclass
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    started: bool = True
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        told = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **told}


@dataclass
class Topic:
    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    id: int
    type: str  # private, group, supergroup or channel
    title: str = ""
    person: Account | None = None
    is_forum: bool = False
    bot_status: str = "member"  # member, administrator, left or kicked
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    migrated_to: int | None = None
    deleted: bool = False
    instance: str = field(default_factory=lambda: str(secrets.randbits(62)))

    @property
    def private(self) -> bool:
        return self.type == "private"

    def json(self) -> Json:
        if self.person is not None:
            told = self.person.json()
            names: Json = {k: told[k] for k in ("first_name", "last_name", "username") if k in told}
            return {"id": self.id, "type": "private", **names}
        forum: Json = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": self.type, "title": self.title, **forum}


@dataclass
class Version:
    """A message as it stood for a while."""

    body: Json
    markup: Markup | None
    at: float


@dataclass
class Message:
    """A message; `body` holds what its kind carries (text, document, service fields)."""

    id: int
    chat: Chat
    date: float
    body: Json
    sender: Account | None
    markup: Markup | None = None
    reply_to: Message | None = None
    thread: int | None = None
    sender_chat: Json | None = None
    extra: Json = field(default_factory=dict)
    edited: float | None = None
    deleted: bool = False
    past: list[Version] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Text or caption: what a person reads."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[Entity]:
        found: list[Entity] = self.body.get("entities") or self.body.get("caption_entities") or []
        return found

    @property
    def buttons(self) -> list[Json]:
        return buttons(self.markup)

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in self.buttons]

    @property
    def silent(self) -> bool:
        return bool(self.extra.get("silent"))

    def json(self, *, quoted: bool = False) -> Json:
        told: Json = {"message_id": self.id, "date": int(self.date), "chat": self.chat.json()}
        if self.sender is not None:
            told["from"] = self.sender.json()
        if self.sender_chat is not None:
            told["sender_chat"] = self.sender_chat
        if self.thread is not None:
            told |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edited is not None:
            told["edit_date"] = int(self.edited)
        if self.reply_to is not None and not quoted and not self.reply_to.deleted:
            told["reply_to_message"] = self.reply_to.json(quoted=True)
        if self.markup is not None and "inline_keyboard" in self.markup:
            told["reply_markup"] = self.markup
        if self.extra.get("protect_content"):
            told["has_protected_content"] = True
        return told | {name: value for name, value in self.body.items() if value != []}

    def change(self, body: Json, markup: Markup | None, at: float) -> None:
        self.past.append(Version(self.body, self.markup, self.edited or self.date))
        self.body, self.markup, self.edited = body, markup, at


@dataclass
class StoredFile:
    id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    size: int
    path: str
    kind: str
    linked: float | None = None  # when getFile was asked last


class World:
    """Everything on the server's side that is not a queue."""

    def __init__(self, *, now: Callable[[], float], bot: Account) -> None:
        self.now = now
        self.bot = bot
        self.signal = Signal()
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self._ids = 0
        self._supergroup_ids: dict[int, int] = {}

    # ---------------------------------------------------------------- making
    def account(self, account: Account) -> Account:
        assert account.id not in self.accounts, f"{account.id} is taken"
        self.accounts[account.id] = account
        self.chats[account.id] = Chat(account.id, "private", person=account)
        return account

    def chat(self, chat: Chat) -> Chat:
        assert chat.id not in self.chats, f"{chat.id} is taken"
        self.chats[chat.id] = chat
        return chat

    def post(self, chat: Chat, body: Json, sender: Account | None, **more: Any) -> Message:
        """Put a message into a chat."""
        message = Message(self._next_id(chat), chat, self.now(), body, sender, **more)
        chat.messages[message.id] = message
        self.signal.ring()
        return message

    def _next_id(self, chat: Chat) -> int:
        """Private chats and groups share a count; a supergroup has its own, its making is 1."""
        if chat.type in {"supergroup", "channel"}:
            self._supergroup_ids[chat.id] = self._supergroup_ids.get(chat.id, 1) + 1
            return self._supergroup_ids[chat.id]
        self._ids += 1
        return self._ids

    def store(
        self, *, name: str, mime: str, content: bytes, kind: str, size: int | None = None
    ) -> StoredFile:
        number = len(self.files) + 1
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        folder = {"photo": "photos"}.get(kind, "documents")
        file = StoredFile(
            id=f"BQACAgIAAxkB{secrets.token_urlsafe(24)}",
            unique_id=f"AgAD{secrets.token_urlsafe(8)}",
            name=name,
            mime=mime,
            content=content,
            size=len(content) if size is None else size,
            path=f"{folder}/file_{number}{suffix}",
            kind=kind,
        )
        self.files[file.id] = file
        return file

    # ---------------------------------------------------------------- finding
    def find_chat(self, chat_id: str) -> Chat:
        """The chat of a call, or the refusal that Telegram has for it."""
        if not chat_id:
            raise bad("chat_id is empty")
        if chat_id.startswith("@") or not chat_id.lstrip("-").isdigit():
            raise bad("chat not found")
        chat = self.chats.get(int(chat_id))
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, chat_id: str) -> Chat:
        """The chat, when the bot may write there."""
        chat = self.find_chat(chat_id)
        if chat.person is not None:
            self._reachable(chat.person)
            return chat
        kind = {"group": "group", "supergroup": "supergroup", "channel": "channel"}[chat.type]
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        if chat.deleted:
            raise ApiError(403, "Forbidden: the group chat was deleted")
        if chat.bot_status == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from the {kind} chat")
        if chat.bot_status == "left":
            raise ApiError(403, f"Forbidden: bot is not a member of the {kind} chat")
        return chat

    def _reachable(self, person: Account) -> None:
        if person.deactivated:
            raise ApiError(403, DEACTIVATED)
        if person.is_bot:
            raise ApiError(403, "Forbidden: bot can't send messages to bots")
        if person.blocked:
            raise ApiError(403, BLOCKED)
        if not person.started:
            raise ApiError(403, NEVER_STARTED)

    def message(self, chat: Chat, message_id: int, what: str) -> Message:
        """A message that still exists; `what` begins the refusal."""
        if message_id == 0:
            raise bad("Message identifier is not specified")
        found = chat.messages.get(message_id)
        if found is None or found.deleted:
            raise bad(f"{what} not found")
        return found

    def all_messages(self) -> Iterator[Message]:
        for chat in self.chats.values():
            yield from chat.messages.values()
