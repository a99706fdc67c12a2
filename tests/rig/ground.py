"""Where the rig runs: the databases, the processes on them, and the score that is kept."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from tests.contract.moving import moved
from tests.house.source import ROOT
from tests.postgres import Server
from tests.rig.outside import Platform
from tests.rig.scenario import Order
from tests.rig.stories import STORIES

# What the people of one story remember, and what is noted at its end.
OF_ONE_STORY = ("answered", "pressed *", "sent *", "*.json")

EVERY = os.environ.get("CLOSELOOP_TEST_RIG") == "all"


class Zygote:
    """Starts processes that play the story."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout

    def run(self, order: Order) -> int:
        """One process, and how it ended."""
        return self.ended(self.start(order))

    def start(self, order: Order) -> int:
        """The id of a new process."""
        return self._ask(asdict(order))

    def ended(self, pid: int) -> int:
        """How a process ended, or that it stopped."""
        return self._ask(pid)

    def _ask(self, what: object) -> int:
        self._in.write(f"{json.dumps(what)}\n")
        self._in.flush()
        return int(self._out.readline())


@contextlib.contextmanager
def running_zygote() -> Iterator[Zygote]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rig.zygote"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Place:
    """A database of one's own, and the folder of what outlives the processes on it."""

    url: str
    folder: Path

    def order(self, task: Any, **more: str) -> Order:
        return Order(task=task, url=self.url, folder=str(self.folder), **more)

    def read(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text())

    def tell(self, word: str) -> None:
        (self.folder / word).touch()

    def posted(self) -> list[str]:
        """The token of every message in the order in which they were posted."""
        return [message.token for message in Platform(self.folder).messages().values()]

    def copies(self) -> dict[str, int]:
        """The messages that were posted more than once."""
        return {token: n for token, n in Counter(self.posted()).items() if n > 1}


class Ground(Protocol):
    """One kind of database."""

    name: str
    zygote: Zygote

    def place(
        self, name: str, *, story: str = "complaint"
    ) -> contextlib.AbstractContextManager[Place]:
        """A new place with the sample company in force, and all that comes before a story."""
        ...

    def copied(self, begun: Path) -> contextlib.AbstractContextManager[Place]:
        """A new place with what a folder has: an SQLite database, files and the time."""
        ...


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'rig.db'}"


def _play_before(story: str, place: Place, zygote: Zygote) -> None:
    """Play the stories that come before one, from the first on, in a new place."""
    after = STORIES[story].after
    if not after:
        return
    _play_before(after, place, zygote)
    assert zygote.run(place.order("alone", story=after)) == 0, f"{after} was not played"
    for file in itertools.chain.from_iterable(map(place.folder.glob, OF_ONE_STORY)):
        file.unlink()


class SqliteGround:
    name = "SQLite"

    def __init__(self, zygote: Zygote, folder: Path) -> None:
        self.zygote = zygote
        self._folder = folder

    @contextlib.contextmanager
    def place(self, name: str, *, story: str = "complaint") -> Iterator[Place]:
        folder = self._folder / name
        shutil.copytree(self._begun(story), folder)
        yield Place(sqlite_url(folder), folder)
        shutil.rmtree(folder)

    @contextlib.contextmanager
    def copied(self, begun: Path) -> Iterator[Place]:
        folder = self._folder / f"copy of {begun.name}"
        shutil.copytree(begun, folder)
        yield Place(sqlite_url(folder), folder)
        shutil.rmtree(folder)

    def _begun(self, story: str) -> Path:
        """The folder of a database with all that comes before a story, made once."""
        folder = self._folder / f"before {STORIES[story].after or 'all'}"
        if not folder.exists():
            folder.mkdir()
            place = Place(sqlite_url(folder), folder)
            assert self.zygote.run(Order(task="prepare", url=place.url)) == 0
            _play_before(story, place, self.zygote)
        return folder


class PostgresGround:
    name = "PostgreSQL"

    def __init__(self, zygote: Zygote, folder: Path, server: Server) -> None:
        self.zygote = zygote
        self._folder = folder
        self._server = server

    @contextlib.contextmanager
    def place(self, name: str, *, story: str = "complaint") -> Iterator[Place]:
        begun = self._folder / f"before {STORIES[story].after or 'all'}"

        def prepare(url: str) -> None:
            begun.mkdir()
            assert self.zygote.run(Order(task="prepare", url=url)) == 0
            _play_before(story, Place(url, begun), self.zygote)

        folder = self._folder / name
        url = self._server.fresh(f"rig {begun.name}", prepare)
        shutil.copytree(begun, folder)
        yield Place(url, folder)
        self._server.drop(url)
        shutil.rmtree(folder)

    @contextlib.contextmanager
    def copied(self, begun: Path) -> Iterator[Place]:
        folder = self._folder / f"copy of {begun.name}"
        shutil.copytree(begun, folder)
        url = self._server.fresh()
        asyncio.run(moved(sqlite_url(folder), url))
        yield Place(url, folder)
        self._server.drop(url)
        shutil.rmtree(folder)


@dataclass(slots=True)
class Score:
    """What a test counts, for the summary of `make rig`."""

    what: str
    points: int = 0
    passed: int = 0
    unmarked: int = 0  # messages that were sent and not marked at a kill
    twice: int = 0
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def record(self) -> dict[str, Any]:
        self.seconds = time.monotonic() - self.began
        return asdict(self)


def amiss(place: Place, unharmed: Any, score: Score, *, late: Sequence[str] = ()) -> object:
    """What is not as it must be after the kill; a false value when all is well.

    A message may come twice when the kill met it sent and not yet marked, and only then; or when it
    was sent late, by a process that had slept.
    """
    copies, unmarked = place.copies(), {*place.read("unmarked"), *late}
    score.twice += sum(copies.values()) - len(copies)
    score.unmarked += len(unmarked)
    if place.read("seen") != unharmed:
        return place.read("seen")
    return {token: n for token, n in copies.items() if n > 2 or token not in unmarked}
