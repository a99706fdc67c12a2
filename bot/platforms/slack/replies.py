"""Shows answers where the person acted, visible only to them.

An answer that Slack did not accept, or that a stop interrupted, is sent later as a message.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.blocks import Rendered, content, render_all
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.modals import Carried, form_view, loading_view, notice_view
from bot.platforms.slack.response_urls import ResponseUrls
from bot.runtime.owing import Owing
from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from handlers.conversation.ports import Owed
from handlers.i18n import translator
from handlers.pages import Answer, Button, Card, FormSheet

log = structlog.stdlib.get_logger("closeloop.slack")

LONGEST_PAUSE_S = 5.0  # an answer that must wait longer is stored and sent later
_NAMES = uuid.UUID("6f1c2c52-6d0e-4c0c-9a54-5f3d3e6c7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where the answer to an interaction is shown, and in which language."""

    account: str
    language: str
    person: str = ""  # key; "" for an account that belongs to nobody
    trigger: str = ""  # a trigger_id, which opens a view within three seconds
    response_url: str = ""
    channel: str = ""
    thread: str = ""
    private: bool = False  # others read the channel
    view: str = ""  # the id of an open view that waits for the answer
    upon: bool = False  # a view is open already: another one is pushed on top
    key: str = ""  # the idempotency key of the interaction
    carried: Carried | None = None  # files for the form that is opened


def message_name(text: str) -> str:
    """Return a `client_msg_id`: the same UUID for the same text, which Slack accepts once."""
    return str(uuid.uuid5(_NAMES, text))


