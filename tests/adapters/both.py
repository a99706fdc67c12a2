"""An office whose people are in Slack, on Telegram, or on both, in Chinese or in English."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from storage.unit import Tx
from tests.adapters.hands import Hand, Labels, SlackHand, TelegramHand
from tests.adapters.slack.workspace import BRIEFLY, Workspace, workspace_of
from tests.adapters.telegram.ground import Company, company_of
from tests.fakes.ports import lasting
from tests.fakes.runtime import Crew
from tests.fakes.slack import sample
from tests.office import Workplace
from workflows.moments import SECOND, Moment


@dataclass(kw_only=True)
class Both:
    """One company, one database, one crew, and two platforms."""

    work: Workplace
    slack: Workspace
    phones: Company
    crew: Crew
    labels: Labels
    hands: dict[str, tuple[Hand, ...]] = field(default_factory=dict)
    _turns: int = 0

    def hand(self, person_id: str) -> Hand:
        """Somebody on a platform where they are; whoever is on both takes turns."""
        self._turns += 1
        hands = self.hands[person_id]
        return hands[self._turns % len(hands)]

    async def joins(self, person_id: str, language: str, *platforms: str) -> None:
        """Somebody of the company has accounts there, and reads this language."""

        def speaks(tx: Tx) -> None:
            directory = tx.people.directory()
            people = [
                replace(one, language=language) if one.id == person_id else one
                for one in directory.people.values()
            ]
            tx.people.replace(people, list(directory.departments.values()))

        await self.work.database.run(speaks)
        made: list[Hand] = []
        if "slack" in platforms:
            locale = "zh-CN" if language == "zh" else "en-GB"
            person = await self.slack.person(person_id, locale=locale, tz="Asia/Shanghai")
            made.append(SlackHand(self.slack, person, language, self.labels))
        if "telegram" in platforms:
            phone = await self.phones.person(person_id)
            await phone.starts()
            await self.phones.fake.confirmed()
            self.phones.set_time(self.work.clock.now() + SECOND)  # they do not all come at once
            made.append(TelegramHand(self.phones, phone, language, self.labels))
        self.hands[person_id] = tuple(made)

    async def settle(self) -> None:
        """Everything that is due is done, and everything that is owed is sent."""
        await self._calm()
        while True:
            await self.crew.settle()
            due = await self.work.database.read(lambda tx: tx.outbox.next_at())
            now = self.work.clock.now()
            if due is None or due > now + BRIEFLY:
                break
            self.phones.set_time(max(due, now))
        await self._calm()

    async def _calm(self) -> None:
        await self.slack.calm()
        await self.phones.fake.confirmed()

    async def passes(self, **length: float) -> None:
        """Time passes, and everything happens that is due on the way."""
        await self.until(self.work.clock.now() + lasting(**length))

    async def until(self, end: Moment) -> None:
        """Time passes until then."""
        while (due := await self.crew.next_at()) is not None and due <= end:
            self.phones.set_time(max(due, self.work.clock.now()))
            await self.settle()
        self.phones.set_time(max(end, self.work.clock.now()))
        await self.slack.slack.tick()
        await self.settle()


@asynccontextmanager
async def both(
    work: Workplace, *, commands: tuple[str, ...], labels: Labels
) -> AsyncIterator[Both]:
    """This office on both platforms, where nobody has an account yet."""
    async with (
        workspace_of(work, manifest=sample(commands)) as slack,
        company_of(work, work.files) as phones,
    ):
        chats = {"slack": slack.platform.chat, "telegram": phones.platform.chat}
        database, office = work.database, work.office
        crew = Crew(db=database, office=office, platforms=chats, files=work.files)
        yield Both(work=work, slack=slack, phones=phones, crew=crew, labels=labels)
        await slack.slack.settled()
        slack.slack.assert_clean()
