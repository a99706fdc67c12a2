"""Protects the playground against requests from other machines and other web sites.

The page has no login: whoever reaches it can act as anybody. So requests are accepted only under a
loopback name, which prevents DNS rebinding. A request that changes something must have a header
that another site cannot send without a preflight, and an `Origin` of the page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MARK = "x-closeloop"

SECURITY_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
)


class HttpProblem(Exception):
    """A request that is refused with a status; the page shows the text `ui.problem.<code>`."""

    def __init__(self, status: int, code: str, **facts: object) -> None:
        super().__init__(status, code, facts)
        self.status = status
        self.code = code
        self.facts = facts


class Guard:
    """ASGI middleware: refuses requests of others, and adds the security headers to all responses.

    `hosts` are the accepted names; `answer` renders a refusal. Below the paths `signed` the header
    is not needed: addresses there are secret, or a cookie and the page say who sends a form, and no
    script of these pages could send the header.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        answer: Callable[[Request, HttpProblem], Awaitable[Response]],
        signed: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._signed = signed
        self._hosts = frozenset(host.lower() for host in hosts)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._look(scope)
        if problem is None:
            await self._app(scope, receive, _with_headers(send))
            return
        request = Request(scope, receive)
        response = await self._answer(request, problem)
        await response(scope, receive, _with_headers(send))

    def _look(self, scope: Scope) -> HttpProblem | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if not self._is_ours(host, scope):
            return HttpProblem(403, "host")
        if scope["method"] in {"GET", "HEAD"} or scope["path"].startswith(self._signed):
            return None
        if MARK not in headers:
            return HttpProblem(403, "origin")
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"{scope['scheme']}://{host}":
            return HttpProblem(403, "origin")
        return None

    def _is_ours(self, host: str, scope: Scope) -> bool:
        name, port = _split(host)
        server = scope.get("server")
        listening = server[1] if server else None
        return name in self._hosts and (listening is None or port == listening)


def _split(host: str) -> tuple[str, int | None]:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host, 80
    return name, int(port) if port.isascii() and port.isdigit() else None


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
