"""What the HTTP API refuses: strangers, bad requests, what is too big; and how it says so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from structlog.testing import capture_logs

from bot.web.access import WRONG_MOST
from tests.office import Workplace, opened
from tests.outside import (
    CASE,
    DESCRIPTION,
    FIELDS,
    LAUNCHES,
    OTHER,
    TOKEN,
    Outside,
    fields_of,
    refusal,
    served,
)

PDF = b"%PDF-1.7\n..."


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
async def outside(work: Workplace) -> AsyncIterator[Outside]:
    async with served(work) as found:
        yield found


# ------------------------------------------------------------------ who may


async def test_a_request_needs_a_token(outside: Outside) -> None:
    bare = await outside.client.get("/api/cases")
    wrong = await outside.get("/api/cases", token="crm-" + "t" * 31)
    odd = await outside.get("/api/cases", authorization="Basic dTpw")

    refusal(bare, 401, "no_token")
    refusal(wrong, 401, "wrong_token")
    refusal(odd, 401, "wrong_token")
    assert bare.headers["www-authenticate"].startswith("Bearer")
    assert outside.refused == ["api_token"] * 3


async def test_a_wrong_token_is_logged_once_with_its_address_alone(outside: Outside) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            await outside.get("/api/cases", token="guess-of-a-stranger")

    (told,) = (one for one in logs if one["event"] == "api_token_refused")
    assert told["address"] == "127.0.0.1"
    assert "guess-of-a-stranger" not in str(logs)


async def test_wrong_tokens_are_limited_by_address_and_lock_nobody_out(outside: Outside) -> None:
    assert (await outside.get("/api/cases")).status_code == 200
    for _ in range(WRONG_MOST):
        refusal(await outside.get("/api/cases", token="x" * 20), 401, "wrong_token")
    limited = await outside.get("/api/cases", token="x" * 20)
    guessed = await outside.get("/api/cases", token=OTHER)

    refusal(limited, 429, "wrong_tokens")
    assert limited.headers["retry-after"] == "60"
    refusal(guessed, 429, "wrong_tokens")  # a right guess is not told from a wrong one
    assert (await outside.get("/api/cases")).status_code == 200  # it has called from here before
    outside.seconds[0] += 60
    assert (await outside.get("/api/cases", token=OTHER)).status_code == 200


async def test_behind_a_proxy_all_have_one_address_which_is_not_limited(
    work: Workplace,
) -> None:
    async with served(work, by_address=False) as outside:
        for _ in range(WRONG_MOST + 1):
            refusal(await outside.get("/api/cases", token="x" * 20), 401, "wrong_token")


async def test_each_token_has_so_many_requests_a_minute(work: Workplace) -> None:
    async with served(work, requests_a_minute=6) as outside:
        for _ in range(6):
            assert (await outside.get("/api/cases")).status_code == 200
        limited = await outside.get("/api/cases")

        refusal(limited, 429, "too_many_requests")
        assert limited.headers["retry-after"] == "10"
        assert (await outside.get("/api/cases", token=OTHER)).status_code == 200
        outside.seconds[0] += 10
        assert (await outside.get("/api/cases")).status_code == 200


async def test_a_system_files_for_its_people_only(outside: Outside) -> None:
    for person in ("lin.wei", "nobody.at.all"):
        problem = refusal(await outside.file({**CASE, "as": person}), 403, "not_for_person")
        assert person in problem["detail"]
    unknown = await outside.file({**CASE, "as": "nobody"}, token=OTHER)

    assert "as" in fields_of(refusal(unknown, 422, "fields"))
    refusal(await outside.file(token=LAUNCHES), 403, "not_for_process")
    assert await outside.cases() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=lost", "status"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("overdue=perhaps", "overdue"),
        ("order=newest", "order"),
        ("department=nowhere", "department"),
        ("colour=red", "colour"),
        ("status=running&status=completed", "status"),
    ],
)
async def test_a_parameter_that_is_not_understood_is_named(
    outside: Outside, query: str, field: str
) -> None:
    problem = refusal(await outside.get(f"/api/cases?{query}"), 400, "fields")

    assert set(fields_of(problem)) == {field}


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "not_json"),
        ("[]", "application/json", 400, "not_json"),
        ('{"process": NaN}', "application/json", 400, "not_json"),
        ("[" * 100_000, "application/json", 400, "not_json"),
        (b"\xff\xfe", "application/json", 400, "not_json"),
        ("process=complaint", "application/x-www-form-urlencoded", 415, "media_type"),
        ("{}", "text/plain", 415, "media_type"),
        ("nothing", "multipart/form-data", 400, "not_multipart"),
        ("nothing", "multipart/form-data; boundary=x", 400, "not_multipart"),
        ("--x--\r\n", "multipart/form-data; boundary=x", 422, "fields"),
        ("{}", "application/json", 422, "fields"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    outside: Outside, body: str | bytes, kind: str, status: int, code: str
) -> None:
    head = {"authorization": f"Bearer {TOKEN}", "content-type": kind}
    answer = await outside.client.post("/api/cases", content=body, headers=head)

    refusal(answer, status, code)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"process": "nothing"}, "process"),
        ({"process": 7}, "process"),
        ({"process": ""}, "process"),
        ({"as": None}, "as"),
        ({"fields": ["customer"]}, "fields"),
        ({"filds": {}}, "filds"),
        ({"fields": {**FIELDS, "channel": "pigeon"}}, "channel"),
        ({"fields": {**FIELDS, "colour": "red"}}, "colour"),
        ({"fields": {**FIELDS, "customer": {"name": "x"}}}, "customer"),
        ({"fields": {**FIELDS, "customer": "x" * 5000}}, "customer"),
        ({"fields": {**FIELDS, "customer": "\ud800"}}, None),
        ({"fields": {**FIELDS, "evidence": ["f_" + "0" * 20]}}, "evidence"),
    ],
)
async def test_each_wrong_field_is_named(
    outside: Outside, changes: dict[str, Any], field: str | None
) -> None:
    text = json.dumps({**CASE, **changes})
    head = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    answer = await outside.client.post("/api/cases", content=text, headers=head)

    if field is None:
        assert answer.status_code == 201
        return
    found = answer.json()
    assert (answer.status_code, set(fields_of(found))) == (422, {field})
    assert await outside.cases() == []


async def test_everything_that_is_missing_is_named_in_the_readers_language(
    outside: Outside,
) -> None:
    bare = {**CASE, "fields": {}}
    english = refusal(
        await outside.file(bare, **{"accept-language": "de, en-GB;q=0.8, zh;q=0.5"}), 422, "fields"
    )
    chinese = refusal(await outside.file(bare, **{"accept-language": "zh-CN"}), 422, "fields")
    odd = refusal(await outside.file(bare, **{"accept-language": "en;q=x, fr"}), 422, "fields")

    assert {"customer", "channel"} <= fields_of(english).keys()
    assert english["title"] == "Some fields are not valid"
    assert chinese["title"] == odd["title"] == "有字段无效"  # the company's without a known one


@pytest.mark.parametrize("key", ["", "a b", "é".encode(), "k" * 201])
async def test_a_key_that_cannot_be_one_is_refused(outside: Outside, key: Any) -> None:
    head = {"authorization": f"Bearer {TOKEN}", "idempotency-key": key}
    refusal(await outside.client.post("/api/cases", json=CASE, headers=head), 400, "key")


async def test_two_keys_are_none(outside: Outside) -> None:
    head = [("authorization", f"Bearer {TOKEN}"), *[("idempotency-key", "k")] * 2]
    refusal(await outside.client.post("/api/cases", json=CASE, headers=head), 400, "key")


async def test_a_packed_body_is_refused(outside: Outside) -> None:
    refusal(await outside.file(**{"content-encoding": "gzip"}), 415, "compressed")


async def test_what_does_not_exist_is_a_problem_too(outside: Outside) -> None:
    refusal(await outside.get("/api/nothing"), 404, "not_found")
    refusal(await outside.get("/api/cases/"), 404, "not_found")
    deleted = await outside.client.delete("/api/cases/C-2026-0001")

    refusal(deleted, 405, "method")
    assert "GET" in deleted.headers["allow"]


async def test_a_body_that_is_too_big_is_refused_before_it_has_arrived(outside: Outside) -> None:
    """It is announced in one case, and grows in the others; the rest is never read."""
    sent = [0]

    async def endless() -> AsyncIterator[bytes]:
        while sent[0] < 200 * 1024**2:
            sent[0] += 65536
            yield b"x" * 65536

    head = {"authorization": f"Bearer {TOKEN}"}
    kinds = {"application/json": "body_too_large", "multipart/form-data; boundary=x": None}
    announced = await outside.client.post(
        "/api/cases",
        content=b"x" * 10 * 1024**2,
        headers={**head, "content-type": "application/json"},
    )
    refusal(announced, 413, "body_too_large")
    for kind in kinds:
        sent[0] = 0
        try:
            answer = await outside.client.post(
                "/api/cases", content=endless(), headers={**head, "content-type": kind}
            )
            assert answer.status_code in (400, 413)
        except httpx.TransportError:  # it was answered and closed while we were sending
            pass
        assert sent[0] < 60 * 1024**2
    assert await outside.cases() == []


# ------------------------------------------------------------------ the description


async def test_the_description_is_served_and_says_what_is_answered(outside: Outside) -> None:
    answer = await outside.client.get("/api/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == DESCRIPTION


async def test_each_path_of_the_description_answers(outside: Outside) -> None:
    case = (await outside.file()).json()["id"]
    for path, methods in DESCRIPTION["paths"].items():
        for method in methods:
            head = {"authorization": f"Bearer {TOKEN}"}
            body = CASE if method == "post" else None
            answer = await outside.client.request(
                method, path.format(id=case), headers=head, json=body
            )
            assert str(answer.status_code) in methods[method]["responses"], path
            assert answer.is_success


def test_the_description_is_valid() -> None:
    OpenAPIV31SpecValidator(DESCRIPTION).validate()
