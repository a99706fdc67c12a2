"""Employees are of one kind exactly when the definition cannot tell them apart."""

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.rehearsal.rehearsed import definition
from workflows.directory import Department, Directory, Person
from workflows.rehearsal.kinds import kinds_of

WORK = """
[[nodes]]
id = "first"
kind = "task"
name = {{ zh = "做", en = "Work" }}
assignee = "{who}"
due = "1d"
ladder = "step"
next = "done"
"""
BOSS = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [{ id = "boss", type = "person", required = true, label = { zh = "主管", en = "Boss" } }]
"""


def kinds(who, *, directory=None, more=""):
    """The kinds as sets of readable ids."""
    process = definition(more + WORK.format(who=who))
    known = directory or office.directory()
    return [
        {known.people[k].id for k in kind.people} for kind in kinds_of(process.definition, known)
    ]


def alone(found):
    return sorted(one for kind in found if len(kind) == 1 for one in kind)


def test_who_holds_no_role_and_is_not_named_is_like_everybody_else():
    found = kinds("role:complaint-desk")

    assert found == [
        {
            "chen.jing",
            "feng.lei",
            "gao.yu",
            "he.jun",
            "li.na",
            "ma.chao",
            "wu.min",
            "xu.ke",
            "zheng.hao",
            "zhou.wei",
        },
        {"deng.tao"},  # the administrator
        {"liu.yang", "sun.qi"},
        {"wang.fang"},  # the owner's role
    ]


def test_somebody_named_is_a_kind_of_their_own():
    assert alone(kinds("person:he.jun")) == ["deng.tao", "he.jun", "wang.fang"]
    found = alone(kinds("except(person:he.jun, person:li.na)"))
    assert found == ["deng.tao", "he.jun", "li.na", "wang.fang"]


def test_a_head_that_is_asked_for_is_known():
    assert "zheng.hao" in alone(kinds("head(sales)"))
    assert "zheng.hao" not in alone(kinds("head(customer-service)"))


def test_only_the_pattern_around_somebody_matters():
    """Whether there is a manager, and whether that is the head too; not who it is."""
    found = kinds("manager(filer)")

    assert {"chen.jing"} in found  # nobody is above her
    assert next(kind for kind in found if "xu.ke" in kind) >= {"gao.yu", "wu.min", "li.na"}
    assert {"he.jun"} in found  # the owner's manager is above them, who is somebody known


def test_all_managers_of_a_line_count_as_steps():
    assert kinds("managers(filer, 1)") == kinds("manager(filer)")
    assert {"feng.lei"} in kinds("managers(filer)")  # her manager is the head, who has one above


def test_who_has_the_place_of_a_filer_who_would_decide_counts():
    """People with one role and different managers are not alike where they would approve."""
    approval = WORK.replace('kind = "task"', 'kind = "approval"').replace(
        'next = "done"', '[nodes.outcomes.approve]\nto = "done"'
    )
    for rule in ("", 'self_approval = "dept_head"\n'):
        process = definition(approval.replace("due =", rule + "due =").format(who="role:x"))
        found = kinds_of(process.definition, office.directory())
        assert any(kind.people == (key("chen.jing"),) for kind in found)
    process = definition(
        approval.replace("due =", 'self_approval = "self"\ndue =').format(who="owner")
    )
    assert not any(
        kind.people == (key("chen.jing"),)
        for kind in kinds_of(process.definition, office.directory())
    )


def test_the_department_of_a_head_counts_as_a_step():
    found = kinds("head(department(manager(filer)))")

    assert {"chen.jing"} in found
    assert not any("chen.jing" in kind and len(kind) > 1 for kind in found)


def test_who_stands_above_those_who_get_work_is_known():
    found = alone(kinds("manager(role:complaint-handler)"))

    assert {"he.jun", "feng.lei", "li.na", "xu.ke"} <= set(found)


def test_those_among_whom_one_is_picked_are_alike_or_known():
    """Who is picked for one of them, who may not be it, is another than for the next."""
    alike = kinds("least_loaded(role:complaint-handler)")
    apart = alone(kinds("least_loaded(except(role:complaint-handler, person:xu.ke))"))

    assert {"gao.yu", "li.na", "ma.chao", "xu.ke"} in alike
    assert {"gao.yu", "li.na", "ma.chao", "xu.ke"} <= set(apart)


def test_those_picked_among_under_a_name_are_known_too():
    route = """
[[nodes]]
id = "first"
kind = "gateway"
name = { zh = "分", en = "Sort" }
routes = [{ to = "work", set = { a = "except(role:complaint-handler, person:xu.ke)" } }]
"""
    work = WORK.format(who="least_loaded(a)").replace('id = "first"', 'id = "work"')
    process = definition(route + work)
    found = kinds_of(process.definition, office.directory())

    assert {(key("gao.yu"),), (key("li.na"),)} <= {kind.people for kind in found}


def test_those_around_somebody_have_places():
    process = definition(WORK.format(who="head(department(manager(filer)))"))
    found = kinds_of(process.definition, office.directory())
    one = next(kind for kind in found if key("xu.ke") in kind.people)

    assert one.people[0] == key("feng.lei")
    assert one.around == {key("zheng.hao"): "@manager.head"}


def test_members_of_a_department_that_is_named_are_told_apart():
    found = kinds("members(sales)")

    assert {"zheng.hao", "feng.lei", "xu.ke", "gao.yu", "wu.min"} in found


def test_those_who_are_entered_are_known():
    found = kinds("field:boss", more=BOSS)

    assert {"chen.jing"} in found
    assert {"deng.tao"} in found


def test_only_those_who_may_start_are_asked():
    process = definition('#: started_by = "members(sales)"\n' + WORK.format(who="owner"))
    directory = office.directory(gone=("wu.min",))
    found = kinds_of(process.definition, directory)

    assert [set(kind.people) for kind in found] == [
        {key("feng.lei"), key("gao.yu"), key("xu.ke"), key("zheng.hao")}
    ]


@pytest.mark.parametrize(
    ("who", "most"),
    [
        ("role:complaint-desk", 6),
        ("manager(filer)", 40),
        ("managers(filer, 1)", 40),
        ("head(department(manager(filer, 2)))", 90),
    ],
)
def test_ten_thousand_people_are_a_few_kinds(who, most):
    """Each leads up to ten, so most managers are of one kind too."""
    departments = {
        name: Department(id=name, name_zh=name, name_en=name, head=f"k{number}")
        for number, name in enumerate(("board", "sales", "it", "customer-service"))
    }
    people = {
        f"k{n}": Person(
            key=f"k{n}",
            id=f"x.{n:05}",
            name=str(n),
            department=("board", "sales", "it", "customer-service")[n % 4],
            manager=f"k{(n - 1) // 10}" if n else "",
            roles=("complaint-desk",) if n % 500 == 7 else (),
        )
        for n in range(10_000)
    }
    found = kinds(who, directory=Directory(people=people, departments=departments))

    assert sum(map(len, found)) == 10_000
    assert len(found) <= most
