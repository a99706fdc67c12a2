"""Sends the mails that wait: at least once, in order for each case, for about a day.

A mail that the server puts off is sent again after growing pauses; one that it refuses, or that is
a day old, is recorded as failed: the owner of the process is notified, and it is kept as a dead
letter. While the server cannot be used, one mail after a growing pause tries it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.guard import Gate
from bot.runtime.mail_client import MailClient, MailPutOff, MailRefused, ServerAway, message_id
from bot.runtime.surroundings import Surroundings
from bot.system import crash_point
from handlers import mail_sending
from handlers.mail_sending import PLATFORM, Letter
from storage.unit import Tx
from workflows.moments import DAY, HOUR, MINUTE, SECOND, Moment
from workflows.records import DeadLetter, OwedMail

log = structlog.stdlib.get_logger("closeloop.mails")

MOST = 20  # mails in a step, with one connection
LEASE = 5 * MINUTE  # longer than a connection and a mail may take
FIRST_PAUSE = MINUTE
LONGEST_PAUSE = 4 * HOUR
FIRST_REST = 30 * SECOND
LONGEST_REST = 10 * MINUTE
GIVEN_UP_AFTER = DAY
ATTEMPTS_LEAST = 5  # before a mail is given up, unless the server cannot be used at all
ALARM_AFTER = 3  # failures in a row to use the server; at once if waiting does not help


class MailSender:
    """The worker that sends mails."""

    def __init__(self, around: Surroundings, *, gate: Gate, client: MailClient) -> None:
        self._around = around
        self._db = around.db
        self._gate = gate
        self._client = client
        self._failures = 0  # in a row, to use the server
        self._alarmed = False
        self._rests_until: Moment = 0
        self._sent_at: deque[Moment] = deque(maxlen=client.settings.mails_a_minute)

    async def step(self) -> Moment | None:
        """Send mails that are due; return when to call again, None during a hold."""
        now = self._around.clock.now()
        next_at = await self._db.read(lambda tx: tx.mails.next_at())
        if next_at is None or next_at > now:
            return next_at
        waits_until = max(self._rests_until, self._full_until())
        if now < waits_until:
            return waits_until
        if not await self._gate.is_open():
            return None
        mail = await self._claim()
        if mail is None:  # another replica sends it
            return now + SECOND
        try:
            await self._client.open()
        except ServerAway as away:
            await self._is_away(mail, away)
            return self._rests_until
        try:
            await self._send_some(mail)
        finally:
            await self._client.close()
        return max(self._around.clock.now(), self._rests_until)

    async def _claim(self) -> OwedMail | None:
        now = self._around.clock.now()
        claimed = await self._db.run(
            lambda tx: tx.mails.claim(now=now, limit=1, lease_until=now + LEASE)
        )
        return next(iter(claimed), None)

    def _full_until(self) -> Moment:
        """Return until when the limit of mails a minute allows no more."""
        full = len(self._sent_at) == self._sent_at.maxlen
        return self._sent_at[0] + MINUTE if full else 0

    async def _send_some(self, first: OwedMail) -> None:
        """Send this mail and others with one connection, as long as it is of use."""
        mail: OwedMail | None = first
        for _ in range(MOST):
            if mail is None or not await self._send(mail):
                return
            full = self._full_until() > self._around.clock.now()
            mail = None if full else await self._claim()
        if mail is not None:
            waiting, now = mail, self._around.clock.now()
            await self._db.run(lambda tx: tx.mails.retry(waiting, at=now, failed=False))

    async def _send(self, mail: OwedMail) -> bool:
        """Send a mail and record what came of it; return whether the connection is of use."""
        office = self._around.office
        letter = await self._db.read(lambda tx: mail_sending.letter_of(tx, office, mail))
        if letter is None:
            await self._db.run(lambda tx: mail_sending.dropped(tx, office, mail))
            return True
        started, result = self._around.steady.seconds(), "sent"
        self._sent_at.append(self._around.clock.now())
        crash_point("send.before")
        try:
            answer = await self._client.send(letter, at=mail.created_at)
        except MailRefused as error:
            result = "refused"
            self._is_back()
            await self._fail(mail, letter, str(error), final=True)
        except MailPutOff as error:
            result = "failed"
            await self._put_off(mail, letter, str(error))
        except ServerAway as away:
            result = "failed"
            await self._is_away(mail, away)
        else:
            crash_point("send.after")
            self._is_back()
            ours = message_id(self._client.settings, letter)
            await self._db.run(
                lambda tx: mail_sending.sent(
                    tx, office, mail, letter, message_id=ours, answer=answer
                )
            )
        finally:
            seconds = self._around.steady.seconds() - started
            self._around.metrics.sent(PLATFORM, result, seconds)
        return result in ("sent", "refused")

    # ------------------------------------------------------------------ what went wrong

    async def _put_off(self, mail: OwedMail, letter: Letter, why: str) -> None:
        now, failures = self._around.clock.now(), mail.attempts + 1
        if failures >= ATTEMPTS_LEAST and now - mail.created_at >= GIVEN_UP_AFTER:
            await self._fail(mail, letter, why, final=False)
            return
        wait = backoff(failures, chance=self._around.chance, first=FIRST_PAUSE, most=LONGEST_PAUSE)
        await self._db.run(lambda tx: tx.mails.retry(mail, at=now + wait))
        log.warning("mail_postponed", failures=failures, why=_code(why), **_facts(mail))

    async def _is_away(self, mail: OwedMail, away: ServerAway) -> None:
        """Rest; give up this mail and others if they are a day old."""
        self._failures += 1
        host, why = self._client.settings.host, str(away)
        if not self._alarmed and (away.ours or self._failures >= ALARM_AFTER):
            self._alarmed = True
            self._around.alarms.raise_("mail_server", host=host, why=why)
        self._around.metrics.level("mail_server_away", 1)
        log.warning("mail_server_away", host=host, failures=self._failures, why=why)
        rest = backoff(
            self._failures, chance=self._around.chance, first=FIRST_REST, most=LONGEST_REST
        )
        self._rests_until = self._around.clock.now() + rest
        waiting: OwedMail | None = mail
        while waiting is not None and await self._given_up(waiting, why):
            waiting = await self._claim()

    async def _given_up(self, mail: OwedMail, why: str) -> bool:
        """Give up a mail that is a day old, or let it wait for the server; return which."""
        now, office = self._around.clock.now(), self._around.office
        tried = mail.attempts >= 1 and now - mail.created_at >= GIVEN_UP_AFTER
        letter = (
            await self._db.read(lambda tx: mail_sending.letter_of(tx, office, mail))
            if tried
            else None
        )
        if letter is None:  # if it was erased, this is found when the server is back
            await self._db.run(lambda tx: tx.mails.retry(mail, at=self._rests_until))
            return False
        await self._fail(mail, letter, why, final=False)
        return True

    def _is_back(self) -> None:
        if self._failures:
            log.info("mail_server_back", host=self._client.settings.host)
        self._failures, self._alarmed, self._rests_until = 0, False, 0
        self._around.metrics.level("mail_server_away", 0)

    async def _fail(self, mail: OwedMail, letter: Letter, why: str, *, final: bool) -> None:
        """Record that a mail is not sent, and keep it as a dead letter.

        The letter and the log have no more of what the server said than its code, because it may
        have said the address.
        """
        office, now = self._around.office, self._around.clock.now()
        ours = message_id(self._client.settings, letter)
        dead = DeadLetter(
            id=office.ids.new("d"),
            what="mail",
            source=self._client.settings.host,
            payload={
                "case_id": mail.case_id,
                "thread": mail.thread,
                "seq": mail.seq,
                "person": mail.person,
                "what": dict(mail.what),
                "created_at": mail.created_at,
            },
            error=_code(why),
            at=now,
            attempts=mail.attempts + 1,
        )

        def unit(tx: Tx) -> None:
            if mail_sending.failed(
                tx, office, mail, letter, message_id=ours, answer=why, final=final
            ):
                tx.dead.put(dead)

        await self._db.run(unit)
        self._around.alarms.raise_("mail_dead", why=_code(why), final=final, **_facts(mail))


def _code(why: str) -> str:
    """Return the codes at the beginning of what a server said, or the name of an error."""
    words = why.split()
    codes = [word for word in words[:2] if word.replace(".", "").rstrip(":").isalnum()]
    return " ".join(codes[:2] if codes and codes[0].isdigit() else codes[:1]).rstrip(":")


def _facts(mail: OwedMail) -> dict[str, Any]:
    return {"case": mail.case_id, "person": mail.person or "", "seq": mail.seq}
