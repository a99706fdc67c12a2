"""Talking in a case: questions and answers, comments, urging, copies, withdrawal, the survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.answers import read_text
from handlers.cards.model import Answer, Question
from handlers.interaction import Interaction
from handlers.sheets import own_sheet, people_choices, text_question
from handlers.uploads import attach
from workflows import commands as cmd
from workflows.engine import authority
from workflows.errors import FormInvalid, Refusal


def press_words(it: Interaction) -> Answer:
    """Open the sheet of a verb that takes a few words: ask, reply, comment, withdraw."""
    case = it.case()
    if not authority.may_read(case, person=it.person, world=it.world(case)):
        raise Refusal("not_your_case")
    verb = it.token.verb
    required = verb != "withdraw"
    question = text_question(verb, language=it.language, required=required)
    return Answer(
        form=own_sheet(
            verb,
            token=it.token,
            language=it.language,
            questions=(question,),
            facts={"case": case.id},
        )
    )


def press_urge(it: Interaction) -> Answer:
    """Ask for speed, at once."""
    it.change(cmd.Urge(actor=it.person, via=it.via))
    return it.done("answer.urged")


def press_copy(it: Interaction) -> Answer:
    """Open the sheet for copying others in."""
    case = it.case()
    known = case.participants
    choices = tuple(
        choice for choice in people_choices(it.directory, it.language) if choice.id not in known
    )
    people = Question(
        id="people",
        type="choices",
        label=text_question("copy", language=it.language).label,
        required=True,
        choices=choices,
    )
    note = text_question("copy_note", language=it.language, required=False)
    return Answer(
        form=own_sheet(
            "copy",
            token=it.token,
            language=it.language,
            questions=(people, note),
            facts={"case": case.id},
        )
    )


def press_score(it: Interaction) -> Answer:
    """A score was chosen: ask for a comment, then it counts."""
    case = it.case()
    score = _score(it)
    if case.survey is None or case.survey.to != it.person:
        raise Refusal("survey_not_yours")
    if case.survey.score is not None:
        raise Refusal("survey_answered", score=case.survey.score)
    question = text_question("score", language=it.language, required=False)
    return Answer(
        form=own_sheet(
            "score",
            token=it.token,
            language=it.language,
            questions=(question,),
            facts={"score": score},
        )
    )


# ---------------------------------------------------------------------------- sending


def send_ask(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Ask the filer."""
    ref = it.keep_text("question", read_text(raw.get("text")))
    it.change(cmd.AskFiler(actor=it.person, via=it.via, task=it.token.task, content=ref))
    return it.done("answer.asked")


def send_reply(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Answer the question that a task waits for."""
    ref = it.keep_text("answer", read_text(raw.get("text")))
    it.change(cmd.AnswerQuestion(actor=it.person, via=it.via, task=it.token.task, content=ref))
    return it.done("answer.replied")


def send_comment(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Comment on the case."""
    return comment(it, read_text(raw.get("text")), files=())


def comment(it: Interaction, text: str, *, files: Sequence[str]) -> Answer:
    """Keep a comment, with files perhaps."""
    if files:
        attach(it.tx, files, person=it.person, case_id=it.token.case_id)
    ref = it.keep_text("comment", text, files=list(files))
    it.change(cmd.AddComment(actor=it.person, via=it.via, content=ref, task=it.token.task or None))
    return it.done("answer.commented")


def send_withdraw(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Take the case back."""
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(cmd.Withdraw(actor=it.person, via=it.via, content=ref))
    return it.done("answer.withdrawn", case=it.token.case_id)


def send_copy(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Copy others in."""
    chosen = raw.get("people")
    people = tuple(str(item) for item in chosen) if isinstance(chosen, list | tuple) else ()
    if not people:
        raise FormInvalid({"people": Refusal("field_required")})
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("comment", text) if text else None
    it.change(cmd.CopyIn(actor=it.person, via=it.via, people=people, content=ref))
    return it.done("answer.copied")


def send_score(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Give the score, with a comment perhaps."""
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("survey", text) if text else None
    it.change(cmd.AnswerSurvey(actor=it.person, via=it.via, score=_score(it), content=ref))
    return it.done("answer.scored")


def _score(it: Interaction) -> int:
    if it.token.argument not in ("1", "2", "3", "4", "5"):
        raise Refusal("score_out_of_range")
    return int(it.token.argument)
