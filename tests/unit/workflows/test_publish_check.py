"""Before a process is in force: who would get the work, for everybody who may start it."""

from dataclasses import replace

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbooks.signed import signing
from tests.unit.workflows.rehearsal.rehearsed import START, definition, loaded
from workflows.directory import Absence
from workflows.moments import DAY
from workflows.rehearsal.publish_check import FILER, PEER, publish_check
from workflows.rehearsal.rehearse import rehearse
from workflows.rehearsal.report import Kind


def checked(process, directory=None):
    return publish_check(
        process,
        directory=directory or office.directory(),
        calendar=office.calendar(),
        start=START,
    )


def gets(group, node):
    return [set(got.to) for got in group.gets if got.node == node]


def test_the_shipped_process_serves_everybody():
    """P1: nobody's complaint falls to the owner because a step finds nobody."""
    found = checked(office.complaint())

    assert found.findings == ()
    everybody = {person for group in found.groups for person in group.people}
    assert everybody == set(office.directory().people)


def test_people_are_grouped_by_who_gets_their_work():
    groups = checked(office.complaint()).groups
    desk = next(group for group in groups if key("liu.yang") in group.people)
    sales = next(group for group in groups if key("xu.ke") in group.people)
    most = max(groups, key=lambda group: len(group.people))

    assert desk.people == (key("liu.yang"), key("sun.qi"))
    assert gets(desk, "triage") == [{FILER, PEER}]
    assert gets(sales, "resolve") == [{key("li.na")}, {PEER}]
    assert gets(most, "confirm") == [{FILER}] * 2
    assert {got.way for got in most.gets if got.node == "resolve"} == {
        (("dispatch", 0),),
        (("dispatch", 1),),
    }


def test_groups_whose_work_goes_to_each_other_are_not_one():
    process = definition(
        """
[[nodes]]
id = "first"
kind = "gateway"
name = { zh = "分", en = "Sort" }
routes = [{ to = "work", set = { a = "except(role:complaint-desk, filer)" } }]

[[nodes]]
id = "work"
kind = "task"
name = { zh = "做", en = "Work" }
candidates = "a"
due = "1d"
ladder = "step"
next = "done"
"""
    )
    groups = checked(process).groups

    assert [group.people for group in groups if (PEER,) in {got.to for got in group.gets}] == [
        (key("liu.yang"), key("sun.qi"))
    ]


def test_nobody_is_away_in_a_check():
    away = Absence(
        id="a",
        person=key("li.na"),
        deputy=key("ma.chao"),
        starts_at=START - 365 * DAY,
        ends_at=START + 365 * DAY,
    )
    directory = replace(office.directory(), absences=(away,))

    assert checked(office.complaint(), directory) == checked(office.complaint())


def test_where_the_owner_is_missing_too_an_administrator_gets_the_work():
    directory = office.directory(gone=("wang.fang", "liu.yang", "sun.qi"))
    found = [f for f in checked(office.complaint(), directory).findings if f.code == "nobody"]

    assert {f.where for f in found} == {
        "nodes.triage.candidates",
        "nodes.archive.candidates",
        "nodes.management_decision.assignee",
    }
    assert {f.to for f in found} == {(key("deng.tao"),)}
    assert all(len(f.people) == 11 for f in found)


def test_without_anybody_at_all_a_case_cannot_even_be_filed():
    directory = replace(office.directory(gone=("wang.fang", "liu.yang", "sun.qi")))
    directory = replace(directory, admins=frozenset())
    (found,) = checked(office.complaint(), directory).findings

    assert (found.kind, found.code, found.where) == (Kind.NOBODY, "nobody_at_all", "nodes.triage")
    assert len(found.people) == 11


def test_without_starters_there_is_nothing_to_check():
    found = checked(loaded("nobody_may_start"), office.directory(gone=("chen.jing",)))

    assert found.groups == ()
    assert [f.code for f in found.findings] == ["nobody_may_start"]


def two_steps(first: str, *, owner: str = "role:complaint-desk") -> str:
    """A task for those of the line `first`, and one for the filer."""
    return f"""
#: owner = "{owner}"
[[nodes]]
id = "first"
kind = "task"
name = {{ zh = "一", en = "First" }}
{first}
due = "1d"
ladder = "step"
next = "second"

[[nodes]]
id = "second"
kind = "task"
name = {{ zh = "二", en = "Second" }}
assignee = "filer"
due = "1d"
ladder = "step"
next = "done"
"""


def test_what_the_people_of_one_kind_cannot_do_is_left_out_with_all_that_follows():
    """Where the usual filer is served and this one is not, the play of this one ends there."""
    process = definition(two_steps('assignee = "manager(filer)"', owner="person:wu.min"))
    directory = replace(office.directory(gone=("wu.min",)), admins=frozenset())
    found = checked(process, directory)
    boss = next(group for group in found.groups if key("chen.jing") in group.people)

    assert [(f.code, f.people, f.where) for f in found.findings] == [
        ("nobody_at_all", (key("chen.jing"),), "nodes.first")
    ]
    assert boss.gets == ()


