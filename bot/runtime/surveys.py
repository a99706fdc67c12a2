"""Opens anonymous surveys when they are due, reminds once, and closes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import structlog

from bot.runtime.surroundings import Surroundings
from handlers import employee_surveys
from handlers.employee_surveys import DueSurvey
from storage.surveys import StoredSurvey
from workflows.moments import HOUR, Moment

log = structlog.stdlib.get_logger("closeloop.surveys")

AGAIN = HOUR  # until what could not be done is tried again


class Surveys:
    """Does what is due for anonymous surveys; a failure raises an alarm and is tried again."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._failed: dict[str, Moment] = {}  # by process, when it is tried again

    def restart(self) -> None:
        """Try everything again, after a reset of the playground."""
        self._failed.clear()

    async def step(self, now: Moment) -> Moment | None:
        """Open, remind and close what is due; return when something is due again."""
        found = await self._db.read(lambda tx: employee_surveys.due(tx, self._office, now=now))
        for one in found:
            if self._failed.get(one.process, now) <= now:
                await self._open(one, now)
        for survey in await self._db.read(lambda tx: employee_surveys.running(tx, now=now)):
            if self._failed.get(survey.process, now) <= now:
                await self._go_on(survey, now)
        following = await self.next_at(now)
        waiting = (at for at in self._failed.values() if at > now)
        return min((at for at in (following, *waiting) if at), default=None)

    async def next_at(self, now: Moment) -> Moment | None:
        """Return when the next survey opens, reminds or closes; None without any."""
        return await self._db.read(lambda tx: employee_surveys.next_at(tx, self._office, now=now))

    async def _open(self, due: DueSurvey, now: Moment) -> None:
        facts = {"process": due.process, "slot": due.slot.name}
        try:
            asked = await self._db.run(
                partial(employee_surveys.open_survey, office=self._office, due=due)
            )
        except Exception as error:
            if self._around.outage(error):
                raise
            self._note(error, "survey_not_opened", now, facts)
            return
        self._failed.pop(due.process, None)
        if asked:
            log.info("survey_opened", asked=asked, **facts)

    async def _go_on(self, survey: StoredSurvey, now: Moment) -> None:
        facts = {"process": survey.process, "slot": survey.slot}
        try:
            published = await self._db.run(
                partial(employee_surveys.go_on, office=self._office, survey=survey)
            )
        except Exception as error:
            if self._around.outage(error):
                raise
            self._note(error, "survey_not_closed", now, facts)
            return
        self._failed.pop(survey.process, None)
        if published is None:
            return
        log.info("survey_closed", **facts)
        if published.lost:
            self._around.alarms.raise_("survey_lost", process=survey.process, slot=survey.slot)

    def _note(self, error: Exception, alarm: str, now: Moment, facts: Mapping[str, str]) -> None:
        self._failed[facts["process"]] = now + AGAIN
        self._around.alarms.raise_(alarm, error=error, process=facts["process"], slot=facts["slot"])
