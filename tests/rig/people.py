"""People who play a story to its end and repeat what was not answered.

Their memory is the folder: what they pressed, which steps were answered, and how late it is. So
they can go on at the same process started again, or at another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.app.assembly import Engine
from bot.app.deployment import open_files
from bot.revisions import Revisions
from bot.runtime.sending import LEASE
from bot.system import pause
from handlers import router
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, FormSheet
from handlers.uploads import upload
from storage.unit import Tx
from tests.rig.outside import START, Platform, Time
from tests.rig.stories import Step, Story
from workflows.moments import HOUR, SECOND

LIMIT_S = 90.0  # longer than PostgreSQL waits for a process that sleeps inside a transaction
QUIET_S = 5.0
AGAIN_S = 1.0
AGAIN = ("database_locked", "database_unreachable")
PAST_A_LEASE = LEASE + SECOND


class Client:
    """The people, at a platform that outlives the bot."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        platform: Platform,
        time: Time,
        revisions: Revisions,
        *,
        story: Story,
    ) -> None:
        self._story = story
        self._folder = folder
        self._engine = engine
        self._platform = platform
        self._time = time
        self._revisions = revisions

    async def play(self) -> None:
        """Every step that was not answered yet."""
        answered, steps = self._folder / "answered", self._story.steps
        for number in range(answered.stat().st_size if answered.exists() else 0, len(steps)):
            step = steps[number]
            for hours in step.hours:
                self._time.passes(START + hours * HOUR)
                self._engine.service.wakeups.moved()
                await self._when(self._fired)
            await self._do(step, number)
            with answered.open("ab") as file:
                file.write(b".")
                file.flush()
                os.fsync(file.fileno())

    async def drained(self) -> None:
        """Waits until nobody is owed anything."""
        await self._when(lambda tx: self._fired(tx) and tx.outbox.count() == 0)

    async def _do(self, step: Step, number: int) -> None:
        person = await self._key(step.who)
        who: dict[str, Any] = {"person": person, "via": "playground"}
        if step.verb == "say":
            opened = await self._ask(Said(**who, key=f"{number}", text=step.text))
        else:
            token = await self._pressed(person, step.verb, number)
            opened = await self._ask(Pressed(**who, key=f"{number}", token=token))
        if step.values is not None:
            if opened.form is None:  # decided before the kill
                return
            given = {**step.values, **await self._given(step, person)}
            token, values = opened.form.token, _filled(opened.form, given)
            await self._ask(Submitted(**who, key=f"{number} sent", token=token, values=values))

    async def _key(self, person_id: str) -> str:
        return await self._engine.around.db.read(lambda tx: _key(tx, person_id))

    async def _given(self, step: Step, person: str) -> dict[str, object]:
        """The people and files of a form. What was uploaded and not sent is uploaded again."""
        around = self._engine.around
        given: dict[str, object] = {}
        for name, who in step.people.items():
            given[name] = [await self._key(who)]
        for name, (file, content) in step.files.items():
            folder = open_files(self._folder / "files")
            stored = await upload(
                around.db, folder, around.office, person=person, name=file, content=content
            )
            given[name] = [stored.id]
        return given

    async def _pressed(self, person: str, verb: str, number: int) -> str:
        """The button of a step: the same when it is pressed again."""
        memory = self._folder / f"pressed {number}"
        if not memory.exists():
            found = await self._when(lambda _: self._platform.button(person, verb))
            new = memory.with_suffix(f".{os.getpid()}")
            new.write_text(found)
            new.replace(memory)
        return memory.read_text()

    async def _ask(self, intent: Intent) -> Answer:
        """Ask, and again for as long as one is told to try later."""
        around = self._engine.around
        later = {
            translator(language).t(f"refusal.{code}") for language in LANGUAGES for code in AGAIN
        }
        async with asyncio.timeout(LIMIT_S):
            while True:
                answer = await router.handle(around.db, around.office, intent)
                assert not answer.problems, answer.problems
                if answer.text not in later:
                    return answer
                await pause(AGAIN_S)

    async def _when(self, look: Callable[[Tx], Any]) -> Any:
        """Waits, from commit to commit, until something is to be seen.

        When nothing happens, a lease may have to end first: time passes.
        """
        async with asyncio.timeout(LIMIT_S):
            while True:
                revision = self._revisions.current
                found = await self._engine.around.db.read(look)
                if found:
                    return found
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(QUIET_S):
                        await self._revisions.after(revision)
                        continue
                self._time.passes(self._time.now() + PAST_A_LEASE)
                self._engine.service.wakeups.moved()

    def _fired(self, tx: Tx) -> bool:
        next_at = tx.timers.next_at()
        return next_at is None or next_at > self._time.now()


def _key(tx: Tx, person_id: str) -> str:
    person = tx.people.directory().by_id(person_id)
    assert person is not None
    return person.key


def _filled(form: FormSheet, values: Mapping[str, object]) -> dict[str, object]:
    filled = {q.id: q.value for q in form.questions if q.value is not None}
    return {**filled, **values}
