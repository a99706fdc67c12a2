"""Customers file cases in the web forms of `closeloop run`, whenever it is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.adapters.running import Later, Running
from tests.command import closeloop
from tests.customers import FILLED, PARCEL, PDF, Page

KEY = "0123456789abcdef-0123456789abcdef"
OTHER_KEY = "another-key-0123456789abcdef-0123"
ENVIRONMENT = {
    "CLOSELOOP_WEB_FORMS__KEYS": KEY,
    "CLOSELOOP_HTTP__PUBLIC_URL": "http://bot.example",
    "CLOSELOOP_HTTP__PROXY": "true",
    "CLOSELOOP_WEB_FORMS__SENT_A_MINUTE": "100",
    "CLOSELOOP_WEB_FORMS__FILED_A_MINUTE": "100",
}


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running.deployed(tmp_path, settings={}, people={}, later=Later())
    draft = running.folder / "processes" / "parcel.toml"
    draft.write_text(PARCEL.read_text(encoding="utf-8"), encoding="utf-8")
    done = closeloop("process", "publish", "processes/parcel.toml", cwd=running.folder)
    assert done.code == 0, done.err
    try:
        yield running
    finally:
        await running.aclose()


async def link(bot: Running, *more: str) -> str:
    """The path of an address that the command line makes."""
    done = await asyncio.to_thread(
        closeloop, *("form", "link", "parcel"), *more, cwd=bot.folder, **ENVIRONMENT
    )
    assert done.code == 0, done.err
    return urlsplit(done.out.strip()).path


async def fetch(bot: Running, path: str) -> Page:
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as client:
        return Page(answer=await client.get(f"{path}?lang=en"))


async def send(bot: Running, path: str, page: Page, *, address: str = "203.0.113.7") -> Page:
    data = page.sent_with({f"f.{name}": value for name, value in FILLED.items()})
    files = {"f.photos": ("a.pdf", PDF, "application/pdf")}
    headers = {"x-forwarded-for": address}
    async with httpx.AsyncClient(base_url=bot.address, trust_env=False) as client:
        answer = await client.post(f"{path}?lang=en", data=data, files=files, headers=headers)
        if answer.status_code == 303:
            answer = await client.get(path + answer.headers["location"])
    return Page(answer=answer)


async def until_it_dies(bot: Running, path: str, pages: list[Page]) -> int:
    """Send the pages; the number of the one that was not answered."""
    for number, page in enumerate(pages):
        try:
            assert (await send(bot, path, page)).answer.status_code == 200
        except httpx.TransportError:
            return number
    pytest.fail("it did not die")


async def cases(bot: Running) -> int:
    done = await asyncio.to_thread(
        closeloop, "case", "list", "--process", "parcel", "--json", cwd=bot.folder
    )
    return len(done.json)


async def test_a_kill_between_commit_and_answer_files_one_case(bot: Running) -> None:
    """A request commits twice, its upload and its case: it dies after one, and after the other."""
    path = await link(bot)
    for crash in (8, 7):
        await bot.start(**ENVIRONMENT, **bot.dying(f"db.after_commit:{crash}"))
        before = await cases(bot)
        pages = [await fetch(bot, path) for _ in range(20)]
        bot.may_die()
        sent = await until_it_dies(bot, path, pages)
        await bot.dies()
        await bot.start(**ENVIRONMENT)
        again = await send(bot, path, pages[sent])

        assert again.answer.status_code == 200, again.text
        assert "B-20" in again.text
        assert await cases(bot) == before + sent + 1
        assert await bot.stop() == 0


async def test_a_form_flooded_by_one_address_is_open_to_others(bot: Running) -> None:
    path = await link(bot)
    await bot.start(**{**ENVIRONMENT, "CLOSELOOP_WEB_FORMS__SENT_A_MINUTE": "2"})
    pages = [await fetch(bot, path) for _ in range(4)]
    answers = [await send(bot, path, page) for page in pages[:3]]
    other = await send(bot, path, pages[3], address="203.0.113.8")

    assert [one.answer.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2].answer.headers["retry-after"]) > 0
    assert answers[2].heading == "Too many forms"
    assert other.answer.status_code == 200


async def test_a_key_that_was_taken_away_ends_its_addresses(bot: Running) -> None:
    shop, web = await link(bot, "--name", "shop"), await link(bot)
    revoked = {**ENVIRONMENT, "CLOSELOOP_WEB_FORMS__REVOKED": "shop"}
    await bot.start(**{**revoked, "CLOSELOOP_WEB_FORMS__KEYS": f"{OTHER_KEY},{KEY}"})
    statuses = [(await fetch(bot, path)).answer.status_code for path in (shop, web)]
    assert await bot.stop() == 0
    await bot.start(**{**revoked, "CLOSELOOP_WEB_FORMS__KEYS": OTHER_KEY})
    later = [(await fetch(bot, path)).answer.status_code for path in (shop, web)]

    assert (statuses, later) == ([410, 200], [404, 404])
    assert KEY not in "\n".join(bot.said)
