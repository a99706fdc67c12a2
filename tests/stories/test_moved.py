"""People are moved in the middle of a case: a new manager, a role given away, a renamed department.

Launches have several seats open then; a complaint has one task.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storage.unit import Tx
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint
from tests.stories.test_launch import CASE as LAUNCH
from tests.stories.test_launch import approves, asked, reviewed
from tests.stories.test_signing import CASE as SIGNING
from tests.stories.test_signing import filed


async def moved(work: Workplace, **people: dict[str, Any]) -> None:
    """The next list of people has these fields changed, by id with `_` for the point."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        ids = {person.id: key for key, person in directory.people.items()}
        changed = []
        for one in directory.people.values():
            fields = people.get(one.id.replace(".", "_"), {})
            if "manager" in fields:
                fields = {**fields, "manager": ids[fields["manager"]]}
            if one.active:
                changed.append(replace(one, **fields))
        tx.people.replace(changed, list(directory.departments.values()))

    await work.database.run(unit)
    await work.settle()


async def renamed(work: Workplace, department: str, to: str, name: str) -> None:
    """A department has another id and another name in the next list of people."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        tx.people.replace(
            [
                replace(one, department=to if one.department == department else one.department)
                for one in directory.people.values()
                if one.active
            ],
            [
                replace(one, id=to, name_zh=name, name_en=name) if one.id == department else one
                for one in directory.departments.values()
            ],
        )

    await work.database.run(unit)
    await work.settle()


async def seats(work: Workplace, case: str) -> list[str]:
    """Who has the open tasks of a case, by id."""
    people = (await work.directory()).people
    return sorted(people[one.assignee or ""].id for one in (await work.case(case)).open_tasks)


async def countersigned(work: Workplace) -> None:
    """Both executives have a seat in the countersign."""
    await asked(work, budget="1200000")
    await reviewed(work)
    assert await seats(work, LAUNCH) == ["gao.feng", "lin.wei"]


# ---------------------------------------------------------------------------- a role given away


async def test_the_seat_of_a_role_that_was_given_away_is_the_new_holders(
    in_both: Workplace,
) -> None:
    work = in_both
    await countersigned(work)
    await moved(work, gao_feng={"roles": ()}, ma_chao={"roles": ("executive",)})

    assert await seats(work, LAUNCH) == ["lin.wei", "ma.chao"]
    old = work.person("gao.feng")
    assert await old.in_words("同意") not in await old.buttons(kind="task")
    await approves(work.person("ma.chao"), opinion="同意")
    await approves(work.person("lin.wei"), opinion="同意")
    assert (await work.case(LAUNCH)).status == "completed"


async def test_who_signed_before_the_role_was_given_away_has_signed(work: Workplace) -> None:
    """Their vote counts, and the new holder gets no seat beside it."""
    await countersigned(work)
    await approves(work.person("gao.feng"), opinion="同意")
    await moved(work, gao_feng={"roles": ()}, ma_chao={"roles": ("executive",)})

    assert await seats(work, LAUNCH) == ["lin.wei"]
    await approves(work.person("lin.wei"), opinion="同意")
    assert (await work.case(LAUNCH)).status == "completed"


async def test_who_gave_the_role_away_signs_as_the_deputy_of_the_other(work: Workplace) -> None:
    """While they had a seat of their own they could not."""
    await countersigned(work)
    away, deputy = work.person("lin.wei"), work.person("gao.feng")
    await away.says("/away")
    await away.fills(person="gao.feng", first="2026-03-02", last="2026-03-06")
    await deputy.does_not_see("由您代办", kind="task")

    await moved(work, gao_feng={"roles": ()}, ma_chao={"roles": ("executive",)})
    await approves(work.person("ma.chao"), opinion="同意")
    case = await work.case(LAUNCH)
    (seat,) = case.open_tasks
    await deputy.says("/tasks")
    assert LAUNCH in deputy.reads()
    await deputy.forges(f"approve|{LAUNCH}|{seat.id}|")
    await deputy.fills(opinion="代为同意")

    case = await work.case(LAUNCH)
    assert case.status == "completed"
    assert case.known_task(seat.id).on_behalf_of == await away.key()


async def test_a_turn_that_comes_after_the_role_was_given_away_is_the_new_holders(
    work: Workplace,
) -> None:
    waits = ("turn", "signers", '["person:li.qiang", "role:complaint-manager"]')
    await filed(work, "turn", waits)
    await moved(work, chen_jing={"roles": ()}, zhao_lei={"roles": ("complaint-manager",)})
    assert await work.person("chen.jing").cards() == []

    await work.person("li.qiang").presses("同意", kind="task")

    assert await seats(work, SIGNING) == ["zhao.lei"]
    await work.person("zhao.lei").presses("同意", kind="task")
    assert (await work.case(SIGNING)).status == "completed"


async def test_a_complaint_that_nobody_claimed_follows_the_role(in_both: Workplace) -> None:
    work = in_both
    await file_complaint(work.person("emma.clark"))
    await moved(work, liu_yang={"roles": ()}, zhao_lei={"roles": ("complaint-desk",)})

    old, new = work.person("liu.yang"), work.person("zhao.lei")
    assert await old.in_words("认领") not in await old.buttons(kind="task")
    await new.presses("认领", kind="task")
    assert await seats(work, "C-2026-0001") == ["zhao.lei"]


# ---------------------------------------------------------------------------- a new manager


async def test_a_late_launch_escalates_to_the_manager_of_now(work: Workplace) -> None:
    await asked(work)
    await approves(work.person("xu.ning"), opinion="技术成熟")
    await work.person("guo.xin").sees("市场评估", kind="task")
    await moved(work, guo_xin={"manager": "gao.feng"})
    await work.until("2026-03-06 15:00")

    await work.person("gao.feng").sees(LAUNCH, kind="escalation")
    await work.person("tang.yi").does_not_see("市场评估", kind="escalation")


async def test_a_late_seat_escalates_past_a_new_manager_who_signs_too(work: Workplace) -> None:
    """Whoever has a seat of the ballot is not asked to take over another one."""
    await countersigned(work)
    await moved(work, lin_wei={"manager": "gao.feng"}, gao_feng={"manager": "tang.yi"})
    await work.until("2026-03-06 15:00")

    case = await work.case(LAUNCH)
    signers = {await work.person(one).key() for one in ("lin.wei", "gao.feng")}
    assert all(not signers & set(task.rescuers) for task in case.open_tasks)
    assert await work.person("tang.yi").key() in case.escalated_to


async def test_a_late_complaint_escalates_to_the_manager_of_now(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    await moved(work, li_qiang={"manager": "ma.chao"})
    await work.passes("2h")

    await work.person("ma.chao").sees("处理并答复", kind="escalation")


# ---------------------------------------------------------------------------- departments


async def test_a_launch_ends_though_the_departments_of_its_definition_were_renamed(
    work: Workplace,
) -> None:
    """Who would be copied from them is not found any more; everything else goes on."""
    await countersigned(work)
    await renamed(work, "marketing", "brand", "品牌部")
    await renamed(work, "rnd", "technology", "技术部")

    await approves(work.person("lin.wei"), opinion="同意")
    await approves(work.person("gao.feng"), opinion="同意")

    case = await work.case(LAUNCH)
    assert (case.status, case.copied) == ("completed", ())
    await work.person("fang.hao").sees("X200", kind="closed")


async def test_a_renamed_department_changes_nothing_in_an_open_complaint(work: Workplace) -> None:
    handler = await dispatched(work)
    before = await work.event_types()
    await renamed(work, "customer-service", "care", "客户关怀部")

    assert await work.event_types() == before
    await handler.sees("处理并答复", "待办", kind="task")
    assert await seats(work, "C-2026-0001") == [handler.id]
