"""The transitions of a form: pure functions from one session to the next."""

from __future__ import annotations

from dataclasses import replace

from handlers.conversation.dialogue import values
from handlers.conversation.dialogue.place import REVIEW, FormPlace
from handlers.conversation.dialogue.sessions import Session
from handlers.i18n import Translator
from handlers.pages import FormSheet, Question

_LIKE_NUMBER = "#"


def is_simple(sheet: FormSheet) -> bool:
    """Whether one long text is all that has to be answered; optional files may be added."""
    first, *others = sheet.questions or (None,)
    with_files = all(one.type == "files" and not one.required for one in others)
    return first is not None and first.type == "long_text" and with_files


def files_question(sheet: FormSheet, place: FormPlace) -> Question | None:
    """Return the question that a file is for; None if the current one takes none."""
    now = question_at(sheet, place)
    if now is not None and now.type == "files":
        return now
    others = sheet.questions if is_simple(sheet) else ()
    return next((one for one in others if one.type == "files"), None)


def question_at(sheet: FormSheet, place: FormPlace) -> Question | None:
    """Return the current question; None at the review."""
    if place.step.isdigit() and int(place.step) < len(sheet.questions):
        return sheet.questions[int(place.step)]
    return None


def first_open(sheet: FormSheet) -> str:
    """Return the step where a form opens: its first open question, else the review."""
    missing = any(one.required and values.is_empty(one.value) for one in sheet.questions)
    begun = any(not values.is_empty(one.value) for one in sheet.questions)
    if begun and not missing and len(sheet.questions) > 1:
        return REVIEW
    for number, question in enumerate(sheet.questions):
        if values.is_empty(question.value):
            return str(number)
    return REVIEW if len(sheet.questions) > 1 else "0"


def forward(session: Session) -> Session:
    """Go to the next question; after the last one, or after a correction, to the review."""
    place = session.place
    step = int(place.step) + 1 if place.step.isdigit() else len(session.sheet.questions)
    over = place.mending or step >= len(session.sheet.questions)
    return session.moved(place.at(REVIEW if over else str(step)))


def backward(session: Session) -> Session:
    """Go to the previous question."""
    step = int(session.place.step) if session.place.step.isdigit() else 0
    return session.moved(session.place.at(str(max(step - 1, 0))))


def tapped(session: Session, op: str, argument: str) -> Session:
    """Apply a tap on a button of a question.

    Args:
        op: one letter. `e`: correct a question; `n`, `b`: next, previous; `p`, `m`, `h`, `f`: show
            a page, a month, the minutes of an hour, all choices; `u`: remove a file; `t`: toggle a
            choice; `c`, `d`, `i`: answer with a choice, a date, a time.
        argument: what the button carries, such as the id of a choice, or `#` and its number.
    """
    place, question = session.place, question_at(session.sheet, session.place)
    if op == "e" and argument.isdigit() and int(argument) < len(session.sheet.questions):
        return session.moved(place.at(argument, mending=True))
    if question is None:
        return session
    if op == "n":
        return forward(session)
    if op == "b":
        return backward(session)
    if op in ("p", "m", "h", "f"):
        return session.moved(_turned(place, op, argument))
    if op == "u":
        rest = values.several(question.value)
        if argument.isdigit() and int(argument) < len(rest):
            del rest[int(argument)]
        return session.answered(question.id, rest or None)
    if op == "t":
        return _toggled(session, question, _choice(question, argument))
    if op in ("c", "d", "i"):
        value = _choice(question, argument) if op == "c" else argument
        return forward(session.answered(question.id, value)) if value else session
    return session


def said(session: Session, text: str, words: Translator) -> Session:
    """Apply a typed text: an answer, a search, or a remark why it is neither."""
    question = question_at(session.sheet, session.place)
    if question is None:
        note = words.t("dialogue.at_review")
        return session.moved(replace(session.place, note=note))
    taken = values.take(question, text, words)
    if taken.problem:
        return session.moved(replace(session.place, note=taken.problem))
    if taken.find:
        return session.moved(replace(session.place, find=taken.find, page=0, note=""))
    return forward(session.answered(question.id, taken.value))


def got_file(
    session: Session, question: Question, file_id: str, name: str, words: Translator
) -> Session:
    """Add an upload to the answer of a question, up to the number that it takes."""
    chosen = values.several(question.value)
    if len(chosen) >= question.max_files:
        note = words.t("refusal.too_many_files", most=question.max_files)
        return session.moved(replace(session.place, note=note))
    more = session.answered(question.id, [*chosen, file_id])
    names = {**session.place.names, file_id: name}
    return more.moved(replace(more.place, names=names, note=""))


def to_mend(session: Session, problems: dict[str, str]) -> Session:
    """Go to the first question that has a problem. `problems` are texts, by the question's id."""
    for number, question in enumerate(session.sheet.questions):
        if question.id in problems:
            place = session.place.at(str(number), mending=len(session.sheet.questions) > 1)
            return session.moved(replace(place, problems=problems))
    note = " ".join(problems.values())
    return session.moved(replace(session.place, note=note, problems=problems))


def _turned(place: FormPlace, op: str, argument: str) -> FormPlace:
    if op == "p":
        return replace(place, page=int(argument) if argument.isdigit() else 0, note="")
    if op == "m":
        return replace(place, month=argument, note="")
    if op == "h":
        return replace(place, hour=argument, note="")
    return replace(place, find="", page=0, note="")


def _toggled(session: Session, question: Question, choice: str) -> Session:
    chosen = values.several(question.value)
    if not choice:
        return session
    kept = [one for one in chosen if one != choice]
    if choice not in chosen:
        kept.append(choice)
    more = session.answered(question.id, kept or None)
    return more.moved(replace(more.place, note=""))


def _choice(question: Question, argument: str) -> str:
    """Return the id of a choice, given by its id or its number; "" if there is no such choice."""
    ids = [choice.id for choice in question.choices]
    if argument.startswith(_LIKE_NUMBER) and argument[1:].isdigit():
        number = int(argument[1:])
        return ids[number] if number < len(ids) else ""
    return argument if argument in ids else ""
