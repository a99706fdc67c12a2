"""The messages of the fake playground before the test begins: all kinds of cards."""

from itertools import count
from typing import Any

from tests.fakes.playground_cast import L
from tests.fakes.playground_story import LONG, PHOTO, SHEET, badge, button, card, fact, task_card

_numbers = count(1)


def message(person: str, at: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"id": f"m{next(_numbers)}", "person": person, "author": "bot", "at": at}
    return {
        **base,
        "case": None,
        "edited": False,
        "unread": False,
        "text": "",
        "card": None,
        "files": [],
        **more,
    }


def _receipt(one: dict[str, Any]) -> dict[str, Any]:
    id_ = one["id"]
    return card(
        "receipt",
        L(f"已受理 · {id_}", f"Received · {id_}"),
        id_,
        badge=badge("办理中", "In progress", "info"),
        text=one["title"],
        facts=[
            fact("当前步骤", "Step", L("分类分级", "Classify and grade")),
            fact("首次答复", "First response", L("明天 08:50 前", "by tomorrow 08:50")),
        ],
        buttons=[button("details", "详情", "Details", f"details:{id_}")],
        more=[
            button("urge", "催办", "Nudge", f"urge:{id_}"),
            button(
                "withdraw",
                "撤回",
                "Withdraw",
                f"withdraw:{id_}",
                style="danger",
                confirm=L(
                    "撤回后不再处理，确定吗？", "Withdraw it? Nobody will work on it any more."
                ),
            ),
        ],
    )


def _escalation() -> dict[str, Any]:
    line = {"quote": "", "case_id": ""}
    return card(
        "escalation",
        L("升级：首次答复已超时 · C-2026-0042", "Escalation: first response overdue · C-2026-0042"),
        "C-2026-0042",
        badge=badge("升级", "Escalation", "danger"),
        text=L(
            "李强没有按时答复客户，现请您介入。", "Li Qiang did not answer in time; please step in."
        ),
        facts=[
            fact("超时", "Overdue by", L("1 小时 20 分", "1 h 20 min"), "danger"),
            fact("办理人", "With", L("李强", "Li Qiang")),
            fact("已处理", "Done so far", L("已电话联系", "Called once"), "good"),
        ],
        quote=LONG,
        lines_title=L("经过", "History"),
        lines=[
            {
                "when": L("昨天 09:12", "yesterday 09:12"),
                "text": L("王芳提交", "Wang Fang filed it"),
                **line,
            },
            {
                "when": L("昨天 10:40", "yesterday 10:40"),
                "text": L("陈静分级", "Chen Jing graded it"),
                **line,
            },
            {
                "when": L("昨天 11:53", "yesterday 11:53"),
                "text": L("王芳评论", "Wang Fang commented"),
                "quote": L("客户刚刚又来电话催了一次 📞", "The customer has just called again 📞"),
                "case_id": "",
            },
        ],
        files=[PHOTO, SHEET],
        buttons=[
            button("take_over", "接手", "Take over", "take_over:C-2026-0042", style="primary"),
            button("comment", "评论", "Comment", "comment:C-2026-0042"),
        ],
    )


def _decided() -> dict[str, Any]:
    return card(
        "approval",
        L("客户是否满意 · C-2026-0042", "Is the customer satisfied? · C-2026-0042"),
        "C-2026-0042",
        badge=badge("已退回", "Returned", "neutral"),
        facts=[fact("第几轮", "Round", "1")],
        quote="<script>alert('no')</script> & مرحبا، العميل غير راضٍ 😠",
        note=L("王芳于昨天 12:18 退回", "Returned by Wang Fang yesterday 12:18"),
    )


def _overdue(late: dict[str, Any]) -> dict[str, Any]:
    return {
        **task_card(late, L("任务：管理层决定", "Task: management decides")),
        "badge": badge("已超时", "Overdue", "danger"),
    }


def _closed() -> dict[str, Any]:
    return card(
        "closed",
        L("已结案 · C-2026-0031", "Closed · C-2026-0031"),
        "C-2026-0031",
        badge=badge("已结案", "Closed", "good"),
        text=L(
            "用时 3 天 4 小时，比目标快 2 天。", "It took 3 d 4 h, two days faster than the target."
        ),
        files=[SHEET],
    )


def _of_the_damaged(one: dict[str, Any]) -> list[dict[str, Any]]:
    reminder = {
        **task_card(one, L("任务：处理并答复", "Task: resolve and reply")),
        "kind": "reminder",
        "badge": badge("提醒", "Reminder", "warn"),
    }
    comment: dict[str, Any] = {
        "author": "wang.fang",
        "text": L("客户刚刚又来电话催了一次 📞", "The customer has just called again 📞"),
        "files": [PHOTO],
    }
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("wang.fang", "01:12:01", {"card": _receipt(one)}),
        ("wang.fang", "03:26:00", comment),
        ("li.qiang", "03:26:00", comment),
        ("wang.fang", "04:18:00", {"card": _decided(), "edited": True}),
        ("li.qiang", "04:18:01", {"card": reminder}),
        ("chen.jing", "06:00:00", {"card": _escalation(), "unread": True}),
    ]
    return [
        message(person, f"2026-03-09T{at}+00:00", case=one["id"], **more)
        for person, at, more in said
    ]


def _of_the_fresh(one: dict[str, Any]) -> list[dict[str, Any]]:
    triage = L("任务：分类分级", "Task: classify and grade")
    cards = {
        "wang.fang": _receipt(one),
        "chen.jing": task_card(one, triage),
        "li.qiang": task_card(one, triage),
    }
    return [
        message(person, "2026-03-10T00:50:01+00:00", case=one["id"], card=shown, unread=True)
        for person, shown in cards.items()
    ]


def messages(all_cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oldest first."""
    by_id = {one["id"]: one for one in all_cases}
    damaged = by_id["C-2026-0042"]
    late = {**damaged, "id": "C-2026-0039", "title": by_id["C-2026-0039"]["title"]}
    return [
        message("wang.fang", "2026-03-06T09:10:00+00:00", case="C-2026-0031", card=_closed()),
        *_of_the_damaged(damaged),
        message(
            "zhou.jie",
            "2026-03-09T09:31:00+00:00",
            case=late["id"],
            card=_overdue(late),
            unread=True,
        ),
        *_of_the_fresh(by_id["C-2026-0043"]),
    ]
