"""A node that waits for a date: until when, what moves it, and what it is beside."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    closed_on,
    complete,
    file,
    record,
    replan,
    send_back,
    take_back,
    withdraw,
)
from tests.unit.workflows.office import key, local
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks.test_calendars import company
from tests.unit.workflows.rehearsal.rehearsed import START, definition
from workflows.flow.outlook import outlook
from workflows.flow.preview import before_filing, from_here
from workflows.rehearsal.rehearse import rehearse

FORMS = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [
  { id = "what", type = "text", required = true, label = { zh = "事", en = "What" } },
  { id = "day", type = "date", label = { zh = "日期", en = "Day" } },
]

[forms.plan]
name = { zh = "计划", en = "Plan" }
fields = [{ id = "note", type = "text", label = { zh = "备注", en = "Note" } }]

[forms.call]
name = { zh = "通话", en = "Call" }
fields = [{ id = "said", type = "text", required = true, label = { zh = "内容", en = "Said" } }]

[actions.called]
name = { zh = "致电", en = "Call" }
form = "call"
nodes = ["plan"]
"""
TASK = """
[[nodes]]
id = "{id}"
kind = "task"
name = {{ zh = "{id}", en = "{id}" }}
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "{next}"
"""
WAIT = """
[[nodes]]
id = "wait"
kind = "wait"
name = { zh = "等待", en = "Wait" }
until = "day"
next = "last"
"""
MIDDLE = (
    FORMS.replace('nodes = ["plan"]', 'nodes = ["first"]')
    + TASK.format(id="first", next="wait")
    + WAIT
    + TASK.format(id="last", next="done")
)
SEQUENCE = definition(MIDDLE)
FORKED = definition(
    '#: start = "earlier"\n'
    + FORMS
    + TASK.format(id="earlier", next="fork")
    + """
[[nodes]]
id = "fork"
kind = "fork"
name = { zh = "并行", en = "Fork" }
branches = ["plan", "wait"]
join = "done"
"""
    + TASK.format(id="plan", next="plan2")
    + 'form = "plan"\naccess = { day = "edit" }\nreturn_to = ["earlier"]\n'
    + TASK.format(id="plan2", next="done")
    + WAIT
    + TASK.format(id="last", next="done")
)


@pytest.fixture
def play(playbook):
    """The case waits for 11 March, a Wednesday."""
    return waiting(playbook(SEQUENCE), day="2026-03-11")


@pytest.fixture
def forked(playbook):
    """One branch waits, in the other a task is open."""
    return waiting(playbook(FORKED), day="2026-03-11")


def waiting(play, **values):
    play >> file("feng.lei", **values) << whatever
    play >> complete("li.na") << whatever
    return play


def nodes(play):
    return sorted(visit.node for visit in play.case.visits)


def due(play, visit="v2"):
    return local(play.case.clock(f"until:{visit}").due_at)


def test_a_case_waits_without_a_task_until_its_day_opens(play):
    assert play.case.open_tasks == ()
    assert nodes(play) == ["wait"]
    assert due(play) == "2026-03-11 09:00"
    play >> until("2026-03-11 08:59")

    play >> until("2026-03-11 09:00")
    play << then.WaitEnded(node="wait", visit="v2", why="due") << whatever
    assert nodes(play) == ["last"]
    assert play.case.clock("until:v2").status == "stopped"


@pytest.mark.parametrize(
    ("text", "day", "opens"),
    [
        ("day + 5wd", "2026-03-06", "2026-03-13 09:00"),
        ("day - 2d", "2026-03-13", "2026-03-11 09:00"),
        ("day - 5wd", "2026-03-20", "2026-03-13 09:00"),
        ("day", "2026-03-07", "2026-03-09 09:00"),  # a Saturday
        ("day", "2101-01-01", "2099-12-31 08:00"),  # after the last calendar
    ],
)
def test_the_day_is_that_of_a_field_or_days_before_or_after_it(playbook, text, day, opens):
    changed = definition(MIDDLE.replace('until = "day"', f'until = "{text}"'))
    play = waiting(playbook(changed), day=day)

    assert due(play) == opens


def test_a_wait_counts_by_its_own_calendar(playbook):
    play = playbook(
        definition(MIDDLE.replace('until = "day"', 'until = "day"\ncalendar = "factory"'))
    )
    play.calendar = company()
    waiting(play, day="2026-03-07")

    assert due(play) == "2026-03-07 06:00"  # a Saturday, on which the factory works
    assert play.case.clock("until:v2").calendar == "factory"


def test_a_case_may_begin_with_a_wait(playbook):
    play = playbook(
        definition('#: start = "wait"\n' + MIDDLE.replace('nodes = ["first"]', 'nodes = ["last"]'))
    )
    play >> file("feng.lei", day="2026-03-11") << whatever
    assert nodes(play) == ["wait"]

    play >> until("2026-03-11 09:00") << whatever
    assert nodes(play) == ["last"]


def test_the_way_back_after_a_return_does_not_wait_again(playbook):
    back = MIDDLE.replace('next = "done"\n', 'next = "done"\nreturn_to = ["first"]\n')
    play = waiting(playbook(definition(back)), day="2026-03-11")
    play >> until("2026-03-11 09:00") << whatever
    play >> send_back("li.na", "first") << whatever
    play >> complete("li.na") << whatever

    assert play.seen("WaitEnded", "why") == ["due", "past"]
    assert nodes(play) == ["last"]


