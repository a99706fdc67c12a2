"""Several open steps at `all_executives` are seen: who has which, who still has to sign (T5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.platforms.playground.as_json import as_json
from handlers.exports.tables import case_list, event_sheet
from handlers.home import home
from handlers.playground.case import case_view
from handlers.reading.record import case_facts
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.test_launch import CASE, approves, asked, reviewed
from workflows.records import CaseQuery

if TYPE_CHECKING:
    from handlers.pages import Home
    from storage.unit import Tx


async def signing(work: Workplace) -> None:
    """Both executives have to sign."""
    await asked(work, budget="3000000")
    await reviewed(work)


async def one_signed(work: Workplace) -> None:
    """lin.wei has signed, gao.feng has not."""
    await signing(work)
    await approves(work.person("lin.wei"), opinion="同意")


async def test_the_case_card_names_who_has_which_seat_and_who_still_has_to_sign(
    work: Workplace,
) -> None:
    await signing(work)
    filer = work.person("fang.hao")
    card = await filer.sees("管理层会签", kind="case")
    shown = {fact.label: fact.value for fact in card.facts}
    assert shown["办理人"] == "高峰、林薇"
    assert shown["签署人"] == "高峰（未签）、林薇（未签）"
    assert shown["计票"] == "2 席未签（须全部同意）"

    await approves(work.person("lin.wei"), opinion="同意")
    shown = {fact.label: fact.value for fact in (await filer.sees(CASE, kind="case")).facts}
    assert shown["办理人"] == "高峰"
    assert shown["签署人"] == "高峰（未签）、林薇（同意）"
    assert shown["计票"] == "1 票同意、1 席未签（须全部同意）"


async def test_the_card_of_each_signer_shows_the_other_seats(work: Workplace) -> None:
    await one_signed(work)
    card = await work.person("gao.feng").sees("管理层会签", kind="task")

    assert {"同意", "驳回", "退回"} <= {button.label for button in card.buttons}
    assert "林薇（同意）" in spell(card)
    signed = await work.person("lin.wei").sees("管理层会签", kind="task")
    assert not {"同意", "驳回", "退回"} & {button.label for button in signed.buttons}


async def test_the_diagram_and_the_panel_of_the_playground_name_both_and_then_the_one_left(
    work: Workplace,
) -> None:
    await signing(work)
    for people in ("高峰、林薇", "高峰"):
        seen = await panel(work)
        (node,) = [one for one in seen["diagram"]["nodes"] if one["id"] == "all_executives"]
        assert (node["state"], node["who"]) == ("current", people)
        seats = [task for task in seen["tasks"] if task["node"] == "all_executives"]
        waiting = [one["people"][0]["name"] for one in seats if one["status"] == "open"]
        assert "、".join(waiting) == people
        if len(waiting) > 1:
            await approves(work.person("lin.wei"), opinion="同意")


async def panel(work: Workplace) -> Any:
    filer = await work.person("fang.hao").key()
    found = await work.database.read(
        lambda tx: case_view(tx, work.office, case_id=CASE, person=filer, language="zh")
    )
    return as_json(found)


async def test_the_lists_and_the_home_tab_have_the_seat_of_whoever_still_has_to_sign(
    work: Workplace,
) -> None:
    await one_signed(work)
    left, signed, filer = (work.person(one) for one in ("gao.feng", "lin.wei", "fang.hao"))
    await left.says("/tasks")
    assert "管理层会签" in spell(left.answer.cards[0])
    await signed.says("/tasks")
    assert "管理层会签" not in spell(signed.answer.cards[0])
    await filer.says("/cases")
    assert "管理层会签" in spell(filer.answer.cards[0])

    assert "管理层会签" in spell((await home_of(work, "gao.feng")).tasks)
    assert "管理层会签" not in spell((await home_of(work, "lin.wei")).tasks)
    assert "管理层会签" in spell((await home_of(work, "fang.hao")).cases)


async def home_of(work: Workplace, person_id: str) -> Home:
    person = (await work.directory()).by_id(person_id)
    assert person is not None
    return await work.database.read(lambda tx: home(tx, work.office, reader=person, language="zh"))


async def test_the_exports_have_each_seat(work: Workplace) -> None:
    await one_signed(work)
    facts = await work.database.read(lambda tx: case_facts(tx, work.office, case_id=CASE))
    seats = [one for one in facts["tasks"] if one["node"] == "all_executives"]
    assert [(one["seat"], one["assignee"], one["status"], one["outcome"]) for one in seats] == [
        (1, "gao.feng", "open", None),
        (2, "lin.wei", "done", "approve"),
    ]
    assert facts["nodes"] == ["all_executives"]

    def tables(tx: Tx) -> tuple[str, str]:
        query = CaseQuery()
        cases = case_list(tx, work.office, query, language="zh")
        events = event_sheet(tx, work.office, query, language="zh")
        return str([*cases.rows]), str([*events.rows])

    cases, events = await work.database.read(tables)
    assert "管理层会签" in cases
    assert "2" in events
    assert "林薇" in events
