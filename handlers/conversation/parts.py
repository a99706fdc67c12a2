"""A form that a platform shows in several views, one after another.

Platforms limit how many questions one view can have. A longer form is shown in parts: every part
that is sent is stored in the draft, and the form is submitted with the last one. Platforms that
ask one question at a time use `dialogue` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.pages import FormSheet, Question
from workflows.records import FormDraft

Files = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """What a person has filled in of one part of a form.

    Args:
        person: the person's key.
        form: the token of the sheet.
        number: the number of the part; the first one is 0.
        values: the answers by the question's id.
        files: files that the platform still has, by the question's id, as it describes them.
    """

    person: str
    form: str
    number: int
    values: Mapping[str, object]
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedForm:
    """A form up to the part that was sent last.

    `values` and `files` include those of earlier parts. `following` is the number of the part to
    show next, None after the last one. `sheet` is None if the form cannot be opened any more.
    """

    person: str
    form: str
    values: Mapping[str, object]
    files: Files
    sheet: FormSheet | None
    following: int | None

    @property
    def answers(self) -> Mapping[str, object]:
        """The values to submit; a question about files has a list, empty if there are none."""
        return {**self.values, **{name: self.values.get(name, []) for name in self.files}}


def parts_of(sheet: FormSheet, *, most: int) -> list[tuple[Question, ...]]:
    """Return the questions of every part, in order.

    A part has at most `most` questions. A form without questions has one part.
    """
    asked = sheet.questions
    return [asked[n : n + most] for n in range(0, len(asked), most)] or [()]


class FormParts:
    """Collects the parts of forms in their drafts."""

    def __init__(self, conversation: Conversation, sheets: OpenSheets, *, most: int) -> None:
        """Create it for a platform that shows at most `most` questions in one view."""
        self._conversation = conversation
        self._sheets = sheets
        self._most = most

    async def collect(self, part: FormPart) -> CollectedForm:
        """Add a part that was sent to those before it; nothing is stored yet.

        The first part replaces what the draft contains.
        """
        draft = await self._conversation.draft(person=part.person, form=part.form)
        before = draft if part.number else None
        files = (before.place.get("files") or {}) if before is not None else {}
        sheet = await self._sheets.get(part.person, part.form)
        more = sheet is not None and part.number + 1 < len(parts_of(sheet, most=self._most))
        return CollectedForm(
            person=part.person,
            form=part.form,
            values={
                **(sheet.kept if sheet is not None else {}),
                **(before.values if before else {}),
                **part.values,
                **_rows(sheet),
            },
            files={**files, **part.files},
            sheet=sheet,
            following=part.number + 1 if more else None,
        )

    async def keep(
        self, form: CollectedForm, *, place: Mapping[str, Any], sent: bool = False
    ) -> FormDraft:
        """Store a form as a draft, and return it.

        Args:
            form: the form as it was collected.
            place: what the platform needs to continue with it.
            sent: whether it is complete; it is then continued after a restart.
        """
        return await self._conversation.keep(
            form.person, form.form, form.values, place={**place, "files": form.files}, sent=sent
        )

    async def put_aside(self, part: FormPart) -> None:
        """Store the answers of a part that was closed without sending it.

        Nothing is stored if it has no answers, or if the form was sent meanwhile.
        """
        if not any(part.values.values()):
            return
        draft = await self._conversation.draft(person=part.person, form=part.form)
        if draft is not None and draft.sent:
            return
        values = {**(draft.values if draft else {}), **part.values}
        place = dict(draft.place) if draft else {}
        await self._conversation.keep(part.person, part.form, values, place=place)


def _rows(sheet: FormSheet | None) -> Mapping[str, object]:
    """Return the answers with rows, which are filled in beside the parts."""
    questions = sheet.questions if sheet is not None else ()
    return {one.id: one.value or [] for one in questions if one.columns}
