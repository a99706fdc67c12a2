"""Cases are replayed on the engine, on a virtual clock."""

from __future__ import annotations

from collections.abc import Sequence

from tests.unit.workflows import office
from tests.unit.workflows.office import moment
from tests.unit.workflows.what_if.quarters import (
    CHECK,
    MONDAY,
    past,
    player,
    process,
    task,
)
from workflows.durations import parse_span
from workflows.loading import Loaded, load_definition
from workflows.metrics.history import Ending
from workflows.what_if.past import GONE, PastCase, PastTask
from workflows.what_if.playing import Replayed, unplayable

LOADED = process()


def replayed(
    *tasks: PastTask, loaded: Loaded = LOADED, of: PastCase | None = None, **more: object
) -> Replayed:
    """One case, of which each step goes as these tasks."""
    return player([past(*tasks)], loaded, **more).play(of or past(), seed=1)


def nodes(one: Replayed) -> Sequence[str]:
    return [stay.node for stay in one.history.stays]


def test_each_step_takes_its_drawn_working_time() -> None:
    one = replayed(task("check", 2, "approve"), task("do", 9))
    check, do = one.history.stays
    assert one.history.filed == MONDAY
    assert check.until == moment("2026-03-02 11:00")
    assert do.until == moment("2026-03-03 11:00"), "a day has nine working hours"
    assert (one.history.ending, one.history.ended) == (Ending.ENDED, do.until)
    assert not one.stuck


def test_a_case_that_would_end_after_the_cut_off_is_open() -> None:
    one = replayed(task("check", 2, "approve"), task("do", 5000))
    assert (one.history.ending, one.history.ended) == (Ending.OPEN, None)
    assert not one.stuck


def test_a_return_is_replayed_until_the_definition_allows_no_more() -> None:
    found = replayed(task("check", 1, "return"), task("fix", 1), task("do", 1))
    assert nodes(found) == ["check", "fix", "check", "fix", "check", "do"]
    rejected = replayed(task("check", 1, "reject"))
    assert rejected.history.ending is Ending.ENDED
    assert nodes(rejected) == ["check"]


def test_an_outcome_that_the_draft_does_not_have_is_decided_in_favour() -> None:
    cut = CHECK[: CHECK.index("[nodes.outcomes.reject]")]
    rest = CHECK[CHECK.index('[[nodes]]\nid = "fix"') :].replace('next = "check"', 'next = "do"')
    draft = process((cut + rest).replace('return_to = ["check"]', ""))
    only = draft.definition
    assert "return" not in only.node("check").outcomes  # type: ignore[union-attr]
    for outcome in ("reject", "return"):
        assert nodes(replayed(task("check", 1, outcome), task("do", 1), loaded=draft)) == [
            "check",
            "do",
        ]
    refusing = process(CHECK.replace('[nodes.outcomes.approve]\nto = "do"\n', ""))
    assert nodes(replayed(task("check", 1, "approve"), loaded=refusing)) == ["check"]


def test_work_is_sent_back_where_the_draft_allows_it() -> None:
    back = [task("do", 1, "return", to=("check",))]
    again = [task("do", 2, again=True)] * 10
    found = replayed(task("check", 1, "approve"), *(back * 10), *again)
    assert nodes(found) == ["check", "do", "check", "do"]
    never = process(CHECK.replace('return_to = ["check"]\n', ""))
    assert nodes(replayed(task("check", 1, "approve"), *back, loaded=never)) == ["check", "do"]


def test_actions_are_recorded_when_they_were_or_when_they_are_needed() -> None:
    calls = task("check", 2, "approve", recorded=(("called", 3_600_000_000), ("unknown", 0)))
    one = replayed(calls, task("do", 1))
    assert one.history.stays[0].first_act == moment("2026-03-02 10:00")
    needed = process(
        CHECK.replace(
            'candidates = "role:complaint-desk"',
            'candidates = "role:complaint-desk"\nrequires = ["called"]',
        )
    )
    assert nodes(replayed(task("check", 1, "approve"), task("do", 1), loaded=needed)) == [
        "check",
        "do",
    ]


