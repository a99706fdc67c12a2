"""A rehearsal sees whatever can happen, and asks enough people.

Random definitions are made of the pieces that definitions have; random plays go through them with
everybody who may file, at any speed. What a play shows, the rehearsal must have seen. And grouping
people must not change what the check before publishing finds, as if each were asked alone.
"""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.workflows import deeds, office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook
from tests.unit.workflows.rehearsal.rehearsed import definition, rehearsed, stage
from workflows.case.action_type import Move
from workflows.rehearsal.explorer import explore
from workflows.rehearsal.items import shown
from workflows.rehearsal.kinds import Alike, kinds_of
from workflows.rehearsal.moves import moves, perform, waits
from workflows.rehearsal.publish_check import FILER, PEER, usual, who_gets_what
from workflows.rehearsal.samples import Samples

MOST = 1_500  # steps of one rehearsal: enough for most of these definitions
STAFF = sorted(person.id for person in office.directory().people.values())
FORMS = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [
  { id = "size", type = "number", required = true, label = { zh = "大小", en = "Size" } },
  { id = "wish", type = "choice", label = { zh = "愿望", en = "Wish" }, options = [
    { id = "now", zh = "现在", en = "Now" },
    { id = "later", zh = "以后", en = "Later" },
  ] },
  { id = "boss", type = "person", required = true, label = { zh = "主管", en = "Boss" } },
]

[forms.work]
name = { zh = "工作", en = "Work" }
fields = [
  { id = "cost", type = "money", label = { zh = "花费", en = "Cost" } },
  { id = "size", type = "number", required = true, label = { zh = "大小", en = "Size" } },
]

[actions.called]
name = { zh = "致电", en = "Call" }
form = "work"
nodes = ["first", "n1"]

[pause]
due = "2h"
ladder = "step"
cap = "1d"

