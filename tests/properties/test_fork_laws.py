"""Whatever is done in the branches of a fork, in any order: it joins once, and nothing is left.

A machine plays a case with a fork in a fork, with everybody who has a task. Each step goes through
the playbook, which checks the laws of `tests/unit/workflows/laws.py`: an open branch is at one
place, and no visit is open in a scope that has come to its join or was cancelled.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.workflows import deeds
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks.forked import (
    FILER,
    INTO,
    begun,
    field,
    financed,
    forking,
    lab,
    legal,
    priced,
)
from workflows.actions import skip
from workflows.case.status import Status

OUTCOMES = st.sampled_from(["approve", "approve", "approve", "return", "reject"])
REPLAY = ('resume = "jump_back"\n', "")
TARGETS = st.sampled_from(
    ["price", "draft", "", "price lab", "legal finance", "field lab", "reprice legal", "review"]
)


class Forks(RuleBasedStateMachine):
    """One case, and everybody who has a task of it."""

    @initialize(budget=st.sampled_from(["500", "2000"]), resume=st.booleans(), into=st.booleans())
    def file(self, budget, resume, into):
        changes = (*(INTO if into else ()), *(() if resume else (REPLAY,)))
        self.play = Playbook(forking(*changes))
        begun(self.play, budget=budget)

    def do(self, step) -> None:
        self.play >> step
        self.play.news.clear()

    @rule(number=st.integers(0, 5), outcome=OUTCOMES, to=TARGETS)
    def work(self, number, outcome, to):
        """Whoever has one of the open tasks does what its node wants."""
        case = self.play.case
        if case.status is not Status.RUNNING:
            return
        task = case.open_tasks[number % len(case.open_tasks)]
        person = self.play.directory.people[task.owners[0]].id
        if task.node == "price":
            self.do(deeds.record(person, "called", task.id, said="yes"))
        if task.node not in ("finance", "legal", "review", "decide"):
            self.do(deeds.complete(person, task.id, budget="500", note="a", cost="10"))
        elif outcome == "return":
            self.do(deeds.dissatisfied(person, task.id, to=to))
        else:
            self.do(deeds.decide(person, outcome, task.id))

    @rule(number=st.integers(0, 30))
    def take_back(self, number):
        tasks = self.play.case.tasks
        task = tasks[number % len(tasks)]
        if task.decided_by in self.play.directory.people:
            person = self.play.directory.people[task.decided_by].id
            self.do(deeds.take_back(person, task.id))

    @rule()
    def send_back(self):
        for task in self.play.case.open_tasks:
            if task.node == "field":
                self.do(deeds.send_back("he.jun", "draft", task.id))

    @rule(number=st.integers(0, 5), does=st.sampled_from(["cancel", "skip"]))
    def end_a_step(self, number, does):
        """An administrator ends one of the open steps."""
        case = self.play.case
        if case.status is not Status.RUNNING:
            return
        task = case.open_tasks[number % len(case.open_tasks)]
        ways = skip.ways(self.play.process.definition.work_node(task.node))
        outcome = ways[number % len(ways)]
        if does == "cancel":
            self.do(deeds.cancel("deng.tao", task.id))
        else:
            self.do(deeds.skip("deng.tao", outcome, task.id))

    @rule(number=st.integers(0, 50))
    def lead_it_elsewhere(self, number):
        """An administrator lets the case go on from any step, also after its end."""
        nodes = self.play.process.definition.nodes
        to = nodes[number % len(nodes)].id
        self.do(deeds.jump("deng.tao", to))
        self.do(deeds.reopen("deng.tao", to))

    @invariant()
    def what_follows_the_join_waits_for_all(self):
        """While the case is beyond the join, no branch is open."""
        if hasattr(self, "play"):
            case = self.play.case
            beyond = any(visit.node in ("review", "decide") for visit in case.visits)
            assert not beyond or not any(scope.open for scope in case.scopes)


TestForks = Forks.TestCase


def _price_and_finance(play):
    priced(play)
    financed(play)


BRANCHES = {"lab": lab, "field": field, "legal": legal, "price": _price_and_finance}


@given(order=st.permutations(sorted(BRANCHES)))
def test_any_order_of_the_branches_leads_to_the_same_join(order):
    play = Playbook(forking())
    begun(play, budget="2000")
    for name in order:
        BRANCHES[name](play)

    case = play.case
    assert [(visit.node, visit.round, visit.spot.scope) for visit in case.visits] == [
        ("decide", 1, "")
    ]
    assert all(scope.joined and not scope.open for scope in case.scopes if scope.id)
    play >> deeds.approve("gao.yu") << whatever
    assert case.filer == play.case.filer
    assert play.case.status is Status.COMPLETED
    assert play.seen("NodeEntered", "node").count("sum") == 1
    assert play.seen("TaskCompleted", "actor")[0] == FILER
