"""What a fake Desk knows and shows, without what people can do."""

import asyncio
import zlib
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter

from handlers.intents import Intent
from handlers.pages import FILE_MOST
from handlers.playground.page import PageCase, PageChat, PageMoved, PageWorld
from tests.fakes import playground_cast as cast
from tests.fakes import playground_story as story
from tests.fakes import playground_views as views
from tests.fakes.playground_cast import NAMES, L, say
from tests.fakes.playground_messages import message, messages
from tests.fakes.playground_rehearsals import PROCESSES, FakeRehearsals
from workflows.errors import Refusal
from workflows.moments import HOUR, Moment, from_iso, in_zone, iso
from workflows.records import StoredFile

WORLD, CHAT, CASE = TypeAdapter(PageWorld), TypeAdapter(PageChat), TypeAdapter(PageCase)
TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def picture(size: int = 48) -> bytes:
    """A small PNG: a box on a floor."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            inside = 12 <= x < 36 and 16 <= y < 38
            rows += bytes(
                (196, 148, 92) if inside else (122, 128, 130) if y > 34 else (216, 222, 224)
            )
    head = size.to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(bytes(rows)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + body + _chunk(b"IEND", b"")


class Stage(FakeRehearsals):
    """The state of the fake playground, and all there is to see of it."""

    def __init__(self, *, empty: bool = False) -> None:
        super().__init__(self._turn)
        self.empty = empty
        self._filled = False
        self.log: list[Intent] = []
        self.files: dict[str, tuple[StoredFile, bytes]] = {}
        self._revision = self._committed = 1
        self._waiting = asyncio.Event()
        self.listening = asyncio.Event()  # somebody waits for changes
        self._begin()

    def _begin(self) -> None:
        self._now = views.start_time()
        self._cases = [] if self.empty else story.cases()
        self._messages = messages(self._cases) if self._cases else []

    def _touch(self) -> None:
        self._committed = self._revision + 1
        self._turn()

    def _turn(self) -> None:
        self._revision += 1
        waiting, self._waiting = self._waiting, asyncio.Event()
        waiting.set()

    def now(self) -> Moment:
        return self._now

    # ---------------------------------------------------------------- looking

    async def world(self, *, language: str) -> PageWorld:
        state, text = views.office(self._now)
        people = [
            {
                **person,
                "unread": sum(m["unread"] for m in self._messages if m["person"] == person["key"]),
                "tasks": sum(
                    person["key"] in one["owners"]
                    for one in self._cases
                    if one["status"] == "running"
                ),
            }
            for person in cast.PEOPLE
        ]
        here = in_zone(self._now, views.ZONE)
        seen: dict[str, Any] = {
            "now": iso(self._now),
            "now_text": f"{here:%H:%M}",
            "day_text": views.clock_text(self._now),
            "zone": "Asia/Shanghai",
            "office": state,
            "office_text": text,
            "next": self._next(),
            "late": None,
            "idle_text": L("没有要到期的事。", "Nothing is due."),
            "file_most": FILE_MOST,
            "revision": self._revision,
            "company": L("远山器物有限公司", "Yuanshan Goods"),
            "people": people,
            "commands": cast.COMMANDS,
            "offers": cast.OFFERS,
            "processes": PROCESSES,
            "cases": [views.case_line(one, self._now) for one in self._cases],
            "sample": L("已载入一年的工作。", "A year of work is loaded.") if self._filled else "",
        }
        return WORLD.validate_python(say(seen, language))

    def _next(self) -> dict[str, Any] | None:
        steps = [
            {**step, "case": one["id"], "person": (one["owners"] or [None])[0]}
            for one in self._cases
            for step in views.ahead(one, self._now)
        ]
        return min(steps, key=lambda step: str(step["at"])) if steps else None

    async def chat(self, *, person: str, language: str) -> PageChat:
        self._known(person)
        mine = [m for m in self._messages if m["person"] == person]
        shown = [
            {
                **m,
                "author_name": NAMES.get(m["author"], "closeloop"),
                "at_text": f"{in_zone(from_iso(m['at']), views.ZONE):%H:%M}",
                "edited_text": L("已编辑", "edited") if m["edited"] else "",
            }
            for m in mine
        ]
        talks = [None, *dict.fromkeys(m["case"] for m in reversed(mine) if m["case"])]
        one = next(p for p in (await self.world(language=language)).people if p.key == person)
        seen = {
            "person": one,
            "messages": shown,
            "conversations": [self._talk(mine, t) for t in talks],
        }
        return CHAT.validate_python(say(seen, language))

    def _talk(self, mine: list[dict[str, Any]], case_id: str | None) -> dict[str, Any]:
        inside = [m for m in mine if case_id is None or m["case"] == case_id]
        last = inside[-1] if inside else None
        at = from_iso(last["at"]) if last else None
        return {
            "case": case_id,
            "title": self._case(case_id)["title"] if case_id else "",
            "preview": (last["text"] or (last["card"] or {}).get("title", "")) if last else "",
            "at": last["at"] if last else None,
            "at_text": views.clock_text(at) if at else "",
            "unread": sum(m["unread"] for m in inside),
        }

    async def case(self, *, case_id: str, person: str, language: str) -> PageCase:
        self._known(person)
        one = self._case(case_id)
        if person not in one["readers"]:
            raise Refusal("not_your_case")
        return CASE.validate_python(say(views.whole_case(one, person, self._now), language))

    def _case(self, case_id: str | None) -> dict[str, Any]:
        found = next((one for one in self._cases if one["id"] == case_id), None)
        if found is None:
            raise Refusal("case_unknown", case=case_id)
        return found

    def _known(self, person: str) -> None:
        if person not in NAMES:
            raise Refusal("not_known")

    async def changed(self, *, after: int) -> int:
        while self._revision <= after:
            self.listening.set()
            await self._waiting.wait()
        return self._revision

    def committed(self) -> int:
        return self._committed

    # ---------------------------------------------------------------- files

    async def upload(self, *, person: str, name: str, content: bytes) -> StoredFile:
        self._known(person)
        kind = TYPES.get(PurePath(name).suffix.lower())
        if kind is None or name.startswith("bad"):
            raise Refusal("file_type_refused", name=name)
        stored = StoredFile(
            id=f"f{len(self.files) + 1}",
            case_id=None,
            name=name,
            media_type=kind,
            size=len(content),
            sha256="",
            owner=person,
            at=self._now,
        )
        self.files[stored.id] = (stored, content)
        return stored

    async def open_file(self, *, person: str, file_id: str) -> tuple[StoredFile, bytes]:
        if file_id in self.files:
            return self.files[file_id]
        for known in (story.PHOTO, story.SHEET):
            if known["id"] == file_id:
                stored = StoredFile(
                    **known, case_id=None, sha256="", owner="wang.fang", at=self._now
                )
                return stored, picture()
        raise Refusal("file_unknown")

    # ---------------------------------------------------------------- time

    async def mark_read(self, *, person: str, case_id: str | None) -> None:
        self._known(person)
        for m in self._messages:
            if m["person"] == person and case_id in {None, m["case"]}:
                m["unread"] = False
        self._touch()

    async def move_clock(self, *, move: str, language: str) -> PageMoved:
        before, coming = self._now, self._next()
        if move == "next" and coming:
            self._now = from_iso(str(coming["at"]))
        else:
            hours = {"hour": 1, "working_day": 24, "two_days": 48, "thirty_days": 720}.get(move, 0)
            self._now += hours * HOUR
        happened = [
            f"{step['text'].of(language)} · {one['id']}"
            for one in self._cases
            for step in views.ahead(one, before)
            if from_iso(step["at"]) <= self._now
        ]
        for one in self._cases:
            if one["status"] == "running" and happened and one["id"] in happened[0]:
                self._remind(one)
        self._touch()
        return PageMoved(now=iso(self._now), happened=tuple(happened))

    def _remind(self, one: dict[str, Any]) -> None:
        title = L(
            f"提醒：{views.TITLES[one['node']].zh}", f"Reminder: {views.TITLES[one['node']].en}"
        )
        shown = {**story.task_card(one, title), "badge": story.badge("提醒", "Reminder", "warn")}
        for owner in one["owners"]:
            self._post(owner, one, shown)

    async def reset(self) -> None:
        self.empty = True
        self._begin()
        self._touch()

    async def load_year(self) -> None:
        if not self.empty:
            raise Refusal("sample_not_empty")
        self.empty, self._filled = False, True
        self._begin()
        self._touch()

    # ---------------------------------------------------------------- changing

    def _post(self, person: str, one: dict[str, Any] | None, card: dict[str, Any]) -> None:
        at, case_id = iso(self._now), one["id"] if one else None
        self._messages.append(message(person, at, case=case_id, card=card, unread=True))
