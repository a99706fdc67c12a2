"""Score: the handlers of the five buttons on the card of the survey, with a comment."""

from __future__ import annotations

from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.answers import read_text
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.sheets import text_question, verb_sheet
from workflows.actions.score import BEST, WORST, AnswerSurvey, SurveyAnswered
from workflows.errors import Refusal


def _score(it: Looking) -> int:
    if it.token.argument not in map(str, range(WORST, BEST + 1)):
        raise Refusal("score_out_of_range")
    return int(it.token.argument)


def _open(it: Looking) -> Answer:
    score = _score(it)
    it.would(AnswerSurvey(actor=it.person, via=it.via, score=score))
    text = text_question("score", language=it.language, required=False)
    return Answer(form=verb_sheet(it, text, score=score))


def _send(it: Interaction, raw: Raw) -> Answer:
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("survey", text) if text else None
    it.change(AnswerSurvey(actor=it.person, via=it.via, score=_score(it), content=ref))
    return it.done("answer.scored")


VIEW = ActionView(
    name="score",
    verbs={"score": Verb(opens=_open, sends=_send)},
    sentences={
        SurveyAnswered: Sentence(facts=lambda _, body: {"score": body.score}, activity="score")
    },
)
