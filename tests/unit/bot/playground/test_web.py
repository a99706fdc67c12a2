"""The playground's HTTP API: who may ask, what is refused, and in which words."""

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.platforms.playground.guard import SECURITY_HEADERS
from handlers.playground.page import PageWorld
from tests.fakes.playground_desk import FakeDesk
from tests.fakes.playground_page import BASE, intent, page_of, words

# ---------------------------------------------------------------- who may ask


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8123", "localhost:8123", "[::1]:8123", "LocalHost:8123"]
)
def test_a_loopback_name_may_ask(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test:8123",
        "evil.test",
        "127.0.0.1:9",
        "127.0.0.1",
        "localhost",
        "127.0.0.1.evil.test:8123",
        "",
    ],
)
def test_another_name_or_port_may_not(client, host):
    answer = client.get("/api/world?language=en", headers={"host": host})

    assert answer.status_code == 403
    assert "computer" in answer.json()["problem"]


class Played:
    """A folder from which one process is in force."""

    commands = ("help",)


def test_the_commands_of_a_folder_that_is_played_come_first(desk):
    with TestClient(page_of(desk, drafts=Played()), base_url=BASE) as client:
        world = client.get("/api/world?language=en").json()

    texts = [command["text"] for command in world["commands"]]
    assert texts[0] == "/help"
    assert len(set(texts)) == len(texts) > 1
    assert world["drafts"] is True


def test_a_name_can_be_allowed(desk):
    app = page_of(desk, hosts=("playground.local",))
    with TestClient(app, base_url="http://playground.local:8123") as client:
        assert client.get("/").status_code == 200
        assert client.get("/", headers={"host": "127.0.0.1:8123"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": BASE},
        {"x-closeloop": "1", "origin": "http://evil.test"},
        {"x-closeloop": "1", "origin": "null"},
        {"x-closeloop": "1", "origin": "http://127.0.0.1:9"},
        {"x-closeloop": "1", "origin": "https://127.0.0.1:8123"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/api/intents",
        "/api/form",
        "/api/files",
        "/api/read",
        "/api/clock",
        "/api/reset",
        "/api/sample",
        "/api/rehearsal",
        "/api/rehearsal/stop",
    ],
)
def test_a_foreign_page_changes_nothing(client, desk, path, headers):
    answer = client.post(path, json=intent(type="said", text="/complaint"), headers=headers)

    assert answer.status_code == 403
    assert answer.json()["problem"] == words("zh")["ui.problem.origin"]
    assert desk.log == []


@pytest.mark.parametrize(
    "path", ["/", "/static/app.js", "/api/world", "/files/photo?person=wang.fang", "/nowhere"]
)
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers

    assert set(SECURITY_HEADERS) <= set(headers)
    assert "unsafe" not in headers["content-security-policy"]


# ---------------------------------------------------------------- the page


def test_the_page_is_asked_for_again_only_when_it_changed(client):
    first = client.get("/static/app.css")
    again = client.get(
        "/static/app.css", headers={"if-none-match": f'"x", W/{first.headers["etag"]}'}
    )

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_is_packed_for_those_who_unpack(client):
    packed = client.get("/static/app.css", headers={"accept-encoding": "gzip"})
    plain = client.get("/static/app.css", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


@pytest.mark.parametrize(
    "path", ["/static/web.py", "/static/../web.py", "/static/%2e%2e/web.py", "/x"]
)
def test_nothing_else_is_served(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json() == {"problem": words("zh")["ui.problem.not_found"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_gets_its_own_texts_only(client, language):
    got = client.get(f"/api/texts?language={language}").json()

    assert got == {key: text for key, text in words(language).items() if key.startswith("ui.")}


@pytest.mark.parametrize(
    ("accepts", "word"), [("en-US,en;q=0.9", "missing"), ("fr", "缺失"), ("", "缺失")]
)
def test_without_a_language_the_browsers_counts(client, accepts, word):
    answer = client.get("/api/chat", headers={"accept-language": accepts})

    assert word in answer.json()["problem"]


# ---------------------------------------------------------------- looking


def test_the_world_a_chat_and_a_case_are_shown(client):
    world = client.get("/api/world?language=en").json()
    chat = client.get("/api/chat?person=wang.fang&language=en").json()
    case = client.get("/api/case/C-2026-0042?person=wang.fang&language=en").json()

    assert world["zone"] == "Asia/Shanghai"
    assert chat["person"]["name"] == "Wang Fang"
    assert case["id"] == "C-2026-0042"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/chat", 422),
        ("/api/chat?person=nobody", 404),
        ("/api/case/C-2026-0042", 422),
        ("/api/case/C-2026-0042?person=nobody", 404),
        ("/api/case/C-1999-0001?person=wang.fang", 404),
        ("/api/case/C-2026-0042?person=zhao.min", 403),
        ("/files/photo", 422),
        ("/files/none?person=wang.fang", 404),
        ("/api/changes?after=soon", 422),
    ],
)
def test_what_cannot_be_shown_is_explained(client, path, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json()["problem"]


def test_a_picture_is_shown_and_anything_else_is_handed_over(client):
    picture = client.get("/files/photo?person=wang.fang")
    paper = client.get("/files/sheet?person=wang.fang")

    assert picture.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E7%A0%B4")
    assert paper.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in paper.headers["content-security-policy"]


def test_a_card_is_shown_as_another_platform_would_send_it(client):
    chat = client.get("/api/chat?person=chen.jing&language=en").json()
    message = next(one["id"] for one in chat["messages"] if one["card"]["kind"] == "escalation")
    query = f"person=chen.jing&message={message}&language=en"
    slack = client.get(f"/api/preview?platform=slack&{query}").json()

    assert client.get("/api/world").json()["previews"] == ["slack", "telegram"]
    assert slack["payload"]["blocks"][0]["text"]["text"].startswith("[Escalation] Escalation:")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("platform=slack&person=chen.jing", 422),
        ("platform=slack&person=chen.jing&message=none", 404),
        ("platform=pager&person=chen.jing&message=m1", 404),
        ("person=chen.jing&message=m1", 422),
    ],
)
def test_a_preview_of_nothing_is_refused(client, query, status):
    assert client.get(f"/api/preview?{query}").status_code == status


# ---------------------------------------------------------------- changes, defects


async def stream(app: Starlette, query: str, *, until: asyncio.Event, wanted: int) -> list[str]:
    """What arrives on the stream; `until` is set once so many events have come."""
    sent: list[str] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/changes",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1:8123")],
        "server": ("127.0.0.1", 8123),
        "scheme": "http",
        "http_version": "1.1",
    }

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message.get("body"):
            sent.append(message["body"].decode())
        if len(sent) == wanted:
            until.set()

    await asyncio.wait_for(app(scope, receive, send), timeout=10)
    return sent


