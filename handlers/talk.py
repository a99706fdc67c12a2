"""Talking in a case: questions, comments, urging, copies, watching, withdrawal, the survey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.answers import read_files, read_text, required_words
from handlers.conversation.interaction import UNWRITTEN, Interaction, Looking
from handlers.conversation.uploads import attach
from handlers.deliver import instead_slot
from handlers.pages import Answer, Question
from handlers.sheets import files_question, own_sheet, people_choices, text_question
from workflows.actions.answer import AnswerQuestion
from workflows.actions.ask import AskFiler, QuestionAsked
from workflows.actions.comment import AddComment
from workflows.actions.copy_in import CopyIn
from workflows.actions.score import AnswerSurvey
from workflows.actions.urge import Urge
from workflows.actions.watch import Watch
from workflows.actions.withdraw import Withdraw
from workflows.case.command import Command
from workflows.case.state import ContentRef
from workflows.errors import Refusal


def press_words(it: Looking) -> Answer:
    """Open the sheet of a verb that takes a few words: ask, reply, comment, withdraw."""
    verb = it.token.verb
    it.would(_IN_WORDS[verb](it, UNWRITTEN))
    question = text_question(verb, language=it.language, required=verb != "withdraw")
    if verb == "reply":
        return _sheet(it, question, files_question("reply_files", language=it.language))
    return _sheet(it, question)


def _sheet(it: Looking, *questions: Question, **facts: object) -> Answer:
    return Answer(
        form=own_sheet(
            it.token.verb,
            token=it.token,
            language=it.language,
            questions=questions,
            facts={"case": it.case.id, **facts},
        )
    )


def press_urge(it: Interaction) -> Answer:
    """Ask for speed, at once."""
    it.change(Urge(actor=it.person, via=it.via))
    return it.done("answer.urged")


def press_watch(it: Interaction) -> Answer:
    """Begin or stop watching, at once."""
    on = it.token.verb == "watch"
    it.change(Watch(actor=it.person, via=it.via, on=on))
    return it.done("answer.watching" if on else "answer.unwatched", case=it.case.id)


def press_copy(it: Looking) -> Answer:
    """Open the sheet for copying others in."""
    known = it.case.participants
    choices = tuple(
        choice for choice in people_choices(it.directory, it.language) if choice.id not in known
    )
    if not choices:
        raise Refusal("already_copied")
    people = Question(
        id="people",
        type="choices",
        label=text_question("copy", language=it.language).label,
        required=True,
        choices=choices,
    )
    note = text_question("copy_note", language=it.language, required=False)
    return _sheet(it, people, note)


def press_score(it: Looking) -> Answer:
    """A score was chosen: ask for a comment, then it counts."""
    score = _score(it)
    it.would(AnswerSurvey(actor=it.person, via=it.via, score=score))
    return _sheet(it, text_question("score", language=it.language, required=False), score=score)


# ---------------------------------------------------------------------------- sending


def send_ask(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Ask the filer."""
    it.change(_ask(it, it.keep_text("question", read_text(raw.get("text")))))
    return it.done("answer.asked")


def send_reply(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Answer the question that a task waits for."""
    text, files = read_text(raw.get("text")), read_files(raw.get("files"))
    attach(it.tx, files, person=it.person, case_id=it.case.id)
    it.change(_reply(it, it.keep_text("answer", text, files=list(files))))
    return it.done("answer.replied")


def send_comment(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Comment on the case."""
    return comment(it, read_text(raw.get("text")), files=())


def comment(it: Interaction, text: str, *, files: Sequence[str]) -> Answer:
    """Keep a comment, with files perhaps."""
    if files:
        attach(it.tx, files, person=it.person, case_id=it.case.id)
    it.change(_comment(it, it.keep_text("comment", text, files=list(files))))
    return it.done("answer.commented")


def send_withdraw(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Take the case back."""
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(_withdraw(it, ref))
    return it.done("answer.withdrawn", case=it.token.case_id)


def send_copy(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Copy others in."""
    people = required_words(raw.get("people"), "people")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("comment", text) if text else None
    it.change(CopyIn(actor=it.person, via=it.via, people=people, content=ref))
    return it.done("answer.copied")


def send_score(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Give the score, with a comment perhaps."""
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("survey", text) if text else None
    it.change(AnswerSurvey(actor=it.person, via=it.via, score=_score(it), content=ref))
    return it.done("answer.scored")


def _ask(it: Looking, ref: ContentRef) -> Command:
    return AskFiler(actor=it.person, via=it.via, task=it.token.task, content=ref)


def _reply(it: Looking, ref: ContentRef) -> Command:
    return AnswerQuestion(
        actor=it.person, via=it.via, task=it.token.task, content=ref, diverted=_diverted(it)
    )


def _diverted(it: Looking) -> bool:
    """Whether the question was put to the reader because whoever was asked cannot be reached."""
    task = it.case.task(it.token.task)
    if task is None or task.question is None or task.question.to == it.person:
        return False
    for chained in reversed(it.tx.cases.events(it.case.id)):
        body = chained.event.body
        if isinstance(body, QuestionAsked) and body.task == task.id:
            slot = instead_slot(body.to, f"ask:{chained.event.seq}")
            return bool(it.tx.outbox.sent(case_id=it.case.id, to=it.person, slot=slot))
    return False


def _comment(it: Looking, ref: ContentRef) -> Command:
    task = it.token.task or None
    return AddComment(actor=it.person, via=it.via, content=ref, task=task)


def _withdraw(it: Looking, ref: ContentRef | None) -> Command:
    return Withdraw(actor=it.person, via=it.via, content=ref)


_IN_WORDS: Mapping[str, Callable[[Looking, ContentRef], Command]] = {
    "ask": _ask,
    "reply": _reply,
    "comment": _comment,
    "withdraw": _withdraw,
}


def _score(it: Looking) -> int:
    if it.token.argument not in ("1", "2", "3", "4", "5"):
        raise Refusal("score_out_of_range")
    return int(it.token.argument)
