"""Modals: every kind of field, mending, drafts, steps, search, files, slow answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.intents import Intent, Pressed, Submitted
from handlers.pages import Answer, Choice, FormSheet, Question, Tone
from tests.adapters.slack.deeds import FILLED, opens
from tests.adapters.slack.workspace import SOON, Workspace, workspace
from tests.stories.deeds import ONE_PIXEL
from workflows.records import FormDraft

MANY = tuple(Choice(id=f"c{n}", label=f"Choice {n:03}") for n in range(150))
FEW = MANY[:3]


def question(kind: str, **more: Any) -> Question:
    return Question(id=kind.replace("_", ""), type=kind, label=kind.title(), **more)


EVERY = FormSheet(
    token="approve|C-2026-0001|t1|",
    title="Everything that can be asked",
    submit="Send it",
    intro="Please.",
    questions=(
        question("text", required=True, max=20, hint="Shortly"),
        question("long_text"),
        question("number", min=1, max=9),
        question("money", value="5"),
        question("date", value="2026-03-02"),
        question("time", value="09:30"),
        question("choice", choices=FEW, value="c1"),
        question("choices", choices=FEW, value=["c0", "c2"]),
        question("person", choices=MANY, value="c7"),
        question("department", choices=FEW),
        Question(id="several", type="choices", label="Several", choices=MANY),
        question("files", accept=("image/png", "application/pdf"), max_files=2),
        Question(id="none", type="choice", label="None", choices=()),
    ),
)


class Scripted:
    """A desk that shows one sheet, and notes what is sent; everything else is the real one."""

    def __init__(self, place: Workspace, sheet: FormSheet) -> None:
        self.draft = place.desk.draft
        self.shown = sheet
        self.sent: list[Submitted] = []
        self.answer = Answer(text="Thanks", tone=Tone.GOOD)
        self.slow: asyncio.Event | None = None
        self._stand_in(place)

    def _stand_in(self, place: Workspace) -> None:
        place.desk.handle = self.handle  # type: ignore[method-assign]
        place.desk.look = self.look  # type: ignore[method-assign]

    async def handle(self, intent: Intent) -> Answer:
        if self.slow is not None:
            await self.slow.wait()
        if isinstance(intent, Submitted):
            self.sent.append(intent)
            return self.answer
        return await self.look(intent.person, self.shown.token)

    async def look(self, person: str, token: str) -> Answer:
        draft = await self.draft(person=person, form=self.shown.token)
        if draft is None:
            return Answer(form=self.shown)
        return Answer(form=self.shown.filled(draft.values))


async def test_every_kind_of_field_is_asked_and_comes_back(place: Workspace) -> None:
    desk = Scripted(place, EVERY)
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)

    assert await modal.submit() == {"Text": "required"}
    await modal.fill({"Text": "yes", "Long_Text": "two\nlines", "Number": "7"})
    await modal.fill({"Department": "Choice 001", "Several": ["Choice 010", "Choice 011"]})
    assert await modal.submit() == {}

    assert desk.sent[0].values == {
        "text": "yes",
        "longtext": "two\nlines",
        "number": "7",
        "money": "5",
        "date": "2026-03-02",
        "time": "09:30",
        "choice": "c1",
        "choices": ["c0", "c2"],
        "person": "c7",
        "department": "c1",
        "several": ["c10", "c11"],
        "files": [],
    }
    assert emma.modal_or_none is None
    place.slack.assert_clean()


async def test_more_than_a_hundred_options_are_searched(place: Workspace) -> None:
    Scripted(place, EVERY)
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)

    assert await modal.search("Person", "149") == ["Choice 149"]
    assert len(await modal.search("Several", "Choice")) == 100
    assert await modal.search("Person", "nobody") == []
    place.platform.sheets._kept.clear()  # noqa: SLF001 - as in another process, or much later
    assert await modal.search("Person", "choice 00")
    place.slack.assert_clean()


async def test_problems_stand_at_their_fields_and_those_of_none_at_the_first(
    place: Workspace,
) -> None:
    desk = Scripted(place, EVERY)
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)
    problems = {"date": "Too late", "elsewhere": "Odd", "text": "No"}
    desk.answer = Answer(problems=problems, tone=Tone.WARN)

    assert await modal.submit(Text="x") == {"Date": "Too late", "Text": "Odd No"}
    desk.answer = Answer(text="Thanks", tone=Tone.GOOD)
    assert await modal.submit(Text="y") == {}
    place.slack.assert_clean()


async def test_a_refused_form_says_why(place: Workspace) -> None:
    desk = Scripted(place, EVERY)
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)
    desk.answer = Answer(text="Already decided by Liu Yang", tone=Tone.WARN)

    await modal.submit(Text="x")

    assert "Already decided by Liu Yang" in emma.modal.text
    place.slack.assert_clean()


async def test_a_closed_form_keeps_what_was_typed(either: Workspace) -> None:
    emma = await either.person("emma.clark")
    modal = await opens(emma, either)
    await modal.fill({"q:customer": "Acme", "q:channel": "phone"})
    await modal.close()
    await either.calm()

    again = await opens(emma, either)

    assert again.value("q:customer") == "Acme"
    assert again.value("q:channel")["value"] == "phone"
    assert await again.submit({**FILLED, "q:customer": "Globex"}) == {}
    await either.calm()
    assert (await opens(emma, either)).value("q:customer") is None
    either.slack.assert_clean()


async def test_a_long_form_goes_in_parts_and_nothing_of_it_is_lost(place: Workspace) -> None:
    asked = tuple(
        Question(id=f"f{n}", type="text", label=f"Field {n}", required=n in (0, 80))
        for n in range(90)
    )
    desk = Scripted(place, replace(EVERY, questions=asked))
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)

    assert await modal.submit({"Field 0": "first"}) == {}
    assert "Part 2 of 3" in emma.modal.text
    await emma.modal.fill({"Field 50": "middle"})
    await emma.modal.close()
    modal = await opens(emma, place)
    assert modal.value("Field 0") == "first"
    assert await modal.submit() == {}
    assert emma.modal.value("Field 50") == "middle"
    assert await emma.modal.submit() == {}
    desk.answer = Answer(problems={"f0": "Wrong"}, tone=Tone.WARN)
    assert await emma.modal.submit({"Field 80": "last"}) == {"Field 80": "Field 0: Wrong"}
    desk.answer = Answer(text="Thanks", tone=Tone.GOOD)
    assert await emma.modal.submit() == {}

    values = desk.sent[-1].values
    assert (values["f0"], values["f50"], values["f80"]) == ("first", "middle", "last")
    assert len(values) == 90
    place.slack.assert_clean()


async def test_a_slow_desk_is_waited_for_in_a_view(tmp_path: Path) -> None:
    at_once = replace(SOON, loading_after=0.0)
    async with workspace(tmp_path, language="en", times=at_once) as place:
        desk = Scripted(place, EVERY)
        desk.slow = asyncio.Event()
        emma = await place.person("emma.clark")

        typed = asyncio.ensure_future(emma.slash("/complaint"))
        await emma.waits_for_modal("One moment")
        desk.slow.set()

        await emma.waits_for_modal("Everything")
        assert (await typed).ok
        await place.calm()
        place.slack.assert_clean()


async def test_what_takes_too_long_is_acknowledged_first(tmp_path: Path) -> None:
    at_once = replace(SOON, answer_within=0.0)
    async with workspace(tmp_path, language="en", times=at_once) as place:
        desk = Scripted(place, EVERY)
        emma = await place.person("emma.clark")
        modal = await opens(emma, place)
        desk.slow = asyncio.Event()

        assert await modal.submit(Text="x") == {}
        assert "Still working" in emma.modal.text
        desk.answer = Answer(problems={"text": "No"}, tone=Tone.WARN)
        desk.slow.set()
        await place.calm()

        assert "No" in emma.modal.text
        assert emma.modal.value("Text") == "x"
        place.slack.assert_clean()


async def test_an_expired_trigger_offers_a_button(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    place.slack.faults.refuse("views.open", "expired_trigger_id")

    await emma.slash("/complaint")
    await place.calm()
    offered = emma.last_card("too long")
    await emma.click("Complaint form", offered)
    await place.calm()

    assert emma.modal.find("q:customer").is_input
    place.slack.assert_clean()


# ------------------------------------------------------------------ files


async def test_files_are_fetched_after_the_form_is_safe(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    modal = await opens(emma, either)

    assert await modal.submit({**FILLED, "q:evidence": [("a.png", ONE_PIXEL)]}) == {}
    assert "being fetched" in emma.modal.text
    await either.settle()

    assert "C-2026-0001" in emma.modal.text
    assert list(either.office.files.kept.values()) == [ONE_PIXEL]
    assert await either.desk.handed_in() == ()
    either.slack.assert_clean()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.png", b"\x00\x01 no picture", "a.png"), ("b.png", b"x" * (10 * 1024 * 1024 + 1), "10 MB")],
)
async def test_a_file_that_is_refused_brings_the_form_back(
    place: Workspace, name: str, content: bytes, said: str
) -> None:
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)
    await modal.submit({**FILLED, "q:evidence": [(name, content)]})
    await place.settle()

    assert said in emma.modal.text
    assert emma.modal.value("q:customer") == FILLED["q:customer"]
    assert await emma.modal.submit({"q:evidence": [("good.png", ONE_PIXEL)]}) == {}
    await place.settle()
    assert "C-2026-0001" in emma.modal.text
    place.slack.assert_clean()


async def test_whoever_closed_the_window_is_told_by_message(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    modal = await opens(emma, place)
    await modal.submit({**FILLED, "q:evidence": [("a.png", b"\x00\x01")]})
    await emma.modal.close()
    await place.settle()

    told = emma.last_card("could not be accepted")
    await emma.click("Open the form again", told)
    await place.calm()
    assert emma.modal.value("q:customer") == FILLED["q:customer"]


async def test_what_was_handed_in_before_a_kill_is_dealt_with_at_the_start(
    place: Workspace,
) -> None:
    emma = await place.person("emma.clark")
    known = await place.desk.known(emma.id)
    assert known is not None
    person = known.person
    file = emma.new_file("a.png", ONE_PIXEL)
    file.shared_with_bot = True
    kept = {"id": file.id, "name": "a.png", "size": len(ONE_PIXEL), "url": ""}
    await place.desk.keep_draft(
        FormDraft(
            person=person,
            form=await _token(place, person),
            values={name.removeprefix("q:"): value for name, value in FILLED.items()},
            place={"account": emma.id, "view": "V0GONE", "key": "k", "files": {"evidence": [kept]}},
            via="slack",
            at=place.desk.now(),
            sent=True,
        )
    )

    await place.platform.receiving.resume()
    await place.platform.receiving.resume()
    await place.settle()

    assert (await place.office.case()).id == "C-2026-0001"
    assert await place.desk.handed_in() == ()
    assert len(place.office.files.kept) == 1


async def _token(place: Workspace, person: str) -> str:
    home = await place.desk.home(person=person, language="en")
    pressed = Pressed(person=person, via="slack", key="x", token=home.starts[0].token)
    form = (await place.desk.handle(pressed)).form
    assert form is not None
    return form.token


async def test_the_same_submission_twice_files_one_case(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    modal = await opens(emma, either)
    either.slack.faults.duplicate = 1

    await modal.submit({**FILLED, "q:evidence": [("a.png", ONE_PIXEL)]})
    await either.settle()

    assert (await either.office.case()).id == "C-2026-0001"
    found = await either.office.database.read(lambda tx: tx.cases.load("C-2026-0002"))
    assert found is None
    assert await either.desk.handed_in() == ()
