"""Plays the year of the sample company: every case through the use cases, in one transaction.

People press buttons and send forms, and timers fire, at the times of a virtual clock. No
message is sent meanwhile; only the cards of open cases and tasks are left in the outbox.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot.sample.year.deeds import FORGETFUL, Company, Course, Deed, plan_of
from bot.sample.year.pace import Pace, drawing, settings
from handlers import start, timers
from handlers.acting import act_on
from handlers.intents import Pressed, Submitted
from handlers.interaction import Caller
from handlers.office import Office
from handlers.playground.sample import Sample, note_sample, require_empty
from handlers.tokens import Token
from storage.reset import drop_past_messages
from storage.unit import Tx
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.moments import DAY, Moment
from workflows.records import StoredFile

VIA = "playground"
PROCESSES = ("complaint", "launch")
LENGTH = 365 * DAY
_AHEAD = timedelta(days=150)  # from a request to the launch

WriteFile = Callable[[str, bytes], None]


class SeededIds:
    """Ids and salts that are the same for the same seed: the year is invented, not secret."""

    def __init__(self, seed: int) -> None:
        """Begin with the first id of this seed."""
        self._chance = drawing(f"{seed} ids")

    def new(self, kind: str) -> str:
        """Return a new id."""
        return f"{kind}_{self._chance.getrandbits(80):020x}"

    def salt(self) -> str:
        """Return 128 bits in hexadecimal."""
        return f"{self._chance.getrandbits(128):032x}"


class _Clock:
    """The virtual clock of the year."""

    def __init__(self, at: Moment) -> None:
        self.at = at

    def now(self) -> Moment:
        return self.at


def play_year(tx: Tx, office: Office, *, until: Moment, write_file: WriteFile) -> Sample:
    """Play the year that ends at `until` in this transaction, and return what it consists of.

    Args:
        office: has the calendar of the sample company, which is in force.
        until: the cut-off; cases that are open then stay open.
        write_file: stores the bytes of an upload by its id.

    Raises:
        Refusal: `sample_not_empty` if there are cases already.
    """
    require_empty(tx)
    year = Year(tx, office, since=until - LENGTH, until=until, write_file=write_file)
    year.play()
    drop_past_messages(tx, now=until)
    note_sample(tx, year.sample)
    return year.sample


class Year:
    """A year that is being played."""

    def __init__(
        self, tx: Tx, office: Office, *, since: Moment, until: Moment, write_file: WriteFile
    ) -> None:
        """Draw when cases are filed; see `play_year`."""
        seed = settings().seed
        self._tx = tx
        self._clock = _Clock(since)
        self._office = replace(office, clock=self._clock, ids=SeededIds(seed), hooks=())
        self._write_file = write_file
        self._pace = Pace(drawing(seed), office.calendar)
        self._company = Company(self._pace)
        self._directory = office.directory(tx)
        self._since, self._until = since, until
        self._queue: list[tuple[Moment, int, str, str]] = []
        self._planned: dict[tuple[str, str], Deed] = {}
        self._courses: dict[str, Course] = {}
        self._entries = 0
        self.deeds = 0  # of people
        self.fired = 0  # timers
        for process in PROCESSES:
            for at in self._pace.arrivals(process, since=since, until=until):
                self._push(at, "", process)

    def play(self) -> None:
        """Play everything until the end of the year."""
        while self._queue and self._queue[0][0] < self._until:
            at, _, case_id, what = heapq.heappop(self._queue)
            self._fire_until(at)
            self._clock.at = at
            if case_id:
                self._go_on(case_id, what)
            else:
                self._file(what)
        self._fire_until(self._until)

    @property
    def sample(self) -> Sample:
        """What the year consists of so far."""
        cases = [self._case(case_id) for case_id in self._courses]
        return Sample(
            since=self._since,
            until=self._until,
            cases=len(cases),
            open=sum(case.status is Status.RUNNING for case in cases),
        )

    # ------------------------------------------------------------------ time

    def _push(self, at: Moment, case_id: str, what: str) -> None:
        self._entries += 1
        heapq.heappush(self._queue, (at, self._entries, case_id, what))

    def _fire_until(self, at: Moment) -> None:
        """Fire what is due until a time, each timer at its own."""
        while (next_at := self._tx.timers.next_at()) is not None and next_at <= at:
            self._clock.at = max(next_at, self._clock.at)
            for timer in self._tx.timers.due(now=self._clock.at, limit=1):
                timers.fire(self._tx, self._office, timer)
                self.fired += 1
                self._rescue(timer.case_id)

    def _rescue(self, case_id: str) -> None:
        """Let whoever a task was escalated to take it over at times."""
        course = self._courses[case_id]
        for task in self._case(case_id).open_tasks:
            told = f"{task.id} {len(task.rescuers)}"
            if task.rescuers and told not in course.done:
                course.done.add(told)
                if self._pace.happens(self._company.work(course).taken_over):
                    at = self._pace.later(self._clock.at, f"{course.process} takeover")
                    self._push(at, case_id, f"takeover {task.id}")

    # ------------------------------------------------------------------ cases

    def _case(self, case_id: str) -> Case:
        case = self._tx.cases.load(case_id)
        assert case is not None, "a case that was filed"
        return case

    def _file(self, process: str) -> None:
        work = settings().work(process)
        filer = self._directory.by_id(self._pace.one_of(work.filers))
        assert filer is not None, "the sample company has them"
        course = self._company.course(process, filer)
        if process == "launch":
            course.form = self._company.launch(
                course,
                launch_date=(self._office.calendar.day_of(self._clock.at) + _AHEAD).isoformat(),
                plan=self._upload(course),
            )
        else:
            course.form = self._company.complaint(course)
        case = start.start_case(
            self._tx,
            self._office,
            process=process,
            person=filer.key,
            via=VIA,
            raw=course.form,
        )
        self._courses[case.id] = course
        self.deeds += 1
        self._plan(case)
        if course.withdrawn:
            at = self._pace.later(self._clock.at, f"{process} withdraw")
            self._push(at, case.id, "withdraw ")

    def _upload(self, course: Course) -> str:
        """Store the plan of a launch, and return its id."""
        content = plan_of(settings().products[course.number].en)
        file = StoredFile(
            id=self._office.ids.new("f"),
            case_id=None,
            name="plan.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            owner=course.filer.key,
            at=self._clock.at,
        )
        self._write_file(file.id, content)
        self._tx.files.put(file)
        return file.id

    def _go_on(self, case_id: str, what: str) -> None:
        """Do what was planned, if it can still be done, and plan what follows."""
        course, case = self._courses[case_id], self._case(case_id)
        verb, _, task_id = what.rpartition(" ")
        task = case.task(task_id)
        if verb == "score":
            self._score(case, course)
        elif verb == "withdraw":
            self._try(case, Deed(verb="withdraw", pace="", values={}), course.filer)
        elif task is None or task not in case.open_tasks:
            self._planned.pop((case_id, task_id), None)
        elif verb == "takeover":
            rescuer = self._directory.people[task.rescuers[-1]]
            self._try(case, Deed(verb=verb, pace=""), rescuer, task=task_id)
            self._planned.pop((case_id, task_id), None)  # whoever has it now takes their own time
        elif (deed := self._planned.pop((case_id, task_id), None)) is None:
            pass
        elif deed.verb != "reply" or task.question is not None:  # a question may have been closed
            self._do(case, deed, self._person(task), task=task_id)
        after = self._case(case_id)
        self._plan(after)
        ended = after.status is Status.COMPLETED and case.status is Status.RUNNING
        if ended and self._pace.happens(self._company.work(course).scored):
            at = self._pace.later(self._clock.at, f"{course.process} score")
            self._push(at, case_id, "score ")

    def _plan(self, case: Case) -> None:
        """Plan what whoever has an open task does next."""
        course = self._courses[case.id]
        work = self._company.work(course)
        for task in case.open_tasks:
            if (case.id, task.id) in self._planned:
                continue
            person = self._person(task)
            deed = self._company.next(course, case, task, person, handler=self._handler(case))
            forgotten = FORGETFUL.get((task.node, deed.verb), 0) * work.forgotten
            at = self._pace.later(
                self._clock.at,
                deed.pace,
                slower=work.slower.get(person.department, 1.0),
                forgotten=self._pace.happens(forgotten),
            )
            self._planned[case.id, task.id] = deed
            self._push(at, case.id, f" {task.id}")

    def _handler(self, case: Case) -> str:
        """Return the department that has resolved a case."""
        for task in reversed(case.tasks):
            if task.node == "resolve" and task.decided_by:
                return self._directory.people[task.decided_by].department
        return ""

    def _person(self, task: Task) -> Person:
        """Return who acts on a task: whoever was asked, its assignee, or one who may claim it."""
        if task.question is not None:
            return self._directory.people[task.question.to]
        people = [self._directory.people[key] for key in task.owners]
        return people[0] if len(people) == 1 else self._one_of(people, settings().desk)

    def _one_of(self, people: Sequence[Person], weights: Mapping[str, int]) -> Person:
        chosen = self._pace.one_of({one.id: weights.get(one.id, 1) for one in people})
        return next(one for one in people if one.id == chosen)

    # ------------------------------------------------------------------ deeds

    def _do(self, case: Case, deed: Deed, person: Person, *, task: str = "") -> None:
        """Press a button or send a form as a person."""
        caller = Caller(
            tx=self._tx,
            office=self._office,
            directory=self._directory,
            person=person,
            via=VIA,
            language=person.language or self._office.company.language,
        )
        token = str(Token(verb=deed.verb, case_id=case.id, task=task, argument=deed.argument))
        self.deeds += 1
        key = str(self.deeds)
        if deed.values is None:
            act_on(caller, Pressed(person=person.key, via=VIA, key=key, token=token))
            return
        sent = Submitted(person=person.key, via=VIA, key=key, token=token, values=deed.values)
        act_on(caller, sent)

    def _try(self, case: Case, deed: Deed, person: Person, *, task: str = "") -> None:
        """Do something for which it may be too late, and which stores nothing before it is."""
        with suppress(Refusal):
            self._do(case, deed, person, task=task)

    def _score(self, case: Case, course: Course) -> None:
        assert case.closed_at is not None, "only an ended case is scored"
        points = self._company.score((case.closed_at - case.created_at) / DAY)
        deed = Deed(verb="score", pace="", argument=str(points), values={})
        self._do(case, deed, course.filer)
