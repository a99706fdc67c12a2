"""Texts that are for no form and no case, and what they are used for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.dialogue.sessions import Sessions
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.one_platform import Conversation
from handlers.conversation.unplaced import UnplacedTexts, Use
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import file_complaint
from tests.unit.handlers.conversation.dialogue.test_talk import Guest, Paper

__all__ = ["work"]
CASE = "C-2026-0001"
START = "start|||complaint"


@pytest.fixture
def conversation(work: Workplace) -> Conversation:
    return Conversation("feishu", db=work.database, files=MemoryFiles(), office=work.office)


@pytest.fixture
def forms(conversation: Conversation) -> Dialogue[Guest]:
    return Dialogue(conversation, Sessions(conversation), Paper())


@pytest.fixture
def texts(conversation: Conversation, forms: Dialogue[Guest]) -> UnplacedTexts[Guest]:
    return UnplacedTexts(conversation, forms)


@pytest.fixture
async def guest(work: Workplace) -> Guest:
    """Somebody who has filed a case, and writes a text."""
    await file_complaint(work.person("emma.clark"))
    return Guest(person=await work.person("emma.clark").key(), update=5)


async def begun(conversation: Conversation, forms: Dialogue[Guest], guest: Guest) -> None:
    sheet = (await conversation.look(guest.person, START)).form
    assert sheet is not None
    await forms.open(replace(guest, update=1), sheet)


async def test_a_text_is_offered_to_open_forms_and_to_the_persons_cases(
    conversation: Conversation, forms: Dialogue[Guest], texts: UnplacedTexts[Guest], guest: Guest
) -> None:
    await begun(conversation, forms, guest)

    found = await texts.suggest(guest, "Yuanjing")

    assert [(one.use, one.label) for one in found] == [
        (Use.ANSWER, "Answer to “Complaint form”"),
        (Use.COMMENT, f"Comment on {CASE}"),
        (Use.NOTHING, "Nothing"),
    ]


async def test_a_text_for_nothing_is_not_stored(
    work: Workplace, conversation: Conversation, texts: UnplacedTexts[Guest]
) -> None:
    guest = Guest(person=await work.person("li.qiang").key(), update=5)

    assert await texts.suggest(guest, "Yuanjing") == []
    assert await conversation.drafts(person=guest.person) == ()


async def test_a_chosen_comment_is_made_once(
    work: Workplace, texts: UnplacedTexts[Guest], guest: Guest
) -> None:
    await texts.suggest(guest, "Two boxes")
    choice = replace(guest, update=6)

    first = await texts.use(choice, "5", use="c", target=CASE)
    again = await texts.use(choice, "5", use="c", target=CASE)
    other = await texts.use(replace(guest, update=7), "5", use="c", target=CASE)

    assert first.result == first.answer.text == again.answer.text
    assert again.result is None
    assert "button" in other.answer.text
    assert (await work.event_types()).count("Commented") == 1


async def test_a_comment_that_is_refused_leaves_the_text(
    conversation: Conversation, texts: UnplacedTexts[Guest], guest: Guest
) -> None:
    await texts.suggest(guest, "Two boxes")

    used = await texts.use(replace(guest, update=6), "5", use="c", target="C-2026-0099")

    assert used.result is None
    assert len(await conversation.drafts(person=guest.person)) == 1


async def test_a_chosen_form_takes_the_text(
    conversation: Conversation, forms: Dialogue[Guest], texts: UnplacedTexts[Guest], guest: Guest
) -> None:
    await begun(conversation, forms, guest)
    (answer, *_) = await texts.suggest(guest, "Yuanjing")

    used = await texts.use(replace(guest, update=6), "5", use=answer.use, target=answer.target)

    assert used.result == ""
    (draft,) = await conversation.drafts(person=guest.person)
    assert "Yuanjing" in draft.values.values()


async def test_a_text_that_is_for_nothing_is_deleted(
    conversation: Conversation, texts: UnplacedTexts[Guest], guest: Guest
) -> None:
    await texts.suggest(guest, "Two boxes")

    used = await texts.use(replace(guest, update=6), "5", use="z", target="")

    assert used.result == "All right, it was not used."
    assert await conversation.drafts(person=guest.person) == ()
