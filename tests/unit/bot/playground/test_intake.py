"""What the page sends: checked, measured while it arrives, and handed to the desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from handlers.intents import Pressed, Said, Submitted
from tests.fakes.playground_page import MARKED, intent, words

MEGABYTE = 1024 * 1024
FORM_DATA = {"content-type": "multipart/form-data; boundary=b"}


def test_what_a_person_does_reaches_the_desk(client, desk):
    said = intent(type="said", text="/complaint 破损", case=None, files=[])
    pressed = intent(type="pressed", token="details:C-2026-0042")
    submitted = intent(
        type="submitted", token="complaint", values={"customer": "A", "evidence": ["f1"]}
    )
    answers = [
        client.post("/api/intents", json=body, headers=MARKED)
        for body in (said, pressed, submitted)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    common: dict[str, Any] = {
        "person": "wang.fang",
        "via": "playground",
        "key": "k1",
        "language": "en",
    }
    values = {"customer": "A", "evidence": ["f1"]}
    assert desk.log == [
        Said(**common, text="/complaint 破损"),
        Pressed(**common, token="details:C-2026-0042"),
        Submitted(**common, token="complaint", values=values),
    ]
    form, card, problems = (answer.json() for answer in answers)
    assert form["form"]["questions"][0]["id"] == "customer"
    assert card["cards"][0]["buttons"][0]["verb"] == "urge"
    assert "contact" in problems["problems"]


@pytest.mark.parametrize(
    "body",
    [
        intent(type="shouted"),
        intent(type="said", text=7),
        intent(type="said", text="a", files="f1"),
        intent(type="said", text="a", files=[1]),
        intent(type="said", text="a", case=5),
        intent(type="pressed"),
        intent(type="pressed", token="t", key=""),
        intent(type="pressed", token="t", key="k" * 201),
        intent(type="pressed", token="t", language="fr"),
        intent(type="pressed", token="t", person=None),
        intent(type="submitted", token="t"),
        intent(type="submitted", token="t", values=["a"]),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(client, desk, body):
    answer = client.post("/api/intents?language=en", json=body, headers=MARKED)

    assert answer.status_code == 422
    assert "makes no sense" in answer.json()["problem"]
    assert desk.log == []


@pytest.mark.parametrize("value", [5, [5], {"name": "x"}, None, [{"id": "f1"}]])
def test_what_a_field_takes_is_left_to_its_form_which_can_name_it(client, desk, value):
    body = intent(type="submitted", token="t", values={"a": value})
    answer = client.post("/api/intents?language=en", json=body, headers=MARKED)

    assert answer.status_code == 200
    assert desk.log[-1].values == {"a": value}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_bad_json_is_refused(client, content):
    answer = client.post("/api/intents", content=content, headers=MARKED)

    assert answer.status_code == 400
    assert answer.json() == {"problem": words("zh")["ui.problem.json"]}


def test_half_an_emoji_is_a_question_mark(client, desk):
    """What could not be stored or shown again would take the whole chat of a person with it."""
    body = '{"person": "wang.fang", "key": "k", "type": "said", "text": "a\\ud83d b", "files": []}'
    answer = client.post("/api/intents", content=body, headers=MARKED)

    assert answer.status_code == 200
    assert [said.text for said in desk.log] == ["a? b"]


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536):
        yield b"x" * 65536


def test_too_much_json_is_refused_announced_or_not(client):
    announced = client.post("/api/intents", content=b"x" * 300_000, headers=MARKED)
    streamed = client.post("/api/intents", content=chunks(400_000), headers=MARKED)

    assert (announced.status_code, streamed.status_code) == (413, 413)


def test_reading_clock_and_reset_reach_the_desk(client):
    before = client.get("/api/world").json()
    read = client.post("/api/read", json={"person": "wang.fang", "case": None}, headers=MARKED)
    moved = client.post("/api/clock", json={"move": "two_days"}, headers=MARKED)
    after = client.get("/api/world").json()
    wrong = client.post("/api/clock", json={"move": "year"}, headers=MARKED)
    full = client.post("/api/sample", json={"sample": "year"}, headers=MARKED)
    client.post("/api/reset", json={}, headers=MARKED)
    empty = client.get("/api/world").json()["cases"]
    unknown = client.post("/api/sample", json={"sample": "month"}, headers=MARKED)
    filled = client.post("/api/sample", json={"sample": "year"}, headers=MARKED)

    assert read.status_code == 200
    assert moved.json()["happened"]
    assert before["people"][0]["unread"] == 1
    assert after["people"][0]["unread"] == 0
    assert wrong.status_code == 422
    assert empty == []
    assert (full.status_code, unknown.status_code, filled.status_code) == (422, 422, 200)
    assert "试用间里已有事项" in full.json()["problem"]
    assert client.get("/api/world").json()["sample"]


# ---------------------------------------------------------------- uploads


def send(client: TestClient, name: str, content: Any, **more: Any) -> Any:
    return client.post(
        "/api/files?language=en",
        data={"person": "wang.fang"},
        files={"file": (name, content)},
        headers=MARKED,
        **more,
    )


def test_an_upload_is_kept_and_named(client, desk):
    answer = send(client, "外箱 照片.png", b"png")

    assert answer.json() == {
        "id": "f1",
        "name": "外箱 照片.png",
        "media_type": "image/png",
        "size": 3,
    }
    assert desk.files["f1"][1] == b"png"


def test_the_limit_of_an_upload_is_exact(client, desk):
    fits = send(client, "a.png", b"x" * (10 * MEGABYTE))
    over = send(client, "a.png", b"x" * (10 * MEGABYTE + 1))

    assert fits.status_code == 200
    assert (over.status_code, "10 MB" in over.json()["problem"]) == (413, True)
    assert len(desk.files) == 1


def test_an_upload_of_unknown_length_is_stopped_on_the_way(client, desk):
    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        yield from chunks(64 * MEGABYTE)

    headers = {**MARKED, "content-type": "multipart/form-data; boundary=b"}
    answer = client.post("/api/files", content=body(), headers=headers)

    assert answer.status_code == 413
    assert desk.files == {}


def test_a_wrong_kind_of_file_is_refused_in_the_asked_language(client):
    answer = send(client, "tool.exe", b"MZ")

    assert answer.status_code == 415
    assert "tool.exe" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "application/json"}, b"{}", 400),
        ({"content-type": "multipart/form-data"}, b"", 400),
        (
            FORM_DATA,
            b"--b\r\nA: b\r\n\r\nc\r\n--b--",
            400,
        ),
        (FORM_DATA, b"--b\r\ncut short", 400),
        (
            FORM_DATA,
            b'--b\r\nContent-Disposition: form-data; name="person"\r\n\r\nwang.fang\r\n--b--\r\n',
            422,
        ),
    ],
)
def test_an_upload_that_is_none_is_refused(client, headers, content, status):
    answer = client.post("/api/files", content=content, headers={**MARKED, **headers})

    assert answer.status_code == status
    assert answer.json()["problem"]
