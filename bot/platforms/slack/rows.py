"""The rows of a form: each is added, changed and removed in a view on top of the form.

The rows are in the draft of the form as soon as such a view was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.platforms.slack import modals
from bot.platforms.slack.blocks import Block, plain_text
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import Ack, BlockActions, ViewSubmission
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.row_blocks import EDIT
from bot.platforms.slack.submissions import part_of
from handlers.conversation.dialogue.cells import CellStep, cell_question, rows_of
from handlers.conversation.parts import FormParts
from handlers.conversation.ports import KnownPerson
from handlers.i18n import translator
from handlers.pages import FormSheet, Question
from workflows.records import FormDraft

ROW = "cl:row"
REMOVE = "remove"
_PLACE_MOST = 2900  # characters of `private_metadata`; 3000 are allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlace:
    """Which row a view shows: of which question, and in which view its form is."""

    form: modals.ViewPlace
    question: str
    row: int
    view: str

    def __str__(self) -> str:
        told = {"q": self.question, "r": self.row, "v": self.view}
        text = json.dumps({**told, "p": str(self.form)}, ensure_ascii=False)
        if len(text) <= _PLACE_MOST:
            return text
        return json.dumps({**told, "p": str(replace(self.form, carried=None))})


def read_row_place(text: str) -> RowPlace | None:
    """Read the `private_metadata` of a view; return None if it is no row of closeloop."""
    try:
        told = json.loads(text)
        form = modals.read_place(str(told["p"]))
        place = {"question": str(told["q"]), "row": int(told["r"]), "view": str(told["v"])}
    except (ValueError, TypeError, KeyError):
        return None
    return RowPlace(form=form, **place) if form is not None else None  # type: ignore[arg-type]


def row_view(question: Question, place: RowPlace, *, language: str) -> Block:
    """Return the view of one row; a row that is there already can be removed in it."""
    words = translator(language)
    cells = [
        replace(
            cell_question(question, CellStep(question=0, row=place.row, column=number)),
            id=column.id,
            label=column.label,
        )
        for number, column in enumerate(question.columns)
    ]
    blocks = [block for cell in cells for block in modals.blocks_of(cell, language)]
    if place.row < len(rows_of(question)):
        text = plain_text(words.t("slack.rows.remove"), modals.OPTION)
        blocks.append(
            {
                "type": "input",
                "block_id": REMOVE,
                "label": plain_text(words.t("slack.rows.remove_label"), modals.SHOWN_LABEL),
                "element": {
                    "type": "checkboxes",
                    "action_id": REMOVE,
                    "options": [{"text": text, "value": REMOVE}],
                },
                "optional": True,
            }
        )
    return {
        "type": "modal",
        "callback_id": ROW,
        "private_metadata": str(place),
        "title": plain_text(words.t("slack.rows.title", row=place.row + 1), modals.TITLE),
        "submit": plain_text(words.t("slack.rows.keep"), modals.TITLE),
        "close": plain_text(words.t("slack.cancel"), modals.TITLE),
        "blocks": blocks,
    }


class RowForms:
    """Opens the views of rows, and stores what they are sent with."""

    def __init__(self, it: Interact) -> None:
        self._it = it
        self._parts = FormParts(it.conversation, it.sheets, most=modals.STEP)

    async def pressed(self, done: BlockActions) -> Ack:
        """Store what the form contains, and open the view of a row on top of it."""
        view = done.view
        place = modals.read_place(view.private_metadata) if view is not None else None
        known = await self._it.people.who(done.user)
        if view is None or place is None or known is None:
            return {}
        form = await self._parts.collect(part_of(view, place, person=known.person))
        action = done.actions[0]
        question = _question(form.sheet, action.action_id.rpartition(":")[2])
        if question is None:
            return {}
        await self._parts.keep(form, place={"account": done.user.id, "view": view.id})
        rows = len(rows_of(question))
        chosen = action.token if action.action_id.startswith(EDIT) else ""
        row = int(chosen) if chosen.isdecimal() and int(chosen) < rows else rows
        at = RowPlace(form=place, question=question.id, row=row, view=view.id)
        shown = row_view(question, at, language=known.language)
        spot = Spot(
            account=done.user.id, language=known.language, trigger=done.trigger_id, upon=True
        )
        self._it.inflight.spawn(self._it.replies.put_on_top(spot, shown), what="row")
        return {}

    async def sent(self, submission: ViewSubmission) -> Ack:
        """Store a row in the draft of its form, and show it in the form."""
        place = read_row_place(submission.view.private_metadata)
        known = await self._it.people.who(submission.user)
        if place is None or known is None:
            return {}
        token, view = place.form.token, submission.view
        draft = await self._it.conversation.draft(person=known.person, form=token)
        sheet = await self._it.sheets.get(known.person, token)
        question = _question(sheet, place.question)
        if draft is None or question is None or draft.place.get("row") == view.id:
            return {}  # sent twice, or the form has ended
        cells = modals.filled(view.state.values).values
        held = view.state.values.get(REMOVE, {}).get(REMOVE, {})
        rows = _with_row(question, place.row, None if held.get("selected_options") else cells)
        values = {**draft.values, question.id: rows}
        answer = await self._it.conversation.refill(known.person, token, values)
        if answer.form is None:
            return {}
        errors = {
            modals.block_id(column.id): answer.form.problems[name]
            for column in question.columns
            if (name := f"{question.id}/{place.row}/{column.id}") in answer.form.problems
        }
        if errors and not held.get("selected_options"):
            return {"response_action": "errors", "errors": errors}
        await self._keep(draft, values, answer.form, view.id)
        self._it.inflight.spawn(self._show(known, place, answer.form), what="form")
        return {}

    async def _keep(
        self, draft: FormDraft, values: Mapping[str, object], sheet: FormSheet, view: str
    ) -> None:
        await self._it.conversation.keep(
            draft.person, draft.form, values, place={**draft.place, "row": view}
        )
        self._it.sheets.keep(draft.person, sheet)

    async def _show(self, known: KnownPerson, place: RowPlace, sheet: FormSheet) -> None:
        view = modals.form_view(
            sheet, language=known.language, step=place.form.step, carried=place.form.carried
        )
        await self._it.replies.update_view(place.view, view)


def _question(sheet: FormSheet | None, name: str) -> Question | None:
    questions = sheet.questions if sheet is not None else ()
    return next((one for one in questions if one.id == name and one.columns), None)


def _with_row(
    question: Question, number: int, cells: Mapping[str, object] | None
) -> list[dict[str, object]]:
    """Return the rows with one changed, added, or removed if `cells` is None."""
    rows = rows_of(question)
    rows[number : number + 1] = [] if cells is None else [dict(cells)]
    return rows
