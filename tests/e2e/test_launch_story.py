"""A product launch from its command to its revocation, by people at the playground's page.

Whoever takes part presses what the page shows them and fills the form that this opens. The finance
manager is away and has a deputy, a late review costs a point that is waived, a signer is added
before the market reviewer, one of three executives returns the request after another has rejected
it, the budget grows, all sign, and the filer revokes. The playground ends twice on the way and is
begun again over the same folder.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from bot import sample
from tests.adapters.launching import ADDED, CASE, DEPUTY, EXECUTIVES, REQUEST, opinion
from tests.command import closeloop
from tests.e2e.people import Persona, Requests
from tests.e2e.served import served
from tests.stories.deeds import report_text
from tests.stories.test_launch import PDF

WAITS_MOST = 20  # for timers, until points are given


def test_a_launch_from_its_command_to_its_revocation(tmp_path: Path) -> None:
    data = tmp_path / "closeloop" / "playground"  # where commands look for a playground
    with served(data) as address:
        requests = Requests(address)
        _has_three_executives(tmp_path)
        _is_filed_and_late(requests)
        _is_waived(requests)
        _is_given_to_an_added_signer(requests)
    with served(data) as address:
        requests = Requests(address)
        _is_signed_before_the_reviewer(requests)
        _is_reviewed_with_a_deputy(requests)
        _is_returned_by_one_of_three(requests)
    with served(data) as address:
        requests = Requests(address)
        _is_revised_and_comes_back(requests)
        _is_signed_by_all(requests)
        _is_revoked(requests)


def _has_three_executives(home: Path) -> None:
    """The product director becomes an executive, by a command beside the running playground."""
    people = sample.PEOPLE.read_text(encoding="utf-8")
    role = 'roles = ["product-director"]'
    assert role in people
    (home / "people.toml").write_text(
        people.replace(role, 'roles = ["product-director", "executive"]'), encoding="utf-8"
    )
    done = closeloop("people", "import", "people.toml", cwd=home, XDG_DATA_HOME=str(home))
    assert done.code == 0, done.err


def _is_at(requests: Requests, *nodes: str) -> None:
    """The steps that are waited for, one for each of whoever has to act."""
    tasks = Persona(requests, "fang.hao").case(CASE)["tasks"]
    assert tuple(task["node"] for task in tasks if task["status"] == "open") == nodes, tasks


def _is_filed_and_late(requests: Requests) -> None:
    filer, reviewer = Persona(requests, "fang.hao"), Persona(requests, "xu.ning")
    plan = filer.uploads("plan.pdf", PDF)
    assert filer.files("/launch", **{**REQUEST, "budget": "1200000", "plan": [plan]}) == CASE
    for _ in range(WAITS_MOST):
        if reviewer.sees("Points for lateness"):
            break
        requests.post("/api/clock", move="next")
    assert reviewer.sees("Points for lateness")
    reviewer.presses("approve", CASE, opinion="技术成熟")
    _is_at(requests, "market_assessment")


def _is_waived(requests: Requests) -> None:
    Persona(requests, "tang.yi").presses_on_page("waive", CASE, text="会议室停电")
    reviewer = Persona(requests, "xu.ning")
    requests.until(lambda: reviewer.sees("会议室停电"))


def _is_given_to_an_added_signer(requests: Requests) -> None:
    reviewer, signer = Persona(requests, "guo.xin"), Persona(requests, ADDED)
    reviewer.presses("addsigner", CASE, where="before", people=[signer.key], text="请先看渠道")
    requests.until(lambda: "approve" not in reviewer.verbs(CASE))


def _is_signed_before_the_reviewer(requests: Requests) -> None:
    reviewer, signer = Persona(requests, "guo.xin"), Persona(requests, ADDED)
    signer.presses("approve", CASE, demand="medium", assessment="渠道已谈妥")
    _is_at(requests, "market_assessment")
    reviewer.presses("approve", CASE, demand="high", assessment="需求旺盛")
    assert reviewer.sees("渠道已谈妥")
    _is_at(requests, "finance_review")


def _is_reviewed_with_a_deputy(requests: Requests) -> None:
    away, deputy = Persona(requests, "qian.li"), Persona(requests, DEPUTY)
    away.asks_for("/away", person=deputy.key)
    deputy.presses("approve", CASE, opinion="代钱丽：预算合理")
    assert deputy.sees("Qian Li")
    _is_at(requests, *["all_executives"] * 3)


def _is_returned_by_one_of_three(requests: Requests) -> None:
    boss, other, third = (Persona(requests, one) for one in EXECUTIVES)
    boss.presses("reject", CASE, opinion="成本不清楚")
    _is_at(requests, *["all_executives"] * 2)  # a reject waits for all
    back = {"return-to": "revise", "opinion": "请把欧洲的认证费算进去"}
    other.presses("return", CASE, **back)
    requests.until(lambda: not {"approve", "reject", "return"} & third.verbs(CASE))
    _is_at(requests, "revise")


def _is_revised_and_comes_back(requests: Requests) -> None:
    filer, deputy = Persona(requests, "fang.hao"), Persona(requests, DEPUTY)
    filer.presses("complete", CASE, budget="1500000")
    assert filer.sees("认证费")
    _is_at(requests, "finance_review")  # the budget is material to it alone
    deputy.presses("approve", CASE, opinion="追加后仍可行")
    _is_at(requests, *["all_executives"] * 3)


def _is_signed_by_all(requests: Requests) -> None:
    for one in EXECUTIVES:
        Persona(requests, one).presses("approve", CASE, opinion="同意上市")
    filer = Persona(requests, "fang.hao")
    page = filer.case(CASE)
    assert page["status"] == "completed"
    papers = {str(one["url"]).partition("?")[0]: one["url"] for one in page["documents"]}
    for language, kind in product(("zh", "en"), ("pdf", "docx")):
        paper = requests.content(papers[f"/files/paper.{CASE}.{language}.{kind}"])
        words = "".join(report_text(paper, kind).split())
        for said in opinion(language):
            assert said in words, (said, words)


def _is_revoked(requests: Requests) -> None:
    filer, owner = Persona(requests, "fang.hao"), Persona(requests, "tang.yi")
    filer.presses_on_page("revoke", CASE, text="供应商停产")
    _is_at(requests, "revocation")
    owner.presses("approve", CASE)
    assert filer.case(CASE)["status"] == "withdrawn"
    requests.until(lambda: filer.sees("Revoked"))