def test_a_withdrawn_case_is_dropped() -> None:
    one = replayed(task("check", 3, GONE))
    assert one.history.ending is Ending.DROPPED
    assert one.history.ended == moment("2026-03-02 12:00")
    assert not one.stuck


def test_a_rung_decides_before_a_slow_person() -> None:
    quick = CHECK.replace(
        'ladder = "step"\n\n[nodes.outcomes.approve]',
        'ladder = "quick"\nlow_risk = true\n\n[nodes.outcomes.approve]',
    )
    rung = '\n[ladders.quick]\nrungs = [{ at = "due + 1wh", outcome = "approve" }]\n'
    one = replayed(task("check", 30, "reject"), task("do", 1), loaded=process(quick + rung))
    assert nodes(one) == ["check", "do"]
    assert one.history.stays[0].until == moment("2026-03-02 14:00")
    assert one.history.stays[0].by == "", "nobody decided it"


def test_a_day_that_a_case_waits_for_comes() -> None:
    waiting = (
        CHECK.replace('to = "do"', 'to = "wait"', 1)
        + """
[[nodes]]
id = "wait"
kind = "wait"
name = { zh = "等", en = "Wait" }
until = "day"
next = "do"

[forms.request]
name = { zh = "申请", en = "Request" }
fields = [
  { id = "what", type = "text", required = true, label = { zh = "事", en = "What" } },
  { id = "day", type = "date", required = true, label = { zh = "日", en = "Day" } },
]
"""
    )
    draft = process(waiting)
    case = past(values={"what": "It", "day": "2026-03-16"})
    one = replayed(task("check", 1, "approve"), task("do", 1), loaded=draft, of=case)
    assert nodes(one) == ["check", "do"]
    assert one.history.stays[1].since >= moment("2026-03-16 00:00")


def test_a_step_takes_what_is_assumed_of_it() -> None:
    takes = {"check": parse_span("1wd")}
    one = replayed(task("check", 9, "reject"), task("do", 1), takes=takes)
    assert nodes(one) == ["check", "do"], "it is decided in favour"
    assert one.history.stays[0].until == moment("2026-03-03 18:00")


def test_a_filer_who_has_left_is_replaced() -> None:
    one = replayed(task("check", 1, "approve"), task("do", 1), of=past(filer="gone.away"))
    assert one.history.ending is Ending.ENDED


def test_without_anybody_for_a_step_its_owner_has_it_or_the_case_is_stuck() -> None:
    middle = CHECK.replace("role:complaint-desk", "role:nobody")
    assert nodes(replayed(task("check", 1, "approve"), loaded=process(middle))) == ["check", "do"]
    ownerless = CHECK.replace('assignee = "owner"', 'assignee = "role:nobody"')
    one = replayed(
        task("check", 1, "approve"),
        loaded=process('#: owner = "role:nobody"\n' + ownerless),
        directory=office.directory(gone=("deng.tao",)),
    )
    assert (one.stuck, one.stuck_by) == ("check", "nobody_to_act"), "it cannot be approved"


def test_a_case_that_cannot_be_filed_or_goes_in_a_circle_is_stuck() -> None:
    nobody = process('#: started_by = "role:nobody"\n' + CHECK)
    one = replayed(loaded=nobody)
    assert (one.stuck, one.history.ending, nodes(one)) == ("check", Ending.OPEN, [])
    assert one.stuck_by
    endless = process(CHECK.replace("at_most = 2", ""))
    circling = replayed(task("check", 0, "return"), task("fix", 0), loaded=endless)
    assert circling.stuck_by == "circle"


def test_a_crash_is_said() -> None:
    broken = """
#: start = "choose"
[[nodes]]
id = "choose"
kind = "gateway"
name = { zh = "选", en = "Choose" }
routes = [{ when = 'what == "other"', to = "done" }]
"""
    one = replayed(loaded=process(broken))
    assert (one.stuck, one.stuck_by) == ("choose", "choice")


def test_steps_that_cannot_be_replayed_are_named() -> None:
    assert list(unplayable(LOADED.definition)) == []
    text = (office.PROCESSES / "supplier.toml").read_text("utf-8")
    supplier = load_definition(text, file="supplier.toml").definition
    assert set(unplayable(supplier)) > {"active"}
