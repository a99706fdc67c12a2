"""A complaint that has seen everything: late, escalated, sent back once, closed, surveyed."""

import base64
import struct
import tomllib
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from handlers.documents.source import DocumentSource
from handlers.reading.case import Reading
from handlers.reading.pilots import Pilots
from handlers.rendering.pictures import small
from tests.fakes.ports import lasting
from tests.office import CALENDAR
from workflows.actions.comment import Commented
from workflows.actions.fire_timers import Escalated
from workflows.actions.record import ActionRecorded
from workflows.actions.start import CaseStarted
from workflows.case.clock import Clock, ClockStatus
from workflows.case.events import Event
from workflows.case.scope import Scope
from workflows.case.state import Case, SurveyState
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.case.world import World
from workflows.directory import Directory, Person
from workflows.flow.entering import TaskCompleted
from workflows.form_values import values_of
from workflows.model.definition import Definition
from workflows.moments import moment_of
from workflows.records import Content, StoredFile

START = moment_of(datetime(2026, 11, 16, 1, 30, tzinfo=UTC))  # a Monday, 09:30 in Shanghai
NOW = moment_of(datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
DEFINITION = "3f2a9c51e07bd4486a1f3f2a9c51e07bd4486a1f3f2a9c51e07bd4486a1f0042"
NAMES = {"p1": "王芳", "p2": "李伟", "p3": "陈静", "p4": "赵敏", "p5": "Anna Müller"}


@cache
def complaint() -> Definition:
    path = Path(__file__).parents[4] / "workflows" / "processes" / "complaint.toml"
    return Definition.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def png(width=64, height=48, rgb=(23, 73, 107)):
    """A picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))

    rows = b"".join(b"\0" + bytes(rgb) * width for _ in range(height))
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", header),
        chunk(b"IDAT", zlib.compress(rows)),
        chunk(b"IEND", b""),
    ])  # fmt: skip


# 64×48, the top left quarter red, as a telephone packs it (base64).
HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAF0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34"
    "+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5"
    "uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAA"
    "AAAAAAEAAQWBAgMFhAAAAGVtZGF0AAAAWSgBrwngIzhH/9chf/Sj6H0ejvFV35TeVvIQi7IZ/9xllPlPXfca7D/E"
    "qN8eI6f/z5+BdY4m//gvinsT3BQ2kRdf3umr8vzuk9jf6G2eUq58vxtM7N6EC7gD"
)
HEIC_PHOTO = base64.b64decode(HEIC)


def ref(name):
    return ContentRef(id=name, digest=name)


def content(name, kind, author="p1", **body):
    return Content(
        id=name,
        case_id="C-2026-0042",
        kind=kind,
        author=author,
        at=START,
        salt="",
        body=body or None,
        digest=name,
    )


def after(**length):
    return START + lasting(**length)


def task(number, node, round_, who, *times, outcome, content_id, **more):
    opened, decided = times
    facts = {
        "id": f"t{number}",
        "node": node,
        "round": round_,
        "status": TaskStatus.DONE,
        "assignee": who,
        "candidates": (),
        "opened_at": after(hours=opened),
        "outcome": outcome,
        "decided_by": who,
        "decided_at": after(hours=decided),
        "content": ref(content_id),
    }
    return Task(**{**facts, **more})


TASKS = (
    task(1, "triage", 1, "p2", 0, 1, outcome="complete", content_id="c2"),
    task(2, "resolve", 1, "p3", 1, 48, outcome="complete", content_id="c4"),
    task(3, "confirm", 1, "p1", 48, 52, outcome="return", content_id="c5"),
    task(4, "resolve", 2, "p3", 52, 96, outcome="complete", content_id="c6"),
    task(5, "confirm", 2, "p4", 96, 99, outcome="approve", content_id="c7",
         on_behalf_of="p1"),
    task(6, "archive", 1, "p2", 99, 120, outcome="complete", content_id="c8"),
)  # fmt: skip

CONTENTS = {
    "c1": content(
        "c1",
        "form:complaint",
        values={
            "customer": "苏州明德精密机械有限公司",
            "contact": "张女士 138-0000-1234，zhang@example.com",
            "channel": "phone",
            "product": "伺服电机 SM-400（订单 PO-20261103-17）",
            "what_happened": "11月13日到货的 40 台电机中有 6 台轴承异响，其中 2 台无法启动。"
            "客户产线已停 1 天，要求立即更换。\n客户已提供照片和到货检验记录。",
            "wanted": "三天内更换全部 6 台，并承担停线损失。",
            "evidence": ["f1", "f2", "f3"],
        },
    ),
    "c2": content("c2", "form:triage", "p2", values={"grade": "urgent", "category": "product"}),
    "c3": content("c3", "form:answer", "p3", values={
        "answer": "已致电张女士致歉，告知今天内安排 6 台备机发出，质量工程师明早到现场。"}),
    "c4": content("c4", "form:resolution", "p3", values={
        "root_cause": "轴承批次 B2610 润滑脂填充不足，来料抽检比例过低，未能发现。",
        "resolution": "发出 6 台备机；现场更换并试机 4 小时无异响。", "proof": ["f3"]}),
    "c5": content("c5", "form:customer_answer", values={
        "customer_answer": "更换后仍有一台电机在高速时振动，请再处理。"}),
    "c6": content("c6", "form:resolution", "p3", values={
        "root_cause": "轴承批次 B2610 润滑脂填充不足，来料抽检比例过低，未能发现。"
        "另有一台联轴器安装偏心。",
        "resolution": "重新找正联轴器，振动值由 4.1 mm/s 降至 1.2 mm/s，客户现场验收签字。",
        "proof": ["f3"]}),
    "c7": content("c7", "form:customer_answer", "p4", values={"customer_answer": ""}),
    "c8": content("c8", "form:summary", "p2", values={
        "outcome": "compensated",
        "lessons": "1. 轴承来料改为全检，直到供应商整改关闭。\n"
        "2. 备机发运清单增加联轴器找正步骤。"}),
    "c10": content("c10", "comment", "p5"),
    "c9": content("c9", "survey", text="处理得快，但第一次没有彻底解决。"),
}  # fmt: skip

ORDER = (
    ("start", "c1"), ("task:triage", "c2"), ("action:answered", "c3"), ("task:resolve", "c4"),
    ("task:confirm", "c5"), ("task:resolve", "c6"), ("task:confirm", "c7"),
    ("task:archive", "c8"), ("survey", "c9"),
)  # fmt: skip


def clock(key, limit, *times, met, **more):
    started, due, stopped = times
    facts = {
        "key": key,
        "status": ClockStatus.STOPPED,
        "started_at": after(hours=started),
        "limit": limit,
        "ladder": "step",
        "due_at": after(hours=due),
        "planned": (),
        "stopped_at": None if stopped is None else after(hours=stopped),
        "met": met,
    }
    return Clock(**{**facts, **more})


CLOCKS = (
    clock("closing", "7d", 0, 168, 120, met=True),
    clock("task:t1", "4wh", 0, 5, 1, met=True),
    clock("first_response", "2h", 0, 2, 5, met=False),
    clock("task:t3", "2wd", 48, 72, None, met=None, status=ClockStatus.RUNNING),
    clock("task:t4", "3wd", 48, 168, None, met=None, status=ClockStatus.RUNNING),
    clock("task:t5", "3wd", 48, 168, None, met=None, status=ClockStatus.PAUSED),
    clock("task:t6", "2wd", 96, 144, 120, met=None),
)

CASE = Case(
    id="C-2026-0042",
    process="complaint",
    definition=DEFINITION,
    filer="p1",
    status=Status.COMPLETED,
    created_at=START,
    seq=40,
    node="closed",
    closed_at=after(days=5),
    scopes=(
        Scope(
            rounds=(("triage", 1), ("dispatch", 1), ("resolve", 2), ("confirm", 2), ("archive", 1)),
            actions=("answered",),
            copied=("p5",),
        ),
    ),
    tasks=TASKS,
    clocks=CLOCKS,
    forms=tuple((what, ref(content_id)) for what, content_id in ORDER),
    escalated_to=("p4",),
    survey=SurveyState(to="p1", score=4, content=ref("c9")),
)

FILES = {
    "f1": ("现场照片-轴承.png", "image/png", 812_345),
    "f2": ("到货检验记录.pdf", "application/pdf", 2_411_724),
    "f3": ("试机记录.jpg", "image/jpeg", 96_000),
}


def _event(number, hours, actor, body):
    return Event(
        seq=number, at=after(hours=hours), actor=actor, on_behalf_of=None, via="slack", body=body
    )


EVENTS = (
    _event(1, 0, "p1", CaseStarted(
        case="C-2026-0042", process="complaint", definition=DEFINITION, filer="p1",
        content=ref("c1"))),
    _event(2, 1, "p2", TaskCompleted(task="t1", outcome="complete", content=ref("c2"))),
    _event(3, 2, "system", Escalated(
        clock="first_response", rung="r1", level=1, to=("p4",), may_take_over=False,
        with_history=False)),
    _event(4, 5, "p3", ActionRecorded(task="t2", action="answered", content=ref("c3"))),
    _event(5, 52, "p1", TaskCompleted(task="t3", outcome="return", content=ref("c5"))),
    _event(6, 54, "p5", Commented(content=ref("c10"))),
    _event(7, 120, "p2", TaskCompleted(task="t6", outcome="complete", content=ref("c8"))),
)  # fmt: skip


def reading(language="zh", *, definition=None, names=NAMES, events=EVENTS, **changes):
    """The sample as it is read for a document; keyword arguments replace its parts."""
    files = {
        key: StoredFile(
            id=key,
            case_id=CASE.id,
            name=name,
            media_type=kind,
            size=size,
            sha256="",
            owner="p1",
            at=START,
        )
        for key, (name, kind, size) in FILES.items()
    }
    case, contents = changes.pop("case", CASE), changes.pop("contents", CONTENTS)
    definition = definition or complaint()
    people = {key: Person(key=key, id=key, name=name) for key, name in names.items()}
    world = World(
        now=NOW,
        definition=definition,
        directory=Directory(people=people),
        calendar=CALENDAR,
        values=values_of(case, contents, definition),
    )
    read = Reading(
        case=case,
        world=world,
        directory=world.directory,
        now=NOW,
        contents=contents,
        files=files,
        load_events=lambda: events,
        load_event=lambda seq: events[seq - 1],
        load_downtimes=tuple,
        pilots=Pilots(tx=cast("Any", None), office=cast("Any", None), case=case),
        version=3,
        reader=people.get("p1") or Person(key="p1", id="p1", name=""),
        language=language,
        zone=ZoneInfo("Asia/Shanghai"),
        company="远景精密电机有限公司" if language == "zh" else "Yuanjing Precision Motors",
        on_paper=True,
    )
    return replace(read, **changes)


def source(language="zh", *, pictures=None, **changes):
    """The same with a picture of its first file."""
    shown = {"f1": small(png())} if pictures is None else pictures
    return DocumentSource(reading=reading(language, **changes), pictures=shown)
