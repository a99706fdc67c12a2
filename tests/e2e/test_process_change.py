"""A process is changed by clicks: from the reasons to a pilot, a verdict, a roll-out, a comparison.

The playground is empty, so there are no past figures to freeze; the story on a year of cases is
tests/stories/test_closed_loop.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from handlers.i18n import translator
from tests.e2e.clicking import Clicker, Screen, on_screen
from tests.e2e.served import served

OWNER, SECOND = "chen.jing", "gao.feng"
DAYS_MOST = 8  # until something happens
MOVING_MS = 90_000
SAID = {
    "en": {
        "change": "Change this",
        "step": "Is the customer satisfied?",
        "limit": "Limit",
        "differs": "2 working days → 1 working day",
        "verdict": "Roll out, prolong, change or roll back",
        "batch": "Next batch, or everybody",
        "over": "Completed: Process change",
    },
    "zh": {
        "change": "改这里",
        "step": "客户是否满意",
        "limit": "时限",
        "differs": "2 个工作日 → 1 个工作日",
        "verdict": "决定推广、延长、修改或撤回",
        "batch": "下一批，或全面推广",
        "over": "已结案：流程变更",
    },
}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_process_is_changed_by_clicks(browser: Browser, tmp_path: Path, language: str) -> None:
    """L1.1, L1.2, L2.2, L3.2, L4.1, L4.2."""
    with (
        served(tmp_path / "closeloop" / "playground") as address,
        on_screen(browser, address, language) as screen,
    ):
        case = _filed(screen)
        _countersigned(screen, case)
        _drafted(screen, case)
        _signed(screen, case)
        _piloted(screen, case)
        _rolled_out(screen, case)


def _at(screen: Screen, case: str, *nodes: str) -> None:
    """Wait until these steps are open."""

    def now() -> bool:
        tasks = screen.person(OWNER).case(case)["tasks"]
        return {task["node"] for task in tasks if task["status"] == "open"} == {*nodes}

    screen.until(now)


def _filed(screen: Screen) -> str:
    owner = screen.person(OWNER)
    owner.types("/process-change")
    form = screen.form
    for field, text in (
        ("process", "complaint"),
        ("scenario", "A customer complains"),
        ("pain_points", "They wait too long"),
    ):
        form.locator(f"#field-{field}").fill(text)
    targets = form.locator("[data-field=targets]")
    targets.locator("select").select_option("handling_time")
    targets.locator("input[type=text]").fill("-30%")
    targets.locator("input[type=date]").fill("2027-12-31")
    form.locator("[type=submit]").click()
    expect(form).to_have_count(0)
    screen.rests()
    number = screen.page.locator(".case-head .number").first
    expect(number).to_contain_text("PC-")
    return number.inner_text()


def _countersigned(screen: Screen, case: str) -> None:
    owner = screen.person(OWNER)
    keys = {one: screen.person(one).key for one in ("li.qiang", "yu.jia", "fang.hao")}
    owner.presses(
        "complete",
        case,
        business_expert=keys["li.qiang"],
        business_duty="Knows the customers",
        adviser=keys["yu.jia"],
        adviser_duty="Writes it down",
        it_support=keys["fang.hao"],
        it_duty="Sets it up",
    )
    _at(screen, case, "no_baseline")
    owner.presses("complete", case, without_why="The first weeks")
    _at(screen, case, "countersign")
    for signer in ("li.qiang", "fang.hao", "lin.wei"):
        screen.person(signer).presses("approve", case, opinion="Good")
    _at(screen, case, "model")


def _drafted(screen: Screen, case: str) -> None:
    said, owner = SAID[screen.language], screen.person(OWNER)
    owner.presses_labelled(_newest(screen, owner), said["change"])
    steps = screen.page.locator(".aside-card").last
    line = steps.locator("li", has_text=said["step"])
    line.get_by_role("button").click()
    limits = screen.page.locator(".aside-card").nth(1)
    limits.get_by_role("button", name=said["limit"], exact=True).click()
    screen.form.locator("input").first.fill("1wd")
    screen.form.locator("[type=submit]").click()
    expect(screen.page.locator(".notice")).to_contain_text(said["differs"])
    owner.presses("complete", case, what_changes="The customer is asked sooner")
    _at(screen, case, "compliance")


def _signed(screen: Screen, case: str) -> None:
    adviser = screen.person("yu.jia")
    adviser.presses("complete", case, authority="yes", data_security="yes", labour_law="yes")
    for node, signer in (("sign_off", "li.qiang"), ("sign_off_it", "fang.hao")):
        _at(screen, case, node)
        person = screen.person(signer)
        _sees(screen, person, SAID[screen.language]["differs"])
        person.presses("approve", case, opinion="Good")
    _at(screen, case, "plan_pilot")


def _piloted(screen: Screen, case: str) -> None:
    said, second = SAID[screen.language], screen.person(SECOND)
    owner = screen.person(OWNER)
    owner.presses(
        "complete",
        case,
        pilot_department="sales",
        pilot_until=_days_later(_today(screen), 30),
        main_figure="handling_time",
        pilot_helper=screen.person("he.jun").key,
    )
    _at(screen, case, "permit")
    second.presses("claim", case)
    second.presses("approve", case, opinion="Good")
    _at(screen, case)
    for filer in ("sun.yue", "zhao.lei"):
        screen.person(filer).files(
            "/complaint",
            customer=filer,
            contact="138",
            channel="phone",
            product="P-1",
            what_happened="A wrong address",
        )
    screen.person("sun.yue").presses("problem", "C-2026-0001", kind="slow", text="Too few days")
    _moves(screen, "thirty_days")
    _goes_on_until(screen, lambda: second.sees(said["verdict"]))


def _rolled_out(screen: Screen, case: str) -> None:
    said, second, owner = SAID[screen.language], screen.person(SECOND), screen.person(OWNER)
    second.presses("claim", case)
    second.presses("approve", case, opinion="Everybody wants it")
    _at(screen, case, "batch")
    owner.presses(
        "complete",
        case,
        batch_department="customer-service",
        batch_day=_days_later(_today(screen), 1),
        batch_helper=screen.person("he.jun").key,
    )
    _goes_on_until(screen, lambda: second.sees(said["batch"]))
    second.presses("claim", case)
    second.presses("approve", case, opinion="Everybody")
    _at(screen, case, "plan_comparison")
    owner.presses("complete", case, compare_on=_days_later(_today(screen), 2))
    _goes_on_until(screen, lambda: owner.case(case)["documents"])
    _sees(screen, owner, said["over"])
    assert owner.documents(case)


def _sees(screen: Screen, person: Clicker, words: str) -> None:
    screen.until(lambda: person.sees(words))


def _today(screen: Screen) -> str:
    return str(screen.requests.get("/api/world")["now"])[:10]


def _days_later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _newest(screen: Screen, person: Clicker) -> Locator:
    return person.cards().last


def _moves(screen: Screen, how: str) -> None:
    label = translator(screen.language).t(f"ui.clock.{how}")
    screen.page.locator(".clock").get_by_role("button", name=label, exact=True).click()
    busy = screen.page.locator(".clock [aria-disabled=true]")
    expect(busy).to_have_count(0, timeout=MOVING_MS)  # every reminder of a month is sent meanwhile
    screen.rests()


def _goes_on_until(screen: Screen, seen: Callable[[], Any]) -> None:
    for _ in range(DAYS_MOST):
        if seen():
            return
        _moves(screen, "working_day")
    raise AssertionError("nothing has happened")
