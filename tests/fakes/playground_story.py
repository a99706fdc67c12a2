"""What has happened in the fake playground before the test begins: cases and messages."""

from typing import Any

from tests.fakes.playground_cast import NAMES, L

LONG = L(
    "客户称 3 月 2 日收到的 200 箱货物中，有 37 箱外包装严重破损，内部产品受潮变形，无法上架销售。"
    "客户已拍照留证，并要求我方在 48 小时内给出补发方案；若不能按期补发，将按合同第 8.3 条主张"
    "违约金。"
    "物流公司表示装车时外观完好，怀疑途中遇雨且篷布未盖严。仓库同事回忆当天出库时确有小雨，"
    "但没有留下影像记录。客户采购负责人情绪比较激动，希望由经理级别的同事直接回电沟通，"
    "不接受仅以邮件答复。另：该客户去年同期也出现过一次类似情况，当时以八折处理，"
    "本次不希望再以打折的方式解决，而是希望我们从包装和运输上彻底整改，并书面说明整改措施。",
    "Of the 200 cartons delivered on 2 March, 37 arrived with badly damaged outer packaging; the "
    "goods inside are damp and out of shape and cannot be sold. The customer has photographs and "
    "wants a plan for replacements within 48 hours, otherwise they will claim the penalty of "
    "clause 8.3. The carrier says everything looked fine when loaded and suspects rain and a loose "
    "tarpaulin. The purchasing manager is upset, wants a manager to call, and will not accept an "
    "e-mail. The same thing happened last year and ended with a discount; this time they want us "
    "to mend packaging and transport for good, and to say in writing how.",
)

PHOTO: dict[str, Any] = {
    "id": "photo",
    "name": "破损外箱_现场照片 (3月2日).png",
    "media_type": "image/png",
    "size": 184_320,
}
SHEET: dict[str, Any] = {
    "id": "sheet",
    "name": "2026年第一季度华东区发货与签收异常明细汇总表_最终版_请勿修改_v7.pdf",
    "media_type": "application/pdf",
    "size": 1_482_752,
}


def event(seq: int, at: str, text: str | L, who: str = "", **more: Any) -> dict[str, Any]:
    base = {"seq": seq, "at": at, "who": NAMES.get(who, ""), "text": text}
    return {**base, "quote": "", "kind": "done", "node": "", "message": "", "files": [], **more}


def case(id_: str, title: L, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "title": title,
        "filer": "wang.fang",
        "node": "triage",
        "status": "running",
        "owners": ["chen.jing"],
        "readers": ["wang.fang", "li.qiang", "chen.jing", "zhou.jie"],
        "created": "2026-03-09T01:12:00+00:00",
        "due": "2026-03-10T08:30:00+00:00",
        "share": 0.4,
        "tone": "neutral",
        "rounds": 1,
        "refused": False,
        "history": [],
        "fields": [],
        **more,
    }


def _first_hour() -> list[dict[str, Any]]:
    return [
        event(1, "2026-03-09T01:12:00+00:00", L("提交", "filed it"), "wang.fang", node="start"),
        event(
            2,
            "2026-03-09T01:12:01+00:00",
            L("→ 分类分级：陈静", "→ Classify and grade: Chen Jing"),
            node="triage",
        ),
        event(
            3,
            "2026-03-09T02:40:00+00:00",
            L("分为紧急 · 产品质量", "graded it urgent · product quality"),
            "chen.jing",
            node="triage",
        ),
        event(
            4,
            "2026-03-09T02:40:01+00:00",
            L("分派给李强", "dispatched to Li Qiang"),
            node="dispatch",
        ),
    ]


def _rounds() -> list[dict[str, Any]]:
    rounds = [
        event(
            9 + n,
            f"2026-03-09T{3 + n // 4:02d}:{(n * 13) % 60:02d}:00+00:00",
            text,
            who,
            node="resolve",
        )
        for n, (who, text) in enumerate(
            [
                ("li.qiang", L("认领了任务", "claimed the task")),
                ("li.qiang", L("答复了客户", "answered the customer")),
                ("wang.fang", L("评论", "commented")),
                ("li.qiang", L("向提交人提问，计时暂停", "asked the filer; the clock is paused")),
                ("wang.fang", L("回答了问题，计时继续", "answered; the clock goes on")),
                ("li.qiang", L("提交了处理结果", "sent the resolution")),
                ("wang.fang", L("客户不满意，退回", "the customer is not satisfied; returned")),
                (
                    "",
                    L("提醒 → 李强：时限已过一半", "Reminder → Li Qiang: half the time has passed"),
                ),
            ]
        )
    ]
    rounds[2]["quote"] = L("客户刚刚又来电话催了一次 📞", "The customer has just called again 📞")
    rounds[6]["quote"] = "<script>alert('no')</script> & مرحبا، العميل غير راضٍ"
    return rounds


