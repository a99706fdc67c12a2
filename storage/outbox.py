"""Messages that are owed, and those that were sent.

One row is owed for each (case, person, slot). It has a **number**, never given twice; a
**revision**, which grows whenever something newer replaces what it says; and a **claim**, which
grows whenever somebody takes it to send it. Taking it moves `next_at` to the end of the lease, so
that one index says what may go. Whoever reports on a row names number and claim: somebody who was
paused past the lease has lost it and changes nothing, and a row that became newer while it was
being sent stays owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping

from storage import outbox_statements as sql
from storage.columns import storable
from storage.numbering import last_number, number_rows
from storage.statements import is_postgresql
from workflows.case.effects import Effect, Post, Refresh
from workflows.records import OutboxRow, SentMessage

_SENT_FIELDS = tuple(SentMessage.__dataclass_fields__)


class Outbox:
    """Messages that are owed, and those that were sent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        effects: Sequence[Effect],
        *,
        case_id: str | None,
        now: datetime,
        not_before: Mapping[str, datetime],
    ) -> None:
        """Owe messages. A later one for the same (case, person, slot) replaces an unsent one.

        It keeps the place of the unsent one and takes the better lane of the two. A Refresh becomes
        one row for each person and slot that has a message about its task or slot, on whichever
        platforms, and renews what is owed about it. `not_before` says, by person, when a quiet
        message may go.
        """
        for kind, several in groupby(effects, type):
            if kind is Post:
                self._owe([_owed(one, case_id, now, not_before) for one in several])  # type: ignore[arg-type]
            else:
                self._refresh([*several], case_id or "", now)  # type: ignore[list-item]

    def claim(
        self, *, now: datetime, limit: int, owner: str, lease_until: datetime
    ) -> tuple[OutboxRow, ...]:
        """Take messages to send: lane first, then age; one at a time for each (person, slot)."""
        wanted = {"now": now, "limit": limit, "owner": owner, "lease_until": lease_until}
        rows = self._connection.execute(sql.CLAIM, wanted).mappings().all()
        return tuple(_row(row) for row in sorted(rows, key=lambda r: (r["lane"], r["number"])))

    def done(self, row: OutboxRow, *, sent: SentMessage | None) -> None:
        """A message was sent (or nothing had to be): keep where it is, unless a newer one is owed.

        When a newer one is owed, it may go at once.
        """
        mine = self._report(sql.DONE, row) or self._report(sql.RENEWED_MEANWHILE, row)
        if sent is not None:
            self._keep(sent, mine=mine)

    def renew(self, row: OutboxRow, *, lease_until: datetime) -> bool:
        """Keep what was claimed for longer. False when somebody else has it by now."""
        return self._report(sql.RENEW_LEASE, row, lease_until=lease_until)

    def posted(self, row: OutboxRow, *, sent: SentMessage) -> None:
        """Keep where a message is on one platform, while others are still owed it."""
        self._keep(sent, mine=self._report(sql.STILL_MINE, row))

    def retry(self, row: OutboxRow, *, at: datetime, error: str, tried: Sequence[str]) -> None:
        """Try again at `at`. An empty `error` is a delay, not a failed attempt."""
        self._report(
            sql.RETRY,
            row,
            at=at,
            why=storable(error),
            failed=1 if error else 0,
            on_platforms=list(tried),
        )

    def put_off(self, rows: Sequence[tuple[OutboxRow, datetime]]) -> None:
        """Try each of these again at its time, for the pace of a platform: no failed attempt."""
        for start in range(0, len(rows), sql.PUT_OFF_AT_ONCE):
            some = rows[start : start + sql.PUT_OFF_AT_ONCE]
            self._connection.execute(sql.PUT_OFF, sql.put_off(some))

    def drop(self, row: OutboxRow) -> None:
        """Stop owing it; what became newer since it was claimed is still owed."""
        if not self._report(sql.DONE, row):
            self._report(sql.STILL_OWED, row)

    def sent(self, *, case_id: str | None, to: str, slot: str) -> tuple[SentMessage, ...]:
        """Where this message is, on every platform it was posted to."""
        place = {"of_case": case_id or "", "of_person": to, "of_slot": slot}
        rows = self._connection.execute(sql.WHERE, place).mappings()
        return tuple(_message(row) for row in rows)

    def at(self, *, platform: str, ref: str) -> SentMessage | None:
        """The message that a platform knows by this reference, or None."""
        place = {"on_platform": platform, "of_ref": ref}
        row = self._connection.execute(sql.BY_REF, place).mappings().first()
        return None if row is None else _message(row)

    def next_at(self) -> datetime | None:
        """When the next message may be sent, or a lease ends."""
        return self._connection.execute(sql.NEXT_AT).scalar()

    def oldest(self, *, now: datetime) -> datetime | None:
        """Since when the longest-waiting message that may be sent has been waiting."""
        return self._connection.execute(sql.OLDEST, {"now": now}).scalar()

    def count(self) -> int:
        """How many messages are owed, those that wait for their time included."""
        return self._connection.execute(sql.COUNT).scalar_one()

    def release_leases(self, *, owner: str) -> None:
        """Free what an owner had claimed."""
        self._connection.execute(sql.RELEASE, {"owner": owner})

    def _owe(self, rows: list[dict[str, Any]]) -> None:
        number_rows(self._connection, rows)
        sql.OWE.each(self._connection, rows)

    def _refresh(self, refreshes: list[Refresh], case_id: str, now: datetime) -> None:
        for start in range(0, len(refreshes), sql.REFRESHES):
            some = refreshes[start : start + sql.REFRESHES]
            about = {"of_case": case_id, **sql.about(some)}
            soon = sql.soon(some)
            # Two statements, for on PostgreSQL each sees what was committed when it began: while
            # the first waits for somebody who is just reporting a message as sent, that message
            # comes to be, and only a statement that begins later sees it.
            sql.RENEW.change(self._connection, {**about, **soon})
            if not is_postgresql(self._connection):
                count = sql.COUNT_ABOUT.scalar(self._connection, **about)
                if not count:
                    continue
                last_number(self._connection, count)
            sql.OWE_REFRESH.change(self._connection, {**about, **soon, "now": now})

    def _keep(self, sent: SentMessage, *, mine: bool) -> None:
        values = {name: getattr(sent, name) for name in _SENT_FIELDS if name != "to"}
        values |= {"case_id": sent.case_id or "", "person": sent.to, "args": dict(sent.args)}
        statement = sql.SENT if mine else sql.SENT_TOO
        self._connection.execute(statement.on(self._connection), values)
        if not mine:
            self._correct(sent)

    def _correct(self, sent: SentMessage) -> None:
        """Renew a message that somebody changed who had lost it: they may have put old words there.

        A copy that they posted anew is nobody's, and stays.
        """
        place = {
            "of_case": sent.case_id or "",
            "of_person": sent.to,
            "of_slot": sent.slot,
            "on_platform": sent.platform,
            "of_ref": sent.ref,
            "of_content": sent.content_hash,
        }
        if self._connection.execute(sql.UNSURE, place).rowcount:
            self._refresh([Refresh(slot=sent.slot)], sent.case_id or "", sent.sent_at)

    def _report(self, statement: Any, row: OutboxRow, **values: Any) -> bool:
        """Change the row, if it is still the caller's. Whether it was."""
        values |= {
            "of_case": row.case_id or "",
            "of_person": row.to,
            "of_slot": row.slot,
            "of_number": int(row.id),
            "of_claim": row.claim,
        }
        if statement is sql.DONE:
            values["of_revision"] = row.revision
        return self._connection.execute(statement, values).rowcount == 1


