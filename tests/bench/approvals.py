"""Five approvals on closeloop, pressed by people of the sample as a platform delivers it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.published import publish
from handlers.intents import Pressed, Submitted
from handlers.office import Office
from handlers.tokens import Token
from tests.bench import decisions
from tests.bench.plain import APPROVERS, FILER, VALUES
from workflows.loading import load_definition

if TYPE_CHECKING:
    from storage.connect import Database

STEPS = len(APPROVERS)
WHY = {"reason": "请补充用途。"}
_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who files, and who approves in which order."""

    keys: Mapping[str, str]

    async def file(
        self, database: Any, office: Office, *, filer: str = FILER, process: str = "approvals"
    ) -> str:
        """File a request; the number of its case."""
        token = str(Token(verb="start", argument=process))
        given: dict[str, Any] = {"via": "bench", "key": f"start {next(_NUMBERS)}"}
        filed = Submitted(person=self.keys[filer], token=token, values=VALUES, **given)
        case_id = (await decisions.press(database, office, filed)).case_id
        assert case_id is not None
        return case_id

    async def decide(
        self, database: Any, office: Office, verb: str, *, step: int, case_id: str, task: str
    ) -> None:
        """Let the person of this step, counted from 0, approve it or return it."""
        token = str(Token(verb=verb, case_id=case_id, task=task))
        given: dict[str, Any] = {"person": self.keys[APPROVERS[step]], "via": "bench"}
        given |= {"key": token, "token": token}
        intent = Submitted(**given, values=WHY) if verb == "return" else Pressed(**given)
        await decisions.press(database, office, intent)

    async def instance(self, database: Any, office: Office) -> None:
        """File one case and approve it five times; each answer comes after its commit."""
        case_id = await self.file(database, office)
        for step in range(STEPS):
            task = f"t{step + 1}"
            await self.decide(database, office, "approve", step=step, case_id=case_id, task=task)

    async def instances(self, database: Any, office: Office, *, count: int, callers: int) -> None:
        """So many, by so many callers at once; each goes on with the next when one is done."""
        waiting = iter(range(count))

        async def caller() -> None:
            for _ in waiting:
                await self.instance(database, office)

        await asyncio.gather(*(caller() for _ in range(callers)))


async def furnish(database: Database, definition: str = "approvals.toml") -> Staff:
    """The sample company, and five approvals among its processes, or another definition."""
    keys = await decisions.furnish(database)
    loaded = load_definition(_text(definition), file=definition)
    await database.run(lambda tx: publish(tx, loaded, at=decisions.NOW))
    return Staff(keys=keys)


def _text(definition: str) -> str:
    return Path(__file__).with_name(definition).read_text(encoding="utf-8")
