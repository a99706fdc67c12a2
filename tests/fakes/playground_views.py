"""What the fake playground shows: world, chats and cases as JSON objects."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.playground_cast import EDGES, NAMES, NODES, L
from tests.fakes.playground_story import button
from workflows.moments import DAY, HOUR, MINUTE, Moment, from_iso, in_zone, iso, moment_of

ZONE = ZoneInfo("Asia/Shanghai")
STATUS = {
    "running": (L("办理中", "In progress"), "info"),
    "completed": (L("已结案", "Closed"), "good"),
    "withdrawn": (L("已撤回", "Withdrawn"), "neutral"),
}
STATES = {
    "done": L("已完成", "Done"),
    "current": L("办理中", "In progress"),
    "ahead": L("未到", "Ahead"),
    "skipped": L("跳过", "Skipped"),
}
ORDER = [node[0] for node in NODES]
TITLES = {node[0]: node[2] for node in NODES}


def clock_text(at: Moment) -> L:
    here = in_zone(at, ZONE)
    return L(f"{here.month}月{here.day}日 {here:%H:%M}", f"{here.day} {here:%b %H:%M}")


def left(until: Moment, now: Moment) -> L:
    minutes = int((until - now) // MINUTE)
    hours, rest = divmod(abs(minutes), 60)
    if minutes < 0:
        return L(f"超时 {hours} 小时 {rest} 分", f"{hours} h {rest} min overdue")
    return L(f"{hours} 小时 {rest} 分后", f"in {hours} h {rest} min")


def due_of(one: dict[str, Any]) -> Moment:
    return from_iso(one["due"])


def tone_of(one: dict[str, Any], now: Moment) -> str:
    if one["status"] != "running":
        return str(STATUS[one["status"]][1])
    return "danger" if due_of(one) < now else str(one["tone"])


def case_line(one: dict[str, Any], now: Moment) -> dict[str, Any]:
    running = one["status"] == "running"
    due = due_of(one)
    return {
        "id": one["id"],
        "title": one["title"],
        "status": one["status"],
        "status_text": STATUS[one["status"]][0],
        "node_text": TITLES[one["node"]],
        "due_at": one["due"] if running else None,
        "due_text": clock_text(due) if running else "",
        "tone": tone_of(one, now),
        "filer_name": NAMES[one["filer"]],
    }


def diagram(one: dict[str, Any]) -> dict[str, Any]:
    here = ORDER.index(one["node"])
    ended = one["status"] == "completed"
    states = {}
    for index, (id_, *_rest) in enumerate(NODES):
        state = "done" if index < here or ended else "current" if index == here else "ahead"
        if id_ == "management_decision" and (ended or here > index):
            state = "skipped"
        states[id_] = state
    owners = [NAMES[key] for key in one["owners"]]
    who = L("、".join(n.zh for n in owners), ", ".join(n.en for n in owners))
    nodes = [
        {
            "id": id_,
            "kind": kind,
            "label": label,
            **dict(zip("xywh", box, strict=True)),
            "state": states[id_],
            "state_text": STATES[states[id_]],
            "who": who if states[id_] == "current" else "",
            "when_text": L("昨天 10:40", "yesterday 10:40") if states[id_] == "done" else "",
            "rounds": one["rounds"] if id_ == "resolve" else 1,
            "refused": False,
        }
        for id_, kind, label, box in NODES
    ]
    edges = [
        {
            "source": source,
            "target": target,
            "label": label,
            "label_lines": [],
            "label_at": list(label_at) if label_at else None,
            "points": [list(point) for point in points],
            "taken": states[source] == "done"
            and states[target] in {"done", "current"}
            and (target != "resolve" or source == "dispatch" or one["rounds"] > 1),
        }
        for source, target, label, label_at, points in EDGES
    ]
    return {"width": 329, "height": 775, "nodes": nodes, "edges": edges}


def clocks(one: dict[str, Any], now: Moment) -> list[dict[str, Any]]:
    return _running_clocks(one, now) if one["status"] == "running" else [_stopped_clock(one)]


def _stopped_clock(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": "closing",
        "name": L("结案", "Closing"),
        "status": "stopped",
        "due_at": one["due"],
        "due_text": "",
        "left_text": L("按时完成", "In time"),
        "share": 0.4,
        "tone": "good",
        "provisional_text": "",
    }


def _running_clocks(one: dict[str, Any], now: Moment) -> list[dict[str, Any]]:
    due = due_of(one)
    later = due + 5 * DAY
    tone = tone_of(one, now)
    return [
        {
            "key": "step",
            "name": TITLES[one["node"]],
            "status": "running",
            "due_at": iso(due),
            "due_text": L(f"{clock_text(due).zh} 到期", f"due {clock_text(due).en}"),
            "left_text": left(due, now),
            "share": one["share"],
            "tone": tone,
            "provisional_text": "",
        },
        {
            "key": "first_response",
            "name": L("首次答复", "First response"),
            "status": "paused" if one["rounds"] > 1 else "running",
            "due_at": iso(due),
            "due_text": clock_text(due),
            "left_text": left(due + 3 * HOUR, now),
            "share": 0.35,
            "tone": "neutral",
            "provisional_text": L("分级后可能提前", "may become earlier when graded"),
        },
        {
            "key": "closing",
            "name": L("结案", "Closing"),
            "status": "running",
            "due_at": iso(later),
            "due_text": clock_text(later),
            "left_text": L("还剩 5 天 7 小时", "5 d 7 h left"),
            "share": 0.12,
            "tone": "neutral",
            "provisional_text": "",
        },
    ]


def ahead(one: dict[str, Any], now: Moment) -> list[dict[str, Any]]:
    if one["status"] != "running":
        return []
    due = due_of(one)
    first = NAMES[one["owners"][0]]
    steps = [
        (due - 3 * HOUR, "reminder", L(f"提醒{first.zh}", f"Reminder to {first.en}")),
        (due, "due", L(f"“{TITLES[one['node']].zh}”到期", f"“{TITLES[one['node']].en}” is due")),
        (
            due + 4 * HOUR,
            "escalation",
            L("升级给陈静（经理），可接手", "Escalation to Chen Jing (manager), who may take over"),
        ),
        (
            due + DAY,
            "escalation",
            L("升级给周杰（总经理）", "Escalation to Zhou Jie (general manager)"),
        ),
    ]
    return [
        {
            "at": iso(at),
            "at_text": clock_text(at),
            "in_text": left(at, now),
            "text": text,
            "kind": kind,
        }
        for at, kind, text in steps
        if at > now
    ]


def tasks(one: dict[str, Any], now: Moment) -> list[dict[str, Any]]:
    if one["status"] != "running":
        return []
    due = due_of(one)
    return [
        {
            "id": f"{one['id']}-t",
            "node": one["node"],
            "title": TITLES[one["node"]],
            "people": [{"key": key, "name": NAMES[key]} for key in one["owners"]],
            "status": "open",
            "status_text": L("待办", "To do"),
            "due_at": one["due"],
            "due_text": left(due, now),
            "tone": tone_of(one, now),
        }
    ]


def whole_case(one: dict[str, Any], person: str, now: Moment) -> dict[str, Any]:
    confirm = L("撤回后不再处理，确定吗？", "Withdraw it? Nobody will work on it any more.")
    id_ = one["id"]
    may = [
        button("urge", "催办", "Nudge", f"urge:{id_}"),
        button("withdraw", "撤回", "Withdraw", f"withdraw:{id_}", style="danger", confirm=confirm),
    ]
    closed = one["status"] == "completed"
    return {
        "id": id_,
        "title": one["title"],
        "process": L("客户投诉处理流程", "Customer complaint"),
        "status": one["status"],
        "status_text": STATUS[one["status"]][0],
        "tone": tone_of(one, now),
        "filer": {"key": one["filer"], "name": NAMES[one["filer"]]},
        "created_text": clock_text(from_iso(one["created"])),
        "may": may if person == one["filer"] and one["status"] == "running" else [],
        "diagram": diagram(one),
        "clocks": clocks(one, now),
        "tasks": tasks(one, now),
        "ahead": ahead(one, now),
        "history": [
            {**entry, "at_text": clock_text(from_iso(entry["at"]))} for entry in one["history"]
        ],
        "fields": [
            {"label": label, "value": value, "files": files}
            for label, value, files in one["fields"]
        ],
        "documents": [
            {
                "label": L("投诉处理报告（PDF）", "Complaint report (PDF)"),
                "url": f"/documents/{id_}.pdf",
            },
            {
                "label": L("投诉处理报告（Word）", "Complaint report (Word)"),
                "url": f"/documents/{id_}.docx",
            },
        ]
        if closed
        else [],
    }


def office(now: Moment) -> tuple[str, L]:
    here = in_zone(now, ZONE)
    if here.weekday() >= 5:
        return "holiday", L("周末", "Weekend")
    if 9 <= here.hour < 18:
        return "open", L("工作时间", "Office hours")
    return "closed", L("下班", "Office closed")


def start_time() -> Moment:
    return moment_of(datetime(2026, 3, 10, 9, 20, tzinfo=ZONE))
