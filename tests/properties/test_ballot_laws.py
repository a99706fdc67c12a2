"""Whatever signers do, at whatever time: no visit ends with an open seat, a tally is its votes.

A machine plays a case that several people sign, with everybody in the company. Each step goes
through the playbook, which checks the laws of `tests/unit/workflows/laws.py`: also that nobody has
or decides two seats of a ballot, that a ballot is decided by what its votes say, at once, and that
no visit ends with an added signer who could still act.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.workflows import deeds, office
from tests.unit.workflows.office import local
from tests.unit.workflows.playbook import Playbook, absent, left, roles
from tests.unit.workflows.playbooks.seated import process
from workflows.case.status import Status
from workflows.moments import HOUR, MINUTE

STAFF = [person.id for person in office.directory().people.values()]
PEOPLE = st.sampled_from(STAFF)
TASKS = st.sampled_from([f"t{number}" for number in range(1, 12)])
RULES = st.sampled_from(["all", "any", "approval", "turn", "share", "votes"])
GROUPS = (("approval", "signers", '["role:complaint-handler", "role:complaint-handler"]'),)
NEEDY = (("any", "signers", '"role:complaint-desk"'), ("any", "sign", "{ need = 3 }"))
WAITING = (("all", "on_reject", '"after_all"'), ("all", "on_return", '"after_all"'))
PROCESSES = {
    name: process(*changes)
    for name, changes in (("plain", ()), ("groups", GROUPS), ("needy", NEEDY), ("wait", WAITING))
}


class Ballots(RuleBasedStateMachine):
    """One case, everybody, and time."""

    @initialize(
        name=st.sampled_from(sorted(PROCESSES)), how=RULES, filer=PEOPLE, gone=st.sets(PEOPLE)
    )
    def file(self, name, how, filer, gone):
        staff_left = tuple(gone - {filer, "deng.tao"})[:2]
        directory = office.directory(gone=staff_left)
        self.play = Playbook(PROCESSES[name], directory=directory)
        self.play >> deeds.file(filer, what="X", how=how)
        self.play.news.clear()
        assert self.play.state is not None, "with an administrator there is always somebody to act"

    def do(self, step) -> None:
        """Make one step; the playbook checks the laws, accepted or refused."""
        self.play >> step
        self.play.news.clear()

    @rule(number=st.integers(0, 3), outcome=st.sampled_from(["approve", "reject", "return"]))
    def sign(self, number, outcome):
        """Whoever has an open seat votes, or does the work that a return led to."""
        case = self.play.case
        if case.status is not Status.RUNNING:
            return
        task = case.open_tasks[number % len(case.open_tasks)]
        if not task.owners:
            return
        person = self.play.directory.people[task.owners[number % len(task.owners)]].id
        if task.assignee is None:
            self.do(deeds.claim(person, task.id))
        elif task.joins == "advice":
            self.do(deeds.advise(person, task.id))
        elif task.seat or task.parent:
            self.do(deeds.decide(person, outcome, task.id))
        else:
            self.do(deeds.complete(person, task.id, what="Y", how="turn"))

    @rule(
        person=PEOPLE,
        task=TASKS,
        deed=st.sampled_from(
            [deeds.claim, deeds.approve, deeds.dissatisfied, deeds.take_over, deeds.ask]
        ),
    )
    def do_anything(self, person, task, deed):
        self.do(deed(person, task))

    @rule(person=PEOPLE, to=PEOPLE, task=TASKS)
    def hand_over(self, person, to, task):
        self.do(deeds.transfer(self.owner(task) or person, to, task))

    @rule(
        to=st.lists(PEOPLE, min_size=1, max_size=3),
        task=TASKS,
        where=st.sampled_from(["before", "after", "beside", "advice"]),
        sign=st.sampled_from(["all", "any", "in_turn"]),
    )
    def add(self, to, task, where, sign):
        owner = self.owner(task) or to[0]
        if where == "advice":
            self.do(deeds.delegate(owner, to[0], task))
        else:
            self.do(deeds.add_signers(owner, where, *to, task=task, sign=sign))

    @rule(person=PEOPLE, task=TASKS)
    def remove(self, person, task):
        found = self.play.case.task(task)
        if found is not None:
            by = self.play.directory.people.get(found.added_by)
            self.do(deeds.remove_signer(by.id if by is not None else person, task))

    def owner(self, task_id):
        """Whoever has a task, "" if nobody has."""
        task = self.play.case.task(task_id)
        if task is None or task.assignee is None:
            return ""
        return self.play.directory.people[task.assignee].id

    @rule(person=PEOPLE, deputy=PEOPLE, hours=st.integers(1, 200))
    def go_away(self, person, deputy, hours):
        start, end = self.play.now, self.play.now + hours * HOUR
        self.do(absent(person, deputy, local(start), local(end)))
        self.do(deeds.offer_to_deputies)

    @rule(person=PEOPLE)
    def leave(self, person):
        if person != "deng.tao":
            self.do(left(person))
            self.do(deeds.replace_leavers)

    @rule(person=PEOPLE, role=st.sampled_from([(), ("complaint-handler",), ("complaint-desk",)]))
    def change_roles(self, person, role):
        self.do(roles(**{person.replace(".", "_"): role}))
        self.do(deeds.follow_directory)

    @rule(person=PEOPLE, really=st.sampled_from([False, False, False, True]))
    def give_up(self, person, really):
        if really:
            self.do(deeds.withdraw(person))

    @rule(minutes=st.one_of(st.integers(0, 300), st.integers(0, 12000)))
    def let_time_pass(self, minutes):
        until = self.play.now + minutes * MINUTE
        self.do(lambda play: play.wake(until))

    @invariant()
    def the_filer_signs_nothing_that_the_definition_does_not_give_them(self):
        filer = self.play.case.filer
        signed = [task for task in self.play.case.tasks if task.seat and task.outcome]
        assert all(filer not in (task.decided_by, task.on_behalf_of) for task in signed)


TestBallots = Ballots.TestCase
