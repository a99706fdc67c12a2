"""Files in both directions: under a card, out of a card, with a message that becomes a case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.slack.blocks import card_blocks
from bot.platforms.slack.manifest import Start, manifest
from handlers.pages import FILE_MOST, Button, Card, FileLink
from tests.adapters.slack import test_story as story
from tests.adapters.slack.deeds import FILLED, files, fills, presses, task_card
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import Person, Seen
from tests.fakes.slack.world import File
from tests.stories.deeds import ONE_PIXEL

PDF = b"%PDF-1.4 a report"


@pytest.fixture(params=["socket-zh", "http-en"])
async def spoken(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    """In each language, and each mode."""
    mode, _, language = request.param.partition("-")
    async with workspace(tmp_path, mode=mode, language=language) as made:
        yield made


async def filed(place: Workspace) -> tuple[Person, Person]:
    """A case with a picture; the filer, and whoever grades it."""
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma, **{"q:evidence": [("crack.png", ONE_PIXEL)]})
    await emma.close_modal()
    return emma, liu


def sent(place: Workspace, person: Person) -> list[tuple[File, str | None]]:
    """The files that the bot posted in the conversation with somebody, and in which thread."""
    return [
        (file, message.thread_ts)
        for message in person.dm.messages
        if message.by_bot
        for file in message.files
    ]


async def case_files(place: Workspace) -> list[str]:
    """The names of all files of the case."""
    found = await place.office.database.read(lambda tx: tx.files.of_case("C-2026-0001"))
    return sorted(file.name for file in found)


# ---------------------------------------------------------------------- in


async def test_a_file_under_a_card_becomes_a_comment_with_it(spoken: Workspace) -> None:
    place = spoken
    _, liu = await filed(place)
    card = task_card(liu, "C-2026-0001")

    await liu.upload("report.pdf", PDF, thread=card, text="please look")
    await place.settle()

    assert await case_files(place) == ["crack.png", "report.pdf"]
    assert "Commented" in await place.office.event_types()
    emma = await place.person("emma.clark")
    assert emma.sees("please look")
    assert await place.desk.handed_in() == ()
    place.slack.assert_clean()


async def test_a_file_without_a_word_is_a_comment_too(place: Workspace) -> None:
    _, liu = await filed(place)
    await liu.upload("report.pdf", PDF, thread=task_card(liu, "C-2026-0001"))
    await place.settle()

    assert await case_files(place) == ["crack.png", "report.pdf"]


async def test_what_may_not_be_kept_is_named_and_the_rest_is_kept(spoken: Workspace) -> None:
    place = spoken
    _, liu = await filed(place)
    given = [
        ("big.pdf", b"%PDF-" + bytes(FILE_MOST)),
        ("run.exe", b"MZ\x00\x01\xff"),
        ("good.pdf", PDF),
    ]
    await liu.says("three files", liu.dm, thread=task_card(liu, "C-2026-0001"), files=given)
    await place.settle()

    assert await case_files(place) == ["crack.png", "good.pdf"]
    answer = next(m for m in reversed(liu.messages(liu.dm, threads=True)) if "big.pdf" in m.text)
    assert "run.exe" in answer.text
    assert place.says("10 MB", "10 MB") in answer.text
    downloads = [one for one in place.slack.records if one.method == "files.info"]
    assert downloads == []


async def test_a_file_that_belongs_nowhere_is_answered(spoken: Workspace) -> None:
    place = spoken
    liu = await place.person("liu.yang")
    await liu.upload("report.pdf", PDF)
    await place.calm()

    assert liu.sees(place.says("消息串", "in the thread under its card"))
    place.slack.assert_clean()


async def test_a_file_is_fetched_after_a_stop(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, liu = await filed(place)
    arrived = asyncio.Event()

    async def never(**given: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as stuck:
        stuck.setattr(place.desk, "upload", never)
        await liu.upload("report.pdf", PDF, thread=task_card(liu, "C-2026-0001"), text="look")
        await asyncio.wait_for(arrived.wait(), 10)
        await place.platform.inflight.drained(within=0.1)
    (draft,) = await place.desk.handed_in()
    assert draft.values["text"] == "look"

    await place.platform.receiving.resume()
    await place.settle()

    assert await case_files(place) == ["crack.png", "report.pdf"]
    assert await place.desk.handed_in() == ()


async def test_a_stranger_adds_nothing(place: Workspace) -> None:
    _, liu = await filed(place)
    card = task_card(liu, "C-2026-0001")
    await place.desk.left(liu.id)
    liu.user.email = "gone@elsewhere.example"
    await liu.upload("report.pdf", PDF, thread=card)
    await place.settle()

    assert await case_files(place) == ["crack.png"]


# ---------------------------------------------------------------------- out


async def test_a_file_of_a_card_comes_under_it(spoken: Workspace) -> None:
    place = spoken
    _, liu = await filed(place)
    card = task_card(liu, "C-2026-0001")
    await presses_file(place, liu, card, "crack.png")

    ((file, thread),) = sent(place, liu)
    assert file.name == "crack.png"
    assert file.content == ONE_PIXEL
    assert thread == card.ts
    place.slack.assert_clean()


async def presses_file(place: Workspace, person: Person, on: Seen, name: str) -> None:
    """Somebody presses the button of a file."""
    label = next(one for one in on.buttons if one.startswith(name))
    assert (await person.click(label, on)).ok
    await place.calm()


async def test_a_file_in_a_view_comes_into_the_conversation(place: Workspace) -> None:
    _, liu = await filed(place)
    await liu.open_home()
    await place.calm()
    home = liu.home()
    assert home is not None
    assert (await home.click(next(c.action_id for c in home.controls()))).ok
    await place.calm()
    modal = liu.modal
    label = next(one for one in modal.buttons if one.startswith("crack.png"))
    assert (await modal.click(label)).ok
    await place.calm()

    ((file, thread),) = sent(place, liu)
    assert (file.name, thread) == ("crack.png", None)
    assert liu.sees("The file is in your conversation with me")


async def test_who_may_not_read_the_case_gets_no_file(place: Workspace) -> None:
    _, liu = await filed(place)
    other = await place.person("xu.hao")
    card = task_card(liu, "C-2026-0001")
    button = next(one for one in card.controls() if one.label.startswith("crack.png"))
    forged = {"action_id": button.action_id, "value": button.element["value"]}
    assert (await card.forge(forged, by=other)).ok
    await place.calm()

    assert sent(place, other) == []
    assert sent(place, liu) == []


async def test_one_press_brings_one_file(place: Workspace) -> None:
    _, liu = await filed(place)
    place.slack.faults.duplicate = 1
    await presses_file(place, liu, task_card(liu, "C-2026-0001"), "crack.png")

    assert len(sent(place, liu)) == 1


async def test_a_file_that_cannot_be_sent_is_said_so(place: Workspace) -> None:
    _, liu = await filed(place)
    place.slack.faults.refuse("files.completeUploadExternal", "internal_error")
    await presses_file(place, liu, task_card(liu, "C-2026-0001"), "crack.png")

    assert liu.sees("cannot be sent now")


# ---------------------------------------------------------------------- the closing documents


async def closes(place: Workspace) -> None:
    """A case goes its way to the end."""
    await place.everybody()
    await story.is_filed_and_triaged(place)
    await story.is_escalated(place)
    await story.is_resolved_twice(place)
    await story.is_closed_and_scored(place)


async def test_the_documents_of_a_closed_case_come_into_its_thread(spoken: Workspace) -> None:
    place = spoken
    await closes(place)
    emma = await place.person("emma.clark")
    found = sent(place, emma)

    assert sorted(file.name.rpartition(".")[2] for file, _ in found) == ["docx", "pdf"]
    assert all("C-2026-0001" in file.name for file, _ in found)
    assert all(thread for _, thread in found)
    assert next(file for file, _ in found if file.name.endswith("pdf")).content[:5] == b"%PDF-"


async def test_the_documents_come_once_although_the_card_is_sent_again(place: Workspace) -> None:
    await place.everybody()
    await story.is_filed_and_triaged(place)
    await story.is_escalated(place)
    await story.is_resolved_twice(place)
    place.slack.faults.drop_reply("files.completeUploadExternal", times=1)
    await story.is_closed_and_scored(place)
    await place.passes(minutes=30)

    for name in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing"):
        person = await place.person(name)
        endings = sorted(f.name.rpartition(".")[2] for f, _ in sent(place, person))
        closing = [m for m in person.messages(person.dm) if "Completed" in m.text]
        assert endings == ["docx", "pdf"], name
        assert len(closing) <= 2, name


# ---------------------------------------------------------------------- with a message


def complaint_app() -> dict[str, object]:
    """The app as our own manifest makes it."""
    name = {"zh": "客户投诉处理流程", "en": "Customer complaint"}
    return manifest([Start(process="complaint", command="complaint", name=name)])


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_message_becomes_a_case_with_its_files(tmp_path: Path, language: str) -> None:
    async with workspace(tmp_path, language=language, manifest=complaint_app()) as place:
        emma = await place.person("emma.clark")
        await place.person("liu.yang")
        channel = place.slack.channel("sales", [emma])
        given = [("crack.png", ONE_PIXEL), ("report.pdf", PDF)]
        told = await emma.says("The boxes are wet", channel, files=given)
        assert (await emma.shortcut("cl:file:complaint", told)).ok
        await place.calm()
        assert "crack.png, report.pdf" in emma.modal.text

        filled = {**FILLED}
        filled.pop("q:what_happened")
        assert await emma.modal.submit(filled) == {}
        await place.settle()

        assert await case_files(place) == ["crack.png", "report.pdf"]
        liu = await place.person("liu.yang")
        assert "The boxes are wet" in task_card(liu, "C-2026-0001").text
        place.slack.assert_clean()


async def test_files_that_we_may_not_see_are_named(tmp_path: Path) -> None:
    async with workspace(tmp_path, language="en", manifest=complaint_app()) as place:
        emma = await place.person("emma.clark")
        channel = place.slack.channel("private", [emma], private=True, bot=False)
        told = await emma.says("wet", channel, files=[("crack.png", ONE_PIXEL)])
        assert (await emma.shortcut("cl:file:complaint", told)).ok
        await place.calm()
        assert await emma.modal.submit({**FILLED}) == {}
        await place.settle()
        assert "crack.png" in emma.modal.text
        assert "cannot be" in emma.modal.text or "Slack" in emma.modal.text

        assert await emma.modal.submit({}) == {}
        await place.settle()
        assert await case_files(place) == []


# ---------------------------------------------------------------------- solved again


async def test_files_of_an_earlier_round_stay_in_the_form_until_they_are_taken_out(
    spoken: Workspace,
) -> None:
    emma, liu = await filed(spoken)
    li = await spoken.person("li.qiang")
    await presses(spoken, liu, "认领", "Claim")
    await presses(spoken, liu, "分类分级", "Classify and grade")
    await fills(spoken, liu, grade="urgent", category="product")
    await presses(spoken, li, "登记答复", "Record the answer")
    await fills(spoken, li, answer="已致歉")
    await presses(spoken, li, "提交", "Submit", task_card(li, "C-2026-0001"))
    proof = [("one.png", ONE_PIXEL), ("two.png", ONE_PIXEL)]
    await fills(spoken, li, root_cause="包装薄", resolution="换新", proof=proof)
    await li.close_modal()
    await presses(
        spoken, emma, "客户不满意", "Customer is not satisfied", task_card(emma, "two.png")
    )
    await fills(spoken, emma, customer_answer="没有收到货")

    await presses(spoken, li, "提交", "Submit", task_card(li, "没有收到货"))
    assert "one.png" in li.modal.text
    assert "two.png" in li.modal.text
    await li.modal.fill({"held:proof": ["two.png"]})
    await fills(spoken, li, resolution="已送达", proof=[("three.png", ONE_PIXEL)])

    await li.close_modal()
    again = task_card(emma, "已送达").text
    last = again[again.rindex("已送达") :]
    assert "one.png" not in last
    assert "two.png" in last
    assert "three.png" in last
    spoken.slack.assert_clean()


# ---------------------------------------------------------------------- drawing


def test_names_are_buttons_only_where_something_can_be_done() -> None:
    link = FileLink(id="f1", name="a" * 100 + ".pdf", media_type="application/pdf", size=0)
    done = Card(kind="task", title="t", files=(link,))
    button = Button(verb="details", label="Details", token="details|C-2026-0001||")
    todo = Card(kind="task", title="t", files=(link,), buttons=(button,))

    assert not any(one["type"] == "actions" for one in card_blocks(done, language="en"))
    shown = next(one for one in card_blocks(todo, language="en") if one["type"] == "actions")
    assert shown["elements"][0]["value"] == "f1"
    assert shown["elements"][0]["text"]["text"].endswith("…pdf")
