"""A product launch from its command to its revocation, by people at the playground.

Whoever takes part presses what is shown to them and fills the form that this opens. The finance
manager is away and has a deputy, a late review costs a point that is waived, a signer is added
before the market reviewer, one of three executives returns the request after another has rejected
it, the budget grows, all sign, and the filer revokes. It is played by the requests of the page,
where the playground ends twice on the way and is begun again over the same folder, and by clicks
in a browser, in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser

from bot import sample
from tests.adapters.launching import ADDED, CASE, DEPUTY, EXECUTIVES, REQUEST, opinion
from tests.command import closeloop
from tests.e2e.clicking import Clicker, Screen, on_screen
from tests.e2e.people import Persona, Requests
from tests.e2e.served import served
from tests.stories.deeds import report_text
from tests.stories.test_launch import PDF

WAITS_MOST = 20  # for timers, until points are given
SAID = {
    "en": {
        "points": "Points for lateness",
        "signers": "Executives countersign: 3 signers",
        "away": "Qian Li",
        "revoked": "Revoked",
    },
    "zh": {
        "points": "超时积分",
        "signers": "管理层会签：3 人会签",
        "away": "钱丽",
        "revoked": "已撤销",
    },
}


class Stage(Protocol):
    """Where people work: through requests, or at the page itself."""

    language: str

    def person(self, id_: str, /) -> Persona | Clicker: ...
    def moves_on(self) -> None: ...
    def until(self, seen: Callable[[], Any], /) -> Any: ...


def test_a_launch_from_its_command_to_its_revocation(tmp_path: Path) -> None:
    data = tmp_path / "closeloop" / "playground"  # where commands look for a playground
    with served(data) as address:
        _has_three_executives(tmp_path)
        _begins(Requests(address))
    with served(data) as address:
        _goes_on(Requests(address))
    with served(data) as address:
        requests = Requests(address)
        papers = _ends(requests)
        _is_documented(requests, papers, "zh", "en")
        _is_revoked(requests)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_launch_is_played_by_clicks(browser: Browser, tmp_path: Path, language: str) -> None:
    with _screen(browser, tmp_path, language) as screen:
        _begins(screen)
        _goes_on(screen)
        papers = _ends(screen)
        _is_documented(screen.requests, papers, language)
        _is_revoked(screen)


@contextmanager
def _screen(browser: Browser, home: Path, language: str) -> Iterator[Screen]:
    """A page over a playground of its own, in which there are three executives."""
    with served(home / "closeloop" / "playground") as address:
        _has_three_executives(home)
        with on_screen(browser, address, language) as screen:
            yield screen


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


def _begins(stage: Stage) -> None:
    _is_filed_and_late(stage)
    _is_waived(stage)
    _is_given_to_an_added_signer(stage)


def _goes_on(stage: Stage) -> None:
    _is_signed_before_the_reviewer(stage)
    _is_reviewed_with_a_deputy(stage)
    _is_returned_by_one_of_three(stage)


def _ends(stage: Stage) -> list[str]:
    _is_revised_and_comes_back(stage)
    return _is_signed_by_all(stage)


def _is_at(stage: Stage, *nodes: str) -> None:
    """The steps that are waited for, one for each of whoever has to act."""
    tasks = stage.person("fang.hao").case(CASE)["tasks"]
    assert tuple(task["node"] for task in tasks if task["status"] == "open") == nodes, tasks


def _is_filed_and_late(stage: Stage) -> None:
    filer, reviewer = stage.person("fang.hao"), stage.person("xu.ning")
    said = SAID[stage.language]
    request = {**REQUEST, "budget": "1200000", "plan": [filer.uploads("plan.pdf", PDF)]}
    assert filer.files("/launch", route=[said["signers"]], **request) == CASE
    for _ in range(WAITS_MOST):
        if reviewer.sees(said["points"]):
            break
        stage.moves_on()
    assert reviewer.sees(said["points"])
    reviewer.presses("approve", CASE, opinion="技术成熟")
    _is_at(stage, "market_assessment")


def _is_waived(stage: Stage) -> None:
    stage.person("tang.yi").presses_on_page("waive", CASE, text="会议室停电")
    reviewer = stage.person("xu.ning")
    stage.until(lambda: reviewer.sees("会议室停电"))


def _is_given_to_an_added_signer(stage: Stage) -> None:
    reviewer, signer = stage.person("guo.xin"), stage.person(ADDED)
    reviewer.presses("addsigner", CASE, where="before", people=[signer.key], text="请先看渠道")
    stage.until(lambda: "approve" not in reviewer.verbs(CASE))


def _is_signed_before_the_reviewer(stage: Stage) -> None:
    reviewer, signer = stage.person("guo.xin"), stage.person(ADDED)
    signer.presses("approve", CASE, demand="medium", assessment="渠道已谈妥")
    _is_at(stage, "market_assessment")
    reviewer.presses("approve", CASE, demand="high", assessment="需求旺盛")
    assert reviewer.sees("渠道已谈妥")
    _is_at(stage, "finance_review")


def _is_reviewed_with_a_deputy(stage: Stage) -> None:
    away, deputy = stage.person("qian.li"), stage.person(DEPUTY)
    away.asks_for("/away", person=deputy.key)
    deputy.presses("approve", CASE, opinion="代钱丽：预算合理")
    assert deputy.sees(SAID[stage.language]["away"])
    _is_at(stage, *["all_executives"] * 3)


def _is_returned_by_one_of_three(stage: Stage) -> None:
    boss, other, third = (stage.person(one) for one in EXECUTIVES)
    boss.presses("reject", CASE, opinion="成本不清楚")
    _is_at(stage, *["all_executives"] * 2)  # a reject waits for all
    back = {"return-to": "revise", "opinion": "请把欧洲的认证费算进去"}
    other.presses("return", CASE, **back)
    stage.until(lambda: not {"approve", "reject", "return"} & third.verbs(CASE))
    _is_at(stage, "revise")


def _is_revised_and_comes_back(stage: Stage) -> None:
    filer, deputy = stage.person("fang.hao"), stage.person(DEPUTY)
    filer.presses("complete", CASE, budget="1500000")
    assert filer.sees("认证费")
    _is_at(stage, "finance_review")  # the budget is material to it alone
    deputy.presses("approve", CASE, opinion="追加后仍可行")
    _is_at(stage, *["all_executives"] * 3)


def _is_signed_by_all(stage: Stage) -> list[str]:
    """Until the filer has the documents; where they are to be had."""
    for one in EXECUTIVES:
        stage.person(one).presses("approve", CASE, opinion="同意上市")
    filer = stage.person("fang.hao")
    assert filer.case(CASE)["status"] == "completed"
    return filer.documents(CASE)


def _is_documented(requests: Requests, papers: list[str], *languages: str) -> None:
    where = {paper.partition("?")[0]: paper for paper in papers}
    for language, kind in product(languages, ("pdf", "docx")):
        paper = requests.content(where[f"/files/paper.{CASE}.{language}.{kind}"])
        words = "".join(report_text(paper, kind).split())
        for said in opinion(language):
            assert said in words, (said, words)


def _is_revoked(stage: Stage) -> None:
    filer, owner = stage.person("fang.hao"), stage.person("tang.yi")
    filer.presses_on_page("revoke", CASE, text="供应商停产")
    _is_at(stage, "revocation")
    owner.presses("approve", CASE)
    assert filer.case(CASE)["status"] == "withdrawn"
    stage.until(lambda: filer.sees(SAID[stage.language]["revoked"]))
