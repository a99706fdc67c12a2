# Long because one office and one mail server serve all of its claims.
"""Customers get what a definition sends them, and the case says so; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.runtime import hold, mails
from bot.runtime.guard import HoldGate
from bot.runtime.levels import read_levels
from bot.runtime.mail_client import MailClient
from bot.runtime.mails import MailSender
from bot.smtp_settings import Smtp
from handlers.mails import Mailing
from handlers.personal import erase_person
from handlers.reading.record import case_facts
from tests.fakes.mail_server import CERTIFICATE, PASSWORD, USER, MailServer
from tests.fakes.runtime import Crew, NotedAlarms, surroundings
from tests.mailing import ADDRESS, mailing_complaint
from tests.office import MONDAY, Workplace, furnished
from workflows.loading import load_definition
from workflows.moments import DAY, HOUR, MINUTE, SECOND
from workflows.records import OwedMail

if TYPE_CHECKING:
    from storage.connect import Database
    from storage.unit import Tx

CASE = "C-2026-0001"
FORM = {"customer": "远方贸易", "contact": "13800000000", "channel": "phone", "product": "SO-1"}
ANSWER = "已致歉，今天换货。\n新货明天到。"


@dataclass(kw_only=True)
class Mailed:
    """An office that sends mails through a server on loopback."""

    work: Workplace
    server: MailServer
    alarms: NotedAlarms
    sender: MailSender
    intro: str = ""  # of the form of the last answer

    def another(self) -> MailSender:
        """The worker of another replica, or of the next run."""
        around = surroundings(self.work.database, self.work.office, alarms=self.alarms)
        client = MailClient(settings(self.server))
        return MailSender(around, gate=HoldGate(around), client=client)

    async def filed(self, number: int = 1, **more: str) -> str:
        person = self.work.person("wang.fang")
        await person.says(f"/complaint 屏幕碎了 {number}")
        await person.fills(**{**FORM, "customer_email": ADDRESS, **more})
        assert not person.answer.problems, person.answer
        return f"C-2026-{number:04}"

    async def answered(self, number: int = 1, **more: str) -> str:
        """A case whose customer is answered."""
        case = await self.filed(number, **more)
        desk = self.work.person("liu.yang")
        await desk.presses("认领")
        await desk.presses("登记答复", kind="task")
        assert desk.sheet is not None
        self.intro = desk.sheet.intro
        await desk.fills(answer=ANSWER)
        return case

    async def later(self, length: int) -> None:
        """Let time pass, in which only this worker works, whenever it wants to."""
        clock = self.work.clock
        end = clock.now() + length
        while True:
            next_at = await self.sender.step()
            if next_at is None or next_at > end:
                break
            clock.set(max(next_at, clock.now()))
        clock.set(end)

    async def left(self) -> int:
        return await self.work.database.read(lambda tx: tx.mails.count())

    async def facts(self, case: str = CASE) -> dict[str, Any]:
        office = self.work.office
        return await self.work.database.read(lambda tx: case_facts(tx, office, case_id=case))

    async def history(self, case: str = CASE) -> list[str]:
        found = (one["type"] for one in (await self.facts(case))["history"])
        return [kind for kind in found if kind.startswith("Mail")]

    async def mail(self, case: str = CASE) -> dict[str, Any]:
        (found,) = (await self.facts(case))["mails"]
        return dict(found)


def settings(server: MailServer) -> Smtp:
    return Smtp(
        host="localhost",
        port=server.port,
        security="starttls" if server.encrypted else "none",
        ca_file=CERTIFICATE if server.encrypted else None,
        user=USER if server.encrypted else "",
        password=SecretStr(PASSWORD) if server.encrypted else None,
        sender="service@example.com",
        sender_name="远方客服",
        sender_name_en="Yuanfang",
        reply_to="answers@example.com",
        timeout_s=2,
    )


@asynccontextmanager
async def mailed(database: Database, server: MailServer) -> AsyncIterator[Mailed]:
    work = await furnished(database)
    loaded = load_definition(mailing_complaint(), file="complaint.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    work.office = replace(work.office, mailing=Mailing(way="send"))
    async with server:
        alarms = NotedAlarms()
        around = surroundings(work.database, work.office, alarms=alarms)
        client = MailClient(settings(server))
        sender = MailSender(around, gate=HoldGate(around), client=client)
        yield Mailed(work=work, server=server, alarms=alarms, sender=sender)


@pytest.fixture
async def it(database: Database) -> AsyncIterator[Mailed]:
    async with mailed(database, MailServer()) as found:
        yield found


async def test_the_answer_goes_to_the_customer_and_the_case_says_what_was_sent(it: Mailed) -> None:
    await it.answered()
    waiting = await it.mail()
    await it.later(MINUTE)
    (mail,) = it.server.mails
    sent = await it.mail()

    assert (waiting["status"], sent["status"]) == ("waiting", "sent")
    assert str(mail["To"]) == sent["to"] == ADDRESS
    assert str(mail["From"]) == "远方客服 <service@example.com>"
    assert str(mail["Reply-To"]) == "answers@example.com"
    assert str(mail["Subject"]) == sent["subject"] == f"关于您的投诉 {CASE}"
    assert mail.get_content().replace("\r\n", "\n") == sent["text"]
    assert sent["text"].startswith("远方贸易：\n\n您好！关于您反映的“SO-1”的问题")
    assert ANSWER in sent["text"]
    assert mail["Message-ID"] == sent["message_id"]
    assert sent["answer"] == "2.0.0 Ok: queued as 1"
    assert await it.history() == ["MailOwed", "MailSent"]
    assert await it.left() == 0


async def test_whoever_records_the_answer_sees_where_it_goes(it: Mailed) -> None:
    await it.answered()

    assert f"“对投诉的答复”会用邮件发给 {ADDRESS}" in it.intro


async def test_without_an_address_nothing_is_sent_and_the_history_says_so(it: Mailed) -> None:
    await it.answered(customer_email="")
    await it.later(HOUR)

    assert it.server.mails == []
    assert "没有填写地址" in it.intro
    assert (await it.mail())["status"] == "no_address"
    assert await it.history() == ["MailLeft"]


@pytest.mark.parametrize(("way", "status"), [("show", "shown"), ("off", "off")])
async def test_where_none_are_sent_the_history_shows_it(it: Mailed, way: Any, status: str) -> None:
    it.work.office = replace(it.work.office, mailing=Mailing(way=way))
    await it.answered()
    found = await it.mail()

    assert (found["status"], await it.left()) == (status, 0)
    assert bool(found["text"]) is (way == "show")


async def test_a_server_that_is_away_for_half_a_day_gets_each_mail_once(it: Mailed) -> None:
    await it.server.stop()
    for number in range(1, 4):
        await it.answered(number)
    await it.later(12 * HOUR)
    assert await it.left() == 3
    await it.server.start()
    await it.later(HOUR)

    assert it.alarms.raised == ["mail_server"]
    assert len(it.server.mails) == 3
    assert await it.left() == 0


async def test_a_server_that_is_away_for_two_days_the_owner_is_told(it: Mailed) -> None:
    """A mail is given up a day after it was written; an operator sends it again later."""
    await it.server.stop()
    await it.answered()
    await it.later(2 * DAY)
    (letter,) = await it.work.database.read(lambda tx: tx.dead.all())
    await it.work.settle()
    told = await it.work.person("chen.jing").sees("邮件未发出：对投诉的答复")

    assert (await it.mail())["status"] == "given_up"
    assert (letter.what, letter.error) == ("mail", "SMTPConnectError")
    assert ADDRESS not in str(letter)
    assert "一天都没有接收" in told.text

    await it.server.start()
    again = OwedMail(**letter.payload)
    await it.work.database.run(lambda tx: tx.mails.add_again(again, now=it.work.clock.now()))
    await it.later(HOUR)

    assert (await it.mail())["status"] == "sent"
    assert await it.history() == ["MailOwed", "MailFailed", "MailSent"]


async def test_a_server_that_hangs_holds_up_nothing_else(it: Mailed) -> None:
    it.server.hangs = True
    await it.answered()
    await it.later(MINUTE)
    it.server.hangs = False
    await it.later(HOUR)

    assert len(it.server.mails) == 1


async def test_a_mail_that_is_put_off_is_sent_later(it: Mailed) -> None:
    """As greylisting does it: the first attempt of an unknown sender is put off."""
    it.server.recipient = lambda _: "450 4.2.0 Greylisted" if it.server.connections < 3 else None
    await it.answered()
    await it.later(2 * HOUR)

    assert len(it.server.mails) == 1
    assert it.server.connections == 3
    assert it.alarms.raised == []


async def test_one_that_is_put_off_for_a_day_is_given_up(it: Mailed) -> None:
    it.server.content = lambda _: "451 4.3.0 Try again later"
    await it.answered()
    await it.later(2 * DAY)

    assert (await it.mail())["status"] == "given_up"
    assert (await it.mail())["answer"] == "451 4.3.0 Try again later"


async def test_an_address_that_is_refused_is_told_at_once_and_others_are_sent(it: Mailed) -> None:
    words = f"550 5.1.1 <{ADDRESS}>: no such user"
    it.server.recipient = lambda to: words if to == ADDRESS else None
    await it.answered(1)
    await it.answered(2, customer_email="old@customer.example")
    await it.later(MINUTE)
    await it.work.settle()
    (letter,) = await it.work.database.read(lambda tx: tx.dead.all())

    assert [str(mail["To"]) for mail in it.server.mails] == ["old@customer.example"]
    assert (await it.mail())["status"] == "refused"
    assert (await it.mail())["answer"] == words
    assert letter.error == "550 5.1.1"
    await it.work.person("chen.jing").sees("邮件未发出", words)


async def test_a_login_that_is_refused_is_an_alarm_and_the_mail_waits(database: Database) -> None:
    async with mailed(database, MailServer(encrypted=True, password="another")) as it:
        await it.answered()
        await it.later(HOUR)
        assert it.alarms.raised == ["mail_server"]
        assert await it.left() == 1
        it.server.password = PASSWORD
        await it.later(HOUR)

        assert len(it.server.mails) == 1
        assert await it.work.database.read(lambda tx: tx.dead.all()) == ()


async def test_a_connection_that_breaks_before_the_answer_sends_it_again(it: Mailed) -> None:
    """At least once: with the same Message-ID, by which the receiver knows it."""
    it.server.drops = True
    await it.answered()
    await it.later(SECOND)
    it.server.drops = False
    await it.later(HOUR)

    assert len(it.server.mails) == 2
    assert len({mail["Message-ID"] for mail in it.server.mails}) == 1
    assert (await it.mail())["status"] == "sent"


async def test_a_mail_whose_content_was_erased_is_not_sent(it: Mailed) -> None:
    await it.server.stop()
    await it.answered()
    office = it.work.office

    def erase(tx: Tx) -> None:
        person = office.directory(tx).by_id("liu.yang")
        assert person is not None
        erase_person(tx, office, person=person, via="test")

    await it.work.database.run(erase)
    await it.server.start()
    await it.later(HOUR)
    found = await it.mail()

    assert it.server.mails == []
    assert (found["status"], found["to"], found["text"]) == ("erased", "", "")
    assert await it.left() == 0


async def test_erasing_whoever_filed_the_case_erases_the_address_and_the_receipt(
    it: Mailed,
) -> None:
    await it.answered()
    await it.later(MINUTE)
    office = it.work.office

    def erase(tx: Tx) -> None:
        person = office.directory(tx).by_id("wang.fang")
        assert person is not None
        erase_person(tx, office, person=person, via="test")

    await it.work.database.run(erase)

    assert ADDRESS not in str(await it.facts())
    assert (await it.mail())["status"] == "sent"


async def test_nothing_is_sent_during_a_hold(it: Mailed) -> None:
    await it.answered()
    await it.work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    await it.later(DAY)
    assert it.server.connections == 0
    await it.work.database.run(hold.release)
    await it.later(MINUTE)

    assert len(it.server.mails) == 1


async def test_two_replicas_send_each_mail_once(it: Mailed) -> None:
    for number in range(1, 6):
        await it.answered(number)
    other = it.another()
    first = await it.work.database.run(
        lambda tx: tx.mails.claim(now=it.work.clock.now(), limit=2, lease_until=_lease(it))
    )
    await other.step()

    assert len(it.server.mails) == 3
    assert len(first) == 2


async def test_whoever_lost_the_lease_reports_nothing(it: Mailed) -> None:
    await it.answered()
    now = it.work.clock.now()
    (late,) = await it.work.database.run(
        lambda tx: tx.mails.claim(now=now, limit=1, lease_until=_lease(it))
    )
    it.work.clock.set(now + 2 * mails.LEASE)
    await it.later(MINUTE)

    assert not await it.work.database.run(lambda tx: tx.mails.done(late))
    await it.work.database.run(lambda tx: tx.mails.retry(late, at=now))
    assert await it.history() == ["MailOwed", "MailSent"]


async def test_the_limit_of_a_minute_holds(it: Mailed) -> None:
    around = surroundings(it.work.database, it.work.office, alarms=it.alarms)
    slow = settings(it.server).model_copy(update={"mails_a_minute": 2})
    it.sender = MailSender(around, gate=HoldGate(around), client=MailClient(slow))
    for number in range(1, 6):
        await it.answered(number)
    sent = []
    for _ in range(3):
        await it.later(MINUTE - SECOND)
        sent.append(len(it.server.mails))
        it.work.clock.set(it.work.clock.now() + SECOND)

    assert sent == [2, 4, 5]


async def test_the_levels_say_how_many_wait_and_how_long(it: Mailed) -> None:
    await it.answered()
    now = it.work.clock.now() + HOUR
    levels = await it.work.database.read(lambda tx: read_levels(tx, now=now))

    assert (levels.mails, levels.mail_late) == (1, HOUR)


def _lease(it: Mailed) -> int:
    return it.work.clock.now() + mails.LEASE


# ---------------------------------------------------------------------------- to people


@dataclass(slots=True, kw_only=True)
class Crewed(Workplace):
    """An office whose messages are sent by the real worker."""

    async def settle(self) -> None:
        platforms = {self.chat.name: self.chat}
        await Crew(db=self.database, office=self.office, platforms=platforms).settle()


@pytest.fixture
async def crewed(it: Mailed) -> Mailed:
    """The same, and Liu Yang, who claims complaints, has no account in the chat."""
    old = it.work
    it.work = Crewed(database=old.database, office=old.office, clock=old.clock)
    it.work.chat.gone.add(await it.work.person("liu.yang").key())
    return it


async def test_somebody_whom_no_chat_reaches_gets_the_task_by_mail(crewed: Mailed) -> None:
    await crewed.filed()
    await crewed.later(MINUTE)
    (mail,) = crewed.server.mails

    assert str(mail["To"]) == "liu.yang@example.com"
    assert CASE in mail["Subject"]
    assert "分类分级" in mail["Subject"]
    assert "SO-1" in mail.get_content()
    assert "/link" in mail.get_content()
    await crewed.work.person("chen.jing").sees("刘洋")
    assert await crewed.history() == []


async def test_each_kind_comes_once_however_often_it_is_sent(crewed: Mailed) -> None:
    await crewed.filed()
    for _ in range(8):
        await crewed.work.passes("6h")
        await crewed.later(MINUTE)
    subjects = [str(mail["Subject"]) for mail in crewed.server.mails]

    assert {str(mail["To"]) for mail in crewed.server.mails} == {"liu.yang@example.com"}
    assert len(subjects) == len(set(subjects)) == 2  # the task and its reminder


async def test_whoever_is_reached_or_has_left_gets_no_mail(crewed: Mailed) -> None:
    crewed.work.chat.gone.clear()
    await crewed.filed()
    await crewed.later(MINUTE)

    assert crewed.server.mails == []


async def test_a_task_that_was_done_meanwhile_is_not_sent(crewed: Mailed) -> None:
    await crewed.server.stop()
    await crewed.filed()
    assert await crewed.left() == 1
    await crewed.work.person("wang.fang").presses("撤回")
    await crewed.work.person("wang.fang").fills(text="重复")
    await crewed.server.start()
    await crewed.later(HOUR)

    assert crewed.server.mails == []
    assert await crewed.left() == 0


async def test_erasing_a_person_deletes_the_mails_to_them(crewed: Mailed) -> None:
    await crewed.server.stop()
    await crewed.filed()
    office = crewed.work.office

    def erase(tx: Tx) -> None:
        person = office.directory(tx).by_id("liu.yang")
        assert person is not None
        erase_person(tx, office, person=person, via="test")

    await crewed.work.database.run(erase)

    assert await crewed.left() == 0
