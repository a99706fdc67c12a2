"""Score: answer the survey after the end of a case, from 1 (worst) to 5 (best)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnCase
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import SURVEY, Effect, Refresh
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.model.definition import Definition

WORST, BEST = 1, 5  # the scale of the survey


class SurveyAnswered(Body, frozen=True, kw_only=True):
    """The filer gave a score from 1 to 5."""

    stored = "SurveyAnswered"

    score: int
    content: ContentRef | None

    def apply(self, case: Case, event: Event) -> Case:
        """Add the score to the survey."""
        assert case.survey is not None, "a survey is answered after it was asked"
        survey = replace(case.survey, score=self.score, content=self.content, again=False)
        return replace(case, survey=survey)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the card of the survey, which shows the score."""
        yield Refresh(slot=SURVEY, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey(Command):
    """Answer the survey with a score, once each time that it is asked."""

    score: int
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse an actor who was not asked, a second score, and one out of range."""
        survey = draft.case.survey
        if survey is None or survey.to != self.actor:
            raise Refusal("survey_not_yours")
        if survey.answered:
            raise Refusal("survey_answered", score=survey.score)
        if not WORST <= self.score <= BEST:
            raise Refusal("score_out_of_range")
        draft.emit(SurveyAnswered(score=self.score, content=self.content))


def _moves(_: Definition, case: Case) -> Iterator[Move]:
    asked = case.survey is not None and not case.survey.answered
    if asked and case.status is not Status.RUNNING:
        yield Move(does="score")


def _by(case: Case, _world: World, _move: Move) -> str:
    assert case.survey is not None, "a score answers a survey"
    return case.survey.to


def _score(deed: Deed) -> Command:
    return AnswerSurvey(actor=deed.actor, via=VIA, score=deed.score)


ACTION = ActionType(
    name="score",
    command=AnswerSurvey,
    events=(SurveyAnswered,),
    does={"score": _score},
    needs="score",
    rehearsal=OnCase(moves=_moves, by=_by),
)
