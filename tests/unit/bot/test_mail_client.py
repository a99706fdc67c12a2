"""How a mail is composed and what the answers of a server mean, on a real server."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from pydantic import SecretStr

from bot.runtime.mail_client import (
    MailClient,
    MailPutOff,
    MailRefused,
    ServerAway,
    compose,
    message_id,
)
from bot.smtp_settings import Smtp
from handlers.mail_sending import Letter
from tests.fakes.mail_server import CERTIFICATE, PASSWORD, USER, MailServer

LETTER = Letter(
    to="li.na@bücher.example",
    subject="关于您的投诉 C-2026-0001：很长的主题" * 3,
    text="您好！\n.\nFrom 明天起\n" + "很长的一行" * 300 + "\n",
    language="zh",
    key="c-2026-0001.0123456789abcdef",
)


def settings(server: MailServer, **more: object) -> Smtp:
    values: dict[str, object] = {
        "host": "localhost",
        "port": server.port,
        "security": "none",
        "sender": "service@example.com",
        "sender_name": '"远方" <客服>',
        "sender_name_en": "Yuanfang, service",
        "timeout_s": 1,
    }
    return Smtp.model_validate(values | more)


def encrypted(server: MailServer, **more: object) -> Smtp:
    login = {"user": USER, "password": SecretStr(PASSWORD), "ca_file": CERTIFICATE}
    return settings(server, **{"security": "starttls", **login, **more})


async def send(client: MailClient) -> str:
    await client.open()
    try:
        return await client.send(LETTER, at=0)
    finally:
        await client.close()


def test_a_mail_arrives_as_it_was_written() -> None:
    composed = compose(settings(MailServer()), LETTER, at=0).as_bytes()
    mail = message_from_bytes(composed, policy=default)

    assert mail["Subject"] == LETTER.subject
    assert mail.get_content().replace("\r\n", "\n") == LETTER.text
    assert str(mail["To"]) == "li.na@xn--bcher-kva.example"
    assert mail["From"].addresses[0].display_name == '"远方" <客服>'
    assert mail["Message-ID"] == "<c-2026-0001.0123456789abcdef@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-CN"
    assert mail["Reply-To"] is None
    assert all(len(line) <= 998 and line.isascii() for line in composed.splitlines())
    assert compose(settings(MailServer()), LETTER, at=0).as_bytes() == composed  # at each attempt


def test_the_sender_is_called_as_the_language_says() -> None:
    english = Letter(to="a@example.com", subject="s", text="t", language="en", key="k")
    mail = compose(settings(MailServer(), reply_to="us@example.com"), english, at=0)

    assert mail["From"].addresses[0].display_name == "Yuanfang, service"
    assert str(mail["Reply-To"]) == "us@example.com"
    assert mail["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("a@example.com", "Hello\r\nBcc: b@example.com"),
        ("a@example.com", "Hello\nBcc: b@example.com"),
        ("a@example.com\r\nBcc: b@example.com", "Hello"),
        ("a@example.com, b@example.com", "Hello"),
    ],
)
def test_no_text_becomes_a_header_or_a_second_recipient(to: str, subject: str) -> None:
    letter = Letter(to=to, subject=subject, text="", language="en", key="k")
    with pytest.raises(ValueError, match=r"."):
        compose(settings(MailServer()), letter, at=0)


def test_the_domain_of_the_message_id_is_in_ascii() -> None:
    assert message_id(settings(MailServer(), sender="a@bücher.example"), LETTER).endswith(
        "@xn--bcher-kva.example>"
    )


async def test_a_mail_is_sent_after_the_connection_is_encrypted_and_logged_in() -> None:
    async with MailServer(encrypted=True) as server:
        answer = await send(MailClient(encrypted(server)))

    assert answer == "2.0.0 Ok: queued as 1"
    assert str(server.mails[0]["To"]) == "li.na@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("more", "ours"),
    [
        ({"password": SecretStr("wrong-password")}, True),
        ({"ca_file": None}, True),  # signed by nobody that the machine trusts
        ({"security": "tls"}, True),  # the port speaks without encryption first
        ({"port": 1}, False),
    ],
)
async def test_a_server_that_cannot_be_used_is_away_for_every_mail(
    more: dict[str, object], ours: bool
) -> None:
    async with MailServer(encrypted=True) as server:
        with pytest.raises(ServerAway) as away:
            await send(MailClient(encrypted(server, **more)))

    assert away.value.ours is ours
    assert server.mails == []
    assert PASSWORD not in str(away.value)


async def test_a_server_without_encryption_gets_neither_password_nor_mail() -> None:
    async with MailServer() as server:
        with pytest.raises(ServerAway) as away:
            await send(MailClient(encrypted(server)))

    assert away.value.ours


async def test_a_server_that_hangs_is_away() -> None:
    async with MailServer(hangs=True) as server:
        with pytest.raises(ServerAway):
            await send(MailClient(settings(server)))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 no such user", MailRefused),
        ("450 4.2.0 Greylisted", MailPutOff),
        ("421 4.3.0 closing", ServerAway),
        ("530 5.7.0 log in first", ServerAway),
    ],
)
async def test_what_the_answer_to_a_recipient_means(answer: str, kind: type[Exception]) -> None:
    async with MailServer(recipient=lambda _: answer) as server:
        with pytest.raises(kind) as found:
            await send(MailClient(settings(server)))

    assert str(found.value) == answer


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("554 5.6.0 no", MailRefused), ("452 4.3.1 full", MailPutOff)],
)
async def test_what_the_answer_to_a_mail_means(answer: str, kind: type[Exception]) -> None:
    async with MailServer(content=lambda _: answer) as server:
        with pytest.raises(kind) as found:
            await send(MailClient(settings(server)))

    assert str(found.value) == answer


async def test_a_lost_answer_may_be_that_of_an_accepted_mail() -> None:
    async with MailServer(drops=True) as server:
        with pytest.raises(MailPutOff):
            await send(MailClient(settings(server)))

    assert len(server.mails) == 1


async def test_closing_what_was_not_opened_does_nothing() -> None:
    await MailClient(settings(MailServer())).close()
