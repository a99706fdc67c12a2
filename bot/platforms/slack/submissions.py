"""Modals: submitted, continued, closed, and the search in their menus."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.slack import modals
from bot.platforms.slack.blocks import render_all
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.payloads import (
    Ack,
    BlockActions,
    Suggestion,
    User,
    View,
    ViewClosed,
    ViewSubmission,
)
from bot.platforms.slack.receiving import Receiving, handed_in
from handlers.conversation.parts import CollectedForm, FormPart, FormParts
from handlers.conversation.ports import KnownPerson
from handlers.i18n import translator
from handlers.pages import Answer, FormSheet, Tone
from handlers.tokens import find_token
from workflows.records import FormDraft

MOST_VIEWS = 500  # open views whose last answer is remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A view that was sent, who sent it, and the form with its earlier parts."""

    known: KnownPerson
    view: View
    place: modals.ViewPlace
    form: CollectedForm
    key: str


class Submissions:
    """Handles modals; what was typed is stored before it is acknowledged."""

    def __init__(self, it: Interact, receiving: Receiving) -> None:
        self._it = it
        self._receiving = receiving
        self._parts = FormParts(it.conversation, it.sheets, most=modals.STEP)
        self._newest: OrderedDict[str, str] = OrderedDict()  # time of the last answer, by view

    # ------------------------------------------------------------------ sent

    async def sent(self, submission: ViewSubmission) -> Ack:
        """Handle a submitted view, which is a form or one part of it."""
        place = modals.read_place(submission.view.private_metadata)
        known, spot = await self._it.spot(submission.user)
        if place is None:
            return {"response_action": "clear"}
        if known is None:
            return self._notice(self._it.stranger(spot), spot.language)
        form = await self._parts.collect(part_of(submission.view, place, person=known.person))
        sent = _Sent(
            known=known,
            view=submission.view,
            place=place,
            form=form,
            key=f"sheet:{submission.view.id}:{submission.view.hash}",
        )
        if form.sheet is not None and form.following is not None:
            return await self._next(sent, form.sheet, form.following, submission.user)
        if any(form.files.values()):
            wrong = await self._wrong(sent)
            return wrong or await self._receive(sent, submission.user)
        return await self._submit(sent)

    async def _submit(self, sent: _Sent) -> Ack:
        answer = await self._it.conversation.submitted(
            sent.known.person, sent.place.token, sent.form.answers, key=sent.key
        )
        language, sheet = sent.known.language, sent.form.sheet
        if answer.problems and answer.form is None:
            errors = modals.errors_for(answer.problems, sheet, sent.view.blocks)
            if errors:
                return {"response_action": "errors", "errors": errors}
            named = sheet.named(answer.problems) if sheet is not None else answer.problems
            return self._notice(replace(answer, problems=named), language)
        self._it.sheets.forget(sent.known.person, sent.place.token)
        if answer.form is not None:
            self._it.sheets.keep(sent.known.person, answer.form)
            given = {n: text for n, text in answer.problems.items() if n in sent.form.values}
            notice = "\n".join(answer.form.named(given).values())
            view = modals.form_view(answer.form, language=language, notice=notice)
            return {"response_action": "update", "view": view}
        token = find_token(sent.place.token)
        on_no_card = token is not None and not token.case_id  # else the card of the case shows it
        if on_no_card or answer.tone is not Tone.GOOD or answer.cards:
            return self._notice(answer, language)
        return {"response_action": "clear"}

    async def _wrong(self, sent: _Sent) -> Ack | None:
        """Return the problems of the answers, None without any.

        They are shown before the files are fetched, because the open view still has the files.
        """
        form = sent.form
        values = dict(form.answers)
        for name, files in form.files.items():
            values[name] = [*_listed(values.get(name)), *(one["id"] for one in files)]
        answer = await self._it.conversation.refill(sent.known.person, sent.place.token, values)
        if answer.form is None:
            return None
        words = translator(sent.known.language)
        missing = {
            one.id: words.t("refusal.field_required")
            for one in answer.form.questions
            if one.required and values.get(one.id) in (None, "", [])
        }
        problems = {**answer.form.problems, **missing}
        errors = modals.errors_for(problems, answer.form, sent.view.blocks)
        return {"response_action": "errors", "errors": errors} if errors else None

    async def _next(self, sent: _Sent, sheet: FormSheet, step: int, user: User) -> Ack:
        """Store this part and show the next one, with its values."""
        await self._keep(sent, user)
        held = await self._refilled(sent.known.person, sheet, sent.form.values)
        language = sent.known.language
        view = modals.form_view(held, language=language, step=step, carried=sent.place.carried)
        return {"response_action": "update", "view": view}

    async def _receive(self, sent: _Sent, user: User) -> Ack:
        """Store the form, and fetch its files in the background."""
        language, sheet = sent.known.language, sent.form.sheet
        draft = await self._keep(sent, user, sent_in=True)
        self._receiving.begin(handed_in(draft, language=language))
        title = sheet.title if sheet is not None else ""
        text = translator(language).t("slack.receiving")
        view = modals.notice_view(text, language=language, title=title)
        return {"response_action": "update", "view": view}

    async def _keep(self, sent: _Sent, user: User, *, sent_in: bool = False) -> FormDraft:
        place = {"account": user.id, "view": sent.view.id, "key": sent.key}
        return await self._parts.keep(sent.form, place=place, sent=sent_in)

    def _notice(self, answer: Answer, language: str) -> Ack:
        title = translator(language).t("slack.done") if answer.tone is Tone.GOOD else ""
        blocks = render_all(answer.cards, text=answer.words, language=language).blocks
        view = modals.notice_view("", language=language, title=title, blocks=blocks)
        return {"response_action": "update", "view": view}

    async def tell(self, submission: ViewSubmission, text: str) -> Ack:
        """Show a short text in the view."""
        language = self._it.people.language(submission.user.id)
        return {
            "response_action": "update",
            "view": modals.notice_view(text, language=language),
        }

    async def later(self, submission: ViewSubmission, ack: Ack) -> None:
        """Show the answer in the view, after the acknowledgement was sent without it."""
        known, spot = await self._it.spot(submission.user)
        view = ack.get("view")
        if known is not None and ack.get("response_action") == "errors":
            view = await self._to_mend(submission.view, ack["errors"], known)
        if view is None:
            text = translator(spot.language).t("slack.done")
            view = modals.notice_view(text, language=spot.language)
        await self._it.replies.update_view(submission.view.id, view)

    async def _to_mend(
        self, view: View, errors: Mapping[str, str], known: KnownPerson
    ) -> Mapping[str, Any] | None:
        """Return the form as it was submitted, with the problems above it."""
        place = modals.read_place(view.private_metadata)
        sheet = await self._it.sheets.get(known.person, place.token) if place else None
        text = "\n".join(errors.values())
        if place is None or sheet is None:
            return modals.notice_view(text, language=known.language)
        held = sheet.filled(modals.filled(view.state.values).values)
        return modals.form_view(
            held, language=known.language, step=place.step, notice=text, carried=place.carried
        )

    # ------------------------------------------------------------------ answered

    async def answered(self, done: BlockActions) -> Ack:
        """Show the questions that follow from an answer to a question that decides."""
        view = done.view
        place = modals.read_place(view.private_metadata) if view is not None else None
        known = await self._it.people.who(done.user)
        if view is not None and place is not None and known is not None:
            self._newest[view.id] = done.actions[0].action_ts
            self._newest.move_to_end(view.id)
            while len(self._newest) > MOST_VIEWS:
                self._newest.popitem(last=False)
            form = await self._parts.collect(part_of(view, place, person=known.person))
            self._it.inflight.spawn(self._ask_anew(known, done, place, form), what="form")
        return {}

    async def _ask_anew(
        self, known: KnownPerson, done: BlockActions, place: modals.ViewPlace, form: CollectedForm
    ) -> None:
        """Update the view of a form, unless it asks the same or a later answer was given."""
        if form.sheet is None or done.view is None:
            return
        sheet = await self._refilled(known.person, form.sheet, form.answers)
        same = _shown(form.sheet) == _shown(sheet)
        if not same and self._newest.get(done.view.id) == done.actions[0].action_ts:
            shown = modals.form_view(
                sheet, language=known.language, step=place.step, carried=place.carried
            )
            await self._it.replies.update_view(done.view.id, shown)

    async def _refilled(
        self, person: str, sheet: FormSheet, values: Mapping[str, object]
    ) -> FormSheet:
        """Return the form with these values and the questions that follow from them."""
        answer = await self._it.conversation.refill(person, sheet.token, values)
        if answer.form is None:
            return sheet.filled(values)
        self._it.sheets.keep(person, answer.form)
        return answer.form

    # ------------------------------------------------------------------ closed, searched

    async def closed(self, closed: ViewClosed) -> Ack:
        """Store the values of a form that was closed, so that it can be continued."""
        place = modals.read_place(closed.view.private_metadata)
        known = await self._it.people.who(closed.user)
        if known is not None and place is not None:
            await self._parts.put_aside(part_of(closed.view, place, person=known.person))
        return {}

    async def searched(self, wish: Suggestion) -> Ack:
        """Return the options that match what somebody types."""
        place = modals.read_place(wish.view.private_metadata) if wish.view is not None else None
        known = await self._it.people.who(wish.user)
        if place is None or known is None:
            return {"options": []}
        sheet = await self._it.sheets.get(known.person, place.token)
        wanted = modals.question_of(wish.block_id)
        for question in sheet.questions if sheet is not None else ():
            if question.id == wanted:
                return {"options": modals.suggestions(question, wish.value)}
        return {"options": []}


def _shown(sheet: FormSheet) -> list[tuple[object, ...]]:
    """Return what of a form may change with an answer."""
    asked = [(question.id, question.hint, question.required) for question in sheet.questions]
    return [*asked, *((line.when, line.text) for line in sheet.route)]


def _listed(value: object) -> list[object]:
    """Return the files that a question has already."""
    return list(value) if isinstance(value, list | tuple) else []


def part_of(view: View, place: modals.ViewPlace, *, person: str) -> FormPart:
    """Return what a view contains, with the files of the message that the form was opened from."""
    now, carried = modals.filled(view.state.values), place.carried
    if carried is not None and carried.question in now.files:
        now.files[carried.question] = [*carried.listed(), *now.files[carried.question]]
    return FormPart(
        person=person, form=place.token, number=place.step, values=now.values, files=now.files
    )
