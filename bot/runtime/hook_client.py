"""Posts signed messages to the addresses of other systems (standardwebhooks.com).

A name is resolved once for each request, and the connection goes to the address that was checked:
private addresses are refused, unless they are allowed. Redirects are not followed, nothing is read
of the answer but its status, and cookies and proxies of the environment are not used.
"""

from __future__ import annotations

import errno
import socket

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.webhook_targets import Target, is_private_literal, is_public, signature

TIMEOUT_S = 15.0
HEADER_MOST = 16 * 1024  # bytes of a header of the answer


class NotSent(Exception):
    """A message was not accepted: there was no answer, or none that says so."""


class Gone(Exception):
    """The target wants no more messages (410)."""


class _Checked(AbstractResolver):
    """Resolves names to addresses that may be connected to; aiohttp connects to exactly these."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not self._allow_private and not all(is_public(one["host"]) for one in found):
            raise OSError(errno.EACCES, "the name has a private address")
        return found

    async def close(self) -> None:
        await self._inner.close()


class HookClient:
    """Posts messages to one target."""

    def __init__(self, target: Target, *, timeout_s: float = TIMEOUT_S) -> None:
        self.target = target
        self._timeout_s = timeout_s
        self._session: ClientSession | None = None

    async def post(self, *, id: str, timestamp: int, body: bytes) -> None:
        """Post a message.

        Args:
            id: the id of the message, the same for each attempt.
            timestamp: the time of the attempt, in seconds since 1970.
            body: its JSON.

        Raises:
            NotSent: it was not accepted; the text says why.
            Gone: the target wants no more messages.
        """
        target = self.target
        headers = {
            "content-type": "application/json",
            "user-agent": "closeloop",
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(target.key, id=id, timestamp=timestamp, body=body),
        }
        try:
            async with self._opened().post(
                target.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
                answer.close()
        except TimeoutError:
            raise NotSent(f"no answer within {self._timeout_s:.0f} s") from None
        except (ClientError, OSError, ValueError) as error:
            text = str(error).replace(target.url, target.name)  # it may contain a secret
            raise NotSent(f"{type(error).__name__}: {text}"[:300]) from None
        if status == 410:  # noqa: PLR2004
            raise Gone
        if not 200 <= status < 300:  # noqa: PLR2004
            raise NotSent(f"answered {status}")

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> ClientSession:
        if self._session is None:
            if not self.target.allow_private and is_private_literal(self.target.name):
                raise OSError("it is a private address")
            self._session = ClientSession(
                connector=TCPConnector(
                    resolver=_Checked(allow_private=self.target.allow_private),
                    use_dns_cache=False,
                    force_close=True,  # each request checks the address anew
                ),
                timeout=ClientTimeout(total=self._timeout_s),
                cookie_jar=DummyCookieJar(),
                max_line_size=HEADER_MOST,
                max_field_size=HEADER_MOST,
                trust_env=False,
                auto_decompress=False,
            )
        return self._session
