"""Whatever people do, in whatever order and however late the clock: the laws of the engine hold.

A machine plays a case with everybody in the company. Half of its steps are what the right person
may well do, the other half is anybody doing anything. Each step goes through the playbook, which
checks the laws of `tests/unit/workflows/laws.py`; what only shows over time is checked here.
"""

from __future__ import annotations

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.workflows import deeds, office
from tests.unit.workflows.office import local
from tests.unit.workflows.playbook import Playbook, absent, fire, left
from tests.unit.workflows.playbooks.moved import moves
from workflows.actions.fire_timers import Escalated, Reminded
from workflows.case.clock import Clock
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.flow.outlook import outlook
from workflows.loading import load_definition
from workflows.moments import DAY, HOUR, MINUTE, utc

STAFF = [person.id for person in office.directory().people.values()]
TASKS = st.sampled_from([None, "t1", "t2", "t3", "t9"])
PEOPLE = st.sampled_from(STAFF)
GRADES = st.sampled_from(["urgent", "normal"])
CATEGORIES = st.sampled_from(["product", "service", "delivery", "price"])
NODES = st.sampled_from(["triage", "resolve", "confirm", "nowhere"])

PLAIN = office.complaint()
PAUSING = office.variant(
    ('within = [ { limit = "7d" } ]', 'within = [ { limit = "7d" } ]\npauses = true'),
    ('ladder = "response"\n', 'ladder = "response"\npauses = true\n'),
    ('due = "8wh"', 'due = "2h"'),
    ('cap = "5wd"', 'cap = "1d"'),
)
PROCESSES = {"pausing": PAUSING, "plain": PLAIN}
LADDER = "[ladders.step]                     # one step of the case\nrungs = [\n"
RUNGS = '  { at = "20%", remind = "assignee" },\n  { at = "due + 3wd", escalate = "owner" },\n'
VERSIONS = {
    name: (loaded, load_definition(loaded.text.replace(LADDER, LADDER + RUNGS), file="moved.toml"))
    for name, loaded in PROCESSES.items()
}
STARTS = st.sampled_from(
    ["2026-03-02 09:00", "2026-02-13 17:59", "2026-02-19 03:00", "2026-12-31 18:00"]
)


def _key(clock: Clock) -> str:
    return clock.key


