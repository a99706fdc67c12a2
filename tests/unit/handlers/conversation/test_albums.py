"""The files of an album are one comment, also after a restart."""

from __future__ import annotations

from handlers.conversation.albums import Albums
from handlers.conversation.one_platform import Conversation
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import ONE_PIXEL, file_complaint

__all__ = ["work"]
CASE = "C-2026-0001"


def conversation(work: Workplace) -> Conversation:
    return Conversation("telegram", db=work.database, files=MemoryFiles(), office=work.office)


async def collected(work: Workplace, talk: Conversation, count: int = 2) -> str:
    """The key of a person who has sent so many photos, of which the first has a caption."""
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()
    for number in range(count):
        name = f"photo-{number}.png"
        kept = await talk.upload(person=person, name=name, content=ONE_PIXEL + bytes([number]))
        for _ in range(2):  # each is delivered twice
            await Albums(talk).collect(
                person,
                "7",
                case_id=CASE,
                text="" if number else "Two boxes",
                file_id=kept.id,
                key=f"1:{number}",
            )
    return person


async def commented(work: Workplace) -> int:
    return (await work.event_types(CASE)).count("Commented")


async def test_an_album_is_one_comment_with_all_its_files(work: Workplace) -> None:
    talk = conversation(work)
    person = await collected(work, talk)
    assert await commented(work) == 0

    answer = await Albums(talk).finish(person, "7")

    assert answer is not None
    assert await commented(work) == 1
    contents = await work.database.read(lambda tx: tx.contents.of_case(CASE))
    (comment,) = [one.body or {} for one in contents.values() if one.kind == "comment"]
    assert comment["text"] == "Two boxes"
    assert len(comment["files"]) == 2
    assert await Albums(talk).finish(person, "7") is None


async def test_an_album_that_was_being_collected_is_added_after_a_restart(work: Workplace) -> None:
    await collected(work, conversation(work))

    await Albums(conversation(work)).recover()
    await Albums(conversation(work)).recover()

    assert await commented(work) == 1
    assert await conversation(work).handed_in() == ()
