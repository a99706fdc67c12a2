"""What outlives the bot: a platform's messages and the time. All of it is files of one folder."""

from __future__ import annotations

import itertools
import json
import os
import secrets
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.platforms.playground.client import PlaygroundChat
from bot.system import pause
from handlers.conversation.ports import Delivery
from handlers.pages import Card
from handlers.tokens import read_token
from workflows.errors import Permanent
from workflows.moments import Moment, moment_of

START = moment_of(datetime(2026, 3, 2, 1, tzinfo=UTC))  # Monday, 09:00 in Shanghai
ON_THE_WAY_S = 0.005
TWICE = "twice"  # with a file of this name, every message arrives twice; the bot knows of the first


class Time:
    """A clock that only the story moves, the same for every process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "time"

    def now(self) -> Moment:
        return int(self._file.read_text()) if self._file.exists() else START

    def passes(self, until: Moment) -> None:
        """It is never put back."""
        new = self._file.with_name(f"time of {os.getpid()}")
        new.write_text(str(max(self.now(), until)))
        new.replace(self._file)


@dataclass(slots=True)
class Posted:
    """A message on the platform."""

    ref: str
    token: str
    person: str
    shown: list[str]  # kind, title, and what can be pressed
    buttons: list[str]


class Platform(PlaygroundChat):
    """A platform that knows no tokens: whatever is posted twice stands there twice."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "posted"
        self._copies = 2 if (folder / TWICE).exists() else 1

    async def post(self, delivery: Delivery) -> str:
        await pause(ON_THE_WAY_S)
        refs = [secrets.token_hex(8) for _ in range(self._copies)]
        for ref in refs:
            self._add(ref, delivery, token=delivery.token, person=delivery.to.person)
        return refs[0]

    async def update(self, ref: str, delivery: Delivery) -> None:
        await pause(ON_THE_WAY_S)
        if ref not in self.messages():
            raise Permanent("message_gone")
        self._add(ref, delivery)

    def messages(self) -> dict[str, Posted]:
        """Every message by its ref, oldest first."""
        found: dict[str, Posted] = {}
        for record in self._records():
            if "token" in record:
                found[record["ref"]] = Posted(**record)
            else:
                found[record["ref"]].shown = record["shown"]
                found[record["ref"]].buttons = record["buttons"]
        return found

    def button(self, person: str, verb: str, *, old: AbstractSet[str]) -> str:
        """The token of this person's newest button with this verb, "" where there is none (yet).

        Those in `old` have been pressed and did nothing.
        """
        for message in reversed(self.messages().values()):
            for token in message.buttons if message.person == person else ():
                if read_token(token).verb == verb and token not in old:
                    return token
        return ""

    def _add(self, ref: str, delivery: Delivery, **more: str) -> None:
        record = {"ref": ref, **_looks(delivery.cards["zh"]), **more}
        file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:  # what a kill cut short is no record, and spoils no other
            os.write(file, b"\n" + json.dumps(record).encode() + b"\n")
        finally:
            os.close(file)

    def _records(self) -> Iterator[dict[str, Any]]:
        if not self._file.exists():
            return
        for line in self._file.read_bytes().split(b"\n"):
            if line.startswith(b"{") and line.endswith(b"}"):
                yield json.loads(line)


def _looks(card: Card) -> dict[str, list[str]]:
    tokens = [button.token for button in itertools.chain(card.buttons, card.more)]
    verbs = [read_token(token).verb for token in tokens]
    return {"shown": [card.kind, card.title, *verbs], "buttons": tokens}