async def test_changes_come_as_events_and_end_when_the_server_stops(desk):
    stopping = asyncio.Event()
    app = page_of(desk, stopping=stopping)
    listening = asyncio.create_task(stream(app, "after=0", until=stopping, wanted=2))
    await desk.listening.wait()  # the first event was there already
    await desk.mark_read(person="wang.fang", case_id=None)
    events = await listening

    assert [event.replace("\r\n", "\n") for event in events] == [
        f'id: {n}\nevent: change\ndata: {{"revision": {n}, "committed": {n}}}\n\n' for n in (1, 2)
    ]


class BrokenDesk(FakeDesk):
    async def world(self, *, language: str) -> PageWorld:
        raise ZeroDivisionError("a secret path")


def test_a_defect_of_ours_tells_nothing_about_our_insides():
    with TestClient(page_of(BrokenDesk()), base_url=BASE, raise_server_exceptions=False) as client:
        answer = client.get("/api/world?language=en")

    assert answer.status_code == 500
    assert answer.json() == {"problem": words("en")["ui.problem.broken"]}
    assert set(SECURITY_HEADERS) <= set(answer.headers)


def test_answers_are_never_kept_by_a_browser(client):
    answer = client.get("/api/world")

    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.content) == answer.json()


def test_a_form_is_read_again_with_its_answers_and_decides_nothing(client, desk):
    asked = {"person": "wang.fang", "token": "start", "values": {"contact": "138"}}
    answer = client.post("/api/form?language=en", json=asked, headers={"x-closeloop": "1"})

    values = {one["id"]: one["value"] for one in answer.json()["form"]["questions"]}
    assert values["contact"] == "138"
    assert desk.log == []
    for wrong in ({**asked, "values": []}, {**asked, "values": None}, {**asked, "token": 7}):
        assert client.post("/api/form", json=wrong, headers={"x-closeloop": "1"}).status_code == 422
