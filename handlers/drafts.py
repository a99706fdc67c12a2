"""Fills a form that opens with the person's draft, and removes values that are not valid any more.

A draft contains what a person has filled in of a form so far, on any platform, until the form is
submitted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.pages import FileLink, FormSheet, Question
from handlers.tokens import read_token
from storage.unit import Tx
from workflows.model.fields import FieldType

_PICKED = {FieldType.CHOICE, FieldType.PERSON, FieldType.DEPARTMENT}


def with_draft(tx: Tx, sheet: FormSheet, *, person: str, keep_given: bool) -> FormSheet:
    """Return the sheet with the values of the person's draft; others stay as they are.

    Args:
        keep_given: whether a value that the sheet already has takes precedence over the draft.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsettledSheet(FormSheet):
    """A form with all its questions, of which only those are shown that its answers lead to.

    `settle` returns the form with these questions. It is valid inside the transaction.
    """

    settle: Callable[[FormSheet], FormSheet]


def settled(sheet: FormSheet) -> FormSheet:
    """Return the sheet with the questions that are asked, given the answers filled in."""
    return sheet.settle(sheet) if isinstance(sheet, UnsettledSheet) else sheet


def prefilled(tx: Tx, sheet: FormSheet, *, person: str) -> FormSheet:
    """Return the sheet without values that it does not offer, such as a person who has left."""
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
    """Return the files that exist and that this person may use in a form of this case."""
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
