"""An anonymous survey on Telegram: question by question, and nothing of it is a draft."""

from __future__ import annotations

from handlers import employee_surveys
from handlers.conversation.one_platform import Conversation
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Person
from tests.stories import surveying
from workflows.records import FormDraft
from workflows.surveys import Counts

SAID = "审批太慢zzqq"


async def begun(office: Company) -> Person:
    (person,) = await office.people("emma.clark")
    await surveying.asks(office.work, "emma.clark")
    await office.settled()
    await person.taps("匿名作答")
    await office.fake.confirmed()
    return person


async def counts(office: Company) -> Counts:
    (survey,) = await office.work.database.read(lambda tx: tx.surveys.not_closed())
    return employee_surveys.counts_of(office.work.office, survey)


async def test_it_is_answered_one_question_after_the_other(office: Company) -> None:
    """L5.1: one question at a time; the answers are not among the drafts."""
    person = await begun(office)
    form = person.last()
    assert "(1/4)" in form.text
    await office.answers(person, "4", "6")
    assert "(3/4)" in form.text
    key = await office.work.person("emma.clark").key()
    assert await office.work.database.read(lambda tx: tx.drafts.of(key)) == ()
    await office.answers(person, "9", f"+{SAID}")
    assert "请检查" in form.text
    assert (await counts(office)).counters == {}

    await person.taps("提交")
    await office.settled()
    assert form.text.endswith("谢谢！您的回答已计入，不会和您的名字一起保存。")
    assert SAID not in "".join(one.text for one in person.messages() if one is not form)
    found = await counts(office)
    assert found.counters["sales"]["satisfaction"] == [0, 0, 0, 1, 0]
    assert found.comments == (SAID,)
    assert await office.work.database.read(lambda tx: tx.drafts.of(key)) == ()


async def test_after_a_restart_it_begins_again(office: Company) -> None:
    person = await begun(office)
    await office.answers(person, "4", "6")
    (card, *_) = [one for one in person.messages() if "匿名作答" in one.labels]
    await office.restart()

    await person.taps("匿名作答", in_message=card)
    await office.fake.confirmed()
    assert "(1/4)" in person.last().text


class Failing(Conversation):
    """A desk with a fault: a form cannot be kept any more, once it is `failing`."""

    failing = False

    async def keep_draft(self, draft: FormDraft) -> None:
        if self.failing:
            raise RuntimeError("a fault of the program")
        await super().keep_draft(draft)


async def test_what_fails_is_kept_without_its_answer(office: Company) -> None:
    desk = office.desk_of(Failing)
    await office.restart(desk=desk)
    person = await begun(office)
    await office.answers(person, "4", "6", "9")
    desk.failing = True
    await person.says(SAID)
    await office.settled()

    (letter,) = await office.work.dead()
    assert set(letter.payload["update"]) == {"update_id"}
    assert SAID not in str(letter)
