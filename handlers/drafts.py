"""A form as it opens before somebody: with their draft, and with nothing that it cannot take.

A draft is what a person has filled in of a sheet so far, on any platform, until it is handed in.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.pages import FileLink, FormSheet, Question
from handlers.tokens import read_token
from storage.unit import Tx
from workflows.definition import FieldType

_PICKED = {FieldType.CHOICE, FieldType.PERSON, FieldType.DEPARTMENT}


def with_draft(tx: Tx, sheet: FormSheet, *, person: str, keep_given: bool) -> FormSheet:
    """The sheet with what this person answered before; what the draft lacks stays as it is.

    `keep_given`: a value that the sheet has already came with the wish, and counts more.
    """
    draft = tx.drafts.get(person, sheet.token)
    if draft is None:
        return sheet
    questions = tuple(
        replace(question, value=draft.values[question.id])
        if question.id in draft.values and not (keep_given and question.value)
        else question
        for question in sheet.questions
    )
    return replace(sheet, questions=questions)


def prefilled(tx: Tx, sheet: FormSheet, *, person: str) -> FormSheet:
    """The sheet without values that it does not offer any more, such as a person who has left."""
    case_id = read_token(sheet.token).case_id
    questions = (_fitting(tx, question, person, case_id) for question in sheet.questions)
    return replace(sheet, questions=tuple(questions))


def _fitting(tx: Tx, question: Question, person: str, case_id: str) -> Question:
    if question.value is None:
        return question
    offered = {choice.id for choice in question.choices}
    if question.type in _PICKED:
        return question if str(question.value) in offered else replace(question, value=None)
    if question.type == FieldType.CHOICES:
        chosen = [one for one in _several(question.value) if one in offered]
        return replace(question, value=chosen or None)
    if question.type == FieldType.FILES:
        links = tuple(_links(tx, question.value, person, case_id))
        return replace(question, value=[link.id for link in links] or None, files=links)
    return question


def _several(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _links(tx: Tx, value: object, person: str, case_id: str) -> list[FileLink]:
    """The files that are still there and that this person may put into this case's form."""
    found = []
    for file_id in _several(value):
        file = tx.files.get(file_id)
        if file is None or (
            file.owner != person if file.case_id is None else file.case_id != case_id
        ):
            continue
        found.append(
            FileLink(id=file.id, name=file.name, media_type=file.media_type, size=file.size)
        )
    return found
