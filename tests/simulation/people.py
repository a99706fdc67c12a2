"""People: they press what was rendered for them, late, twice, or not at all; some press more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, Button, FormSheet, Question
from tests.fakes.chat import every_button
from tests.simulation.chat import Platform
from tests.simulation.scene import Scene
from tests.simulation.wire import Wire
from workflows.moments import utc

VIA = "playground"
LATEST = 12  # messages that somebody looks back to
READ = 12  # buttons of an answer that somebody sees
WEIGHTS: Mapping[str, float] = {
    "claim": 8,
    "complete": 10,
    "act": 10,
    "approve": 8,
    "judge": 8,
    "judgerest": 3,
    "return": 2.5,
    "reply": 8,
    "score": 3,
    "takeover": 1.5,
    "transfer": 0.5,
    "ask": 0.8,
    "back": 0.3,
    "urge": 0.4,
    "comment": 0.4,
    "problem": 0.2,
    "copy": 0.2,
    "watch": 0.2,
    "unwatch": 0.1,
    "details": 0.1,
    "withdraw": 0.06,
    "begin": 0.2,
    "revoke": 0.3,
    "resubmit": 0.05,
    "takeback": 0.05,
    "manage": 0.5,
}
REPAIRS: Mapping[str, float] = {  # what administrators do to a case
    "reassign": 3,
    "skipstep": 3,
    "cancelstep": 1,
    "addperson": 3,
    "jump": 2,
    "merge": 1,
    "terminate": 0.7,
    "reopen": 8,
}
ENOUGH = 4.0  # weight below which they may as well do nothing
KEPT = {"product", "category", "launch_date", "market", "budget", "currency", "revenue"}
CHANGES = 0.3  # how likely somebody changes a field of a request that they revise
AMOUNTS = ("150000", "800000", "3000000")
RECENT = 300  # buttons, among whose cases administrators look for one
COMMANDS = ("/tasks", "/cases", "/help", "你好", "/nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What somebody is like."""

    every_s: float  # how often they look at their chat
    files: float = 0.0  # how likely they file something when they do
    launches: float = 0.0  # how likely they ask for the launch of a product
    ignores: float = 0.2  # how likely they only look
    twice: float = 0.08  # how likely they press once more at once
    naughty: float = 0.06  # how likely they press what is not theirs, or was long ago
    away: float = 0.01
    repairs: float = 0.0  # how likely they manage a case, of those they administer or of others