def test_where_the_usual_filer_offers_the_work_to_nobody_else_another_may_have_to():
    """The boss has no manager, so two owners are offered the work, and one claims it."""
    found = checked(definition(two_steps('candidates = "manager(filer)"')))
    boss = next(group for group in found.groups if key("chen.jing") in group.people)
    (finding,) = found.findings

    assert gets(boss, "first") == [{key("liu.yang"), key("sun.qi")}]
    assert gets(boss, "second") == [{FILER}]
    assert finding.people == (key("chen.jing"),)


def test_where_the_usual_filer_offers_the_work_to_several_another_may_have_one():
    found = checked(definition(two_steps('candidates = "except(role:complaint-desk, filer)"')))
    desk = next(group for group in found.groups if key("sun.qi") in group.people)

    assert gets(desk, "first") == [{PEER}]
    assert gets(desk, "second") == [{FILER}]


def test_somebodys_own_manager_is_called_so():
    found = checked(definition(two_steps('candidates = "manager(filer)"')))
    most = max(found.groups, key=lambda group: len(group.people))

    assert gets(most, "first") == [{"@manager"}]


def test_what_a_rule_decides_is_covered_and_leads_on():
    """The handlers approve twice in a row, and nobody holds the role of the last step."""
    process = signing(
        approvals='[approvals]\nnobody = "pass"',
        enter='assignee = "filer"',
        first='assignee = "head(it)"',
        second='assignee = "head(it)"',
        fix='assignee = "filer"',
    )

    report = rehearse(
        process, directory=office.directory(), calendar=office.calendar(), start=START
    )

    missing = {(item.kind, item.of, item.name) for one in report.tallies for item in one.missing}
    assert not {name for kind, *name in missing if kind == "node"}
    assert ("outcome", "third", "approve") not in missing


def rule_of(group, node):
    return {one for got in group.gets if got.node == node for one in got.to}


def test_the_groups_list_whose_approval_passes_by_rule():
    """The head of IT files: their own step passes, and what follows is played on."""
    process = signing(
        enter='assignee = "filer"',
        first='assignee = "head(it)"\nself_approval = "pass"',
        second='assignee = "head(sales)"\nself_approval = "supervisor"',
        fix='assignee = "filer"',
        third='assignee = "person:ma.chao"',
    )
    found = checked(process)
    by_person = {person: group for group in found.groups for person in group.people}

    assert rule_of(by_person[key("deng.tao")], "first") == {"rule:self_approval"}
    assert rule_of(by_person[key("deng.tao")], "second") == {key("zheng.hao")}
    assert rule_of(by_person[key("zheng.hao")], "second") == {key("chen.jing")}
    assert {finding.code for finding in found.findings} == {"own_case"}
    (own,) = found.findings
    assert (own.where, own.people) == ("nodes.third.assignee", (key("ma.chao"),))


def test_whom_separated_duties_leave_without_anybody_is_found():
    """The head of IT decides both, so the owner gets the second."""
    process = signing(
        enter='assignee = "filer"',
        first='assignee = "head(it)"',
        second='assignee = "head(it)"\nnot_same_as = ["first"]',
        fix='assignee = "filer"',
        third='assignee = "head(board)"',
    )

    found = [one for one in checked(process).findings if one.code == "separated"]

    assert [(one.where, one.to) for one in found] == [
        ("nodes.second.assignee", (key("wang.fang"), key("zhou.wei")))
    ]
    assert len(found[0].people) > len(office.directory().people) // 2


def test_a_step_that_passes_for_most_is_played_for_the_others_too():
    """All but li.na hold the role of the first two steps; what she files is judged by them."""
    process = signing(
        enter='assignee = "filer"',
        first='candidates = "role:x"\nself_approval = "pass"',
        second='candidates = "role:x"\nself_approval = "pass"',
        fix='assignee = "filer"',
        third='assignee = "head(board)"',
    )
    found = checked(process, all_but_li_na())
    by_person = {person: group for group in found.groups for person in group.people}

    assert "rule:self_approval" in rule_of(by_person[key("xu.ke")], "first")
    assert "rule:self_approval" not in rule_of(by_person[key("li.na")], "first")
    for person in ("xu.ke", "li.na"):
        assert rule_of(by_person[key(person)], "third") == {key("chen.jing")}


def test_what_waits_for_ever_for_one_is_not_played_on():
    """Only the filer may decide, and li.na does not hold the role: it passes for all others."""
    process = signing(
        enter='assignee = "filer"',
        first='candidates = "role:x"\nself_approval = "pass"\nsame_as = "enter"',
        second='assignee = "head(it)"',
        fix='assignee = "filer"',
        third='assignee = "head(board)"',
    )
    found = checked(process, all_but_li_na())
    by_person = {person: group for group in found.groups for person in group.people}

    assert rule_of(by_person[key("li.na")], "first") == set()
    assert rule_of(by_person[key("li.na")], "third") == set()
    (blocked,) = (one for one in found.findings if one.code == "nobody_may")  # after a return: all
    assert key("li.na") in blocked.people


def all_but_li_na():
    """Everybody holds the role of the first step but one."""
    known = office.directory()
    people = {
        one.key: replace(one, roles=() if one.id == "li.na" else ("x", *one.roles))
        for one in known.people.values()
    }
    return replace(known, people=people)
