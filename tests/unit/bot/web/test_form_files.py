"""Files that come with a web form are kept, checked, and no one else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.customers import FILLED, PDF, Customer, served
from tests.office import Workplace, opened

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def customer(work: Workplace) -> AsyncIterator[Customer]:
    async with served(work) as found:
        yield found


# ------------------------------------------------------------------ files


async def test_a_file_is_kept_when_something_else_is_wrong(customer: Customer) -> None:
    files = [("photos", ("a.png", PNG, "image/png"))]
    again = await customer.sends(await customer.opens(), {**FILLED, "name": ""}, files=files)
    thanks = await customer.sends(again, {"name": "李雷"})

    assert "a.png (sent already" in again.text
    assert "B-2026-0001" in thanks.text
    assert (await customer.case())["fields"]["photos"] == ["a.png"]


async def test_a_kept_file_can_be_left_out(customer: Customer) -> None:
    files = [("photos", ("a.png", PNG, "image/png"))]
    again = await customer.sends(await customer.opens(), {**FILLED, "name": ""}, files=files)
    await customer.sends(again, {"name": "李雷", "photos": []})

    assert "photos" not in (await customer.case())["fields"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("note.txt", b"words", "text/plain"), "pictures or PDF"),
        (("a.png", b"MZ\x90\x00", "image/png"), "a.png"),
        (("a.pdf", b"", "application/pdf"), "empty"),
    ],
)
async def test_a_file_that_is_not_accepted_is_named_beside_its_field(
    customer: Customer, file: tuple[str, bytes, str], said: str
) -> None:
    again = await customer.sends(await customer.opens(), FILLED, files=[("photos", file)])

    assert again.answer.status_code == 422
    assert said in again.wrong("photos")
    assert "sent already" not in again.text
    assert await customer.cases() == []


async def test_more_files_than_allowed_are_refused(customer: Customer) -> None:
    files = [("photos", (f"{n}.pdf", PDF + bytes([n]), "application/pdf")) for n in range(3)]
    again = await customer.sends(await customer.opens(), FILLED, files=files)

    assert "2" in again.wrong("photos")
    assert len(customer.work.files.kept) == 2


async def test_a_file_for_a_field_that_is_not_asked_is_not_stored(customer: Customer) -> None:
    files = [("nothing", ("a.pdf", PDF, "application/pdf")), ("name", ("b.pdf", PDF, "text/html"))]
    await customer.sends(await customer.opens(), FILLED, files=files)

    assert await customer.cases() == ["B-2026-0001"]
    assert customer.work.files.kept == {}


async def test_files_of_somebody_else_cannot_be_named(customer: Customer) -> None:
    """Neither a file of a case, nor one that was sent with another link, nor an invention."""
    files = [("photos", ("a.png", PNG, "image/png"))]
    await customer.sends(await customer.opens(), FILLED, files=files)
    (used,) = customer.work.files.kept
    other = await customer.opens(customer.link(name="shop"))
    await customer.sends(other, {**FILLED, "name": ""}, files=files)
    (_, elses) = customer.work.files.kept
    for stolen in (used, elses, "f_0000"):
        again = await customer.sends(await customer.opens(), {**FILLED, "photos": [stolen]})
        assert again.answer.status_code == 422
        assert "upload it again" in again.wrong("photos")
    assert len(await customer.cases()) == 1


async def test_the_files_of_customers_do_not_use_up_the_filers_limit(work: Workplace) -> None:
    async with served(work, upload_megabytes_a_day=10) as customer:
        big = PDF + bytes(6 * 1024**2)
        files = [("photos", ("a.pdf", big, "application/pdf"))]
        first = await customer.sends(await customer.opens(), FILLED, files=files)
        second = await customer.sends(await customer.opens(), FILLED, files=files)
        other = await customer.opens(customer.link(name="shop"))
        third = await customer.sends(other, FILLED, files=files)
        used = await work.database.read(lambda tx: tx.files.sent_since("form:web", 0))
        person = (await work.directory()).by_id("li.qiang")
        assert person is not None
        own = await work.database.read(lambda tx: tx.files.sent_since(person.key, 0))

    assert "B-2026-0001" in first.text
    assert second.answer.status_code == 429
    assert second.heading == "Too many files today"
    assert "B-2026-0002" in third.text
    assert used[0] == 1
    assert own == (0, 0)