class Replies:
    """Shows answers; an error of Slack is logged and not raised."""

    def __init__(
        self,
        api: SlackApi,
        conversation: Conversation,
        *,
        sheets: OpenSheets,
        response_urls: ResponseUrls,
    ) -> None:
        self._api = api
        self._sheets = sheets
        self._response_urls = response_urls
        self.owing = Owing(conversation, self._tell_owed, pause=asyncio.sleep)

    async def give(self, spot: Spot, answer: Answer) -> None:
        """Show an answer; if Slack does not accept it, store it to be sent later."""
        text = answer.words
        try:
            await self._give(spot, answer)
        except SlackProblem as problem:
            log.warning("slack_answer_delayed", error=str(problem), account=spot.account)
            case = next((card.case_id for card in answer.cards if card.case_id), None)
            wish = f"/case {case}" if case else ""
            if not answer.owed and spot.person and spot.key and (text or wish):
                kept = answer.again if answer.link else text  # a link is a secret
                await self.owing.owe(person=spot.person, key=spot.key, text=kept, wish=wish)
            return
        if answer.owed:
            self.owing.told(spot.key)

    async def _give(self, spot: Spot, answer: Answer) -> None:
        text = answer.words
        if answer.form is not None:
            await self._form(spot, answer.form)
        elif text or answer.cards:
            shown = render_all(answer.cards, text=text, link=answer.link, language=spot.language)
            await self._show(spot, shown)

    async def _tell_owed(self, owed: Owed, answer: Answer) -> bool:
        """Send an answer that is pending; return whether it arrived or cannot arrive any more."""
        to = owed.to
        spot = Spot(account=to.account, language=to.language, person=to.person, key=owed.keys[-1])
        try:
            await self._give(spot, answer)
        except SlackProblem as problem:
            log.warning("slack_answer_delayed", error=str(problem), account=spot.account)
            return problem.kind is Trouble.TARGET  # the person cannot be reached any more
        return True

    async def tell(self, spot: Spot, text: str) -> None:
        """Show a text."""
        await self.give(spot, Answer(text=text))

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Post to a `response_url`; return whether Slack accepted it."""
        return self._response_urls.use(url) and await self._api.respond(url, body)

    async def loading(self, spot: Spot) -> str:
        """Open a view that asks to wait; return its id, "" if it did not open."""
        try:
            return await self._open(spot, loading_view(spot.language))
        except SlackProblem as problem:
            log.info("slack_view_not_opened", error=problem.code)
            return ""

    async def put_on_top(self, spot: Spot, view: Mapping[str, Any]) -> None:
        """Open a view on top of the one that is open."""
        try:
            await self._open(spot, view)
        except SlackProblem as problem:
            log.warning("slack_view_not_opened", error=str(problem))

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> bool:
        """Update an open view; return whether it was still open."""
        try:
            await self._again("views.update", view_id=view_id, view=view)
        except SlackProblem as problem:
            if problem.code != "not_found":
                log.warning("slack_view_not_updated", error=str(problem))
            return False
        return True

    # ------------------------------------------------------------------ forms

    async def _form(self, spot: Spot, sheet: FormSheet) -> None:
        self._sheets.keep(spot.person, sheet)
        view = form_view(sheet, language=spot.language, carried=spot.carried)
        if spot.view:
            if not await self.update_view(spot.view, view):
                log.info("slack_form_closed_early", token=sheet.token)
            return
        if not spot.trigger:
            await self._offer(spot, sheet)
            return
        try:
            await self._open(spot, view)
        except SlackProblem as problem:
            if problem.code == "exchanged_trigger_id":  # a repeated delivery: the view is open
                return
            log.warning("slack_view_not_opened", error=str(problem))
            text = translator(spot.language).t("slack.expired")
            await self._offer(spot, sheet, text=text)

    async def _offer(self, spot: Spot, sheet: FormSheet, *, text: str = "") -> None:
        """Show a button that opens the form, where a view cannot be opened."""
        button = Button(verb="form", label=sheet.title, token=sheet.token, style="primary")
        card = Card(kind="form", title=sheet.title, text=text, buttons=(button,))
        await self._show(spot, render_all((card,), language=spot.language), views=False)

    async def _open(self, spot: Spot, view: Mapping[str, Any]) -> str:
        method = "views.push" if spot.upon else "views.open"
        answer = await self._api.call(method, trigger_id=spot.trigger, view=view)
        opened = answer.get("view")
        return str(opened["id"]) if isinstance(opened, dict) else ""

    # ------------------------------------------------------------------ messages

    async def _show(self, spot: Spot, shown: Rendered, *, views: bool = True) -> None:
        if spot.view and views:
            view = notice_view("", language=spot.language, blocks=shown.blocks)
            if await self.update_view(spot.view, view):
                return
        if spot.response_url and self._response_urls.use(spot.response_url):
            body = {**content(shown), "response_type": "ephemeral", "replace_original": False}
            if await self._api.respond(spot.response_url, body):
                return
        if views and spot.trigger and not spot.channel and not spot.view:
            view = notice_view("", language=spot.language, blocks=shown.blocks)
            await self._open(spot, view)
            return
        await self._post(spot, shown)

    async def _post(self, spot: Spot, shown: Rendered) -> None:
        thread = {"thread_ts": spot.thread} if spot.thread else {}
        if spot.channel and spot.private:
            await self._again(
                "chat.postEphemeral",
                channel=spot.channel,
                user=spot.account,
                **content(shown),
                **thread,
            )
            return
        self._api.pace.spend(["chat.postMessage", f"chat.postMessage {spot.account}"])
        name = {"client_msg_id": message_name(f"answer {spot.key}")} if spot.key else {}
        await self._again(
            "chat.postMessage",
            channel=spot.channel or spot.account,
            **content(shown),
            **(thread if spot.channel else {}),
            **name,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _again(self, method: str, **args: Any) -> Mapping[str, Any]:
        """Call a method, and once more after a pause if Slack demands a short one."""
        try:
            return await self._api.call(method, **args)
        except SlackProblem as problem:
            wait = problem.after or 1.0
            if problem.kind not in (Trouble.LIMITED, Trouble.TRANSIENT) or wait > LONGEST_PAUSE_S:
                raise
            await self._api.pause(wait)
        return await self._api.call(method, **args)
