"""Sends mails through the SMTP server of the configuration, one at a time.

A connection lasts for the mails of one step. Answers of the server are distinguished by what
follows from them: a refused mail is not sent again, one that is put off is, and what has nothing to
do with one mail (no connection, a refused login or sender) says that the server cannot be used now.
"""

from __future__ import annotations

import asyncio
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.smtp_settings import Smtp
from handlers.mail_sending import Letter
from workflows.addresses import wire_address
from workflows.moments import Moment, utc

WORDS_MOST = 500  # characters of what a server said
_CLOSING = 421
_LOGIN = (530, 534, 535, 538)
_PERMANENT = 500


class MailRefused(Exception):
    """The server will never send this mail to this address; the text is what it said."""


class MailPutOff(Exception):
    """The server does not send this mail now, or its answer was lost; the text says which."""


class ServerAway(Exception):
    """The server cannot be used now, for any mail.

    `ours` says that waiting does not help: it refuses the login, the sender or the encryption.
    """

    def __init__(self, words: str, *, ours: bool = False) -> None:
        super().__init__(words)
        self.ours = ours


def message_id(settings: Smtp, letter: Letter) -> str:
    """Return the Message-ID of a mail, the same for each attempt."""
    return f"<{letter.key}@{wire_address(settings.sender).rpartition('@')[2]}>"


def compose(settings: Smtp, letter: Letter, *, at: Moment) -> EmailMessage:
    """Return the message of a mail. Raises ValueError for text that would end a header."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(
        display_name=settings.name_in(letter.language), addr_spec=wire_address(settings.sender)
    )
    message["To"] = Address(addr_spec=wire_address(letter.to))
    if settings.reply_to:
        message["Reply-To"] = Address(addr_spec=wire_address(settings.reply_to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(utc(at))
    message["Message-ID"] = message_id(settings, letter)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers to it, please
    message.set_content(letter.text, charset="utf-8", cte="base64")
    message["Content-Language"] = {"zh": "zh-CN"}.get(letter.language, letter.language)
    return message


class MailClient:
    """A connection to the mail server."""

    def __init__(self, settings: Smtp) -> None:
        self.settings = settings
        self._smtp: aiosmtplib.SMTP | None = None
        self._context: ssl.SSLContext | None = None

    async def open(self) -> None:
        """Connect, encrypt and log in. Raises ServerAway."""
        settings = self.settings
        if self._context is None and settings.security != "none":
            self._context = ssl.create_default_context(cafile=settings.ca_file)
        password = settings.password.get_secret_value() if settings.password else None
        smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.usual_port,
            username=settings.user or None,
            password=password if settings.user else None,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._context,
            timeout=settings.timeout_s,
        )
        try:
            async with asyncio.timeout(2 * settings.timeout_s):
                await smtp.connect()
        except (SMTPException, OSError, ValueError) as error:
            smtp.close()
            certificate = isinstance(error.__cause__ or error, ssl.SSLError)
            code = error.code if isinstance(error, SMTPResponseException) else 0
            # without STARTTLS the library raises the base class
            unable = isinstance(error, SMTPNotSupported) or type(error) is SMTPException
            ours = code in _LOGIN or code >= _PERMANENT or certificate or unable
            raise ServerAway(_words(error), ours=ours) from None
        self._smtp = smtp

    async def send(self, letter: Letter, *, at: Moment) -> str:
        """Send a mail and return the server's answer.

        Raises MailRefused, MailPutOff or ServerAway; after each but the first the connection is of
        no more use.
        """
        assert self._smtp is not None, "it is open"
        sender, to = wire_address(self.settings.sender), wire_address(letter.to)
        content = compose(self.settings, letter, at=at).as_bytes()
        try:
            async with asyncio.timeout(3 * self.settings.timeout_s):
                _, answer = await self._smtp.sendmail(sender, [to], content)
        except SMTPSenderRefused as error:
            raise ServerAway(_words(error), ours=error.code >= _PERMANENT) from None
        except SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0]) from None
        except SMTPDataError as error:
            raise _judged(error) from None
        except (SMTPException, OSError) as error:  # also TimeoutError: perhaps it was accepted
            raise MailPutOff(_words(error)) from None
        return answer[:WORDS_MOST]

    async def close(self) -> None:
        """End the connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                await smtp.quit()
        except (SMTPException, OSError):
            smtp.close()


def _judged(error: SMTPResponseException) -> Exception:
    if error.code in _LOGIN:
        return ServerAway(_words(error), ours=True)
    if error.code == _CLOSING:
        return ServerAway(_words(error))
    return (MailRefused if error.code >= _PERMANENT else MailPutOff)(_words(error))


def _words(error: Exception) -> str:
    """Return what a server said, or why there is no answer, in one line."""
    if isinstance(error, SMTPResponseException):
        text = f"{error.code} {error.message}"
    else:
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return " ".join(text.split())[:WORDS_MOST]
