"""Who gets in to the dashboard: by a link of the bot, once, and only from its page."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.web.dashboard_request import BODY_MOST, ONCE, SESSION
from bot.web.frame import HEADERS
from handlers.pages import Tone
from tests.customers import Page
from tests.dashboards import ADDRESS, Entrance, asks, link, served
from tests.office import Workplace, opened
from workflows.directory import Directory

TOKEN = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def entrance(work: Workplace) -> AsyncIterator[Entrance]:
    async with served(work) as found:
        yield found


def says(page: Page, status: int, heading: str) -> None:
    """A page for people, with the strict headers and no script."""
    assert page.answer.status_code == status, page.text
    assert page.heading == heading
    assert {name: page.answer.headers[name] for name in HEADERS} == HEADERS
    assert "<script" not in page.answer.text
    assert "style=" not in page.answer.text.replace("stylesheet", "")


async def leaves(work: Workplace, person_id: str) -> None:
    """They are in the directory no more."""
    key = await work.person(person_id).key()

    def unit(tx) -> None:
        there: Directory = tx.people.directory()
        people = [
            replace(one, active=False) if one.key == key else one for one in there.people.values()
        ]
        tx.people.replace(people, list(there.departments.values()))

    await work.database.run(unit)


def stored(work: Workplace) -> str:
    """Everything that the database keeps of logins and answers, as text."""
    with closing(sqlite3.connect(work.path)) as connection:
        tables = ("login_links", "login_sessions", "inbox")
        rows = [connection.execute(f"SELECT * FROM {one}").fetchall() for one in tables]
    return json.dumps(rows)


# ------------------------------------------------------------------ the command


async def test_the_bot_gives_a_link_of_which_only_the_digest_is_stored(work: Workplace) -> None:
    answer = await asks(work, "wang.fang", key="k")
    token = answer.link.rpartition("/")[2]

    assert answer.link.startswith(f"{ADDRESS}dashboard/login/")
    assert TOKEN.fullmatch(token)
    assert "5 分钟" in answer.text
    assert answer.stays
    assert token not in stored(work)


async def test_a_repeated_delivery_gets_no_second_link(work: Workplace) -> None:
    first = await asks(work, "wang.fang", key="k")
    again = await asks(work, "wang.fang", key="k")

    assert first.link
    assert not again.link
    assert "已经发过" in again.text


async def test_without_a_public_address_the_bot_says_what_to_configure(work: Workplace) -> None:
    person = work.person("wang.fang")
    await person.says("/dashboard")

    assert person.answer.tone is Tone.WARN
    assert "public_url" in person.answer.text
    assert await work.database.read(lambda tx: tx.logins.link("")) is None


# ------------------------------------------------------------------ the link


async def test_a_link_opens_the_dashboard_in_the_language_of_its_person(
    work: Workplace, entrance: Entrance
) -> None:
    chinese, english = entrance.browser(), entrance.browser()
    page = await chinese.opens(await link(work, "wang.fang"))
    says(page, 200, "看板")
    assert "王芳" in page.text

    says(await chinese.presses(page), 200, "我的事项")
    says(await english.logs_in("emma.clark"), 200, "My cases")
    assert (await english.opens()).language == "en"
    assert (await english.opens(lang="zh")).heading == "我的事项"


async def test_a_crawler_that_opens_the_link_first_spends_nothing(
    work: Workplace, entrance: Entrance
) -> None:
    path, crawler, person = await link(work, "wang.fang"), entrance.browser(), entrance.browser()
    for _ in range(3):
        assert (await crawler.opens(path)).answer.status_code == 200
    assert (await crawler.client.head(path)).status_code == 200
    page = await person.opens(path)

    says(await person.presses(page), 200, "我的事项")
    assert SESSION not in crawler.client.cookies


async def test_a_link_works_once(work: Workplace, entrance: Entrance) -> None:
    path, first, second = await link(work, "wang.fang"), entrance.browser(), entrance.browser()
    page = await second.opens(path, lang="en")
    says(await first.presses(await first.opens(path)), 200, "我的事项")

    says(await second.presses(page), 410, "This link was used already")
    says(await second.opens(path), 410, "链接已经用过")
    assert SESSION not in second.client.cookies
    says(await first.opens(path), 200, "我的事项")  # where they are logged in by it
    assert entrance.refused == ["dashboard_link"] * 2


async def test_a_link_ends_after_five_minutes(work: Workplace, entrance: Entrance) -> None:
    path, reader = await link(work, "wang.fang"), entrance.browser()
    page = await reader.opens(path)
    await work.passes("5m")

    says(await reader.presses(page), 410, "链接已过期")
    says(await reader.opens(path, lang="en"), 410, "This link has expired")


async def test_a_link_of_somebody_who_left_opens_nothing(
    work: Workplace, entrance: Entrance
) -> None:
    path, reader = await link(work, "wang.fang"), entrance.browser()
    page = await reader.opens(path, lang="en")
    await leaves(work, "wang.fang")

    says(await reader.presses(page), 410, "This link is not valid any more")
    says(await reader.opens(path, lang="zh"), 410, "链接已失效")


async def test_a_page_of_another_site_cannot_use_a_link(
    work: Workplace, entrance: Entrance
) -> None:
    path, reader, other = await link(work, "wang.fang"), entrance.browser(), entrance.browser()
    page = await other.opens(path)
    cases = (
        await reader.client.post(path),
        await reader.client.post(path, data={"once": page.asked["once"]["value"] or ""}),
        await other.client.post(path, data={"once": "wrong"}),
        await other.client.post(path, data={"once": "x" * (BODY_MOST + 1)}),
    )

    assert [one.status_code for one in cases] == [403] * 4
    assert entrance.refused == ["dashboard_forged"] * 4
    says(await other.presses(page), 200, "我的事项")  # it was not spent


async def test_a_link_of_somebody_else_names_them_and_begins_their_session(
    work: Workplace, entrance: Entrance
) -> None:
    """Whoever is logged in sees whose the link is before anything changes."""
    reader = entrance.browser()
    await reader.logs_in("wang.fang")
    page = await reader.opens(await link(work, "emma.clark"))
    assert "Emma Clark" in page.text
    assert "王芳" in (await reader.opens()).text

    says(await reader.presses(page), 200, "My cases")
    assert "Emma Clark" in (await reader.opens()).text


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "a" * 5000, "é"])
async def test_wrong_links_say_so_and_too_many_of_them_wait(entrance: Entrance, token: str) -> None:
    reader = entrance.browser()
    for _ in range(20):
        page = await reader.opens(f"/dashboard/login/{token}", lang="en")
        assert page.answer.status_code == 404
    says(await reader.opens(f"/dashboard/login/{token}", lang="en"), 429, "Too many attempts")
    waits = await reader.opens("/dashboard/login/y")

    assert int(waits.answer.headers["retry-after"]) > 0
    entrance.seconds[0] += 61
    assert (await reader.opens("/dashboard/login/y")).answer.status_code == 404


async def test_wrong_links_do_not_lock_out_whoever_has_a_right_one(
    work: Workplace, entrance: Entrance
) -> None:
    reader = entrance.browser()
    for _ in range(25):
        await reader.opens("/dashboard/login/x")

    says(await reader.logs_in("wang.fang"), 200, "我的事项")


# ------------------------------------------------------------------ the session


async def test_cookies_cannot_be_read_by_scripts_nor_sent_without_tls(work: Workplace) -> None:
    async with served(work, public_url=ADDRESS) as entrance:
        client = entrance.browser().client
        path = await link(work, "wang.fang")
        shown = await client.get(path)
        once = Page(answer=shown).asked["once"]["value"] or ""
        sent = await client.post(path, data={"once": once}, headers={"cookie": f"{ONCE}={once}"})
        mark, session = shown.headers["set-cookie"], sent.headers.get_list("set-cookie")[0]

        assert sent.status_code == 303
        for cookie, place in ((mark, "/loop/dashboard/login"), (session, "/loop/dashboard")):
            assert {"HttpOnly", "Secure", "SameSite=lax", f"Path={place}"} <= {*cookie.split("; ")}
        assert "Max-Age=28800" in session
        assert session.partition("=")[2].partition(";")[0] not in stored(work)


async def test_a_session_ends_after_eight_hours(work: Workplace, entrance: Entrance) -> None:
    reader = entrance.browser()
    await reader.logs_in("wang.fang")
    await work.passes("7h")
    says(await reader.opens(), 200, "我的事项")
    await work.passes("1h")

    says(await reader.opens(lang="en"), 401, "Your login has ended")
    assert SESSION not in reader.client.cookies
    says(await reader.opens(lang="en"), 401, "Log in first")


async def test_a_session_ends_when_its_person_leaves(work: Workplace, entrance: Entrance) -> None:
    reader = entrance.browser()
    await reader.logs_in("wang.fang")
    await leaves(work, "wang.fang")

    says(await reader.opens(lang="en"), 401, "Your login has ended")


async def test_people_log_out_and_nobody_else_logs_them_out(
    work: Workplace, entrance: Entrance
) -> None:
    reader, other = entrance.browser(), entrance.browser()
    page = await reader.logs_in("wang.fang")
    session = dict(reader.client.cookies)
    assert (await other.client.post("/dashboard/logout")).status_code == 403
    assert (await reader.client.post("/dashboard/logout")).status_code == 403
    assert (await reader.presses(page, "dashboard/logout", proof="x")).answer.status_code == 403

    says(await reader.presses(page, "dashboard/logout"), 200, "已退出")
    assert SESSION not in reader.client.cookies
    other.client.cookies.update(session)
    says(await other.opens(lang="en"), 401, "Your login has ended")


@pytest.mark.parametrize("cookie", ["x", "é" * 10, "x" * 4000])
async def test_a_cookie_that_we_did_not_set_logs_nobody_in(entrance: Entrance, cookie: str) -> None:
    answer = await entrance.browser().client.get(
        "/dashboard", headers={b"cookie": f"{SESSION}={cookie}".encode()}
    )

    assert answer.status_code == 401


async def test_other_addresses_and_methods_are_answered_with_a_page(entrance: Entrance) -> None:
    reader = entrance.browser()
    for path in ("/dashboard/", "/dashboard/x", "/dashboard/cases", "/dashboard/as/p_1"):
        says(await reader.opens(path, lang="en"), 404, "Page not found")
    method = await reader.client.delete("/dashboard/cases/C-1?lang=en")
    says(Page(answer=method), 405, "Page not found")
    style = await reader.client.get("/dashboard/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert urlsplit(str(style.url)).path == "/dashboard/style.css"
