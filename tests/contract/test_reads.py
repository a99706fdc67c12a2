"""What only shows something takes no writer: every command, and every button that anybody sees.

The whole story of a complaint is lived through, and a purchase beside it. At each stage everybody
presses everything that they see, on a database whose writer refuses and whose readers cannot write.
"""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

import asyncpg
import pytest

from handlers import acting, lists, router, showing
from handlers.home import home
from handlers.intents import Pressed, Said
from handlers.pages import Answer, Button, Tone
from handlers.registry import VERBS
from handlers.tokens import read_token
from storage.connect import open_database
from storage.errors import StorageError
from storage.unit import Tx
from tests.fakes.chat import every_button
from tests.office import Workplace, furnished
from tests.stories import supplying
from tests.stories import test_checking as suppliers
from tests.stories.deeds import file_complaint, leave, resolve, triage
from tests.stories.test_adding import adds
from tests.stories.test_points import late
from tests.stories.test_revoking import bought
from tests.stories.test_side_by_side import assessed
from tests.stories.test_signing import file_with
from tests.stories.test_waiting import ordering
from tests.unit.handlers import purchase
from tests.unit.workflows.playbooks.seated import process

ACTS = {name for name, verb in VERBS.items() if verb.acts is not None}
OPENS = {name for name, verb in VERBS.items() if verb.opens is not None}
DECISIONS = ACTS & OPENS
CLICKS = itertools.count(1)


@pytest.fixture
async def work(url: str) -> AsyncIterator[Workplace]:
    """An office on a database of each kind."""
    database = await open_database(url)
    workplace = await furnished(database)
    workplace.lawful = False  # checked by the stories
    yield workplace
    await database.aclose()


class WriterRefuses:
    """A database that can only be read."""

    def __init__(self, inner) -> None:
        self.read = inner.read

    async def run(self, unit):
        raise StorageError("database_locked")


async def show(work: Workplace, kind, person: str, **what) -> Answer:
    intent = kind(person=person, via="slack", key=f"look:{next(CLICKS)}", language="en", **what)
    return await router.handle(WriterRefuses(work.database), work.office, intent)


def took_the_writer(answer: Answer) -> bool:
    return answer.text.startswith("The system is busy")


async def everything_seen(work: Workplace) -> list[tuple[str, Button]]:
    """(person, button) of every button on a card, a page or a list, of everybody."""
    directory = await work.directory()
    found = [
        (person, button)
        for person in directory.people
        for message in work.chat.of(person)
        for button in every_button(message.card)
    ]
    for key in {person for person, _ in found}:
        reader = directory.people[key]
        page = await work.database.read(
            partial(home, office=work.office, reader=reader, language="en")
        )
        cards = [page.tasks, page.cases, page.away]
        cards += (await show(work, Said, key, text="/points")).cards
        cards += (await show(work, Said, key, text="/suppliers")).cards
        for case_id in {line.case_id for line in page.cases.lines}:
            cards += (await show(work, Said, key, text=f"/case {case_id}")).cards
        found += [(key, button) for card in cards for button in every_button(card)]
        found += [(key, button) for button in page.starts]
    return found


async def press_everything(work: Workplace, shown: set[str]) -> None:
    """Everybody presses everything; the verbs that showed something are added to `shown`."""
    for person, button in await everything_seen(work):
        answer = await show(work, Pressed, person, token=button.token)
        verb = button.token.partition("|")[0]
        if answer.form is not None or answer.cards:
            shown.add(verb)
        elif took_the_writer(answer):
            ends_absence = verb == "away" and read_token(button.token).argument
            assert verb in ACTS or ends_absence
        else:
            assert answer.tone is Tone.WARN, f"{button.token}: {answer.text}"


