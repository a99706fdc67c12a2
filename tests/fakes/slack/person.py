"""A simulated person: reads what Slack shows to them, presses and types what they could."""

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.api import SlackError
from tests.fakes.slack.api_chat import checked
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.delivery import Hook, Reply
from tests.fakes.slack.eyes import Eyes
from tests.fakes.slack.modal import Modal
from tests.fakes.slack.surfaces import CannotDo, Home, Seen
from tests.fakes.slack.world import APP, BOT_USER, TEAM, Channel, File, Message

_COMMAND_KEYS = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "link_names",
    "mrkdwn",
    "parse",
    "unfurl_links",
    "unfurl_media",
    "metadata",
    "replace_original",
    "delete_original",
}


class Person(Eyes):
    """Eyes, and hands."""

    # -------------------------------------------------------------- payloads

    def _active(self) -> None:
        if self.user.deleted:
            raise CannotDo(f"{self.user.real_name} is deactivated")

    def envelope(self, kind: str, *, trigger: bool = True) -> Json:
        self._active()
        told: Json = {
            "type": kind,
            "token": "legacy",
            "api_app_id": APP,
            "team": {"id": TEAM, "domain": "closeloop"},
            "user": {
                "id": self.id,
                "username": self.user.name,
                "name": self.user.name,
                "team_id": self.user.team_id,
            },
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if trigger:
            told["trigger_id"] = self.fake.new_trigger(self.id)
        return told

    async def send(
        self,
        payload: Json,
        what: str,
        *,
        takes: bool = False,
        effect: Callable[[Any], None] | None = None,
    ) -> Reply:
        """Sends an interactive payload; also for payloads that a test forged."""
        if not self.fake.manifest.interactive:
            raise CannotDo("interactivity is off")
        return await self.fake.outgoing.interact(
            "interactive", payload, user=self.id, what=what, takes_payload=takes, effect=effect
        )

    # -------------------------------------------------------------- doing

    async def slash(self, line: str, channel: Channel | None = None) -> Reply:
        """Types a command in a channel, or in the conversation with the app; never in a thread."""
        self._active()
        place = channel or self._own_dm()
        self._member_of(place)
        command, _, text = line.partition(" ")
        if command not in self.fake.manifest.commands:
            raise CannotDo(f"{command} is not a valid command")
        if self.user.is_stranger:
            raise CannotDo("commands of the app are not offered to people of other workspaces")
        hook = Hook(self.id, place.id, self.fake.now())
        payload = {
            "token": "legacy",
            "team_id": TEAM,
            "team_domain": "closeloop",
            "channel_id": place.id,
            "channel_name": "directmessage" if place.is_im else place.name,
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": text.strip(),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.fake.new_hook(hook),
            "trigger_id": self.fake.new_trigger(self.id),
        }
        return await self.fake.outgoing.interact(
            "slash_commands",
            payload,
            user=self.id,
            what=line,
            takes_payload=True,
            effect=lambda body: self._answered(hook, body),
        )

    def _answered(self, hook: Hook, body: Any) -> None:
        """A command may be answered in its acknowledgement."""
        if not body:
            return
        if not isinstance(body, dict) or set(body) - _COMMAND_KEYS:
            self.fake.fail(f"not an answer to a command: {body}")
            return
        try:
            blocks = checked(body.get("blocks"), body.get("attachments") or [])
            content = {
                "text": body.get("text", ""),
                "blocks": blocks,
                "attachments": body.get("attachments") or [],
            }
            if not any(content.values()):
                raise SlackError("no_text")
            kind = body.get("response_type", "ephemeral")
            self.fake.answer_in(hook, content, kind, BOT_USER)
        except SlackError as error:
            self.fake.fail(f"an answer to a command was refused: {error.as_json()}")

    def _own_dm(self) -> Channel:
        if not self.fake.manifest.can_write:
            raise CannotDo("nobody can write to the app: its messages tab is off or read-only")
        return self.dm

    def _member_of(self, channel: Channel) -> None:
        if self.id not in channel.members:
            raise CannotDo(f"{self.user.real_name} is not in {channel.name or channel.id}")
        if channel.archived:
            raise CannotDo(f"{channel.name} is archived")

    async def says(
        self,
        text: str,
        channel: Channel | None = None,
        *,
        thread: "Seen | Message | None" = None,
        files: list[tuple[str, bytes]] | None = None,
    ) -> Seen:
        """Writes to the app, to a channel, or below a message."""
        self._active()
        place = channel or self._place_of(thread)
        self._member_of(place)
        uploaded = [self.new_file(name, content) for name, content in files or []]
        for file in uploaded:
            file.channels.append(place.id)
        root = thread.message if isinstance(thread, Seen) else thread
        message = self.fake.post(
            place,
            self.id,
            text,
            files=uploaded,
            thread_ts=(root.thread_ts or root.ts) if root else None,
            client_msg_id=self.fake.world.new_id("client-"),
        )
        if f"<@{BOT_USER}>" in text and BOT_USER in place.members and not place.is_im:
            told = message.as_json(self.fake.origin)
            event = {**told, "type": "app_mention", "channel": place.id, "event_ts": message.ts}
            self.fake.outgoing.emit({**event, "team": TEAM})
        return Seen.of(self, message)

    def _place_of(self, thread: "Seen | Message | None") -> Channel:
        if thread is None:
            return self._own_dm()
        message = thread.message if isinstance(thread, Seen) else thread
        return self.fake.world.channels[message.channel]

    async def mention(
        self, text: str, channel: Channel, *, thread: "Seen | Message | None" = None
    ) -> Seen:
        return await self.says(f"<@{BOT_USER}> {text}", channel, thread=thread)

    async def upload(
        self,
        name: str,
        content: bytes,
        channel: Channel | None = None,
        *,
        text: str = "",
        thread: "Seen | Message | None" = None,
    ) -> Seen:
        """Sends a file to the app, or to a channel."""
        return await self.says(text, channel, thread=thread, files=[(name, content)])

    async def forwards(self, seen: Seen, channel: Channel | None = None) -> Seen:
        """Shares a message; its copy has the words, and nothing to press."""
        self._active()
        self._can_see(seen)
        place = channel or self._own_dm()
        self._member_of(place)
        shared = {
            "is_share": True,
            "is_msg_unfurl": True,
            "ts": seen.ts,
            "text": seen.text,
            "channel_id": seen.channel,
            "from_url": self.fake.permalink(seen.message),
        }
        return Seen.of(self, self.fake.post(place, self.id, "", attachments=[shared]))

    def new_file(self, name: str, content: bytes) -> File:
        import mimetypes

        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        world = self.fake.world
        file = File(
            world.new_id("F0"),
            name,
            content,
            self.id,
            int(self.fake.now()),
            kind,
            uploaded=True,
            completed=True,
        )
        world.files[file.id] = file
        return file

    async def click(
        self,
        name: str,
        on: "Seen | Home | Modal | None" = None,
        option: Any = None,
        *,
        confirm: bool = False,
        stale: bool = False,
    ) -> Reply:
        """Presses what is rendered: in this message, or the modal, or the newest card with it.

        A message that changed since is looked at again, unless `stale`: the hand was quicker
        than the screen.
        """
        self._active()
        place = on or self._showing(name)
        if isinstance(place, Seen):
            self._can_see(place)
            if not stale:
                if place.message.deleted:
                    raise CannotDo("the message is gone")
                place = place.now()
        return await place.click(name, option, confirm=confirm)

    def _can_see(self, seen: Seen) -> None:
        channel = self.fake.world.channels[seen.channel]
        if self.id not in channel.members or seen.message.only_for not in (None, self.id):
            raise CannotDo(f"{self.user.real_name} does not see this message")
        if seen.person is not self:
            seen.person = self

    def _showing(self, name: str) -> "Seen | Home | Modal":
        if self.modal_or_none:
            return self.modal
        for seen in reversed(self.messages()):
            if any(control.is_called(name) for control in seen.controls()):
                return seen
        raise CannotDo(f"{self.user.real_name} sees nothing called {name!r}. {self.describe()}")

    def leave_channel(self, channel: Channel) -> None:
        self.fake.remove_member(channel, self)

    def deactivate(self) -> None:
        self.fake.deactivate(self)

    async def open_home(self) -> None:
        """Opens the Home tab; the app hears of it."""
        self._active()
        if not self.fake.manifest.home_tab:
            raise CannotDo("the app has no Home tab")
        view = self.fake.world.homes.get(self.id)
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.dm.id,
            "tab": "home",
        }
        if view is not None:
            event["view"] = view.as_json()
        self.fake.outgoing.emit(event)

    async def close_modal(self, *, everything: bool = False) -> None:
        await self.modal.close(everything=everything)

    async def shortcut(self, callback_id: str, message: "Seen | None" = None) -> Reply:
        """A global shortcut, or one of a message."""
        wanted = "global" if message is None else "message"
        if self.fake.manifest.shortcuts.get(callback_id) != wanted:
            raise CannotDo(f"there is no {wanted} shortcut {callback_id}")
        if self.user.is_stranger:
            raise CannotDo("shortcuts are not offered to people of other workspaces")
        if message is None:
            payload = {
                **self.envelope("shortcut"),
                "callback_id": callback_id,
                "action_ts": self.fake.world.new_ts(),
            }
            return await self.send(payload, f"shortcut {callback_id}")
        self._can_see(message)
        channel = self.fake.world.channels[message.channel]
        hook = Hook(self.id, channel.id, self.fake.now(), None)
        payload = {
            **self.envelope("message_action"),
            "callback_id": callback_id,
            "action_ts": self.fake.world.new_ts(),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "message": message.message.as_json(self.fake.origin),
            "response_url": self.fake.new_hook(hook),
        }
        return await self.send(payload, f"shortcut {callback_id}")
