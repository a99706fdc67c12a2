"""A real SMTP server on loopback, whose answers a test chooses."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # for localhost, signed by itself, with key
USER, PASSWORD = "service@example.com", "a-password-of-the-mail-server"


@dataclass(kw_only=True)
class MailServer:
    """Takes mails on loopback.

    `recipient` and `content` return what a recipient and a mail are answered; None accepts. With
    `drops` the connection ends instead of the answer to a mail, which is kept.
    """

    recipient: Callable[[str], str | None] = lambda _: None
    content: Callable[[EmailMessage], str | None] = lambda _: None
    encrypted: bool = False  # by STARTTLS, with a login
    password: str = PASSWORD
    drops: bool = False
    hangs: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a stop at the port of before."""
        self._more = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more; connections end."""
        self._server.close()
        self._server.close_clients() if hasattr(self._server, "close_clients") else None

    async def takes(self, count: int) -> None:
        """Until it has taken so many mails."""
        while len(self.mails) < count:
            self._more.clear()
            await self._more.wait()

    def _protocol(self) -> asyncio.Protocol:
        self.connections += 1
        if self.hangs:
            return asyncio.Protocol()
        context = None
        if self.encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
        return SMTP(
            self,
            hostname="mail.example.com",
            enable_SMTPUTF8=False,
            tls_context=context,
            require_starttls=self.encrypted,
            auth_required=self.encrypted,
            authenticator=self._login,
        )

    def _login(self, *given: Any) -> AuthResult:
        data = cast("LoginPassword", given[-1])
        good = data.login.decode() == USER and data.password.decode() == self.password
        return AuthResult(success=good, handled=good)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.recipient(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        answer = self.content(mail)
        if answer is None:
            self.mails.append(mail)
            self._more.set()
        if self.drops:
            assert server.transport is not None
            cast("asyncio.Transport", server.transport).abort()
        return answer or f"250 2.0.0 Ok: queued as {len(self.mails)}"
