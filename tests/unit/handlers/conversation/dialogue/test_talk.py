"""A form that is asked question by question, on a chat that only draws."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.sessions import Session, Sessions
from handlers.conversation.dialogue.talk import Dialogue
from handlers.conversation.dialogue.taps import Op, Tap
from handlers.conversation.one_platform import Conversation
from handlers.i18n import Translator, translator
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work
from tests.stories.deeds import file_complaint

__all__ = ["work"]
COMMENT = "comment|C-2026-0001||"
START = "start|||complaint"


@dataclass(frozen=True, kw_only=True)
class Guest:
    """What somebody does in the chat."""

    person: str
    update: int
    chat: int = 7
    words: Translator = field(default_factory=lambda: translator("en"))

    @property
    def key(self) -> str:
        return f"1:{self.update}"


@dataclass
class Paper:
    """A face that only notes what it is to show."""

    shown: list[tuple[str, str]] = field(default_factory=list)

    def draw(self, visit: Guest, session: Session) -> None:
        self.shown.append(("drawn", session.sheet.token))

    def draw_once(self, visit: Guest, form: str, draw: Callable[[], Awaitable[None]]) -> bool:
        return False

    def put_aside(self, visit: Guest, session: Session) -> None:
        self.shown.append(("aside", session.sheet.token))

    def end(
        self,
        visit: Guest,
        form: str,
        place: FormPlace,
        text: str,
        *,
        good: bool = False,
        owed: bool = False,
    ) -> None:
        self.shown.append(("good" if good else "over", text))

    def bare(self, visit: Guest, form: str, place: FormPlace) -> None:
        self.shown.append(("bare", form))

    def ask(self, visit: Guest, session: Session, asked: str) -> None:
        self.shown.append(("asked", asked))

    def tidy(self, visit: Guest) -> None:
        self.shown.append(("tidied", ""))

    def toast(self, press: str, text: str = "", *, alert: bool = False) -> None:
        self.shown.append(("alert" if alert else "toast", text))

    def known(self, visit: Guest, session: Session) -> Session:
        return session


@pytest.fixture
def conversation(work: Workplace) -> Conversation:
    return Conversation("feishu", db=work.database, files=MemoryFiles(), office=work.office)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def dialogue(conversation: Conversation, paper: Paper) -> Dialogue[Guest]:
    return Dialogue(conversation, Sessions(conversation), paper)


async def opened(
    conversation: Conversation, dialogue: Dialogue[Guest], guest: Guest, token: str
) -> None:
    sheet = (await conversation.look(guest.person, token)).form
    assert sheet is not None
    await dialogue.open(guest, sheet)


async def test_what_is_typed_for_a_question_of_its_own_is_sent_at_once(
    work: Workplace, conversation: Conversation, dialogue: Dialogue[Guest], paper: Paper
) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()
    await opened(conversation, dialogue, Guest(person=person, update=1), COMMENT)
    answer = Guest(person=person, update=2)
    found = await dialogue.sessions.active(answer)
    assert found is not None

    await dialogue.said(answer, "Two boxes", *found)

    assert (await work.event_types()).count("Commented") == 1
    assert [kind for kind, _ in paper.shown] == ["drawn", "good"]
    assert await dialogue.sessions.active(answer) is None
    await dialogue.tapped(answer, "press", 5, Tap(op=Op.SUBMIT, step="0"))  # delivered once more
    assert paper.shown[-1] == paper.shown[1]


async def test_a_form_that_was_begun_goes_on_where_it_was_put_aside(
    work: Workplace, conversation: Conversation, dialogue: Dialogue[Guest], paper: Paper
) -> None:
    await file_complaint(work.person("emma.clark"))
    person = await work.person("emma.clark").key()
    first = Guest(person=person, update=1)
    await opened(conversation, dialogue, first, START)

    await opened(conversation, dialogue, Guest(person=person, update=2), COMMENT)

    assert paper.shown == [("drawn", START), ("aside", START), ("drawn", COMMENT)]
    again = Guest(person=person, update=3)
    active = await dialogue.sessions.active(again)
    assert active is not None
    assert active[0].form == COMMENT
    assert await dialogue.cancel(again)
    await opened(conversation, dialogue, Guest(person=person, update=4), START)
    assert paper.shown[-2:] == [("bare", START), ("drawn", START)]


async def test_an_update_that_comes_twice_counts_once(
    work: Workplace, conversation: Conversation, dialogue: Dialogue[Guest], paper: Paper
) -> None:
    person = await work.person("emma.clark").key()
    await opened(conversation, dialogue, Guest(person=person, update=1), START)
    await opened(conversation, dialogue, Guest(person=person, update=1), START)

    typed = Guest(person=person, update=2)
    for _ in range(2):
        found = await dialogue.sessions.active(typed)
        assert found is not None
        await dialogue.said(typed, "Yuanjing", *found)

    ((draft, place),) = await dialogue.sessions.mine(typed)
    assert list(filter(None, draft.values.values())) == ["Yuanjing"]
    assert place.step == "1"
