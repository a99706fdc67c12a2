"""Linking by a code: few tries, nothing told, administrators apart, and a way to object."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import linking
from handlers.conversation.one_platform import Conversation
from handlers.intents import Pressed, Said
from handlers.pages import Answer, Tone
from tests.office import Workplace, opened
from workflows.directory import Person

CODE = re.compile(r"\d{4}-\d{4}")


class Notes:
    """Keeps what was noted."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def note(self, event: str, /, **facts: object) -> None:
        self.events.append(event)


def desk(
    work: Workplace, notes: Notes | None = None, *, platform: str = "telegram"
) -> Conversation:
    office = replace(work.office, watch=notes or Notes())
    return Conversation(platform, db=work.database, files=work.files, office=office)


async def says_link(work: Workplace, person_id: str, *, key: str = "k", via: str = "slack") -> str:
    """What `/link` answers to somebody."""
    person = await work.person(person_id).key()
    said = Said(person=person, via=via, key=f"{key} {person_id}", text="/link", language="en")
    return (await desk(work).handle(said)).text


async def code_of(work: Workplace, person_id: str) -> str:
    return str(CODE.findall(await says_link(work, person_id))[0])


async def from_operator(work: Workplace, person_id: str) -> str:
    key = await work.person(person_id).key()
    return await work.database.run(
        lambda tx: linking.offer_code(tx, work.office, person=key, by_operator=True)
    )


async def types(
    work: Workplace, code: str, *, account: str = "900", notes: Notes | None = None
) -> Answer:
    """Somebody types a code at Telegram."""
    return await desk(work, notes).link(account, code, language="en")


async def linked(work: Workplace, person_id: str, platform: str, account: str) -> None:
    key = await work.person(person_id).key()
    await work.database.run(lambda tx: tx.people.link(key, platform=platform, account=account))


async def owner(work: Workplace, platform: str, account: str) -> Person | None:
    return (await work.directory()).by_account(platform, account)


@pytest.fixture
async def admins(tmp_path: Path):
    async with opened(tmp_path, admins=("lin.wei",)) as workplace:
        yield workplace


async def test_five_wrong_codes_and_only_time_helps(work: Workplace) -> None:
    notes, code = Notes(), await code_of(work, "wang.fang")
    for number in range(5):
        answer = await types(work, f"0000-000{number}", notes=notes)
        assert "does not work" in answer.text

    refused = await types(work, code, notes=notes)

    assert "5 wrong codes" in refused.text
    assert await owner(work, "telegram", "900") is None
    assert notes.events == ["link_code_wrong"] * 5 + ["link_code_limited"]
    assert "王芳" in (await types(work, code, account="901")).text  # others have tries of their own

    await work.passes("11m")
    again = await types(work, await code_of(work, "li.qiang"), notes=notes)
    assert again.tone is Tone.GOOD
    assert notes.events[-1] == "account_linked"


async def test_a_linked_account_is_told_the_same_for_any_code(work: Workplace) -> None:
    await linked(work, "li.qiang", "telegram", "900")
    code = await code_of(work, "wang.fang")

    told = {(await types(work, typed)).text for typed in (code, "0000-0000", "nonsense")}

    assert len(told) == 1
    assert "linked to" in told.pop()
    assert (await types(work, code, account="901")).tone is Tone.GOOD  # and it was not used up


async def test_an_administrator_gets_no_code_in_a_chat(admins: Workplace) -> None:
    answer = await says_link(admins, "lin.wei")

    assert "closeloop people link lin.wei" in answer
    assert not CODE.search(answer)

    code = await from_operator(admins, "lin.wei")
    assert (await types(admins, code)).tone is Tone.GOOD


async def test_a_code_from_a_chat_does_not_make_an_administrator(work: Workplace) -> None:
    code = await code_of(work, "lin.wei")
    company = replace(work.office.company, admins=("lin.wei",))
    later = replace(work, office=replace(work.office, company=company))

    assert (await types(later, code)).tone is Tone.WARN
    assert await owner(work, "telegram", "900") is None


async def test_a_code_is_kept_nowhere_in_plain_words(work: Workplace) -> None:
    code = await code_of(work, "wang.fang")
    again = await says_link(work, "wang.fang")  # delivered twice

    assert not CODE.search(again)
    assert "already" in again
    kept = b"".join(path.read_bytes() for path in work.path.parent.glob("office.db*"))
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept
    assert (await types(work, code)).tone is Tone.GOOD


@pytest.mark.parametrize("via", ["former", "other platform"])
async def test_who_was_linked_before_can_say_that_it_was_not_them(
    admins: Workplace, via: str
) -> None:
    work, notes = admins, Notes()
    await linked(work, "wang.fang", "telegram", "100")
    await linked(work, "wang.fang", "slack", "U1")
    key = await work.person("wang.fang").key()
    await types(work, await code_of(work, "wang.fang"), account="666", notes=notes)
    assert notes.events == ["account_taken_over"]
    owed = await rows(work)
    assert sorted(to for to, _, _ in owed) == ["@slack:U1", "@telegram:100"]
    notice = owed[0][2]["notice"]
    token = f"notme|||{notice}"

    for platform, stranger in (("telegram", "666"), ("telegram", "101"), ("slack", "100")):
        there = desk(work, platform=platform)
        assert await there.objects(stranger, token, language="en") is None
    own = Pressed(person=key, via="telegram", key="p1", token=token, language="en")
    assert (await desk(work).handle(own)).tone is Tone.WARN
    assert (await owner(work, "telegram", "666")) is not None

    if via == "former":
        answer = await desk(work, notes).objects("100", token, language="en")
    else:
        elsewhere = Pressed(person=key, via="slack", key="p2", token=token, language="en")
        answer = await desk(work, notes).handle(elsewhere)

    assert answer is not None
    assert answer.tone is Tone.GOOD
    assert await owner(work, "telegram", "666") is None
    assert notes.events[-1] == "link_objected"
    told = [(to, kind) for to, kind, _ in await rows(work) if kind == "objected"]
    assert told == [(await work.person("lin.wei").key(), "objected")]


async def rows(work: Workplace) -> list[tuple[str, str, dict[str, str]]]:
    """What is owed: to whom, which kind, with which facts."""
    from sqlalchemy import text

    found = await work.database.with_connection(
        lambda c: c.execute(text("SELECT person, kind, args FROM outbox ORDER BY person")).all()
    )
    return [(row[0], row[1], json.loads(row[2])) for row in found]


async def test_a_press_that_nobody_was_offered_is_noted(work: Workplace) -> None:
    notes, key = Notes(), await work.person("wang.fang").key()
    await desk(work, notes).handle(Pressed(person=key, via="slack", key="y", token="<script>"))
    await desk(work, notes).handle(
        Pressed(person=key, via="slack", key="z", token="notme|||l_somebody_elses")
    )

    assert notes.events == ["press_refused", "press_refused"]
