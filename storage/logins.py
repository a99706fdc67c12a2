"""The store of logins to the dashboard: links to be used once, and the sessions they begin."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, update

from storage.login_tables import login_links, login_sessions
from workflows.moments import Moment
from workflows.records import LoginLink

_links, _sessions = login_links.c, login_sessions.c
_FIELDS = ("person", "ends_at", "used_at")

_OFFER = insert(login_links)
_LINK = select(*(_links[name] for name in _FIELDS)).where(_links.digest == bindparam("of_digest"))
_USE = (
    update(login_links)
    .where(
        _links.digest == bindparam("of_digest"),
        _links.used_at.is_(None),
        _links.ends_at > bindparam("now", type_=BigInteger),
    )
    .values(used_at=bindparam("now", type_=BigInteger))
    .returning(_links.person)
)
_BEGIN = insert(login_sessions)
_SESSION = select(_sessions.person).where(
    _sessions.digest == bindparam("of_digest"),
    _sessions.ends_at > bindparam("now", type_=BigInteger),
)
_END = delete(login_sessions).where(_sessions.digest == bindparam("of_digest"))
_OLD_LINKS = delete(login_links).where(_links.ends_at < bindparam("before", type_=BigInteger))
_OLD_SESSIONS = delete(login_sessions).where(
    _sessions.ends_at < bindparam("before", type_=BigInteger)
)


class Logins:
    """The store of login links and sessions, both by the digest of their secret."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offer(self, *, digest: str, person: str, ends_at: Moment) -> None:
        """Store a new link of a person."""
        row = {"digest": digest, "person": person, "ends_at": ends_at, "used_at": None}
        self._connection.execute(_OFFER, row)

    def link(self, digest: str) -> LoginLink | None:
        """Return the link with this digest, used or ended too; None if there is none."""
        row = self._connection.execute(_LINK, {"of_digest": digest}).mappings().first()
        return None if row is None else LoginLink(**row)

    def use(self, digest: str, *, now: Moment) -> str | None:
        """Use up a link and return whose it is; None if it is unknown, used or has ended."""
        found = self._connection.execute(_USE, {"of_digest": digest, "now": now})
        return found.scalar_one_or_none()

    def begin(self, *, digest: str, person: str, ends_at: Moment) -> None:
        """Store a new session."""
        self._connection.execute(_BEGIN, {"digest": digest, "person": person, "ends_at": ends_at})

    def session(self, digest: str, *, now: Moment) -> str | None:
        """Return the person of a session that has not ended, else None."""
        found = self._connection.execute(_SESSION, {"of_digest": digest, "now": now})
        return found.scalar_one_or_none()

    def end(self, digest: str) -> None:
        """Delete a session."""
        self._connection.execute(_END, {"of_digest": digest})

    def forget(self, *, before: Moment) -> int:
        """Delete links and sessions that ended before; return how many."""
        links = self._connection.execute(_OLD_LINKS, {"before": before}).rowcount
        return links + self._connection.execute(_OLD_SESSIONS, {"before": before}).rowcount