async def test_no_button_that_only_shows_something_takes_the_writer(work: Workplace) -> None:
    shown: set[str] = set()
    filer, desk, handler = (work.person(p) for p in ("emma.clark", "liu.yang", "li.qiang"))
    await purchase.requested(work)
    await file_complaint(filer)
    await press_everything(work, shown)
    await desk.presses("认领")
    await filer.says("/away")
    await filer.fills(person="wang.fang", first="2026-03-09", last="2026-03-10")
    await press_everything(work, shown)
    await triage(desk)
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    await press_everything(work, shown)
    await filer.presses("回答")
    await filer.fills(text="第三箱")
    await resolve(handler)
    await press_everything(work, shown)
    await filer.presses("同意", kind="task")
    await filer.fills(customer_answer="可以了")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="compensated", lessons="加厚包装")
    await press_everything(work, shown)
    for _ in range(4):
        await file_complaint(filer)
    await work.passes("26h")  # a digest speaks for the fourth of their escalations
    await press_everything(work, shown)
    await filer.presses("撤回", kind="case")  # and may file it again
    await filer.fills()
    await late(work)  # whose points the owner may waive
    await work.passes("96h")
    await press_everything(work, shown)
    await bought(work)  # which its filer may revoke
    await press_everything(work, shown)
    await desk.presses("认领", kind="task")  # and leaves: the manager hands it over
    await leave(work, desk.id)
    await work.settle()
    await press_everything(work, shown)

    assert shown - MANAGED == {*OPENS, *showing.PAGES} - ELSEWHERE - MANAGED


LATER = {
    "advise",
    "checks",
    "judge",
    "unsigner",
    "urge",
    "wait",
}  # need others, or a process of their own
AT_REST = {"begin", "entry", "register"}  # need a case at rest, or a register
MANAGED = {"manage", "reassign", "skipstep", "cancelstep", "addperson", "jump", "merge"} | {
    *("terminate", "reopen", "movecase")
}  # of an administrator, behind "manage"
REVIEWED = {"review", "adopt", "postpone"}  # need a review
SURVEYED = {"poll"}  # needs an anonymous survey, see tests/unit/bot/runtime/test_surveys.py
OWNING = {"report", "import", "change"}  # needs processes that the person owns
LONG = {"batch", "tasks"}  # need a list of several pages, or of what may be approved together
ELSEWHERE = LATER | AT_REST | LONG | OWNING | SURVEYED | REVIEWED


async def test_no_button_about_others_or_about_waiting_takes_the_writer(work: Workplace) -> None:
    shown: set[str] = set()
    await assessed(work)  # of several steps the filer chooses which to urge
    approver = work.person("he.jun")
    await adds(approver, "before", "zhao.lei")
    await press_everything(work, shown)
    await work.person("zhao.lei").presses("同意", kind="task")
    await approver.presses("委派", kind="task")
    await approver.fills(person="li.qiang", text="值得吗？")
    await press_everything(work, shown)
    await ordering(work)  # and may wait for the supplier
    await press_everything(work, shown)
    await suppliers.filed(work)  # whose certificates are checked one by one
    await press_everything(work, shown)

    assert shown >= LATER


async def test_no_form_of_an_administrator_takes_the_writer(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    owner = await work.person("chen.jing").key()
    for verb in sorted(MANAGED):
        answer = await show(work, Pressed, owner, token=f"{verb}|C-2026-0001||")
        refused = answer.tone is Tone.WARN and not took_the_writer(answer)
        assert (
            answer.form is not None or answer.cards or (verb in ("reopen", "movecase") and refused)
        ), verb


async def test_turning_the_pages_of_a_list_does_not_take_the_writer(work: Workplace) -> None:
    work.lawful = False  # twenty-one cases, checked after each click, would take a while
    for _ in range(21):
        await file_complaint(work.person("emma.clark"))
    for _ in range(2):
        await file_with(work, "all", process(("all", "batch", "true")))
    shown: set[str] = set()
    await press_everything(work, shown)

    assert shown >= LONG


async def test_no_button_of_a_case_at_rest_or_of_a_register_takes_the_writer(
    work: Workplace,
) -> None:
    shown: set[str] = set()
    await supplying.admitted(work)
    await press_everything(work, shown)

    assert shown >= AT_REST


async def test_no_command_that_only_shows_something_takes_the_writer(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer)
    known = await work.database.read(
        lambda tx: [text[1:] for text, _, _ in lists.commands(tx, work.office, language="en")]
    )
    for name in {*known, *showing.COMMANDS, *acting.COMMANDS}:
        rest = " C-2026-0001" if name == "case" else ""
        person = (
            work.person("chen.jing") if name in ("report", "import") else filer
        )  # who owns a process
        answer = await show(work, Said, await person.key(), text=f"/{name}{rest}")

        assert took_the_writer(answer) == (name in acting.COMMANDS), name
        assert took_the_writer(answer) or answer.form or answer.cards, name


@pytest.mark.parametrize(
    "text", ["C-2026-0001?", "hello", "/nothing", "/case C-2026-0002", "/cases x"]
)
async def test_words_that_only_ask_take_no_writer(work: Workplace, text: str) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer)

    assert not took_the_writer(await show(work, Said, await filer.key(), text=text))


