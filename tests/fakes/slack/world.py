"""What the fake workspace holds: people, channels, messages, views, files."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.clock import Now

TEAM = "T0CLOSELOOP"
APP = "A0CLOSELOOP"
BOT_USER = "U0BOT"
BOT = "B0BOT"
EPHEMERAL = "ephemeral"
Kind = Literal["public", "private", "im", "mpim"]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(slots=True)
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "UTC"
    tz_offset: int = 0
    locale: str = "en-US"
    team_id: str = TEAM
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    updated: int = 0

    def as_json(self, *, email: bool, locale: bool = False) -> Json:
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": self.team_id,
        }
        if email and self.email and not self.is_bot:
            profile["email"] = self.email
        told: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if not self.deleted:
            told |= {
                "real_name": self.real_name,
                "tz": self.tz,
                "tz_label": self.tz,
                "tz_offset": self.tz_offset,
                "is_admin": self.is_admin,
                "is_owner": False,
                "is_restricted": self.is_restricted,
                "is_ultra_restricted": self.is_ultra_restricted,
            }
        if self.is_stranger:
            told["is_stranger"] = True
        if locale and not self.deleted:
            told["locale"] = self.locale
        return told


@dataclass(slots=True)
class File:
    id: str
    name: str
    content: bytes
    user: str
    created: int
    mimetype: str = "application/octet-stream"
    title: str = ""
    length: int = 0
    uploaded: bool = False
    completed: bool = False
    channels: list[str] = field(default_factory=list)
    shared_with_bot: bool = False

    def as_json(self, origin: str) -> Json:
        place = f"{origin}/files-pri/{TEAM}-{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2] or "binary",
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{place}/{self.name}",
            "url_private_download": f"{place}/download/{self.name}",
            "permalink": f"{origin}/files/{self.user}/{self.id}/{self.name}",
        }


@dataclass(slots=True, eq=False)
class Message:
    ts: str
    channel: str
    user: str
    text: str
    by_bot: bool = False
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    files: list[File] = field(default_factory=list)
    only_for: str | None = None
    edited: bool = False
    deleted: bool = False
    revision: int = 1
    client_msg_id: str | None = None
    reply_broadcast: bool = False
    state: dict[str, dict[str, Json]] = field(default_factory=dict)

    def as_json(self, origin: str, *, metadata: bool = False) -> Json:
        told: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.by_bot:
            told |= {"bot_id": BOT, "app_id": APP, "team": TEAM}
        if self.blocks:
            told["blocks"] = self.blocks
        if self.attachments:
            told["attachments"] = self.attachments
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.edited:
            told["edited"] = {"user": self.user, "ts": self.ts}
        if self.files:
            told["files"] = [file.as_json(origin) for file in self.files]
        if self.metadata and metadata:
            told["metadata"] = self.metadata
        if self.client_msg_id:
            told["client_msg_id"] = self.client_msg_id
        return told


@dataclass(slots=True, eq=False)
class Channel:
    id: str
    name: str
    kind: Kind
    members: set[str] = field(default_factory=set)
    archived: bool = False
    restricted: bool = False
    messages: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    def living(self) -> list[Message]:
        return [m for m in self.messages if not m.deleted and m.only_for is None]

    def other_than(self, user: str) -> str:
        return next(iter(self.members - {user}), user)

    def as_json(self) -> Json:
        told: Json = {
            "id": self.id,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "is_archived": self.archived,
            "context_team_id": TEAM,
        }
        if self.is_im:
            return told | {"user": self.other_than(BOT_USER), "is_open": True}
        return told | {
            "name": self.name,
            "is_member": BOT_USER in self.members,
            "num_members": len(self.members),
        }


@dataclass(slots=True, eq=False)
class View:
    id: str
    user: str
    body: Json
    hash: str
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    root: str = ""
    previous: str | None = None

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    def as_json(self) -> Json:
        told: Json = {
            "id": self.id,
            "team_id": TEAM,
            "type": self.kind,
            "blocks": self.body["blocks"],
            "private_metadata": self.body.get("private_metadata", ""),
            "callback_id": self.body.get("callback_id", ""),
            "external_id": self.body.get("external_id", ""),
            "state": {"values": self.state},
            "hash": self.hash,
            "title": self.body.get("title"),
            "clear_on_close": self.body.get("clear_on_close", False),
            "notify_on_close": self.body.get("notify_on_close", False),
            "close": self.body.get("close"),
            "submit": self.body.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root or self.id,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }
        return told


class World:
    """All of it, with the ids that Slack would give."""

    def __init__(self, now: Now, seed: int) -> None:
        self.now = now
        self.chance = random.Random(seed)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._ims: dict[str, Channel] = {}
        self._last_ts = 0
        self._count = itertools.count(1)
        bot = User(BOT_USER, "closeloop", "closeloop", is_bot=True)
        self.users[bot.id] = bot

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(self.chance.choice(_LETTERS) for _ in range(8)) + self._tail()

    def _tail(self) -> str:
        return f"{next(self._count):03d}"

    def new_ts(self) -> str:
        """Later than every other, also when the clock stands still."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        return f"{int(self.now())}.{self.new_id('')}"

    def new_channel(self, name: str, kind: Kind, members: set[str]) -> Channel:
        prefix = {"public": "C", "private": "G", "im": "D", "mpim": "G"}[kind]
        channel = Channel(self.new_id(prefix + "0"), name, kind, set(members))
        self.channels[channel.id] = channel
        return channel

    def im_of(self, user: str) -> Channel:
        """The conversation of this person with the bot, opened when there is none."""
        if user not in self._ims:
            self._ims[user] = self.new_channel("", "im", {user, BOT_USER})
        return self._ims[user]

    def messages(self) -> Iterator[Message]:
        for channel in self.channels.values():
            yield from channel.messages

    def find(self, channel: Channel, ts: str) -> Message | None:
        message = channel.by_ts.get(ts)
        return None if message is None or message.deleted else message

    def view(self, view_id: str = "", external_id: str = "") -> View | None:
        views = [view for stack in self.stacks.values() for view in stack]
        for view in [*views, *self.homes.values()]:
            if view_id and view.id == view_id:
                return view
            if not view_id and external_id and view.body.get("external_id") == external_id:
                return view
        return None

    def with_ids(self, blocks: Any) -> list[Json]:
        """The blocks as they are shown: every one has an id."""
        return [{"block_id": self.new_id(""), **block} for block in blocks or []]
