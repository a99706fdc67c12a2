"""What the people of the sample company do at the steps of its processes, and what they write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sample.year.pace import Pace, Story, Work, settings
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.directory import Person

FORGETFUL = {("confirm", "approve"): 1.0, ("archive", "claim"): 0.4}
"""What may be left for months, by step and button, and how often: as a part of `forgotten`."""
_RETURN_TO = "return-to"  # the question of a return that may lead to several steps


@dataclass(slots=True, kw_only=True)
class Course:
    """What is decided beforehand about a case: its story, and what will happen in it."""

    process: str
    filer: Person
    number: int  # of the story, or of the product
    grade: str
    category: str
    asked: bool = False
    misfiled: bool = False
    withdrawn: bool = False
    form: Mapping[str, object] = field(default_factory=dict)  # as it was filed
    done: set[str] = field(default_factory=set)  # what happens once, and has happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A button that is pressed, or a form that is sent if there are `values`."""

    verb: str
    pace: str  # the key of how long people take for it
    argument: str = ""
    values: Mapping[str, object] | None = None


class Company:
    """Draws what happens in each case."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._settings = settings()

    def work(self, course: Course) -> Work:
        """Return the numbers of the process of a case."""
        return self._settings.work(course.process)

    def course(self, process: str, filer: Person) -> Course:
        """Draw a new case."""
        pace, work = self._pace, self._settings.work(process)
        if process == "launch":
            number = pace.number(0, len(self._settings.products) - 1)
            return Course(process=process, filer=filer, number=number, grade="", category="")
        category = pace.one_of(work.categories)
        return Course(
            process=process,
            filer=filer,
            number=pace.story(category),
            grade="urgent" if pace.happens(work.urgent) else "normal",
            category=category,
            asked=pace.happens(work.asked),
            misfiled=pace.happens(work.misfiled),
            withdrawn=pace.happens(work.withdrawn),
        )

    def complaint(self, course: Course) -> Mapping[str, object]:
        """Return the form of a complaint."""
        language, story = self._language(course.filer), self._story(course)
        return {
            "customer": self._pace.any(self._settings.customers).of(language),
            "contact": f"138 0000 {self._pace.number(0, 9999):04d}",
            "channel": self._pace.one_of(self.work(course).channels),
            "product": f"SO-{self._pace.number(1000, 9999)}",
            "what_happened": story.what.of(language),
            "wanted": story.wanted.of(language),
        }

    def launch(self, course: Course, *, launch_date: str, plan: str) -> Mapping[str, object]:
        """Return the form of a launch; `plan` is the id of an upload."""
        language, pace = self._language(course.filer), self._pace
        budget = pace.number(8, 240) * 10_000
        return {
            "product": f"{self._settings.products[course.number].of(language)} {pace.number(2, 9)}",
            "category": pace.one_of({"device": 3, "part": 2, "software": 1}),
            "launch_date": launch_date,
            "market": ["domestic", "asia"] if pace.happens(0.4) else ["domestic"],
            "budget": str(budget),
            "currency": "cny",
            "revenue": str(budget * pace.number(2, 6)),
            "plan": [plan],
        }

    def next(self, course: Course, case: Case, task: Task, person: Person, *, handler: str) -> Deed:
        """Return what somebody who has a task does next.

        `handler` is the department that has worked on the case.
        """
        name = f"{course.process} {task.node}"
        if task.assignee is None:
            return Deed(verb="claim", pace=f"{name} claim")
        if course.process == "launch":
            return self._review(course, task, person, name)
        if task.question is not None:
            values = {"text": self._reply("answer", course.filer)}
            return Deed(verb="reply", pace=f"{name} reply", values=values)
        match task.node:
            case "triage":
                return Deed(
                    verb="complete",
                    pace=f"{name} complete",
                    values={"grade": course.grade, "category": course.category},
                )
            case "resolve":
                answered = "answered" in case.recorded(task.scope)
                return self._resolve(course, person, name, answered=answered)
            case "confirm":
                return self._confirm(course, name, handler)
            case "management_decision":
                values = {"decision": self._reply("management", person)}
            case _:
                values = {
                    "outcome": self._pace.one_of(self.work(course).outcomes),
                    "lessons": self._story(course).lesson.of(self._language(person)),
                }
        return Deed(verb="complete", pace=f"{name} complete", values=values)

    def score(self, handling_days: float) -> int:
        """Draw the score that a case gets; those that took long get fewer points."""
        base = 5 - min(handling_days / 18, 2) - (0 if self._pace.happens(0.75) else 1)
        return max(1, min(5, round(base)))

    # ------------------------------------------------------------------ internal

    def _resolve(self, course: Course, person: Person, name: str, *, answered: bool) -> Deed:
        language, story = self._language(person), self._story(course)
        if course.misfiled and "misfiled" not in course.done:
            course.done.add("misfiled")
            values = {"to": "triage", "text": self._reply("misfiled", person)}
            return Deed(verb="back", pace=f"{name} answered", values=values)
        if not answered:
            values = {"answer": story.answer.of(language)}
            return Deed(verb="act", pace=f"{name} answered", argument="answered", values=values)
        if course.asked and person.key != course.filer.key:
            course.asked = False
            values = {"text": self._reply("question", person)}
            return Deed(verb="ask", pace=f"{name} answered", values=values)
        values = {"root_cause": story.cause.of(language), "resolution": story.did.of(language)}
        return Deed(verb="complete", pace=f"{name} complete", values=values)

    def _confirm(self, course: Course, name: str, handler: str) -> Deed:
        returned = self.work(course).returned
        assert isinstance(returned, Mapping), "a complaint's returns differ by department"
        again = self._pace.happens(returned.get(handler, 0))
        said = self._reply("unsatisfied" if again else "satisfied", course.filer)
        verb = "return" if again else "approve"
        return Deed(verb=verb, pace=f"{name} decide", values={"customer_answer": said})

    def _review(self, course: Course, task: Task, person: Person, name: str) -> Deed:
        if task.node == "revise":
            return Deed(verb="complete", pace=f"{name} complete", values=course.form)
        work = self.work(course)
        assert isinstance(work.returned, float), "each review returns as often"
        verb, said = "approve", "fine"
        if self._pace.happens(work.rejected):
            verb, said = "reject", "no"
        elif self._pace.happens(work.returned) and "again" not in course.done:
            course.done.add("again")
            verb, said = "return", "again"
        values: dict[str, object] = {"opinion": self._reply(said, person), _RETURN_TO: ["revise"]}
        if task.node == "market_assessment":
            values["assessment"] = values["opinion"]
            values["demand"] = self._pace.one_of({"high": 2, "medium": 3, "low": 1})
        return Deed(verb=verb, pace=f"{name} decide", values=values)

    def _story(self, course: Course) -> Story:
        return self._settings.stories[course.number]

    def _reply(self, kind: str, person: Person) -> str:
        return self._pace.any(self._settings.replies[kind]).of(self._language(person))

    def _language(self, person: Person) -> str:
        return person.language or "zh"


def plan_of(product: str) -> bytes:
    """Return the plan of a launch: a page of a PDF with its name, in Latin characters."""
    text = f"BT /F1 18 Tf 60 760 Td (Launch plan: {product}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    page, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(page))
        page += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    page += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    index = page.index("xref\n")
    page += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{index}\n%%EOF\n"
    return page.encode("ascii")