def _damaged() -> dict[str, Any]:
    return case(
        "C-2026-0042",
        L("华东超市：外箱破损 37 箱", "Huadong Markets: 37 damaged cartons"),
        node="resolve",
        owners=["li.qiang"],
        tone="warn",
        share=0.78,
        rounds=2,
        history=_first_hour() + _rounds(),
        fields=[
            (L("客户名称", "Customer"), L("华东超市连锁有限公司", "Huadong Markets Ltd"), []),
            (L("联系方式", "Contact"), "138 0000 0000", []),
            (L("投诉内容", "What happened"), LONG, [PHOTO, SHEET]),
            (L("等级", "Grade"), L("紧急", "Urgent"), []),
        ],
    )


def cases() -> list[dict[str, Any]]:
    """Newest first."""
    return [
        case(
            "C-2026-0043",
            L(
                "<b>“尚品”家居</b> & Söhne：发票抬头错误",
                "<b>Shangpin</b> & Söhne: wrong name on invoice",
            ),
            owners=["chen.jing", "li.qiang"],
            created="2026-03-10T00:50:00+00:00",
            history=[
                event(
                    1, "2026-03-10T00:50:00+00:00", L("提交", "filed it"), "wang.fang", node="start"
                ),
                event(
                    2,
                    "2026-03-10T00:50:01+00:00",
                    L("→ 分类分级：陈静、李强", "→ Classify and grade: Chen Jing, Li Qiang"),
                    node="triage",
                ),
            ],
            fields=[
                (L("投诉内容", "What happened"), L("发票抬头少了一个字", "A letter is missing"), [])
            ],
        ),
        _damaged(),
        case(
            "C-2026-0039",
            L("شركة النور التجارية：交付延迟 🚚", "شركة النور التجارية: late delivery 🚚"),
            node="management_decision",
            owners=["zhou.jie"],
            tone="danger",
            share=1.0,
            rounds=4,
            readers=["wang.fang", "zhao.min", "liu.yang", "zhou.jie"],
            filer="zhao.min",
            due="2026-03-09T09:30:00+00:00",
        ),
        case(
            "C-2026-0031",
            L("北方机电：客服电话无人接听", "Beifang Electric: nobody answers the phone"),
            node="closed",
            status="completed",
            owners=[],
            tone="good",
            share=0.5,
        ),
    ]


def button(verb: str, zh: str, en: str, token: str, **more: Any) -> dict[str, Any]:
    return {
        "verb": verb,
        "label": L(zh, en),
        "token": token,
        "style": "default",
        "confirm": "",
        **more,
    }


def card(kind: str, title: L, case_id: str | None, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "case_id": case_id,
        "badge": None,
        "text": "",
        "facts": [],
        "quote": "",
        "lines_title": "",
        "lines": [],
        "files": [],
        "buttons": [],
        "more": [],
        "note": "",
    }
    return {**empty, **more}


def fact(zh: str, en: str, value: str | L, tone: str = "neutral") -> dict[str, Any]:
    return {"label": L(zh, en), "value": value, "tone": tone}


def badge(zh: str, en: str, tone: str) -> dict[str, Any]:
    return {"text": L(zh, en), "tone": tone}


def task_card(one: dict[str, Any], title: L) -> dict[str, Any]:
    """The card of an open task with all its verbs."""
    id_ = one["id"]
    return card(
        "task",
        L(f"{title.zh} · {id_}", f"{title.en} · {id_}"),
        id_,
        badge=badge("待办", "To do", "info"),
        text=one["title"],
        facts=[
            fact("客户", "Customer", L("华东超市连锁有限公司", "Huadong Markets Ltd")),
            fact("提交人", "Filed by", NAMES[one["filer"]]),
            fact("到期", "Due", L("今天 16:30，还剩 7 小时", "today 16:30, in 7 h"), "warn"),
            fact("等级", "Grade", L("未分级", "not graded yet")),
        ],
        quote=one["fields"][-1][1] if one["fields"] else "",
        buttons=[
            button("complete", "完成", "Complete", f"complete:{id_}", style="primary"),
            button("claim", "认领", "Claim", f"claim:{id_}"),
        ],
        more=[
            button("transfer", "转交", "Transfer", f"transfer:{id_}"),
            button("ask", "提问", "Ask", f"ask:{id_}"),
            button("details", "详情", "Details", f"details:{id_}"),
            button(
                "return",
                "退回",
                "Return",
                f"return:{id_}",
                style="danger",
                confirm=L(
                    "退回给提交人？对方会看到您的理由。",
                    "Return it to the filer? They will see why.",
                ),
            ),
        ],
    )