def seen(tx: Tx, *, key: str) -> Mapping[str, Any] | None:
    return tx.inbox.seen(source="slack", key=key)


async def test_what_is_shown_leaves_nothing_behind(work: Workplace) -> None:
    filer = work.person("emma.clark")
    await file_complaint(filer)
    person = await filer.key()
    said = Said(person=person, via="slack", key="tasks", text="/tasks")
    pressed = Pressed(person=person, via="slack", key="start", token="start|||complaint")
    for intent in (said, pressed):
        await router.handle(work.database, work.office, intent)

    for key in ("tasks", "start"):
        assert await work.database.read(partial(seen, key=key)) is None


async def test_a_decision_that_was_kept_is_answered_again_by_its_readers(work: Workplace) -> None:
    await purchase.requested(work)
    boss = work.person("he.jun")
    button = await boss.button("同意")
    pressed = Pressed(person=await boss.key(), via="slack", key="1", token=button.token)
    first = await router.handle(work.database, work.office, pressed)

    again = await router.handle(WriterRefuses(work.database), work.office, pressed)

    assert first.tone is Tone.GOOD
    assert again == first


async def test_what_only_shows_works_while_another_process_holds_the_lock(
    work: Workplace, url: str
) -> None:
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await file_complaint(filer)
    claimed = await desk.button("认领")
    close = await hold_the_lock(url)
    try:
        for text in ("/tasks", "/cases wet", "/case C-2026-0001", "/help", "/complaint", "/away"):
            answer = await answered(work, Said, await filer.key(), text=text)
            assert answer.form or answer.cards, text
        opened = await answered(work, Pressed, await filer.key(), token="start|||complaint")
        assert opened.form
        claim = asyncio.create_task(answered(work, Pressed, await desk.key(), token=claimed.token))
        shown = await answered(work, Said, await desk.key(), text="/tasks")
        assert "1" in shown.cards[0].title
        assert not claim.done()
    finally:
        await close()

    assert (await claim).tone is Tone.GOOD


async def answered(work: Workplace, kind, person: str, **what) -> Answer:
    intent = kind(person=person, via="slack", key=f"look:{next(CLICKS)}", language="en", **what)
    return await router.handle(work.database, work.office, intent)


async def hold_the_lock(url: str):
    """Somebody else keeps the database from being written; the result lets go."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        async def let_go() -> None:
            other.close()

        return let_go
    server = await asyncpg.connect(url)
    transaction = server.transaction()
    await transaction.start()
    await server.execute("LOCK TABLE cases, inbox, drafts, settings IN EXCLUSIVE MODE")
    return server.close


# ------------------------------------------------------------------ turns


async def test_who_asks_for_far_too_much_at_once_is_told_so(work: Workplace) -> None:
    filer = work.person("emma.clark")
    person = await filer.key()
    answers = await asyncio.gather(
        *(answered(work, Said, person, text="/cases wet") for _ in range(100))
    )
    refused = [answer for answer in answers if not answer.cards]

    assert refused
    assert all(answer.text.startswith("You have asked for many things") for answer in refused)
    assert (await answered(work, Said, person, text="/tasks")).cards
