"""Forms that a platform shows in several views."""

from typing import Any

from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.conversation.parts import FormPart, FormParts, parts_of
from handlers.pages import FormSheet, Question
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work

__all__ = ["work"]
PHOTO = {"id": "F1", "name": "crack.png"}


def sheet(count: int) -> FormSheet:
    questions = (Question(id=f"f{n}", type="text", label=f"Field {n}") for n in range(count))
    return FormSheet(token="start|||long", title="Long", submit="Send", questions=tuple(questions))


def part(number: int, person: str = "p_1", **values: Any) -> FormPart:
    return FormPart(person=person, form="start|||long", number=number, values=values, files={})


def open_form(work: Workplace, *, most: int = 2) -> tuple[Conversation, FormParts]:
    """A form of five questions that is open before somebody."""
    conversation = Conversation("slack", db=work.database, files=MemoryFiles(), office=work.office)
    sheets = OpenSheets(conversation)
    sheets.keep("p_1", sheet(5))
    return conversation, FormParts(conversation, sheets, most=most)


def test_questions_are_divided_into_parts_in_their_order() -> None:
    parts = parts_of(sheet(5), most=2)

    assert [[one.id for one in each] for each in parts] == [["f0", "f1"], ["f2", "f3"], ["f4"]]


def test_a_form_without_questions_has_one_part() -> None:
    assert parts_of(sheet(0), most=2) == [()]


async def test_each_part_is_added_to_those_before_it(work: Workplace) -> None:
    _, parts = open_form(work)
    first = await parts.collect(part(0, f0="a"))
    assert first.following == 1
    await parts.keep(first, place={"view": "V1"})
    second = await parts.collect(part(1, f2="b"))
    await parts.keep(second, place={"view": "V1"})
    last = await parts.collect(part(2, f4="c"))

    assert (second.following, last.following) == (2, None)
    assert last.answers == {"f0": "a", "f2": "b", "f4": "c"}


async def test_a_first_part_replaces_the_draft(work: Workplace) -> None:
    _, parts = open_form(work)
    await parts.keep(await parts.collect(part(0, f0="old", f1="old")), place={})

    assert (await parts.collect(part(0, f0="new"))).answers == {"f0": "new"}


async def test_files_of_earlier_parts_are_kept_with_the_draft(work: Workplace) -> None:
    desk, parts = open_form(work)
    with_file = FormPart(
        person="p_1", form="start|||long", number=0, values={"f0": "a"}, files={"f1": [PHOTO]}
    )
    await parts.keep(await parts.collect(with_file), place={"view": "V1"})
    draft = await desk.draft(person="p_1", form="start|||long")
    last = await parts.collect(part(2, f4="c"))

    assert draft is not None
    assert draft.place == {"view": "V1", "files": {"f1": [PHOTO]}}
    assert last.files == {"f1": [PHOTO]}
    assert last.answers == {"f0": "a", "f4": "c", "f1": []}


async def test_a_form_that_cannot_be_opened_any_more_has_no_further_part(work: Workplace) -> None:
    _, parts = open_form(work)
    gone = await parts.collect(part(0, person="p_nobody", f0="a"))

    assert (gone.sheet, gone.following) == (None, None)


async def test_a_part_that_is_closed_is_put_aside(work: Workplace) -> None:
    desk, parts = open_form(work)
    await parts.keep(await parts.collect(part(0, f0="a")), place={"view": "V1"})
    await parts.put_aside(part(1, f2="b"))
    draft = await desk.draft(person="p_1", form="start|||long")

    assert draft is not None
    assert draft.values == {"f0": "a", "f2": "b"}
    assert draft.place == {"view": "V1", "files": {}}


async def test_closing_an_empty_part_or_a_form_that_was_sent_changes_nothing(
    work: Workplace,
) -> None:
    desk, parts = open_form(work)
    await parts.put_aside(part(0, f0=""))
    assert await desk.draft(person="p_1", form="start|||long") is None

    await parts.keep(await parts.collect(part(0, f0="a")), place={}, sent=True)
    await parts.put_aside(part(0, f0="typed later"))
    draft = await desk.draft(person="p_1", form="start|||long")
    assert draft is not None
    assert draft.values == {"f0": "a"}
    assert draft.sent
