"""Who may see a case is one rule, whichever way somebody looks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from re import findall

import pytest

from handlers.conversation.case_desk import CaseDesk
from handlers.exports import tables
from handlers.i18n import translator
from handlers.intents import Pressed, Said
from handlers.playground.case import case_view
from handlers.reading.record import case_facts
from tests.office import Workplace, opened
from tests.stories.deeds import ONE_PIXEL, file_complaint, resolve, triage
from workflows.directory import Absence
from workflows.errors import Refusal
from workflows.moments import DAY
from workflows.records import CaseQuery

CASE = "C-2026-0001"
WORDS = "Acme 东方食品"  # of the filer, in every view of the case
ROOT = Path(__file__).parents[3]

ALLOWED = {
    "emma.clark": "filed it",
    "liu.yang": "had a step of it",
    "li.qiang": "has a step of it",
    "xu.ning": "was copied in",
    "chen.jing": "owns the process",
    "pan.rui": "is an administrator",
}
STRANGERS = {
    "he.jun": "is the filer's manager",
    "zhao.lei": "is the handler's manager, and nothing was escalated",
    "yu.jia": "has nothing to do with it",
}


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    """A complaint with a file, handed to li.qiang; xu.ning was copied in."""
    async with opened(tmp_path, admins=("pan.rui",)) as office:
        filer, desk = office.person("emma.clark"), office.person("liu.yang")
        await file_complaint(filer, evidence=[await filer.uploads("x.png", ONE_PIXEL)])
        await desk.presses("认领")
        await triage(desk)
        await filer.forges(f"copy|{CASE}||")
        await filer.fills(people=[await office.person("xu.ning").key()])
        yield office


def _desk(work: Workplace) -> CaseDesk:
    return CaseDesk(db=work.database, files=work.files, office=work.office)


async def _says(work: Workplace, person: str, text: str) -> str:
    said = Said(person=person, via="web", key=f"{person} {text}", text=text, language="zh")
    return str(await _desk(work).handle(said))


async def _presses(work: Workplace, person: str, token: str) -> str:
    pressed = Pressed(person=person, via="web", key=f"{person} {token}", token=token, language="zh")
    return str(await _desk(work).handle(pressed))


async def _opens(work: Workplace, person: str, file_id: str) -> str:
    file, content = await _desk(work).open_file(person=person, file_id=file_id)
    return f"{file.name} {len(content)}"


async def _upload(work: Workplace, person: str) -> str:
    files = await work.database.read(lambda tx: tx.files.of_case(CASE))
    return await _opens(work, person, files[0].id)


async def _seen_on_the_page(work: Workplace, person: str) -> str:
    return str(
        await work.database.read(
            lambda tx: case_view(tx, work.office, case_id=CASE, person=person, language="zh")
        )
    )


WAYS: dict[str, tuple[str, Callable[[Workplace, str], Awaitable[str]]]] = {
    "by command": (WORDS, lambda work, one: _says(work, one, f"/case {CASE}")),
    "by its number": (WORDS, lambda work, one: _says(work, one, CASE)),
    "by Details": (WORDS, lambda work, one: _presses(work, one, f"details|{CASE}||")),
    "from a digest": (WORDS, lambda work, one: _presses(work, one, f"escalated|{CASE}||")),
    "by a form about it": ("FormSheet(", lambda work, one: _presses(work, one, f"copy|{CASE}||")),
    "its file": ("x.png", _upload),
    "its document": (CASE, lambda work, one: _opens(work, one, f"paper.{CASE}.zh.docx")),
    "on the playground's page": (WORDS, _seen_on_the_page),
}


async def _answer(
    look: Callable[[Workplace, str], Awaitable[str]], work: Workplace, person: str
) -> str:
    try:
        return await look(work, await work.person(person).key())
    except Refusal as refusal:
        return translator("zh").t(f"refusal.{refusal.code}")


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_look_at_a_case_shows_it_to_the_same_people(
    work: Workplace, way: str
) -> None:
    shows, look = WAYS[way]
    seen: set[str] = set()
    for person in (*ALLOWED, *STRANGERS):
        answer = await _answer(look, work, person)
        if shows in answer:
            seen.add(person)
        else:
            assert "没有查看这件事项的权限" in answer, (way, person)

    assert seen == set(ALLOWED)


async def test_lists_and_search_find_only_cases_one_has_a_part_in(work: Workplace) -> None:
    found: set[str] = set()
    for person in (*ALLOWED, *STRANGERS):
        answer = await _says(work, await work.person(person).key(), "/cases 箱子")
        if CASE in answer:
            found.add(person)

    assert found == set(ALLOWED) - {"pan.rui"}  # chen.jing was asked too when it came in


async def test_a_deputy_is_not_told_what_a_case_is_about_that_the_principal_filed(
    work: Workplace,
) -> None:
    """They stand in for the filer nowhere in it; the list says only that a task is there."""
    await resolve(work.person("li.qiang"))
    filer, deputy = [await work.person(one).key() for one in ("emma.clark", "he.jun")]
    now = work.clock.now()
    away = Absence(id="away", person=filer, deputy=deputy, starts_at=now, ends_at=now + 2 * DAY)
    await work.database.run(lambda tx: tx.people.add_absence(away))
    mine, theirs = [await _says(work, one, "/tasks") for one in (filer, deputy)]

    assert CASE in mine
    assert WORDS in mine
    assert CASE in theirs
    assert WORDS not in theirs


async def test_whoever_has_the_database_in_hand_sees_every_case(work: Workplace) -> None:
    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id=CASE))
    sheet = await work.database.read(
        lambda tx: tables.case_sheet(tx, work.office, CaseQuery(), language="zh")
    )

    assert facts["fields"]["customer"] == WORDS
    assert WORDS in str(list(sheet.rows))


def test_a_case_is_read_unchecked_only_for_its_messages_and_the_database_s_owner() -> None:
    callers = {
        str(path.relative_to(ROOT))
        for folder in ("handlers", "bot")
        for path in (ROOT / folder).rglob("*.py")
        if findall(r"(?<!def )\bopen_unchecked\(", path.read_text(encoding="utf-8"))
    }

    assert callers == {
        "handlers/searching.py",  # a manager's list: who has which step of a case, nothing else
        "bot/playground_desk.py",  # what the clock did, told to whoever plays
        "handlers/deliver.py",  # a message that the case owes this person
        "handlers/mail_sending.py",  # the same by e-mail
        "handlers/mails.py",  # what a definition sends to its customer
        "handlers/digests.py",  # the same, of many cases
        "handlers/playground/world.py",  # the list of all cases, for whoever plays
        "handlers/reading/case.py",  # which then asks
        "handlers/reading/record.py",  # the JSON of the command line
        "handlers/registers.py",  # the columns of a register, for whom its definition names
        "handlers/cards/register.py",  # the same, of one entry
        "handlers/documents/register_files.py",  # the same, as a chart
        "handlers/exports/tables.py",  # exports, and a case at the terminal
    }
