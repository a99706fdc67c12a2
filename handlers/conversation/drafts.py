"""What a person has filled in of a form so far: kept until it is handed in, on any platform."""

from __future__ import annotations

from dataclasses import replace

from handlers.pages import FormSheet
from storage.unit import Tx


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
