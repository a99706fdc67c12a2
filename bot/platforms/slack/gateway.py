"""Receives what Slack sends: bolt parses and dispatches it, the guard acknowledges it in time.

Bolt has one listener for each kind of payload, because it searches its listeners one after the
other. Everything finer is looked up in `Routes`. The guard never raises, because bolt loses the
acknowledgement when a listener raises. A repeated delivery is recognised later, by its idempotency
key.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.platforms.slack.api import SlackApi, discreet_logger
from bot.platforms.slack.errors import SlackProblem
from bot.platforms.slack.inflight import Inflight
from bot.platforms.slack.payloads import Ack, Payload, SlackEvent
from bot.platforms.slack.people import Accounts
from handlers.conversation.one_platform import Conversation
from handlers.conversation.refused import refusal_text
from handlers.i18n import Translator, translator
from handlers.tokens import POLL
from workflows.errors import CloseloopError

log = structlog.stdlib.get_logger("closeloop.slack")

# With every payload, bolt sets the level of the logger with the name of its app. No logger of
# closeloop has this name or is below it.
BOLT_NAME = "closeloop-slack-bolt"
_NOT_TAKEN = (404, 500)  # bolt's status without a listener, and after an error in one
# Keys that are left out of dead letters.
_SECRET = ("token", "response_url", "response_urls", "trigger_id")


# ---------------------------------------------------------------------- routes

PayloadKind = Literal["command", "action", "submission", "closed", "options", "shortcut", "event"]


async def nothing(payload: Any, text: str) -> Ack:
    """Return an empty acknowledgement."""
    return {}


async def nothing_later(payload: Any, ack: Ack) -> None:
    """Do nothing after the acknowledgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRoute:
    """How one kind of payload is read and handled.

    `handle` returns the acknowledgement, after the result is committed. If it takes too long,
    `tell` returns one with the text `busy`, and `later` gets the result of `handle` afterwards. If
    it fails, `tell` returns one with a text about the failure.
    """

    model: type[Payload]
    handle: Callable[[Any], Awaitable[Ack]]
    tell: Callable[[Any, str], Awaitable[Ack]] = nothing
    later: Callable[[Any, Ack], Awaitable[None]] = nothing_later
    busy: str = ""  # msgid for `tell`; "" for an empty acknowledgement


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes by kind and name; the name "" matches every name without a route of its own.

    A name is a command, the type of an event, or the word after `cl:` in an id.
    """

    rows: dict[tuple[PayloadKind, str], PayloadRoute] = field(default_factory=dict)

    def add(self, kind: PayloadKind, name: str, route: PayloadRoute) -> None:
        """Add a route; each kind and name once."""
        assert (kind, name) not in self.rows, f"{kind} {name} has its route"
        self.rows[kind, name] = route

    def find(self, kind: PayloadKind, name: str) -> PayloadRoute | None:
        """Return the route, or None; the payload is then acknowledged and ignored."""
        return self.rows.get((kind, name)) or self.rows.get((kind, ""))


def our_name(text: object) -> str:
    """Return the word after `cl:` in an id of closeloop; "?" for another id."""
    parts = str(text).split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "cl" else "?"


# ---------------------------------------------------------------------- bolt and the guard

Listener = Callable[..., Awaitable[None]]


class BoltApp(AsyncApp):
    """Bolt, but a payload that it cannot handle is stored as a dead letter and acknowledged."""

    unreadable: Callable[[Mapping[str, Any], str], Awaitable[None]]

    async def answer(
        self, request: Callable[[], AsyncBoltRequest], said: Mapping[str, Any]
    ) -> BoltResponse:
        """Dispatch a payload and return the response.

        Args:
            request: creates bolt's request; it may raise for a malformed payload.
            said: the payload, for the dead letter.
        """
        try:
            answer = await self.async_dispatch(request())
        except Exception as error:  # noqa: BLE001 - bolt relies on keys that a payload may lack
            why = f"bolt cannot read it: {type(error).__name__}"
        else:
            if answer.status not in _NOT_TAKEN:
                return answer
            why = f"bolt answered {answer.status}"
        await self.unreadable(said, why)
        return BoltResponse(status=200, body="")


class Gateway:
    """The bolt app, with the guard in front of every route."""

    def __init__(
        self,
        api: SlackApi,
        conversation: Conversation,
        *,
        routes: Routes,
        people: Accounts,
        inflight: Inflight,
        prefix: str,
        answer_within: float,
    ) -> None:
        self._api = api
        self._conversation = conversation
        self._routes = routes
        self._people = people
        self._inflight = inflight
        self._prefix = prefix
        self._answer_within = answer_within
        self.app = self._bolt()

    def _bolt(self) -> BoltApp:
        async def authorize() -> AuthorizeResult:  # bolt inspects its arguments: no `self`
            return self._authorized()

        app = BoltApp(
            name=BOLT_NAME,
            client=self._api.client,
            logger=discreet_logger(),
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,  # signatures are verified before, on raw bytes
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.unreadable = self._unreadable
        anything = re.compile("")
        app.command(re.compile("^/"))(self._listener("command", self._command))
        app.action(anything)(self._listener("action", _action))
        app.view(anything)(self._listener("submission", _view))
        app.view_closed(anything)(self._listener("closed", _view))
        app.options(anything)(self._listener("options", _options))
        app.shortcut(anything)(self._listener("shortcut", _callback))
        app.event(anything)(self._listener("event", _event))
        return app

    def _authorized(self) -> AuthorizeResult:
        app = self._people.app
        return AuthorizeResult(
            enterprise_id=None,
            team_id=app.team or None,
            bot_user_id=app.user or None,
            bot_id=app.bot or None,
            bot_token=self._api.client.token,
        )

    def _listener(self, kind: PayloadKind, name_of: Callable[[Mapping[str, Any]], str]) -> Listener:
        async def listen(ack: Any, body: dict[str, Any]) -> None:
            answer = await self.guarded(kind, name_of, body)
            await ack(**answer)

        return listen

    def _command(self, body: Mapping[str, Any]) -> str:
        return str(body.get("command", ""))[1:].removeprefix(self._prefix)

    # ------------------------------------------------------------------ the guard

    async def guarded(
        self,
        kind: PayloadKind,
        name_of: Callable[[Mapping[str, Any]], str],
        body: Mapping[str, Any],
    ) -> Ack:
        """Handle a payload and return the acknowledgement, in time and without raising."""
        try:
            route = self._routes.find(kind, name_of(body))
            if route is None:
                return {}
            payload = route.model.model_validate(body)
        except ValidationError as error:
            await self._bury(kind, body, error)
            return {}
        except Exception:  # the guard never raises
            log.exception("slack_routing_failed", kind=kind)
            return {}
        return await self._in_time(kind, route, payload)

    async def _in_time(self, kind: PayloadKind, route: PayloadRoute, payload: Any) -> Ack:
        work: asyncio.Task[Ack] = asyncio.ensure_future(self._done(kind, route, payload))
        # Slack repeats an event that is not acknowledged, and nobody sees its acknowledgement: it
        # is acknowledged when it is durable, however late.
        limit = None if kind == "event" else self._answer_within
        done, _ = await asyncio.wait({work}, timeout=limit)
        if done:
            return work.result()
        self._inflight.spawn(self._late(route, payload, work), what=f"late {kind}")
        if not route.busy:
            return {}
        return await self._told(route, payload, self._words(payload).t(route.busy))

    async def _done(self, kind: PayloadKind, route: PayloadRoute, payload: Any) -> Ack:
        try:
            return await route.handle(payload)
        except SlackProblem as problem:  # Slack did not answer who this is
            log.warning("slack_handling_put_off", kind=kind, error=str(problem))
            text = self._words(payload).t("slack.busy")
        except CloseloopError as error:  # the database did not: a full disk, no connection
            log.warning("slack_handling_refused", kind=kind, error=str(error))
            text = refusal_text(error, self._words(payload))
        except Exception:  # the person gets a short text, the log the traceback
            log.exception("slack_handling_failed", kind=kind)
            text = self._words(payload).t("slack.trouble")
        return await self._told(route, payload, text)

    async def _late(self, route: PayloadRoute, payload: Any, work: asyncio.Task[Ack]) -> None:
        await route.later(payload, await work)

    def _words(self, payload: Any) -> Translator:
        """Return the words of whoever sent a payload, as far as that is known."""
        user = getattr(payload, "user", None)
        account = getattr(user, "id", "") or getattr(payload, "user_id", "")
        if isinstance(payload, SlackEvent):
            account = str(payload.event.user)
        return translator(self._people.language(account))

    async def _told(self, route: PayloadRoute, payload: Any, text: str) -> Ack:
        try:
            return await route.tell(payload, text)
        except Exception:  # the acknowledgement must be sent in any case
            log.exception("slack_telling_failed")
            return {}

    async def _bury(
        self, kind: PayloadKind, body: Mapping[str, Any], error: ValidationError
    ) -> None:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
        await self._unreadable({"kind": kind, **body}, "; ".join(told))

    async def _unreadable(self, body: Mapping[str, Any], why: str) -> None:
        log.warning("slack_payload_unreadable", problem=why[:200])
        try:
            async with asyncio.timeout(self._answer_within):
                await self._conversation.bury(payload=_without_secrets(body), error=why[:2000])
        except Exception:  # the acknowledgement must be sent in any case
            log.exception("slack_bury_failed")


def _without_secrets(body: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in body.items() if name not in _SECRET}
    if f"{POLL}|" in str(_inner(body, "view").get("private_metadata", "")):
        left |= {"view": {}, "actions": []}  # answers of an anonymous form
    return left


def _first(value: Any) -> Mapping[str, Any]:
    first = value[0] if isinstance(value, list) and value else {}
    return first if isinstance(first, dict) else {}


def _inner(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _action(body: Mapping[str, Any]) -> str:
    return our_name(_first(body.get("actions")).get("action_id"))


def _view(body: Mapping[str, Any]) -> str:
    return our_name(_inner(body, "view").get("callback_id"))


def _options(body: Mapping[str, Any]) -> str:
    return our_name(body.get("action_id"))


def _callback(body: Mapping[str, Any]) -> str:
    return our_name(body.get("callback_id"))


def _event(body: Mapping[str, Any]) -> str:
    return str(_inner(body, "event").get("type"))
