"""Files come with a request that files a case, as multipart/form-data."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.office import opened
from tests.outside import FIELDS, TOKEN, Outside, fields_of, refusal, served

PDF = b"%PDF-1.7\n..."


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with opened(tmp_path) as work, served(work) as found:
        yield found


# ------------------------------------------------------------------ files


async def send(
    outside: Outside, files: list[tuple[str, Any]], *, key: str = "", **data: Any
) -> httpx.Response:
    head = {"authorization": f"Bearer {TOKEN}"} | ({"idempotency-key": key} if key else {})
    data = {"process": "complaint", "as": "wang.fang", **data}
    return await outside.client.post("/api/cases", data=data, files=files, headers=head)


async def test_files_come_under_the_names_of_their_fields(outside: Outside) -> None:
    files = [
        ("evidence", ("proof.pdf", PDF, "application/pdf")),
        ("evidence", ("../second.pdf", PDF + b"2", "text/html")),
    ]
    answer = await send(outside, files, **FIELDS)
    in_json = await send(outside, files[:1], fields=json.dumps(FIELDS))

    assert answer.status_code == 201, answer.text
    assert answer.json()["fields"]["evidence"] == ["proof.pdf", "second.pdf"]
    assert in_json.json()["fields"]["evidence"] == ["proof.pdf"]


async def test_a_repeated_upload_files_once_whatever_its_boundary(outside: Outside) -> None:
    files = [("evidence", ("proof.pdf", PDF, "application/pdf"))]
    first = await send(outside, files, key="k", **FIELDS)
    again = await send(outside, files, key="k", **FIELDS)
    changed = [("evidence", ("proof.pdf", PDF + b"!", "application/pdf"))]

    assert (first.status_code, again.status_code) == (201, 200)
    refusal(await send(outside, changed, key="k", **FIELDS), 409, "key_reused")
    assert len(outside.work.files.kept) == 1


@pytest.mark.parametrize(
    ("files", "status", "field"),
    [
        ([("evidence", ("a.pdf", b"", "application/pdf"))], 422, "evidence"),
        ([("evidence", ("a.exe", b"MZ\x90\x00", "application/pdf"))], 415, "evidence"),
        ([("evidence", ("note.txt", b"words", "text/plain"))], 422, "evidence"),
        ([("customer", ("a.pdf", PDF, "application/pdf"))], 422, "customer"),
        ([("nothing", ("a.pdf", PDF, "application/pdf"))], 422, "nothing"),
        ([("evidence", (f"{n}.pdf", PDF, "application/pdf")) for n in range(30)], 422, "evidence"),
        ([("evidence", ("a.pdf", bytes(10 * 1024**2 + 1), "application/pdf"))], 413, ""),
    ],
)
async def test_a_file_that_a_form_would_not_take_is_refused(
    outside: Outside, files: list[tuple[str, Any]], status: int, field: str
) -> None:
    answer = await send(outside, files, **FIELDS)

    assert answer.status_code == status, answer.text
    assert field in fields_of(answer.json()) if field else "errors" not in answer.json()
    assert await outside.cases() == []


async def test_nothing_is_stored_when_another_field_is_wrong(outside: Outside) -> None:
    files = [("evidence", ("proof.pdf", PDF, "application/pdf"))]
    problem = refusal(await send(outside, files, **{**FIELDS, "channel": "pigeon"}), 422, "fields")

    assert set(fields_of(problem)) == {"channel"}
    assert not outside.work.files.kept


async def test_a_body_that_ends_within_a_file_files_nothing(outside: Outside) -> None:
    """Else there would be a case without its file."""
    parts = {"process": "complaint", "as": "wang.fang", **FIELDS}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    file = '--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.pdf"\r\n\r\n%PDF-1'
    head = {
        "authorization": f"Bearer {TOKEN}",
        "content-type": "multipart/form-data; boundary=x",
    }
    answer = await outside.client.post("/api/cases", content=(body + file).encode(), headers=head)

    refusal(answer, 400, "not_multipart")
    assert await outside.cases() == []
