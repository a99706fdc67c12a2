"""Twenty-five urgent complaints left for a week: few sounds, every case told of, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from handlers import overdue, storms
from handlers.digests import open_digest
from handlers.pages import Card
from storage.unit import Tx
from tests.fakes.chat import FakeChat, Message
from tests.fakes.runtime import Crew
from tests.office import opened
from tests.stories.deeds import file_complaint, triage
from tests.unit.bot.runtime.conftest import Manned
from workflows.calendar import QuietHours
from workflows.case.events import SYSTEM, Event, evolve
from workflows.flow.offering import TaskReoffered
from workflows.moments import DAY, Moment
from workflows.records import Change

CASES = 25
MOST_SOUNDS = 15
KINDS = ("escalation", "digest")


class Stormy(Manned):
    """Everybody reads on a platform without silent messages, and on one with them."""

    def restart(self) -> None:
        self.aloud = FakeChat(name="aloud", silent=False)
        self.crew = Crew(
            db=self.database,
            office=self.office,
            platforms={self.chat.name: self.chat, self.aloud.name: self.aloud},
        )

    async def next_at(self) -> Moment | None:
        found = await super().next_at()
        morning = await self.crew.rounds.next_at(until=self.clock.now() + 400 * DAY)
        return min((at for at in (found, morning) if at is not None), default=None)

    async def filed_urgent(self, count: int) -> None:
        """Complaints that are graded urgent and wait for their handlers."""
        desk = self.person("liu.yang")
        for number in range(count):
            await file_complaint(self.person("emma.clark"), customer=f"Acme {number}")
            await desk.presses("认领")
            await triage(desk, grade="urgent")

    def found_in(self, chat: FakeChat) -> set[str]:
        """The cases that somebody was told of, by a card or by a line."""
        told = [m.card for m in chat.messages.values() if m.card.kind in KINDS]
        lines = {line.case_id for card in told for line in card.lines if line.case_id}
        return lines | {card.case_id for card in told if card.case_id is not None}

    def told(self, chat: FakeChat) -> tuple[Counter[str], Counter[str]]:
        """By person: how many messages there are about escalations, and how often they sounded."""
        messages: Counter[str] = Counter()
        sounds: Counter[str] = Counter()
        for message in chat.messages.values():
            if message.card.kind in KINDS:
                messages[message.person] += 1
                sounds[message.person] += message.noticed
        return messages, sounds


@pytest.fixture
async def storm(tmp_path: Path) -> AsyncIterator[Stormy]:
    async with opened(tmp_path, quiet=QuietHours(start=time(22), end=time(8))) as office:
        work = Stormy(database=office.database, office=office.office, clock=office.clock)
        work.lawful = False
        yield work


async def key_of(work: Stormy, person: str) -> str:
    return await work.person(person).key()


def cards(chat: FakeChat, person: str, kind: str) -> list[Message]:
    return [message for message in chat.of(person) if message.card.kind == kind]


async def test_a_week_of_silence_makes_few_sounds_and_tells_of_every_case(storm: Stormy) -> None:
    await storm.filed_urgent(CASES)
    await storm.passes("7d")

    for chat in (storm.chat, storm.aloud):
        messages, sounds = storm.told(chat)
        assert max(sounds.values()) <= MOST_SOUNDS, (messages, sounds)
        assert storm.found_in(chat) == {f"C-2026-{number:04}" for number in range(1, CASES + 1)}
    owner = await key_of(storm, "chen.jing")
    shown = [message.card.case_id for message in cards(storm.chat, owner, "escalation")]
    assert len(shown) == len(set(shown)) == CASES
    assert all(len(m.card.lines) > 5 for m in cards(storm.chat, owner, "escalation"))
    assert len(cards(storm.aloud, owner, "escalation")) < CASES
    assert await storm.dead() == ()


# ---------------------------------------------------------------------------- one hour


async def test_from_the_fourth_in_an_hour_on_a_digest_speaks_for_the_rest(storm: Stormy) -> None:
    await storm.filed_urgent(5)
    await storm.passes("2h")
    manager = await key_of(storm, "zhao.lei")
    head = await key_of(storm, "chen.jing")

    for person in (manager, head):
        count = len(cards(storm.chat, person, "escalation"))
        silent = [m for m in cards(storm.chat, person, "escalation") if not m.noticed]
        assert len(silent) == max(count - 3, 0)
        assert len(cards(storm.aloud, person, "escalation")) == min(count, 3)
        assert len(cards(storm.aloud, person, "digest")) == (count > 3)
    told = {manager: cards(storm.chat, manager, "escalation")}
    told[head] = cards(storm.chat, head, "escalation")
    assert sum(map(len, told.values())) == 5


async def test_three_in_an_hour_need_no_digest(storm: Stormy) -> None:
    await storm.filed_urgent(3)
    await storm.passes("2h")

    assert not [m for m in storm.aloud.messages.values() if m.card.kind == "digest"]


async def test_a_digest_names_each_case_and_how_late_it_is_and_opens_its_card(
    storm: Stormy,
) -> None:
    await storm.filed_urgent(10)
    await storm.passes("2h")
    await storm.passes("30m")
    head = storm.person("chen.jing")
    (digest,) = cards(storm.aloud, await head.key(), "digest")

    first = digest.card.lines[0]
    assert first.case_id in first.text
    assert "Acme" in first.text
    assert "已超时" in first.when
    assert len(digest.card.lines) == len(digest.card.buttons) > 3
    spoken = {m.card.case_id for m in cards(storm.aloud, await head.key(), "escalation")}
    other = next(b for b in digest.card.buttons if b.label not in spoken)
    await head.presses(other.label, kind="digest")
    (opened_card,) = head.answer.cards
    assert (opened_card.kind, opened_card.case_id) == ("escalation", other.label)
    assert len(opened_card.lines) > 5


async def test_a_stranger_opens_nothing_from_a_digest(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.passes("2h")

    answer = await storm.person("zhou.min").forges("escalated|C-2026-0001||t2")

    assert "Acme" not in answer


async def test_a_higher_rung_tells_somebody_new_and_changes_the_card_in_silence(
    storm: Stormy,
) -> None:
    await storm.filed_urgent(1)
    await storm.passes("7h")
    head = await key_of(storm, "chen.jing")

    (card,) = cards(storm.chat, head, "escalation")
    assert card.edits
    assert card.noticed == 1
    assert set(storm.told(storm.chat)[0].values()) == {1}


async def test_a_higher_rung_changes_the_card_in_silence(storm: Stormy) -> None:
    """The clock on the answer climbs first, then that of the step, to the same people."""
    await storm.filed_urgent(1)
    await storm.passes("5d")

    told = [m for m in storm.chat.messages.values() if m.card.kind == "escalation"]
    assert len(told) == len({message.person for message in told})
    assert len(told) < await storm.happened("Escalated")
    assert {message.noticed for message in told} == {1}
    assert any(message.edits for message in told)


async def test_when_somebody_acts_the_digest_says_so_in_silence(storm: Stormy) -> None:
    await storm.filed_urgent(10)
    await storm.passes("2h")
    head = await key_of(storm, "chen.jing")
    (digest,) = cards(storm.aloud, head, "digest")
    case_id = digest.card.lines[0].case_id
    case = await storm.case(case_id)
    (task,) = case.open_tasks
    owner = (await storm.directory()).people[str(task.assignee)].id
    await storm.person(owner).forges(f"act|{case_id}|{task.id}|answered")
    await storm.person(owner).fills(answer="已致歉")
    await storm.person(owner).forges(f"complete|{case_id}|{task.id}|")
    await storm.person(owner).fills(root_cause="包装薄", resolution="换新")
    await storm.settle()

    settled = {line.case_id for line in digest.card.lines if line.when == "已处理"}
    assert settled == {case_id}
    assert digest.card.lines[-1].case_id == case_id
    assert digest.noticed == 1


async def test_what_is_slept_on_after_somebody_acted_is_news(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.passes("2h")
    case = await storm.case()
    owner = (await storm.directory()).people[str(case.open_tasks[0].assignee)].id
    handler = storm.person(owner)
    await handler.presses("登记答复", kind="task")
    await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="包装薄", resolution="换新")
    await storm.passes("6d")

    told = Counter(
        (message.person, message.ref)
        for message in storm.chat.messages.values()
        if message.card.kind == "escalation" and message.noticed
    )
    assert len(told) >= 2


async def test_a_digest_waits_for_the_end_of_quiet_hours_and_holds_the_whole_night(
    storm: Stormy,
) -> None:
    """Urgent ones reach people at night, three an hour; the rest is listed in the morning."""
    await storm.until("2026-03-02 20:30")
    await storm.filed_urgent(10)
    await storm.until("2026-03-02 23:59")
    assert not [m for m in storm.aloud.messages.values() if m.card.kind == "digest"]

    await storm.until("2026-03-03 08:00")

    head = await key_of(storm, "chen.jing")
    (digest,) = cards(storm.aloud, head, "digest")
    assert len(digest.card.lines) > 3


async def test_who_cannot_be_reached_is_not_spoken_for_by_their_digest(storm: Stormy) -> None:
    """The owner hears of each case, in the same way: three, and a digest."""
    manager = await key_of(storm, "zhao.lei")
    for chat in (storm.chat, storm.aloud):
        chat.gone.add(manager)
    await storm.filed_urgent(10)
    await storm.passes("2h")

    assert await storm.dead() == ()
    owner = await key_of(storm, "chen.jing")
    assert len({m.card.case_id for m in cards(storm.chat, owner, "escalation")}) == 10
    assert len(cards(storm.aloud, owner, "escalation")) == 3


# ---------------------------------------------------------------------------- every morning


async def test_after_the_last_rung_each_working_day_begins_with_what_nobody_acts_on(
    storm: Stormy,
) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-15 12:00")
    owner = await key_of(storm, "chen.jing")
    days = cards(storm.chat, owner, "digest")

    # The last rung of the answer fired on Monday; two weekends lie between.
    assert [message.noticed for message in days] == [1] * 9
    assert days[-1].card.title.startswith("1 ")
    assert [line.case_id for line in days[-1].card.lines] == ["C-2026-0001"]
    late = await storm.database.read(lambda tx: overdue.late(tx, storm.office))
    assert (late.cases, late.at_top) == (1, 1)


async def test_the_digest_ends_when_somebody_acts(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-04 12:00")
    owner = await key_of(storm, "chen.jing")
    before = len(cards(storm.chat, owner, "digest"))
    assert before == 2
    await storm.person("emma.clark").presses("撤回", kind="case")
    await storm.person("emma.clark").fills(text="客户不要了")
    await storm.until("2026-03-08 12:00")

    assert len(cards(storm.chat, owner, "digest")) == before
    late = await storm.database.read(lambda tx: overdue.late(tx, storm.office))
    assert (late.cases, late.at_top) == (0, 0)


async def test_of_the_digests_of_days_only_the_newest_lists_anything(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-05 12:00")
    owner = await key_of(storm, "chen.jing")
    for chat in (storm.chat, storm.aloud):
        *days, newest = cards(chat, owner, "digest")
        badges = [one.card.badge.text for one in (*days, newest) if one.card.badge]

        assert badges == ["已更新", "已更新", "已超时"]
        assert [one.noticed for one in days] == [1, 1]
        assert not any(one.card.lines or one.card.buttons for one in days)


async def test_the_newest_digest_is_settled_however_late_somebody_acts(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-08 18:00")  # a Sunday: the digest is that of Friday
    await storm.person("emma.clark").presses("撤回", kind="case")
    await storm.person("emma.clark").fills(text="客户不要了")
    await storm.until("2026-03-09 12:00")
    owner = await key_of(storm, "chen.jing")
    badge = cards(storm.chat, owner, "digest")[-1].card.badge

    assert badge is not None
    assert badge.text == "已处理"


async def test_a_former_digest_that_was_not_sent_is_not_sent_any_more(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-05 12:00")
    owner = await key_of(storm, "chen.jing")

    def never_sent(tx: Tx) -> None:
        line = tx.digests.of_reader(owner, digest=storms.daily("2026-03-04"))[0]
        tx.digests.add([replace(line, digest=storms.daily("2026-03-01"))])

    await storm.database.run(never_sent)

    def opened_now(tx: Tx) -> Callable[[str], Card | None]:
        reader = storm.office.directory(tx).people[owner]
        return open_digest(tx, storm.office, reader=reader, digest=storms.daily("2026-03-01"))

    assert (await storm.database.read(opened_now))("zh") is None


async def test_a_morning_is_that_of_the_reader_s_own_zone(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    owner = await key_of(storm, "chen.jing")

    def moves(tx: Tx) -> None:
        directory = tx.people.directory()
        people = [
            replace(person, timezone="Europe/Berlin" if person.key == owner else person.timezone)
            for person in directory.people.values()
        ]
        tx.people.replace(people, list(directory.departments.values()))

    await storm.database.run(moves)
    await storm.until("2026-03-03 15:59")
    before = len(cards(storm.chat, owner, "digest"))
    await storm.until("2026-03-03 16:00")  # nine o'clock in Berlin
    assert len(cards(storm.chat, owner, "digest")) == before + 1
    await storm.until("2026-03-04 15:59")
    assert len(cards(storm.chat, owner, "digest")) == before + 1


async def test_a_morning_is_begun_once_however_often_the_process_starts(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    await storm.until("2026-03-03 09:00")
    before = {chat.name: len(chat.messages) for chat in (storm.chat, storm.aloud)}
    slots = await storm.database.read(lambda tx: tx.digests.of_case("C-2026-0001"))
    storm.crew.rounds.restart()
    await storm.settle()

    assert {c.name: len(c.messages) for c in (storm.chat, storm.aloud)} == before
    again = await storm.database.read(lambda tx: tx.digests.of_case("C-2026-0001"))
    assert again == slots


async def test_a_task_that_nobody_may_act_on_is_told_to_its_owner_every_day(storm: Stormy) -> None:
    await storm.filed_urgent(1)
    owner = await key_of(storm, "chen.jing")

    def nobody(tx: Tx) -> None:
        case = tx.cases.load("C-2026-0001")
        assert case is not None
        body = TaskReoffered(task="t2", assignee=None, candidates=())
        event = Event(
            seq=case.seq + 1,
            at=storm.clock.now(),
            actor=SYSTEM,
            on_behalf_of=None,
            via="rule",
            body=body,
        )
        tx.cases.save(Change(case=evolve(case, event), events=(event,)))

    await storm.database.run(nobody)
    found = await storm.database.read(lambda tx: overdue.to_tell(tx, storm.office))

    assert found == {owner: (("C-2026-0001", "t2"),)}
    await storm.until("2026-03-03 09:00")
    (digest,) = cards(storm.chat, owner, "digest")
    assert [line.when for line in digest.card.lines] == ["没有人可以办理"]
    (button,) = digest.card.buttons
    await storm.person("chen.jing").presses(button.label, kind="digest")
    (shown,) = storm.person("chen.jing").answer.cards
    assert shown.case_id == "C-2026-0001"
