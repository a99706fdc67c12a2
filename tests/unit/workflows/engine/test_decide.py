"""What `decide` refuses to be asked, and definitions that lint would have refused."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import ask, complete, file, respond
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, then, whatever
from tests.unit.workflows.playbooks.stages import claimed
from workflows.actions.start import StartCase
from workflows.actions.urge import Urge
from workflows.case.events import evolve, fold
from workflows.engine import decide


def test_a_case_starts_once_and_first():
    play = Playbook()
    play >> file("wu.min") << whatever
    again = StartCase(
        actor=key("wu.min"), via="web", case_id="C-1", definition="", content=play.content()
    )

    with pytest.raises(AssertionError, match="starts once"):
        decide(play.case, again, play.world)
    with pytest.raises(AssertionError, match="no event yet"):
        decide(None, Urge(actor=key("wu.min"), via="web"), play.world)
    with pytest.raises(AssertionError, match="event 1 after"):
        evolve(play.case, play.history[0])
    with pytest.raises(AssertionError, match="first event"):
        evolve(None, play.history[1])


def test_events_are_applied_in_order_without_a_gap():
    play = Playbook()
    play >> file("wu.min") << whatever

    with pytest.raises(AssertionError, match="event 3 after 1"):
        fold((play.history[0], play.history[2]))
    with pytest.raises(AssertionError, match="at least one event"):
        fold(())


def test_gateways_in_a_circle_are_a_defect_not_an_endless_loop():
    of_sales = """{ when = 'category == "delivery" or category == "price"', to = """
    circle = office.variant((f'{of_sales}"resolve"', f'{of_sales}"dispatch"'))
    play = Playbook(circle)
    claimed(play)

    with pytest.raises(AssertionError, match="in a circle"):
        play >> complete("liu.yang", grade="normal", category="price")


def test_values_of_the_command_count_before_they_are_stored():
    """The gateway reads the form that the same command carries."""
    play = Playbook()
    claimed(play)
    play.values["category"] = "product"

    play >> complete("liu.yang", grade="normal", category="price") << whatever

    assert play.seen("RouteTaken", "route") == [0]


def test_a_clock_of_the_case_that_stopped_does_not_stand_still():
    """T4: the customer was answered, so a question later changes nothing about that."""
    play = Playbook(
        office.variant(('ladder = "response"\n', 'ladder = "response"\npauses = true\n'))
    )
    claimed(play)
    play >> respond("liu.yang") << whatever

    play >> ask("liu.yang") << then.QuestionAsked() << then.ClockPaused(clock="task:t1")
    play << then.ClockPlanned(clock="wait:t1") << then.ClockPlanned(clock="cap:t1")


def test_a_desk_of_one_has_the_task_without_claiming():
    play = Playbook(directory=office.directory(gone=("sun.qi",)))
    play >> file("wu.min") << whatever

    assert play.task.assignee == key("liu.yang")
    assert play.task.candidates == ()
