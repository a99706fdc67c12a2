"""What a web form refuses, and how it says so to whoever stands before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.runtime.hold import hold, release
from bot.web.frame import HEADERS
from handlers.form_links import FormLink, address_of
from storage.errors import StorageError
from tests.customers import FILLED, KEY, OLD_KEY, PARCEL, PDF, Customer, Page, put_in_force, served
from tests.office import MONDAY, Workplace, opened
from workflows.moments import DAY

NASTY = "\"><script>alert(1)</script>'&\r\nSet-Cookie: a=b\u202e"


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def customer(work: Workplace) -> AsyncIterator[Customer]:
    async with served(work) as found:
        yield found


def refused(page: Page, status: int, heading: str) -> None:
    """A page for people, which says what is the matter and carries the headers of every page."""
    assert page.answer.status_code == status, page.text
    assert page.heading == heading
    assert page.answer.headers["content-type"] == "text/html; charset=utf-8"
    assert {name: page.answer.headers[name] for name in HEADERS} == HEADERS
    assert "</html>" in page.answer.text


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "path",
    [
        "/form/parcel/",
        "/form/parcel/x",
        "/form/parcel/x.y",
        "/form/nothing/x",
        "/form/parcel",
        "/form/",
        "/form/parcel/a/b",
        "/form/%00/%ff",
    ],
)
async def test_what_nobody_signed_is_not_found_whatever_it_names(
    customer: Customer, path: str
) -> None:
    refused(await customer.opens(path), 404, "Page not found")


async def test_a_link_of_another_process_or_key_is_not_found(customer: Customer) -> None:
    other = customer.link("complaint").replace("/form/complaint/", "/form/parcel/")
    strange = customer.link(key="x" * 32)

    refused(await customer.opens(other), 404, "Page not found")
    refused(await customer.opens(strange), 404, "Page not found")
    assert customer.refused == ["form_token"] * 2


async def test_an_older_key_still_opens_the_form(customer: Customer) -> None:
    page = await customer.opens(customer.link(key=OLD_KEY))

    assert (await customer.sends(page, FILLED)).answer.status_code == 200


async def test_an_expired_or_revoked_link_says_that_it_has_ended(work: Workplace) -> None:
    async with served(work, revoked=("shop",)) as customer:
        expired = await customer.opens(customer.link(expires_at=MONDAY - DAY))
        revoked = await customer.opens(customer.link(name="shop"))
        page = await customer.opens(customer.link(expires_at=MONDAY + DAY))
        await work.passes("48h")
        late = await customer.sends(page, FILLED)

        assert await customer.cases() == []
    for one in (expired, revoked, late):
        refused(one, 410, "This form has ended")


async def test_a_process_that_is_not_in_force_or_has_no_form_is_closed(
    customer: Customer,
) -> None:
    refused(await customer.opens(customer.link("nothing")), 404, "This form is not open")
    refused(await customer.opens(customer.link("complaint")), 404, "This form is not open")


async def test_other_methods_and_other_bodies_are_refused(customer: Customer) -> None:
    there, client = customer.link(), customer.client
    plain = await client.post(f"{there}?lang=en", data=FILLED)
    broken = await client.post(
        f"{there}?lang=en",
        content=b'--x\r\nContent-Disposition: form-data; name="f.name"\r\n\r\n',
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    bare = await client.post(
        f"{there}?lang=en", content=b"x", headers={"content-type": "multipart/form-data"}
    )
    method = await client.put(f"{there}?lang=en")

    refused(Page(answer=plain), 415, "The form could not be read")
    refused(Page(answer=broken), 400, "The form could not be read")
    refused(Page(answer=bare), 400, "The form could not be read")
    refused(Page(answer=method), 405, "Page not found")


# ------------------------------------------------------------------ hostile input


async def test_what_was_typed_is_shown_as_text(customer: Customer) -> None:
    page = await customer.opens(customer.link(values={"name": NASTY[:30]}))
    again = await customer.sends(page, {"story": NASTY, "kind": NASTY, "count": NASTY})
    for one in (page, again):
        assert "<script" not in one.answer.text
        assert "set-cookie" not in one.answer.headers
    assert dict(again.values)["f.story"] == NASTY


async def test_a_mark_that_is_shown_cannot_become_a_header(customer: Customer) -> None:
    path = f"{customer.link()}?filed=%0d%0aSet-Cookie:%20a=b&lang=%22%3E%3Cscript%3E"
    page = await customer.opens(path, lang="")

    assert page.answer.status_code == 200
    assert "set-cookie" not in page.answer.headers
    assert "<script" not in page.answer.text


@pytest.mark.parametrize("size", [10 * 1024**2 + 1, 22 * 1024**2])
async def test_a_body_that_is_too_large_gets_a_page(customer: Customer, size: int) -> None:
    page = await customer.opens()
    files = [("photos", ("a.pdf", PDF + bytes(size), "application/pdf"))]
    again = await customer.sends(page, FILLED, files=files)

    refused(again, 413, "That is too large")
    assert "10 MB" in again.text
    assert await customer.cases() == []


async def test_a_text_of_ten_megabytes_gets_a_page(customer: Customer) -> None:
    again = await customer.sends(await customer.opens(), {**FILLED, "story": "x" * 10 * 1024**2})

    assert again.answer.status_code in {400, 413}
    assert again.heading


async def test_a_great_many_parts_are_refused(customer: Customer) -> None:
    page = await customer.opens()
    many = {f"x{n}": "1" for n in range(3000)}

    refused(await customer.sends(page, many), 400, "The form could not be read")


async def test_programs_that_fill_in_everything_file_nothing(customer: Customer) -> None:
    page = await customer.opens()
    files = [("photos", ("a.pdf", PDF, "application/pdf"))]
    caught = await customer.sends(page, FILLED, files=files, website="https://spam.example")
    kept = customer.work.files.kept
    person = await customer.sends(caught, website="")

    assert caught.answer.status_code == 422
    assert "as if a program had filled it in" in caught.text
    assert kept == {}
    assert "B-2026-0001" in person.text


async def test_a_number_of_another_case_is_not_told(customer: Customer) -> None:
    text = PARCEL.read_text(encoding="utf-8").replace("max = 40, label", "unique = true, label")
    await put_in_force(customer.work, text)
    await customer.sends(await customer.opens(), FILLED)
    again = await customer.sends(await customer.opens(), FILLED)

    assert again.answer.status_code == 422
    assert again.wrong("name") == "Another case that has not ended has this already."
    assert "B-2026-0001" not in again.text


# ------------------------------------------------------------------ floods


async def test_one_address_that_floods_a_form_locks_nobody_else_out(work: Workplace) -> None:
    def at(address: str) -> dict[str, str]:
        return {"x-forwarded-for": f"192.0.2.1, {address}"}

    async with served(work, proxied=True, sent_a_minute=3) as customer:
        pages = [await customer.opens() for _ in range(5)]
        for page in pages[:3]:
            assert "B-2026" in (await customer.sends(page, FILLED, headers=at("203.0.113.7"))).text
        flooded = await customer.sends(pages[3], FILLED, headers=at("203.0.113.7:4711"))
        other = await customer.sends(pages[3], FILLED, headers=at("203.0.113.8"))
        customer.seconds[0] += 59
        still = await customer.sends(pages[4], FILLED, headers=at("203.0.113.7"))
        customer.seconds[0] += 1
        again = await customer.sends(pages[4], FILLED, headers=at("203.0.113.7"))

        assert len(await customer.cases()) == 5
    refused(flooded, 429, "Too many forms")
    assert flooded.answer.headers["retry-after"] == "60"
    assert "60 seconds" in flooded.text
    assert "B-2026-0004" in other.text
    assert still.answer.headers["retry-after"] == "1"
    assert "B-2026-0005" in again.text
    assert customer.refused == ["form_too_many"] * 2


async def test_a_forwarded_address_counts_only_behind_a_proxy(work: Workplace) -> None:
    async with served(work, sent_a_minute=1) as customer:
        first, second = await customer.opens(), await customer.opens()
        await customer.sends(first, FILLED, headers={"x-forwarded-for": "203.0.113.7"})
        flooded = await customer.sends(second, FILLED, headers={"x-forwarded-for": "203.0.113.8"})

    refused(flooded, 429, "Too many forms")


async def test_a_day_and_a_link_have_limits_too(work: Workplace) -> None:
    limits: dict[str, Any] = {"sent_a_day": 4, "filed_a_minute": 2, "filed_a_day": 3}
    async with served(work, **limits) as customer:
        pages = [await customer.opens() for _ in range(6)]
        wrong = await customer.sends(pages[0], {**FILLED, "name": ""})
        done = [await customer.sends(page, FILLED) for page in pages[:2]]
        of_link = await customer.sends(pages[2], FILLED)
        customer.seconds[0] += 3600
        of_day = await customer.sends(pages[3], FILLED)
        customer.seconds[0] += 24 * 3600
        next_day = await customer.sends(pages[3], FILLED)

    assert wrong.answer.status_code == 422
    assert ["B-2026" in one.text for one in done] == [True, True]
    refused(of_link, 429, "Too many forms")
    assert customer.refused == ["form_too_many_of_link", "form_too_many"]
    refused(of_day, 429, "Too many forms")
    assert of_day.answer.headers["retry-after"] == str(23 * 3600)
    assert "23 hours" in of_day.text
    assert "B-2026-0003" in next_day.text


async def test_a_proxy_that_names_nobody_leaves_the_limits_of_the_link(work: Workplace) -> None:
    async with served(work, proxied=True, sent_a_minute=1, filed_a_minute=2) as customer:
        pages = [await customer.opens() for _ in range(3)]
        one = await customer.sends(pages[0], FILLED)
        two = await customer.sends(pages[1], FILLED, headers={"x-forwarded-for": "unknown"})
        three = await customer.sends(pages[2], FILLED)

    assert [page.answer.status_code for page in (one, two, three)] == [200, 200, 429]


async def test_who_opens_pages_all_the_time_is_asked_to_wait(customer: Customer) -> None:
    answers = [await customer.client.get(customer.link()) for _ in range(125)]

    assert [one.status_code for one in answers] == [200] * 120 + [429] * 5


# ------------------------------------------------------------------ when it cannot work


async def test_during_a_hold_nothing_is_filed_and_the_page_says_when_to_try(
    customer: Customer,
) -> None:
    page = await customer.opens()
    await customer.work.database.run(lambda tx: hold(tx, why="restored"))
    refused(await customer.opens(), 503, "Not available right now")
    held = await customer.sends(page, FILLED)
    await customer.work.database.run(release)
    done = await customer.sends(page, FILLED)

    refused(held, 503, "Not available right now")
    assert held.answer.headers["retry-after"] == "30"
    assert "B-2026-0001" in done.text


async def test_a_database_that_is_away_gets_a_page(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StorageError("database_away")

    page = await customer.opens()
    with monkeypatch.context() as patch:
        patch.setattr(customer.work.database, "read", away)
        gone = await customer.sends(page, FILLED)
    refused(gone, 503, "Not available right now")
    assert "B-2026-0001" in (await customer.sends(page, FILLED)).text


async def test_a_fault_of_ours_gets_a_page_and_is_logged(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(customer.work.database, "read", broken)
    with capture_logs() as logs:
        page = await customer.opens()
    refused(page, 500, "Something went wrong")
    assert [one["event"] for one in logs] == ["form_broken"]


async def test_what_only_the_company_can_mend_is_logged_and_not_told(customer: Customer) -> None:
    """The link fixes an answer that the form does not accept any more."""
    path = customer.link(values={"depot": "d9"})
    page = await customer.opens(path)
    with capture_logs() as logs:
        again = await customer.sends(page, FILLED)
    refused(again, 503, "This form does not work right now")
    assert [one["event"] for one in logs] == ["form_out_of_order"]


async def test_a_customer_who_goes_away_during_the_body_files_nothing(customer: Customer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(customer.address).port)
    writer.write(
        f"POST {customer.link()} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode()
    )
    await writer.drain()
    writer.close()
    assert await reader.read() == b""
    assert await customer.cases() == []


async def test_the_playground_leads_to_a_signed_address(work: Workplace) -> None:
    async with served(work, makes_links=True) as customer:
        led = await customer.client.get("/form/parcel")
        page = await customer.opens(str(led.headers["location"]).replace("parcel", "/form/parcel"))

    assert led.status_code == 303
    assert page.heading == "What is wrong with the parcel?"


async def test_the_style_comes_from_here_and_an_address_works_below_any_other(
    customer: Customer,
) -> None:
    page = await customer.opens()
    start = page.answer.text.index('href="../form.css')
    href = page.answer.text[start + 6 :].partition('"')[0]
    style = await customer.client.get(page.answer.url.join(href))
    link = FormLink(process="parcel", name="web")

    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert address_of(link, KEY, "https://x.example/loop/").startswith(
        "https://x.example/loop/form/parcel/"
    )
