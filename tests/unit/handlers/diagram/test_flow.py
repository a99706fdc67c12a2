"""Steps and ways of a definition."""

from handlers.diagram.flow import START, flow
from tests.stories.supplying import shipped
from tests.unit.handlers.diagram.samples import complaint, definition, end, gateway, launch, task
from tests.unit.workflows.playbooks.forked import ALL, INTO, forking


def ways(found):
    return {(way.source, way.target): way for way in found.ways}


def test_the_complaint_has_its_steps_and_ways():
    found = flow(complaint(), language="zh")

    assert [step.id for step in found.steps] == [
        START, "triage", "dispatch", "resolve", "confirm", "management_decision", "archive",
        "closed",
    ]  # fmt: skip
    assert {pair: way.label for pair, way in ways(found).items()} == {
        (START, "triage"): "",
        ("triage", "dispatch"): "",
        ("dispatch", "resolve"): "",
        ("resolve", "confirm"): "",
        ("resolve", "triage"): "退回",
        ("confirm", "archive"): "客户满意",
        ("confirm", "resolve"): "客户不满意",
        ("confirm", "management_decision"): "满 3 次后",
        ("management_decision", "archive"): "",
        ("archive", "closed"): "",
    }


def test_ways_back_are_known():
    found = ways(flow(complaint(), language="zh"))

    assert {pair for pair, way in found.items() if way.back} == {
        ("resolve", "triage"),
        ("confirm", "resolve"),
    }


def test_routes_say_their_condition_and_the_last_one_else():
    found = ways(flow(launch(), language="en"))

    assert found["amount", "finance"].label == "Budget ≤ 100,000"
    assert found["amount", "all_executives"].label == "else"


def test_ways_between_the_same_steps_are_one():
    found = ways(flow(launch(), language="en"))

    assert found["review", "rejected"].label == "Reject / after 2 times"


def test_a_way_to_itself_leads_back():
    looping = definition(
        gateway("g", "分", {"when": "budget > 1", "to": "g"}, {"to": "done"}), end("done", "完")
    )

    assert ways(flow(looping, language="en"))["g", "g"].back


def test_a_step_that_nothing_leads_to_is_still_there():
    found = flow(
        definition(task("a", "甲", "done"), task("b", "乙", "a"), end("done", "完")), language="en"
    )

    assert "b" in {step.id for step in found.steps}
    assert not ways(found)["b", "a"].back


def test_the_ways_from_a_rest_say_what_starts_them():
    found = ways(flow(shipped().definition, language="zh"))
    started = {way.target: way.label for way in found.values() if way.source == "active"}
    assert started == {
        "assess": "每季度",
        "evaluate": "每年",
        "renewal": "合同到期日",
        "renew_certificate": "证书到期 / 更新证书",
        "elimination": "提出淘汰",
    }


def test_returns_into_branches_of_a_fork_lead_back_and_the_branches_lead_on():
    """They would be drawn below the approval, if a return were taken for the first way there."""
    found = ways(flow(forking(*INTO).definition, language="en"))
    back = {pair for pair, way in found.items() if way.back}

    assert back == {
        *(("decide", to) for to in ALL if to != "reprice"),
        ("reprice", "finance"),
        ("finance", "price"),
        ("finance", "draft"),
        ("field", "draft"),
    }
