"""What people do with a supplier in the runs of the rig, in stories that follow each other.

Each begins where the one before ended, so that a process is killed in what is new: an admission, a
bad quarter, a certificate that runs out, a button, a quarter whose result joins an elimination that
was proposed meanwhile, and the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.rig.steps import Step, Story
from tests.stories.supplying import BUYER, CASE, INSPECTOR, PDF, QUALITY, SUPERVISOR

PAPER = ("certificate.pdf", PDF)


def _hours(*days: str) -> tuple[int, ...]:
    """The hours from the beginning, which is 9 o'clock on 2 March, until 9 o'clock on days."""
    return tuple(24 * (date.fromisoformat(day) - date(2026, 3, 2)).days for day in days)


def _agrees(who: str, opinion: str) -> Step:
    return Step(who, "approve", values={"opinion": opinion})


def _renews(certificate: str, **values: str) -> tuple[Step, ...]:
    """The buyer hands a certificate in, and quality checks it."""
    return (
        Step(BUYER, "complete", values=values, files={certificate: PAPER}),
        Step(INSPECTOR, "approve", values={"finding": "有效"}),
    )


def _scores(who: str, number: str, *names: str, hours: tuple[int, ...] = ()) -> Step:
    return Step(who, "complete", values=dict.fromkeys(names, number), hours=hours)


APPLICATION: Mapping[str, object] = {
    "supplier": "恒信零部件",
    "credit_code": "91310000MA1K3X0001",
    "contact": "王经理",
    "goods": "service",
    "reason": "现有供应商产能不足",
    "iso9001_expires": "2026-08-31",
}
CONTRACT = {"contract_start": "2026-04-01", "contract_end": "2027-06-30"}
PURCHASING = ("delivery", "price", "service")

ADMISSION = Story(
    name="admission",
    case=CASE,
    steps=(
        Step(
            BUYER,
            "say",
            text="/supplier",
            values=APPLICATION,
            files={"license": PAPER, "iso9001": PAPER},
        ),
        Step(INSPECTOR, "judgerest"),
        _agrees(SUPERVISOR, "同意"),
        _agrees(QUALITY, "同意"),
        Step(BUYER, "complete", values=CONTRACT, files={"contract_file": PAPER}),
    ),
)
QUARTER = Story(
    name="quarter",
    case=CASE,
    after="admission",
    steps=(
        _scores(INSPECTOR, "60", "quality", hours=_hours("2026-07-07")),
        _scores(BUYER, "60", *PURCHASING),
    ),
)
EXPIRY = Story(
    name="expiry",
    case=CASE,
    after="quarter",
    steps=(
        Step(
            BUYER,
            "complete",
            values={"iso9001_expires": "2027-12-31"},
            files={"iso9001": PAPER},
            hours=_hours("2026-08-03", "2026-08-26", "2026-09-01"),  # two warnings; it is over
        ),
        Step(INSPECTOR, "approve", values={"finding": "有效"}),
    ),
)
BUTTON = Story(
    name="button",
    case=CASE,
    after="expiry",
    steps=(Step(BUYER, "begin", values={"subject": "license"}), *_renews("license")),
)
JOINED = Story(
    name="joined",
    case=CASE,
    after="button",
    steps=(
        _scores(INSPECTOR, "50", "quality", hours=_hours("2026-10-20")),
        Step(SUPERVISOR, "begin", text=f"/case {CASE}"),
        _scores(BUYER, "50", *PURCHASING),
    ),
)
ELIMINATION = Story(
    name="elimination",
    case=CASE,
    after="joined",
    steps=(_agrees(SUPERVISOR, "两季不合格"), _agrees(QUALITY, "同意")),
)
SUPPLIER = (ADMISSION, QUARTER, EXPIRY, BUTTON, JOINED, ELIMINATION)
