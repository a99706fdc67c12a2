"""The life of a supplier, step by step: each platform plays it with what it renders.

A step says who does what with which words; how somebody presses and fills is the platform's part.
Words are pairs, in Chinese and in English.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.stories.deeds import report_text
from tests.stories.supplying import BUYER, CASE, INSPECTOR, PDF, QUALITY, SUPERVISOR
from tests.workbook import sheets

Words = tuple[str, str]
PEOPLE = (BUYER, INSPECTOR, SUPERVISOR, QUALITY)
NAME = "恒信零部件"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is handed in."""

    name: str
    content: bytes = PDF


@dataclass(frozen=True, slots=True)
class Files:
    """Type a command and fill the form that it opens."""

    person: str
    command: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Presses:
    """Press a button of the newest card that says `on`, and fill the form that it opens."""

    person: str
    button: Words
    on: Words
    values: Mapping[str, object] = field(default_factory=dict)
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Judges:
    """Press the button in a line of the check, and give the verdict."""

    person: str
    number: int
    certificate: Words
    verdict: str
    finding: str


@dataclass(frozen=True, slots=True)
class Looks:
    """Type a command, and see these words in the answer."""

    person: str
    command: Words
    sees: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Opens:
    """Press the button of a file on a card that says `on`, and read these words in it."""

    person: str
    file: Words
    on: Words
    reads: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Waits:
    """Let time pass until this day, in the morning."""

    day: str


@dataclass(frozen=True, slots=True)
class Sees:
    """Has been told this."""

    person: str
    words: Words


@dataclass(frozen=True, slots=True)
class At:
    """The steps that are open by now, and the standing of the supplier."""

    nodes: frozenset[str]
    standing: str


@dataclass(frozen=True, slots=True)
class Dies:
    """The process ends without warning, and begins anew with what is stored."""


Step = Files | Presses | Judges | Looks | Opens | Waits | Sees | At | Dies

APPROVE: Words = ("同意", "Approve")
SUBMIT: Words = ("提交", "Submit")
REQUEST: Mapping[str, object] = {
    "supplier": NAME,
    "credit_code": "91310000MA1K3X0001",
    "contact": "王经理 138 0000 0000",
    "goods": "part",
    "reason": "现有供应商产能不足",
    "license": Paper("营业执照.pdf"),
    "iso9001": Paper("ISO9001.pdf"),
    "iso9001_expires": "2027-05-31",
    "safety": Paper("安全许可.pdf"),
    "safety_expires": "2031-12-31",
}


def life() -> Iterator[Step]:
    """Yield the whole life: seven quarters, one renewal, a suspension and the end."""
    yield from _admitted()
    yield from _assessed("2026-07-08", 92)
    yield from _renewed_by_a_button()
    yield from _assessed("2026-10-20", 86)
    yield Dies()
    yield from _assessed("2027-01-12", 79, beside="evaluate")
    yield from _contract_renewed()
    yield from _assessed("2027-04-13", 88)
    yield from _suspended_and_back()
    yield Dies()
    yield from _assessed("2027-07-08", 65)
    yield from _assessed("2027-10-20", 60, then="elimination")
    yield from _eliminated()
    yield from _looked_up()


def _at(*nodes: str, standing: str = "active") -> At:
    return At(frozenset(nodes), standing)


def _admitted() -> Iterator[Step]:
    yield Files(BUYER, "/supplier", REQUEST)
    yield Judges(INSPECTOR, 2, ("质量体系证书", "Quality certificate"), "return", "印章不清")
    yield Presses(
        INSPECTOR, ("其余全部通过", "Approve the others"), ("印章不清", "印章不清"), confirms=True
    )
    yield _at("amend", standing="applicant")
    yield Presses(BUYER, SUBMIT, ("印章不清", "印章不清"), {"iso9001": Paper("ISO9001清晰.pdf")})
    yield _at("certificate_check", standing="applicant")
    yield Judges(INSPECTOR, 2, ("质量体系证书", "Quality certificate"), "approve", "清晰有效")
    yield _at("admission", "admission", standing="applicant")
    for person in (SUPERVISOR, QUALITY):
        yield Presses(person, APPROVE, ("准入审批", "Admission"), {"opinion": "同意准入"})
    yield _signs("2026-04-01", "2027-06-30", step=("签约", "Sign the contract"))
    yield _at()


def _signs(start: str, end: str, *, step: Words) -> Step:
    contract = {
        "contract_start": start,
        "contract_end": end,
        "contract_file": Paper(f"合同 {start[:4]}.pdf"),
    }
    return Presses(BUYER, SUBMIT, step, contract)


def _assessed(day: str, number: int, *, beside: str = "", then: str = "") -> Iterator[Step]:
    """Both departments score the quarter that has ended, with this number everywhere."""
    others = [beside, beside] if beside else []
    yield Waits(day)
    yield At(frozenset({"score_quality", "score_purchasing", *others}), "active")
    said = str(number)
    yield Presses(INSPECTOR, SUBMIT, ("质量评分", "Score quality"), {"quality": said})
    yield Presses(
        BUYER,
        SUBMIT,
        ("交付、价格、服务评分", "Score delivery, price and service"),
        {"delivery": said, "price": said, "service": said},
    )
    yield At(frozenset([then] if then else others), "active")


