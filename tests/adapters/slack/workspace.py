"""An office whose people are in Slack: real handlers, a real database, the pump, a strict Slack.

Time stands still for both until a test lets it pass; only what the outbox waits for a moment
passes by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.platforms.slack import SlackPlatform, SlackSettings
from bot.platforms.slack.times import SlackTimes
from bot.runtime.webserver import WebServer, bind
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Profile
from storage.database_sqlite import SqliteDatabase
from tests.fakes.ports import lasting
from tests.fakes.runtime import Crew
from tests.fakes.slack import FakeSlack, Person, sample
from tests.office import Workplace, one_language, opened
from workflows.moments import MINUTE, SECOND

BRIEFLY = 2 * MINUTE  # what the outbox may wait for by itself
SOON = SlackTimes(coalesce=0.01)  # a Home tab is published right after a change
IMPATIENT = replace(SOON, ping=0.2, watch=0.05)  # a dead connection is noticed soon


@dataclass(kw_only=True)
class Workspace:
    """Both sides, and the people in between."""

    office: Workplace
    slack: FakeSlack
    platform: SlackPlatform
    desk: Conversation
    crew: Crew
    language: str
    pauses: list[float] = field(default_factory=list)
    _people: dict[str, Person] = field(default_factory=dict)

    async def person(self, person_id: str, **more: Any) -> Person:
        """Somebody of the company, in Slack with their company's address, and linked."""
        if person_id not in self._people:
            name = person_id.replace(".", " ").title()
            locale = "zh-CN" if self.language == "zh" else "en-GB"
            given = {"email": f"{person_id}@example.com", "locale": locale, **more}
            person = self.slack.person(name, **given)
            profile = Profile(
                account=person.id, email=given["email"], language=self.language, timezone=""
            )
            await self.desk.enrol(profile)
            self._people[person_id] = person
        return self._people[person_id]

    async def everybody(self) -> None:
        """Link whoever the complaint process may want to tell."""
        for name in (
            *("emma.clark", "liu.yang", "chen.jing", "li.qiang", "zhao.lei", "sun.yue"),
            *("wang.fang", "lin.wei", "zhou.min"),
        ):
            if (await self.office.directory()).by_id(name) is not None:
                await self.person(name)

    async def calm(self) -> None:
        """Until everything is acknowledged and answered."""
        await self.slack.settled()
        await self.platform.inflight.idle()
        await self.slack.settled()

    async def settle(self) -> None:
        """Everything that is due is done, and everything that is owed is sent."""
        await self.calm()
        while True:
            await self.crew.settle()
            now = self.office.clock.now()
            due = await self.office.database.read(lambda tx: tx.outbox.next_at())
            if due is None or due > now + BRIEFLY:
                break
            self.office.clock.set(max(due, now))
        await self.calm()

    async def passes(self, **length: float) -> None:
        """Time passes, and everything happens that is due on the way."""
        end = self.office.clock.now() + lasting(**length)
        while (due := await self.crew.next_at()) is not None and due <= end:
            self.office.clock.set(max(due, self.office.clock.now()))
            await self.settle()
        self.office.clock.set(max(end, self.office.clock.now()))
        await self.slack.tick()
        await self.settle()

    def says(self, zh: str, en: str) -> str:
        """In the language of this office."""
        return zh if self.language == "zh" else en


@asynccontextmanager
async def workspace(
    folder: Path,
    *,
    mode: str = "socket",
    language: str = "zh",
    inline: bool = True,
    rates: bool = True,
    start: bool = True,
    manifest: dict[str, Any] | None = None,
    times: SlackTimes = SOON,
    **settings: Any,
) -> AsyncIterator[Workspace]:
    """A workspace with the app running in it, for an office of its own."""
    async with opened(folder, language=language, inline=inline) as office:
        await one_language(office)
        given: dict[str, Any] = {"mode": mode, "rates": rates, "start": start, "times": times}
        async with workspace_of(office, manifest=manifest, **given, **settings) as made:
            yield made


@asynccontextmanager
async def workspace_of(
    office: Workplace,
    *,
    mode: str = "socket",
    rates: bool = True,
    start: bool = True,
    manifest: dict[str, Any] | None = None,
    times: SlackTimes = SOON,
    **settings: Any,
) -> AsyncIterator[Workspace]:
    """A workspace of this office with the app running in it."""

    def now() -> float:
        return office.clock.now() / SECOND

    body = manifest or sample(socket=mode == "socket")
    async with FakeSlack(body, now=now, rates=rates) as slack:
        made = _make(office, slack, mode, office.language, settings, times=times)
        async with _served(made, mode) as address:
            try:
                if start:
                    await started(made, address)
                yield made
            finally:
                await made.platform.stop()
                await made.platform.aclose()


def _make(
    office: Workplace,
    slack: FakeSlack,
    mode: str,
    language: str,
    more: dict[str, Any],
    *,
    times: SlackTimes = SOON,
) -> Workspace:
    settings = SlackSettings(
        mode="http" if mode == "http" else "socket",
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        api_url=slack.api_url,
        company={"zh": "示例公司", "en": "Sample Company"},
    )
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        office.clock.set(office.clock.now() + round(seconds * SECOND))

    settings = replace(settings, **more)
    desk = Conversation(
        "slack",
        db=office.database,
        files=office.files,
        office=office.office,
        typed=settings.typed,
    )
    platform = SlackPlatform(
        settings,
        desk,
        steady=slack.now,
        wall=slack.now,
        pause=pause,
        times=times,
    )
    assert isinstance(office.database, SqliteDatabase)
    crew = Crew(db=office.database, office=office.office, platforms={"slack": platform.chat})
    return Workspace(
        office=office,
        slack=slack,
        platform=platform,
        desk=desk,
        crew=crew,
        language=language,
        pauses=pauses,
    )


@asynccontextmanager
async def _served(made: Workspace, mode: str) -> AsyncIterator[str]:
    """The address that Slack sends to; "" over Socket Mode."""
    if mode != "http":
        yield ""
        return
    with bind("127.0.0.1", 0) as listening:
        server = WebServer(Starlette(routes=list(made.platform.routes())), listening=listening)
        server.start()
        try:
            yield f"{server.address}slack/events"
        finally:
            await server.stop()


async def started(made: Workspace, address: str = "") -> None:
    """The app runs, and Slack knows it."""
    await made.platform.start()
    if address:
        await made.slack.hooks.subscribe(address)
    else:
        await made.slack.connected(2)


async def restarted(made: Workspace) -> None:
    """The app begins anew over Socket Mode, with what is kept."""
    await made.platform.stop()
    await made.platform.aclose()
    fresh = _make(made.office, made.slack, "socket", made.language, {})
    made.platform, made.desk, made.crew = fresh.platform, fresh.desk, fresh.crew
    await started(made)
