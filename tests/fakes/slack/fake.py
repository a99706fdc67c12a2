"""A strict Slack on the loopback: it refuses what Slack refuses, and its people press only what
they see.

    async with FakeSlack() as slack:
        ana = slack.person("Ana")
        ... connect the app with slack.api_url, slack.bot_token and slack.app_token ...
        await slack.connected()
        await ana.slash("/complaint")
"""

import asyncio
import time
from typing import Any, Literal, Self

from aiohttp import web

from tests.fakes.slack import api_app, api_files, api_people, api_views  # noqa: F401 - register
from tests.fakes.slack.api import Rates, Record, SlackError
from tests.fakes.slack.block_kit import blocks_text, broadcasts
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.clock import Agenda, Changes, Now
from tests.fakes.slack.controls import fresh_state
from tests.fakes.slack.delivery import Delivery, Hook, Trigger
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.hooks import Hooks
from tests.fakes.slack.manifest import load, sample
from tests.fakes.slack.office import Office
from tests.fakes.slack.outgoing import Outgoing, Trouble
from tests.fakes.slack.server import Server
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import BOT_USER, Channel, File, Message, World


class FakeSlack(Office):
    """One workspace with one app installed."""

    loop: asyncio.AbstractEventLoop

    def __init__(
        self,
        manifest: Json | None = None,
        *,
        now: Now = time.time,
        seed: int = 1,
        rates: bool = True,
        dedupes: bool = True,
    ) -> None:
        self.now = now
        self.manifest = load(manifest if manifest is not None else sample())
        self.scopes = self.manifest.scopes
        self.dedupes = dedupes
        self.world = World(now, seed)
        self.faults = Faults()
        self.rates = Rates(now, enforced=rates)
        self.changes = Changes()
        self.agenda = Agenda(now)
        self.sockets = Sockets(self)
        self.hooks = Hooks(self)
        self.outgoing = Outgoing(self)
        self.bot_token = "xoxb-fake-1"
        self.bot_tokens = {self.bot_token}
        self.app_token = "xapp-1-fake"
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"
        self.bad_tokens: dict[str, str] = {}
        self.installed = True
        self.triggers: dict[str, Trigger] = {}
        self.hooks_given: dict[str, Hook] = {}
        self.records: list[Record] = []
        self.failures: list[str] = []
        self.troubles: list[Trouble] = []
        self.broadcasts: list[tuple[Message, str]] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.origin = ""
        self._runner: web.AppRunner | None = None

    # -------------------------------------------------------------- life

    async def start(self, port: int = 0) -> Self:
        self.loop = asyncio.get_running_loop()
        self._runner = web.AppRunner(Server(self).app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        self.agenda.close()
        for delivery in list(self.outgoing.inflight):
            delivery.failed("the workspace was closed")
        for task in list(self.tasks):
            task.cancel()
        await self.hooks.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        return f"{self.origin}/api/"

    # -------------------------------------------------------------- waiting

    async def connected(self, number: int = 1) -> None:
        """Until the app holds so many connections."""
        await self.changes.until(
            lambda: len(self.sockets.live) >= number,
            what=lambda: f"{len(self.sockets.live)} of {number} connections",
        )

    async def settled(self) -> None:
        """Until everything that was sent is acknowledged or given up."""
        await self.changes.until(
            lambda: not self.outgoing.inflight,
            what=lambda: f"not acknowledged: {[d.payload for d in self.outgoing.inflight]}",
        )

    async def called(self, method: str, times: int = 1) -> list[Record]:
        """Until the app called this method so often."""
        await self.changes.until(
            lambda: len(self.calls(method)) >= times,
            what=lambda: f"{method} was called {len(self.calls(method))} of {times} times",
        )
        return self.calls(method)

    def calls(self, method: str) -> list[Record]:
        return [record for record in self.records if record.method == method]

    async def tick(self) -> None:
        """What became due by a clock that a test moved happens now."""
        self.agenda.run_due()
        await asyncio.sleep(0)

    def fail(self, what: str) -> None:
        self.failures.append(what)
        self.changes.happened()

    def undelivered(self, delivery: Delivery, reason: str, *, again: bool = True) -> None:
        self.outgoing.undelivered(delivery, reason, again=again)

    async def release(self, order: Literal["fifo", "reversed", "shuffled"] = "fifo") -> None:
        await self.outgoing.release(order)

    def assert_clean(self, *, but: frozenset[str] | set[str] = frozenset()) -> None:
        """The app broke no rule, nobody saw an error, and nothing had to come again.

        `but` names the errors of the Web API that this test meant to provoke.
        """
        assert self.failures == []
        assert self.troubles == []
        assert self.broadcasts == []
        meant = {"ratelimited", *but}
        refused = [
            record
            for record in self.records
            if not record.ok and record.error not in meant and not record.error.startswith("fault:")
        ]
        assert refused == []
        assert [sent.payload for sent in self.outgoing.log if sent.attempt] == []

    # -------------------------------------------------------------- messages

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """A message appears."""
        message = Message(self.world.new_ts(), channel.id, user, text, **more)
        message.blocks = self.world.with_ids(message.blocks)
        message.state = fresh_state(message.blocks)
        if message.thread_ts:
            root = self.world.find(channel, message.thread_ts)
            assert root is not None
            root.thread_ts = root.ts
        channel.messages.append(message)
        channel.by_ts[message.ts] = message
        self._calls_out(message)
        if message.only_for is None:
            kind = {"subtype": "file_share"} if message.files else {}
            self._message_event(channel, message.as_json(self.origin) | kind)
        self.changes.happened()
        return message

    def rewrite(
        self,
        message: Message,
        text: str,
        blocks: list[Json] | None,
        attachments: list[Json] | None,
    ) -> None:
        """What is None stays as it was, as chat.update has it; an empty list removes it."""
        before = message.as_json(self.origin)
        message.text = text
        if attachments is not None:
            message.attachments = attachments
        if blocks is not None:
            message.blocks = self.world.with_ids(blocks)
            message.state = fresh_state(message.blocks, message.state)
        message.edited = True
        self._calls_out(message)
        message.revision += 1
        if message.only_for is None:
            self._message_event(
                self.world.channels[message.channel],
                {
                    "type": "message",
                    "subtype": "message_changed",
                    "hidden": True,
                    "ts": self.world.new_ts(),
                    "message": message.as_json(self.origin),
                    "previous_message": before,
                },
            )
        self.changes.happened()

    def _calls_out(self, message: Message) -> None:
        """The bot must not call everyone because a person's words did."""
        if message.by_bot:
            found = broadcasts(message.text, message.blocks)
            self.broadcasts += [(message, name) for name in found]

    def remove(self, message: Message) -> None:
        message.deleted = True
        message.revision += 1
        if message.only_for is None:
            event = {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "ts": self.world.new_ts(),
                "deleted_ts": message.ts,
                "previous_message": message.as_json(self.origin),
            }
            self._message_event(self.world.channels[message.channel], event)
        self.changes.happened()

    def _message_event(self, channel: Channel, event: Json) -> None:
        if BOT_USER not in channel.members:
            return
        kind = {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)
        name = {"public": "channels", "private": "groups"}.get(channel.kind, channel.kind)
        self.outgoing.emit(
            {**event, "channel": channel.id, "channel_type": kind, "event_ts": event["ts"]},
            f"message.{name}",
        )

    def answer_in(self, hook: Hook, content: Json, kind: str, user: str) -> Message:
        """What a command or a response_url says: to the person alone, or to the channel."""
        if kind not in {"ephemeral", "in_channel"}:
            raise SlackError("invalid_arguments", [f"[ERROR] response_type {kind}"])
        return self.post(
            self.world.channels[hook.channel],
            user,
            content["text"],
            by_bot=True,
            blocks=content["blocks"],
            attachments=content["attachments"],
            thread_ts=hook.thread_ts,
            only_for=hook.user if kind == "ephemeral" else None,
        )

    def permalink(self, message: Message) -> str:
        place = f"https://closeloop.slack.example/archives/{message.channel}"
        return f"{place}/p{message.ts.replace('.', '')}"

    def bot_sees(self, file: File) -> bool:
        shared = any(BOT_USER in self.world.channels[name].members for name in file.channels)
        return file.user == BOT_USER or file.shared_with_bot or shared

    # -------------------------------------------------------------- handles

    def new_trigger(self, user: str) -> str:
        trigger = self.world.new_id("trigger.")
        self.triggers[trigger] = Trigger(user, self.now())
        return trigger

    def new_hook(self, hook: Hook) -> str:
        name = self.world.new_id("hook")
        self.hooks_given[name] = hook
        return f"{self.origin}/response/{name}"

    def text_of(self, message: Message) -> str:
        """All that a person reads in it."""
        shown = blocks_text(message.blocks) if message.blocks else message.text
        return "\n".join(
            [shown, blocks_text(message.attachments), *(f.name for f in message.files)]
        )
