"""What the stories of a launch need on each platform: the process, and three executives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.stories.test_launch import CASE, PDF, REQUEST, in_force

if TYPE_CHECKING:
    from storage.unit import Tx
    from tests.office import Workplace

PEOPLE = (
    *("fang.hao", "xu.ning", "guo.xin", "tang.yi"),
    *("qian.li", "deng.kai", "lin.wei", "gao.feng", "zhou.min"),
)
DEPUTY = "deng.kai"  # of the finance manager
ADDED = "zhou.min"  # signs before the market reviewer
EXECUTIVES = ("lin.wei", "gao.feng", "tang.yi")
PLAN = ("上市方案.pdf", PDF)

__all__ = [
    "ADDED",
    "CASE",
    "DEPUTY",
    "EXECUTIVES",
    "PEOPLE",
    "PLAN",
    "REQUEST",
    "opinion",
    "prepared",
]


def opinion(language: str) -> tuple[str, ...]:
    """What the approval opinion of such a launch says, without spaces."""
    said = (
        "成本不清楚",
        "认证费",
        "代钱丽：预算合理",
        "追加后仍可行",
        "渠道已谈妥",
        "1,200,000",
        "1,500,000",
    )
    if language == "zh":
        added = ("市场评估（前加签）", "周敏（已签）")
        deputy = ("邓凯（代钱丽）（已签）", "同意（已失效）")
        return (*said, *added, *deputy, "唐怡免除：会议室停电", "批准上市")
    added = ("Marketassessment(before)", "ZhouMin(signed)")
    deputy = ("DengKai(forQianLi)(signed)", "Approved,nowvoid")
    return (*said, *added, *deputy, "WaivedbyTangYi:会议室停电", "Launchapproved")


async def prepared(work: Workplace) -> None:
    """The process is in force, and the product director is an executive, too."""
    await in_force(work)

    def promote(tx: Tx) -> None:
        directory = tx.people.directory()
        people = [
            replace(one, roles=(*one.roles, "executive")) if one.id == "tang.yi" else one
            for one in directory.people.values()
        ]
        tx.people.replace(people, list(directory.departments.values()))

    await work.database.run(promote)