@pytest.mark.parametrize(
    ("values", "why"),
    [({}, "empty"), ({"day": "2026-03-02"}, "past"), ({"day": "1998-01-01"}, "past")],
)
def test_without_a_day_to_come_the_case_goes_on_at_once(playbook, values, why):
    play = waiting(playbook(SEQUENCE), **values)

    assert play.seen("WaitEnded", "why") == [why]
    assert nodes(play) == ["last"]
    assert play.case.clock("until:v2") is None
    play >> take_back("li.na", "t1") << whatever
    assert nodes(play) == ["first"]


def test_a_changed_calendar_moves_the_day(play):
    play >> closed_on("2026-03-11")
    play << then.ClockPlanned(clock="until:v2", why="calendar")

    assert due(play) == "2026-03-12 09:00"
    play >> replan << refused("nothing_to_change")


def test_a_date_that_is_changed_in_another_branch_moves_the_wait(forked):
    forked >> complete("li.na", day="2026-03-16") << whatever

    assert due(forked, "v4") == "2026-03-16 09:00"
    assert forked.seen("ClockPlanned", "why")[-2:] == ["regraded", "started"]


def test_an_action_that_changes_nothing_leaves_the_wait_alone(forked):
    forked >> record("li.na", "called", said="yes") << then.ActionRecorded()

    assert due(forked, "v4") == "2026-03-11 09:00"


def test_a_date_that_is_emptied_ends_the_wait(forked):
    forked >> complete("li.na", day=None) << whatever
    assert due(forked, "v4") == "2026-03-02 09:00"

    forked >> until("2026-03-02 09:00") << then.WaitEnded(why="empty") << whatever
    assert nodes(forked) == ["fork", "last", "plan2"]


def test_a_date_that_is_later_when_the_clock_is_due_is_waited_for(play):
    """A decision with an earlier date was taken back, for example."""
    play.values["day"] = "2026-03-18"
    play >> until("2026-03-11 09:00") << then.ClockPlanned(why="regraded")

    assert due(play) == "2026-03-18 09:00"
    assert nodes(play) == ["wait"]


def test_a_withdrawal_ends_the_wait(playbook):
    anytime = definition('#: withdraw_until = "end"\n' + MIDDLE)
    play = waiting(playbook(anytime), day="2026-03-11")
    play >> withdraw("feng.lei") << whatever

    assert play.case.status == "withdrawn"
    assert dict(play.case.timers()) == {}


def test_a_return_that_leaves_the_fork_ends_the_wait(forked):
    forked >> send_back("li.na", "earlier") << whatever

    assert nodes(forked) == ["earlier"]
    assert forked.case.clock("until:v4").status == "stopped"
    forked >> complete("li.na") << whatever
    assert nodes(forked) == ["fork", "plan", "wait"]


def test_a_decision_that_led_to_a_wait_is_not_taken_back(play):
    """Rulings, taking back: it has begun something."""
    play >> take_back("li.na", "t1") << refused("take_back_began_more")
    play >> until("2026-03-11 09:00") << whatever

    play >> take_back("li.na", "t1") << refused("take_back_began_more")


def test_a_wait_in_another_branch_bars_no_taking_back(forked):
    forked >> complete("li.na") << whatever
    forked >> take_back("li.na", "t2") << whatever
    forked >> until("2026-03-11 09:00") << whatever
    assert forked.case.waited[0].node == "wait"

    again = next(task.id for task in forked.case.open_tasks if task.node == "plan")
    forked >> complete("li.na", again) << whatever
    forked >> take_back("li.na", again) << whatever
    assert nodes(forked) == ["fork", "last", "plan"]


def route(steps):
    return [(one.node, one.kind, one.reads, local(one.due_at)) for one in steps]


def test_the_route_says_until_when_it_will_wait(playbook):
    """features.md §2: preview of the route before submit."""
    play = playbook(SEQUENCE)

    def foreseen(**values):
        return route(before_filing(filer=key("feng.lei"), values=values, world=play.world))

    assert foreseen(what="a", day="2026-03-11")[1:3] == [
        ("wait", "wait", (), "2026-03-11 09:00"),
        ("last", "step", (), "2026-03-12 18:00"),
    ]
    assert foreseen(what="a")[1] == ("wait", "wait", (), "2026-03-03 18:00")


def test_what_comes_after_a_wait_without_a_date_has_none(play):
    def undated(values):
        steps = before_filing(filer=key("feng.lei"), values=values, world=play.world)
        return {step.node for step in steps if step.undated}

    assert undated({"what": "a", "day": "2026-03-11"}) == set()
    assert undated({"what": "a"}) == set()  # left empty, so nothing is waited for
    hidden = from_here(play.case, play.world, hidden={"day"})
    assert {step.node for step in hidden if step.undated} == {"last", "done"}


def test_the_route_goes_on_from_a_wait(play):
    assert route(from_here(play.case, play.world))[:2] == [
        ("wait", "wait", (), "2026-03-11 09:00"),
        ("last", "step", (), "2026-03-12 18:00"),
    ]
    hidden = from_here(play.case, play.world, hidden={"day"})
    assert (hidden[0].here, hidden[0].reads) == (True, ("day",))


def test_the_outlook_has_nothing_for_a_day(play):
    assert outlook(play.case, play.world) == ()


@pytest.mark.parametrize("process", [SEQUENCE, FORKED], ids=["sequence", "forked"])
def test_a_rehearsal_waits_through_it(process):
    report = rehearse(
        process, directory=office.directory(), calendar=office.calendar(), start=START
    )

    assert [one.missing for one in report.tallies if one.missing] == []
    assert report.situations < 300