[survey]
question = { zh = "满意吗？", en = "Satisfied?" }
"""
WHO = st.sampled_from(
    [
        "filer",
        "owner",
        "role:complaint-desk",
        "role:complaint-handler@sales",
        "person:he.jun",
        "field:boss",
        "except(field:boss, filer)",
        "manager(filer)",
        "manager(filer, 2)",
        "manager(role:complaint-handler)",
        "except(manager(role:complaint-handler), filer)",
        "head(department(filer))",
        "head(department(manager(filer)))",
        "head(sales)",
        "members(it)",
        "except(members(sales), filer)",
        "least_loaded(role:complaint-handler)",
        "manager(least_loaded(except(role:complaint-handler, filer)))",
        "round_robin(except(role:complaint-desk, filer))",
        "picked",
        "manager(picked)",
    ]
)
WHEN = st.sampled_from(
    ["size > 3", "size <= 3 and size > 0", 'wish == "now"', "cost > size", "cost >= 10"]
)


@st.composite
def middles(draw: st.DrawFn) -> str:
    """The middle of a definition: two to five nodes that lead forward, now and then back."""
    count = draw(st.integers(2, 5))
    ids = ["first", *(f"n{number}" for number in range(1, count))]
    return FORMS + "".join(
        _node(draw, node, ids[: index + 1], [*ids[index + 1 :], "done"])
        for index, node in enumerate(ids)
    )


def _node(draw: st.DrawFn, node: str, before: list[str], after: list[str]) -> str:
    kind = draw(st.sampled_from(["task", "task", "approval", "approval", "gateway"]))
    head = f'\n[[nodes]]\nid = "{node}"\nkind = "{kind}"\nname = {{ zh = "点", en = "Node" }}\n'
    to = st.sampled_from(after)
    if kind == "gateway":
        picks = f'set = {{ picked = "{draw(WHO)}" }}'
        routes = [
            f"{{ when = '{draw(WHEN)}', to = \"{draw(to)}\", {picks} }}"
            for _ in range(draw(st.integers(0, 2)))
        ]
        routes.append(f'{{ to = "{draw(to)}" }}')
        return head + f"routes = [{', '.join(routes)}]\n"
    people = draw(st.sampled_from(["assignee", "candidates"]))
    head += f'{people} = "{draw(WHO)}"\ndue = "{draw(st.sampled_from(["2h", "1wd"]))}"\n'
    head += 'ladder = "step"\n'
    if draw(st.booleans()):
        head += 'form = "work"\n'
    if kind == "task":
        if node in {"first", "n1"} and draw(st.booleans()):
            head += 'requires = ["called"]\n'
        back = f'return_to = ["{draw(st.sampled_from(before))}"]\n' if draw(st.booleans()) else ""
        return head + f'next = "{draw(to)}"\n' + back
    outcomes = f'[nodes.outcomes.approve]\nto = "{draw(to)}"\n'
    if draw(st.booleans()):
        where = draw(st.sampled_from(before))
        outcomes += f'[nodes.outcomes.return]\nto = "{where}"\nat_most = 2\nthen = "{draw(to)}"\n'
    if draw(st.booleans()):
        outcomes += f'[nodes.outcomes.reject]\nto = "{draw(to)}"\n'
    return head + outcomes


SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(SLOW, max_examples=25)
@given(middle=middles(), data=st.data())
def test_what_a_random_play_shows_a_rehearsal_has_seen(middle, data):
    process = definition(middle)
    report = rehearsed(process, most=MOST)
    called = {item for tally in report.tallies for item in tally.missing}
    set_up = stage(process)
    samples = Samples(process)
    play = set_up.curtain(key(data.draw(st.sampled_from(STAFF))))
    for _ in range(data.draw(st.integers(1, 25))):
        able = [*moves(set_up, samples, play)]
        if waits(play):
            able += [Move(does="wait")] * max(1, len(able) // 2)
        if not able:
            break
        turn = perform(set_up, play, data.draw(st.sampled_from(able)))
        for seen in turn.seen:
            for item in shown(process.definition, seen.after, seen.event):
                assert not report.complete or item not in called or item.kind == "deed", item
        play = turn.play


@cache
def complaint_items() -> frozenset[object]:
    process = office.complaint()
    return frozenset(explore(stage(process), filer=key("wu.min")).seen)


PERSON = st.sampled_from(STAFF)
DEEDS = st.one_of(
    st.builds(deeds.claim, PERSON),
    st.builds(
        deeds.complete,
        PERSON,
        grade=st.sampled_from(["urgent", "normal"]),
        category=st.sampled_from(["product", "price"]),
    ),
    st.builds(deeds.respond, PERSON),
    st.builds(deeds.approve, PERSON),
    st.builds(deeds.dissatisfied, PERSON),
    st.builds(deeds.ask, PERSON),
    st.builds(deeds.answer, PERSON),
    st.builds(deeds.send_back, PERSON, st.just("triage")),
    st.builds(deeds.transfer, PERSON, PERSON),
    st.builds(deeds.take_over, PERSON),
    st.builds(deeds.withdraw, PERSON),
    st.builds(deeds.score, PERSON, st.integers(1, 5)),
)


RIGHT = (deeds.claim, deeds.complete, deeds.respond, deeds.approve)


def wake_next(play: Playbook) -> None:
    """Let time pass until the next timer fires."""
    play.wake(min((at for _, at in play.case.timers()), default=play.now))


@settings(SLOW, max_examples=40)
@given(filer=PERSON, data=st.data())
def test_what_a_random_playbook_shows_a_rehearsal_has_seen(filer, data):
    """Anybody tries anything, and whoever has the work does it half of the time."""
    play = Playbook()
    play >> deeds.file(filer)
    for _ in range(data.draw(st.integers(1, 30))):
        play.news.clear()
        owner = play.directory.people[(play.task.owners or (key(filer),))[0]].id
        right = data.draw(st.sampled_from([None, *RIGHT]))
        play >> (data.draw(DEEDS) if right is None else right(owner))
        play.news.clear()
        if data.draw(st.booleans()):
            play >> wake_next
    play.news.clear()
    for event in play.history:
        for item in shown(play.process.definition, play.case, event):
            assert item in complaint_items()


@settings(SLOW, max_examples=25)
@given(middle=middles(), gone=st.sets(PERSON, max_size=3))
def test_asking_kinds_of_people_finds_what_asking_everybody_finds(middle, gone):
    process = definition(middle)
    directory = office.directory(gone=tuple(gone))
    kinds = kinds_of(process.definition, directory)
    set_up = stage(process, directory=directory)
    graph = explore(set_up, filer=usual(kinds), silence=False, most=MOST)
    grouped = who_gets_what(set_up, graph, kinds)
    alone = who_gets_what(
        set_up, graph, [Alike(people=(one,)) for kind in kinds for one in kind.people]
    )

    assert _concerned(grouped) == _concerned(alone)
    served = _served(grouped, directory)
    for person, gets in _served(alone, directory).items():
        assert gets.keys() == served[person].keys()
        for place, (people, _) in gets.items():
            surely, peers = served[person][place]
            assert surely <= people <= surely | peers, (person, place)


def _concerned(checked):
    """Whom each finding concerns."""
    found = checked.findings
    return {(f.code, f.where, f.facts.get("other")): set(f.people) for f in found}


def _served(checked, directory):
    """Per person and place: whom the work goes to, and of whom else it may be some."""
    return {
        person: {
            (got.node, got.way): _people(got.to, person, set(group.people), directory)
            for got in group.gets
        }
        for group in checked.groups
        for person in group.people
    }


def _people(to, person, group, directory):
    found = {_real(one, person, directory) for one in to if one != PEER}
    return found, group if PEER in to else set()


def _real(one, person, directory):
    """Who is called so, seen from a person."""
    if one == FILER:
        return person
    if not one.startswith("@"):
        return one
    for step in one[1:].split("."):
        here = directory.people[person]
        manager = directory.manager_of(person)
        person = manager if step == "manager" else directory.head_of(here.department)
    return person
