"""Everything is tried, once, and the first way to a situation is a shortest one."""

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.rehearsal.rehearsed import definition, rehearsed, stage
from workflows.rehearsal.explorer import explore

APPROVAL = """
[[nodes]]
id = "{id}"
kind = "approval"
name = {{ zh = "批", en = "Approve" }}
assignee = "person:he.jun"
due = "4wh"
ladder = "step"

[nodes.outcomes.approve]
to = "{next}"

[nodes.outcomes.return]
to = "first"
at_most = {most}
then = "{next}"
"""


def approvals(*most):
    """Approvals one after another, of which each returns to the first."""
    ids = ["first", *(f"more{number}" for number in range(1, len(most))), "done"]
    return definition(
        "".join(
            APPROVAL.format(id=one, next=then, most=times)
            for one, then, times in zip(ids, ids[1:], most, strict=False)
        )
    )


def test_returns_of_several_approvals_are_not_multiplied():
    """Each is returned to its limit, and the limits of all are seen, in bearable time."""
    report = rehearsed(approvals(3, 3, 3, 3, 3))

    assert report.complete
    assert report.steps < 3000
    assert [tally.missing for tally in report.tallies if tally.missing] == []


def test_without_silence_no_time_passes():
    graph = explore(stage(office.complaint()), filer=key("wu.min"), silence=False)

    assert {way.turn.play.now for way in graph.ways} == {office.moment("2026-03-02 09:00")}
    assert "wait" not in {way.move.does for way in graph.ways}


def test_the_script_of_a_visit_leads_there():
    graph = explore(stage(office.complaint()), filer=key("wu.min"))
    closed = next(v for v in graph.visits if v.play.case and v.play.case.node == "closed")

    assert [(step.does, step.node) for step in graph.script(closed.number)] == [
        ("file", ""),
        ("claim", "triage"),
        ("complete", "triage"),
        ("record", "resolve"),
        ("complete", "resolve"),
        ("approve", "confirm"),
        ("claim", "archive"),
        ("complete", "archive"),
    ]
    assert graph.script(0) == ()
    assert closed.routes == (("dispatch", 1),)


def test_a_question_that_was_answered_may_be_asked_again_without_end():
    """The same situation is not tried twice, so the rehearsal ends."""
    graph = explore(stage(office.complaint()), filer=key("wu.min"))

    assert graph.complete
    assert len({visit.shape for visit in graph.visits}) < len(graph.visits)


TWO_WAYS_TO_WAIT = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [
  { id = "amount", type = "number", required = true, label = { zh = "数", en = "Amount" } },
  { id = "day", type = "date", required = true, label = { zh = "日", en = "Day" } },
]

[[nodes]]
id = "first"
kind = "gateway"
name = { zh = "分", en = "Choose" }
routes = [{ when = "amount > 5", to = "later" }, { to = "later" }]

[[nodes]]
id = "later"
kind = "wait"
name = { zh = "等", en = "Wait" }
until = "day"
next = "done"
"""


def test_a_wait_for_a_day_ends_however_the_case_came_there():
    """Time alone has the same effect on both, so it used to be tried on one of them only."""
    report = rehearsed(definition(TWO_WAYS_TO_WAIT))

    assert report.findings == ()
