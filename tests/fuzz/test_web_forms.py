"""Whatever is sent to a web form is answered with a page, or with the number of a case."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.customers import FILLED, Customer, Page, served
from tests.fuzz.raw import texts
from tests.office import opened

IDS = ("name", "mail", "story", "kind", "other", "damage", "worth", "count", "arrived", "at")
NAMES = st.one_of(
    st.sampled_from(
        [
            *(f"f.{name}" for name in (*IDS, "photos", "proof", "proof_expires", "items", "depot")),
            *(f"f.items/{cell}" for cell in ("0/what", "0/price", "1/what", "999/state", "x/y")),
            *("once", "seen", "more", "website", "f.", "f.source", "lang"),
        ]
    ),
    texts,
)
SAID = st.one_of(texts, st.sampled_from(["other", "lost", "inside", "12", "2026-02-27", "items"]))
lines = texts.map(lambda text: "".join(text.splitlines()))
MARKS = st.sampled_from(["", "m" * 20, "n" * 64, "short"])
FORM = b'--x\r\nContent-Disposition: form-data; name="f.name"\r\n\r\nLi Lei\r\n--x--\r\n'
KINDS = ("multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/json")


@dataclass
class Counter:
    """The web forms, and the loop in which they run."""

    runner: asyncio.Runner
    customer: Customer

    def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        request: Coroutine[Any, Any, httpx.Response] = self.customer.client.request(
            method, path, **more
        )
        self.customer.seconds[0] += 60.0  # nobody is asked to wait
        answer = self.runner.run(request)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 303:
            answer = self.runner.run(self.customer.client.get(path + answer.headers["location"]))
            assert answer.status_code == 200
        page = Page(answer=answer)
        assert page.heading
        assert "<script" not in answer.text.lower()
        return answer


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("counter") / "office"
    folder.mkdir()
    often: dict[str, Any] = dict.fromkeys(("sent_a_minute", "filed_a_minute"), 10_000)
    daily: dict[str, Any] = dict.fromkeys(("sent_a_day", "filed_a_day"), 100_000)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        work = runner.run(stack.enter_async_context(opened(folder)))
        serving = served(work, **often, **daily)
        try:
            yield Counter(runner, runner.run(stack.enter_async_context(serving)))
        finally:
            runner.run(stack.aclose())


@given(
    changed=st.dictionaries(NAMES, st.lists(SAID, min_size=1, max_size=3), max_size=4),
    mark=MARKS,
    files=st.lists(st.tuples(NAMES, texts, st.binary(max_size=60)), max_size=2),
)
def test_any_form_is_answered(
    counter: Counter,
    changed: dict[str, list[str]],
    mark: str,
    files: list[tuple[str, str, bytes]],
) -> None:
    filled = {f"f.{name}": [value] for name, value in FILLED.items()}
    sent = {**filled, "once": [mark], "seen": [" ".join(IDS)], **changed}
    data = {plain(name): [plain(one) for one in values] for name, values in sent.items()}
    parts = [(plain(name), (plain(file) or "x", body, "")) for name, file, body in files]
    counter.asks(
        "POST",
        counter.customer.link(),
        data=data,
        files=[*parts, ("f.none", ("", b"", "application/octet-stream"))],
    )


@given(body=st.binary(max_size=200), kind=st.sampled_from(KINDS), at=st.integers(0, len(FORM)))
def test_any_bytes_are_answered(counter: Counter, body: bytes, kind: str, at: int) -> None:
    content, head = FORM[:at] + body + FORM[at:], {"content-type": kind}
    counter.asks("POST", counter.customer.link(), content=content, headers=head)


@given(token=lines, process=lines, language=texts, filed=texts)
def test_any_address_is_answered(
    counter: Counter, token: str, process: str, language: str, filed: str
) -> None:
    asked = {"lang": plain(language), "filed": plain(filed)}
    path = f"/form/x{quote(plain(process), safe='')}/x{quote(plain(token), safe='')}"
    answer = counter.asks("POST" if len(token) % 2 else "GET", path, params=asked)

    assert answer.status_code == 404


def plain(text: str) -> str:
    """A text that can be sent."""
    return text.encode(errors="replace").decode()
