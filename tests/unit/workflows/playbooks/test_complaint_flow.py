"""The way of a complaint from filing to closing (P1)."""

from __future__ import annotations

from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    file,
    respond,
    score,
)
from tests.unit.workflows.playbook import then, until


def test_a_complaint_goes_from_filing_to_closing(play):
    """P1.3, P1.6, P1.9: receive, grade, dispatch, resolve, ask the customer, archive, survey."""
    play >> file("wu.min")
    play << then.CaseStarted(filer="wu.min", process="complaint", via="web")
    play << then.ClockPlanned(clock="first_response", limit="24h", due_at="2026-03-03 09:00")
    play << then.ClockPlanned(clock="closing", limit="7d", due_at="2026-03-09 09:00")
    play << then.NodeEntered(node="triage", round=1)
    play << then.TaskOpened(task="t1", assignee=None, candidates=["liu.yang", "sun.qi"])
    play << then.ClockPlanned(clock="task:t1", limit="4wh", due_at="2026-03-02 13:00")

    play >> until("2026-03-02 10:00")
    play >> claim("liu.yang") << then.TaskClaimed(by="liu.yang", on_behalf_of=None)
    play >> complete("liu.yang", grade="normal", category="product")
    play << then.TaskCompleted(task="t1", outcome="complete", actor="liu.yang")
    play << then.ClockStopped(clock="task:t1", why="done")
    play << then.NodeEntered(node="dispatch")
    play << then.RouteTaken(to="resolve", because="default", people=[["handler", "li.na"]])
    play << then.NodeEntered(node="resolve", round=1)
    play << then.TaskOpened(task="t2", assignee="li.na", candidates=[], fallback="")
    play << then.ClockPlanned(clock="task:t2", limit="3wd", due_at="2026-03-05 18:00")

    play >> respond("li.na")
    play << then.ActionRecorded(task="t2", action="answered")
    play << then.ClockStopped(clock="first_response", why="done", actor="system", via="rule")
    play >> complete("li.na", root_cause="a screw", resolution="a new one")
    play << then.TaskCompleted(task="t2") << then.ClockStopped(clock="task:t2")
    play << then.NodeEntered(node="confirm")
    play << then.TaskOpened(task="t3", assignee="wu.min")
    play << then.ClockPlanned(clock="task:t3", due_at="2026-03-04 18:00")

    play >> approve("wu.min", customer_answer="fine")
    play << then.TaskCompleted(task="t3", outcome="approve") << then.ClockStopped(clock="task:t3")
    play << then.RouteTaken(node="confirm", to="archive", because="outcome", route=None)
    play << then.NodeEntered(node="archive")
    play << then.TaskOpened(task="t4", candidates=["liu.yang", "sun.qi"])
    play << then.ClockPlanned(clock="task:t4")

    play >> claim("sun.qi") << then.TaskClaimed(by="sun.qi")
    play >> complete("sun.qi", outcome="solved", lessons="better screws")
    play << then.TaskCompleted(task="t4") << then.ClockStopped(clock="task:t4")
    play << then.NodeEntered(node="closed")
    play << then.ClockStopped(clock="closing", why="done")
    play << then.CaseClosed(status="completed", actor="system")
    play << then.SurveyAsked(to="wu.min")

    play >> score("wu.min", 5) << then.SurveyAnswered(score=5)
    assert play.case.clock("closing").met
    assert play.case.clock("first_response").met
