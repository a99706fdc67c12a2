"""Laws of lint: what it calls certain holds on every way, what it passes ends, rungs keep order."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.calendar import CalendarData, WorkCalendar
from workflows.durations import parse_span
from workflows.lint_flow import facts
from workflows.lint_graph import edges, flaws
from workflows.lint_ladders import surely_after
from workflows.model.clocks import parse_rung_time
from workflows.model.definition import Definition
from workflows.model.nodes import EndNode, GatewayNode, TaskNode
from workflows.moments import MINUTE, moment_of

BOTH = {"zh": "名", "en": "Name"}
IDS = ["a", "b", "c", "d", "e"]
forms = st.sampled_from(["one", "two", "three"])


@st.composite
def nodes(draw, node_id):
    base = {"id": node_id, "name": BOTH}
    onward = [*IDS[IDS.index(node_id) + 1 :], "end"]
    anywhere = st.sampled_from([*IDS, "end"])
    targets = st.sampled_from([*onward * 5, *IDS])  # mostly onward
    work = {"assignee": "filer", "due": "1d", "ladder": "step", "form": draw(forms)}
    kind = draw(st.sampled_from(["task", "approval", "gateway"]))
    if kind == "gateway":
        names = st.dictionaries(st.sampled_from(["x", "y"]), st.just("filer"), max_size=2)
        routes = draw(st.lists(st.builds(dict, to=targets, set=names), min_size=1, max_size=3))
        return {**base, "kind": kind, "routes": routes}
    if kind == "task":
        back = draw(st.lists(st.sampled_from(IDS), max_size=1))
        return {**base, **work, "kind": kind, "next": draw(targets), "return_to": back}
    limited = {"at_most": draw(st.integers(1, 2)), "then": draw(targets)}
    outcomes = {
        "approve": {"to": draw(targets)},
        "return": draw(
            st.builds(dict, to=targets) | st.builds(dict, to=anywhere).map(lambda to: to | limited)
        ),
    }
    return {**base, **work, "kind": kind, "outcomes": outcomes}


@st.composite
def definitions(draw):
    def form(key, required):
        fields = [
            {"id": f"{key}_{index}", "type": "text", "label": BOTH, "required": must}
            for index, must in enumerate(required)
        ]
        return {"name": BOTH, "fields": fields}

    required = st.lists(st.booleans(), min_size=1, max_size=2)
    tree = {
        **dict.fromkeys(("key", "command"), "flow"),
        **dict.fromkeys(("name", "purpose"), BOTH),
        "departments": ["sales"],
        "owner": "role:chief",
        "case_prefix": "F",
        "start_form": draw(forms),
        "start": draw(st.sampled_from(IDS)),
        "forms": {key: form(key, draw(required)) for key in ("one", "two", "three")},
        "ladders": {"step": {"rungs": [{"at": "due", "escalate": "owner"}]}},
        "nodes": [
            *(draw(nodes(node_id)) for node_id in IDS),
            {"id": "end", "kind": "end", "name": BOTH},
        ],
    }
    return Definition.model_validate(tree)


def walk(definition, seed, steps):
    """A way through a definition as the engine goes it: (node, what was surely done before)."""
    choose = random.Random(seed)
    ways = edges(definition)
    required = {
        key: {f.id for f in form.fields if f.required} for key, form in definition.forms.items()
    }
    here, done, visited = definition.start, set(required[definition.start_form]), set()
    returned: dict[str, int] = {}
    for _ in range(steps):
        node = definition.node(here)
        yield here, frozenset(done)
        visited.add(here)
        if isinstance(node, EndNode):
            return
        open_ways = [
            w for w in ways if w.source == here and (not w.goes_back or w.target in visited)
        ]
        way = choose.choice(open_ways)
        if isinstance(node, GatewayNode):
            done |= set(node.routes[way.route or 0].set)
        elif not way.goes_back:
            done |= required[node.form]
        if not isinstance(node, GatewayNode | TaskNode):
            outcome = node.outcomes[way.outcome]
            returned[here] = returned.get(here, 0) + (way.outcome == "return")
            spent = outcome.at_most is not None and returned[here] > outcome.at_most
            here = outcome.then if spent else outcome.to[0]
        else:
            here = way.target


@given(definitions(), st.integers())
def test_what_is_certain_holds_on_every_way(definition, seed):
    known = facts(definition)
    for node, done in walk(definition, seed, 60):
        certain = {name for _, name in known.certain[node]}
        possible = {name for _, name in known.possible[node]}
        assert certain <= done <= possible


@given(definitions(), st.integers())
def test_what_passes_ends_unless_people_keep_going_back(definition, seed):
    """Without `return_to`, a definition without findings ends, whatever people decide."""
    tree = definition.model_dump(mode="json")
    for node in tree["nodes"]:
        node.pop("return_to", None)
    plain = Definition.model_validate(tree)
    assume(not any("for ever" in flaw.problem for flaw in flaws(plain)))
    most = len(plain.nodes) * (1 + 2 * len(plain.nodes))  # two returns for each node
    *_, (last, _) = walk(plain, seed, most)
    assert last == "end"


times = st.one_of(
    st.integers(1, 99).map("{}%".format),
    st.sampled_from(["start", "due"]),
    st.builds(
        "{} {} {}{}".format,
        st.sampled_from(["start", "due"]),
        st.sampled_from("+-"),
        st.integers(1, 60),
        st.sampled_from(["m", "h", "d", "wm", "wh", "wd"]),
    ),
).map(parse_rung_time)
limits = st.builds("{}{}".format, st.integers(1, 40), st.sampled_from(["h", "d", "wh", "wd"])).map(
    parse_span
)
CALENDAR = WorkCalendar(CalendarData(zone="Asia/Shanghai", region="none"))


@given(times, times, limits, st.integers(0, 14 * 24 * 60))
def test_a_rung_that_is_surely_later_never_fires_earlier(one, other, limit, minutes):
    start = moment_of(datetime(2026, 3, 2, tzinfo=UTC)) + minutes * MINUTE
    due = CALENDAR.add(start, limit)

    def fires(at):
        if at.percent is not None:
            return CALENDAR.scale(start, limit, Fraction(at.percent, 100))
        base = due if at.base == "due" else start
        if at.span is None:
            return base
        return (CALENDAR.add if at.sign > 0 else CALENDAR.subtract)(base, at.span)

    assert not surely_after(one, other) or fires(one) >= fires(other)
