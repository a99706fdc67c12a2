"""The transitions of a form: pure functions from one session to the next."""

from __future__ import annotations

from dataclasses import replace

from handlers.conversation.dialogue import cells, values
from handlers.conversation.dialogue.place import REVIEW, FormPlace
from handlers.conversation.dialogue.sessions import Session
from handlers.conversation.dialogue.taps import Op, Tap
from handlers.i18n import Translator
from handlers.pages import FormSheet, Question
from handlers.rows import rows_in
from handlers.tokens import find_token

PRESETS = 3
_WITH_PRESETS = ("reject", "return")
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
    """Return the current question, that of a cell in a row of a table; None at the review."""
    cell = cells.cell_step(sheet, place.step)
    if cell is not None:
        return cells.cell_question(sheet.questions[cell.question], cell)
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
    """Go to the next question; after the last one, or after a correction, to the review.

    The expiry of a certificate without files is not asked, and an answer to it is dropped.
    """
    place = session.place
    cell = cells.cell_step(session.sheet, place.step)
    if cell is not None:
        last = cell.column + 1 >= len(session.sheet.questions[cell.question].columns)
        after = str(cell.question) if last else str(replace(cell, column=cell.column + 1))
        return session.moved(place.at(after, mending=place.mending))
    step = int(place.step) + 1 if place.step.isdigit() else len(session.sheet.questions)
    questions = session.sheet.questions
    if step < len(questions) and _without_files(session.sheet, questions[step]):
        session, step = session.answered(questions[step].id, None), step + 1
    over = place.mending or step >= len(session.sheet.questions)
    return session.moved(place.at(REVIEW if over else str(step)))


def _without_files(sheet: FormSheet, question: Question) -> bool:
    """Return whether a question asks for the expiry of a certificate that has no files."""
    return any(one.id == question.of and values.is_empty(one.value) for one in sheet.questions)


def asked_anew(before: Session, after: Session, anew: FormSheet) -> Session:
    """Return the form at the step that follows an answer, with the questions it leads to.

    A problem of the answer is shown at its question.

    Args:
        before: the form before the answer.
        after: the form with the answer, at the next step.
        anew: the sheet with the questions that follow from all answers.
    """
    question = question_at(before.sheet, before.place)
    session = replace(after, sheet=anew)
    if question is None or after.place.step == before.place.step:
        return session
    problem = anew.problems.get(question.id)
    if problem:
        return session.moved(replace(before.place, note=problem, seen=after.place.seen))
    place = replace(before.place, problems=after.place.problems, seen=after.place.seen)
    session = forward(session.moved(place))
    rows = question_at(anew, session.place)
    if rows is not None and rows.columns and rows.id in anew.problems:  # after the last cell
        told = {rows.id: anew.problems[rows.id]}
        session = session.moved(replace(session.place, problems=told))
    if session.place.step != REVIEW:
        return session
    known = {one.id for one in before.sheet.questions}
    for number, one in enumerate(anew.questions):
        if values.is_empty(one.value) and (one.required or one.id not in known):
            return session.moved(session.place.at(str(number), mending=True))
    return session


def backward(session: Session) -> Session:
    """Go to the previous question."""
    cell = cells.cell_step(session.sheet, session.place.step)
    if cell is not None:
        before = replace(cell, column=cell.column - 1) if cell.column else cell.question
        return session.moved(session.place.at(str(before), mending=session.place.mending))
    step = int(session.place.step) - 1 if session.place.step.isdigit() else 0
    if step > 0 and _without_files(session.sheet, session.sheet.questions[step]):
        step -= 1
    return session.moved(session.place.at(str(max(step, 0))))


def presets(sheet: FormSheet, words: Translator) -> tuple[str, ...]:
    """Return frequent answers to the question of a simple form, to be tapped."""
    token = find_token(sheet.token)
    if token is None or token.verb not in _WITH_PRESETS or not is_simple(sheet):
        return ()
    return tuple(words.t(f"dialogue.reason.{token.verb}.{n}") for n in range(1, PRESETS + 1))


def tapped(session: Session, tap: Tap) -> Session:
    """Apply a tap on a button of a question."""
    place, question = session.place, question_at(session.sheet, session.place)
    if tap.op == Op.CORRECT:
        number = tap.number(below=len(session.sheet.questions))
        return session if number is None else session.moved(place.at(str(number), mending=True))
    if question is None:
        return session
    match tap.op:
        case Op.NEXT:
            return forward(session)
        case Op.BACK:
            return backward(session)
        case Op.PAGE:
            page = int(tap.argument) if tap.argument.isdecimal() else 0
            return session.moved(replace(place, page=page, note=""))
        case Op.MONTH:
            return session.moved(replace(place, month=tap.argument, note=""))
        case Op.HOUR:
            return session.moved(replace(place, hour=tap.argument, note=""))
        case Op.ALL:
            return session.moved(replace(place, find="", page=0, note=""))
        case Op.REMOVE:
            return _removed(session, question, tap)
        case Op.ROW_ADD | Op.ROW_EDIT:
            return _at_row(session, question, tap)
        case Op.ROW_REMOVE:
            return _without_row(session, question, tap)
        case Op.TOGGLE:
            return _toggled(session, question, _choice(question, tap.argument))
        case Op.CHOOSE | Op.DAY | Op.TIME:
            value = _choice(question, tap.argument) if tap.op == Op.CHOOSE else tap.argument
            return forward(session.answered(question.id, value)) if value else session
        case _:
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


def _at_row(session: Session, question: Question, tap: Tap) -> Session:
    """Go to the first cell of a row, which is a new one if the tap names none."""
    rows, number = len(rows_in(question.value)), cells.number_of(session.place.step)
    row = tap.number(below=rows) if tap.op == Op.ROW_EDIT else rows
    if row is None or row >= question.max_rows or number is None:
        return session
    step = cells.CellStep(question=number, row=row, column=0)
    return session.moved(session.place.at(str(step), mending=session.place.mending))


def _without_row(session: Session, question: Question, tap: Tap) -> Session:
    rows = rows_in(question.value)
    number = tap.number(below=len(rows))
    if number is not None:
        del rows[number]
    return session.answered(question.id, rows or None)


def _removed(session: Session, question: Question, tap: Tap) -> Session:
    files = values.several(question.value)
    number = tap.number(below=len(files))
    if number is not None:
        del files[number]
    return session.answered(question.id, files or None)


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
