"""The conversation as one platform holds it, over a real desk."""

import pytest

from handlers.conversation.one_platform import Conversation
from handlers.i18n import Typed
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import file_complaint

__all__ = ["work"]
CLAIM = "claim|C-2026-0001|t1|"


@pytest.fixture
def conversation(work: Workplace) -> Conversation:
    typed = Typed(own="/loop ", process="/")
    return Conversation(
        "slack", db=work.database, files=MemoryFiles(), office=work.office, typed=typed
    )


async def test_what_is_pressed_counts_once_and_can_be_asked_for(
    work: Workplace, conversation: Conversation
) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("liu.yang").key()
    assert await conversation.answered("press:1") is None

    answers = [await conversation.pressed(person, CLAIM, key="press:1") for _ in range(2)]

    assert answers[0] == answers[1] == await conversation.answered("press:1")
    assert (await work.event_types()).count("TaskClaimed") == 1


async def test_who_listens_hears_of_whoever_did_something(
    work: Workplace, conversation: Conversation
) -> None:
    heard: list[str] = []
    conversation.listen(heard.append)
    person = await work.person("liu.yang").key()

    await conversation.said(person, "/tasks", key="said:1")
    await conversation.look(person, "start|||complaint")

    assert heard == [person]


async def test_commands_are_told_as_they_are_typed_there(
    work: Workplace, conversation: Conversation
) -> None:
    person = await work.person("liu.yang").key()

    missing = await conversation.said(person, "/case", key="said:1")
    (helped,) = (await conversation.said(person, "/help", key="said:2")).cards

    assert missing.text == "请写上单号，例如 /loop case C-2026-0001。"
    assert {"/complaint", "/loop tasks"} <= {line.when for line in helped.lines}


async def test_a_correction_is_another_comment(work: Workplace, conversation: Conversation) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()

    await conversation.commented(person, "C-2026-0001", "Two boxes", key="said:1")
    corrected = await conversation.corrected(
        person, "C-2026-0001", "Three boxes", key="said:2", language="en"
    )

    assert corrected.owed
    assert (await work.event_types()).count("Commented") == 2


async def test_what_was_handed_in_is_found_after_a_restart(
    work: Workplace, conversation: Conversation
) -> None:
    person = await work.person("emma.clark").key()
    kept = await conversation.keep(person, "said|1", {"text": "x"}, place={}, sent=True)
    await conversation.keep(person, "start|||complaint", {}, place={})

    assert await conversation.handed_in() == (kept,)
