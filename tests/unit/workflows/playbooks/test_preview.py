"""The route of a case is foreseen as it will be taken: who decides what, by when, and if what."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec.structs import replace

from tests.unit.workflows import office
from tests.unit.workflows.deeds import approve, claim, complete, dissatisfied, file
from tests.unit.workflows.office import key, local
from tests.unit.workflows.playbook import Playbook, until, whatever
from tests.unit.workflows.playbooks import seated
from tests.unit.workflows.playbooks.stages import closed, graded
from workflows.case.task import TaskStatus
from workflows.flow import preview
from workflows.flow.preview import before_filing, from_here
from workflows.flow.route import Branch, Coming
from workflows.loading import Loaded, load_definition


@cache
def process(name: str, *changes: tuple[str, str]) -> Loaded:
    path = Path(__file__).parent / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_definition(text, file=path.name)


def who(play: Playbook, one: Coming) -> list[list[str]]:
    """The people of each seat, by readable id."""
    return [sorted(str(play.plain(person)) for person in seat.people) for seat in one.found]


def told(play: Playbook, route: tuple[Coming, ...]) -> dict[str, list[list[str]]]:
    return {one.node: who(play, one) for one in route}


def seen(play: Playbook, filer: str = "wu.min", **values: object) -> tuple[Coming, ...]:
    return before_filing(filer=key(filer), values=values, world=play.world)


def test_each_step_has_the_people_and_the_latest_due_time_that_it_will_have(playbook) -> None:
    play = playbook(process("judging"))
    route = seen(play, what="x")

    assert [(one.node, one.kind) for one in route] == [
        ("work", "step"),
        ("judge", "step"),
        ("again", "step"),
        ("done", "end"),
    ]
    assert told(play, route)["again"] == [["zheng.hao"]]
    assert local(route[0].due_at) == "2026-03-02 13:00"
    assert local(route[1].due_at) == "2026-03-02 17:00"
    assert route[1].begins_at == route[0].due_at
    assert route[-1].due_at == route[-2].due_at

    play >> file("wu.min") << whatever
    opened = play.seen("TaskOpened", "candidates", node="work")[0]
    assert who(play, route[0]) == [sorted(opened)]


def test_a_gateway_is_judged_once_its_values_are_known_and_shown_as_a_condition_before(
    playbook,
) -> None:
    play = playbook(process("amounts"))
    route = seen(play, what="x", budget="100", currency="cny")

    assert {one.node: one.ways for one in route} == {
        "price": ((),),
        "small": ((Branch(gateway="authority", when=_SMALL),),),
        "large": ((Branch(gateway="authority", when=None, unless=(_SMALL,)),),),
        "done": ((),),  # every route leads there
    }
    play >> file("wu.min", what="x", budget="100", currency="cny") << whatever
    play >> complete("wu.min", people="1") << whatever
    assert [one.node for one in from_here(play.case, play.world)] == ["small", "done"]


_SMALL = "amount <= 7200 and share < 3600"


def test_a_form_that_is_not_filled_in_yet_leaves_all_routes_open(playbook) -> None:
    play = playbook(process("amounts", ("amount <= 7200 and share < 3600", "amount <= 7200")))

    assert [one.node for one in seen(play, budget="100")] == ["price", "small", "large", "done"]
    assert [one.node for one in seen(play, budget="100", currency="usd")] == [
        "price",
        "small",
        "done",
    ]
    assert [one.node for one in seen(play, budget="9000", currency="cny")] == [
        "price",
        "large",
        "done",
    ]
    # A number that no fact can keep is refused when the form is sent, not before.
    assert "large" in {one.node for one in seen(play, budget="9" * 18, currency="usd")}


def test_what_a_reader_may_not_see_decides_no_route_that_is_shown(playbook) -> None:
    play = playbook(process("amounts"))
    play >> file("wu.min", what="x", budget="100", currency="cny") << whatever
    play >> complete("wu.min", people="1", extra="7") << whatever
    play >> dissatisfied("wang.fang") << whatever

    assert [one.node for one in from_here(play.case, play.world)] == ["price", "small", "done"]
    for hidden in ("budget", "people"):
        route = from_here(play.case, play.world, hidden={hidden})
        assert [one.node for one in route] == ["price", "small", "large", "done"]


def test_signers_are_named_and_those_in_turn_have_their_time_one_after_the_other(playbook) -> None:
    play = playbook(seated.process())
    together, after = (seen(play, what="X", how=how) for how in ("all", "turn"))

    assert told(play, together) == {"all": [[one] for one in seated.HANDLERS], "done": []}
    assert local(together[0].due_at) == "2026-03-03 18:00"
    assert told(play, after)["turn"] == [["zhou.wei"], ["liu.yang", "sun.qi"], ["zheng.hao"]]
    assert local(after[0].due_at) == "2026-03-05 18:00"


def test_open_seats_are_where_the_case_is_and_what_follows_is_counted_from_their_due_time(
    playbook,
) -> None:
    play = seated.filed(playbook, "turn")
    play >> seated.vote("zhou.wei", "approve") << whatever
    here, end = from_here(play.case, play.world)

    assert here.here
    assert who(play, here) == [["liu.yang", "sun.qi"], ["zheng.hao"]]
    assert local(end.begins_at) == local(here.due_at) == "2026-03-03 18:00"
    play >> until("2026-03-10 09:00") << whatever
    assert local(from_here(play.case, play.world)[1].begins_at) == "2026-03-10 09:00"


def test_an_approval_that_a_rule_will_decide_names_the_rule_and_takes_no_time(playbook) -> None:
    rules = ("[forms.request]", '[approvals]\nnobody = "pass"\n\n[forms.request]')
    play = playbook(process("judging", rules))
    judge = seen(play, what="x")[1]

    assert (judge.rule, judge.outcome, judge.found) == ("nobody", "approve", ())
    assert judge.begins_at == judge.due_at


def test_a_rule_that_rejects_leads_where_a_rejection_leads(playbook) -> None:
    rules = ("[forms.request]", '[approvals]\nnobody = "reject"\n\n[forms.request]')
    back = ('[nodes.outcomes.return]\nto = "work"', '[nodes.outcomes.reject]\nto = "done"')
    play = playbook(process("judging", rules, back))

    assert [one.node for one in seen(play, what="x")] == ["work", "judge", "done"]


def test_whoever_decides_a_step_has_no_later_one_that_is_kept_apart_from_it(playbook) -> None:
    apart = (
        'assignee = "except(head(department(filer)), filer)"',
        'candidates = "members(sales)"\nnot_same_as = ["judge"]',
    )
    play = playbook(
        process("judging", ('candidates = "role:judge"', 'assignee = "person:xu.ke"'), apart)
    )
    play >> file("wu.min", what="x") << whatever
    play >> claim("li.na") << whatever
    again = told(play, from_here(play.case, play.world))["again"]

    assert again == [["feng.lei", "gao.yu", "zheng.hao"]]


def test_people_that_a_form_will_name_are_not_guessed(playbook) -> None:
    field = (
        'label = { zh = "事", en = "What" } }]',
        (
            'label = { zh = "事", en = "What" } }, { id = "by", type = "person", required = true, '
            'label = { zh = "谁", en = "Who" } }]'
        ),
    )
    named = ('candidates = "role:judge"', 'assignee = "field:by"')
    play = playbook(process("judging", field, named))
    judge = seen(play, what="x")[1]
    assert (judge.reads, judge.found) == (("by",), ())
    assert told(play, seen(play, what="x", by=key("xu.ke")))["judge"] == [["xu.ke"]]


def test_the_handler_that_a_gateway_will_set_is_foreseen_for_each_of_its_routes(play) -> None:
    """Which handler it is depends on the category, which triage decides."""
    route = seen(play)
    resolve = next(one for one in route if one.node == "resolve")

    assert [one.node for one in route] == ["triage", "resolve", "confirm", "archive", "closed"]
    assert resolve.ways == ((),)
    assert who(play, resolve) == [["gao.yu", "li.na"]]
    graded(play)
    here = from_here(play.case, play.world)
    assert [one.node for one in here] == ["resolve", "confirm", "archive", "closed"]
    assert who(play, here[0]) == [["li.na"]]


def test_a_person_whom_a_gateway_finds_by_a_field_is_not_known_before_the_field_is(
    playbook,
) -> None:
    play = playbook(
        office.variant(
            (
                "least_loaded(except(role:complaint-handler@sales, filer))",
                "field:owner_of",
            ),
            (
                '{ id = "category", ',
                (
                    '{ id = "owner_of", type = "person", label = { zh = "谁", en = "Who" } },\n'
                    '  { id = "category", '
                ),
            ),
        )
    )
    resolve = seen(play)[1]
    assert (who(play, resolve), resolve.reads) == ([["li.na"]], ("handler",))


def test_the_way_back_after_a_return_skips_what_still_holds(playbook) -> None:
    text = (Path(__file__).parent / "returning.toml").read_text(encoding="utf-8")
    play = playbook(load_definition(text, file="returning.toml"))
    play >> file("wu.min", budget="500", note="a") << whatever
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> dissatisfied("gao.yu", to="revise") << whatever

    assert [one.node for one in from_here(play.case, play.world)] == ["revise", "third", "done"]
    hidden = from_here(play.case, play.world, hidden={"budget"})
    assert [one.node for one in hidden] == ["revise", "third", "large", "done"]


def test_a_step_where_the_case_is_already_is_shown_as_it_is(playbook) -> None:
    play = playbook(process("judging"))
    play >> file("wu.min", what="x") << whatever
    case = play.case.with_visit("judge", round=1)
    assert case.newest is not None
    task = case.newest.task(
        "t2", status=TaskStatus.OPEN, assignee=key("xu.ke"), candidates=(), opened_at=play.now
    )
    route = from_here(replace(case, tasks=(*case.tasks, task)), play.world)

    assert [(one.node, one.here) for one in route][:2] == [("work", True), ("judge", True)]
    assert [one.node for one in route] == ["work", "judge", "again", "done"]


def test_every_shipped_process_is_foreseen_to_its_end(playbook) -> None:
    for name in ("complaint", "launch"):
        path = office.PROCESSES / f"{name}.toml"
        play = playbook(load_definition(path.read_text(encoding="utf-8"), file=path.name))
        route = seen(play)
        nodes = [one.node for one in route]
        assert len(nodes) == len(set(nodes))
        assert route[-1].kind == "end" or "approved" in nodes
        assert all(one.begins_at <= one.due_at for one in route)
        if name == "launch":
            assert nodes[:3] == ["rnd_review", "market_assessment", "finance_review"]
            assert {"one_executive", "all_executives", "approved"} <= set(nodes)
            assert route[nodes.index("approved")].ways == ((),)


def test_looking_at_the_route_ends_however_many_conditions_are_open(play, monkeypatch) -> None:
    monkeypatch.setattr(preview, "MOST", 3)
    assert len(seen(play)) == 2


def test_a_case_that_is_over_has_no_route(play) -> None:
    closed(play)
    assert from_here(play.case, play.world) == ()
    assert from_here(play.case.with_visit("closed", round=2), play.world) == ()
