"""What people do in the runs of the rig: a complaint, and a launch with several signers.

The launch has what a complaint has not: a late review costs a point, a signer is added before the
reviewer, of two executives one rejects and the other returns, a larger budget makes one review void
and is decided again, all sign, and the filer revokes.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.rig.steps import Step, Story
from tests.rig.supplier import SUPPLIER
from tests.stories.test_launch import PDF, REQUEST

COMPLAINT = Story(
    name="complaint",
    case="C-2026-0001",
    steps=(
        Step(
            "wang.fang",
            "say",
            text="/complaint 包装破损",
            values={
                "customer": "Acme",
                "contact": "13800000000",
                "channel": "phone",
                "product": "A-100",
                "what_happened": "包装破损",
            },
        ),
        Step("liu.yang", "claim"),
        Step("liu.yang", "complete", values={"grade": "urgent", "category": "product"}),
        Step("li.qiang", "act", values={"answer": "已致歉"}, hours=(3,)),  # too late: escalated
        Step("li.qiang", "complete", values={"root_cause": "包装薄", "resolution": "换新"}),
    ),
)


def _says(opinion: str) -> Mapping[str, object]:
    return {"opinion": opinion}


def _assesses(demand: str, assessment: str) -> Mapping[str, object]:
    return {"demand": demand, "assessment": assessment}


LATE = (60, 82, 103, 105)  # half of the time, due, escalated, a working day late

LAUNCH = Story(
    name="launch",
    case="L-2026-0001",
    steps=(
        Step(
            "fang.hao",
            "say",
            text="/launch X200",
            values={**REQUEST, "budget": "1200000"},
            files={"plan": ("plan.pdf", PDF)},
        ),
        Step("xu.ning", "approve", values=_says("技术成熟"), hours=LATE),
        Step("guo.xin", "addsigner", values={"where": "before"}, people={"people": "zhou.min"}),
        Step("zhou.min", "approve", values=_assesses("medium", "渠道已谈妥")),
        Step("guo.xin", "approve", values=_assesses("high", "需求旺盛")),
        Step("qian.li", "approve", values=_says("预算合理")),
        Step("lin.wei", "reject", values=_says("成本不清楚")),
        Step("gao.feng", "return", values={"return-to": "revise", "opinion": "请算上认证费"}),
        Step("fang.hao", "complete", values={"budget": "1500000"}),
        Step("qian.li", "approve", values=_says("追加后仍可行")),
        Step("lin.wei", "approve", values=_says("同意上市")),
        Step("gao.feng", "approve", values=_says("同意上市")),
        Step("fang.hao", "revoke", values={"text": "供应商停产"}),
        Step("tang.yi", "approve"),
    ),
)

STORIES = {one.name: one for one in (COMPLAINT, LAUNCH, *SUPPLIER)}
