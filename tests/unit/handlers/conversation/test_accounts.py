"""What chat platforms ask: who is who, drafts that follow a person, codes, their page."""

import re
from dataclasses import replace

import pytest

from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import KnownPerson, Profile
from handlers.intents import Pressed, Said, Submitted
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import events, file_complaint
from tests.unit.handlers.purchase import requested
from workflows.moments import DAY, MINUTE
from workflows.records import FormDraft

__all__ = ["work"]
START = "start|||complaint"
CODE = re.compile(r"\d{4}-\d{4}")


@pytest.fixture
def desk(work: Workplace) -> Conversation:
    return on("slack", work)


@pytest.fixture
def telegram(work: Workplace) -> Conversation:
    return on("telegram", work)


def on(platform: str, work: Workplace) -> Conversation:
    return Conversation(platform, db=work.database, files=MemoryFiles(), office=work.office)


async def enrolled(
    desk: Conversation, email: str, account: str = "U1", **more
) -> KnownPerson | None:
    profile = Profile(account=account, email=email, **more)
    return await desk.enrol(profile)


async def test_an_account_is_linked_by_its_address(
    work: Workplace, desk: Conversation, telegram: Conversation
) -> None:
    assert await desk.known("U1") is None

    found = await enrolled(desk, " Li.Qiang@example.com ", timezone="Europe/Berlin")

    assert found is not None
    assert (found.person, found.name) == (await work.person("li.qiang").key(), "李强")
    assert found.zone == "Europe/Berlin"
    assert await desk.known("U1") == found
    assert await telegram.known("U1") is None


async def test_an_address_links_one_account_and_no_stranger(desk: Conversation) -> None:
    assert await enrolled(desk, "nobody@example.com") is None
    assert await enrolled(desk, "") is None
    assert await enrolled(desk, "wang.fang@example.com") is not None
    assert await enrolled(desk, "wang.fang@example.com", account="U2") is None

    await desk.left("U1")
    assert await desk.known("U1") is None
    assert await enrolled(desk, "wang.fang@example.com", account="U2") is not None


async def test_a_code_from_one_platform_links_the_other(
    work: Workplace, desk: Conversation, telegram: Conversation
) -> None:
    person = await work.person("wang.fang").key()
    said = Said(person=person, via="slack", key="1", text="/link")
    code = CODE.findall((await desk.handle(said)).text)[0]

    answer = await telegram.link("7", code, language="en")
    assert "王芳" in answer.text
    found = await telegram.known("7")
    assert found is not None
    assert found.person == person
    again = await telegram.link("8", code, language="en")
    assert "does not work" in again.text


async def test_a_code_is_over_after_ten_minutes(
    work: Workplace, desk: Conversation, telegram: Conversation
) -> None:
    person = await work.person("wang.fang").key()
    said = Said(person=person, via="slack", key="1", text="/link")
    code = CODE.findall((await desk.handle(said)).text)[0]
    work.clock.set(work.clock.now() + 10 * MINUTE)

    answer = await telegram.link("7", code, language="zh")
    assert "代码无效" in answer.text
    for wrong in ("", "12345678", "abc", "1" * 500):
        tried = await telegram.link("7", wrong, language="")
        assert "代码无效" in tried.text


async def test_an_account_of_somebody_else_is_not_taken_over(
    work: Workplace, desk: Conversation
) -> None:
    await enrolled(desk, "liu.yang@example.com", account="U7")
    person = await work.person("wang.fang").key()
    said = Said(person=person, via="telegram", key="1", text="/link")
    code = CODE.findall((await desk.handle(said)).text)[0].replace("-", "")

    answer = await desk.link("U7", code, language="en")
    assert "linked to Liu Yang already" in answer.text


