"""People who play a story to its end and repeat what was not answered.

Their memory is the folder: what they pressed, which steps were answered, and how late it is. So
they can go on at the same process started again, or at another one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from bot.app.assembly import Engine
from bot.app.deployment import open_files
from bot.revisions import Revisions
from bot.runtime.sending import LEASE
from bot.system import pause
from handlers import employee_surveys, router
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, FormSheet, Tone
from handlers.reviews import posting
from handlers.uploads import upload
from storage.unit import Tx
from tests.rig.outside import START, Platform, Time
from tests.rig.steps import Step, Story
from workflows.moments import HOUR, SECOND

QUIET_S = 5.0  # without a commit, before time passes
# So often in one wait: together longer than PostgreSQL waits for a process that sleeps inside a
# transaction. A busy machine is slow between commits, and is waited for.
QUIET_MOST = 18
AGAIN_S = 1.0
AGAIN_MOST = 90
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
                await self._when(self._fired, what="timers that fire")
            await self._do(step, number)
            with answered.open("ab") as file:
                file.write(b".")
                file.flush()
                os.fsync(file.fileno())

    async def drained(self) -> None:
        """Waits until nobody is owed anything, surveys and reviews that are due included."""
        await self._when(self._quiet, what="messages that are sent")

    async def _do(self, step: Step, number: int) -> None:
        """One step. What an earlier life of this process did is not done again."""
        person = await self._key(step.who)
        who: dict[str, Any] = {"person": person, "via": "playground"}
        if step.verb == "say":
            opened = await self._ask(Said(**who, key=self._key_of(number), text=step.text))
        else:
            opened = await self._presses(step, number, who)
        if step.values is None or opened.form is None:  # the form was sent before the kill
            return
        given = {**step.values, **await self._given(step, person)}
        self._sent(number).touch()
        token, values = opened.form.token, _filled(opened.form, given)
        key = self._key_of(f"{number} sent")
        await self._ask(Submitted(**who, key=key, token=token, values=values))

    async def _presses(self, step: Step, number: int, who: Mapping[str, Any]) -> Answer:
        """Presses the button of a step; where one does nothing any more, another is waited for.

        A kill can leave a second copy of a card, whose buttons stay when the first one changes.
        """
        old: set[str] = set()
        while True:
            token = await self._pressed(step, number, who, old=old)
            key = self._key_of(f"{number} {token}")
            answer = await self._ask(Pressed(**who, key=key, token=token))
            if step.values is None:
                done = answer.tone is Tone.GOOD
            else:
                done = answer.form is not None or self._sent(number).exists()
            if done:
                return answer
            old.add(token)
            self._memory(number).unlink(missing_ok=True)

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

    def _key_of(self, what: object) -> str:
        """The key of something that people do, which no other story has."""
        return f"{self._story.name} {what}"

    async def _pressed(
        self, step: Step, number: int, who: Mapping[str, Any], *, old: AbstractSet[str]
    ) -> str:
        """The button of a step: the same when it is pressed again."""
        memory = self._memory(number)
        if not memory.exists():
            if step.text:  # its answer has the button
                said = Said(**who, key=self._key_of(f"{number} said"), text=step.text)
                shown = [one for card in (await self._ask(said)).cards for one in card.buttons]
                found = next(one.token for one in shown if one.verb == step.verb)
            else:
                found = await self._when(
                    lambda _: self._platform.button(who["person"], step.verb, old=old),
                    what=f"a button of step {number}, {step.verb}, other than {[*old]}",
                )
            new = memory.with_suffix(f".{os.getpid()}")
            new.write_text(found)
            new.replace(memory)
        return memory.read_text()

    def _memory(self, number: int) -> Path:
        return self._folder / f"pressed {number}"

    def _sent(self, number: int) -> Path:
        return self._folder / f"sent {number}"

    async def _ask(self, intent: Intent) -> Answer:
        """Ask, and again for as long as one is told to try later."""
        around = self._engine.around
        later = {
            translator(language).t(f"refusal.{code}") for language in LANGUAGES for code in AGAIN
        }
        for _ in range(AGAIN_MOST):
            answer = await router.handle(around.db, around.office, intent)
            assert not answer.problems, answer.problems
            if answer.text not in later:
                return answer
            await pause(AGAIN_S)
        raise AssertionError(f"{intent} is always to be tried later: {answer.text}")

    async def _when(self, look: Callable[[Tx], Any], *, what: str) -> Any:
        """Waits, from commit to commit, until `what` is to be seen.

        When nothing happens, a lease may have to end first: time passes.
        """
        quiet = 0
        while quiet < QUIET_MOST:
            revision = self._revisions.current
            found = await self._engine.around.db.read(look)
            if found:
                return found
            try:
                async with asyncio.timeout(QUIET_S):
                    await self._revisions.after(revision)
            except TimeoutError:
                quiet += 1
                self._time.passes(self._time.now() + PAST_A_LEASE)
                self._engine.service.wakeups.moved()
        posted = [(one.token, one.shown) for one in self._platform.messages().values()]
        raise AssertionError(f"nothing happens any more, and nobody sees {what}: {posted}")

    def _quiet(self, tx: Tx) -> bool:
        office, now = self._engine.around.office, self._time.now()
        due = employee_surveys.due(tx, office, now=now) or posting.due(tx, office, now=now)
        return self._fired(tx) and not due and tx.outbox.count() == 0

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