def _renewed_by_a_button() -> Iterator[Step]:
    """The buyer hands in a paper that nobody asked for, by the button of the case at rest."""
    yield Looks(BUYER, (f"/case {CASE}", f"/case {CASE}"), (("合作期", "In co-operation"),))
    yield Presses(
        BUYER,
        ("更新证书", "Renew a document"),
        ("合作期", "In co-operation"),
        {"subject": "agency"},
    )
    yield _at("renew_certificate")
    yield from _handed_in("agency", "代理授权书.pdf", "2028-12-31")
    yield _at()


def _handed_in(certificate: str, name: str, expires: str) -> Iterator[Step]:
    yield Presses(
        BUYER,
        SUBMIT,
        ("更新资质文件", "Renew a document"),
        {certificate: Paper(name), f"{certificate}_expires": expires},
    )
    yield Presses(INSPECTOR, APPROVE, ("复核资质文件", "Check it again"), {"finding": "新证书有效"})


def _contract_renewed() -> Iterator[Step]:
    for person in (SUPERVISOR, QUALITY):
        yield Presses(
            person,
            ("合格，续约", "Renew"),
            ("年度绩效评价", "Yearly evaluation"),
            {"opinion": "表现稳定"},
        )
    yield _at("renewal")
    yield _signs("2027-07-01", "2028-06-30", step=("续约", "Renew the contract"))
    yield _at()


def _suspended_and_back() -> Iterator[Step]:
    yield Waits("2027-05-25")
    yield Sees(BUYER, ("质量体系证书到期", "Quality certificate expires"))
    yield _at()
    yield Waits("2027-06-02")
    yield _at("renew_certificate", standing="suspended")
    yield from _handed_in("iso9001", "ISO9001-2027.pdf", "2030-05-31")
    yield _at()


def _eliminated() -> Iterator[Step]:
    word, step = ("同意淘汰", "Eliminate"), ("淘汰确认", "Confirm the elimination")
    yield Presses(SUPERVISOR, word, step, {"opinion": "两季不合格"})
    yield _at("elimination")
    yield Presses(QUALITY, word, step, {"opinion": "同意"})
    yield _at(standing="eliminated")


def _looked_up() -> Iterator[Step]:
    yield Looks(BUYER, ("/suppliers", "/suppliers"), ((NAME, NAME), ("已淘汰", "Eliminated")))
    yield Opens(
        BUYER,
        ("供应商名录.xlsx", "Register of suppliers.xlsx"),
        (NAME, NAME),
        ((NAME, NAME), ("已淘汰", "Eliminated"), ("质量体系证书有效期至", "Quality certificate")),
    )
    yield Looks(
        BUYER,
        (f"/suppliers {NAME}", f"/suppliers {NAME}"),
        (
            ("2027年第3季度", "Q3 2027"),
            ("2030年5月31日", "31 May 2030"),
            ("不合格", "Insufficient"),
        ),
    )
    on = ("2027年第3季度", "Q3 2027")
    yield Opens(BUYER, ("季度考核.png", "Quarterly score.png"), on)
    scores = tuple((number, number) for number in ("92", "86", "79", "88", "65", "60"))
    said: tuple[Words, ...] = (
        ("已淘汰", "Eliminated"),
        ("2026年第2季度", "Q2 2026"),
        ("印章不清", "印章不清"),
        ("表现稳定", "表现稳定"),
        ("两季不合格", "两季不合格"),
    )
    said = (
        *said,
        ("复核资质文件（代理授权书）", "Check it again (Agency authorisation)"),
        ("年度绩效评价（2027年）", "Yearly evaluation (2027)"),
        ("淘汰确认（2027年第3季度）", "Confirm the elimination (Q3 2027)"),
    )
    for kind in ("pdf", "docx"):
        file = (f"供应商档案 {CASE}.{kind}", f"Supplier file {CASE}.{kind}")
        yield Opens(BUYER, file, on, (*scores, *said))


def plain(text: str) -> str:
    """Return a text without blanks, which typography adds between digits and Chinese."""
    return "".join(text.split())


def says(text: str, words: str) -> bool:
    """Whether a text has these words."""
    return plain(words) in plain(text)


def text_of(name: str, content: bytes) -> str:
    """Return all words of a file that was opened; a picture has none, and is one."""
    kind = name.rpartition(".")[2]
    if kind == "png":
        assert content.startswith(b"\x89PNG")
        return ""
    if kind == "xlsx":
        rows = (row for sheet in sheets(io.BytesIO(content)).values() for row in sheet)
        return "\n".join(str(cell) for row in rows for cell in row)
    return report_text(content, kind)
