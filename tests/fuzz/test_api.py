"""Any request of another system is answered: a case, a list, or a problem that is none of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.raw import anything, mutated, texts
from tests.office import opened
from tests.outside import CASE, TOKEN, Outside, served, valid

KINDS = (
    *("application/json", "multipart/form-data", "multipart/form-data; boundary=x", "", "x"),
    *("application/json; charset=utf-16", "multipart/form-data; boundary=", "text/plain"),
)
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="process"\r\n\r\ncomplaint\r\n'
    b'--x\r\nContent-Disposition: form-data; name="as"\r\n\r\nwang.fang\r\n'
    b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n'
    b"--x--\r\n"
)


@dataclass
class Door:
    """The API, and the loop in which it runs."""

    runner: asyncio.Runner
    outside: Outside

    def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        head = {"authorization": f"Bearer {TOKEN}", **more.pop("headers", {})}
        request: Coroutine[Any, Any, httpx.Response] = self.outside.client.request(
            method, path, headers=head, **more
        )
        answer = self.runner.run(request)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            valid(answer.json(), "Problem")
        return answer


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door") / "office"
    folder.mkdir()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        work = runner.run(stack.enter_async_context(opened(folder)))
        often = served(work, requests_a_minute=100_000)
        try:
            yield Door(runner, runner.run(stack.enter_async_context(often)))
        finally:
            runner.run(stack.aclose())


@given(value=mutated([CASE]))
def test_any_case_is_filed_or_refused(door: Door, value: Any) -> None:
    kind = {"content-type": "application/json"}
    answer = door.asks("POST", "/api/cases", content=json.dumps(value), headers=kind)

    if answer.status_code == 201:
        valid(answer.json(), "Case")


@given(value=anything, kind=st.sampled_from(KINDS))
def test_any_json_is_answered(door: Door, value: Any, kind: str) -> None:
    head = {"content-type": kind} if kind else {}
    door.asks("POST", "/api/cases", content=json.dumps(value), headers=head)


@given(body=st.binary(max_size=200), kind=st.sampled_from(KINDS), at=st.integers(0, len(FORM)))
def test_any_bytes_are_answered(door: Door, body: bytes, kind: str, at: int) -> None:
    head = {"content-type": kind} if kind else {}
    door.asks("POST", "/api/cases", content=FORM[:at] + body + FORM[at:], headers=head)


@given(
    query=st.dictionaries(
        st.one_of(st.sampled_from(["status", "text", "limit", "before", "overdue", "as"]), texts),
        texts,
        max_size=3,
    )
)
def test_any_query_is_answered(door: Door, query: dict[str, str]) -> None:
    sent = {
        name.encode(errors="replace").decode(): value.encode(errors="replace").decode()
        for name, value in query.items()
    }
    door.asks("GET", "/api/cases", params=sent)


@given(number=texts.map(lambda text: " ".join(text.split("\n"))))
def test_any_number_is_answered(door: Door, number: str) -> None:
    door.asks("GET", f"/api/cases/{quote(number.encode(errors='replace'), safe='')}")
