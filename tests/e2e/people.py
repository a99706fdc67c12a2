"""People who work at the playground through the requests of its page, without a browser.

They can press only what was rendered for them, and fill only the form that this opened.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

LIMIT_S = 20.0
MARK = {"x-closeloop": "1"}


@dataclass(slots=True)
class Requests:
    """The requests of the page to one playground."""

    address: str
    language: str = "en"

    def person(self, id_: str) -> Persona:
        return Persona(self, id_)

    def moves_on(self) -> None:
        """To what happens next."""
        self.post("/api/clock", move="next")

    def get(self, path: str, **query: str) -> Any:
        return self._ask("GET", f"{path}?{urlencode({'language': self.language, **query})}")

    def post(self, path: str, **body: Any) -> Any:
        headers = {**MARK, "content-type": "application/json"}
        return self._ask("POST", f"{path}?language=en", json.dumps(body).encode(), headers)

    def does(self, person: str, **intent: Any) -> Any:
        key = secrets.token_hex(8)
        return self.post("/api/intents", person=person, key=key, language="en", **intent)

    def content(self, path: str) -> bytes:
        """What is downloaded there."""
        connection, answer = self._open("GET", path)
        content: bytes = answer.read()
        connection.close()
        assert answer.status == 200, (path, content.decode())
        return content

    def upload(self, person: str, name: str, content: bytes) -> str:
        """The id of the file."""
        parts = (
            b'--b\r\nContent-Disposition: form-data; name="person"\r\n\r\n' + person.encode(),
            b'--b\r\nContent-Disposition: form-data; name="file"; '
            b'filename="' + name.encode() + b'"\r\n\r\n' + content,
            b"--b--\r\n",
        )
        headers = {**MARK, "content-type": "multipart/form-data; boundary=b"}
        file = self._ask("POST", "/api/files?language=en", b"\r\n".join(parts), headers)
        return str(file["id"])

    def until(self, seen: Callable[[], Any]) -> Any:
        """What is seen, as soon as there is something: looks again after every change."""
        by = time.monotonic() + LIMIT_S
        while time.monotonic() < by:
            revision = self.get("/api/world")["revision"]
            found = seen()
            if found:
                return found
            self._changed(after=revision)
        raise AssertionError(f"it does not come: {seen()}")

    def _changed(self, *, after: int) -> None:
        connection, answer = self._open("GET", f"/api/changes?after={after}")
        answer.readline()  # a change, or a sign of life after a while
        connection.close()

    def _ask(self, *request: Any) -> Any:
        connection, answer = self._open(*request)
        content = answer.read()
        connection.close()
        assert answer.status == 200, (request, content.decode())
        return json.loads(content)

    def _open(self, method: str, path: str, body: Any = None, headers: Any = None) -> Any:
        place = urlsplit(self.address)
        connection = HTTPConnection(str(place.hostname), place.port, timeout=LIMIT_S)
        connection.request(method, quote(path, safe="/?&=%+"), body=body, headers=headers or {})
        return connection, connection.getresponse()


@dataclass(slots=True)
class Persona:
    """One person, by the id that the directory knows."""

    requests: Requests
    id: str

    @property
    def key(self) -> str:
        people = self.requests.get("/api/world")["people"]
        return next(str(person["key"]) for person in people if person["id"] == self.id)

    def files(self, command: str, *, route: Sequence[str] = (), **values: object) -> str:
        """Files a case, once the form shows this route; its number."""
        form = self._opens(command)
        shown = {"person": self.key, "token": form["token"], "values": values}
        asked = self.requests.post("/api/form", **shown)["form"] if route else form
        lines = " ".join(line["text"] for line in asked["route"])
        for step in route:
            assert step in lines, (step, lines)
        return str(self._sends(form, values)["case_id"])

    def asks_for(self, command: str, **values: object) -> Any:
        """Types a command and fills the form that it opens."""
        return self._sends(self._opens(command), values)

    def presses(self, verb: str, case: str, **values: object) -> None:
        """Presses the newest button of this verb about the case, and fills the form it opens."""
        self._press(self.requests.until(lambda: self._token(verb, case)), values)

    def presses_on_page(self, verb: str, case: str, **values: object) -> None:
        """Presses the button of this verb on the page of the case, and fills the form it opens."""
        may = self.case(case)["may"]
        tokens = [str(button["token"]) for button in may if button["verb"] == verb]
        assert tokens, f"no {verb} among {[button['verb'] for button in may]}"
        self._press(tokens[0], values)

    def verbs(self, case: str) -> set[str]:
        """Every verb that can be pressed in the chat about this case."""
        return {str(button["verb"]) for button in self._buttons(case)}

    def case(self, case: str) -> Any:
        """The page of a case."""
        return self.requests.get(f"/api/case/{case}", person=self.key)

    def documents(self, case: str) -> list[str]:
        """Where the documents of a case are."""
        return [str(one["url"]) for one in self.case(case)["documents"]]

    def sees(self, words: str) -> bool:
        """Whether something in their chat says this."""
        chat = self.requests.get("/api/chat", person=self.key)
        return words in json.dumps(chat, ensure_ascii=False)

    def says(self, text: str, *, case: str, files: Sequence[str] = ()) -> None:
        self.requests.does(self.key, type="said", text=text, case=case, files=[*files])

    def uploads(self, name: str, content: bytes) -> str:
        return self.requests.upload(self.key, name, content)

    def _opens(self, command: str) -> Any:
        return self.requests.does(self.key, type="said", text=command)["form"]

    def _token(self, verb: str, case: str) -> str | None:
        tokens = [str(one["token"]) for one in self._buttons(case) if one["verb"] == verb]
        return tokens[-1] if tokens else None

    def _buttons(self, case: str) -> list[Any]:
        messages = self.requests.get("/api/chat", person=self.key)["messages"]
        cards = [one["card"] for one in messages if one["card"] and one["case"] == case]
        return [button for card in cards for button in (*card["buttons"], *card["more"])]

    def _press(self, token: str, values: dict[str, object]) -> None:
        answer = self.requests.does(self.key, type="pressed", token=token)
        if answer["form"]:
            self._sends(answer["form"], values)

    def _sends(self, form: Any, values: dict[str, object]) -> Any:
        questions = {one["id"]: one["value"] for one in form["questions"]}
        assert set(values) <= set(questions), f"the form asks for {sorted(questions)}"
        filled = {id_: value for id_, value in questions.items() if value is not None}
        filled.update(values)
        answer = self.requests.does(self.key, type="submitted", token=form["token"], values=filled)
        assert not answer["problems"], answer
        return answer
