"""Plays by a script: people press what was rendered for them, in an order that is written down.

One node, no fault, no chance: nothing that happens in such a play depends on a seed, or moves when
a button or a message is added. The promises of approvals and points are checked as after a storm.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from handlers.intents import Pressed, Submitted
from handlers.office import Company
from handlers.pages import FormSheet, Question
from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests.fakes.chat import every_button
from tests.office import Workplace, workplace
from tests.person import Colleague
from tests.simulation import company, story
from tests.simulation.record import Ledger, NotedDatabase
from tests.stories.test_launch import PDF, REQUEST
from workflows.case.state import Case
from workflows.directory import Absence
from workflows.moments import Moment
from workflows.records import CaseQuery

CASE = "L-2026-0001"
AGAIN_MOST = 20

Script = Callable[["Stage"], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Stage:
    """The company in which a script is played, and what people do in it."""

    work: Workplace
    ledger: Ledger
    violations: list[str] = field(default_factory=list)

    # ------------------------------------------------------------------ what people do

    async def files(self, filer: str, **values: object) -> None:
        """Ask for the launch of a product."""
        person = self.work.person(filer)
        await person.says("/launch")
        plan = await person.uploads("plan.pdf", PDF)
        await person.fills(**{**REQUEST, "plan": [plan], **values})
        assert CASE in person.answer.text, person.answer

    async def decides(self, who: str, label: str = "同意", **values: object) -> None:
        """Press a button on the newest card of a task, and fill what opens."""
        person = self.work.person(who)
        if "认领" in await person.buttons(kind="task"):
            await person.presses("认领", kind="task")
        await person.presses(label, kind="task")
        assert person.sheet is not None, person.answer
        await person.fills(**_filled(person.sheet, values))
        assert person.answer.tone == "good", person.answer

    async def approve(self, *people: str) -> None:
        """Each of them approves whatever they can, one after the other, until nobody can more."""
        for _ in range(AGAIN_MOST):
            if not any([await self._approves(self.work.person(one)) for one in people]):
                return
        raise AssertionError("it never ends")

    async def _approves(self, person: Colleague) -> bool:
        verbs = {
            button.verb
            for card in await person.cards()
            if card.kind == "task"
            for button in every_button(card)
        }
        if not verbs & {"claim", "approve"}:
            return False
        await self.decides(person.id)
        return True

    async def hands_over(self, who: str, to: str) -> None:
        """Try to transfer a task to somebody, whether or not the form offers them."""
        person = self.work.person(who)
        await person.presses("转交", kind="task")
        assert person.sheet is not None, person.answer
        values = {q.id: q.value for q in person.sheet.questions if q.value is not None}
        values["person"] = await self.work.person(to).key()
        sent = Submitted(**await person.who(), token=person.sheet.token, values=values)
        await person.does(sent)

    async def presses_as(self, who: str, owner: str) -> None:
        """Try to decide with a button that somebody else has."""
        person = self.work.person(who)
        button = await self.work.person(owner).button("同意", kind="task")
        await person.does(Pressed(**await person.who(), token=button.token))
        if person.sheet is not None:
            await person.fills(**_filled(person.sheet, {}))

    async def leaves(self, who: str, deputy: str, *, since: Moment, until: Moment) -> None:
        """Be away, with a deputy."""
        away = Absence(
            id=f"absence of {who}",
            person=await self.work.person(who).key(),
            deputy=await self.work.person(deputy).key(),
            starts_at=since,
            ends_at=until,
        )
        await self.work.database.run(lambda tx: tx.people.add_absence(away))

    # ------------------------------------------------------------------ what is checked

    def now(self) -> Moment:
        return self.work.clock.now()

    def wrong(self, promise: str, what: str) -> None:
        self.violations.append(f"{promise}: {what}")

    def check(self, tx: Tx) -> None:
        """Tell what is wrong with the events and the ledger of every case."""
        cases: dict[str, Case] = {}
        ledger = self.ledger
        for row in tx.cases.find(CaseQuery(limit=100)):
            case = tx.cases.load(row.id, lock=False)
            assert case is not None
            cases[row.id] = case
            events = [chained.event for chained in tx.cases.events(row.id)]
            ledger.events += [(event.at, row.id, event) for event in events]
        story.check(self, ledger, tx, cases, office=self.work.office)


def _filled(sheet: FormSheet, values: Mapping[str, object]) -> dict[str, object]:
    """These values, and something for what else has to be filled in."""
    asked = [q for q in sheet.questions if q.required and q.value is None and q.id not in values]
    return {**{question.id: _any(question) for question in asked}, **values}


def _any(question: Question) -> object:
    return question.choices[0].id if question.choices else "好"


def perform(
    script: Script, *, processes: tuple[str, ...] = (company.LAUNCH,), harmed: bool = False
) -> Sequence[str]:
    """Play a script where these processes are in force; return what is wrong with the cases then.

    `harmed`: a defect is planted. Then the play ends where somebody cannot do what the script says.
    """
    with tempfile.TemporaryDirectory(prefix="closeloop-", dir=company.memory()) as folder:
        path = Path(folder) / "scripted.db"
        path.write_bytes(company.template(processes))
        return asyncio.run(_performed(script, path, harmed=harmed))


async def _performed(script: Script, path: Path, *, harmed: bool) -> Sequence[str]:
    ledger = Ledger()
    database = NotedDatabase(SqliteDatabase(path, inline=True), ledger)
    firm = Company(name="示例公司", language="zh", timezone="Asia/Shanghai", admins=())
    stage = Stage(work=workplace(cast("Any", database), firm), ledger=ledger)
    stage.work.lawful = not harmed
    try:
        with suppress(AssertionError) if harmed else nullcontext():
            await script(stage)
        await database.read(stage.check)
    finally:
        await database.inner.aclose()
    return stage.violations
