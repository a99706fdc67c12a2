"""What a message is for: one table for all platforms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.sessions import Session, Sessions
from handlers.conversation.one_platform import Conversation
from handlers.conversation.purpose import (
    Comment,
    FormAnswer,
    LinkCode,
    LooseText,
    Nothing,
    Purposes,
    Repeated,
    Written,
    code_in,
)
from handlers.spoken import TypedCommand
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import file_complaint

__all__ = ["work"]
CASE = "C-2026-0001"
START = "start|||complaint"
CHAT, PROMPT = 7, 31
HEAD = f"[Triage]\n{CASE} · A wet box\nMore of C-2026-0002"

# By what is written: (text, a file, replied to, a form is open there, what it is for).
# Replied to: "" nothing, "card" with a record, "old" without one, "prompt" of the form, "help".
PRIVATE = [
    ("/tasks", False, "", False, TypedCommand(name="tasks", rest="")),
    ("／Complaint  wet box", False, "", True, TypedCommand(name="complaint", rest="wet box")),
    ("/tasks", False, "card", True, TypedCommand(name="tasks", rest="")),
    ("/link 1234-5678", False, "", True, LinkCode("1234-5678")),
    ("link 12345678", False, "card", True, LinkCode("12345678")),
    ("/link", False, "", False, TypedCommand(name="link", rest="")),
    ("link broken", False, "card", False, Comment(CASE)),
    ("", False, "", True, Nothing()),
    ("", False, "card", False, Nothing()),
    ("Two boxes", False, "card", False, Comment(CASE)),
    ("Two boxes", False, "card", True, Comment(CASE)),
    ("Two boxes", False, "old", True, Comment(CASE)),
    ("", True, "card", True, Comment(CASE)),
    ("/tasks", True, "card", False, Comment(CASE)),
    ("/ of course", False, "card", False, Comment(CASE)),
    ("Acme", False, "prompt", True, START),
    ("", True, "prompt", True, START),
    ("Acme", False, "", True, START),
    ("Acme", False, "help", True, START),
    ("", True, "", True, START),
    ("Acme", False, "", False, LooseText(replied=False)),
    (CASE, False, "", False, LooseText(replied=False)),
    ("Acme", False, "help", False, LooseText(replied=True)),
    ("", True, "", False, LooseText(replied=False)),
    ("/", False, "", False, LooseText(replied=False)),
]
# Where no form is asked question by question: in a group, or on a platform with forms of its own.
NO_FORMS = [
    ("Two boxes", False, "card", True, Comment(CASE)),
    ("Acme", False, "", True, LooseText(replied=False)),
    ("Acme", False, "help", True, LooseText(replied=True)),
    ("/tasks", False, "card", True, TypedCommand(name="tasks", rest="")),
    ("link 1234-5678", False, "card", True, LinkCode("1234-5678")),
]


@pytest.fixture
def conversation(work: Workplace) -> Conversation:
    return Conversation(work.chat.name, db=work.database, files=MemoryFiles(), office=work.office)


async def _written(work: Workplace, text: str, *, file: bool, to: str) -> Written:
    person = await work.person("emma.clark").key()
    written = Written(person=person, key="1:9", text=text, chat=CHAT, file=file)
    (card,) = [one for one in work.chat.of(person) if one.card.case_id == CASE]
    replies = {
        "": written,
        "card": replace(written, card=card.ref, prompt=30),
        "old": replace(written, card="elsewhere", quoted=HEAD, prompt=29),
        "prompt": replace(written, card="the prompt", prompt=PROMPT),
        "help": replace(written, card="the help", quoted="Type /tasks\nor\nC-2026-0001", prompt=28),
    }
    return replies[to]


async def _open_form(conversation: Conversation, written: Written) -> None:
    sheet = (await conversation.look(written.person, START)).form
    assert sheet is not None
    place = FormPlace(chat=CHAT, prompt=PROMPT)
    await Sessions(conversation).keep(written, Session(sheet=sheet, place=place))


@pytest.mark.parametrize(
    ("chat", "row"),
    [*((CHAT, row) for row in PRIVATE), *((0, row) for row in NO_FORMS)],
)
async def test_what_a_message_is_for(
    work: Workplace,
    conversation: Conversation,
    chat: int,
    row: tuple[str, bool, str, bool, object],
) -> None:
    text, file, to, is_open, expected = row
    await file_complaint(work.person("emma.clark"))
    written = await _written(work, text, file=file, to=to)
    if is_open:
        await _open_form(conversation, written)

    purpose = await Purposes(conversation, Sessions(conversation)).of(replace(written, chat=chat))

    found = purpose.draft.form if isinstance(purpose, FormAnswer) else purpose
    assert found == expected
    if not chat:  # a platform with forms of its own decides the same
        assert await Purposes(conversation).of(written) == purpose


async def test_a_reply_that_was_handled_is_not_the_answer_to_the_next_form(
    work: Workplace, conversation: Conversation
) -> None:
    await file_complaint(work.person("emma.clark"))
    written = await _written(work, "Acme", file=False, to="prompt")
    first = await conversation.commented(written.person, CASE, "Acme", key=written.key)
    other = replace(written, key="1:8", prompt=0)
    await _open_form(conversation, other)
    written = replace(written, prompt=27)

    purposes = Purposes(conversation, Sessions(conversation))

    assert await purposes.of(written) == Repeated(first)


async def test_a_comment_is_not_read_as_a_command(
    work: Workplace, conversation: Conversation
) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()

    await conversation.commented(person, CASE, "/tasks are done", key="1:1")

    assert (await work.event_types()).count("Commented") == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/link 1234-5678", "1234-5678"),
        ("／LINK １２３４", "１２３４"),
        (" Link 1234-5678 ", "1234-5678"),
        ("link 1234", ""),
        ("please link 1234-5678", ""),
        ("/link", ""),
        ("/links 1", ""),
        ("", ""),
    ],
)
def test_a_code_is_found_however_it_is_typed(text: str, code: str) -> None:
    assert code_in(text) == code
