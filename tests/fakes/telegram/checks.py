"""What must hold at the end of every test with Telegram."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.world import Message

HARMLESS = ("message is not modified", "query is too old", "file is too big")
ANSWER_WITHIN = 10.0


def every_click_answered(fake: TelegramFake, *, within: float = ANSWER_WITHIN) -> None:
    """Nobody watches a button spin; clicks that never reached the bot are not its fault."""
    reached = {
        update.payload["id"]
        for update in fake.updates.all
        if update.kind == "callback_query" and update.delivered
    }
    silent = [
        f"{click.by.first_name} pressed {click.data!r}"
        for click in fake.clicks.values()
        if click.id in reached
        and (click.answered_at is None or click.answered_at - click.at > within)
    ]
    assert not silent, f"clicks without an answer within {within} s: {silent}"


def no_bad_request(fake: TelegramFake, *, allow: Iterable[str] = HARMLESS) -> None:
    """The bot asks for nothing that Telegram refuses, but for what a test plants or allows."""
    allowed = tuple(allow)
    refused = [
        f"{call.method}: {call.description} {call.params}"
        for call in fake.calls()
        if call.status in {400, 404, 413}
        and not call.planted
        and not any(reason in call.description for reason in allowed)
    ]
    assert not refused, "\n".join(["refused calls:", *refused])


def no_flood(fake: TelegramFake) -> None:
    """No call above Telegram's limits, and none into a chat that had to be left alone."""
    assert not fake.flood.breaches, f"above the limits: {fake.flood.breaches[:5]}"


def no_token(fake: TelegramFake, *texts: str) -> None:
    """The token, or its secret half, stands in no log, no message and no stored path."""
    secret = fake.token.partition(":")[2]
    said = [message.text for message in fake.world.all_messages()]
    leaks = [text[:200] for text in (*texts, *said) if secret in text]
    assert not leaks, f"the token stands in {leaks}"


def no_orphan_keyboards(fake: TelegramFake, about: str | Callable[[Message], bool]) -> None:
    """After a decision no message about it can be pressed, but to take it back or look at it."""
    matches = (lambda message: about in message.text) if isinstance(about, str) else about
    left = [
        f"{message.chat.json().get('first_name') or message.chat.title}: "
        f"{message.text[:60]!r} {message.labels}"
        for message in fake.sent()
        if matches(message)
        and any(
            not button.get("callback_data", "takeback").startswith(("takeback", "details"))
            for button in message.buttons
        )
    ]
    assert not left, "\n".join(["still to be pressed:", *left])


def nothing_lost(fake: TelegramFake) -> None:
    """Every update that has not expired was taken and confirmed."""
    fake.updates.expire()
    waiting = [update.id for update in fake.updates.waiting]
    assert not waiting, f"not confirmed: {waiting}"


def one_poller(fake: TelegramFake) -> None:
    """Nobody's poll was ended by another poll."""
    assert fake.updates.conflicts == 0, f"{fake.updates.conflicts} polls were ended by others"


def sound(
    fake: TelegramFake,
    *logs: str,
    allow: Iterable[str] = HARMLESS,
    within: float = ANSWER_WITHIN,
    pace: bool = True,
) -> None:
    """All of it that holds in any test; `pace=False` where the test's clock stands still."""
    every_click_answered(fake, within=within)
    no_bad_request(fake, allow=allow)
    if pace:
        no_flood(fake)
    no_token(fake, *logs)
    nothing_lost(fake)