async def test_a_draft_follows_its_person_until_it_is_handed_in(
    work: Workplace, desk: Conversation
) -> None:
    person = await work.person("emma.clark").key()
    draft = FormDraft(
        person=person,
        form=START,
        values={"customer": "Yuanjing", "unknown": 1},
        place={},
        via="telegram",
        at=work.clock.now() - 9 * DAY,
    )
    await desk.keep_draft(draft)
    assert await desk.draft(person=person, form=START) == replace(draft, at=work.clock.now())

    pressed = Pressed(person=person, via="slack", key="1", token=START)
    sheet = (await desk.handle(pressed)).form
    assert sheet is not None
    values = {question.id: question.value for question in sheet.questions}
    assert values["customer"] == "Yuanjing"

    said = Said(person=person, via="slack", key="2", text="/complaint Two boxes\nare broken")
    typed = (await desk.handle(said)).form
    assert typed is not None
    values = {question.id: question.value for question in typed.questions}
    assert values["customer"] == "Yuanjing"
    assert "Two boxes\nare broken" in values.values()

    bad = Submitted(person=person, via="slack", key="3", token=START, values={})
    assert (await desk.handle(bad)).problems
    assert await desk.draft(person=person, form=START) is not None
    await file_complaint(work.person("emma.clark"))
    assert await desk.draft(person=person, form=START) is None


async def test_a_sheet_is_read_and_nothing_is_decided(work: Workplace, desk: Conversation) -> None:
    await requested(work)
    person = await work.person("he.jun").key()
    before = await events(work)
    tokens = ["approve|P-2026-0001|t1|", "claim|P-2026-0001|t1|", "nonsense", START]

    read = [await desk.look(person, one) for one in tokens]

    assert [answer.form is not None for answer in read] == [False, False, False, True]
    assert {answer.text for answer in read[:3]} == {
        "这个按钮已经失效。请在最新的消息里操作，或输入 /tasks。"
    }
    assert await events(work) == before


async def test_whether_something_was_handled_is_asked_by_its_key(
    work: Workplace, desk: Conversation, telegram: Conversation
) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("liu.yang").key()
    assert await telegram.answered("7:1") is None

    token = "claim|C-2026-0001|t1|"
    pressed = Pressed(person=person, via="telegram", key="7:1", token=token, owed=True)
    answer = await desk.handle(pressed)

    assert await telegram.answered("7:1") == answer
    assert await desk.answered("7:1") is None


async def test_a_page_of_ones_own(work: Workplace, desk: Conversation) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()

    page = await desk.home(person=person, language="en")

    assert [button.token for button in page.starts] == [START]
    assert page.cases.lines[0].case_id == "C-2026-0001"
    assert "here" in page.away.title
    press = Pressed(person=person, via="slack", key="1", token=page.away.buttons[0].token)
    sheet = (await desk.handle(press)).form
    assert sheet is not None
    deputy = await work.person("wang.fang").key()
    values = {"person": deputy, "first": "2026-03-02", "last": "2026-03-04"}
    away = Submitted(person=person, via="slack", key="2", token=sheet.token, values=values)
    assert (await desk.handle(away)).tone == "good"
    page = await desk.home(person=person, language="en")
    assert page.away.badge is not None
    back = Pressed(person=person, via="slack", key="3", token=page.away.buttons[0].token)
    assert (await desk.handle(back)).tone == "good"


async def test_who_has_something_waiting(
    work: Workplace, desk: Conversation, telegram: Conversation
) -> None:
    await enrolled(desk, "liu.yang@example.com", account="U7")
    await enrolled(desk, "wang.fang@example.com", account="U8")
    assert await desk.waiting() == ()

    await file_complaint(work.person("emma.clark"))

    ((to, card),) = await desk.waiting()
    assert to.account == "U7"
    assert card.lines[0].case_id == "C-2026-0001"
    assert await telegram.waiting() == ()


async def test_the_commands_say_which_start_a_process(desk: Conversation) -> None:
    found = {one.name: one.process for one in await desk.commands(language="en")}
    assert found["complaint"]
    assert not found["tasks"]


async def test_a_lease_and_a_dead_letter(work: Workplace, desk: Conversation) -> None:
    assert await desk.take_lease("poll", owner="a", seconds=9)
    assert not await desk.take_lease("poll", owner="b", seconds=9)
    await desk.end_lease("poll", owner="a")
    assert await desk.take_lease("poll", owner="b", seconds=9)
    await desk.bury(payload={"type": "odd"}, error="no such thing")
    (letter,) = await work.database.read(lambda tx: tx.dead.all())
    assert (letter.source, letter.what) == ("slack", "interaction")
