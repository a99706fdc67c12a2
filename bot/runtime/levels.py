"""The gauges of the queues: how many rows are pending and how late they are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.runtime import hold
from bot.runtime.metrics import Metrics
from storage.unit import Tx
from workflows.moments import SECOND, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The gauges at one moment. During a hold rows are late by intention, which is no alarm."""

    held: str  # the reason of the hold, "" without one
    timer_late: int
    message_late: int
    messages: int
    webhooks: int
    webhook_late: int
    mails: int
    mail_late: int
    dead: int


def read_levels(tx: Tx, *, now: Moment) -> Levels:
    """Read the gauges with a few indexed queries."""
    return Levels(
        held=hold.held(tx),
        timer_late=_age(tx.timers.next_at(), now),
        message_late=_age(tx.outbox.oldest(now=now), now),
        messages=tx.outbox.count(),
        webhooks=tx.webhooks.count(),
        webhook_late=_age(tx.webhooks.oldest(), now),
        mails=tx.mails.count(),
        mail_late=_age(tx.mails.oldest(), now),
        dead=tx.dead.count(),
    )


def show_levels(levels: Levels, metrics: Metrics) -> None:
    """Set the gauges of the metrics."""
    metrics.level("held", bool(levels.held))
    metrics.level("timer_overdue_seconds", levels.timer_late / SECOND)
    metrics.level("outbox_oldest_seconds", levels.message_late / SECOND)
    metrics.level("outbox_messages", levels.messages)
    metrics.level("webhook_messages", levels.webhooks)
    metrics.level("webhook_oldest_seconds", levels.webhook_late / SECOND)
    metrics.level("mail_messages", levels.mails)
    metrics.level("mail_oldest_seconds", levels.mail_late / SECOND)
    metrics.level("dead_letters", levels.dead)


def _age(since: Moment | None, now: Moment) -> int:
    return 0 if since is None else max(now - since, 0)
