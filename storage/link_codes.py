"""Codes that link an account to a person: only their digests are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert

from storage import tables as t

_NO_MORE = delete(t.link_codes).where(t.link_codes.c.person == bindparam("of_person"))
_OFFER = insert(t.link_codes)
_REDEEM = (
    delete(t.link_codes)
    .where(t.link_codes.c.digest == bindparam("of_digest"))
    .returning(t.link_codes.c.person, t.link_codes.c.ends_at)
)


class LinkCodes:
    """Codes. Keeps the promises of `workflows.message_ports.LinkCodes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offer(self, *, digest: str, person: str, ends_at: datetime) -> None:
        """Keep the digest of a new code, instead of an older one of this person."""
        self._connection.execute(_NO_MORE, {"of_person": person})
        row = {"digest": digest, "person": person, "ends_at": ends_at}
        self._connection.execute(_OFFER, row)

    def redeem(self, digest: str, *, now: datetime) -> str | None:
        """Whose code it is, and it is used up; None when there is no such code any more."""
        row = self._connection.execute(_REDEEM, {"of_digest": digest}).first()
        return row.person if row is not None and row.ends_at > now else None
