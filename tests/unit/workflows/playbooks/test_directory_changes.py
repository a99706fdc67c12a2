"""The directory changes while a case runs: a manager, the holder of a role, a department's name."""

from __future__ import annotations

import dataclasses

from tests.unit.workflows.deeds import approve, follow_directory
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, roles, then, whatever
from tests.unit.workflows.playbooks.signed import entered, signing, staffed


def managed_by(person, manager):
    """A person gets another manager."""

    def step(play):
        people = dict(play.directory.people)
        people[key(person)] = dataclasses.replace(people[key(person)], manager=key(manager))
        play.directory = dataclasses.replace(play.directory, people=people)

    return step


def renamed(department, name):
    """A department gets another name; its id stays."""

    def step(play):
        departments = dict(play.directory.departments)
        departments[department] = dataclasses.replace(departments[department], name_zh=name)
        play.directory = dataclasses.replace(play.directory, departments=departments)

    return step


def at_the_manager(playbook):
    """The request of wu.min is at their manager, feng.lei."""
    play = staffed(playbook, signing(first='assignee = "manager(filer)"'))
    entered(play)
    assert play.task.assignee == key("feng.lei")
    return play


def test_an_approval_follows_to_the_new_manager_and_the_former_one_decides_no_more(playbook):
    play = at_the_manager(playbook)
    play >> managed_by("wu.min", "zheng.hao")

    play >> approve("feng.lei") << refused("not_your_task", owners=["zheng.hao"])
    play >> follow_directory << then.TaskReoffered(assignee="zheng.hao")
    play >> approve("zheng.hao") << whatever
    assert play.task.node == "second"


def test_a_decision_of_the_former_manager_stays_when_the_manager_changes(playbook):
    play = at_the_manager(playbook)
    play >> approve("feng.lei") << whatever
    play >> managed_by("wu.min", "zheng.hao")

    play >> follow_directory << refused("nothing_to_change")
    assert play.case.tasks[-2].decided_by == key("feng.lei")


def test_a_role_that_is_given_away_takes_the_open_approval_with_it(playbook):
    play = staffed(playbook, signing())
    entered(play)
    assert play.task.owners == (key("li.na"),)
    play >> roles(li_na=(), gao_yu=("first",))

    play >> follow_directory << then.TaskReoffered()
    assert play.task.owners == (key("gao.yu"),)


def test_a_department_that_is_renamed_moves_nothing(playbook):
    play = staffed(playbook, signing(first='assignee = "head(sales)"'))
    entered(play)
    had = play.task.owners
    play >> renamed("sales", "销售与服务部")

    play >> follow_directory << refused("nothing_to_change")
    assert play.task.owners == had
