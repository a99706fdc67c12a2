"""HTTP mode: the route that Slack sends to. Only signed requests are accepted.

Source: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.platforms.slack.gateway import BoltApp
from bot.platforms.slack.inflight import Inflight
from bot.runtime.bodies import TooBig, read_body, read_value
from bot.runtime.outsiders import TurnedAway, not_counted

PATH = "/slack/events"
SKEW_S = 300  # five minutes, as Slack recommends
MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 60  # levels of a JSON object

_FORM = "application/x-www-form-urlencoded"
_SIGNATURE = re.compile("v0=[0-9a-f]{64}")

Now = Callable[[], float]


class _Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class HttpEndpoint:
    """Accepts requests that are signed, recent and small enough; bolt handles them.

    Headers are checked before the body is read. `now` returns a POSIX timestamp in seconds.
    """

    def __init__(
        self,
        app: BoltApp,
        secret: str,
        *,
        now: Now,
        inflight: Inflight,
        ready: Callable[[], bool],
        turned_away: TurnedAway = not_counted,
    ) -> None:
        self._app = app
        self._turned_away = turned_away
        self._secret = secret.encode()
        self._now = now
        self._inflight = inflight
        self._ready = ready

    def route(self) -> Route:
        """Return the route for the web server."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Handle one request; 401 without a valid signature, 413 for a body that is too big."""
        try:
            stamp = self._recent(request)
            signature = _signature(request)
            body = await read_body(request, most=MOST_BYTES)
            self._signed(stamp, body, signature)
            said = _said(body, request.headers.get("content-type", ""))
        except TooBig:
            return Response("too big", status_code=413)
        except _Refused as refused:
            if refused.status == 401:  # noqa: PLR2004
                self._turned_away("slack_signature")
            return Response(str(refused), status_code=refused.status)
        if not self._ready():
            return Response("not ready", status_code=503, headers={"Retry-After": "5"})
        with self._inflight.handling():
            answer = await self._app.answer(lambda: to_async_bolt_request(request, body), said)
        return to_starlette_response(answer)

    def _recent(self, request: Request) -> str:
        stamp = request.headers.get("x-slack-request-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 20):  # noqa: PLR2004
            raise _Refused(401, "no time stamp")
        if abs(self._now() - int(stamp)) > SKEW_S:
            raise _Refused(401, "too old, or of a wrong clock")
        return stamp

    def _signed(self, stamp: str, body: bytes, signature: str) -> None:
        wanted = hmac.new(self._secret, b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256)
        if not self._secret or not hmac.compare_digest(f"v0={wanted.hexdigest()}", signature):
            raise _Refused(401, "not signed")


def _signature(request: Request) -> str:
    given = request.headers.get("x-slack-signature", "")
    if not _SIGNATURE.fullmatch(given):
        raise _Refused(401, "not signed")
    return given


def _said(body: bytes, kind: str) -> Mapping[str, Any]:
    """Return the content of a body; _Refused for invalid text or JSON, or JSON that is too deep."""
    try:
        text = body.decode("utf-8")
        if not kind.startswith(_FORM):
            return _shallow(text)
        fields = dict(parse_qsl(text, max_num_fields=100))
        return _shallow(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        raise _Refused(400, "not readable") from None


def _shallow(text: str) -> Mapping[str, Any]:
    value = read_value(text)
    if not isinstance(value, dict) or _deep(value):
        raise _Refused(400, "no object, or too deep")
    return value


def _deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        if not inner:
            return False
        level = inner
    return True
