"""Telegram on a loopback port: strict where the real one is, and more."""

from __future__ import annotations

import inspect
import re
import secrets
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from tests.fakes.telegram import files, send, settings  # noqa: F401 - fill the table
from tests.fakes.telegram.call import Call
from tests.fakes.telegram.clicks import Click
from tests.fakes.telegram.errors import ApiError, bad
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.group import Group, new_group
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.settings import Settings
from tests.fakes.telegram.table import METHODS
from tests.fakes.telegram.updates import Update, UpdateQueue
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.wire import Cut, HttpServer, Request, Response, json_response
from tests.fakes.telegram.world import HOUR, Account, Chat, Json, Message, World

PATH = re.compile(r"/bot(?P<token>[^/]+)/(?:test/)?(?P<method>[^/]*)")
FILE = re.compile(r"/file/bot(?P<token>[^/]+)/(?P<path>.+)")
FIRST_PERSON = 5_000_000_001  # ids are longer than 32 bits, as real ones are
ANSWER_WINDOW = 15.0


class TelegramFake:
    """One bot's Telegram. `async with TelegramFake(now=clock) as telegram: ...`"""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        username: str = "closeloop_bot",
        strict_flood: bool = False,
        answer_window: float = ANSWER_WINDOW,
        privacy: bool = True,
    ) -> None:
        self.now = now
        self.token = f"7000000001:{secrets.token_urlsafe(26)}"
        self.bot = Account(7_000_000_001, "Closeloop", username=username, is_bot=True)
        self.world = World(now=now, bot=self.bot)
        self.updates = UpdateQueue(now=now)
        self.faults = Faults(now)
        self.flood = Flood(now, strict=strict_flood)
        self.settings = Settings()
        self.webhook = Webhook(self.updates)
        self.answer_window = answer_window
        self.privacy = privacy
        self.clicks: dict[str, Click] = {}
        self.log: list[Call] = []
        self.people: dict[str, Person] = {}
        self.broken: list[str] = []  # defects of the fake itself, with their traces
        self._server = HttpServer(self._answer)

    # ---------------------------------------------------------------- life
    async def start(self) -> None:
        """Listen; after `stop` on the same port again."""
        await self._server.start(self.port)
        self.webhook.resume()

    async def stop(self) -> None:
        self.webhook.stop()
        self.updates.end_poll()
        await self._server.stop()
        assert not self.broken, self.broken[0]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot, which appends the token."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def tick(self) -> None:
        """The clock was moved: polls may end, webhooks are tried again."""
        self.updates.expire()
        self.updates.signal.ring()
        self.webhook.kick()

    # ---------------------------------------------------------------- people
    def person(
        self,
        name: str,
        *,
        language_code: str = "",
        username: str = "",
        started: bool = True,
        is_bot: bool = False,
        id: int | None = None,
    ) -> Person:
        """Somebody with a Telegram account; `started=False` has never written to the bot."""
        first, _, last = name.partition(" ")
        account = Account(
            id or FIRST_PERSON + len(self.world.accounts),
            first,
            last,
            username,
            language_code,
            is_bot=is_bot,
            started=started,
        )
        person = Person(self, self.world.account(account))
        self.people[name] = person
        return person

    def group(
        self,
        title: str,
        *people: Person,
        supergroup: bool = False,
        forum: bool = False,
        bot: str = "member",
    ) -> Group:
        """A group in which the bot already is; `bot="left"` for one where it is not yet."""
        accounts = [person.account for person in people]
        return new_group(
            self, title, accounts, supergroup=supergroup or forum, forum=forum, bot=bot
        )

    # ---------------------------------------------------------------- looking
    def calls(self, method: str = "") -> list[Call]:
        """The bot's calls so far, of one method or of all."""
        wanted = method.lower()
        return [call for call in self.log if wanted in {"", call.method.lower()}]

    async def waits_for_call(
        self, method: str, look: Callable[[Call], bool] = lambda _: True, *, within: float = 10
    ) -> Call:
        """The first call of a method that fits, now or soon."""

        def found() -> Call | None:
            return next((call for call in self.calls(method) if call.status and look(call)), None)

        return await self.world.signal.until(found, within=within)

    async def confirmed(self, *, within: float = 10) -> None:
        """Until no update waits any more."""
        await self.updates.signal.until(lambda: not self.updates.waiting, within=within)

    def sent(self) -> list[Message]:
        """What the bot posted and did not delete, the oldest first."""
        found = [m for m in self.world.all_messages() if m.sender is self.bot and not m.deleted]
        return sorted(found, key=lambda message: message.date)

    # ---------------------------------------------------------------- updates
    async def bulk(self, *people: Person, count: int = 100, text: str = "message") -> list[Message]:
        """So many messages at once, from these people in turn: "message 1", "message 2" …"""
        return [
            await people[number % len(people)].says(f"{text} {number + 1}")
            for number in range(count)
        ]

    def tell(self, kind: str, payload: Json, *, queue: str) -> Update | None:
        return self.updates.add(kind, payload, queue)

    def announce(self, message: Message, kind: str = "message") -> Update | None:
        """A message is news for the bot."""
        return self.tell(kind, message.json(), queue=f"chat {message.chat.id}")

    # ---------------------------------------------------------------- answering
    async def _answer(self, request: Request) -> Response:
        if found := FILE.fullmatch(request.path):
            return self._file(found["token"], found["path"])
        found = PATH.fullmatch(request.path)
        if found is None or request.verb not in {"GET", "POST"}:
            return _refusal(ApiError(404, "Not Found"))
        call = Call(found["method"], request.params, request.files, at=self.now())
        try:
            result = await self._run(found["token"], call)
        except ApiError as error:
            call.status, call.description = error.code, error.description
            if (chat := self._chat_of(call)) and "retry_after" in error.parameters:
                self.flood.park(chat, error.parameters["retry_after"])
            return _refusal(error)
        except Cut:
            raise
        except Exception as error:  # noqa: BLE001 - a defect of ours is told, not lost
            self.broken.append(traceback.format_exc())
            return _refusal(ApiError(500, f"Internal Server Error: the fake broke: {error!r}"))
        finally:
            self.world.signal.ring()
        call.status, call.result = 200, result
        self.world.signal.ring()
        return json_response(200, {"ok": True, "result": result})

    async def _run(self, token: str, call: Call) -> Any:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise ApiError(401, "Unauthorized: invalid token specified")
        if not secrets.compare_digest(token, self.token):
            raise ApiError(401, "Unauthorized")
        self.log.append(call)
        await self.faults.meet(call, "before")
        method = METHODS.get(call.method.lower())
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        call.method = method.name
        if unknown := {*call.params, *call.files} - method.params - call.attached():
            raise bad(f"unknown parameters {sorted(unknown)} of {method.name}")
        self.flood.pass_by(method.name, self._chat_of(call), call.messages())
        result = method.run(self, call)
        if inspect.isawaitable(result):
            result = await result
        call.effect, call.result = True, result
        self.world.signal.ring()
        await self.faults.meet(call, "after")
        return result

    def _chat_of(self, call: Call) -> Chat | None:
        chat_id = call.text("chat_id")
        return self.world.chats.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None

    def _file(self, token: str, path: str) -> Response:
        file = next((f for f in self.world.files.values() if f.path == path), None)
        if token != self.token or file is None or file.linked is None:
            return _refusal(ApiError(404, "Not Found"))
        if self.now() - file.linked > HOUR:
            return _refusal(ApiError(404, "Not Found"))
        return Response(200, file.content, kind="application/octet-stream")


def _refusal(error: ApiError) -> Response:
    told: Json = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.parameters:
        told["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry_After"] = str(error.parameters["retry_after"])
    return json_response(error.code, told, **headers)
