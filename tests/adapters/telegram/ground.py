"""A company on Telegram: the real product and the real client, against the strict fake.

Time stands still until something waits for it. Short waits of the adapter, such as those for its
pace, move the clock; long ones end when a test lets time pass.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette

from bot.platforms.telegram import TelegramPlatform, TelegramSettings
from bot.runtime.webserver import WebServer, bind
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import KnownPerson
from handlers.intents import Intent, Submitted
from handlers.pages import Answer
from storage.unit import Tx
from tests import laws
from tests.adapters.telegram.process import Connections, Process, observe
from tests.fakes.ports import HandClock, MemoryFiles, lasting
from tests.fakes.runtime import Crew
from tests.fakes.telegram import Message, Person, TelegramFake
from tests.fakes.telegram.checks import sound
from tests.office import Workplace, moment, one_language, opened
from workflows.moments import SECOND, Moment

D = TypeVar("D", bound=Conversation)

COMMAND_LISTS = 9  # three scopes, each for three languages
SHORT_S = 5.0
OWED_S = 65.0
SECRET = "a-webhook-secret-of-a-test"


class Waits:
    """The adapter's waiting."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.long: list[tuple[Moment, asyncio.Future[None]]] = []
        self.short = SHORT_S  # what is shorter moves the clock
        self.held: set[float] = set()  # short waits that end only when a test lets time pass

    async def __call__(self, seconds: float) -> None:
        until = self._clock.now() + round(seconds * SECOND)
        if seconds < self.short and seconds not in self.held:
            self._clock.set(max(until, self._clock.now()))
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.long.append((until, future))
        await future

    def moved(self) -> None:
        """The clock was moved: what is over ends."""
        for until, future in list(self.long):
            if until <= self._clock.now():
                self.long.remove((until, future))
                if not future.done():
                    future.set_result(None)


class BrokenDesk(Conversation):
    """A desk that can neither read nor store anything while it is `broken`."""

    broken = False

    async def known(self, account: str) -> KnownPerson | None:
        self._try()
        return await super().known(account)

    async def handle(self, intent: Intent) -> Answer:
        self._try()
        return await super().handle(intent)

    async def bury(self, *, payload: Mapping[str, Any], error: str) -> None:
        self._try()
        await super().bury(payload=payload, error=error)

    def _try(self) -> None:
        if self.broken:
            raise OSError("no space left on device")


def nobody() -> Conversation:
    """A conversation without a company, for a platform that is only started."""
    nothing: Any = None
    return Conversation("telegram", db=nothing, files=nothing, office=nothing)