class Engine(RuleBasedStateMachine):
    """One case, everybody, and time."""

    @initialize(
        process=st.sampled_from(sorted(PROCESSES)), start=STARTS, filer=PEOPLE, gone=st.sets(PEOPLE)
    )
    def file(self, process, start, filer, gone):
        staff_left = tuple(gone - {filer, "deng.tao"})[:2]
        self.play = Playbook(
            PROCESSES[process], start=start, directory=office.directory(gone=staff_left)
        )
        self.play >> deeds.file(filer)
        self.play.news.clear()
        self.versions, self.version = VERSIONS[process], 1
        assert self.play.state is not None, "with an administrator there is always somebody to act"

    def do(self, step) -> None:
        """Make one step; the playbook checks the laws, accepted or refused."""
        self.play >> step
        self.play.news.clear()

    def able(self, task: Task) -> str:
        """The readable id of somebody who may act on a task."""
        person = self.play.directory.get(task.owners[0])
        assert person is not None
        return person.id

    # -------------------------------------------------------- what the right person may well do

    @rule(grade=GRADES, category=CATEGORIES)
    def work_on(self, grade, category):
        """Whoever has the open task does the next thing that its node wants."""
        case = self.play.case
        if case.status is not Status.RUNNING:
            return
        task = case.open_tasks[0]
        person = self.able(task)
        if task.assignee is None:
            self.do(deeds.claim(person))
            return
        if task.node == "resolve" and "answered" not in case.scope("").actions:
            self.do(deeds.respond(person))
        if task.node == "confirm":
            self.do(deeds.approve(person))
        else:
            self.do(deeds.complete(person, grade=grade, category=category))
        assert task.id not in [task.id for task in self.play.case.open_tasks]

    @rule()
    def be_dissatisfied(self):
        task = self.play.task
        self.do(deeds.dissatisfied(self.able(task)))

    @rule(patient=st.booleans())
    def ask_or_answer(self, patient):
        task = self.play.task
        if task.question is None:
            self.do(deeds.ask(self.able(task)))
        elif not patient:
            self.do(deeds.answer(self.play.directory.people[task.question.to].id))

    @rule()
    def send_back(self):
        self.do(deeds.send_back(self.able(self.play.task), "triage"))

    @rule(to=PEOPLE)
    def hand_over(self, to):
        self.do(deeds.transfer(self.able(self.play.task), to))

    @rule(data=st.data())
    def rescue(self, data):
        rescuers = self.play.task.rescuers
        if rescuers:
            rescuer = data.draw(st.sampled_from(rescuers))
            self.do(deeds.take_over(self.play.directory.people[rescuer].id))

    @rule(to=PEOPLE, node=NODES, does=st.sampled_from(["reassign", "skip", "cancel", "jump"]))
    def administer(self, to, node, does):
        """An administrator repairs the case, or opens it again."""
        if does == "reassign":
            self.do(deeds.reassign("deng.tao", to))
        elif does == "jump":
            self.do(deeds.jump("deng.tao", node))
        elif does == "cancel":
            self.do(deeds.cancel("deng.tao"))
        else:
            self.do(deeds.skip("deng.tao", "complete"))
        self.do(deeds.reopen("deng.tao", node))

    # -------------------------------------------------------- anybody, anything

    @rule(
        person=PEOPLE,
        task=TASKS,
        deed=st.sampled_from(
            [
                deeds.claim,
                deeds.complete,
                deeds.approve,
                deeds.dissatisfied,
                deeds.respond,
                deeds.take_over,
                deeds.ask,
                deeds.answer,
            ]
        ),
    )
    def do_anything(self, person, task, deed):
        self.do(deed(person, task))

    @rule(person=PEOPLE, task=TASKS, node=NODES)
    def return_anything(self, person, task, node):
        self.do(deeds.send_back(person, node, task))

    @rule(person=PEOPLE, to=PEOPLE, task=TASKS)
    def transfer_anything(self, person, to, task):
        self.do(deeds.transfer(person, to, task))

    @rule(person=PEOPLE, others=st.lists(PEOPLE, max_size=3))
    def talk(self, person, others):
        self.do(deeds.comment(person))
        self.do(deeds.report_problem(person))
        self.do(deeds.urge(person))
        self.do(deeds.copy_in(person, *others))
        self.do(deeds.watch(person))
        self.do(deeds.unwatch(person))

    @rule(person=PEOPLE, points=st.integers(-1, 7))
    def judge(self, person, points):
        self.do(deeds.score(person, points))

    @rule(person=PEOPLE, really=st.sampled_from([False, False, False, True]))
    def give_up(self, person, really):
        if really:
            self.do(deeds.withdraw(person))

    @rule(contents=st.sets(st.sampled_from(["c1", "c2", "c3"])))
    def erase(self, contents):
        self.do(deeds.erase(*sorted(contents)))

    # -------------------------------------------------------- the office and the calendar

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

    @rule(days=st.integers(0, 10))
    def close_the_office(self, days):
        day = utc(self.play.now + days * DAY).date()
        self.do(deeds.closed_on(day.isoformat()))

    @rule()
    def open_on_all_days_again(self):
        self.play.calendar = office.calendar(on=frozenset({date(2026, 3, 7), date(2026, 2, 21)}))
        self.do(deeds.replan)

    @rule()
    def move_on(self):
        """Another version has another ladder; what the case has, and its due times, stay."""
        before, self.version = self.play.case, self.version + 1
        self.do(moves(self.versions[self.version % 2], hash=f"{self.version:064x}"))
        case = self.play.case
        assert (case.definition == before.definition) is (case.status is not Status.RUNNING)
        assert (case.visits, case.tasks) == (before.visits, before.tasks)
        assert [(c.key, c.due_at, c.fired) for c in sorted(case.clocks, key=_key)] == [
            (c.key, c.due_at, c.fired) for c in sorted(before.clocks, key=_key)
        ]

    # -------------------------------------------------------- time

    @rule(minutes=st.one_of(st.integers(0, 300), st.integers(0, 12000)))
    def let_time_pass(self, minutes):
        """Each timer fires at its time."""
        until = self.play.now + minutes * MINUTE
        self.do(lambda play: play.wake(until))

    @rule(minutes=st.integers(1, 6000))
    def be_down(self, minutes):
        """Timers fire late."""
        self.play.sleep_until(self.play.now + minutes * MINUTE)
        self.do(lambda play: play.wake(play.now))

    @rule(clock=st.sampled_from(["closing", "first_response", "task:t1", "wait:t2", "nothing"]))
    def fire_anything(self, clock):
        known = len(self.play.history)
        timers = dict(self.play.case.timers())
        due = clock in timers and timers[clock] <= self.play.now
        self.do(fire(clock))
        assert (len(self.play.history) > known) is due

    @rule()
    def do_what_was_foretold(self):
        """The next thing ahead happens, when it was foretold and to those who are to be told."""
        play = self.play
        at = min((at for _, at in play.case.timers()), default=play.now)
        play.sleep_until(max(at, play.now))
        ahead = [one for one in outlook(play.case, play.world, most=500) if one.kind != "due"]
        known = len(play.history)
        self.do(lambda play: play.wake(play.now))
        assert bool(ahead) or len(play.history) == known
        for event in play.history[known : known + 1]:
            if isinstance(event.body, Reminded | Escalated):
                told = {one.to for one in ahead if one.clock == event.body.clock}
                assert event.body.to in told

    # -------------------------------------------------------- what only shows over time

    @invariant()
    def rungs_fire_once_and_never_early(self):
        for clock in self.play.case.clocks:
            fired = self.play.seen("Reminded", "rung", clock=clock.key)
            fired += self.play.seen("Escalated", "rung", clock=clock.key)
            if not clock.key.startswith("wait:"):
                assert len(fired) == len(set(fired)), f"{clock.key} fired twice: {fired}"

    @invariant()
    def what_a_deputy_does_is_allowed(self):
        filer = self.play.case.filer
        for event in self.play.history:
            if event.on_behalf_of is not None:
                assert filer not in (event.actor, event.on_behalf_of)


Engine.TestCase.settings = settings(stateful_step_count=40)
TestEngine = Engine.TestCase
