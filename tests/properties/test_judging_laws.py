"""Nobody ever decides an approval of a case they filed or of work they did, on any history.

A machine plays a process in which others judge (`playbooks/judging.toml`) with everybody in the
company, while roles move, people leave and go away, and steps are late. Each step goes through the
playbook, which checks the laws of `tests/unit/workflows/laws.py` before every event; what shows
over the whole history is checked here, by the events alone.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.workflows import deeds, office
from tests.unit.workflows.office import local
from tests.unit.workflows.playbook import Playbook, absent, left, roles
from workflows.case.status import Status
from workflows.flow.entering import TaskCompleted
from workflows.flow.opening import TaskOpened
from workflows.loading import load_definition
from workflows.moments import HOUR, MINUTE

STAFF = [person.id for person in office.directory().people.values()]
PEOPLE = st.sampled_from(STAFF)
ROLES = st.lists(
    st.sampled_from(["judge", "complaint-handler", "complaint-manager"]), unique=True, max_size=3
)
TEXT = office.judging().text
PROCESSES = {
    "judges": TEXT,
    "manager": TEXT.replace('candidates = "role:judge"', 'assignee = "manager(filer)"'),
    "picked": TEXT.replace('candidates = "role:judge"', 'assignee = "least_loaded(role:judge)"'),
    "owner": TEXT.replace('candidates = "role:judge"', 'assignee = "owner"'),
    "apart": TEXT.replace('id = "again"', 'id = "again"\nnot_same_as = ["judge", "work"]'),
    "same": TEXT.replace('id = "again"', 'id = "again"\nsame_as = "judge"'),
    "supervisor": TEXT.replace('id = "judge"', 'id = "judge"\nself_approval = "supervisor"'),
    "head": TEXT.replace('id = "judge"', 'id = "judge"\nself_approval = "dept_head"'),
    "rules": TEXT.replace(
        "[forms.request]",
        '[approvals]\nself_approval = "pass"\nnobody = "pass"\nrepeated = "all"\n\n[forms.request]',
    ),
}


class Judging(RuleBasedStateMachine):
    """One case, everybody, and a company that changes."""

    @initialize(process=st.sampled_from(sorted(PROCESSES)), filer=PEOPLE, judges=st.sets(PEOPLE))
    def file(self, process, filer, judges):
        self.play = Playbook(load_definition(PROCESSES[process], file="judging.toml"))
        self.judges = sorted(judges)
        for judge in self.judges:
            self.do(roles(**{judge.replace(".", "_"): ("judge", "complaint-handler")}))
        self.do(deeds.file(filer))
        assert self.play.state is not None, "with an administrator there is always somebody to act"

    def do(self, step) -> None:
        """Make one step; the playbook checks the laws, accepted or refused."""
        self.play >> step
        self.play.news.clear()

    @rule(person=PEOPLE, yes=st.booleans())
    def claim_and_decide(self, person, yes):
        """Whoever may, goes on; everybody else is refused."""
        if self.play.case.status is not Status.RUNNING:
            return
        task = self.play.task
        self.do(deeds.claim(person))
        if task.node == "work":
            self.do(deeds.complete(person, task.id))
        else:
            self.do(deeds.approve(person, task.id) if yes else deeds.dissatisfied(person, task.id))

    @rule(yes=st.booleans())
    def whoever_has_it_goes_on(self, yes):
        owners = [self.play.directory.people[owner].id for owner in self.play.task.owners]
        for owner in owners[:1]:
            self.claim_and_decide(owner, yes)

    @rule(data=st.data())
    def one_who_judges_tries_everything(self, data):
        """They hold the role for the work as well."""
        person = data.draw(st.sampled_from(self.judges or STAFF))
        for _ in range(3):
            self.claim_and_decide(person, True)

    @rule(person=PEOPLE, to=PEOPLE)
    def hand_over(self, person, to):
        self.do(deeds.transfer(person, to))

    @rule(person=PEOPLE)
    def rescue(self, person):
        self.do(deeds.take_over(person))

    @rule(person=PEOPLE, deputy=PEOPLE, hours=st.integers(1, 200))
    def go_away(self, person, deputy, hours):
        start, end = self.play.now, self.play.now + hours * HOUR
        self.do(absent(person, deputy, local(start), local(end)))
        self.do(deeds.offer_to_deputies)

    @rule(person=PEOPLE, held=ROLES, told=st.booleans())
    def import_people(self, person, held, told):
        """Roles move; the rounds look the case through, or somebody presses first."""
        self.do(roles(**{person.replace(".", "_"): tuple(held)}))
        if told:
            self.do(deeds.follow_directory)

    @rule(person=PEOPLE)
    def leave(self, person):
        if person != "deng.tao":
            self.do(left(person))
            self.do(deeds.follow_directory)
            self.do(deeds.replace_leavers)

    @rule(minutes=st.integers(0, 6000))
    def let_time_pass(self, minutes):
        until = self.play.now + minutes * MINUTE
        self.do(lambda play: play.wake(until))

    @invariant()
    def nobody_judged_themselves(self):
        nodes: dict[str, str] = {}
        work: set[str | None] = set()
        filer = self.play.case.filer
        for event in self.play.history:
            if isinstance(event.body, TaskOpened):
                nodes[event.body.task] = event.body.node
            if isinstance(event.body, TaskCompleted):
                doers = {event.actor, event.on_behalf_of} - {None}
                if nodes[event.body.task] == "work":
                    work = set(doers)
                else:
                    assert not doers & {filer, *work}, "somebody judged themselves"

    @invariant()
    def nothing_waits_in_silence(self):
        """Whoever has an open task works here, or the rounds will see to it; or it was told."""
        for task in self.play.case.open_tasks:
            told = [b for b in self.play.seen("TaskBlocked", "task") if b == task.id]
            assert task.owners or told


Judging.TestCase.settings = settings(stateful_step_count=30)
TestJudging = Judging.TestCase
