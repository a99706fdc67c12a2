"""People of purchasing and quality: what they fill in over the years a supplier is with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.intents import Intent, Said, Submitted
from handlers.pages import Answer, Button, FormSheet, Question
from tests.simulation.forms import EXPIRES
from tests.simulation.people import REPAIRS, Somebody
from workflows.moments import DAY, SECOND, utc

YEAR_S = 365 * DAY / SECOND
AT_FIRST, A_YEAR = 3, 0.5  # suppliers who are filed soon, and in each year
FILED = "suppliers filed"
SELDOM_PRESSED = {"同意淘汰": 0.3, "评价不合格": 0.15, "驳回": 0.1, "提出淘汰": 0.2, "撤回": 0.02}
WORK = {
    "claim",
    "complete",
    "approve",
    "judge",
    "judgerest",
    "return",
    "takeover",
    "handover",
    "begin",
}
BESIDE_WORK = 0.1  # how much less they press anything else
ASKS = 0.05  # how likely they ask what they have to do: an old card is far up in their chat
SCORES = ("quality", "delivery", "price", "service")
GOODS = ("material", "part", "service")
HOLIDAYS = ((1, 1), (2, 10), (5, 1), (10, 1), (10, 3))  # nobody works on these, or on most
TERMS = (150, 340, 400, 700)  # days of a contract
LIVES = (20, 75, 200, 400, 800, 1100)  # days for which a new certificate is valid
BAD = 0.1  # how likely a quarter is bad in everything
ODD = 0.03  # how likely somebody fills in what cannot be


@dataclass(slots=True, kw_only=True)
class Trader(Somebody):
    """Somebody who deals with suppliers: files them, checks papers, scores, decides."""

    latest: int = 40
    _bad: bool = False  # whether what they score now is bad

    async def _looks(self) -> None:
        if self.scene.happens(ASKS):
            await self._does(Said(**self._who(), text="/tasks"))
        await Somebody._looks(self)  # noqa: SLF001 - of the class above

    async def files(self) -> None:
        """Asks for the admission of a supplier, if there are not enough yet."""
        scene = self.scene
        if scene.figures[FILED] < AT_FIRST + A_YEAR * scene.loop.time() / YEAR_S:
            scene.figures[FILED] += 1
            await self._does(Said(**self._who(), text="/supplier"))

    def _wants(self, button: Button) -> bool:
        """Nobody repairs a case of a supplier: what becomes of its quarters then is not told."""
        if button.verb == "manage" or button.verb in REPAIRS:
            return False
        return self.scene.happens(SELDOM_PRESSED.get(button.label, 1.0))

    def _weight(self, verb: str) -> float:
        rarely = 1.0 if verb in WORK else BESIDE_WORK
        return Somebody._weight(self, verb) * rarely  # noqa: SLF001 - of the class above

    async def _sends(self, sheet: FormSheet) -> Answer | None:
        who = self._who()
        self._bad = self.scene.happens(BAD)
        told: dict[str, object] = {}
        for question in sheet.questions:
            if question.type == "files":
                value: object = await self._papers(question)
            elif question.id.endswith(EXPIRES):
                there = told.get(question.id.removesuffix(EXPIRES))
                value = self._expiry(question) if there else None
            else:
                value = self._value(question, who["key"])
            if value:
                told[question.id] = value
        self._agree(told)
        intent: Intent = Submitted(**who, token=sheet.token, values=told)
        return await self.wire.deliver(intent)

    async def _papers(self, question: Question) -> object:
        if question.value and self.scene.happens(0.5):
            return question.value
        wanted = question.required or self.scene.happens(0.85)
        return await self.wire.upload(self.key) if wanted else question.value

    def _agree(self, told: dict[str, object]) -> None:
        """A contract ends after it starts."""
        if "contract_start" in told and not self.scene.happens(ODD):
            start = date.fromisoformat(str(told["contract_start"]))
            told["contract_end"] = (start + timedelta(self.scene.chance.choice(TERMS))).isoformat()

    def _expiry(self, question: Question) -> str | None:
        """A day on which a certificate expires, often one on which nobody works."""
        chance, today = self.scene.chance, utc(self.scene.now()).date()
        if not question.required and self.scene.happens(0.7):
            return None
        if self.scene.happens(ODD):
            return (today - timedelta(days=chance.randrange(1, 400))).isoformat()
        day = today + timedelta(days=chance.choice(LIVES) + chance.randrange(10))
        if self.scene.happens(0.4):
            day = date(day.year + 1, *chance.choice(HOLIDAYS))
        return day.isoformat()

    def _value(self, question: Question, key: str) -> object:
        chance = self.scene.chance
        if self.scene.happens(ODD):
            return Somebody._value(self, question, key)  # noqa: SLF001 - of the class above
        if question.id in SCORES:
            number = chance.randrange(20, 69) if self._bad else chance.randrange(66, 101)
            return f"{number}.5" if self.scene.happens(0.1) else str(number)
        if question.id in ("supplier", "goods") and question.value:
            return question.value
        match question.id:
            case "credit_code":
                number = chance.randrange(4) if self.scene.happens(0.1) else chance.randrange(10**6)
                return question.value or f"9131{number:06}"
            case "verdict-of":
                return (
                    "approve" if self.scene.happens(0.85) else chance.choice(("reject", "return"))
                )
            case "contract_start":
                return (utc(self.scene.now()).date() + timedelta(days=5)).isoformat()
            case _:
                return Somebody._value(self, question, key)  # noqa: SLF001 - as above
