"""The store of the outbox, and of the references to sent messages.

There is one pending row for each (case, person, slot). It has a **number**, which this slot never
had before; rows that are enqueued by one statement may have the same;
a **revision**, which grows when newer content replaces the old; and a **claim**, which grows
whenever a process claims it. Claiming a row moves `next_at` to the end of the lease, so one index
finds the rows that may be sent. Every report names number and claim: a process whose lease has
ended changes nothing, and a row that got a newer revision while it was being sent remains pending.
A process that certainly sent nothing gives its claim back; so each claim before the last one may
have been an attempt that had an effect, and every replica knows that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping

from storage import outbox_statements as sql
from storage.columns import storable
from storage.numbering import last_number, number_rows
from storage.prepared import Prepared, Row
from storage.statements import is_postgresql
from workflows.case.effects import Effect, Post, Refresh
from workflows.moments import Moment
from workflows.records import OutboxRow, SentMessage

_SENT_FIELDS = tuple(SentMessage.__dataclass_fields__)


class Outbox:
    """The store of pending and sent messages."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        effects: Sequence[Effect],
        *,
        case_id: str | None,
        now: Moment,
        not_before: Mapping[str, Moment],
    ) -> None:
        """Enqueue messages. A later one for the same (case, person, slot) replaces an unsent one.

        It keeps the place of the unsent message and takes the higher lane of the two. A Refresh
        becomes one row for each person and slot that has a message about its task or slot, on any
        platform, and updates pending rows about it. `not_before` is the earliest time of a quiet
        message, by person.
        """
        for kind, several in groupby(effects, type):
            if kind is Post:
                self._owe([_owed(one, case_id, now, not_before) for one in several])  # type: ignore[arg-type]
            else:
                self._refresh([*several], case_id or "", now)  # type: ignore[list-item]

    def claim(
        self, *, now: Moment, limit: int, owner: str, lease_until: Moment
    ) -> tuple[OutboxRow, ...]:
        """Claim messages to send, by lane, then by age; at most one per (person, slot)."""
        wanted = {"now": now, "limit": limit, "owner": owner, "lease_until": lease_until}
        rows = self._connection.execute(sql.CLAIM, wanted).mappings().all()
        return tuple(_row(row) for row in sorted(rows, key=_in_order))

    def done(self, row: OutboxRow, *, sent: SentMessage | None) -> None:
        """Report that a message was sent, or that nothing had to be; store where it is.

        If it got a newer revision meanwhile, it stays pending and may be sent at once.
        """
        mine = self._report(sql.DONE, row) or self._report(sql.RENEWED_MEANWHILE, row)
        if sent is not None:
            self._keep(sent, mine=mine)

    def renew(self, row: OutboxRow, *, lease_until: Moment) -> bool:
        """Extend the lease of a claimed row; return False when another process has claimed it."""
        return self._report(sql.RENEW_LEASE, row, lease_until=lease_until)

    def posted(self, row: OutboxRow, *, sent: SentMessage) -> None:
        """Store where a message was posted on one platform, while it is pending on others."""
        self._keep(sent, mine=self._report(sql.STILL_MINE, row))

    def note(self, sent: SentMessage) -> None:
        """Store a message that was sent without a row, such as a mail."""
        self._keep(sent, mine=True)

    def retry(
        self,
        row: OutboxRow,
        *,
        at: Moment,
        error: str,
        tried: Sequence[str],
        unused: bool = False,
    ) -> None:
        """Schedule the next attempt. An empty `error` is a delay and not a failed attempt.

        `unused` gives the claim back: certainly nothing was sent.
        """
        self._report(
            sql.RETRY,
            row,
            at=at,
            why=storable(error),
            failed=1 if error else 0,
            on_platforms=list(tried),
            unused=int(unused),
        )

    def put_off(self, rows: Sequence[tuple[OutboxRow, Moment]]) -> None:
        """Delay these rows to the given times because of rate limits, and give the claims back."""
        for start in range(0, len(rows), sql.PUT_OFF_AT_ONCE):
            some = rows[start : start + sql.PUT_OFF_AT_ONCE]
            sql.PUT_OFF.change(self._connection, sql.put_off(some))

    def drop(self, row: OutboxRow) -> None:
        """Delete a row, unless it got a newer revision since it was claimed."""
        if not self._report(sql.DONE, row):
            self._report(sql.STILL_OWED, row)

    def sent(self, *, case_id: str | None, to: str, slot: str) -> tuple[SentMessage, ...]:
        """Return where a message is, on every platform on which it was posted."""
        place = {"of_case": case_id or "", "of_person": to, "of_slot": slot}
        return tuple(map(_message, sql.WHERE.rows(self._connection, **place)))

    def at(self, *, platform: str, ref: str) -> SentMessage | None:
        """Return the message with this reference on a platform, or None."""
        place = {"on_platform": platform, "of_ref": ref}
        row = sql.BY_REF.first(self._connection, **place)
        return None if row is None else _message(row)

    def next_at(self) -> Moment | None:
        """Return when the next message may be sent or a lease ends, or None."""
        return self._connection.execute(sql.NEXT_AT).scalar()

    def oldest(self, *, now: Moment) -> Moment | None:
        """Return since when the oldest message that may be sent has been ready, or None."""
        return self._connection.execute(sql.OLDEST, {"now": now}).scalar()

    def count(self) -> int:
        """Return the number of pending messages, those that are delayed included."""
        return self._connection.execute(sql.COUNT).scalar_one()

    def release_leases(self, *, owner: str) -> None:
        """Release the claims of an owner."""
        self._connection.execute(sql.RELEASE, {"owner": owner})

    def _owe(self, rows: list[dict[str, Any]]) -> None:
        number_rows(self._connection, rows)
        sql.OWE.each(self._connection, rows)

    def _refresh(self, refreshes: list[Refresh], case_id: str, now: Moment) -> None:
        for start in range(0, len(refreshes), sql.REFRESHES):
            some = refreshes[start : start + sql.REFRESHES]
            about: dict[str, Any] = {"of_case": case_id, **sql.about(some), **sql.soon(some)}
            # Two statements, because on PostgreSQL each sees what was committed when it began: if
            # the first waits for a transaction that records a message as sent, only a statement
            # that begins later sees that message.
            sql.RENEW.change(self._connection, about)
            about["now"] = now
            if not is_postgresql(self._connection):
                about["number"] = last_number(self._connection, 1)
            sql.OWE_REFRESH.change(self._connection, about)

    def _keep(self, sent: SentMessage, *, mine: bool) -> None:
        values = {name: getattr(sent, name) for name in _SENT_FIELDS if name != "to"}
        values |= {"case_id": sent.case_id or "", "person": sent.to, "args": dict(sent.args)}
        (sql.SENT if mine else sql.SENT_TOO).change(self._connection, values)
        if not mine:
            self._correct(sent)

    def _correct(self, sent: SentMessage) -> None:
        """Enqueue a message again after a process updated it without owning the row any more.

        That process may have written outdated content. A copy that it posted anew belongs to no row
        and remains.
        """
        place = {
            "of_case": sent.case_id or "",
            "of_person": sent.to,
            "of_slot": sent.slot,
            "on_platform": sent.platform,
            "of_ref": sent.ref,
            "of_content": sent.content_hash,
        }
        if sql.UNSURE.change(self._connection, place):
            self._refresh([Refresh(slot=sent.slot)], sent.case_id or "", sent.sent_at)

    def _report(self, statement: Prepared, row: OutboxRow, **values: Any) -> bool:
        """Update a row if the caller still owns it; return whether it did."""
        values |= {
            "of_case": row.case_id or "",
            "of_person": row.to,
            "of_slot": row.slot,
            "of_number": int(row.id),
            "of_claim": row.claim,
        }
        if statement is sql.DONE:
            values["of_revision"] = row.revision
        return statement.change(self._connection, values) == 1


def _owed(
    post: Post, case_id: str | None, now: Moment, not_before: Mapping[str, Moment]
) -> dict[str, Any]:
    ready = max(now, not_before.get(post.to, now)) if post.quiet else now
    return _values(case_id or "", post.to, post.slot, now=now, ready=ready) | {
        "kind": post.kind,
        "lane": int(post.lane),
        "task": post.task,
        "args": dict(post.args),
        "refresh_only": not post.anew,
    }


def _values(case_id: str, person: str, slot: str, *, now: Moment, ready: Moment) -> dict[str, Any]:
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


def _in_order(row: RowMapping) -> tuple[Any, ...]:
    return row["lane"], row["number"], row["person"], row["slot"]


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


def _message(row: Row) -> SentMessage:
    fields: dict[str, Any] = dict(zip(sql.MESSAGE, row, strict=True))
    fields["to"] = fields.pop("person")
    fields["case_id"] = fields["case_id"] or None
    return SentMessage(**fields)
