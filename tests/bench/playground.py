"""From a click in the playground to the card that shows what became of it."""

from __future__ import annotations

import contextlib
import json
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.decisions import COMPLAINT
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table
from tests.rig.programs import closeloop

ROUNDS = 3
CLICKS = 30  # in each round; every one is in the chat from then on
WARM = 5
PAUSE_S = 0.1
LIMIT_S = 20.0


def measure(ground: Ground) -> Iterator[Table]:
    """Complaint after complaint is filed and claimed, by HTTP as the page does."""
    folder = ground.place("playground")
    with opened(folder, flush=FLUSH_US if ground.slow else 0) as page:
        for _ in range(WARM):
            page.click()
        rounds = [_round(page) for _ in range(ROUNDS)]
    bare, answered, shown = (
        [[getattr(click, name) for click in one] for one in rounds]
        for name in ("bare", "answered", "shown")
    )
    base = [statistics.median(one) for one in bare]
    yield Table(
        "click to updated card",
        "ms",
        [
            Line("an empty request, p50", base),
            Line("answer to the click, p50", [_at(one, 50) for one in answered], base),
            Line("updated card, p50", [_at(one, 50) for one in shown], base),
            Line("updated card, p99", [_at(one, 99) for one in shown], base),
            Line("  the same in ms, of all", [_at([*chain(*shown)], 99)]),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Click:
    """Milliseconds: of an empty request just before, until the answer, until the card."""

    bare: float
    answered: float
    shown: float


def _round(page: Page) -> list[_Click]:
    return [page.click() for _ in range(CLICKS)]


def _at(values: list[float], percent: int) -> float:
    """The value that so many per cent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


@dataclass(slots=True)
class Page:
    """What the page in the browser does, without drawing anything."""

    url: str
    name: str = "page"
    listens: bool = True
    _connection: HTTPConnection = field(init=False)
    _changed: threading.Event = field(default_factory=threading.Event)
    _sent: int = 0

    def __post_init__(self) -> None:
        place = urlsplit(self.url)
        self._connection = HTTPConnection(str(place.hostname), place.port, timeout=LIMIT_S)
        if self.listens:
            threading.Thread(target=self._listen, daemon=True).start()

    def file(self) -> None:
        """A new complaint."""
        opened = self._does("wang.fang", type="said", text="/complaint")
        answer = self._does(
            "wang.fang", type="submitted", token=opened["form"]["token"], values=COMPLAINT
        )
        assert not answer["problems"], answer

    def claims(self, count: int) -> list[str]:
        """The tokens of so many complaints that can be claimed, once their cards are there."""
        self._until(lambda: len(self._claims()) >= count)
        return self._claims()

    def claim(self, token: str) -> float:
        """Seconds until the answer to a claim."""
        started = time.perf_counter()
        answer = self._does("liu.yang", type="pressed", token=token)
        assert answer["tone"] == "good", answer
        return time.perf_counter() - started

    def ask_nothing(self) -> float:
        """Seconds until the answer to an empty request."""
        started = time.perf_counter()
        self._ask("GET", "/healthz")
        return time.perf_counter() - started

    def click(self) -> _Click:
        """Claim a new complaint; time passes until its card cannot be claimed any more."""
        self.file()
        self._until(self._claims)
        (token,) = self._claims()
        time.sleep(PAUSE_S)  # the others have their cards, too
        at = [time.perf_counter()]
        self._ask("GET", "/healthz")
        at.append(time.perf_counter())
        self._changed.clear()
        self._does("liu.yang", type="pressed", token=token)
        at.append(time.perf_counter())
        self._until(lambda: token not in self._claims())
        at.append(time.perf_counter())
        bare, answered, shown = at[1] - at[0], at[2] - at[1], at[3] - at[1]
        return _Click(bare * 1000, answered * 1000, shown * 1000)

    def _until(self, seen: Any) -> None:
        """Look, and look again whenever something has changed."""
        limit = time.perf_counter() + LIMIT_S
        while not seen():
            assert time.perf_counter() < limit, "the card does not come"
            self._changed.wait(1)
            self._changed.clear()

    def _claims(self) -> list[str]:
        """The tokens of what the desk may claim now, the oldest first."""
        chat = self._json("GET", f"/api/chat?person={self._key('liu.yang')}&language=zh")
        cards = [message["card"] for message in chat["messages"] if message["card"]]
        buttons = [button for card in cards for button in card["buttons"]]
        return [button["token"] for button in buttons if button["verb"] == "claim"]

    def _does(self, who: str, **what: Any) -> Any:
        self._sent += 1
        nothing: dict[str, Any] = {"text": "", "case": None, "files": [], "token": "", "values": {}}
        intent = {"person": self._key(who), "key": f"{self.name} {self._sent}", "language": "zh"}
        return self._json("POST", "/api/intents", {**nothing, **intent, **what})

    def _key(self, person_id: str) -> str:
        if person_id not in _KEYS:
            world = self._json("GET", "/api/world?language=zh")
            _KEYS.update({person["id"]: person["key"] for person in world["people"]})
        return _KEYS[person_id]

    def _json(self, method: str, path: str, body: Any = None) -> Any:
        return json.loads(self._ask(method, path, body))

    def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        headers = {"content-type": "application/json", "x-closeloop": "1"}
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, body=text, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content

    def _listen(self) -> None:
        with urllib.request.urlopen(f"{self.url}api/changes?after=0", timeout=300) as stream:
            for line in stream:
                if line.startswith(b"data"):
                    self._changed.set()


_KEYS: dict[str, str] = {}


@contextlib.contextmanager
def opened(folder: Path, *, flush: int) -> Iterator[Page]:
    """A playground in a process of its own, ended at the end."""
    arguments = ("playground", "--port", "0", "--data", "data", "--no-browser")
    with closeloop(*arguments, folder=folder, FLUSH_DELAY_US=str(flush)) as program:
        yield Page(program.line())
        program.stop()


MEASUREMENT = Measurement(
    name="playground",
    about="from a click to the card that shows it, by HTTP",
    measure=measure,
)
