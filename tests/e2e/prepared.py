"""What has happened in the playground before a test begins, done by people at its requests.

It is done once; each test gets a copy of the folder of data, `empty` or `busy`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.command import closeloop
from tests.e2e.people import Persona, Requests
from tests.e2e.served import served
from tests.stories.deeds import ONE_PIXEL

DRAFTS = Path(__file__).parent / "processes"
OTHERS = Path(__file__).parents[1] / "unit" / "handlers"
MORE = [str(OTHERS / "travel.toml"), str(OTHERS / "order.toml")]
PHOTO = ("破损外箱_现场照片 (3月2日).png", ONE_PIXEL)
SHEET = (
    "2026年第一季度华东区发货与签收异常明细汇总表_最终版_请勿修改_v7.pdf",
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
)
SCRIPT = "<script>alert('no')</script> & مرحبا، العميل غير راضٍ 😠"

COMPLETED, LATE, DAMAGED, FRESH = (f"C-2026-000{number}" for number in (1, 2, 3, 4))

LONG = (
    "客户称 3 月 2 日收到的 200 箱货物中，有 37 箱外包装严重破损，内部产品受潮变形，无法上架销售。"
    "客户已拍照留证，并要求我方在 48 小时内给出补发方案；若不能按期补发，将按合同第 8.3 条主张"
    "违约金。 "
    "The carrier says everything looked fine when loaded and suspects rain and a loose tarpaulin. "
    "The purchasing manager is upset, wants a manager to call, and will not accept an e-mail. The "
    "same thing happened last year and ended with a discount; this time they want us to mend "
    "packaging and transport for good, and to say in writing how."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Folders of data to be copied."""

    empty: Path  # no case; a sample with flaws and a form of every question type are in force
    busy: Path  # four cases, the next morning


def prepare(folder: Path) -> Prepared:
    """Makes both, in a folder that is empty."""
    data = folder / "closeloop" / "playground"  # where commands look for a playground
    prepared = Prepared(empty=folder / "empty", busy=data)
    with served(data):
        _publish(folder)
    shutil.copytree(data, prepared.empty)
    with served(data) as address:
        requests = Requests(address)
        _completed(requests)
        _late(requests)
        _damaged(requests)
        requests.post("/api/clock", move="working_day")
        _fresh(requests)
    return prepared


def _publish(home: Path) -> None:
    """Puts further processes in force, as a command does beside the running playground."""
    drafts = [*MORE, *sorted(str(path) for path in DRAFTS.glob("*.toml"))]
    done = closeloop("process", "publish", "--accept", *drafts, cwd=home, XDG_DATA_HOME=str(home))
    assert done.code == 0, done.err


def _file(filer: Persona, number: str, **values: Any) -> None:
    complaint = {"contact": "138 0000 0000", "channel": "phone", "product": "A-100", **values}
    assert filer.files("/complaint", **complaint) == number


def _completed(requests: Requests) -> None:
    wang, liu, li = (Persona(requests, who) for who in ("wang.fang", "liu.yang", "li.qiang"))
    _file(wang, COMPLETED, customer="北方机电", what_happened="客服电话无人接听")
    liu.presses("claim", COMPLETED)
    liu.presses("complete", COMPLETED, grade="normal", category="service")
    li.presses("act", COMPLETED, answer="Called back and apologised")
    li.presses("complete", COMPLETED, root_cause="Short-staffed", resolution="Another shift")
    wang.presses("approve", COMPLETED)
    liu.presses("claim", COMPLETED)
    liu.presses("complete", COMPLETED, outcome="solved", lessons="Two people at noon")


def _late(requests: Requests) -> None:
    tang, liu = Persona(requests, "tang.yi"), Persona(requests, "liu.yang")
    _file(tang, LATE, customer="شركة النور التجارية", what_happened="Late delivery 🚚")
    liu.presses("claim", LATE)
    liu.presses("complete", LATE, grade="urgent", category="delivery")


def _damaged(requests: Requests) -> None:
    wang, liu, li = (Persona(requests, who) for who in ("wang.fang", "liu.yang", "li.qiang"))
    evidence = [wang.uploads(*PHOTO), wang.uploads(*SHEET)]
    customer = "华东超市连锁有限公司 Huadong Markets"
    _file(wang, DAMAGED, customer=customer, what_happened=LONG, evidence=evidence)
    liu.presses("claim", DAMAGED)
    liu.presses("complete", DAMAGED, grade="urgent", category="product")
    li.presses("act", DAMAGED, answer="A first answer by telephone")
    requests.post("/api/clock", move="hour")
    photo = wang.uploads(*PHOTO)
    wang.says("The customer has just called again 📞", case=DAMAGED, files=[photo])
    li.presses("ask", DAMAGED, text="Which of the 37 cartons are meant?")
    wang.presses("reply", DAMAGED, text="All of them")
    li.presses("complete", DAMAGED, root_cause="Thin boxes", resolution="37 new ones are sent")
    wang.presses("return", DAMAGED, customer_answer=SCRIPT)


def _fresh(requests: Requests) -> None:
    wang = Persona(requests, "wang.fang")
    customer = "<b>“尚品”家居 Shangpin</b> & Söhne"
    _file(wang, FRESH, customer=customer, what_happened="A letter is missing on the invoice")