@dataclass(kw_only=True)
class Company:
    """Everything that a test with Telegram needs."""

    work: Workplace
    fake: TelegramFake
    files: MemoryFiles
    waits: Waits
    mode: str = "polling"
    groups: dict[str, int] = field(default_factory=dict)
    connections: Connections
    platform: TelegramPlatform = field(init=False)
    process: Process = field(init=False)
    crew: Crew = field(init=False)
    server: WebServer | None = None
    _filed: int = 0
    url: str = ""

    # ------------------------------------------------------------------ the process

    async def start(self, *, desk: Any = None, owner: str = "test:1") -> None:
        """A process of the bot."""
        listening = bind("127.0.0.1", 0) if self.mode == "webhook" else None
        if listening is not None:
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = TelegramSettings(
            mode="webhook" if self.mode == "webhook" else "polling",
            token=self.fake.token,
            webhook_secret=SECRET,
            api_url=self.fake.url,
            public_url=self.url,
            company={"zh": "示例公司", "en": "Sample Company"},
            owner=owner,
            groups=self.groups,
        )
        self.platform = TelegramPlatform(
            settings,
            desk or self.desk(),
            seconds=lambda: self.work.clock.now() / SECOND,
            pause=self.waits,
        )
        self.crew = Crew(
            db=self.work.database,
            office=self.work.office,
            platforms={"telegram": self.platform.chat},
        )
        self.process = Process()
        await self.process.run(self._run(listening))

    async def _run(self, listening: socket.socket | None) -> None:
        if listening is not None:
            app = Starlette(routes=list(self.platform.routes()))
            self.server = WebServer(app, listening=listening)
            self.server.start()
        await self.platform.start()

    async def ready(self) -> None:
        """Until it listens and has told what can be typed."""
        await self.fake.world.signal.until(
            lambda: len(self.fake.settings.commands) == COMMAND_LISTS
        )

    async def until(self, look: Callable[[], object]) -> None:
        """Until the bot has come so far."""
        async with asyncio.timeout(10):
            while not look():  # noqa: ASYNC110 - there are many things to wait for
                await asyncio.sleep(0)

    async def stop(self) -> None:
        """The process ends in good order."""
        await self.platform.stop()
        await self.platform.aclose()
        if self.server is not None:
            await self.server.stop()
            self.server = None

    async def restart(self, *, desk: Any = None) -> None:
        """Another process takes over, which knows what is stored and nothing else."""
        await self.stop()
        await self.start(desk=desk)
        await self.until(self.platform.connected)

    async def dies(self) -> None:
        """The process is killed."""
        await self.process.kill()
        await self.platform.aclose()
        self.connections.abort()

    def desk(self) -> Conversation:
        return self.desk_of(Conversation)

    def desk_of(self, kind: type[D]) -> D:
        """A desk of the company that does something of its own."""
        work = self.work
        return kind("telegram", db=work.database, files=self.files, office=work.office)

    # ------------------------------------------------------------------ people

    async def person(self, person_id: str, *, linked: bool = True, **more: Any) -> Person:
        """Somebody of the company, at their telephone; `linked=False` for a stranger."""
        if person_id in self.fake.people:
            return self.fake.people[person_id]
        person = self.fake.person(person_id, **more)
        if linked:
            key = await self.work.person(person_id).key()
            account = str(person.id)
            await self.work.database.run(
                lambda tx: tx.people.link(key, platform="telegram", account=account)
            )
        return person

    async def people(self, *person_ids: str) -> list[Person]:
        return [await self.person(one) for one in person_ids]

    def says(self, zh: str, en: str) -> str:
        """A word in the company's language."""
        return en if self.work.language == "en" else zh

    async def case(self, filer: str = "emma.clark", **more: object) -> str:
        """A complaint that was filed elsewhere; its number."""
        values = {
            "customer": "Acme 东方食品",
            "contact": "13800000000",
            "channel": "phone",
            "product": "A-100",
            "what_happened": "包装破损，箱子是湿的",
            **more,
        }
        key = await self.work.person(filer).key()
        self._filed += 1
        answer = await self.desk().handle(
            Submitted(
                person=key,
                via="playground",
                key=f"filed {self._filed}",
                token="start|||complaint",
                values=values,
            )
        )
        await self.settled()
        return answer.text.strip("。.").split("C-")[1].join(("C-", ""))

    # ------------------------------------------------------------------ time

    async def settled(self) -> None:
        """Until everything was taken, and everything that is owed was sent."""
        await self.fake.confirmed()
        while True:
            await self.crew.settle()
            due = await self.work.database.read(lambda tx: tx.outbox.next_at())
            now = self.work.clock.now()
            if due is None or due > now + OWED_S * SECOND:
                break
            self.set_time(max(due, now))
        await self.fake.confirmed()
        await laws.check(self.work)

    async def passes(self, **length: float) -> None:
        """Let time pass, and everything happen that is due on the way."""
        end = self.work.clock.now() + lasting(**length)
        while (due := await self.work.next_at()) is not None and due <= end:
            self.set_time(max(due, self.work.clock.now()))
            await self.settled()
        self.set_time(max(end, self.work.clock.now()))
        await self.settled()

    def set_time(self, at: Moment) -> None:
        """It is this time now, for everybody."""
        self.work.clock.set(at)
        self.waits.moved()
        self.fake.tick()

    # ------------------------------------------------------------------ forms

    async def answers(self, person: Person, *answers: str) -> None:
        """Answer one question after the other: a label is tapped, "+words" are typed."""
        for answer in answers:
            if answer.startswith("+"):
                await person.says(answer[1:])
            else:
                await person.taps(answer)
            await self.fake.confirmed()

    async def files_complaint(self, person: Person, what: str = "包装破损，箱子是湿的") -> None:
        """From the command to the confirmation."""
        await person.says(f"/complaint {what}")
        await person.waits_for(self.says("客户名称", "Customer"))
        skip = self.says("跳过", "Skip")
        await self.answers(
            person,
            "+Acme 东方食品",
            "+13800000000",
            self.says("电话", "Phone"),
            "+A-100",
            self.says("下一题", "Next"),
            skip,
            skip,
        )
        await person.waits_for(self.says("请检查", "Please check"))
        await person.taps(self.says("提交", "Submit"))
        await self.settled()


@asynccontextmanager
async def company(
    folder: Path,
    *,
    language: str = "zh",
    mode: str = "polling",
    strict: bool = True,
    checked: bool = True,
) -> AsyncIterator[Company]:
    """The company with its bot running; sound at the end, unless its updates were not."""
    async with opened(folder, language=language) as work:
        await one_language(work)
        async with company_of(
            work, MemoryFiles(), mode=mode, strict=strict, checked=checked
        ) as made:
            yield made


@asynccontextmanager
async def company_of(
    work: Workplace,
    files: MemoryFiles,
    *,
    mode: str = "polling",
    strict: bool = True,
    checked: bool = True,
) -> AsyncIterator[Company]:
    """The people of this office with the bot running."""
    clock = work.clock
    fake = TelegramFake(now=lambda: clock.now() / SECOND, strict_flood=strict)
    fake.updates.short_hold = 0.1  # by the loop's clock, which nobody moves
    async with fake:
        connections = observe(asyncio.get_running_loop())
        made = Company(
            work=work,
            fake=fake,
            files=files,
            waits=Waits(clock),
            mode=mode,
            connections=connections,
        )
        await made.start()
        await made.ready()
        try:
            yield made
            await fake.confirmed()
        finally:
            await made.stop()
            connections.abort()
        if checked:
            sound(fake)


def shows(message: Message, *labels: str) -> bool:
    """Whether all of these buttons stand under a message."""
    return all(any(label in shown for shown in message.labels) for label in labels)


__all__ = ["SECRET", "Company", "Tx", "company", "moment", "shows"]
