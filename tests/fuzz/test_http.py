"""Over real sockets, against a real playground: no request brings a 5xx, an error, or memory."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.raw import Json, anything, mutated, texts
from tests.rig.programs import Program, closeloop, get
from tests.stories.deeds import ONE_PIXEL

GROWS_MB = 150  # at most, over all of these requests
SLOW_S = 30.0
PATHS = (
    *("/", "/api/world", "/api/chat", "/api/case/C-2026-0001", "/api/preview", "/api/texts"),
    *("/api/intents", "/api/files", "/api/read", "/api/clock", "/files/x", "/static/app.js"),
    *("/healthz", "/readyz", "/metrics", "/static/../../etc/passwd", "//", "/api/rehearsals"),
    *("*", "http://other.example.com/", "/%00", "/%ff%fe", "/api/changes", "/" + "a" * 3000),
)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "x", "")
HEADERS = (
    *(
        "accept-language",
        "origin",
        "content-type",
        "if-none-match",
        "range",
        "cookie",
        "x-closeloop",
    ),
    *("last-event-id", "expect", "upgrade", "connection", "x-forwarded-proto", "te", "host"),
)
FORBIDDEN = re.compile(r"[\r\n\x00]")


class Street:
    """A playground that runs, and its people."""

    def __init__(self, program: Program, url: str) -> None:
        self.program = program
        self.host = url.removeprefix("http://").rstrip("/")
        world = json.loads(get(f"{url}api/world?language=en")[1])
        self.people = [one["key"] for one in world["people"]]
        self.times = 0
        self.began_with = self.memory()

    def memory(self) -> int:
        """MB of the process."""
        status = Path(f"/proc/{self.program.process.pid}/status")
        if not status.exists():  # not on Linux
            return 0
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
        return int(found[1]) // 1024 if found else 0

    def says(self, request: bytes) -> int:
        """The status of the answer to these bytes; 0 when there is none."""
        name, port = self.host.split(":")
        with socket.create_connection((name, int(port)), timeout=SLOW_S) as line:
            try:
                line.sendall(request)
                answer = line.makefile("rb").readline()
            except ConnectionError:
                return 0
        return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else 0

    def asks(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> int:
        """The status of a request of the page's own kind."""
        lines = {
            "Host": self.host,
            "Connection": "close",
            "X-Closeloop": "1",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        start = f"{method} {path} HTTP/1.1\r\n{head}\r\n"
        return self.says(start.encode(errors="replace") + body)

    def posts(self, path: str, value: Any) -> None:
        """JSON is answered, and not by a defect."""
        kind = {"Content-Type": "application/json"}
        status = self.asks("POST", path, json.dumps(value).encode(), kind)
        assert 200 <= status < 500

    def intents(self) -> list[Json]:
        """What people of the page do."""
        self.times += 1
        who = {"person": self.people[self.times % len(self.people)], "key": f"k{self.times}"}
        said: Json = {"type": "said", "text": "/complaint 箱子是湿的", "case": None, "files": []}
        values = {"customer": "Acme", "contact": "1", "channel": "phone", "product": "A"}
        return [
            {**who, "language": "en", **said},
            {**who, "type": "said", "text": "/tasks"},
            {**who, "type": "pressed", "token": "start|||complaint"},
            {**who, "type": "pressed", "token": "details|C-2026-0001||"},
            {**who, "type": "submitted", "token": "start|||complaint", "values": values},
        ]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    asked = ("playground", "--port", "0", "--data", "data", "--no-browser")
    with closeloop(*asked, folder=folder) as program:
        url = program.line()
        assert url, program.said()
        found = Street(program, url)
        yield found
        assert get(f"{url}healthz")[0] == 200
        grown = found.memory() - found.began_with
        assert program.stop() == 0
        assert not [one for one in program.records() if one["level"] in {"error", "critical"}]
        assert grown < GROWS_MB


def plain(text: str) -> str:
    return FORBIDDEN.sub("", text).encode(errors="replace").decode()


requests = st.tuples(
    st.sampled_from(METHODS),
    st.one_of(
        st.sampled_from(PATHS), texts.map(lambda text: "/" + quote(text.encode(errors="replace")))
    ),
    st.dictionaries(
        st.sampled_from(["person", "language", "message", "platform", "after", "x"]),
        texts.map(plain),
        max_size=3,
    ).map(lambda query: f"?{urlencode(query)}" if query else ""),
)


@given(
    request=requests,
    headers=st.dictionaries(st.sampled_from(HEADERS), texts.map(plain), max_size=3),
    body=st.binary(max_size=100),
)
def test_any_request_is_answered(
    street: Street, request: tuple[str, str, str], headers: dict[str, str], body: bytes
) -> None:
    method, path, query = request

    assert street.asks(method, path + query, body, headers) < 500


@given(lines=st.lists(st.binary(max_size=60), max_size=5), start=st.sampled_from(["", "GET / "]))
def test_any_bytes_are_answered(street: Street, lines: list[bytes], start: str) -> None:
    request = start.encode() + b"\r\n".join(lines).replace(b"ontent-", b"").replace(b":", b";")

    assert street.says(request + b"\r\n\r\n\r\n") < 500


@given(data=st.data())
def test_any_intent_is_answered(street: Street, data: st.DataObject) -> None:
    street.posts("/api/intents", data.draw(mutated(street.intents())))


@given(path=st.sampled_from(["/api/intents", "/api/read", "/api/clock"]), value=anything)
def test_any_json_is_answered(street: Street, path: str, value: Any) -> None:
    street.posts(path, value)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
CONTENTS = (
    ONE_PIXEL,
    PDF,
    b"PK\x03\x04" + b"\x00" * 60,
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"GIF89a",
)


uploads = st.tuples(st.sampled_from(CONTENTS), st.integers(0, 100), st.binary(max_size=20)).map(
    lambda made: made[0][: made[1]] + made[2] + made[0][made[1] :]
)


@given(
    content=uploads,
    name=texts.map(plain),
    odd=st.sampled_from(["", "person", "file", "boundary"]),
)
def test_any_upload_is_answered(street: Street, content: bytes, name: str, odd: str) -> None:
    street.times += 1
    person = "nobody" if odd == "person" else street.people[street.times % len(street.people)]
    field = "other" if odd == "file" else "file"
    quoted = name.replace('"', "%22")
    body = (
        f'--b\r\nContent-Disposition: form-data; name="person"\r\n\r\n{person}\r\n--b\r\n'
        f'Content-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n\r\n'
    ).encode() + content + b"\r\n--b--\r\n"  # fmt: skip
    kind = f"multipart/form-data; boundary={'x' if odd == 'boundary' else 'b'}"

    assert 200 <= street.asks("POST", "/api/files", body, {"Content-Type": kind}) < 500