@dataclass(slots=True, kw_only=True)
class Somebody:
    """One person at their chat."""

    scene: Scene
    wire: Wire
    platform: Platform
    key: str
    id: str
    habits: Habits
    administers: tuple[str, ...] = ()  # the prefixes of the cases that they may administer
    works_here: bool = True
    latest: int = LATEST
    _did: int = 0
    _reading: list[Button] = field(default_factory=list)  # buttons of the last answer

    async def live(self) -> None:
        """Looks at the chat now and then, as long as people do anything."""
        while True:
            await asyncio.sleep(self.scene.about(self.habits.every_s))
            if not self.scene.busy:
                return
            await self._looks()

    async def files(self) -> None:
        """Files a complaint."""
        await self._does(Said(**self._who(), text="/complaint 箱子破了"))

    async def _looks(self) -> None:
        scene, habits = self.scene, self.habits
        if self.works_here and scene.happens(habits.files):
            await self.files()
        if habits.launches and scene.happens(habits.launches):
            await self._does(Said(**self._who(), text="/launch 除湿机"))
        if habits.repairs and scene.happens(habits.repairs):
            await self._repairs()
        elif scene.happens(habits.naughty):
            await self._does(self._naughtiness())
        elif scene.happens(habits.away):
            await self._does(Said(**self._who(), text="/away"))
        elif scene.happens(0.03):
            await self._does(Said(**self._who(), text=scene.chance.choice(COMMANDS)))
        elif not scene.happens(habits.ignores):
            button = self._button()
            if button is not None:
                await self._does(Pressed(**self._who(), token=button.token))

    async def _repairs(self) -> None:
        """Open a case, press Manage, and one of the buttons that come then."""
        await self._does(Said(**self._who(), text=f"/case {self._case()}"))
        for verbs in ({"manage": 1.0}, REPAIRS):
            found = [one for one in self._reading if one.verb in verbs]
            if not found:
                return
            await asyncio.sleep(self.scene.about(60.0))
            (chosen,) = self.scene.chance.choices(found, [verbs[one.verb] for one in found])
            await self._does(Pressed(**self._who(), token=chosen.token))

    def _case(self) -> str:
        """The number of a case that was about lately, or of none."""
        token = self.scene.chance.choice(self.platform.tokens[-RECENT:] or ["|C-2026-0001||"])
        number = token.split("|")[1]
        return "C-9999-0001" if not number or self.scene.happens(0.03) else number

    def _sees(self) -> None:
        """Only administrators are shown what they may do."""
        for button in self._reading:
            if button.verb != "manage" and button.verb not in REPAIRS:
                continue
            if not button.token.split("|")[1].startswith(self.administers or "none"):
                self.scene.wrong("R8", f"{self.id} was shown {button.token}")

    def _button(self) -> Button | None:
        """One of the buttons before them, or none: they mostly press what brings work on."""
        chance = self.scene.chance
        by_verb: dict[str, list[Button]] = {}
        for message in self.platform.of(self.key)[-self.latest :]:
            for button in filter(self._wants, every_button(message.card)):
                by_verb.setdefault(button.verb, []).append(button)
        for button in filter(self._wants, self._reading):
            by_verb.setdefault(button.verb, []).append(button)
        weights = {verb: self._weight(verb) for verb in by_verb}
        wanted = chance.uniform(0.0, max(sum(weights.values()), ENOUGH))
        for verb, weight in weights.items():
            wanted -= weight
            if wanted < 0:
                return chance.choice(by_verb[verb])
        return None

    def _weight(self, verb: str) -> float:
        """How much they would rather press this than something else."""
        return WEIGHTS.get(verb, 1.0)

    def _wants(self, button: Button) -> bool:
        """Whether they would press a button at all."""
        return True

    def _naughtiness(self) -> Intent:
        """Somebody else's button, an old one, or one that was never rendered."""
        chance = self.scene.chance
        token = chance.choice(self.platform.tokens or ["claim|C-2026-0001|t1|"])
        kind = chance.random()
        if kind < 0.2:
            might = {} if self.administers and not self.habits.repairs else REPAIRS
            verb = chance.choice(sorted({**WEIGHTS, **might}))
            token = "|".join((verb, *token.split("|")[1:]))
        elif kind < 0.3:
            token = chance.choice(("", "||||", "claim|C-9999-0001|t1|", "x" * 90, token + "x"))
        if kind > 0.6:
            values = {"text": "w", "reason": "w", "outcome": "solved", "customer_answer": "w"}
            values |= {"step": "t1", "node": "triage", "into": self._case(), "copy": "no"}
            return Submitted(**self._who(), token=token, values=values)
        return Pressed(**self._who(), token=token)

    async def _does(self, intent: Intent) -> None:
        if self.scene.happens(self.habits.twice):
            again = replace(intent, key=f"{intent.key}b")
            self.scene.spawn(self.wire.deliver(again))
        answer = await self.wire.deliver(intent)
        for _ in range(2):  # what has problems is mended once
            if answer is None:
                return
            self._reading = [b for card in answer.cards for b in every_button(card)][:READ]
            self._sees()
            if answer.form is None or self.scene.happens(0.05):
                return
            await asyncio.sleep(self.scene.about(120.0))
            answer = await self._sends(answer.form)

    async def _sends(self, sheet: FormSheet) -> Answer | None:
        who = self._who()
        values = {q.id: self._value(q, who["key"]) for q in sheet.questions}
        told = {name: value for name, value in values.items() if value is not None}
        for question in sheet.questions:
            if question.type == "files" and question.required:
                told[question.id] = question.value or await self.wire.upload(self.key)
        intent = Submitted(**who, token=sheet.token, values=told)
        if self.scene.happens(self.habits.twice):
            self.scene.spawn(self.wire.deliver(replace(intent, key=f"{intent.key}b")))
        return await self.wire.deliver(intent)

    def _value(self, question: Question, key: str) -> object:
        """Something that fits; long words say which interaction they came with."""
        chance = self.scene.chance
        if question.id in KEPT and question.value and not self.scene.happens(CHANGES):
            return question.value  # of a request that is revised
        if question.type == "money":
            return chance.choice(AMOUNTS)
        if question.id == "into":
            return self._case()
        if question.choices:
            chosen = chance.choice(question.choices).id
            return [chosen] if question.type == "choices" else chosen
        if question.type == "date":
            ahead = 60 if question.id == "launch_date" else 0
            day = utc(self.scene.now()).date() + timedelta(days=ahead + chance.randrange(-1, 3))
            return day.isoformat()
        if question.type == "files":
            return None
        return f"{'话' * chance.randrange(1, 9)} #{key};" if question.type == "long_text" else "字"

    def _who(self) -> dict[str, Any]:
        self._did += 1
        return {"person": self.key, "via": VIA, "key": f"{self.id}:{self._did}"}
