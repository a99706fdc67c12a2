"""Forms with files: stored when they are submitted, completed when their files were fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.platforms.slack import modals
from bot.platforms.slack.files import FileDownloads
from bot.platforms.slack.inflight import Inflight
from bot.platforms.slack.replies import Replies, Spot
from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.i18n import translator
from handlers.pages import Answer, Button, Card, Tone
from workflows.records import FormDraft

log = structlog.stdlib.get_logger("closeloop.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A form that was submitted, and where its answer is shown."""

    draft: FormDraft
    spot: Spot

    @property
    def key(self) -> str:
        """The idempotency key of the submission."""
        return str(self.draft.place.get("key") or f"sheet:{self.draft.form}")

    @property
    def files(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """The files at Slack, by question."""
        return self.draft.place.get("files") or {}


def handed_in(draft: FormDraft, *, language: str) -> HandedIn:
    """Return what is needed to complete the form of this draft."""
    spot = Spot(
        account=str(draft.place.get("account") or ""),
        language=language,
        person=draft.person,
        view=str(draft.place.get("view") or ""),
    )
    return HandedIn(draft=draft, spot=spot)


class Receiving:
    """Completes submitted forms, each once at a time; a stop interrupts it until the next start."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        downloads: FileDownloads,
        replies: Replies,
        sheets: OpenSheets,
        inflight: Inflight,
        elsewhere: Callable[[FormDraft], bool],
    ) -> None:
        self._conversation = conversation
        self._downloads = downloads
        self._replies = replies
        self._sheets = sheets
        self._inflight = inflight
        self._elsewhere = elsewhere  # resumes drafts of other kinds; False if it is none of them

    def begin(self, handed: HandedIn) -> None:
        """Fetch the files and complete the form in the background."""
        self._inflight.once(handed.key, lambda: self._receive(handed), what="files")

    async def resume(self) -> None:
        """Complete the forms that were submitted before the last stop."""
        for draft in await self._conversation.handed_in():
            if self._elsewhere(draft):
                continue
            account = str(draft.place.get("account") or "")
            known = await self._conversation.known(account)
            self.begin(handed_in(draft, language=known.language if known else "en"))

    async def _receive(self, handed: HandedIn) -> None:
        values, problems = await self._fetched(handed)
        draft = handed.draft
        if problems:
            await self._back(handed, "\n".join(problems))
            return
        answer = await self._conversation.submitted(
            draft.person, draft.form, {**draft.values, **values}, key=handed.key
        )
        if answer.problems:
            sheet = self._sheets.kept(draft.person, draft.form)
            named = sheet.named(answer.problems) if sheet is not None else answer.problems
            await self._back(handed, "\n".join(named.values()))
        elif answer.tone is Tone.DANGER:  # a failure of closeloop: the form can be sent again
            await self._back(handed, answer.text)
        else:
            await self._done(handed, answer)

    async def _done(self, handed: HandedIn, answer: Answer) -> None:
        draft = handed.draft
        await self._conversation.drop_draft(person=draft.person, form=draft.form)
        self._sheets.forget(draft.person, draft.form)
        words = translator(handed.spot.language)
        title = words.t("slack.done") if answer.tone is Tone.GOOD else ""
        view = modals.notice_view(answer.text, language=words.language, title=title)
        shown = await self._replies.update_view(handed.spot.view, view)
        if not shown and answer.tone is not Tone.GOOD:
            await self._replies.give(_message(handed), answer)

    # ------------------------------------------------------------------ files

    async def _fetched(self, handed: HandedIn) -> tuple[dict[str, list[str]], list[str]]:
        """Return the ids of the uploads by question, and the problems of the other files."""
        values: dict[str, list[str]] = {}
        problems: list[str] = []
        words = translator(handed.spot.language)
        for question, files in handed.files.items():
            held = handed.draft.values.get(question)
            kept, wrong = await self._downloads.kept(
                files, self._conversation, person=handed.draft.person, words=words
            )
            values[question] = [*map(str, held if isinstance(held, list) else ()), *kept]
            problems += wrong
        return values, problems

    # ------------------------------------------------------------------ back to the person

    async def _back(self, handed: HandedIn, problem: str) -> None:
        """Show the form again, with its values and a problem; its files must be chosen again."""
        kept = replace(handed.draft, sent=False, place={})
        await self._conversation.keep_draft(kept)
        language = handed.spot.language
        text = translator(language).t("slack.not_taken", problems=problem)
        answer = await self._sheets.renewed(handed.draft.person, handed.draft.form)
        if answer.form is None:
            await self._replies.give(handed.spot, Answer(text=f"{text}\n{answer.text}"))
            return
        sheet = answer.form.filled(handed.draft.values)
        view = modals.form_view(sheet, language=language, notice=text)
        if not await self._replies.update_view(handed.spot.view, view):
            again = translator(language).t("slack.mend")
            button = Button(verb="form", label=again, token=sheet.token, style="primary")
            card = Card(kind="form", title=sheet.title, text=text, buttons=(button,))
            await self._replies.give(_message(handed), Answer(cards=(card,)))


def _message(handed: HandedIn) -> Spot:
    """Return the spot for an answer to somebody who closed the view."""
    return replace(handed.spot, view="", key=f"received {handed.key}")