def _owed(
    post: Post, case_id: str | None, now: datetime, not_before: Mapping[str, datetime]
) -> dict[str, Any]:
    ready = max(now, not_before.get(post.to, now)) if post.quiet else now
    return _values(case_id or "", post.to, post.slot, now=now, ready=ready) | {
        "kind": post.kind,
        "lane": int(post.lane),
        "task": post.task,
        "args": dict(post.args),
        "refresh_only": not post.anew,
    }


def _values(
    case_id: str, person: str, slot: str, *, now: datetime, ready: datetime
) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "person": person,
        "slot": slot,
        "created_at": now,
        "ready_at": ready,
        "next_at": ready,
        "attempts": 0,
        "revision": 1,
        "tried": [],
        "error": "",
        "claim": 0,
        "lease_owner": None,
    }


def _row(row: RowMapping) -> OutboxRow:
    return OutboxRow(
        id=str(row["number"]),
        case_id=row["case_id"] or None,
        to=row["person"],
        slot=row["slot"],
        kind=row["kind"],
        lane=row["lane"],
        task=row["task"],
        args=row["args"],
        created_at=row["created_at"],
        next_at=row["ready_at"],
        attempts=row["attempts"],
        revision=row["revision"],
        refresh_only=row["refresh_only"],
        tried=tuple(row["tried"]),
        claim=row["claim"],
    )


def _message(row: RowMapping) -> SentMessage:
    fields: dict[str, Any] = dict(row)
    fields["to"] = fields.pop("person")
    fields["case_id"] = row["case_id"] or None
    return SentMessage(**fields)
